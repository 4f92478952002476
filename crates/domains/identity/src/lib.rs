//! Who is who: citizens by OpenID Connect, staff, machines

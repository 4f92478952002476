//! Apply: one application, one leg per benefit and authority

//! Find: the service, who is responsible at a place, online or not

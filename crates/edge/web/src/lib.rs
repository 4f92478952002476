//! Server-rendered pages for people; every page works without scripts

pub mod assets;

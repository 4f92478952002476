//! Help and statutory pages: short and honest.

//! Decide: cases of many authorities, each with its own keys

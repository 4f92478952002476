//! Embedded full-text index with German analysis

//! Casework from outside.

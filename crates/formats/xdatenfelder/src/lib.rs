//! Data-field schemas (XDatenfelder), bytes to types

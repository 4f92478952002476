//! Pages for everybody: find, apply, account, help.

mod help;

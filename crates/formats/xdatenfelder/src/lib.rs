//! Data-field schemas of the German federal information management (FIM), standard XDatenfelder
//! 3.0.0: bytes to types, and the check of a filled form against its schema.
//!
//! The reader is a stream with limits: no document type, no entities beyond the five of XML, no
//! memory for the hundreds of thousands of `relation` elements that real files carry.
//!
//! ```
//! # fn main() -> Result<(), einmal_xdatenfelder::ReadError> {
//! let error = einmal_xdatenfelder::read_schema(b"<schema/>").unwrap_err();
//! assert_eq!(error.code(), "wrong_root");
//! # Ok(())
//! # }
//! ```

mod cursor;
mod error;
mod model;
mod read;
mod validate;

pub use error::{ReadError, ReadErrorKind};
pub use model::{
    Base, Change, CodeListReference, Constraints, Counts, DataType, Document, Element, ElementKind,
    Field, FieldKind, Group, Identifier, Keyword, Multiplicity, Number, Position, Prefill,
    Reference, Rule, RuleKind, Schema, Status, Value,
};
pub use read::{Limits, read, read_schema, read_with};
pub use validate::{Violation, ViolationCode, validate};

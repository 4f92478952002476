//! Service catalogue messages of the standard XZuFi, read as a stream.
//!
//! Editorial offices of federation and Länder deliver service descriptions (Leistungen),
//! organisational units (Organisationseinheiten), online services (Onlinedienste) and
//! responsibilities (Zuständigkeiten) as XML transfer messages. [`Delivery`] reads such a message
//! from any [`std::io::BufRead`] record by record; its memory does not depend on the size of the
//! file. The model has the shape of XZuFi 2.3 (lists where 2.2 has single modules), so that 2.1 and
//! 2.2 map into it without loss.
//!
//! The bytes are hostile: document types and unknown entities are refused, and [`Limits`] bound
//! depth, attributes, text, record and count before anything is allocated.
//!
//! ```
//! use einmal_xzufi::{Delivery, Entry};
//! let xml = r#"<m xmlns="http://xoev.de/schemata/xzufi/2_2_0">
//!   <loesche klasse="Leistung"><id schemeAgencyID="L999999">4711</id></loesche></m>"#;
//! for entry in Delivery::new(xml.as_bytes()) {
//!     assert!(matches!(entry.unwrap(), Entry::Delete { id, .. } if id.value == "4711"));
//! }
//! ```

mod error;
mod limits;
mod map;
mod model;
mod reader;
mod source;
mod tree;

pub mod html;

pub use error::{Position, ReadError, ReadErrorKind};
pub use limits::Limits;
pub use model::*;
pub use reader::{Delivery, Entry, Version};

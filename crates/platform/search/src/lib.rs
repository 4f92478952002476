//! An embedded full-text index with German analysis.
//!
//! The index is derived data: it lives in memory or in a folder, can be thrown away at any time and
//! is built again from the catalogue. Every node has its own. Nothing above this crate sees the
//! library underneath.
//!
//! ```
//! use einmal_search::{Document, Index, Query};
//! let index = Index::in_memory()?;
//! let mut writer = index.writer()?;
//! writer.replace(&Document {
//!     id: "B100019.LB.1".to_owned(),
//!     kind: "service".to_owned(),
//!     title: "Elterngeld beantragen".to_owned(),
//!     ..Document::default()
//! })?;
//! writer.commit()?;
//! let hits = index.search(&Query { words: "elterngeld", ..Query::default() })?;
//! assert_eq!(hits[0].id, "B100019.LB.1");
//! # Ok::<(), einmal_search::SearchError>(())
//! ```

mod analysis;
mod index;
mod query;

pub use index::{Document, Index, Writer};
pub use query::{Hit, Matched, Query};

/// Why the index could not be built or asked. Throwing it away and building it again is always
/// allowed.
#[derive(Debug, thiserror::Error)]
#[error("search index: {0}")]
pub struct SearchError(String);

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

//! What can go wrong with the catalogue.

use std::path::PathBuf;

/// A failure of the catalogue. A faulty delivery is none: it is reported in the summary of the
/// import.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] einmal_storage::StorageError),
    /// The search index.
    #[error(transparent)]
    Search(#[from] einmal_search::SearchError),
    /// A path that cannot be imported at all.
    #[error("`{}`: {reason}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A file changed between being checked and being imported.
    #[error("`{}` changed while it was imported: {reason}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What was found the second time.
        reason: String,
    },
    /// Something stored does not read back; the import that wrote it was of another version.
    #[error("the stored object `{0}` cannot be read; import it again")]
    Stored(String),
    /// A background task was ended from outside.
    #[error("a background task was ended")]
    Ended,
}

//! Large bytes on disk: attachments. Written durably and checked on the way out.
//!
//! A blob's name is an id of ours, never a path from outside. [`BlobStore::put`] counts and hashes
//! while bytes stream in, writes a temporary file, syncs it, renames it and syncs the folder: a
//! blob is either whole or not there, also after a power cut. The caller stores the [`BlobInfo`] in
//! its own transaction afterwards; what never got that far is an orphan and goes with
//! [`BlobStore::sweep`].

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::digest;
use bytes::{Bytes, BytesMut};
use einmal_model::Clock;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const CHUNK: usize = 64 * 1024;
const TEMPORARY: &str = "tmp";

einmal_model::id_type!(
    /// Names one blob.
    BlobId
);

/// What is known of a stored blob: enough to read it back and to notice any change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobInfo {
    /// The name.
    pub id: BlobId,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

/// Why a blob could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// More bytes came than allowed; nothing was stored.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The source of the bytes broke off; nothing was stored.
    #[error("source of a blob broke off: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such blob.
    #[error("no blob {0}")]
    Missing(BlobId),
    /// The stored bytes are not the ones that were put.
    #[error("blob {0} is damaged")]
    Damaged(BlobId),
    /// The disk refused.
    #[error("blob store: {0}")]
    Disk(#[from] io::Error),
}

/// A folder of blobs. Cheap to clone.
#[derive(Clone)]
pub struct BlobStore {
    folder: Arc<Path>,
}

impl BlobStore {
    /// Opens a store; its folder is created when missing.
    ///
    /// # Errors
    /// [`BlobError::Disk`].
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder: PathBuf = folder.into();
        fs::create_dir_all(folder.join(TEMPORARY)).await?;
        Ok(Self {
            folder: folder.into(),
        })
    }

    /// Stores the bytes of a stream, at most `limit` of them. When this returns, they are on disk.
    /// Putting the same id again replaces the content.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`], [`BlobError::Source`] or [`BlobError::Disk`].
    pub async fn put<E>(
        &self,
        id: BlobId,
        source: impl Stream<Item = Result<Bytes, E>> + Send,
        limit: u64,
    ) -> Result<BlobInfo, BlobError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let temporary = self.folder.join(TEMPORARY).join(id.to_string());
        let outcome = self.write(id, &temporary, source, limit).await;
        if outcome.is_err() {
            // What stays behind when this fails too goes with the next sweep.
            let _ = fs::remove_file(&temporary).await;
        }
        outcome
    }

    async fn write<E>(
        &self,
        id: BlobId,
        temporary: &Path,
        source: impl Stream<Item = Result<Bytes, E>> + Send,
        limit: u64,
    ) -> Result<BlobInfo, BlobError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut file = fs::File::create(temporary).await?;
        let mut hash = digest::Context::new(&digest::SHA256);
        let mut size = 0_u64;
        let mut source = std::pin::pin!(source);
        while let Some(chunk) = source.next().await {
            let chunk = chunk.map_err(|error| BlobError::Source(error.into()))?;
            size = size.saturating_add(chunk.len() as u64);
            if size > limit {
                return Err(BlobError::TooLarge { limit });
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        let (shelf, target) = self.place(id);
        if !fs::try_exists(&shelf).await? {
            fs::create_dir_all(&shelf).await?;
            sync_folder(&self.folder).await?;
        }
        fs::rename(temporary, &target).await?;
        sync_folder(&shelf).await?;
        Ok(BlobInfo {
            id,
            size,
            sha256: finish(hash),
        })
    }

    /// Streams a blob. The last item is an error when size or checksum do not fit `expected`, so a
    /// reader that reached the end without an error has the right bytes.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::Damaged`] for a wrong size, or [`BlobError::Disk`].
    pub async fn get(
        &self,
        expected: &BlobInfo,
    ) -> Result<impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>, BlobError> {
        let expected = *expected;
        let file = match fs::File::open(self.place(expected.id).1).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing(expected.id));
            }
            Err(error) => return Err(error.into()),
        };
        if file.metadata().await?.len() != expected.size {
            return Err(BlobError::Damaged(expected.id));
        }
        let start = Some((file, digest::Context::new(&digest::SHA256)));
        Ok(stream::try_unfold(start, move |state| async move {
            let Some((mut file, mut hash)) = state else {
                return Ok(None);
            };
            let mut chunk = BytesMut::with_capacity(CHUNK);
            if file.read_buf(&mut chunk).await? == 0 {
                return if finish(hash) == expected.sha256 {
                    Ok(None)
                } else {
                    Err(BlobError::Damaged(expected.id))
                };
            }
            hash.update(&chunk);
            Ok(Some((chunk.freeze(), Some((file, hash)))))
        }))
    }

    /// Reads a whole blob into memory, checked. For small ones.
    ///
    /// # Errors
    /// As [`BlobStore::get`]; [`BlobError::TooLarge`] above `limit`.
    pub async fn read(&self, expected: &BlobInfo, limit: u64) -> Result<Vec<u8>, BlobError> {
        if expected.size > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut chunks = std::pin::pin!(self.get(expected).await?);
        let mut whole = Vec::new();
        while let Some(chunk) = chunks.next().await {
            whole.extend_from_slice(&chunk?);
        }
        Ok(whole)
    }

    /// Deletes a blob; one that is not there is fine.
    ///
    /// # Errors
    /// [`BlobError::Disk`].
    pub async fn delete(&self, id: BlobId) -> Result<(), BlobError> {
        match fs::remove_file(self.place(id).1).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Deletes blobs that nobody refers to and unfinished files, both only when older than
    /// `min_age`: a young blob may belong to a transaction that is about to commit. Gives the
    /// number of deleted files.
    ///
    /// # Errors
    /// [`BlobError::Disk`], or the error of `is_live` as [`BlobError::Source`].
    pub async fn sweep<F, E>(
        &self,
        clock: &dyn Clock,
        min_age: Duration,
        mut is_live: impl FnMut(BlobId) -> F,
    ) -> Result<u64, BlobError>
    where
        F: Future<Output = Result<bool, E>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let now = Duration::from_micros(u64::try_from(clock.now().as_micros()).unwrap_or(0));
        let mut deleted = 0;
        let mut shelves = fs::read_dir(&self.folder).await?;
        while let Some(shelf) = shelves.next_entry().await? {
            if !shelf.file_type().await?.is_dir() {
                continue;
            }
            let unfinished = shelf.file_name() == TEMPORARY;
            let mut files = fs::read_dir(shelf.path()).await?;
            while let Some(file) = files.next_entry().await? {
                let Some(Ok(id)) = file.file_name().to_str().map(str::parse::<BlobId>) else {
                    continue; // not ours
                };
                let changed = file.metadata().await?.modified()?;
                let changed = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
                if now.saturating_sub(changed) < min_age {
                    continue;
                }
                let live = !unfinished
                    && is_live(id)
                        .await
                        .map_err(|error| BlobError::Source(error.into()))?;
                if !live {
                    fs::remove_file(file.path()).await?;
                    deleted += 1;
                }
            }
        }
        Ok(deleted)
    }

    /// Shelf and file of an id. The id's last digits are random, so shelves fill evenly.
    fn place(&self, id: BlobId) -> (PathBuf, PathBuf) {
        let name = id.to_string();
        let shelf = self.folder.join(name.get(34..).unwrap_or("00"));
        let file = shelf.join(&name);
        (shelf, file)
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}

fn finish(hash: digest::Context) -> [u8; 32] {
    let mut sha256 = [0_u8; 32];
    for (target, source) in sha256.iter_mut().zip(hash.finish().as_ref()) {
        *target = *source;
    }
    sha256
}

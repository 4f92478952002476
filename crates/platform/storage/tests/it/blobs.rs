//! Blobs come back as they went in, or not at all.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use einmal_model::testing::{FixedClock, SeededRandom};
use einmal_storage::blobs::{BlobError, BlobId, BlobInfo, BlobStore};
use futures_util::{StreamExt as _, stream};

struct Shelf {
    store: BlobStore,
    folder: tempfile::TempDir,
    random: SeededRandom,
    clock: FixedClock,
}

impl Shelf {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            store: BlobStore::open(folder.path()).await.unwrap(),
            folder,
            random: SeededRandom::new(1),
            clock: FixedClock::at("2026-11-23T10:00:00Z"),
        }
    }

    fn id(&self) -> BlobId {
        BlobId::new(&self.clock, &self.random)
    }

    async fn put(&self, content: &[u8], limit: u64) -> Result<BlobInfo, BlobError> {
        let chunks: Vec<_> = content
            .chunks(1_000)
            .map(|chunk| Ok::<_, Infallible>(Bytes::copy_from_slice(chunk)))
            .collect();
        self.store.put(self.id(), stream::iter(chunks), limit).await
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let shelves = std::fs::read_dir(self.folder.path()).unwrap();
        shelves
            .flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap())
            .map(|file| file.unwrap().path())
            .collect()
    }
}

#[tokio::test]
async fn gives_back_what_was_put() {
    let shelf = Shelf::open().await;
    let content: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();
    let info = shelf.put(&content, 200_000).await.unwrap();
    assert_eq!(info.size, 200_000);
    assert_eq!(shelf.store.read(&info, 200_000).await.unwrap(), content);
    let empty = shelf.put(b"", 0).await.unwrap();
    assert!(shelf.store.read(&empty, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn stops_at_the_limit_and_keeps_nothing() {
    let shelf = Shelf::open().await;
    let refused = shelf.put(&[0; 5_001], 5_000).await;
    assert!(matches!(refused, Err(BlobError::TooLarge { limit: 5_000 })));
    assert!(shelf.files().is_empty());
}

#[tokio::test]
async fn keeps_nothing_of_a_source_that_breaks_off() {
    let shelf = Shelf::open().await;
    let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err("connection lost")]);
    let refused = shelf.store.put(shelf.id(), broken, 100).await;
    assert!(matches!(refused, Err(BlobError::Source(_))));
    assert!(shelf.files().is_empty());
}

#[tokio::test]
async fn notices_a_changed_byte_and_a_cut_end() {
    let shelf = Shelf::open().await;
    let info = shelf.put(&[7; 100_000], 100_000).await.unwrap();
    let file = shelf.files().remove(0);
    let mut content = std::fs::read(&file).unwrap();
    content[99_999] = 8;
    std::fs::write(&file, &content).unwrap();
    let items: Vec<_> = shelf.store.get(&info).await.unwrap().collect().await;
    assert!(matches!(items.last(), Some(Err(BlobError::Damaged(id))) if *id == info.id));
    std::fs::write(&file, &content[..99_999]).unwrap();
    assert!(matches!(
        shelf.store.get(&info).await.map(|_| ()),
        Err(BlobError::Damaged(_))
    ));
}

#[tokio::test]
async fn deletes_once_and_says_what_is_missing() {
    let shelf = Shelf::open().await;
    let info = shelf.put(b"x", 1).await.unwrap();
    shelf.store.delete(info.id).await.unwrap();
    shelf.store.delete(info.id).await.unwrap();
    assert!(matches!(
        shelf.store.get(&info).await.map(|_| ()),
        Err(BlobError::Missing(_))
    ));
}

#[tokio::test]
async fn sweeps_old_orphans_only() {
    let shelf = Shelf::open().await;
    let kept = shelf.put(b"kept", 10).await.unwrap();
    let orphan = shelf.put(b"orphan", 10).await.unwrap();
    let unfinished = shelf.folder.path().join("tmp").join(shelf.id().to_string());
    std::fs::write(&unfinished, b"half").unwrap();
    std::fs::write(
        shelf.folder.path().join("tmp").join("note.txt"),
        b"not ours",
    )
    .unwrap();
    let live = |id| async move { Ok::<_, Infallible>(id == kept.id) };
    // Files carry the time of the machine: a clock that has not reached them sees them as young.
    let past = FixedClock::at("2001-01-01T00:00:00Z");
    assert_eq!(
        shelf
            .store
            .sweep(&past, Duration::from_secs(1), live)
            .await
            .unwrap(),
        0
    );
    let future = FixedClock::at("2200-01-01T00:00:00Z");
    assert_eq!(
        shelf
            .store
            .sweep(&future, Duration::from_secs(60), live)
            .await
            .unwrap(),
        2
    );
    assert!(shelf.store.read(&kept, 10).await.is_ok());
    assert!(matches!(
        shelf.store.read(&orphan, 10).await,
        Err(BlobError::Missing(_))
    ));
}

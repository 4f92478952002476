//! What the machine gives: durable commits and signatures.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use einmal_jose::{KeyPurpose, KeySize, PrivateJwk, sign};

/// Appends of 4 KiB, each followed by `fdatasync`, one after the other.
pub(crate) fn commits_per_second(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("commit-probe")).unwrap();
    let block = [7_u8; 4096];
    let start = Instant::now();
    let mut commits = 0.0;
    while start.elapsed() < Duration::from_secs(2) {
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        commits += 1.0;
    }
    commits / start.elapsed().as_secs_f64()
}

/// PS512 signatures with RSA-4096 on all cores.
pub(crate) fn signatures_per_second() -> f64 {
    let key =
        PrivateJwk::generate(KeySize::Bits4096, KeyPurpose::Signature, "bench-signing-1").unwrap();
    let key = key.signing_key(KeySize::Bits4096).unwrap();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let made = AtomicU64::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while start.elapsed() < Duration::from_secs(3) {
                    sign(b"{\"jti\":\"bench\"}", &key, "secevent+jwt").unwrap();
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "a few thousand signatures")]
    let made = made.load(Ordering::Relaxed) as f64;
    made / start.elapsed().as_secs_f64()
}

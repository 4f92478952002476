//! The tamper-evident log. Append-only; entries of a stream form a hash chain; signed checkpoints
//! pin the heads of all streams.
//!
//! [`append`] runs in the transaction of the change that it records. [`checkpoint`] signs what was
//! added since the last one; checkpoints form a chain of their own. [`verify`] walks everything
//! and names every changed, missing or reordered entry. Somebody who may delete rows could cut off
//! the newest entries *together with* the newest checkpoints: so the operator keeps the newest
//! [`Anchor`] somewhere else and hands it to the verification.
//!
//! Payloads are JSON without personal data, or hold it sealed.

mod checkpoint;
mod verify;

pub use checkpoint::{
    Anchor, CheckpointSigner, CheckpointVerifier, Ed25519Signer, Ed25519Verifier, KeyError,
    checkpoint,
};
pub use verify::{Fault, Finding, Report, verify};

use aws_lc_rs::digest;
use einmal_model::Instant;

use crate::{Query, Result, Row, Tx, args};

/// The hash before the first entry of a stream.
const GENESIS: [u8; 32] = [0; 32];

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the entry belongs to, for example `case:0189…`.
    pub stream: String,
    /// Its number in the stream, from 1 without gaps.
    pub seq: i64,
    /// When it happened.
    pub at: Instant,
    /// What happened, for example `case.accepted`.
    pub kind: String,
    /// Details as JSON.
    pub payload: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

/// Appends an entry in the caller's transaction and gives its number in the stream.
///
/// # Errors
/// Any [`crate::StorageError`]. Two writers of one stream collide and are retried.
pub async fn append(
    tx: &mut Tx,
    stream: &str,
    kind: &str,
    payload: &str,
    at: Instant,
) -> Result<i64> {
    let head = tx
        .fetch_optional(
            "select seq, hash from audit_head where stream = $1",
            args![stream],
        )
        .await?;
    let (last, previous) = match &head {
        Some(row) => (row.int("seq")?, row.bytes("hash")?),
        None => (0, GENESIS.to_vec()),
    };
    let mut entry = Entry {
        stream: stream.to_owned(),
        seq: last + 1,
        at,
        kind: kind.to_owned(),
        payload: payload.to_owned(),
        previous,
        hash: Vec::new(),
    };
    entry.hash = entry.computed_hash(entry.seq).to_vec();
    // The head first: here two writers meet, and the later one is retried.
    tx.execute(
        "insert into audit_head (stream, seq, hash, signed_seq) values ($1, $2, $3, 0)
         on conflict (stream) do update set seq = excluded.seq, hash = excluded.hash",
        args![stream, entry.seq, &entry.hash],
    )
    .await?;
    tx.execute(
        "insert into audit_entry (stream, seq, at, kind, payload, previous, hash)
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            stream,
            entry.seq,
            at,
            kind,
            payload,
            entry.previous,
            entry.hash
        ],
    )
    .await?;
    Ok(last + 1)
}

/// The entries of a stream after number `after`, oldest first, at most `limit`.
///
/// # Errors
/// Any [`crate::StorageError`].
pub async fn entries(
    query: &mut impl Query,
    stream: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>> {
    let rows = query
        .fetch_all(
            "select stream, seq, at, kind, payload, previous, hash from audit_entry
             where stream = $1 and seq > $2 order by seq limit $3",
            args![stream, after, limit],
        )
        .await?;
    rows.iter().map(Entry::from_row).collect()
}

impl Entry {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            stream: row.text("stream")?,
            seq: row.int("seq")?,
            at: row.instant("at")?,
            kind: row.text("kind")?,
            payload: row.text("payload")?,
            previous: row.bytes("previous")?,
            hash: row.bytes("hash")?,
        })
    }

    /// The hash this entry should have if its number were `seq`. Every part goes in with its
    /// length, so that no two entries share their bytes.
    fn computed_hash(&self, seq: i64) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [
            &b"einmal audit entry 1"[..],
            &self.previous,
            self.stream.as_bytes(),
            &seq.to_be_bytes(),
            &self.at.as_micros().to_be_bytes(),
            self.kind.as_bytes(),
            self.payload.as_bytes(),
        ] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        to_array(context.finish().as_ref())
    }
}

fn to_array(bytes: &[u8]) -> [u8; 32] {
    let mut array = [0_u8; 32];
    for (target, source) in array.iter_mut().zip(bytes) {
        *target = *source;
    }
    array
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

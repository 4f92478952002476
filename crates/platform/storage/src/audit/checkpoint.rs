//! Signed checkpoints: each pins the heads of the streams that grew since the one before.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use einmal_model::Instant;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{GENESIS, to_hex};
use crate::{Db, Query, Result, Row, StorageError, args, transaction};

/// Streams in one checkpoint; more make several.
const LARGEST: u32 = 5_000;

/// Signs checkpoints.
pub trait CheckpointSigner: Send + Sync {
    /// The signature of these bytes.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// Checks signatures of checkpoints.
pub trait CheckpointVerifier: Send + Sync {
    /// True when the signature belongs to these bytes.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// Why a checkpoint key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key")]
pub struct KeyError;

/// Signs with Ed25519 (RFC 8032).
pub struct Ed25519Signer(Ed25519KeyPair);

/// Verifies Ed25519 signatures.
pub struct Ed25519Verifier(Vec<u8>);

impl std::fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ed25519Signer(…)")
    }
}

impl Ed25519Signer {
    /// From the 32 secret bytes of the key (its seed).
    ///
    /// # Errors
    /// [`KeyError`] when the library refuses them.
    pub fn new(seed: &Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&**seed).map_err(|_| KeyError)?;
        Ok(Self(pair))
    }

    /// The public half, 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    /// The verifier for this signer's checkpoints.
    #[must_use]
    pub fn verifier(&self) -> Ed25519Verifier {
        Ed25519Verifier(self.public_key())
    }
}

impl CheckpointSigner for Ed25519Signer {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

impl Ed25519Verifier {
    /// From the 32 bytes of the public key.
    ///
    /// # Errors
    /// [`KeyError`] for any other length.
    pub fn new(public_key: &[u8]) -> Result<Self, KeyError> {
        if public_key.len() == 32 {
            Ok(Self(public_key.to_vec()))
        } else {
            Err(KeyError)
        }
    }
}

impl CheckpointVerifier for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

/// The newest checkpoint in short. Kept outside the database, it proves that nothing was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The number of the checkpoint, from 1 without gaps.
    pub number: i64,
    /// SHA-256 of its body, hexadecimal.
    pub hash: String,
}

/// What is signed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) number: i64,
    pub(super) at: Instant,
    pub(super) previous: String,
    pub(super) heads: Vec<Head>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) stream: String,
    pub(super) seq: i64,
    pub(super) hash: String,
}

/// Signs the heads of all streams that grew since the last checkpoint. Gives the newest
/// checkpoint, or none when the log is still empty.
///
/// # Errors
/// Any [`StorageError`].
pub async fn checkpoint(db: &Db, signer: &dyn CheckpointSigner) -> Result<Option<Anchor>> {
    loop {
        let (anchor, complete) =
            transaction!(db, "audit.checkpoint", |tx| add(tx, db, signer).await)?;
        if complete {
            return Ok(anchor);
        }
    }
}

async fn add(
    tx: &mut crate::Tx,
    db: &Db,
    signer: &dyn CheckpointSigner,
) -> Result<(Option<Anchor>, bool)> {
    let last = tx
        .fetch_optional(
            "select number, body from audit_checkpoint order by number desc limit 1",
            args![],
        )
        .await?;
    let last = last.as_ref().map(anchor).transpose()?;
    let grown = tx
        .fetch_all(
            "select stream, seq, hash from audit_head where seq > signed_seq
             order by stream limit $1",
            args![LARGEST],
        )
        .await?;
    if grown.is_empty() {
        return Ok((last, true));
    }
    let heads = grown
        .iter()
        .map(|row| {
            Ok(Head {
                stream: row.text("stream")?,
                seq: row.int("seq")?,
                hash: to_hex(&row.bytes("hash")?),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let number = last.as_ref().map_or(0, |anchor| anchor.number) + 1;
    let body = Body {
        number,
        at: db.clock().now(),
        previous: last.map_or_else(|| to_hex(&GENESIS), |anchor| anchor.hash),
        heads,
    };
    let text = serde_json::to_string(&body).map_err(|_| StorageError::Decode {
        column: "audit_checkpoint.body".to_owned(),
    })?;
    tx.execute(
        "insert into audit_checkpoint (number, body, signature) values ($1, $2, $3)",
        args![number, &text, signer.sign(text.as_bytes())],
    )
    .await?;
    for head in &body.heads {
        tx.execute(
            "update audit_head set signed_seq = $2 where stream = $1",
            args![&head.stream, head.seq],
        )
        .await?;
    }
    let complete = body.heads.len() < LARGEST as usize;
    let hash = body_hash(&text);
    Ok((Some(Anchor { number, hash }), complete))
}

fn anchor(row: &Row) -> Result<Anchor> {
    Ok(Anchor {
        number: row.int("number")?,
        hash: body_hash(&row.text("body")?),
    })
}

pub(super) fn body_hash(body: &str) -> String {
    to_hex(digest::digest(&digest::SHA256, body.as_bytes()).as_ref())
}

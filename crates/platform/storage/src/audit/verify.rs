//! The walk through the whole log.

use std::collections::BTreeMap;

use super::checkpoint::{Body, body_hash};
use super::{Anchor, CheckpointVerifier, Entry, GENESIS, to_hex};
use crate::{Db, Query as _, Read, Result, args};

const PAGE: u32 = 500;
/// Findings that are kept; a log that is damaged everywhere needs no longer list.
const MOST_FINDINGS: usize = 100;
/// How far a misplaced entry's right place is searched.
const LONGEST_SEARCH: i64 = 100_000;

/// What is wrong with an entry or a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The entry's content was changed.
    Changed,
    /// The entry is not there.
    Missing,
    /// The entry is in the place of another one.
    Reordered {
        /// The number under which it was written.
        belongs_at: i64,
    },
    /// The entry fits its neighbours but not the signed checkpoint: the chain was written anew.
    Rewritten,
    /// The entry follows the last one that was written.
    Added,
    /// The checkpoint does not carry the signature of the key, or is unreadable.
    CheckpointForged,
    /// The checkpoint is not there.
    CheckpointMissing,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stream; empty for checkpoints.
    pub stream: String,
    /// The number of the entry in its stream, or of the checkpoint.
    pub seq: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Streams seen.
    pub streams: u64,
    /// Entries checked.
    pub entries: u64,
    /// Checkpoints checked.
    pub checkpoints: u64,
    /// Entries younger than the newest checkpoint of their stream: chained, not yet signed.
    pub unsigned_entries: u64,
    /// What is wrong: checkpoints first, then the first fault of each stream; at most 100.
    pub findings: Vec<Finding>,
}

impl Report {
    /// True when nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }

    /// The first thing that is wrong.
    #[must_use]
    pub fn first(&self) -> Option<&Finding> {
        self.findings.first()
    }

    fn find(&mut self, stream: &str, seq: i64, fault: Fault) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding {
                stream: stream.to_owned(),
                seq,
                fault,
            });
        }
    }
}

/// What is known about a stream from elsewhere than its entries.
#[derive(Default)]
struct Pins {
    /// Signed: number and hash, hexadecimal.
    signed: BTreeMap<i64, String>,
    /// The number of the last entry as the head says.
    head: i64,
}

/// Checks every checkpoint and every entry. `anchor` is the newest checkpoint as kept outside the
/// database; without it the loss of the newest entries together with their checkpoints cannot be
/// noticed.
///
/// # Errors
/// Any [`crate::StorageError`]; a damaged log is no error but a [`Report`] with findings.
pub async fn verify(
    db: &Db,
    verifier: &dyn CheckpointVerifier,
    anchor: Option<&Anchor>,
) -> Result<Report> {
    let mut report = Report::default();
    let mut read = db.read().await?;
    // Heads before entries: what is appended meanwhile is then only longer than its head.
    let mut pins = checkpoints(&mut read, verifier, anchor, &mut report).await?;
    heads(&mut read, &mut pins).await?;
    let mut walk = Walk::default();
    loop {
        let page = read
            .fetch_all(
                "select stream, seq, at, kind, payload, previous, hash from audit_entry
                 where (stream, seq) > ($1, $2) order by stream, seq limit $3",
                args![&walk.stream, walk.last, PAGE],
            )
            .await?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            walk.step(&Entry::from_row(row)?, &mut pins, &mut report);
        }
    }
    walk.end(&mut pins, &mut report);
    // Whatever was not walked past has no entries at all.
    for (stream, pin) in &pins {
        if pin.head > 0 || !pin.signed.is_empty() {
            report.find(stream, 1, Fault::Missing);
        }
    }
    Ok(report)
}

async fn checkpoints(
    read: &mut Read,
    verifier: &dyn CheckpointVerifier,
    anchor: Option<&Anchor>,
    report: &mut Report,
) -> Result<BTreeMap<String, Pins>> {
    let mut pins: BTreeMap<String, Pins> = BTreeMap::new();
    let mut expected = 1_i64;
    let mut previous = to_hex(&GENESIS);
    let mut anchor_seen = anchor.is_none();
    loop {
        let page = read
            .fetch_all(
                "select number, body, signature from audit_checkpoint
                 where number >= $1 order by number limit 20",
                args![expected],
            )
            .await?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            let (number, text) = (row.int("number")?, row.text("body")?);
            report.checkpoints += 1;
            if number > expected {
                report.find("", expected, Fault::CheckpointMissing);
            }
            let follows = number == expected;
            expected = number + 1;
            let hash = body_hash(&text);
            if let Some(anchor) = anchor.filter(|anchor| anchor.number == number) {
                anchor_seen = true;
                if anchor.hash != hash {
                    report.find("", number, Fault::CheckpointForged);
                }
            }
            let signed = verifier.verify(text.as_bytes(), &row.bytes("signature")?);
            let body = serde_json::from_str::<Body>(&text).ok();
            match body.filter(|body| {
                signed && body.number == number && (!follows || body.previous == previous)
            }) {
                Some(body) => {
                    for head in body.heads {
                        let pin = pins.entry(head.stream).or_default();
                        pin.signed.insert(head.seq, head.hash);
                    }
                }
                None => report.find("", number, Fault::CheckpointForged),
            }
            previous = hash;
        }
    }
    if !anchor_seen {
        report.find("", expected, Fault::CheckpointMissing);
    }
    Ok(pins)
}

async fn heads(read: &mut Read, pins: &mut BTreeMap<String, Pins>) -> Result<()> {
    let mut after = String::new();
    loop {
        let page = read
            .fetch_all(
                "select stream, seq from audit_head where stream > $1 order by stream limit $2",
                args![&after, PAGE],
            )
            .await?;
        if page.is_empty() {
            return Ok(());
        }
        for row in &page {
            after = row.text("stream")?;
            pins.entry(after.clone()).or_default().head = row.int("seq")?;
        }
    }
}

/// Where the walk is.
#[derive(Default)]
struct Walk {
    stream: String,
    last: i64,
    hash: Vec<u8>,
    signed_to: i64,
    /// Only the first fault of a stream counts: the following ones are its consequences.
    broken: bool,
}

impl Walk {
    fn step(&mut self, entry: &Entry, pins: &mut BTreeMap<String, Pins>, report: &mut Report) {
        if entry.stream != self.stream || report.streams == 0 {
            self.end(pins, report);
            report.streams += 1;
            *self = Self {
                stream: entry.stream.clone(),
                hash: GENESIS.to_vec(),
                ..Self::default()
            };
        }
        report.entries += 1;
        let expected = self.last + 1;
        let pin = pins.get(&entry.stream);
        if !self.broken {
            if let Some((seq, fault)) = self.judge(entry, expected, pin) {
                self.broken = true;
                report.find(&entry.stream, seq, fault);
            } else if pin.is_some_and(|pin| pin.signed.contains_key(&entry.seq)) {
                self.signed_to = entry.seq;
            }
        }
        self.last = entry.seq;
        self.hash.clone_from(&entry.hash);
    }

    fn judge(&self, entry: &Entry, expected: i64, pin: Option<&Pins>) -> Option<(i64, Fault)> {
        if entry.seq != expected {
            return Some((expected, Fault::Missing));
        }
        if entry.computed_hash(entry.seq) != entry.hash.as_slice() {
            let longest = pin
                .map_or(0, |pin| pin.head)
                .clamp(entry.seq, LONGEST_SEARCH);
            let fault = (1..=longest)
                .find(|seq| entry.computed_hash(*seq) == entry.hash.as_slice())
                .map_or(Fault::Changed, |belongs_at| Fault::Reordered { belongs_at });
            return Some((expected, fault));
        }
        if entry.previous != self.hash {
            return Some((expected, Fault::Changed));
        }
        let signed = pin.and_then(|pin| pin.signed.get(&entry.seq));
        if signed.is_some_and(|signed| *signed != to_hex(&entry.hash)) {
            return Some((expected, Fault::Rewritten));
        }
        None
    }

    fn end(&mut self, pins: &mut BTreeMap<String, Pins>, report: &mut Report) {
        if self.last == 0 {
            return;
        }
        let pin = pins.remove(&self.stream).unwrap_or_default();
        if !self.broken {
            let signed_end = pin.signed.last_key_value().map_or(0, |(seq, _)| *seq);
            if self.last < pin.head.max(signed_end) {
                report.find(&self.stream, self.last + 1, Fault::Missing);
            } else if pin.head == 0 {
                // Entries appear together with their head; only a forger leaves it out.
                report.find(&self.stream, self.last, Fault::Added);
            }
            report.unsigned_entries += u64::try_from(self.last - self.signed_to).unwrap_or(0);
        }
    }
}

//! Encryption of single fields at rest, bound to their place.
//!
//! Each value is sealed with AES-256-GCM. Table, row and column go in as associated data, so a
//! ciphertext copied to another row or column does not open. Keys come as a list: the first seals,
//! all open. To rotate, put a new key in front and seal old values again while
//! [`Crypter::needs_rotation`] says so.
//!
//! Stored form: format (1 byte, `1`) · key id (4) · nonce (12) · ciphertext and tag. Nonces are
//! random: one key is good for about four thousand million values (NIST SP 800-38D §8.3).

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest;
use einmal_model::Random;
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const KEY_ID_LEN: usize = 4;
const HEADER_LEN: usize = 1 + KEY_ID_LEN;

/// The bytes of one key.
pub type FieldKeyBytes = Zeroizing<[u8; 32]>;

/// Why a field cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrypterError {
    /// The list of keys is empty.
    #[error("no key for field encryption")]
    NoKey,
    /// The same key is in the list twice.
    #[error("the same field encryption key is given twice")]
    DuplicateKey,
    /// The library refused the operation.
    #[error("field encryption failed")]
    Seal,
    /// Too short or of a format this program does not know.
    #[error("not a sealed field")]
    Malformed,
    /// Sealed with a key that is not in the list.
    #[error("sealed with a key that is not available")]
    UnknownKey,
    /// Changed, or moved from another table, row or column.
    #[error("sealed field is damaged or out of place")]
    Forged,
}

/// Seals and opens fields. Cheap to clone.
#[derive(Clone)]
pub struct Crypter {
    keys: Arc<[FieldKey]>,
    random: Arc<dyn Random>,
}

struct FieldKey {
    id: [u8; KEY_ID_LEN],
    key: LessSafeKey,
}

impl std::fmt::Debug for Crypter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crypter({} keys)", self.keys.len())
    }
}

impl Crypter {
    /// Takes the keys, the primary one first. The bytes are wiped when they are read.
    ///
    /// # Errors
    /// [`CrypterError::NoKey`] or [`CrypterError::DuplicateKey`].
    pub fn new(
        keys: impl IntoIterator<Item = FieldKeyBytes>,
        random: Arc<dyn Random>,
    ) -> Result<Self, CrypterError> {
        let mut list: Vec<FieldKey> = Vec::new();
        for bytes in keys {
            let id = key_id(&bytes);
            if list.iter().any(|known| known.id == id) {
                return Err(CrypterError::DuplicateKey);
            }
            let key = UnboundKey::new(&AES_256_GCM, &*bytes).map_err(|_| CrypterError::Seal)?;
            list.push(FieldKey {
                id,
                key: LessSafeKey::new(key),
            });
        }
        if list.is_empty() {
            return Err(CrypterError::NoKey);
        }
        Ok(Self {
            keys: list.into(),
            random,
        })
    }

    /// Seals a value for one place with the primary key.
    ///
    /// # Errors
    /// [`CrypterError::Seal`] when the library refuses.
    pub fn seal(
        &self,
        table: &'static str,
        row: &str,
        column: &'static str,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, CrypterError> {
        let primary = self.keys.first().ok_or(CrypterError::NoKey)?;
        let mut nonce = [0_u8; NONCE_LEN];
        self.random.fill(&mut nonce);
        let mut body = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
        body.extend_from_slice(plaintext);
        primary
            .key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place(table, row, column)),
                &mut body,
            )
            .map_err(|_| CrypterError::Seal)?;
        let mut sealed = Vec::with_capacity(HEADER_LEN + NONCE_LEN + body.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&primary.id);
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    /// [`CrypterError::Malformed`], [`CrypterError::UnknownKey`] or [`CrypterError::Forged`].
    pub fn open(
        &self,
        table: &'static str,
        row: &str,
        column: &'static str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, CrypterError> {
        let (id, rest) = split_header(sealed)?;
        let key = self
            .keys
            .iter()
            .find(|key| key.id == id)
            .ok_or(CrypterError::UnknownKey)?;
        let (nonce, body) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(CrypterError::Malformed)?;
        let mut body = body.to_vec();
        let length = key
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(place(table, row, column)),
                &mut body,
            )
            .map_err(|_| CrypterError::Forged)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// True when the value was sealed with another key than the primary one.
    #[must_use]
    pub fn needs_rotation(&self, sealed: &[u8]) -> bool {
        let primary = self.keys.first().map(|key| key.id);
        split_header(sealed).is_ok_and(|(id, _)| Some(id) != primary)
    }
}

fn split_header(sealed: &[u8]) -> Result<([u8; KEY_ID_LEN], &[u8]), CrypterError> {
    let (header, rest) = sealed
        .split_first_chunk::<HEADER_LEN>()
        .ok_or(CrypterError::Malformed)?;
    let [format, id @ ..] = *header;
    if format == FORMAT {
        Ok((id, rest))
    } else {
        Err(CrypterError::Malformed)
    }
}

/// Table and column are literals of ours without zero bytes, so the three parts cannot blur.
fn place(table: &'static str, row: &str, column: &'static str) -> Vec<u8> {
    [table.as_bytes(), row.as_bytes(), column.as_bytes()].join(&0)
}

/// Names a key without telling it: the beginning of a hash.
fn key_id(key: &[u8; 32]) -> [u8; KEY_ID_LEN] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"einmal field key id\0");
    context.update(key);
    let hash = context.finish();
    let mut id = [0_u8; KEY_ID_LEN];
    for (target, source) in id.iter_mut().zip(hash.as_ref()) {
        *target = *source;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use einmal_model::testing::SeededRandom;
    use proptest::prelude::*;

    fn crypter(keys: &[u8]) -> Crypter {
        let keys = keys.iter().map(|byte| Zeroizing::new([*byte; 32]));
        Crypter::new(keys, Arc::new(SeededRandom::new(7))).unwrap()
    }

    #[test]
    fn opens_what_it_sealed() {
        let crypter = crypter(&[1]);
        let sealed = crypter
            .seal("draft", "r1", "answers", b"Mia Feldkamp")
            .unwrap();
        assert!(!sealed.windows(4).any(|window| window == b"Feld"));
        assert_eq!(
            crypter.open("draft", "r1", "answers", &sealed).unwrap(),
            b"Mia Feldkamp"
        );
    }

    #[test]
    fn refuses_a_value_moved_to_another_place() {
        let crypter = crypter(&[1]);
        let sealed = crypter.seal("draft", "r1", "answers", b"x").unwrap();
        for (table, row, column) in [
            ("draft", "r2", "answers"),
            ("draft", "r1", "notes"),
            ("case", "r1", "answers"),
        ] {
            assert_eq!(
                crypter.open(table, row, column, &sealed),
                Err(CrypterError::Forged)
            );
        }
    }

    #[test]
    fn a_row_name_cannot_imitate_another_place() {
        let crypter = crypter(&[1]);
        let sealed = crypter.seal("a", "b\0c", "d", b"x").unwrap();
        assert_eq!(
            crypter.open("a", "b", "d", &sealed),
            Err(CrypterError::Forged)
        );
    }

    #[test]
    fn old_keys_open_and_the_new_one_seals() {
        let old = crypter(&[1]);
        let sealed = old.seal("draft", "r1", "answers", b"x").unwrap();
        let rotated = crypter(&[2, 1]);
        assert!(rotated.needs_rotation(&sealed));
        let value = rotated.open("draft", "r1", "answers", &sealed).unwrap();
        let again = rotated.seal("draft", "r1", "answers", &value).unwrap();
        assert!(!rotated.needs_rotation(&again));
        assert_eq!(
            crypter(&[2]).open("draft", "r1", "answers", &sealed),
            Err(CrypterError::UnknownKey)
        );
        assert_eq!(
            crypter(&[2])
                .open("draft", "r1", "answers", &again)
                .unwrap(),
            b"x"
        );
    }

    #[test]
    fn refuses_every_truncation_and_every_flipped_bit() {
        let crypter = crypter(&[1]);
        let sealed = crypter.seal("draft", "r1", "answers", b"value").unwrap();
        for length in 0..sealed.len() {
            assert!(
                crypter
                    .open("draft", "r1", "answers", &sealed[..length])
                    .is_err()
            );
        }
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(crypter.open("draft", "r1", "answers", &changed).is_err());
        }
    }

    #[test]
    fn seals_the_same_value_differently_each_time() {
        let crypter = crypter(&[1]);
        assert_ne!(
            crypter.seal("a", "b", "c", b"x").unwrap(),
            crypter.seal("a", "b", "c", b"x").unwrap()
        );
    }

    #[test]
    fn needs_keys_and_no_key_twice() {
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(1));
        assert_eq!(
            Crypter::new([], Arc::clone(&random)).unwrap_err(),
            CrypterError::NoKey
        );
        let twice = [Zeroizing::new([3; 32]), Zeroizing::new([3; 32])];
        assert_eq!(
            Crypter::new(twice, random).unwrap_err(),
            CrypterError::DuplicateKey
        );
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", crypter(&[1, 2])), "Crypter(2 keys)");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = crypter(&[1]).open("a", "b", "c", &bytes);
        }
    }
}

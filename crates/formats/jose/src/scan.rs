//! Checks a compact JWE while it streams past, keeping only its header and its tag: a delivery
//! service takes attachments of hundreds of megabytes that it can neither hold nor decrypt.

use crate::jwe::{MAX_HEADER_TEXT, TAG_TEXT};
use crate::{AuthenticationTag, JoseError, JweHeader, Part};

/// The state of one scan. Feed all bytes in order, then [`finish`](Self::finish).
#[derive(Debug, Default)]
pub struct JweScan {
    header: Vec<u8>,
    tag: Vec<u8>,
    dots: u8,
}

impl JweScan {
    /// Takes the next piece.
    ///
    /// # Errors
    /// [`JoseError`] at the first byte that cannot belong to a compact JWE.
    pub fn feed(&mut self, mut piece: &[u8]) -> Result<(), JoseError> {
        while !piece.is_empty() {
            let end = piece.iter().position(|byte| *byte == b'.');
            let (segment, rest) = piece.split_at(end.unwrap_or(piece.len()));
            self.segment(segment)?;
            let Some((_, rest)) = rest.split_first() else {
                return Ok(());
            };
            self.dots = self.dots.saturating_add(1);
            if self.dots > 4 {
                return Err(JoseError::Segments { expected: 5 });
            }
            piece = rest;
        }
        Ok(())
    }

    fn segment(&mut self, bytes: &[u8]) -> Result<(), JoseError> {
        let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !bytes.iter().all(alphabet) {
            let part = match self.dots {
                0 => Part::Header,
                1 => Part::EncryptedKey,
                2 => Part::Vector,
                3 => Part::Ciphertext,
                _ => Part::Tag,
            };
            return Err(JoseError::Encoding(part));
        }
        match self.dots {
            0 if self.header.len() + bytes.len() > MAX_HEADER_TEXT => {
                return Err(JoseError::TooLong {
                    limit: MAX_HEADER_TEXT,
                });
            }
            0 => self.header.extend_from_slice(bytes),
            4 if self.tag.len() + bytes.len() > TAG_TEXT => {
                return Err(JoseError::Encoding(Part::Tag));
            }
            4 => self.tag.extend_from_slice(bytes),
            _ => {}
        }
        Ok(())
    }

    /// Header and tag of the complete token.
    ///
    /// # Errors
    /// [`JoseError`] when it is incomplete or its header is not acceptable.
    pub fn finish(self) -> Result<(JweHeader, AuthenticationTag), JoseError> {
        if self.dots != 4 {
            return Err(JoseError::Segments { expected: 5 });
        }
        let header = std::str::from_utf8(&self.header)
            .map_err(|_| JoseError::Encoding(Part::Header))
            .and_then(JweHeader::parse)?;
        let tag = std::str::from_utf8(&self.tag)
            .map_err(|_| JoseError::Encoding(Part::Tag))?
            .parse()?;
        Ok((header, tag))
    }
}

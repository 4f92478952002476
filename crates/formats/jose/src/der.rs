//! The little DER (X.690) needed to take a PKCS #8 private key apart: sequences, octet strings and
//! non-negative integers.

use zeroize::Zeroizing;

use crate::JoseError;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// The eight numbers of an RSA private key (RFC 8017 appendix A.1.2), big-endian, no leading zeros.
pub(crate) struct RsaNumbers {
    pub(crate) n: Vec<u8>,
    pub(crate) e: Vec<u8>,
    pub(crate) d: Zeroizing<Vec<u8>>,
    pub(crate) p: Zeroizing<Vec<u8>>,
    pub(crate) q: Zeroizing<Vec<u8>>,
    pub(crate) dp: Zeroizing<Vec<u8>>,
    pub(crate) dq: Zeroizing<Vec<u8>>,
    pub(crate) qi: Zeroizing<Vec<u8>>,
}

/// Reads `PrivateKeyInfo` (RFC 5208 §5) around `RSAPrivateKey`.
pub(crate) fn rsa_numbers(pkcs8: &[u8]) -> Result<RsaNumbers, JoseError> {
    let mut outer = Reader(pkcs8);
    let mut info = Reader(outer.take(SEQUENCE)?);
    info.take(INTEGER)?;
    info.take(SEQUENCE)?; // algorithm: checked by the library that loads the key
    let mut wrapped = Reader(info.take(OCTET_STRING)?);
    let mut key = Reader(wrapped.take(SEQUENCE)?);
    key.take(INTEGER)?; // version
    let mut number = || key.integer().map(<[u8]>::to_vec);
    Ok(RsaNumbers {
        n: number()?,
        e: number()?,
        d: number()?.into(),
        p: number()?.into(),
        q: number()?.into(),
        dp: number()?.into(),
        dq: number()?.into(),
        qi: number()?.into(),
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Takes the contents of the next element, which must have this tag.
    fn take(&mut self, tag: u8) -> Result<&'a [u8], JoseError> {
        let damaged = || JoseError::Key("the DER structure is damaged".to_owned());
        let (found, rest) = self.0.split_first().ok_or_else(damaged)?;
        let (first, rest) = rest.split_first().ok_or_else(damaged)?;
        if *found != tag {
            return Err(damaged());
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x83 => {
                let (digits, rest) = rest
                    .split_at_checked(usize::from(first & 0x7f))
                    .ok_or_else(damaged)?;
                let length = digits
                    .iter()
                    .fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
                (length, rest)
            }
            _ => return Err(damaged()),
        };
        let (content, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(content)
    }

    /// A non-negative integer without its leading zeros.
    fn integer(&mut self) -> Result<&'a [u8], JoseError> {
        let mut number = self.take(INTEGER)?;
        while let Some((0, rest)) = number.split_first() {
            number = rest;
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = rsa_numbers(&bytes);
        }
    }

    #[test]
    fn refuses_a_length_beyond_the_end() {
        assert!(
            Reader(&[0x30, 0x83, 0xff, 0xff, 0xff, 1])
                .take(SEQUENCE)
                .is_err()
        );
        assert!(Reader(&[0x30, 0x84, 0, 0, 0, 0]).take(SEQUENCE).is_err());
        assert_eq!(Reader(&[0x02, 0x02, 0, 9]).integer(), Ok([9_u8].as_slice()));
    }
}

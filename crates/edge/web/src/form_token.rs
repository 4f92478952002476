//! The token of a session as it stands in forms: different on every page, so that compressed answers tell nothing about
//! it (BREACH).

use einmal_model::Random;

/// Longest token that is looked at.
const LONGEST: usize = 256;

/// A token mixed with fresh random bytes, as hexadecimal text: the bytes, then the mix.
pub(crate) fn mask(token: &str, random: &dyn Random) -> String {
    let mut pad = vec![0_u8; token.len()];
    random.fill(&mut pad);
    let mixed: Vec<u8> = token
        .bytes()
        .zip(&pad)
        .map(|(byte, pad)| byte ^ pad)
        .collect();
    pad.iter()
        .chain(&mixed)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The token inside a masked one.
pub(crate) fn unmask(masked: &str) -> Option<String> {
    if masked.len() > 4 * LONGEST || !masked.len().is_multiple_of(4) || !masked.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = masked
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let text = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(text, 16).ok()
        })
        .collect::<Option<_>>()?;
    let (pad, mixed) = bytes.split_at_checked(bytes.len() / 2)?;
    let token = pad
        .iter()
        .zip(mixed)
        .map(|(pad, byte)| pad ^ byte)
        .collect();
    String::from_utf8(token).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use einmal_model::testing::SeededRandom;

    #[test]
    fn every_page_has_another_text_for_the_same_token() {
        let random = SeededRandom::new(7);
        let (one, other) = (mask("secret", &random), mask("secret", &random));
        assert_ne!(one, other);
        assert_eq!(unmask(&one).as_deref(), Some("secret"));
        assert_eq!(unmask(&other).as_deref(), Some("secret"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["zz00", "abc", "ä€", "ff00ff"] {
            assert_eq!(
                unmask(text).filter(|token| token == "secret"),
                None,
                "{text}"
            );
        }
    }
}

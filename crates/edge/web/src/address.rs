//! Addresses: writing values into them and accepting targets to return to.

/// A value as part of a query or path: everything but unreserved characters percent-encoded (RFC 3986 §2.3).
pub(crate) fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The target to return to after signing in, if it is a path of this site. Anything else could lead people to a copy
/// of our pages elsewhere.
pub(crate) fn local(target: &str) -> Option<&str> {
    let path = target.strip_prefix('/')?;
    let safe = !path.starts_with(['/', '\\'])
        && target.len() <= 2_000
        && target.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    safe.then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_break_out_of_a_query() {
        assert_eq!(encode("a&b=ü/"), "a%26b%3D%C3%BC%2F");
    }

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(local("/konto?x=1"), Some("/konto?x=1"));
        for foreign in [
            "",
            "konto",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ä",
        ] {
            assert_eq!(local(foreign), None, "{foreign}");
        }
    }
}

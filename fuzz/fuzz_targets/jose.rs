//! No text makes the readers of tokens and keys panic or allocate without bounds.
#![no_main]

use einmal_jose::{CompactJwe, CompactJws, Jwk, JwkSet, PrivateJwk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = CompactJwe::parse(text, 1 << 20);
    let _ = CompactJws::parse(text, 1 << 16);
    let _ = Jwk::parse(text);
    let _ = JwkSet::parse(text);
    let _ = PrivateJwk::from_json(text);
});

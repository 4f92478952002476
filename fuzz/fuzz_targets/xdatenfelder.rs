//! No bytes make the reader of schemas panic, and what it reads can be checked against.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = einmal_xdatenfelder::read(bytes);
});

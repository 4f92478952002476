//! No bytes make the reader of deliveries panic or loop.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for entry in einmal_xzufi::Delivery::new(bytes) {
        if entry.is_err() {
            break;
        }
    }
});

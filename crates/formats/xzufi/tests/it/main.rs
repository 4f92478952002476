//! Deliveries from outside: the example of the standard's shape, hostile input, real catalogues.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests stop at the first surprise and say what they skipped"
)]

mod example;
mod hostile;
mod material;

use einmal_xzufi::{Delivery, Entry, Object, ReadError};

/// A message around records, as an editorial system would write it.
fn message(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <x:transferoperation xmlns:x=\"http://xoev.de/schemata/xzufi/2_2_0\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{body}</x:transferoperation>\n"
    )
}

/// A service with one text.
fn service(id: &str, inner: &str) -> String {
    format!(
        "<x:schreibe><x:leistung><x:id schemeAgencyID=\"L999991\">{id}</x:id>\
         <x:modulText><x:leikaTextmodul><code>02</code></x:leikaTextmodul>\
         <x:inhalt languageCode=\"de\">{inner}</x:inhalt></x:modulText>\
         </x:leistung></x:schreibe>\n"
    )
}

fn read(xml: impl AsRef<[u8]>) -> Result<Vec<Entry>, ReadError> {
    Delivery::new(xml.as_ref()).collect()
}

fn refusal(xml: impl AsRef<[u8]>) -> ReadError {
    match read(xml) {
        Err(error) => error,
        Ok(entries) => panic!("should be refused, gave {} entries", entries.len()),
    }
}

fn only_service(xml: &str) -> einmal_xzufi::Service {
    match read(xml).unwrap().into_iter().next() {
        Some(Entry::Write(Object::Service(service))) => *service,
        other => panic!("{other:?}"),
    }
}

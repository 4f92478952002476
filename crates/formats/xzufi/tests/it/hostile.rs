//! Broken and hostile deliveries: refused with a reason and a place, never a panic.

use std::io::{self, BufReader, Read};

use einmal_xzufi::{Delivery, Limits, ReadErrorKind};
use proptest::prelude::*;

use crate::{message, read, refusal, service};

fn code(xml: impl AsRef<[u8]>) -> &'static str {
    refusal(xml).kind.code()
}

#[test]
fn says_line_and_column() {
    let xml = message(&(service("1", "a") + "<x:schreibe>\n  <x:leistung/></x:schreibe>"));
    let error = refusal(xml);
    assert_eq!(
        error.kind,
        ReadErrorKind::Missing {
            parent: "leistung".to_owned(),
            element: "id"
        }
    );
    assert_eq!((error.position.line, error.position.column), (4, 1));
    assert_eq!(error.to_string(), "line 4, column 1: `leistung` lacks `id`");
}

#[test]
fn refuses_what_is_not_well_formed() {
    let good = message(&service("1", "Text"));
    assert_eq!(
        code(good.replace("</x:leistung>", "</x:leistungen>")),
        "not-well-formed"
    );
    let end = good.rfind("</x:transfer").unwrap();
    assert_eq!(code(&good[..end]), "ends-early");
    assert_eq!(code(&good[..end + 5]), "not-well-formed");
    assert_eq!(code(""), "ends-early");
    assert_eq!(code(good.clone() + "<x/>"), "not-well-formed");
    assert_eq!(code(good.clone() + "danach"), "not-well-formed");
    assert_eq!(code(good.replace("Text", "Null&#0;zeichen")), "character");
    assert_eq!(code(good.replace("Text", "\u{1}")), "character");
    assert_eq!(code(good.replace("Text", "&nbsp;")), "entity");
    assert_eq!(code(good.replace("Text", "<y:a/>")), "not-well-formed");
    assert_eq!(
        code(good.replace("schemeAgencyID=\"L999991\"", "a=\"1\" a=\"2\"")),
        "not-well-formed"
    );
    let latin1: Vec<u8> = good
        .replace("Text", "Gr#n")
        .bytes()
        .map(|byte| if byte == b'#' { 0xfc } else { byte })
        .collect();
    assert_eq!(code(latin1), "not-well-formed");
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [vec![0xff, 0xfe], utf16].concat();
    assert!(read(with_mark).is_err());
}

#[test]
fn reads_a_byte_order_mark() {
    let xml = "\u{feff}".to_owned() + &message(&service("1", "Text"));
    assert_eq!(read(xml).unwrap().len(), 1);
}

#[test]
fn refuses_document_types_before_anything_they_declare() {
    let good = message(&service("1", "&e;"));
    for declaration in [
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x SYSTEM \"http://dtd.example.org/x.dtd\">",
        "<!DOCTYPE x [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY e \"&a;&a;&a;&a;&a;&a;\">]>",
    ] {
        assert_eq!(
            code(good.replace("?>\n", &format!("?>\n{declaration}\n"))),
            "document-type"
        );
    }
}

#[test]
fn refuses_what_breaks_the_shape() {
    let good = service("1", "Text");
    let id = "<x:id schemeAgencyID=\"L999991\">1</x:id>";
    assert_eq!(code(message(&good.replace(id, ""))), "missing");
    assert_eq!(code(message(&good.replace(id, &id.repeat(2)))), "repeated");
    assert_eq!(code(message(&good.replace(">1<", "> <"))), "value");
    let two = (good.clone() + &good).replace("</x:schreibe>\n<x:schreibe>", "");
    assert_eq!(code(message(&two)), "repeated");
    assert_eq!(code(message("<x:schreibe/>")), "missing");
    assert_eq!(
        code(message("<x:loesche><x:id>1</x:id></x:loesche>")),
        "missing"
    );
    assert_eq!(
        code(message(&good).replace("xzufi/2_2_0", "xzufi/9_9_9")),
        "namespace"
    );
    let transfer = "<x:schreibe><x:zustaendigkeitTransferObjekt>\
        <x:uebergeordnetesObjektID>1</x:uebergeordnetesObjektID><x:zustaendigkeit><x:id>1</x:id>\
        <x:leistungID>1</x:leistungID></x:zustaendigkeit></x:zustaendigkeitTransferObjekt></x:schreibe>";
    assert!(read(message(transfer)).is_ok());
    let second = "<x:leistungID>1</x:leistungID>";
    assert_eq!(
        code(message(&transfer.replace(second, &second.repeat(2)))),
        "repeated"
    );
    let wrong_date =
        "<x:gueltigkeit><x:beginn>2026-13-01</x:beginn></x:gueltigkeit></x:zustaendigkeit>";
    assert_eq!(
        code(message(
            &transfer.replace("</x:zustaendigkeit>", wrong_date)
        )),
        "value"
    );
}

#[test]
fn bounds_depth_attributes_text_and_record() {
    let deep = "<x:a>".repeat(200_000) + &"</x:a>".repeat(200_000);
    assert_eq!(
        code(message(&service("1", "Text").replace("Text", &deep))),
        "limit"
    );
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
    let flood = service("1", "Text").replace("<x:leistung>", &format!("<x:leistung{attributes}>"));
    assert_eq!(code(message(&flood)), "limit");
    // In many small pieces the text is still one.
    let pieces = "<![CDATA[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]]>".repeat(50_000);
    assert_eq!(code(message(&service("1", &pieces))), "limit");
    let elements = "<x:a/>".repeat(500_000);
    assert_eq!(code(message(&service("1", &elements))), "limit");
    let limits = Limits {
        records: 2,
        ..Limits::default()
    };
    let three = message(&service("1", "a").repeat(3));
    let last = Delivery::with_limits(three.as_bytes(), limits)
        .last()
        .unwrap();
    assert_eq!(last.unwrap_err().kind.code(), "limit");
}

/// Counts what was taken from it.
struct Endless {
    start: Vec<u8>,
    taken: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        for target in buffer {
            *target = self.start.get(self.taken).copied().unwrap_or(b'A');
            self.taken += 1;
            count += 1;
        }
        Ok(count)
    }
}

#[test]
fn an_endless_text_or_tag_is_given_up_soon() {
    for start in [
        message(&service("1", "§"))
            .split('§')
            .next()
            .unwrap()
            .to_owned(),
        message("§").split('§').next().unwrap().to_owned() + "<x:schreibe a=\"",
        "<!--".to_owned(),
    ] {
        let mut source = Endless {
            start: start.into_bytes(),
            taken: 0,
        };
        let error = Delivery::new(BufReader::new(&mut source))
            .last()
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind.code(), "limit", "{error}");
        assert!(source.taken < 3_000_000, "{}", source.taken);
    }
}

#[test]
fn ends_after_the_first_error() {
    let xml = message(&service("1", "&x;"));
    let mut delivery = Delivery::new(xml.as_bytes());
    assert!(delivery.next().unwrap().is_err());
    assert!(delivery.next().is_none());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(bytes);
    }

    #[test]
    fn a_damaged_message_never_panics(
        at in 0_usize..3000,
        with in proptest::collection::vec(any::<u8>(), 0..8),
        cut in 0_usize..8,
    ) {
        let mut bytes = include_bytes!("example.xml").to_vec();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        let _ = read(bytes);
    }

    #[test]
    fn a_cut_message_is_refused(at in 1_usize..5000) {
        let bytes = include_bytes!("example.xml");
        let trimmed = bytes.trim_ascii_end();
        if at < trimmed.len() {
            prop_assert!(read(&trimmed[..at]).is_err());
        }
    }

    #[test]
    fn any_text_comes_back_as_it_was(text in "[\\PC\n\t]{0,80}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let entries = read(message(&service("1", &escaped))).unwrap();
        let einmal_xzufi::Entry::Write(einmal_xzufi::Object::Service(service)) = &entries[0] else {
            panic!("{entries:?}");
        };
        let read_text = service.texts[0].content.first().map_or("", |t| t.text.as_str());
        prop_assert_eq!(read_text, text.trim());
    }
}

//! What is read, and what is refused.

use einmal_xdatenfelder::{
    Change, Document, Element, FieldKind, Limits, Multiplicity, RuleKind, Status, read,
    read_schema, read_with,
};
use proptest::prelude::*;

pub(crate) const EXAMPLE: &str = include_str!("example.xml");

fn code_after(change: impl Fn(&str) -> String) -> String {
    let changed = change(EXAMPLE);
    assert_ne!(changed, EXAMPLE, "the change must change something");
    read(changed.as_bytes()).unwrap_err().code().to_owned()
}

#[test]
fn reads_head_structure_and_rules() {
    let schema = read_schema(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(schema.title, "Anzeige & Beispiel – kurz");
    assert_eq!(schema.base.status, Some(Status::Draft));
    assert_eq!(schema.structure_changes, Some(Change::Nothing));
    assert_eq!(
        schema.base.references[0].link.as_deref(),
        Some("https://example.org/1")
    );
    assert_eq!(schema.base.relations, 1);
    assert_eq!(schema.rules[0].kind, Some(RuleKind::Complex));
    let person = schema.position(["G99000000902"]).unwrap();
    assert_eq!(
        person.multiplicity,
        Multiplicity {
            min: 2,
            max: Some(5)
        }
    );
    let place = schema.position(["G99000000902", "F99000000904"]).unwrap();
    let Element::Field(place) = &place.element else {
        panic!("a field was expected");
    };
    assert_eq!(place.field_kind, FieldKind::Select);
    assert_eq!(place.values[1].help.as_deref(), Some("auch Exklaven"));
    assert!(schema.position(["F99000000904"]).is_none());
}

#[test]
fn says_where_an_element_is_unexpected() {
    let broken = EXAMPLE.replace("<f:anzahl>2:5</f:anzahl>", "<f:anzahl>2:5</f:anzahl><f:x/>");
    let error = read(broken.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "unexpected_element");
    assert_eq!(
        error.path,
        "/xdatenfelder.stammdatenschema.0102/stammdatenschema/struktur/x"
    );
}

#[test]
fn refuses_what_is_not_of_the_standard() {
    for (from, to, code) in [
        ("<f:anzahl>2:5<", "<f:anzahl>5:2<", "invalid"),
        ("<f:anzahl>2:5<", "<f:anzahl>+2:5<", "invalid"),
        ("<code>bool<", "<code>boolean<", "invalid"),
        ("S99000000999", "X99000000999", "invalid"),
        ("xdatenfelder_3.0.0", "xdatenfelder_2", "unknown_namespace"),
        ("&amp;", "&unbekannt;", "unknown_entity"),
        (
            "<code>3</code>",
            "<code>3</code><code>3</code>",
            "duplicate",
        ),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]>",
            "document_type",
        ),
        ("</f:header>", "</f:kopf>", "not_well_formed"),
        ("<f:bezeichnung>", "Text<f:bezeichnung>", "unexpected_text"),
        ("<f:name>Beispiel</f:name>", "<f:name/>", "missing"),
    ] {
        assert_eq!(code_after(|text| text.replacen(from, to, 1)), code, "{to}");
    }
    assert_eq!(read(b"").unwrap_err().code(), "missing");
    assert_eq!(
        read(&EXAMPLE.as_bytes()[..900]).unwrap_err().code(),
        "not_well_formed"
    );
}

#[test]
fn holds_the_limits() {
    let limits = Limits {
        depth: 5,
        ..Limits::default()
    };
    let code = |limits| read_with(EXAMPLE.as_bytes(), limits).unwrap_err().code();
    assert_eq!(code(limits), "limit");
    for limits in [
        Limits {
            bytes: 1000,
            ..Limits::default()
        },
        Limits {
            elements: 20,
            ..Limits::default()
        },
        Limits {
            text: 10,
            ..Limits::default()
        },
    ] {
        assert_eq!(code(limits), "limit", "{limits:?}");
    }
    let exact = Limits {
        bytes: u64::try_from(EXAMPLE.len()).unwrap(),
        ..Limits::default()
    };
    assert!(read_with(EXAMPLE.as_bytes(), exact).is_ok());
}

#[test]
fn nested_groups_end_at_the_depth_limit_and_not_on_the_stack() {
    let open = "<f:struktur><f:anzahl>1:1</f:anzahl><f:enthaelt><f:datenfeldgruppe><f:identifikation><f:id>G1</f:id></f:identifikation><f:name>g</f:name>";
    let bomb = format!(
        "<f:xdatenfelder.datenfeldgruppe.0103 xmlns:f=\"urn:xoev-de:fim:standard:xdatenfelder_3.0.0\"><f:datenfeldgruppe>{}",
        open.repeat(20_000)
    );
    assert_eq!(read(bomb.as_bytes()).unwrap_err().code(), "limit");
    let skipped = format!(
        "<f:xdatenfelder.datenfeldgruppe.0103 xmlns:f=\"urn:xoev-de:fim:standard:xdatenfelder_3.0.0\"><f:header>{}",
        "<f:a>".repeat(20_000)
    );
    assert_eq!(read(skipped.as_bytes()).unwrap_err().code(), "limit");
}

#[test]
fn groups_and_fields_alone_are_messages_too() {
    let text = "<f:xdatenfelder.datenfeld.0104 xmlns:f=\"urn:xoev-de:fim:standard:xdatenfelder_3.0.0\"><f:datenfeld><f:identifikation><f:id>F1</f:id></f:identifikation><f:name>n</f:name><f:feldart><code>hidden</code></f:feldart><f:datentyp><code>obj</code></f:datentyp></f:datenfeld></f:xdatenfelder.datenfeld.0104>";
    assert!(
        matches!(read(text.as_bytes()), Ok(Document::Field(field)) if field.field_kind == FieldKind::Hidden)
    );
    assert_eq!(
        read_schema(text.as_bytes()).unwrap_err().code(),
        "wrong_root"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(at in 0..EXAMPLE.len(), len in 0_usize..40, with in "[<>/&;a-z\"= ]{0,12}") {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        let end = (at + len).min(bytes.len());
        bytes.splice(at..end, with.bytes());
        let _ = read(&bytes);
    }
}

//! All published schemas that are at hand: read them and compare with the index.

use std::io::BufReader;
use std::path::PathBuf;

use einmal_xdatenfelder::{Document, Limits, read, read_with};

fn material(below: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/xdatenfelder")
        .join(below);
    if !folder.exists() {
        println!("skipped: {below} is not there");
        return None;
    }
    Some(folder)
}

#[test]
fn every_published_schema_is_read_with_the_counts_of_the_index() {
    let (Some(folder), Some(index)) = (material("3.0.0"), material("index.csv")) else {
        return;
    };
    let index = std::fs::read_to_string(index).unwrap();
    let mut lines = index.lines();
    let header = split(lines.next().unwrap());
    let column = |row: &[String], name: &str| {
        let place = header.iter().position(|column| column == name).unwrap();
        row.get(place).cloned().unwrap()
    };
    let mut compared = 0;
    for line in lines {
        let row = split(line);
        let id = column(&row, "fim_id");
        let Ok(file) = std::fs::File::open(folder.join(format!("{id}.xml.gz"))) else {
            continue;
        };
        let input = BufReader::new(flate2::read::GzDecoder::new(file));
        let Document::Schema(schema) = read_with(input, Limits::default()).unwrap() else {
            panic!("{id} is no schema");
        };
        let counts = schema.counts();
        assert_eq!(schema.base.identifier.id, id);
        assert_eq!(
            schema.base.identifier.version,
            Some(column(&row, "version"))
        );
        assert_eq!(schema.base.name, column(&row, "name").trim(), "{id}");
        assert_eq!(schema.title, column(&row, "bezeichnung").trim(), "{id}");
        assert_eq!(counts.groups.to_string(), column(&row, "gruppen"), "{id}");
        assert_eq!(counts.fields.to_string(), column(&row, "felder"), "{id}");
        assert_eq!(counts.rules.to_string(), column(&row, "regeln"), "{id}");
        assert_eq!(
            counts.relations.to_string(),
            column(&row, "relationen"),
            "{id}"
        );
        compared += 1;
    }
    assert!(compared >= 60, "only {compared} schemas compared");
}

/// Splits a line of comma-separated values with quoted cells.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let cell = cells.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[test]
fn the_published_test_cases_end_as_their_names_say() {
    let Some(folder) = material("testfaelle/v3") else {
        return;
    };
    for (file, expected) in [
        ("simple.xml", None),
        ("input.xml", None),
        ("duplicate-id-node.xml", Some("duplicate")),
        ("empty-id-node.xml", Some("missing")),
        ("missing-id-node.xml", Some("missing")),
        ("invalid-freigabestatus.xml", Some("invalid")),
        ("unexpected-node.xml", Some("unexpected_element")),
        ("unknown-namespace.xml", Some("unknown_namespace")),
    ] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let outcome = read(&bytes);
        let code = outcome
            .as_ref()
            .err()
            .map(einmal_xdatenfelder::ReadError::code);
        assert_eq!(code, expected, "{file}: {outcome:?}");
    }
}

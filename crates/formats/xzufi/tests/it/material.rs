//! Larger catalogues, when they lie beside the repository.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use einmal_xzufi::{Delivery, Entry, Object};
use flate2::bufread::GzDecoder;

fn material(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/xzufi");
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn count(path: &Path) -> (BTreeMap<&'static str, usize>, BTreeMap<String, u64>) {
    let packed = BufReader::new(File::open(path).unwrap());
    let mut delivery = Delivery::new(BufReader::new(GzDecoder::new(packed)));
    let mut counts = BTreeMap::new();
    for entry in delivery.by_ref() {
        let kind = match entry.unwrap() {
            Entry::Header(_) => "header",
            Entry::Write(Object::Service(_)) => "service",
            Entry::Write(Object::Organisation(_)) => "organisation",
            Entry::Write(Object::OnlineService(_)) => "online service",
            Entry::Write(Object::Responsibility(_)) => "responsibility",
            Entry::Delete { .. } => "deletion",
            Entry::Unknown { .. } => "unknown",
        };
        *counts.entry(kind).or_default() += 1;
    }
    (counts, delivery.unread().clone())
}

#[test]
fn reads_the_real_catalogue_completely() {
    let Some(path) = material("real_catalogue.xml.gz") else {
        return;
    };
    let (counts, unread) = count(&path);
    let expected = [
        ("header", 1),
        ("online service", 223),
        ("responsibility", 374),
        ("service", 5701),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
    assert_eq!(unread, BTreeMap::new());
}

#[test]
fn reads_every_file_of_the_sample_delivery() {
    let Some(folder) = material("sample/voll/L100012") else {
        return;
    };
    let mut total: BTreeMap<&str, usize> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|e| e == "gz") {
            let (counts, unread) = count(&path);
            assert_eq!(unread, BTreeMap::new());
            for (kind, number) in counts {
                *total.entry(kind).or_default() += number;
            }
        }
    }
    assert_eq!(total["service"], 2);
    assert_eq!(total["organisation"], 31);
    assert_eq!(total["responsibility"], 246);
    assert_eq!(total["deletion"], 20);
}

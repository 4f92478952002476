//! Deliveries that must not be taken over. Each leaves the stock as it was.

use einmal_catalogue::Counts;
use einmal_storage::testing::TestDb;
use einmal_storage::{Kind, both_databases};

use crate::{catalogue, folder, import, material, xml};

both_databases! {
    async fn an_index_never_leaves_its_folder(test: TestDb) {
        let catalogue = catalogue(&test).await;
        for name in ["../geheim.xml", "/etc/passwd", "a/../../b.xml", "..", "c:\\x.xml"] {
            let good = xml::message(&xml::service("1", "Gut"));
            let folder = folder(&[("a.xml", &good), ("index.txt", &format!("a.xml\n{name}\n"))]);
            let summary = import(&catalogue, folder.path()).await;
            assert_eq!(summary.rejected_files.len(), 1);
            assert_eq!(summary.rejected_files.first().unwrap().code, "outside");
        }
        assert_eq!(catalogue.counts(None).await.unwrap(), Counts::default());
    }

    async fn a_missing_or_cut_file_drops_the_edition(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let good = xml::message(&xml::service("1", "Gut"));
        for (files, code) in [
            (vec![("a.xml", good.as_str()), ("index.txt", "a.xml\nfehlt.xml")], "missing"),
            (vec![("a.xml", good.as_str()), ("b.xml", "")], "ends-early"),
            (vec![("a.xml", good.as_str()), ("b.xml", "kein XML")], "not-well-formed"),
        ] {
            let folder = folder(&files);
            let summary = import(&catalogue, folder.path()).await;
            assert_eq!(summary.rejected_files.first().unwrap().code, code);
        }
        assert_eq!(catalogue.counts(None).await.unwrap(), Counts::default());
    }
}

#[tokio::test]
async fn a_cut_gzip_is_refused() {
    let Some(path) = material("xzufi/real_catalogue.xml.gz") else {
        return;
    };
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    let whole = std::fs::read(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.xml.gz");
    std::fs::write(&file, whole.get(..whole.len() / 2).unwrap()).unwrap();
    let summary = import(&catalogue, &file).await;
    assert_eq!(summary.rejected_files.first().unwrap().code, "source");
    assert_eq!(catalogue.counts(None).await.unwrap(), Counts::default());
}

#[tokio::test]
async fn a_path_that_is_no_delivery_is_an_error() {
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    let empty = tempfile::tempdir().unwrap();
    for path in [empty.path().to_path_buf(), empty.path().join("nothing")] {
        let outcome = einmal_catalogue::import_paths(&catalogue, &[path], &|_| {}).await;
        assert!(outcome.is_err());
    }
}

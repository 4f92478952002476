//! The catalogue from outside, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests stop at the first surprise and say what they skipped"
)]

mod demonstration;
mod hostile;
mod importing;
mod places;
mod sample;
mod searching;

use std::path::{Path, PathBuf};

use einmal_catalogue::{Catalogue, ImportSummary, import_paths};
use einmal_storage::testing::TestDb;

async fn catalogue(test: &TestDb) -> Catalogue {
    let catalogue = Catalogue::new(test.db.clone());
    catalogue.migrate().await.unwrap();
    catalogue
}

async fn import(catalogue: &Catalogue, path: &Path) -> ImportSummary {
    import_paths(catalogue, &[path.to_path_buf()], &|_| {})
        .await
        .unwrap()
}

/// Larger material beside the repository; absent in a plain checkout.
fn material(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// Small deliveries of the tests' own.
mod xml {
    pub(crate) fn message(body: &str) -> String {
        format!("<x:a xmlns:x=\"http://xoev.de/schemata/xzufi/2_2_0\">\n{body}</x:a>\n")
    }

    pub(crate) fn service(id: &str, title: &str) -> String {
        format!(
            "<x:schreibe><x:leistung><x:id schemeAgencyID=\"A1\">{id}</x:id>\
             <x:referenzLeiKa><code>99102013104000</code></x:referenzLeiKa>\
             <x:modulText><x:leikaTextmodul><code>02</code></x:leikaTextmodul>\
             <x:inhalt languageCode=\"de\">{title}</x:inhalt></x:modulText>\
             </x:leistung></x:schreibe>\n"
        )
    }

    pub(crate) fn office(id: &str) -> String {
        format!(
            "<x:schreibe><x:organisationseinheit><x:id schemeAgencyID=\"A1\">{id}</x:id>\
             <x:name><x:name languageCode=\"de\">Amt {id}</x:name></x:name>\
             </x:organisationseinheit></x:schreibe>\n"
        )
    }

    pub(crate) fn responsibility(id: &str, office: &str, service: &str, area: &str) -> String {
        format!(
            "<x:schreibe><x:zustaendigkeitTransferObjekt>\
             <x:uebergeordnetesObjektID schemeAgencyID=\"A1\">{office}</x:uebergeordnetesObjektID>\
             <x:zustaendigkeit><x:id schemeAgencyID=\"A1\" \
             schemeID=\"ZustaendigkeitOrganisationseinheit\">{id}</x:id>\
             <x:leistungID schemeAgencyID=\"A1\">{service}</x:leistungID>\
             <x:gebietID>{area}</x:gebietID><x:rolle><code>01</code></x:rolle>\
             </x:zustaendigkeit></x:zustaendigkeitTransferObjekt></x:schreibe>\n"
        )
    }

    pub(crate) fn delete(class: &str, id: &str) -> String {
        format!(
            "<x:loesche klasse=\"{class}\"><x:id schemeAgencyID=\"A1\">{id}</x:id></x:loesche>\n"
        )
    }

    /// An online service with responsibilities inside.
    pub(crate) fn online(id: &str, inner: &[&str]) -> String {
        let inner: String = inner
            .iter()
            .map(|inner| {
                format!(
                    "<x:zustaendigkeit><x:id schemeAgencyID=\"A1\">{inner}</x:id>\
                     <x:leistungID schemeAgencyID=\"A1\">1</x:leistungID>\
                     <x:gebietID>010000000000</x:gebietID><x:rolle><code>01</code></x:rolle>\
                     </x:zustaendigkeit>"
                )
            })
            .collect();
        format!(
            "<x:schreibe><x:onlinedienst><x:id schemeAgencyID=\"A1\">{id}</x:id>\
             <x:bezeichnung languageCode=\"de\">Dienst {id}</x:bezeichnung>{inner}\
             </x:onlinedienst></x:schreibe>\n"
        )
    }
}

/// A folder with files; `index.txt` lists them unless it is one of them.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut index = String::new();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
        index.push_str(name);
        index.push('\n');
    }
    if !folder.path().join("index.txt").exists() {
        std::fs::write(folder.path().join("index.txt"), index).unwrap();
    }
    folder
}

async fn import_xml(catalogue: &Catalogue, body: &str) -> ImportSummary {
    let folder = folder(&[("a.xml", &xml::message(body))]);
    import(catalogue, folder.path()).await
}

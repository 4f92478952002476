use std::path::PathBuf;

/// `EINMAL_UPDATE=1 cargo test -p einmal-api openapi` writes the documents anew.
#[expect(
    clippy::disallowed_methods,
    reason = "the switch belongs to the test, not to the product"
)]
#[test]
fn the_committed_documents_are_those_of_the_code() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../openapi");
    for (name, content) in einmal_api::openapi_documents() {
        let file = folder.join(name);
        if std::env::var_os("EINMAL_UPDATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &content).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == content,
            "openapi/{name} is not current; EINMAL_UPDATE=1 writes it anew"
        );
    }
}

#[test]
fn every_operation_says_how_it_is_refused() {
    let (_, document) = einmal_api::openapi_documents().remove(0);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let responses = operation["responses"].as_object().unwrap();
            if operation.get("security").is_some() {
                assert!(responses.contains_key("401"), "{method} {path}");
                assert!(responses.contains_key("403"), "{method} {path}");
            }
        }
    }
    assert_eq!(operations, 17);
}

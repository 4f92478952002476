//! Reading the vector files, which lie beside the repository and may be absent.

use serde_json::Value;

/// Lines of a vector file; `None` (and a word about it) if the file is not there.
pub(crate) fn lines(name: &str) -> Option<Vec<Value>> {
    let path = format!(
        "{}/../../../../shared/vectors/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("{name} is not there: skipped");
        return None;
    };
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

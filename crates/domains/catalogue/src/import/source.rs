//! Where deliveries come from: files, plain or packed, and folders with an index.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::RejectedFile;
use crate::{CatalogueError, Result};

/// One file of a delivery.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A file on disk.
    File(PathBuf),
    /// Part of the program.
    Embedded {
        /// Its name.
        name: &'static str,
        /// Its content.
        xml: &'static str,
    },
}

/// An index that does not end is none.
const LARGEST_INDEX: u64 = 16 << 20;
const BUFFER: usize = 1 << 16;

impl Source {
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Embedded { name, .. } => (*name).to_owned(),
        }
    }

    pub(super) fn rejected(&self, code: &str, reason: String) -> RejectedFile {
        rejected(self.name(), code, reason)
    }

    pub(super) fn open(&self) -> io::Result<Box<dyn BufRead + Send>> {
        match self {
            Self::File(path) => open_file(path),
            Self::Embedded { xml, .. } => Ok(Box::new(xml.as_bytes())),
        }
    }
}

/// Opens a file; gzip is recognised by its first bytes, whatever the name.
pub(crate) fn open_file(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        let unpacked = MultiGzDecoder::new(file);
        Ok(Box::new(BufReader::with_capacity(BUFFER, unpacked)))
    } else {
        Ok(Box::new(file))
    }
}

fn rejected(file: String, code: &str, reason: String) -> RejectedFile {
    RejectedFile {
        file,
        code: code.to_owned(),
        reason,
        line: None,
        column: None,
    }
}

/// The files of one edition, or why its index is refused.
type Edition = std::result::Result<Vec<Source>, RejectedFile>;

/// The editions behind a path.
pub(super) fn editions(path: &Path) -> Result<Vec<Edition>> {
    let failed = |reason: String| CatalogueError::Path {
        path: path.to_path_buf(),
        reason,
    };
    if path.is_file() {
        return Ok(vec![Ok(vec![Source::File(path.to_path_buf())])]);
    }
    if path.join("index.txt").is_file() {
        return Ok(vec![edition(path)]);
    }
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| failed(error.to_string()))? {
        let folder = entry.map_err(|error| failed(error.to_string()))?.path();
        if folder.join("index.txt").is_file() {
            folders.push(folder);
        }
    }
    if folders.is_empty() {
        return Err(failed(
            "neither a file nor a folder with index.txt nor a folder of such folders".to_owned(),
        ));
    }
    folders.sort();
    Ok(folders.iter().map(|folder| edition(folder)).collect())
}

/// The files that an index lists. The index is foreign: it may be empty, and it may try to leave
/// its folder.
fn edition(folder: &Path) -> Edition {
    let index = folder.join("index.txt");
    let refuse = |code: &str, reason: String| rejected(index.display().to_string(), code, reason);
    let mut text = String::new();
    File::open(&index)
        .and_then(|file| file.take(LARGEST_INDEX).read_to_string(&mut text))
        .map_err(|error| refuse("source", error.to_string()))?;
    let mut files = Vec::new();
    for name in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if name.is_empty() {
            continue;
        }
        let plain = !name.contains(['/', '\\', ':', '\0']) && name != "." && name != "..";
        if !plain {
            let shown: String = name.chars().take(120).collect();
            return Err(rejected(
                shown,
                "outside",
                "the index names a file outside its folder".to_owned(),
            ));
        }
        files.push(Source::File(folder.join(name)));
    }
    if files.is_empty() {
        return Err(refuse(
            "empty-index",
            "the index lists no file; this never means that everything is deleted".to_owned(),
        ));
    }
    Ok(files)
}

//! `einmal openapi`: the OpenAPI documents of the repository, generated from the code.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};

/// Write or check the OpenAPI documents.
#[derive(Debug, clap::Args)]
pub(crate) struct Openapi {
    /// Folder of the documents.
    #[arg(long, default_value = "openapi")]
    out: PathBuf,

    /// Write nothing; fail when a document is not current.
    #[arg(long)]
    check: bool,
}

impl Openapi {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        for (name, document) in einmal_api::openapi_documents() {
            let file = self.out.join(name);
            if !self.check {
                std::fs::create_dir_all(&self.out)?;
                std::fs::write(&file, document)
                    .with_context(|| format!("cannot write {}", file.display()))?;
            } else if std::fs::read_to_string(&file).ok().as_deref() != Some(document.as_str()) {
                bail!(
                    "{} is not current; run: cargo run -p einmal -- openapi",
                    file.display()
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

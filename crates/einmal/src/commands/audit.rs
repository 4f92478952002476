//! `einmal audit verify`: is the tamper-evident log as it was written?

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use einmal_storage::audit::{self, Fault, Finding};

use crate::audit_log;
use crate::config::Config;
use crate::roles::Shared;

/// Check the tamper-evident log.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Find any changed, missing or reordered entry. Exit code 1 when something is wrong.
    Verify {
        /// The configuration whose databases are checked.
        #[arg(long, default_value = "einmal.toml")]
        config: PathBuf,
    },
}

impl Audit {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Verify { config } = self;
        let shared = Shared::new(Config::read(&config)?)?;
        let verifier = audit_log::signer(&shared.config)?.verifier();
        let mut intact = true;
        for (name, database) in shared.config.databases() {
            let db = shared.open(database).await?;
            let anchor = audit_log::read_anchor(&audit_log::anchor_file(&shared.config, name))?;
            let report = audit::verify(&db, &verifier, anchor.as_ref()).await?;
            let verdict = if report.is_intact() {
                "intact"
            } else {
                "NOT INTACT"
            };
            super::print(&format!(
                "{name}: {verdict}; {} entries in {} streams, {} checkpoints, {} entries not signed yet",
                report.entries, report.streams, report.checkpoints, report.unsigned_entries
            ))?;
            for finding in &report.findings {
                super::print(&format!("  {}", describe(finding)))?;
            }
            intact &= report.is_intact();
        }
        Ok(if intact {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn describe(finding: &Finding) -> String {
    let Finding { stream, seq, fault } = finding;
    let what = match fault {
        Fault::Changed => "was changed after it was written".to_owned(),
        Fault::Missing => "is missing".to_owned(),
        Fault::Reordered { belongs_at } => format!("was written as number {belongs_at}"),
        Fault::Rewritten => {
            "does not fit the signed checkpoint: the chain was written anew".to_owned()
        }
        Fault::Added => "was added behind the end".to_owned(),
        Fault::CheckpointForged => "is a checkpoint without a valid signature".to_owned(),
        Fault::CheckpointMissing => "is a checkpoint that is missing".to_owned(),
    };
    if stream.is_empty() {
        format!("checkpoint {seq} {what}")
    } else {
        format!("{stream} #{seq} {what}")
    }
}

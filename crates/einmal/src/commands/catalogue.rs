//! `einmal catalogue import` and `einmal regions import`: fill the portal's catalogue. A running
//! portal notices and builds its search index anew.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use einmal_catalogue::{Catalogue as Stock, import_paths, import_regions};
use einmal_storage::{Db, DbLocation};

use crate::config::Config;
use crate::system::SystemClock;

/// Where the catalogue is.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    /// Folder of the portal's data. Its `einmal.toml` names the database; without one it is
    /// `portal.db` in the folder.
    #[arg(long)]
    data: PathBuf,
}

/// Fill and look after the service catalogue.
#[derive(Debug, Subcommand)]
pub(crate) enum Catalogue {
    /// Import XZuFi deliveries: files (`.xml`, `.xml.gz`), folders with an `index.txt`, folders of
    /// such folders. An edition with a faulty file is dropped as a whole and reported. Exit code 1
    /// when a file was rejected.
    Import {
        #[command(flatten)]
        target: Target,
        /// Print the summary as JSON on standard output.
        #[arg(long)]
        json: bool,
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

/// Fill the directory of regions.
#[derive(Debug, Subcommand)]
pub(crate) enum Regions {
    /// Import the directory of municipalities (GV100AD, `.txt` or `.txt.gz`) and tables of
    /// postcodes (`.csv` with the columns `plz` and `ars`).
    Import {
        #[command(flatten)]
        target: Target,
        /// Print the summary as JSON on standard output.
        #[arg(long)]
        json: bool,
        /// Files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

impl Target {
    async fn open(&self) -> anyhow::Result<Stock> {
        let file = self.data.join("einmal.toml");
        let from_config = if file.exists() {
            let config = Config::read(&file)?;
            config
                .portal
                .as_ref()
                .map(|portal| config.database(&portal.database))
                .transpose()?
        } else {
            None
        };
        let location = from_config.unwrap_or_else(|| DbLocation::File(self.data.join("portal.db")));
        let db = Db::open(&location, Arc::new(SystemClock)).await?;
        db.migrate_platform().await?;
        let stock = Stock::new(db);
        stock.migrate().await?;
        Ok(stock)
    }
}

impl Catalogue {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Import {
            target,
            json,
            paths,
        } = self;
        let stock = target.open().await?;
        let summary = import_paths(&stock, &paths, &|progress| {
            let phase = if progress.checking {
                "checked"
            } else {
                "written"
            };
            super::say(&format!(
                "{}: {} records {phase}",
                progress.file, progress.records
            ));
        })
        .await?;
        if json {
            super::print(&serde_json::to_string(&summary)?)?;
        } else {
            super::print(&serde_json::to_string_pretty(&summary)?)?;
        }
        for rejected in &summary.rejected_files {
            super::say(&format!("rejected: {}: {}", rejected.file, rejected.reason));
        }
        let clean = summary.rejected_files.is_empty();
        Ok(if clean {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Regions {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Import {
            target,
            json,
            paths,
        } = self;
        let stock = target.open().await?;
        let summary = import_regions(&stock, &paths).await?;
        if json {
            super::print(&serde_json::to_string(&summary)?)?;
        } else {
            super::print(&serde_json::to_string_pretty(&summary)?)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! Configuration: one TOML file names the roles of this process and where their things are.
//!
//! Relative paths are relative to the file. Secrets are never in the file itself but in files it
//! names, readable by the owner only. Unknown members are refused: a misspelt setting must not
//! silently fall back to a default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Address and port of the listener.
    pub(crate) listen: SocketAddr,
    /// The address people and partners use, without a slash at the end.
    pub(crate) public_url: String,
    /// Name of this process, unique among those that share a database.
    #[serde(default = "default_node")]
    pub(crate) node: String,
    /// Must be true for anything simulated to start.
    #[serde(default)]
    pub(crate) simulation: bool,
    /// Who runs this installation.
    pub(crate) operator: Operator,
    /// Keys that encrypt fields in the databases of this process (32 bytes each, base64). The first
    /// one seals, all of them open: to rotate, put a new one in front.
    pub(crate) field_keys: Vec<PathBuf>,
    /// The tamper-evident log.
    pub(crate) audit: AuditLog,
    /// Public pages, life events, accounts.
    pub(crate) portal: Option<Portal>,
    /// The delivery service.
    pub(crate) delivery: Option<Delivery>,
    /// The workbench of one or many authorities.
    pub(crate) authority: Option<Authority>,
    /// The simulated identity provider.
    pub(crate) identity_provider: Option<IdentityProvider>,
    /// Folder of the file; relative paths start here.
    #[serde(skip)]
    folder: PathBuf,
}

/// Who runs this installation; shown in the legal notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operator {
    /// Name of the body.
    pub(crate) name: String,
    /// Postal address, line by line.
    pub(crate) address: Vec<String>,
    /// Where people write for help.
    pub(crate) email: String,
}

/// The tamper-evident log of this process.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditLog {
    /// Key that signs checkpoints (32 bytes, base64).
    pub(crate) key: PathBuf,
    /// Folder for the newest checkpoint of each database; best on another disk.
    pub(crate) anchors: PathBuf,
}

/// The role `portal`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Portal {
    /// Path of an SQLite file or URL of a PostgreSQL database.
    pub(crate) database: String,
    /// Folder with further life events, beside the built-in ones.
    pub(crate) life_events: Option<PathBuf>,
    /// Seconds between two looks at what became of a young application.
    #[serde(default = "default_poll_seconds")]
    pub(crate) poll_seconds: u32,
    /// The delivery service that takes the applications.
    pub(crate) delivery: DeliveryClient,
    /// The provider that citizens log in with.
    pub(crate) login: Login,
}

/// How to reach a delivery service, and as whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryClient {
    /// Token endpoint.
    pub(crate) token_url: String,
    /// Base URL of the submission API, without version.
    pub(crate) submission_url: String,
    /// OAuth client.
    pub(crate) client_id: String,
    /// File with the client's secret.
    pub(crate) client_secret: PathBuf,
}

/// How to reach an identity provider (OpenID Connect), and as whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// Issuer; also the base of its end points.
    pub(crate) issuer: String,
    /// OAuth client.
    pub(crate) client_id: String,
}

/// The role `delivery`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    /// Path of an SQLite file or URL of a PostgreSQL database.
    pub(crate) database: String,
    /// Private key (JWK) that signs events.
    pub(crate) signing_key: PathBuf,
}

/// The role `authority`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authority {
    /// Path of an SQLite file or URL of a PostgreSQL database.
    pub(crate) database: String,
    /// The delivery service that holds what is for us.
    pub(crate) delivery: DeliveryClient,
    /// The provider that staff log in with.
    pub(crate) login: Login,
    /// The authorities that work here.
    pub(crate) tenants: Vec<Tenant>,
}

/// One authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tenant {
    /// Short name in URLs and logs, for example `standesamt-bremerhaven`.
    pub(crate) id: String,
    /// Name as people know it.
    pub(crate) name: String,
    /// Its destination at the delivery service (UUID).
    pub(crate) destination: String,
    /// Private key (JWK) that opens what is sent to it.
    pub(crate) decryption_key: PathBuf,
    /// Private key (JWK) that signs its events.
    pub(crate) signing_key: PathBuf,
}

/// The simulated identity provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityProvider {
    /// Path of an SQLite file or URL of a PostgreSQL database.
    pub(crate) database: String,
    /// Private key (JWK) that signs ID tokens.
    pub(crate) signing_key: PathBuf,
    /// Clients that may use it: id and the URL it may return to.
    pub(crate) clients: Vec<IdentityClient>,
}

/// A client of the simulated identity provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityClient {
    /// Client id.
    pub(crate) id: String,
    /// The only URL it may return to.
    pub(crate) redirect_url: String,
    /// True when staff log in through it, false for citizens.
    pub(crate) staff: bool,
}

fn default_node() -> String {
    "node-1".to_owned()
}

const fn default_poll_seconds() -> u32 {
    5
}

impl Config {
    /// A simulated world whose field keys lie in `keys/field.key`.
    pub(crate) fn simulated(
        listen: SocketAddr,
        portal: Portal,
        delivery: Delivery,
        authority: Authority,
        identity_provider: IdentityProvider,
    ) -> Self {
        Self {
            listen,
            public_url: format!("http://{listen}"),
            node: default_node(),
            simulation: true,
            operator: Operator {
                name: "Demonstrator Einmal (Simulation)".to_owned(),
                address: vec!["Musterstraße 1".to_owned(), "28195 Bremen".to_owned()],
                email: "hilfe@example.org".to_owned(),
            },
            field_keys: vec!["keys/field.key".into()],
            audit: AuditLog {
                key: "keys/audit.key".into(),
                anchors: "anchors".into(),
            },
            portal: Some(portal),
            delivery: Some(delivery),
            authority: Some(authority),
            identity_provider: Some(identity_provider),
            folder: PathBuf::new(),
        }
    }

    /// Reads and checks a file.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the configuration {}", file.display()))?;
        let mut config: Self = toml::from_str(&text)
            .with_context(|| format!("the configuration {} is not valid", file.display()))?;
        config.folder = file
            .parent()
            .unwrap_or_else(|| Path::new("."))
            .to_path_buf();
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.portal.is_some() || self.delivery.is_some() || self.authority.is_some(),
            "the configuration names no role; add [portal], [delivery] or [authority]"
        );
        ensure!(
            !self.public_url.ends_with('/'),
            "public_url must not end with a slash"
        );
        ensure!(
            self.identity_provider.is_none() || self.simulation,
            "[identity_provider] is a simulation and starts only with `simulation = true`"
        );
        Ok(())
    }

    /// A path of the file, made absolute.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The location of a database of the file.
    pub(crate) fn database(&self, text: &str) -> anyhow::Result<einmal_storage::DbLocation> {
        let location = text.parse()?;
        Ok(match location {
            einmal_storage::DbLocation::File(file) => {
                einmal_storage::DbLocation::File(self.path(&file))
            }
            other => other,
        })
    }

    /// Name and location of every database of this process.
    pub(crate) fn databases(&self) -> Vec<(&'static str, &str)> {
        let portal = self
            .portal
            .as_ref()
            .map(|role| ("portal", role.database.as_str()));
        let delivery = self
            .delivery
            .as_ref()
            .map(|role| ("delivery", role.database.as_str()));
        let authority = self
            .authority
            .as_ref()
            .map(|role| ("authority", role.database.as_str()));
        [portal, delivery, authority]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Writes the file.
    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let text = toml::to_string(self).context("cannot write the configuration as TOML")?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

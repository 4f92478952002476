//! The one object that the binary builds and everybody else talks to.

use std::collections::BTreeMap;
use std::sync::Arc;

use einmal_model::{Clock, Random};
use einmal_storage::jobs::RetryPolicy;
use einmal_storage::{Crypter, Db, Migration, Query, args, transaction};
use einmal_xdatenfelder::Schema;

use crate::error::CaseworkError;
use crate::port::Inbox;
use crate::store;
use crate::tenant::{Tenant, TenantId, TenantScope};

/// The tables of this domain; component `casework`. Needs [`Db::migrate_platform`] too.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "casework",
    sqlite: include_str!("../migrations/sqlite/0001_casework.sql"),
    postgres: include_str!("../migrations/postgres/0001_casework.sql"),
}];

/// Form schemas by the address that senders name (`schemaUri`).
pub type Schemas = BTreeMap<String, Arc<Schema>>;

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Cases on one page of the inbox.
    pub page_size: u32,
    /// Submissions that one call of [`Casework::receive_once`] fetches at most.
    pub receive_batch: usize,
    /// Decisions that one call of [`Casework::post_decisions_once`] posts at most.
    pub post_batch: u32,
    /// How long a claimed decision belongs to a worker, in seconds: longer than the time-out of
    /// the HTTP client. A decision whose worker was killed waits so long.
    pub post_lease_seconds: u32,
    /// How often and how fast a decision is posted again.
    pub post_retry: RetryPolicy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            page_size: 25,
            receive_batch: 50,
            post_batch: 20,
            post_lease_seconds: 60,
            post_retry: RetryPolicy::default(),
        }
    }
}

/// What [`Casework`] is made of.
pub struct CaseworkParts {
    /// The database of the role `authority`.
    pub db: Db,
    /// Seals content at rest.
    pub crypter: Crypter,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids and pauses.
    pub random: Arc<dyn Random>,
    /// The delivery service.
    pub inbox: Arc<dyn Inbox>,
    /// The forms we know.
    pub schemas: Schemas,
    /// Settings.
    pub settings: Settings,
}

/// The workbench of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Casework {
    pub(crate) db: Db,
    pub(crate) crypter: Crypter,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) inbox: Arc<dyn Inbox>,
    pub(crate) schemas: Arc<Schemas>,
    pub(crate) settings: Settings,
}

impl Casework {
    /// Puts the parts together. The tables must be there: [`MIGRATIONS`].
    #[must_use]
    pub fn new(parts: CaseworkParts) -> Self {
        Self {
            db: parts.db,
            crypter: parts.crypter,
            clock: parts.clock,
            random: parts.random,
            inbox: parts.inbox,
            schemas: Arc::new(parts.schemas),
            settings: parts.settings,
        }
    }

    /// Registers tenants, or updates name and destination of those that are there. Called at start
    /// with what the configuration says; tenants that are not named keep their cases.
    ///
    /// # Errors
    /// [`CaseworkError::Storage`], also when two tenants have the same destination.
    pub async fn register_tenants(&self, tenants: &[Tenant]) -> Result<(), CaseworkError> {
        transaction!(self.db, "casework.register_tenants", |tx| {
            for tenant in tenants {
                tx.execute(
                    "insert into tenant (id, name, destination_id) values ($1, $2, $3)
                     on conflict (id) do update
                     set name = excluded.name, destination_id = excluded.destination_id",
                    args![
                        tenant.id.as_str(),
                        &tenant.name,
                        tenant.destination.to_string()
                    ],
                )
                .await?;
            }
            Ok(())
        })
    }

    /// All tenants by id, for the pollers. Not for pages.
    ///
    /// # Errors
    /// [`CaseworkError::Storage`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, CaseworkError> {
        let mut read = self.db.read().await?;
        let rows = read
            .fetch_all(
                "select id, name, destination_id from tenant order by id",
                args![],
            )
            .await?;
        rows.iter().map(store::tenant_from).collect()
    }

    /// The name of the authority that somebody works for, for the head of the page.
    ///
    /// # Errors
    /// [`CaseworkError::UnknownTenant`].
    pub async fn tenant_name(&self, scope: &TenantScope) -> Result<String, CaseworkError> {
        Ok(self.tenant(scope.tenant()).await?.name)
    }

    pub(crate) async fn tenant(&self, id: &TenantId) -> Result<Tenant, CaseworkError> {
        store::tenant(&mut self.db.read().await?, id).await
    }
}

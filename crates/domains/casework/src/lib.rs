//! Decide: the workbench of many authorities (tenants), each with its own destination and keys.
//!
//! A poller calls [`Casework::receive_once`] per tenant: what the delivery service lists is fetched
//! through the port [`Inbox`](port::Inbox), checked, and opened as a case exactly once. Staff see
//! and decide only through a [`TenantScope`], which is made from a [`StaffPrincipal`] and from
//! nothing else. A decision is a job that tells the delivery service
//! ([`Casework::post_decisions_once`]); the case counts as decided only when the service has
//! confirmed it.
//!
//! Pages print the structs of [`view`]. There are no figures per person (architecture rule 12):
//! who decided stands in the audit log only.

pub mod port;
pub mod view;

mod decide;
mod error;
mod history;
mod ids;
mod inbox;
mod message;
mod origins;
mod post;
mod problem;
mod receive;
mod service;
mod state;
mod store;
mod tenant;
mod values;
mod words;

pub use decide::{Decision, Reason, ReasonError};
pub use error::{CaseworkError, DecideError};
pub use history::HistoryKind;
pub use ids::{AttachmentId, CaseId, DeliveryCaseId, DestinationId, SubmissionId};
pub use inbox::{InboxFilter, InboxQuery};
pub use post::{DECISION_QUEUE, PostReport};
pub use problem::{ProblemType, RejectionProblem};
pub use receive::ReceiveReport;
pub use service::{Casework, CaseworkParts, MIGRATIONS, Schemas, Settings};
pub use state::{CaseState, Verdict};
pub use tenant::{StaffPrincipal, Tenant, TenantId, TenantIdError, TenantScope};

//! Find: the service, who is responsible at a place, and whether it works online there.
//!
//! [`Catalogue`] keeps what editorial offices deliver as XZuFi messages, together with the
//! directory of places. It answers four questions:
//!
//! - which place is meant ([`Catalogue::find_places`]); ambiguity goes back to the person;
//! - what is there about a service ([`Catalogue::service`], [`Catalogue::service_by_key`]);
//! - who is responsible ([`Catalogue::responsible`], [`Catalogue::offices`]), where "nothing
//!   registered" is an answer of its own;
//! - what fits some words ([`CatalogueIndex::search`]); the index is derived from the catalogue.
//!
//! Texts leave this crate as sanitised HTML or plain text; addresses of links only with the schemes
//! http, https and mailto.

mod catalogue;
mod demo;
mod error;
mod identity;
mod import;
mod labels;
mod page;
mod regions;
mod responsibility;
mod search;

pub use catalogue::{Catalogue, Counts, MIGRATIONS};
pub use error::CatalogueError;
pub use identity::{Kind, ObjectId};
pub use import::{ImportSummary, Progress, RejectedFile, import_paths};
pub use page::{AddressView, LinkView, OfficeView, OnlineView, Section, ServicePage};
pub use regions::{Place, RegionSummary, import_regions};
pub use responsibility::{Answer, Candidate, Offices, OwnerKind, Question, key_hierarchy};
pub use search::{CatalogueIndex, HitKind, SearchHit, SearchQuery};

/// The outcome of most functions here.
pub type Result<T, E = CatalogueError> = std::result::Result<T, E>;

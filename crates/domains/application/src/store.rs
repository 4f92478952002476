//! Rows ⇄ types. The only place that reads drafts, and therefore the one place that enforces whose
//! they are.

use einmal_model::Instant;
use einmal_storage::{Crypter, Migration, Query, Row, args};

use crate::error::ApplicationError;
use crate::ids::{ApplicationId, LegId};
use crate::port::{OutgoingMessage, TransportProgress};
use crate::value::Answers;
use crate::view::LegState;

/// The migrations of the component `application`.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "applications",
    sqlite: include_str!("../migrations/sqlite/0001_applications.sql"),
    postgres: include_str!("../migrations/postgres/0001_applications.sql"),
}];

/// An application as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: ApplicationId,
    pub(crate) life_event: String,
    pub(crate) legs: Vec<String>,
    pub(crate) version: i64,
    pub(crate) answers: Answers,
    pub(crate) reference: Option<String>,
    pub(crate) saved_at: Instant,
    pub(crate) sent_at: Option<Instant>,
    pub(crate) expires_at: Instant,
}

impl Stored {
    pub(crate) fn draft(self) -> Result<Self, ApplicationError> {
        if self.sent_at.is_some() {
            return Err(ApplicationError::AlreadySent);
        }
        Ok(self)
    }
}

/// Loads an application of an account. Foreign ones are not found.
pub(crate) async fn load(
    query: &mut impl Query,
    crypter: &Crypter,
    account: &str,
    id: ApplicationId,
    now: Instant,
) -> Result<Stored, ApplicationError> {
    let row = query
        .fetch_optional(
            "select id, life_event, legs, version, answers, reference, saved_at, sent_at,
                    expires_at
             from application where id = $1 and account = $2
               and (sent_at is not null or expires_at > $3)",
            args![id.to_string(), account, now],
        )
        .await?
        .ok_or(ApplicationError::NotFound)?;
    let sealed = row.bytes("answers")?;
    let opened = crypter.open("application", &id.to_string(), "answers", &sealed)?;
    let answers = serde_json::from_slice(&opened)
        .map_err(|_| ApplicationError::Corrupt { what: "answers" })?;
    Ok(Stored {
        id,
        life_event: row.text("life_event")?,
        legs: list(&row, "legs")?,
        version: row.int("version")?,
        answers,
        reference: row.opt_text("reference")?,
        saved_at: row.instant("saved_at")?,
        sent_at: row.opt_instant("sent_at")?,
        expires_at: row.instant("expires_at")?,
    })
}

pub(crate) fn seal_answers(
    crypter: &Crypter,
    id: ApplicationId,
    answers: &Answers,
) -> Result<Vec<u8>, ApplicationError> {
    let bytes =
        serde_json::to_vec(answers).map_err(|_| ApplicationError::Corrupt { what: "answers" })?;
    Ok(crypter.seal("application", &id.to_string(), "answers", &bytes)?)
}

pub(crate) fn seal_message(
    crypter: &Crypter,
    leg: LegId,
    message: &OutgoingMessage,
) -> Result<Vec<u8>, ApplicationError> {
    let bytes =
        serde_json::to_vec(message).map_err(|_| ApplicationError::Corrupt { what: "message" })?;
    Ok(crypter.seal("application_leg", &leg.to_string(), "message", &bytes)?)
}

pub(crate) fn seal_progress(
    crypter: &Crypter,
    leg: LegId,
    progress: &TransportProgress,
) -> Result<Vec<u8>, ApplicationError> {
    let bytes =
        serde_json::to_vec(progress).map_err(|_| ApplicationError::Corrupt { what: "progress" })?;
    Ok(crypter.seal("application_leg", &leg.to_string(), "progress", &bytes)?)
}

/// A leg with everything its delivery needs.
#[derive(Debug, Clone)]
pub(crate) struct StoredLeg {
    pub(crate) id: LegId,
    pub(crate) leg: String,
    pub(crate) authority: String,
    pub(crate) address: Option<String>,
    pub(crate) state: LegState,
    pub(crate) since: Instant,
    pub(crate) reasons: Vec<String>,
}

pub(crate) async fn legs_of(
    query: &mut impl Query,
    application: ApplicationId,
) -> Result<Vec<StoredLeg>, ApplicationError> {
    query
        .fetch_all(
            "select id, leg, authority, address, state, since, reasons from application_leg
             where application_id = $1 order by position",
            args![application.to_string()],
        )
        .await?
        .iter()
        .map(stored_leg)
        .collect()
}

fn stored_leg(row: &Row) -> Result<StoredLeg, ApplicationError> {
    Ok(StoredLeg {
        id: row.parse("id")?,
        leg: row.text("leg")?,
        authority: row.text("authority")?,
        address: row.opt_text("address")?,
        state: state(&row.text("state")?)?,
        since: row.instant("since")?,
        reasons: list(row, "reasons")?,
    })
}

/// A leg on its way: message, progress and state.
pub(crate) struct InDelivery {
    pub(crate) id: LegId,
    pub(crate) state: LegState,
    pub(crate) since: Instant,
    pub(crate) message: OutgoingMessage,
    pub(crate) progress: Option<TransportProgress>,
}

pub(crate) async fn in_delivery(
    query: &mut impl Query,
    crypter: &Crypter,
    leg: LegId,
) -> Result<InDelivery, ApplicationError> {
    let id = leg.to_string();
    let row = query
        .fetch_optional(
            "select state, since, message, progress from application_leg where id = $1",
            args![&id],
        )
        .await?
        .ok_or(ApplicationError::NotFound)?;
    let message = crypter.open("application_leg", &id, "message", &row.bytes("message")?)?;
    let progress = match row.opt_bytes("progress")? {
        None => None,
        Some(sealed) => {
            let opened = crypter.open("application_leg", &id, "progress", &sealed)?;
            let progress = serde_json::from_slice(&opened)
                .map_err(|_| ApplicationError::Corrupt { what: "progress" })?;
            Some(progress)
        }
    };
    Ok(InDelivery {
        id: leg,
        state: state(&row.text("state")?)?,
        since: row.instant("since")?,
        message: serde_json::from_slice(&message)
            .map_err(|_| ApplicationError::Corrupt { what: "message" })?,
        progress,
    })
}

/// One entry of the history: when, which state began, the cause for operators.
pub(crate) type HistoryRow = (LegId, Instant, LegState);

pub(crate) async fn history_of(
    query: &mut impl Query,
    application: ApplicationId,
) -> Result<Vec<HistoryRow>, ApplicationError> {
    query
        .fetch_all(
            "select e.leg_id as leg_id, e.at as at, e.state as state
             from application_leg_event e join application_leg l on l.id = e.leg_id
             where l.application_id = $1 order by e.leg_id, e.number",
            args![application.to_string()],
        )
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.parse("leg_id")?,
                row.instant("at")?,
                state(&row.text("state")?)?,
            ))
        })
        .collect()
}

pub(crate) const fn state_name(state: LegState) -> &'static str {
    match state {
        LegState::Queued => "queued",
        LegState::Delivering => "delivering",
        LegState::Retrying => "retrying",
        LegState::Delivered => "delivered",
        LegState::Accepted => "accepted",
        LegState::Rejected => "rejected",
        LegState::Undeliverable => "undeliverable",
    }
}

fn state(name: &str) -> Result<LegState, ApplicationError> {
    [
        LegState::Queued,
        LegState::Delivering,
        LegState::Retrying,
        LegState::Delivered,
        LegState::Accepted,
        LegState::Rejected,
        LegState::Undeliverable,
    ]
    .into_iter()
    .find(|state| state_name(*state) == name)
    .ok_or(ApplicationError::Corrupt { what: "leg state" })
}

fn list(row: &Row, column: &'static str) -> Result<Vec<String>, ApplicationError> {
    match row.opt_text(column)? {
        None => Ok(Vec::new()),
        Some(text) => {
            serde_json::from_str(&text).map_err(|_| ApplicationError::Corrupt { what: column })
        }
    }
}

pub(crate) fn list_text(list: &[String]) -> String {
    serde_json::Value::from(list.to_vec()).to_string()
}

//! Security event tokens (SET, RFC 8417) with the claims of FIT-Connect: the only form in which
//! a state change exists.

use std::collections::BTreeMap;
use std::fmt;

use einmal_jose::{AuthenticationTag, strict};
use einmal_model::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{AttachmentId, CaseId, DestinationId, SubmissionId};

const EVENTS: &str = "https://schema.fitko.de/fit-connect/events/";
const SCHEMA_START: &str = "https://schema.fitko.de/fit-connect/set-payload/";
const SCHEMA_END: &str = "/set-payload.schema.json";
/// The payload schema we write, as the live service does.
const SCHEMA_VERSION: &str = "1.2.2";
/// The earliest `iat` the payload schema allows: 2020-01-01 in Germany.
const EARLIEST: i64 = 1_577_833_200;

/// The fifth segments of all JWEs of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// Of the encrypted metadata.
    pub metadata: AuthenticationTag,
    /// Of the encrypted data, when there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<AuthenticationTag>,
    /// Of the encrypted attachments.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attachments: BTreeMap<AttachmentId, AuthenticationTag>,
}

/// A reason for a rejection, or a remark to an acceptance. Shaped like a problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// A URI that names the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short text for this kind.
    pub title: String,
    /// What is wrong, in words.
    pub detail: String,
    /// The part concerned: `metadata`, `data`, `attachment:<id>`, `submission`, …
    pub instance: String,
}

impl Rejection {
    /// A reason of a kind that FIT-Connect names, for example `schema-violation`.
    #[must_use]
    pub fn new(kind: &str, title: &str, detail: &str, instance: &str) -> Self {
        Self {
            kind: format!("{EVENTS}problems/{kind}"),
            title: title.to_owned(),
            detail: detail.to_owned(),
            instance: instance.to_owned(),
        }
    }
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The submission was announced (`create-submission`).
    Create,
    /// It is complete and waits for the receiver (`submit-submission`).
    Submit(Tags),
    /// The receiver was told (`notify-submission`).
    Notify,
    /// A system behind the service passed it on (`forward-submission`).
    Forward,
    /// The receiver confirms it (`accept-submission`), echoing the tags it checked.
    Accept {
        /// The tags, which version 2 requires.
        tags: Option<Tags>,
        /// Remarks.
        problems: Vec<Rejection>,
    },
    /// The receiver refuses it (`reject-submission`).
    Reject(Vec<Rejection>),
    /// The service erased it (`delete-submission`).
    Delete,
    /// An event we do not know; readers pass over it.
    Other(String),
}

impl Event {
    /// The last part of the event's URI.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Create => "create-submission",
            Self::Submit(_) => "submit-submission",
            Self::Notify => "notify-submission",
            Self::Forward => "forward-submission",
            Self::Accept { .. } => "accept-submission",
            Self::Reject(_) => "reject-submission",
            Self::Delete => "delete-submission",
            Self::Other(uri) => uri,
        }
    }

    fn uri(&self) -> String {
        match self {
            Self::Other(uri) => uri.clone(),
            known => format!("{EVENTS}{}", known.name()),
        }
    }

    fn payload(&self) -> Value {
        match self {
            Self::Submit(tags) => json!({ "authenticationTags": tags }),
            Self::Accept { tags, problems } => {
                let mut payload = Map::new();
                if let Some(tags) = tags {
                    payload.insert("authenticationTags".to_owned(), json!(tags));
                }
                if !problems.is_empty() {
                    payload.insert("problems".to_owned(), json!(problems));
                }
                payload.into()
            }
            Self::Reject(problems) => json!({ "problems": problems }),
            Self::Notify => json!({ "notifyType": "callback" }),
            Self::Create | Self::Forward | Self::Delete | Self::Other(_) => json!({}),
        }
    }

    fn parse(uri: &str, payload: &Value) -> Result<Self, SetIssue> {
        let tags = |required: bool| -> Result<Option<Tags>, SetIssue> {
            match payload.get("authenticationTags") {
                Some(tags) => serde_json::from_value(tags.clone())
                    .map(Some)
                    .map_err(|_| SetIssue::Claim("authenticationTags")),
                None if required => Err(SetIssue::Claim("authenticationTags")),
                None => Ok(None),
            }
        };
        let problems = || -> Result<Vec<Rejection>, SetIssue> {
            match payload.get("problems") {
                None => Ok(Vec::new()),
                Some(problems) => serde_json::from_value(problems.clone())
                    .map_err(|_| SetIssue::Claim("problems")),
            }
        };
        if !payload.is_object() {
            return Err(SetIssue::Claim("events"));
        }
        Ok(match uri.strip_prefix(EVENTS) {
            Some("create-submission") => Self::Create,
            Some("submit-submission") => {
                Self::Submit(tags(true)?.ok_or(SetIssue::Claim("authenticationTags"))?)
            }
            Some("notify-submission") => Self::Notify,
            Some("forward-submission") => Self::Forward,
            Some("accept-submission") => Self::Accept {
                tags: tags(false)?,
                problems: problems()?,
            },
            Some("reject-submission") => {
                let problems = problems()?;
                if problems.is_empty() {
                    return Err(SetIssue::Claim("problems"));
                }
                Self::Reject(problems)
            }
            Some("delete-submission") => Self::Delete,
            _ => Self::Other(uri.to_owned()),
        })
    }
}

/// Who issued an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issuer {
    /// The delivery service, by its base URL.
    Service(String),
    /// The receiver, by its destination.
    Destination(DestinationId),
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(url) => f.write_str(url),
            Self::Destination(id) => id.fmt(f),
        }
    }
}

/// The claims of one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventToken {
    /// Unique id of the token (`jti`).
    pub id: einmal_model::reexport::Uuid,
    /// Who says it (`iss`).
    pub issuer: Issuer,
    /// When it was said (`iat`), whole seconds.
    pub issued_at: Instant,
    /// About which submission (`sub`).
    pub submission: SubmissionId,
    /// In which case (`txn`).
    pub case: CaseId,
    /// What is said (`events`).
    pub event: Event,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetIssue {
    /// No JWS, another algorithm, or a damaged header.
    #[error("not a JWS with PS512: {0}")]
    Jose(#[from] einmal_jose::JoseError),
    /// `typ` is not `secevent+jwt`.
    #[error("header `typ` is not secevent+jwt")]
    Type,
    /// `kid` is missing or names no signature key of the issuer.
    #[error("header `kid` names no key of the issuer for verifying PS512 with 4096 bits")]
    Key,
    /// A claim is missing or has the wrong form.
    #[error("claim `{0}` is missing or wrong")]
    Claim(&'static str),
    /// The version of the payload schema is not supported.
    #[error("Payload Schema not supported")]
    Schema,
    /// The tags are not those of the submission.
    #[error("the authentication tags differ from those of the submission")]
    Tags,
    /// An event that this author must not issue.
    #[error("this event is not the issuer's to issue")]
    Author,
}

impl EventToken {
    /// The claims as JSON.
    #[must_use]
    pub fn payload(&self) -> String {
        let mut events = Map::new();
        events.insert(self.event.uri(), self.event.payload());
        json!({
            "$schema": format!("{SCHEMA_START}{SCHEMA_VERSION}{SCHEMA_END}"),
            "jti": self.id.to_string(),
            "iss": self.issuer.to_string(),
            "iat": self.issued_at.as_seconds(),
            "sub": format!("submission:{}", self.submission),
            "txn": format!("case:{}", self.case),
            "events": events,
        })
        .to_string()
    }

    /// Reads the claims of a verified payload.
    ///
    /// # Errors
    /// [`SetIssue::Claim`] or [`SetIssue::Schema`].
    pub fn parse(payload: &[u8]) -> Result<Self, SetIssue> {
        let claims = strict::object(payload).map_err(|_| SetIssue::Claim("payload"))?;
        let text = |name: &'static str| {
            let value = claims.get(name).and_then(Value::as_str);
            value.ok_or(SetIssue::Claim(name))
        };
        let events = claims
            .get("events")
            .and_then(Value::as_object)
            .filter(|events| events.len() == 1)
            .and_then(|events| events.iter().next());
        let (uri, event_payload) = events.ok_or(SetIssue::Claim("events"))?;
        match claims.get("$schema") {
            // Without a schema only events without a payload are allowed.
            None if event_payload.as_object().is_some_and(Map::is_empty) => {}
            Some(Value::String(schema)) if supported_schema(schema) => {}
            Some(Value::String(_)) => return Err(SetIssue::Schema),
            _ => return Err(SetIssue::Claim("$schema")),
        }
        let issuer = text("iss")?;
        let issuer = if issuer.starts_with("http") {
            Issuer::Service(issuer.to_owned())
        } else {
            let id = issuer.parse().map_err(|_| SetIssue::Claim("iss"))?;
            Issuer::Destination(id)
        };
        let issued_at = claims
            .get("iat")
            .and_then(Value::as_i64)
            .filter(|seconds| (EARLIEST..1 << 40).contains(seconds))
            .ok_or(SetIssue::Claim("iat"))?;
        let submission = text("sub")?.strip_prefix("submission:");
        let case = text("txn")?.strip_prefix("case:");
        Ok(Self {
            id: einmal_model::parse_uuid(text("jti")?).map_err(|_| SetIssue::Claim("jti"))?,
            issuer,
            issued_at: Instant::from_micros(issued_at * 1_000_000),
            submission: submission
                .and_then(|id| id.parse().ok())
                .ok_or(SetIssue::Claim("sub"))?,
            case: case
                .and_then(|id| id.parse().ok())
                .ok_or(SetIssue::Claim("txn"))?,
            event: Event::parse(uri, event_payload)?,
        })
    }
}

/// Version 1 of the payload schema except 1.0.x, which the live service refuses.
fn supported_schema(schema: &str) -> bool {
    schema
        .strip_prefix(SCHEMA_START)
        .and_then(|rest| rest.strip_suffix(SCHEMA_END))
        .and_then(|version| version.strip_prefix("1."))
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(minor, patch)| {
            let number = |text: &str| text.parse::<u16>().is_ok();
            number(minor) && number(patch) && minor != "0"
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(event: Event) -> EventToken {
        EventToken {
            id: einmal_model::parse_uuid("0bf6dba9-0000-4000-8000-000000000001").unwrap(),
            issuer: Issuer::Service("https://delivery.example/submission-api".to_owned()),
            issued_at: Instant::from_micros(1_790_000_000_000_000),
            submission: "ce75a6b8-d72f-4b94-b09e-af6be35bc2ae".parse().unwrap(),
            case: "e89e107e-ed79-40e6-ad34-4e770f9df26d".parse().unwrap(),
            event,
        }
    }

    fn tags() -> Tags {
        Tags {
            metadata: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            data: Some("BAAAAAAAAAAAAAAAAAAAAA".parse().unwrap()),
            attachments: BTreeMap::from([(
                "123ee109-0000-4000-8000-000000000001".parse().unwrap(),
                "CAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            )]),
        }
    }

    #[test]
    fn every_event_is_read_back_as_it_was_written() {
        let problem = Rejection::new("schema-violation", "Schema", "`G1` is missing", "data");
        for event in [
            Event::Create,
            Event::Submit(tags()),
            Event::Notify,
            Event::Forward,
            Event::Accept {
                tags: Some(tags()),
                problems: vec![problem.clone()],
            },
            Event::Reject(vec![problem]),
            Event::Delete,
            Event::Other("https://schema.fitko.de/fit-connect/events/create-reply".to_owned()),
        ] {
            let token = token(event);
            let read = EventToken::parse(token.payload().as_bytes());
            assert_eq!(read, Ok(token));
        }
    }

    #[test]
    fn writes_the_claims_of_the_digest() {
        let payload: Value = serde_json::from_str(&token(Event::Submit(tags())).payload()).unwrap();
        assert_eq!(
            payload["events"]["https://schema.fitko.de/fit-connect/events/submit-submission"]["authenticationTags"]
                ["attachments"]["123ee109-0000-4000-8000-000000000001"],
            "CAAAAAAAAAAAAAAAAAAAAA"
        );
        assert_eq!(
            payload["sub"],
            "submission:ce75a6b8-d72f-4b94-b09e-af6be35bc2ae"
        );
        assert_eq!(payload["txn"], "case:e89e107e-ed79-40e6-ad34-4e770f9df26d");
        assert_eq!(payload["iat"], 1_790_000_000);
        assert_eq!(
            payload["$schema"],
            "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
        );
    }

    #[test]
    fn refuses_wrong_claims() {
        let good = token(Event::Reject(vec![Rejection::new(
            "other", "t", "d", "data",
        )]))
        .payload();
        let parse = |text: &str| EventToken::parse(text.as_bytes());
        assert!(parse(&good).is_ok());
        for (from, to, issue) in [
            ("/1.2.2/", "/1.0.0/", SetIssue::Schema),
            ("/1.2.2/", "/2.0.0/", SetIssue::Schema),
            ("submission:", "reply:", SetIssue::Claim("sub")),
            ("\"case:", "\"", SetIssue::Claim("txn")),
            ("1790000000", "1577833199", SetIssue::Claim("iat")),
            ("1790000000", "\"1790000000\"", SetIssue::Claim("iat")),
            ("1790000000", "99999999999999999", SetIssue::Claim("iat")),
            ("0bf6dba9-", "", SetIssue::Claim("jti")),
            (
                "https://delivery.example",
                "ftp://x",
                SetIssue::Claim("iss"),
            ),
            ("\"problems\"", "\"reasons\"", SetIssue::Claim("problems")),
            ("\"title\"", "\"tile\"", SetIssue::Claim("problems")),
            ("\"$schema\"", "\"schema\"", SetIssue::Claim("$schema")),
            (
                "\"iat\"",
                "\"jti\":\"x\",\"iat\"",
                SetIssue::Claim("payload"),
            ),
        ] {
            let wrong = good.replace(from, to);
            assert_ne!(wrong, good, "{from}");
            assert_eq!(parse(&wrong), Err(issue), "{from} → {to}");
        }
        assert_eq!(parse("[]"), Err(SetIssue::Claim("payload")));
        let two = good.replace("\"events\":{", "\"events\":{\"https://x\":{},");
        assert_eq!(parse(&two), Err(SetIssue::Claim("events")));
    }
}

//! Checking and sending: who receives what, one durable transaction, the confirmation.

use einmal_model::{Instant, Language};
use einmal_storage::{Tx, args, audit, jobs, transaction};

use crate::content::{Leg, label};
use crate::error::ApplicationError;
use crate::ids::{ApplicationId, LegId};
use crate::journey::Journey;
use crate::message::{self, Envelope};
use crate::page;
use crate::port::Authority;
use crate::service::{Applications, place_for};
use crate::store;
use crate::view::{
    BlockedLeg, CheckAnswers, Confirmation, Label, LegHistoryEntry, LegState, LegStatus,
    ReceiverLeg, ReceiversView,
};
use crate::words::{self, Blocked};

/// Queue of the jobs that deliver legs.
pub(crate) const DELIVER: &str = "application.deliver";

/// Characters of reference numbers: none that look or sound alike.
const REFERENCE: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTWXYZ";

impl Applications {
    /// All answers with their origins.
    ///
    /// # Errors
    /// Not found, already sent, database.
    pub async fn check(
        &self,
        account: &str,
        id: ApplicationId,
        language: Language,
    ) -> Result<CheckAnswers, ApplicationError> {
        let stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        Ok(page::check_answers(&journey, id, stored.version, language))
    }

    /// Who receives what, from the messages that would be sent now.
    ///
    /// # Errors
    /// Not found, already sent, open questions, directory, database.
    pub async fn receivers(
        &self,
        account: &str,
        id: ApplicationId,
        language: Language,
    ) -> Result<ReceiversView, ApplicationError> {
        let stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        complete(&journey)?;
        let (mut legs, mut blocked) = (Vec::new(), Vec::new());
        for leg in journey.legs() {
            match self.office(&journey, leg).await? {
                Ok((authority, _)) => {
                    message::form_data(&journey, leg)?;
                    legs.push(ReceiverLeg {
                        leg: leg.id.clone(),
                        title: label(&leg.title, language),
                        authority: authority.name,
                        rows: message::receiver_rows(&journey, leg, language),
                    });
                }
                Err(reason) => blocked.push(BlockedLeg {
                    leg: leg.id.clone(),
                    title: label(&leg.title, language),
                    reason: words::blocked(leg.office.in_language(language), reason, language),
                }),
            }
        }
        Ok(ReceiversView {
            id,
            version: stored.version,
            legs,
            blocked,
        })
    }

    /// The office of a leg and its destination, or why there is none.
    async fn office(
        &self,
        journey: &Journey<'_>,
        leg: &Leg,
    ) -> Result<Result<(Authority, String), Blocked>, ApplicationError> {
        let Some(place) = place_for(journey, leg) else {
            return Ok(Err(Blocked::PlaceUnknown));
        };
        let authority = self.authorities.find(&leg.leika, place.ars).await?;
        Ok(match authority {
            None => Err(Blocked::NothingRegistered),
            Some(authority) => match authority.destination.clone() {
                None => Err(Blocked::NotOnline),
                Some(destination) => Ok((authority, destination)),
            },
        })
    }

    /// Sends the application: one durable transaction makes it final, writes one leg per office
    /// and the job that delivers it. Sending again changes nothing; the confirmation is the same.
    ///
    /// # Errors
    /// Not found, [`ApplicationError::Stale`], open questions, legs without an office, directory,
    /// database.
    pub async fn send(
        &self,
        account: &str,
        id: ApplicationId,
        version: i64,
    ) -> Result<(), ApplicationError> {
        let stored = self.load(account, id).await?;
        if stored.sent_at.is_some() {
            return Ok(());
        }
        let event = self.life_event(&stored.life_event)?;
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        complete(&journey)?;
        let now = self.clock.now();
        let reference = self.reference();
        let (mut legs, mut blocked) = (Vec::new(), Vec::new());
        for leg in journey.legs() {
            match self.office(&journey, leg).await? {
                Err(_) => blocked.push(leg.id.clone()),
                Ok((authority, destination)) => {
                    let envelope = Envelope {
                        destination,
                        attachment: self.uuid(),
                        reference: reference.clone(),
                        date: now.date_in_germany(),
                    };
                    let message = message::build(&journey, leg, &envelope)?;
                    let leg_id = LegId::new(&*self.clock, &*self.random);
                    let sealed = store::seal_message(&self.crypter, leg_id, &message)?;
                    legs.push(NewLeg {
                        id: leg_id,
                        leg: leg.id.clone(),
                        authority,
                        destination: envelope.destination,
                        sealed,
                    });
                }
            }
        }
        if !blocked.is_empty() {
            return Err(ApplicationError::Blocked(blocked));
        }
        let record = sent_record(&stored.life_event, &reference, &legs);
        let outcome = transaction!(self.db, "application.send", |tx| {
            let changed = tx
                .execute(
                    "update application set state = 'sent', sent_at = $4, saved_at = $4,
                        reference = $5, version = version + 1
                     where id = $1 and account = $2 and version = $3 and state = 'draft'",
                    args![id.to_string(), account, version, now, &reference],
                )
                .await?;
            if changed != 1 {
                return Err(ApplicationError::Stale);
            }
            for (position, leg) in legs.iter().enumerate() {
                write_leg(tx, id, position, leg, now).await?;
            }
            let stream = format!("application:{id}");
            audit::append(tx, &stream, "application.sent", &record, now).await?;
            Ok(())
        });
        match outcome {
            // Somebody else was faster: if the application is sent by now, all is well.
            Err(ApplicationError::Stale) => match self.load(account, id).await?.sent_at {
                Some(_) => Ok(()),
                None => Err(ApplicationError::Stale),
            },
            other => other,
        }
    }

    fn reference(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.random.fill(&mut bytes);
        let mut reference = String::with_capacity(11);
        // Bytes above the largest multiple of 29 would favour some characters; the rest suffices.
        let fair = bytes.iter().filter(|byte| **byte < 232).take(10);
        for (place, byte) in fair.enumerate() {
            if place == 5 {
                reference.push('-');
            }
            if let Some(character) = REFERENCE.get(usize::from(*byte % 29)) {
                reference.push(char::from(*character));
            }
        }
        reference
    }

    fn uuid(&self) -> String {
        einmal_model::new_uuid(&*self.clock, &*self.random).to_string()
    }

    /// Confirmation and status page of a sent application.
    ///
    /// # Errors
    /// Not found (also for drafts), database.
    pub async fn confirmation(
        &self,
        account: &str,
        id: ApplicationId,
        language: Language,
    ) -> Result<Confirmation, ApplicationError> {
        let mut read = self.db.read().await?;
        let stored = store::load(&mut read, &self.crypter, account, id, self.clock.now()).await?;
        let (Some(sent_at), Some(reference)) = (stored.sent_at, stored.reference) else {
            return Err(ApplicationError::NotFound);
        };
        let event = self.life_event(&stored.life_event)?;
        let history = store::history_of(&mut read, id).await?;
        let legs = store::legs_of(&mut read, id).await?;
        Ok(Confirmation {
            id,
            title: label(&event.title, language),
            reference,
            sent_at,
            legs: legs
                .into_iter()
                .map(|leg| {
                    let content = event.leg(&leg.leg);
                    let text = |get: fn(&Leg) -> &einmal_model::LocalText| {
                        content
                            .map(|leg| label(get(leg), language))
                            .unwrap_or_default()
                    };
                    LegStatus {
                        title: text(|leg| &leg.title),
                        // What follows an acceptance does not follow a refusal.
                        next: match leg.state {
                            LegState::Rejected | LegState::Undeliverable => Label::default(),
                            _ => text(|leg| &leg.next),
                        },
                        state_label: words::leg_state(leg.state, language),
                        sentence: words::leg_sentence(
                            leg.state,
                            &leg.authority,
                            leg.since,
                            sent_at,
                            &leg.reasons,
                            language,
                        ),
                        not_picked_up_since: (leg.state == LegState::Delivered)
                            .then_some(leg.since),
                        history: history
                            .iter()
                            .filter(|(of, _, _)| *of == leg.id)
                            .map(|(_, at, state)| LegHistoryEntry {
                                at: *at,
                                state: *state,
                                text: words::leg_history(*state, language).to_owned(),
                            })
                            .collect(),
                        id: leg.id,
                        leg: leg.leg,
                        authority: leg.authority,
                        address: leg.address,
                        state: leg.state,
                        since: leg.since,
                    }
                })
                .collect(),
        })
    }
}

struct NewLeg {
    id: LegId,
    leg: String,
    authority: Authority,
    destination: String,
    sealed: Vec<u8>,
}

/// What the audit log keeps of a sent application: receivers, no answers.
fn sent_record(life_event: &str, reference: &str, legs: &[NewLeg]) -> String {
    let legs: Vec<serde_json::Value> = legs
        .iter()
        .map(|leg| {
            serde_json::json!({
                "id": leg.id.to_string(),
                "leg": leg.leg,
                "destination": leg.destination,
            })
        })
        .collect();
    serde_json::json!({ "life_event": life_event, "reference": reference, "legs": legs })
        .to_string()
}

async fn write_leg(
    tx: &mut Tx,
    application: ApplicationId,
    position: usize,
    leg: &NewLeg,
    now: Instant,
) -> Result<(), ApplicationError> {
    let id = leg.id.to_string();
    tx.execute(
        "insert into application_leg (id, application_id, position, leg, authority, address,
            destination, state, since, message)
         values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)",
        args![
            &id,
            application.to_string(),
            i64::try_from(position).unwrap_or_default(),
            &leg.leg,
            &leg.authority.name,
            leg.authority.address.clone(),
            &leg.destination,
            now,
            &leg.sealed
        ],
    )
    .await?;
    tx.execute(
        "insert into application_leg_event (leg_id, number, at, state) values ($1, 1, $2, 'queued')",
        args![&id, now],
    )
    .await?;
    jobs::enqueue(
        tx,
        &jobs::Job {
            queue: DELIVER,
            key: id.clone(),
            payload: serde_json::json!({ "leg": id }).to_string(),
            run_at: now,
        },
    )
    .await?;
    Ok(())
}

fn complete(journey: &Journey<'_>) -> Result<(), ApplicationError> {
    if journey.legs().is_empty() {
        return Err(ApplicationError::NoLegs);
    }
    match journey.open().count() {
        0 => Ok(()),
        open => Err(ApplicationError::Incomplete(open)),
    }
}

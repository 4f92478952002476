//! Drafts and sending, on the database. What pages call.

use std::collections::BTreeMap;
use std::sync::Arc;

use einmal_model::{Clock, Fact, Instant, Language, Origin, Random};
use einmal_storage::{Crypter, Db, Query, Tx, args, audit, jobs, transaction};

use crate::content::{Leg, LifeEvent, label};
use crate::error::ApplicationError;
use crate::ids::{ApplicationId, LegId};
use crate::input::{self, FoundPlaces, PageInput};
use crate::journey::Journey;
use crate::message::{self, Envelope};
use crate::page::{self, PageErrors, Shown};
use crate::plan;
use crate::port::{Authority, AuthorityDirectory, PlaceDirectory};
use crate::store::{self, Stored};
use crate::value::{Answer, Answers, FactValue};
use crate::view::{
    ApplicationSummary, BlockedLeg, CheckAnswers, Confirmation, LegHistoryEntry, LegState,
    LegStatus, LifeEventCard, Place, PlanView, QuestionPage, ReceiverLeg, ReceiversView,
    SectionStatus, SectionView, TaskListView,
};
use crate::words::{self, Blocked};

/// Queue of the jobs that deliver legs.
pub(crate) const DELIVER: &str = "application.deliver";

/// Characters of reference numbers: none that look or sound alike.
const REFERENCE: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTWXYZ";

/// What the means of identification told about the person at login.
#[derive(Clone, PartialEq, Eq)]
pub struct Identification {
    /// Name of the means, as shown to people.
    pub means: String,
    /// True for the simulated provider.
    pub simulated: bool,
    /// Attributes by the names that life events use: `given_names`, `family_name`, `birth_name`,
    /// `birth_date` (ISO), `street`, `house_number`, `place` ("28195 Bremen"), `nationality`,
    /// `tax_id`, `email`.
    pub attributes: BTreeMap<String, String>,
}

impl std::fmt::Debug for Identification {
    /// Names of the attributes only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identification")
            .field("means", &self.means)
            .field("simulated", &self.simulated)
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// What a new draft begins with.
#[derive(Debug, Clone)]
pub struct NewApplication<'a> {
    /// Id of the life event.
    pub life_event: &'a str,
    /// Keys of the chosen legs.
    pub legs: &'a [String],
    /// Places from the preview, by role.
    pub places: &'a BTreeMap<String, Place>,
    /// What the login told.
    pub identification: Option<&'a Identification>,
}

/// What saving a page led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedPage {
    /// Saved. The next open question; nothing when the answers are to be checked.
    Next(Option<String>),
    /// Not saved: the page with the input and what is wrong with it (HTTP 422).
    Invalid(Box<QuestionPage>),
    /// Not saved: the draft was changed elsewhere. The page with the input and the new version
    /// (HTTP 409); sending it again saves it.
    Stale(Box<QuestionPage>),
}

/// Life events, drafts and sending. Cheap to clone.
#[derive(Clone)]
pub struct Applications {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    crypter: Crypter,
    events: Arc<Vec<LifeEvent>>,
    authorities: Arc<dyn AuthorityDirectory>,
    places: Arc<dyn PlaceDirectory>,
}

/// What [`Applications`] stands on.
pub struct Foundation {
    /// The portal's database, migrated with [`crate::MIGRATIONS`].
    pub db: Db,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Field encryption.
    pub crypter: Crypter,
    /// The life events on offer.
    pub events: Vec<LifeEvent>,
    /// Finds offices.
    pub authorities: Arc<dyn AuthorityDirectory>,
    /// Finds places.
    pub places: Arc<dyn PlaceDirectory>,
}

impl Applications {
    /// Puts the parts together.
    #[must_use]
    pub fn new(foundation: Foundation) -> Self {
        Self {
            db: foundation.db,
            clock: foundation.clock,
            random: foundation.random,
            crypter: foundation.crypter,
            events: Arc::new(foundation.events),
            authorities: foundation.authorities,
            places: foundation.places,
        }
    }

    // ------------------------------------------------------------------------- before login

    /// All life events.
    #[must_use]
    pub fn life_events(&self) -> &[LifeEvent] {
        &self.events
    }

    /// Cards for start and search pages.
    #[must_use]
    pub fn cards(&self, language: Language) -> Vec<LifeEventCard> {
        self.events
            .iter()
            .map(|event| event.card(language))
            .collect()
    }

    /// A life event by id.
    ///
    /// # Errors
    /// [`ApplicationError::NoSuchLifeEvent`].
    pub fn life_event(&self, id: &str) -> Result<&LifeEvent, ApplicationError> {
        self.events
            .iter()
            .find(|event| event.id == id)
            .ok_or(ApplicationError::NoSuchLifeEvent)
    }

    /// The plan for the places known so far (role → place).
    ///
    /// # Errors
    /// Unknown life event, or the directory does not answer.
    pub async fn plan(
        &self,
        life_event: &str,
        places: &BTreeMap<String, Place>,
        language: Language,
    ) -> Result<PlanView, ApplicationError> {
        let event = self.life_event(life_event)?;
        Ok(plan::plan(event, places, &*self.authorities, language).await?)
    }

    /// Places for what a person typed, most likely first.
    ///
    /// # Errors
    /// The directory does not answer.
    pub async fn find_places(&self, typed: &str) -> Result<Vec<Place>, ApplicationError> {
        Ok(self.places.find(typed).await?)
    }

    // ------------------------------------------------------------------------------- drafts

    /// Begins a draft. Places and attributes of the login become unconfirmed facts: they are shown
    /// with their origin and used only after the person has confirmed them on the page.
    ///
    /// # Errors
    /// Unknown life event, no chosen leg, database.
    pub async fn create(
        &self,
        account: &str,
        new: NewApplication<'_>,
    ) -> Result<ApplicationId, ApplicationError> {
        let event = self.life_event(new.life_event)?;
        let legs = known_legs(event, new.legs)?;
        let now = self.clock.now();
        let mut answers = Answers::default();
        for role in &event.places {
            if let Some(place) = new.places.get(&role.role) {
                suggest(
                    &mut answers,
                    &role.fact,
                    FactValue::Place(place.clone()),
                    Origin::Person,
                    now,
                );
            }
        }
        if let Some(identification) = new.identification {
            self.suggest_identification(event, identification, &mut answers, now)
                .await?;
        }
        let id = ApplicationId::new(&*self.clock, &*self.random);
        let sealed = store::seal_answers(&self.crypter, id, &answers)?;
        let expires = now.plus_seconds(i64::from(event.draft_days) * 86_400);
        transaction!(self.db, "application.create", |tx| {
            tx.execute(
                "insert into application (id, account, life_event, content_version, legs, state,
                    version, answers, created_at, saved_at, expires_at)
                 values ($1, $2, $3, $4, $5, 'draft', 1, $6, $7, $7, $8)",
                args![
                    id.to_string(),
                    account,
                    &event.id,
                    &event.version,
                    store::list_text(&legs),
                    &sealed,
                    now,
                    expires
                ],
            )
            .await?;
            Ok::<_, ApplicationError>(())
        })?;
        Ok(id)
    }

    async fn suggest_identification(
        &self,
        event: &LifeEvent,
        identification: &Identification,
        answers: &mut Answers,
        now: Instant,
    ) -> Result<(), ApplicationError> {
        for (attribute, key) in &event.identification {
            let (Some(value), Some(spec)) = (
                identification.attributes.get(attribute),
                event.facts.get(key),
            ) else {
                continue;
            };
            let typed = PageInput::from([(key.clone(), value.clone())]);
            let mut found = FoundPlaces::new();
            if let Some(question) = event.question_for(key) {
                for query in input::place_queries(question, &event.facts, &typed) {
                    found.insert(query.clone(), self.places.find(&query).await?);
                }
            }
            let context = input::Context {
                today: self.clock.today(),
                places: &found,
                stored: None,
            };
            // An attribute that does not fit is not used: the person answers the question.
            if let Ok(Some(value)) = input::read(spec, &typed, context) {
                let origin = Origin::Identification {
                    means: identification.means.clone(),
                    simulated: identification.simulated,
                };
                suggest(answers, key, value, origin, now);
            }
        }
        Ok(())
    }

    /// Drafts and sent applications of an account, the latest first.
    ///
    /// # Errors
    /// Database.
    pub async fn list(
        &self,
        account: &str,
        language: Language,
    ) -> Result<Vec<ApplicationSummary>, ApplicationError> {
        let rows = self
            .db
            .read()
            .await?
            .fetch_all(
                "select id, life_event, reference, saved_at, sent_at, expires_at from application
                 where account = $1 and (sent_at is not null or expires_at > $2)
                 order by saved_at desc, id limit 100",
                args![account, self.clock.now()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let event = self.life_event(&row.text("life_event")?).ok();
                Ok(ApplicationSummary {
                    id: row.parse("id")?,
                    title: event
                        .map(|event| label(&event.title, language))
                        .unwrap_or_default(),
                    reference: row.opt_text("reference")?,
                    saved_at: row.instant("saved_at")?,
                    sent_at: row.opt_instant("sent_at")?,
                    expires_at: row.instant("expires_at")?,
                })
            })
            .collect()
    }

    async fn load(&self, account: &str, id: ApplicationId) -> Result<Stored, ApplicationError> {
        let mut read = self.db.read().await?;
        store::load(&mut read, &self.crypter, account, id, self.clock.now()).await
    }

    /// The task list of a draft.
    ///
    /// # Errors
    /// Not found, already sent, directory, database.
    pub async fn task_list(
        &self,
        account: &str,
        id: ApplicationId,
        language: Language,
    ) -> Result<TaskListView, ApplicationError> {
        let stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        let sections: Vec<SectionView> = journey
            .sections()
            .into_iter()
            .map(|(section, status, question)| SectionView {
                section: section.id.clone(),
                title: label(&section.title, language),
                status,
                status_label: words::section_status(status, language),
                why: words::section_why(status, language),
                question: question.map(|question| question.id.clone()),
            })
            .collect();
        let (mut legs, mut other_legs) = (Vec::new(), Vec::new());
        for leg in &event.legs {
            let place = place_for(&journey, leg);
            let view = plan::plan_leg(leg, place, &*self.authorities, language).await?;
            if stored.legs.contains(&leg.id) {
                legs.push(view);
            } else {
                other_legs.push(view);
            }
        }
        Ok(TaskListView {
            id,
            title: label(&event.title, language),
            done: sections
                .iter()
                .filter(|section| section.status == SectionStatus::Done)
                .count(),
            sections,
            legs,
            other_legs,
            complete: journey.is_complete(),
            saved_at: stored.saved_at,
            expires_at: stored.expires_at,
            version: stored.version,
        })
    }

    /// Chooses other legs. Answers stay.
    ///
    /// # Errors
    /// Not found, already sent, [`ApplicationError::Stale`], no leg, database.
    pub async fn choose_legs(
        &self,
        account: &str,
        id: ApplicationId,
        version: i64,
        legs: &[String],
    ) -> Result<(), ApplicationError> {
        let stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let legs = known_legs(event, legs)?;
        self.save(account, &stored, version, &legs, &stored.answers, event)
            .await
    }

    /// A question page with what is stored.
    ///
    /// # Errors
    /// Not found, already sent, [`ApplicationError::NoSuchQuestion`] also when the question does
    /// not apply, database.
    pub async fn question(
        &self,
        account: &str,
        id: ApplicationId,
        question: &str,
        language: Language,
    ) -> Result<QuestionPage, ApplicationError> {
        let stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        let question = journey
            .question(question)
            .ok_or(ApplicationError::NoSuchQuestion)?;
        let shown = Shown {
            id,
            version: stored.version,
            language,
            typed: None,
            errors: &PageErrors::new(),
            places: &FoundPlaces::new(),
        };
        Ok(page::question_page(&journey, question, shown))
    }

    /// Saves a posted page.
    ///
    /// # Errors
    /// Not found, already sent, no such question, directory, database.
    pub async fn save_page(
        &self,
        account: &str,
        id: ApplicationId,
        question: &str,
        version: i64,
        typed: &PageInput,
        language: Language,
    ) -> Result<SavedPage, ApplicationError> {
        let mut stored = self.load(account, id).await?.draft()?;
        let event = self.life_event(&stored.life_event)?;
        let question = event
            .question(question)
            .ok_or(ApplicationError::NoSuchQuestion)?;
        let mut found = FoundPlaces::new();
        for query in input::place_queries(question, &event.facts, typed) {
            found.insert(query.clone(), self.places.find(&query).await?);
        }
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        if journey.question(&question.id).is_none() {
            return Err(ApplicationError::NoSuchQuestion);
        }
        let show = |stored: &Stored, errors: &PageErrors| {
            let journey = Journey::new(event, &stored.legs, &stored.answers);
            let shown = Shown {
                id,
                version: stored.version,
                language,
                typed: Some(typed),
                errors,
                places: &found,
            };
            Box::new(page::question_page(&journey, question, shown))
        };
        match page::read_page(&journey, question, typed, &found, &*self.clock) {
            Err(errors) => return Ok(SavedPage::Invalid(show(&stored, &errors))),
            Ok(_) if version != stored.version => {
                return Ok(SavedPage::Stale(show(&stored, &PageErrors::new())));
            }
            Ok(answers) => page::apply(&mut stored.answers, question, answers),
        }
        match self
            .save(
                account,
                &stored,
                version,
                &stored.legs,
                &stored.answers,
                event,
            )
            .await
        {
            Ok(()) => {}
            Err(ApplicationError::Stale) => {
                let fresh = self.load(account, id).await?.draft()?;
                return Ok(SavedPage::Stale(show(&fresh, &PageErrors::new())));
            }
            Err(error) => return Err(error),
        }
        let journey = Journey::new(event, &stored.legs, &stored.answers);
        Ok(SavedPage::Next(
            journey.next(&question.id).map(|next| next.id.clone()),
        ))
    }

    async fn save(
        &self,
        account: &str,
        stored: &Stored,
        version: i64,
        legs: &[String],
        answers: &Answers,
        event: &LifeEvent,
    ) -> Result<(), ApplicationError> {
        let now = self.clock.now();
        let sealed = store::seal_answers(&self.crypter, stored.id, answers)?;
        let expires = now.plus_seconds(i64::from(event.draft_days) * 86_400);
        let id = stored.id.to_string();
        let saved = transaction!(self.db, "application.save", |tx| {
            tx.execute(
                "update application set legs = $4, answers = $5, saved_at = $6, expires_at = $7,
                    version = version + 1
                 where id = $1 and account = $2 and version = $3 and state = 'draft'",
                args![
                    &id,
                    account,
                    version,
                    store::list_text(legs),
                    &sealed,
                    now,
                    expires
                ],
            )
            .await
            .map_err(ApplicationError::from)
        })?;
        if saved == 1 {
            Ok(())
        } else {
            Err(ApplicationError::Stale)
        }
    }

    /// Deletes a draft.
    ///
    /// # Errors
    /// Not found, already sent, database.
    pub async fn delete_draft(
        &self,
        account: &str,
        id: ApplicationId,
    ) -> Result<(), ApplicationError> {
        self.load(account, id).await?.draft()?;
        transaction!(self.db, "application.delete", |tx| {
            tx.execute(
                "delete from application where id = $1 and account = $2 and state = 'draft'",
                args![id.to_string(), account],
            )
            .await
            .map_err(ApplicationError::from)
        })?;
        Ok(())
    }

    /// Erases drafts whose time is over; returns how many.
    ///
    /// # Errors
    /// Database.
    pub async fn erase_expired_once(&self) -> Result<u64, ApplicationError> {
        let now = self.clock.now();
        transaction!(self.db, "application.erase", |tx| {
            tx.execute(
                "delete from application where state = 'draft' and expires_at <= $1",
                args![now],
            )
            .await
            .map_err(ApplicationError::from)
        })
    }

    // ---------------------------------------------------------------------- check and send

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
                        next: text(|leg| &leg.next),
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

fn known_legs(event: &LifeEvent, wanted: &[String]) -> Result<Vec<String>, ApplicationError> {
    let legs: Vec<String> = event
        .legs
        .iter()
        .filter(|leg| wanted.contains(&leg.id))
        .map(|leg| leg.id.clone())
        .collect();
    if legs.is_empty() {
        return Err(ApplicationError::NoLegs);
    }
    Ok(legs)
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

fn suggest(answers: &mut Answers, fact: &str, value: FactValue, origin: Origin, at: Instant) {
    let answer = Answer {
        fact: Fact {
            value,
            origin,
            at,
            dispute: None,
        },
        confirmed: false,
    };
    answers.facts.insert(fact.to_owned(), answer);
}

/// The place that decides about a leg's office, confirmed or not.
fn place_for<'a>(journey: &Journey<'a>, leg: &'a Leg) -> Option<&'a Place> {
    let fact = journey.deciding_place(leg)?;
    match &journey.answers().facts.get(fact)?.fact.value {
        FactValue::Place(place) => Some(place),
        _ => None,
    }
}

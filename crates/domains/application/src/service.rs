//! Life events, the plan and drafts, on the database. What pages call.

use std::collections::BTreeMap;
use std::sync::Arc;

use einmal_model::{Clock, Fact, Instant, Language, Origin, Random};
use einmal_storage::{Crypter, Db, Query, args, transaction};

use crate::content::{Leg, LifeEvent, label};
use crate::error::ApplicationError;
use crate::ids::ApplicationId;
use crate::input::{self, FoundPlaces, PageInput};
use crate::journey::Journey;
use crate::page::{self, PageErrors, Shown};
use crate::plan;
use crate::port::{AuthorityDirectory, PlaceDirectory};
use crate::store::{self, Stored};
use crate::value::{Answer, Answers, FactValue};
use crate::view::{
    ApplicationSummary, LifeEventCard, Place, PlanView, QuestionPage, SectionStatus, SectionView,
    TaskListView,
};
use crate::words;

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
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) crypter: Crypter,
    events: Arc<Vec<LifeEvent>>,
    pub(crate) authorities: Arc<dyn AuthorityDirectory>,
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

    pub(crate) async fn load(
        &self,
        account: &str,
        id: ApplicationId,
    ) -> Result<Stored, ApplicationError> {
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
            Ok(answers) if version != stored.version => {
                // A second click on the same button: what it says is there already.
                if page::is_answered(&stored.answers, question, &answers) {
                    let next = journey.next(&question.id).map(|next| next.id.clone());
                    return Ok(SavedPage::Next(next));
                }
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
pub(crate) fn place_for<'a>(journey: &Journey<'a>, leg: &'a Leg) -> Option<&'a Place> {
    let fact = journey.deciding_place(leg)?;
    match &journey.answers().facts.get(fact)?.fact.value {
        FactValue::Place(place) => Some(place),
        _ => None,
    }
}

//! What pages show, as plain data in the wanted language. Templates print these structs and
//! decide nothing.

use einmal_model::{Ars, Instant};

use crate::ids::{ApplicationId, LegId};

/// A short text and the language it really is in, so that pages can mark a deviating language
/// (WCAG 3.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The text.
    pub text: String,
    /// `lang` attribute, only when it deviates from the language of the page.
    pub lang: Option<&'static str>,
}

/// A life event on start and search pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEventCard {
    /// Path segment, for example `geburt`.
    pub id: String,
    /// Title.
    pub title: Label,
    /// One or two sentences.
    pub teaser: Label,
}

/// The plan that is shown before login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanView {
    /// The life event.
    pub event: LifeEventCard,
    /// The places to ask for, with what was chosen already.
    pub places: Vec<PlaceRoleView>,
    /// One row per benefit.
    pub legs: Vec<PlanLegView>,
}

/// A place the plan depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRoleView {
    /// Name of the input, for example `birth`.
    pub role: String,
    /// What to ask, for example "Wo wurde Ihr Kind geboren?".
    pub label: Label,
    /// Explanation below the label.
    pub hint: Label,
    /// The chosen place.
    pub chosen: Option<Place>,
}

/// A place chosen from the directory of municipalities.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Region key.
    pub ars: Ars,
    /// Name as officially written.
    pub name: String,
    /// Postcode, when the person gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Kreis or Land, to tell places of the same name apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// One benefit in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLegView {
    /// Key of the leg, for example `kindergeld`; value of its checkbox.
    pub leg: String,
    /// Title of the benefit.
    pub title: Label,
    /// What the person gets.
    pub teaser: Label,
    /// Why this office: which place decides, in one sentence.
    pub why: Label,
    /// Which place role decides.
    pub role: String,
    /// Until when to act, in one sentence; empty when there is no term.
    pub deadline: Label,
    /// LeiKa key of the benefit (links to the service page).
    pub leika: String,
    /// The office, or why there is none.
    pub authority: AuthorityView,
}

/// The office of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorityView {
    /// The deciding place is not known yet.
    PlaceUnknown,
    /// Nothing is registered for this place. The page says so honestly.
    NothingRegistered,
    /// The office exists but takes no online applications.
    NotOnline {
        /// The office.
        name: String,
        /// Postal address in one line.
        address: Option<String>,
    },
    /// The office takes the application online.
    Online {
        /// The office.
        name: String,
        /// Postal address in one line.
        address: Option<String>,
    },
}

/// State of a section in the task list (ux.md §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionStatus {
    /// "Noch nicht begonnen".
    NotStarted,
    /// "In Arbeit".
    InProgress,
    /// "Fertig".
    Done,
    /// "Noch nicht möglich": not a link, and says why.
    NotYet,
    /// "Bitte prüfen": holds values from elsewhere that nobody has confirmed.
    PleaseCheck,
}

/// One section in the task list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionView {
    /// Key of the section.
    pub section: String,
    /// Title.
    pub title: Label,
    /// State.
    pub status: SectionStatus,
    /// State as a word.
    pub status_label: &'static str,
    /// Why the section is not possible yet; empty otherwise.
    pub why: &'static str,
    /// Question the link leads to: the first open one, or the first of the section.
    pub question: Option<String>,
}

/// The task list: home of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskListView {
    /// The draft.
    pub id: ApplicationId,
    /// Title of the life event.
    pub title: Label,
    /// Sections in order.
    pub sections: Vec<SectionView>,
    /// Sections that are done.
    pub done: usize,
    /// Chosen legs with their offices at the places known by now.
    pub legs: Vec<PlanLegView>,
    /// Legs that exist but were not chosen.
    pub other_legs: Vec<PlanLegView>,
    /// True when every question of every section is answered.
    pub complete: bool,
    /// "Gespeichert um 14:02 Uhr".
    pub saved_at: Instant,
    /// The draft is erased after this instant.
    pub expires_at: Instant,
    /// Version for double tabs; goes into every form as a hidden field.
    pub version: i64,
}

/// One question page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionPage {
    /// The draft.
    pub id: ApplicationId,
    /// Version for double tabs; goes into the form as a hidden field.
    pub version: i64,
    /// Key of the question: path segment.
    pub question: String,
    /// Caption: title of the section.
    pub section: Label,
    /// "Schritt 2 von 5": position of the section, from 1.
    pub section_number: usize,
    /// Number of sections.
    pub section_count: usize,
    /// The `h1`: legend of the fieldset, or label when there is one field only.
    pub title: Label,
    /// Hint below the title; may be empty.
    pub hint: Label,
    /// Longer explanation with the legal reason ("Warum fragen wir das?"); may be empty.
    pub details: Label,
    /// Fields in order.
    pub fields: Vec<FieldView>,
    /// Offices that get this answer ("Diese Angabe bekommen: …").
    pub receivers: Vec<String>,
    /// Error summary: empty when the page is shown without errors.
    pub errors: Vec<FieldError>,
    /// Previous question of the path; nothing at the first one (back leads to the task list).
    pub back: Option<String>,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Name of the input: the key of the fact, for example `child.birth_date`. For dates the page
    /// posts `NAME.day`, `NAME.month`, `NAME.year` or the whole date as `NAME`; both are accepted.
    pub name: String,
    /// HTML id: the name with `-` for `.`. Error links lead to it (for dates and choices: to the
    /// first input).
    pub id: String,
    /// Label.
    pub label: Label,
    /// Hint; may be empty.
    pub hint: Label,
    /// What to render.
    pub widget: Widget,
    /// True when the field may stay empty ("(freiwillig)").
    pub optional: bool,
    /// What the person typed, or the stored value in editable form.
    pub value: String,
    /// Value of the `autocomplete` attribute; empty for none.
    pub autocomplete: String,
    /// Where the shown value came from, in words; empty when there is no value or the person just
    /// typed it.
    pub origin: String,
    /// True when the value came from elsewhere and waits for confirmation.
    pub unconfirmed: bool,
    /// Error text at the field.
    pub error: Option<String>,
}

/// Kinds of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Widget {
    /// One line.
    Text {
        /// Expected length in characters, for the width of the input.
        width: usize,
        /// `numeric`, `email`, `tel` or `text`.
        inputmode: &'static str,
    },
    /// Day, month, year.
    Date {
        /// Day as typed.
        day: String,
        /// Month as typed.
        month: String,
        /// Year as typed.
        year: String,
    },
    /// Radios; also used for yes and no.
    Radios(Vec<OptionView>),
    /// A select, for more than seven options.
    Select(Vec<OptionView>),
    /// Postcode or name of a place. When several places fit, `candidates` are radios with the name
    /// `NAME.choice`.
    Place {
        /// Places to choose from after an ambiguous input.
        candidates: Vec<OptionView>,
    },
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionView {
    /// Value that is posted.
    pub value: String,
    /// Label.
    pub label: Label,
    /// Explanation; may be empty.
    pub hint: Label,
    /// True when it is chosen.
    pub checked: bool,
}

/// One entry of the error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// HTML id the summary links to.
    pub target: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// All answers, in the order of the journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAnswers {
    /// The draft.
    pub id: ApplicationId,
    /// Version for double tabs.
    pub version: i64,
    /// Sections with their rows.
    pub sections: Vec<CheckSection>,
    /// Questions that are still open; sending is possible when this is empty.
    pub open: Vec<OpenQuestion>,
}

/// Answers of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSection {
    /// Title.
    pub title: Label,
    /// Rows.
    pub rows: Vec<CheckRow>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// The question as a short statement.
    pub label: Label,
    /// The answer in words; "Keine Angabe" when an optional one is empty.
    pub value: String,
    /// Where the value came from, in words.
    pub origin: String,
    /// True when the value came from elsewhere and nobody has confirmed it.
    pub unconfirmed: bool,
    /// Question to change it.
    pub question: String,
    /// HTML id of the field on that page.
    pub target: String,
}

/// A question that is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuestion {
    /// Key of the question.
    pub question: String,
    /// Its title.
    pub title: Label,
}

/// "Wer bekommt welche Angaben?": generated from the messages that would really be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiversView {
    /// The draft.
    pub id: ApplicationId,
    /// Version for double tabs.
    pub version: i64,
    /// One block per leg.
    pub legs: Vec<ReceiverLeg>,
    /// Legs that cannot be sent, with the reason; sending is possible only when this is empty.
    pub blocked: Vec<BlockedLeg>,
}

/// What one office receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverLeg {
    /// Key of the leg.
    pub leg: String,
    /// Title of the benefit.
    pub title: Label,
    /// The office.
    pub authority: String,
    /// Values in the order of the form.
    pub rows: Vec<ReceiverRow>,
}

/// One value in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverRow {
    /// Group of the form, for example "Kind".
    pub group: String,
    /// Label of the field in the form (`bezeichnungAusgabe`).
    pub label: String,
    /// Value in words.
    pub value: String,
    /// Where it came from, in words.
    pub origin: String,
}

/// A leg that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedLeg {
    /// Key of the leg.
    pub leg: String,
    /// Title of the benefit.
    pub title: Label,
    /// The reason and what to do, in words.
    pub reason: String,
}

/// What the person sees after sending and later on the status page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The application.
    pub id: ApplicationId,
    /// Title of the life event.
    pub title: Label,
    /// Human-friendly number, for example `K7QF-3M2X`.
    pub reference: String,
    /// When the person sent it; terms are kept from this instant.
    pub sent_at: Instant,
    /// One row per office.
    pub legs: Vec<LegStatus>,
}

/// State of one leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegStatus {
    /// Id of the leg.
    pub id: LegId,
    /// Key of the leg.
    pub leg: String,
    /// Title of the benefit.
    pub title: Label,
    /// The office.
    pub authority: String,
    /// Its address, when known.
    pub address: Option<String>,
    /// The state.
    pub state: LegState,
    /// The state in a few words, for the badge.
    pub state_label: &'static str,
    /// One or two plain sentences: what happened, what the person has to do.
    pub sentence: String,
    /// What happens next at this office, in words.
    pub next: Label,
    /// When this state began.
    pub since: Instant,
    /// Set when the office has not fetched the delivered message yet: since when it lies there.
    pub not_picked_up_since: Option<Instant>,
    /// History, oldest first.
    pub history: Vec<LegHistoryEntry>,
}

/// State of a leg as the person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Sent by the person, not yet on its way.
    Queued,
    /// Delivery has begun.
    Delivering,
    /// A try failed; the next one is planned.
    Retrying,
    /// Lies in the office's letterbox: the delivery service confirmed it.
    Delivered,
    /// The office has confirmed that it received and could read it.
    Accepted,
    /// The office refused the message, with reasons.
    Rejected,
    /// Delivery was given up after many tries; operators take over. The term is kept.
    Undeliverable,
}

/// One entry of a leg's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegHistoryEntry {
    /// When.
    pub at: Instant,
    /// Which state began.
    pub state: LegState,
    /// In words.
    pub text: String,
}

/// One row in the account's list of drafts and sent applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationSummary {
    /// The application.
    pub id: ApplicationId,
    /// Title of the life event.
    pub title: Label,
    /// Reference number once it is sent.
    pub reference: Option<String>,
    /// When it was saved last.
    pub saved_at: Instant,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// When a draft is erased.
    pub expires_at: Instant,
}

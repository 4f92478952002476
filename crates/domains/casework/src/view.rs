//! What the pages of the workbench show, as plain data in the wanted language. Templates print
//! these structs and decide nothing.

use einmal_model::Instant;

use crate::history::HistoryKind;
use crate::ids::{AttachmentId, CaseId, SubmissionId};
use crate::inbox::InboxFilter;
use crate::problem::ProblemType;
use crate::state::{CaseState, Verdict};

/// The inbox (`/amt`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxView {
    /// Name of the authority.
    pub tenant: String,
    /// The filters as links or radios of a GET form, in order, with their counts.
    pub filters: Vec<FilterView>,
    /// The filter that is on.
    pub filter: InboxFilter,
    /// What was searched for, as typed; empty for nothing.
    pub search: String,
    /// Says what can be searched: numbers only, because names are stored encrypted.
    pub search_hint: &'static str,
    /// The cases of this page.
    pub rows: Vec<InboxRow>,
    /// Cases that fit filter and search, over all pages.
    pub total: u64,
    /// This page, from 1.
    pub page: u32,
    /// Number of pages, at least 1.
    pub pages: u32,
    /// Set instead of an empty table.
    pub empty: Option<&'static str>,
}

/// One filter of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterView {
    /// The filter; [`InboxFilter::code`] goes into the URL.
    pub filter: InboxFilter,
    /// Its name.
    pub label: &'static str,
    /// How many cases of the tenant it has (without the search).
    pub count: u64,
    /// True for the one that is on.
    pub active: bool,
}

/// One case in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The case; its page is `/amt/vorgaenge/{id}`.
    pub id: CaseId,
    /// Text of the link in the first cell: the sender's reference number, or the end of the
    /// submission's id when there is none.
    pub number: String,
    /// What it is about: title of the form, or words for an unknown or unreadable one. German, as
    /// in the form.
    pub title: String,
    /// The state.
    pub state: CaseState,
    /// The state in a few words, for the badge.
    pub state_label: &'static str,
    /// When the case was opened here.
    pub received_at: Instant,
    /// When the sender handed it over; terms count from here. Unknown for what could not be read.
    pub submitted_at: Option<Instant>,
    /// Civil days in Germany since the hand-over (or the arrival, when that is not known).
    pub age_days: i64,
    /// The same in words: "heute", "seit 3 Tagen".
    pub age: String,
    /// What staff should know, in a sentence: why it cannot be read, that the delivery service does
    /// not answer.
    pub note: Option<String>,
}

/// The page of one case (`/amt/vorgaenge/{id}`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// Name of the authority.
    pub tenant: String,
    /// The submission at the delivery service.
    pub submission_id: SubmissionId,
    /// The sender's reference number (Aktenzeichen des Portals), shown to the applicant too.
    pub reference: Option<String>,
    /// As in [`InboxRow::number`].
    pub number: String,
    /// As in [`InboxRow::title`].
    pub title: String,
    /// The state.
    pub state: CaseState,
    /// The state in a few words, for the badge.
    pub state_label: &'static str,
    /// One or two plain sentences: what holds now and what happens next. Never says that a
    /// decision has arrived before the delivery service confirmed it.
    pub sentence: String,
    /// When the case was opened here.
    pub received_at: Instant,
    /// When the sender handed it over.
    pub submitted_at: Option<Instant>,
    /// Day of the application as the sender says, `YYYY-MM-DD`.
    pub application_date: Option<einmal_model::Date>,
    /// What the applicant sent.
    pub content: ContentView,
    /// Attachments, in the order of the metadata.
    pub attachments: Vec<AttachmentView>,
    /// What was decided; nothing as long as nobody has.
    pub decision: Option<DecisionView>,
    /// True when the page offers the decision.
    pub can_decide: bool,
    /// To be shown above the reason: it travels unencrypted.
    pub reason_hint: &'static str,
    /// Set while the delivery service does not take the decision: the last cause, in words.
    pub delivery_note: Option<String>,
    /// What happened, oldest first.
    pub history: Vec<HistoryRow>,
}

/// The content of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentView {
    /// A form we know. Labels and values are German, as in the form's schema; pages in another
    /// language mark them with `lang="de"`.
    Form {
        /// Groups in the order of the form.
        groups: Vec<GroupView>,
    },
    /// A form we do not know, as it came.
    Raw {
        /// Says why there are no labels.
        note: &'static str,
        /// Address of the unknown schema, when the sender named one.
        schema_uri: Option<String>,
        /// The data, indented when they are JSON; cut after 100 000 characters.
        text: String,
        /// True when the text was cut.
        cut: bool,
    },
    /// The submission could not be read.
    NotReadable {
        /// The kind of problem, as the sender is told.
        problem_type: ProblemType,
        /// What is wrong, in a sentence.
        sentence: &'static str,
        /// The part concerned: `metadata`, `data`, `attachment:…`, `submission`.
        instance: String,
        /// The cause in detail, for the operators.
        cause: String,
    },
}

/// One group of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// Name with the names of the groups around it: "Elternteil 1, Anschrift".
    pub label: String,
    /// Values in the order of the form; never empty.
    pub rows: Vec<ValueRow>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueRow {
    /// JSON pointer in the data, unique in the case.
    pub path: String,
    /// Label of the field (`bezeichnungAusgabe`).
    pub label: String,
    /// The value as people read it.
    pub value: String,
    /// Where the value came from, as far as the sender says.
    pub origin_kind: OriginKind,
    /// The same in words, with the time; never empty.
    pub origin: String,
    /// The person says that the value is wrong: what they say instead, and when.
    pub dispute: Option<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OriginKind {
    /// The person stated it.
    Person,
    /// From the means of identification.
    Identification,
    /// From a register.
    Register,
    /// Computed by a rule of the portal.
    Computed,
    /// The sender did not say.
    Unknown,
}

impl OriginKind {
    /// For CSS and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Identification => "identification",
            Self::Register => "register",
            Self::Computed => "computed",
            Self::Unknown => "unknown",
        }
    }
}

/// One attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    /// The attachment.
    pub id: AttachmentId,
    /// File name as the sender gave it, without folders; or a neutral one.
    pub name: String,
    /// What it is, as the sender says.
    pub description: Option<String>,
    /// Media type as the sender says; never trust it when serving the file.
    pub mime_type: String,
    /// Size in bytes.
    pub size: u64,
    /// True for data that machines read (`origins.json`); pages show it last or folded.
    pub technical: bool,
}

/// An attachment for download. Serve it with `Content-Disposition: attachment`, `nosniff` and
/// `application/octet-stream` unless the type is known to be harmless.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentFile {
    /// As in [`AttachmentView::name`].
    pub name: String,
    /// As in [`AttachmentView::mime_type`].
    pub mime_type: String,
    /// The content.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for AttachmentFile {
    /// Size only: the content is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AttachmentFile({} bytes)", self.content.len())
    }
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionView {
    /// The verdict.
    pub verdict: Verdict,
    /// In a word: "Angenommen", "Zurückgewiesen".
    pub label: &'static str,
    /// The reason of a rejection.
    pub reason: Option<String>,
    /// When it was decided.
    pub at: Instant,
    /// When the delivery service confirmed it.
    pub confirmed_at: Option<Instant>,
}

/// One entry of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: HistoryKind,
    /// In a sentence.
    pub text: &'static str,
}

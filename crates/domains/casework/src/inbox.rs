//! What staff see: the inbox of their tenant, the page of a case, an attachment. Every question
//! takes a [`TenantScope`] and asks the database with the tenant's id; a case of another tenant is
//! "not found".

use einmal_model::{Instant, Language};
use einmal_storage::{Query, Row, args};

use crate::error::CaseworkError;
use crate::history;
use crate::ids::{AttachmentId, CaseId, SubmissionId};
use crate::message::AttachmentAbout;
use crate::origins::Origins;
use crate::problem::ProblemType;
use crate::service::Casework;
use crate::state::{CaseState, Verdict};
use crate::tenant::TenantScope;
use crate::values;
use crate::view::{
    AttachmentFile, AttachmentView, CaseView, ContentView, DecisionView, FilterView, HistoryRow,
    InboxRow, InboxView,
};
use crate::words;

/// Which cases the inbox shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InboxFilter {
    /// Nobody has decided yet; the oldest first.
    #[default]
    Open,
    /// A decision of staff is on its way; the oldest first.
    Sending,
    /// Accepted; the newest first.
    Accepted,
    /// Rejected by staff; the newest first.
    Rejected,
    /// Could not be read, rejected automatically; the newest first.
    NotReadable,
    /// All; the newest first.
    All,
}

impl InboxFilter {
    /// In the order of the page.
    pub const ORDER: [Self; 6] = [
        Self::Open,
        Self::Sending,
        Self::Accepted,
        Self::Rejected,
        Self::NotReadable,
        Self::All,
    ];

    /// Value in the URL (`status=`).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "offen",
            Self::Sending => "unterwegs",
            Self::Accepted => "angenommen",
            Self::Rejected => "zurueckgewiesen",
            Self::NotReadable => "nicht-lesbar",
            Self::All => "alle",
        }
    }

    /// The filter of a value in the URL; the usual one for anything else.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ORDER
            .into_iter()
            .find(|filter| filter.code() == code)
            .unwrap_or_default()
    }

    fn shows(self, state: CaseState) -> bool {
        self == Self::All || self.states().contains(&state)
    }

    /// The states it shows, the same twice when it is one. [`InboxFilter::All`] shows every state
    /// and ignores this.
    const fn states(self) -> [CaseState; 2] {
        match self {
            Self::Open | Self::All => [CaseState::Received, CaseState::Received],
            Self::Sending => [CaseState::Accepting, CaseState::Rejecting],
            Self::Accepted => [CaseState::Accepted, CaseState::Accepted],
            Self::Rejected => [CaseState::Rejected, CaseState::Rejected],
            Self::NotReadable => [CaseState::NotReadable, CaseState::NotReadableRejected],
        }
    }
}

/// What to show in the inbox; the fields of its GET form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxQuery {
    /// Which cases.
    pub filter: InboxFilter,
    /// Beginning of the reference number, or a whole submission id; empty for all. Names cannot be
    /// searched: they are encrypted.
    pub search: String,
    /// The page, from 1; 0 means 1.
    pub page: u32,
}

/// What a search text asks for.
struct Search {
    /// Empty for everything.
    reference: String,
    submission: String,
}

impl Search {
    fn new(typed: &str) -> Self {
        let typed: String = typed.trim().chars().take(100).collect();
        let reference = reference_key(&typed);
        Self {
            // Something without a letter or digit finds nothing, not everything.
            reference: if reference.is_empty() && !typed.is_empty() {
                "!".to_owned()
            } else {
                reference
            },
            submission: typed
                .parse::<SubmissionId>()
                .map_or_else(|_| String::new(), |id| id.to_string()),
        }
    }
}

/// A reference number without blanks, dashes and case, as it is searched: `K7QF-3M2X` is found by
/// `k7qf 3m`.
pub(crate) fn reference_key(reference: &str) -> String {
    reference
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// The questions of one filter. Written out per filter, so that each walks an index in the order of
/// the page instead of sorting everything the tenant ever received.
struct Questions {
    rows: &'static str,
    total: &'static str,
}

macro_rules! questions {
    ($states:literal, $by:literal, $order:literal) => {
        Questions {
            rows: concat!(
                "select id, submission_id, state, reference, title, submitted_at, received_at,
                        problem_type, last_error from case_file ",
                questions!(@where $states),
                "order by ", $by, " ", $order, ", id ", $order, " limit $6 offset $7"
            ),
            total: concat!(
                "select count(*) as number from case_file ",
                questions!(@where $states)
            ),
        }
    };
    (@where $states:literal) => {
        concat!(
            "where tenant_id = $1 and ", $states,
            " and ($4 = '' or reference_key like $4 || '%' or submission_id = $5) "
        )
    };
}

const fn questions(filter: InboxFilter) -> Questions {
    // Filters of one state name it twice, see `InboxFilter::states`. Those of two states hold few
    // cases: they are found by state and sorted; the sum keeps SQLite from walking all by age.
    match filter {
        InboxFilter::Open => questions!("state = $2 and $2 = $3", "received_at", "asc"),
        InboxFilter::Sending => questions!("state in ($2, $3)", "received_at + 0", "asc"),
        InboxFilter::Accepted | InboxFilter::Rejected => {
            questions!("state = $2 and $2 = $3", "received_at", "desc")
        }
        InboxFilter::NotReadable => questions!("state in ($2, $3)", "received_at + 0", "desc"),
        InboxFilter::All => questions!("$2 = $3", "received_at", "desc"),
    }
}

impl Casework {
    /// The inbox of a tenant.
    ///
    /// # Errors
    /// [`CaseworkError::UnknownTenant`] or [`CaseworkError::Storage`].
    pub async fn inbox(
        &self,
        scope: &TenantScope,
        query: &InboxQuery,
        language: Language,
    ) -> Result<InboxView, CaseworkError> {
        let tenant = self.tenant(scope.tenant()).await?;
        let mut read = self.db.read().await?;
        let counts = count_states(&mut read, scope).await?;
        let search = Search::new(&query.search);
        let [one, other] = query.filter.states().map(CaseState::code);
        let tenant_id = scope.tenant().as_str();
        let questions = questions(query.filter);
        let count = |filter: InboxFilter| -> u64 {
            let shown = counts.iter().filter(|(state, _)| filter.shows(*state));
            shown.map(|(_, count)| count).sum()
        };
        let total = if search.reference.is_empty() {
            count(query.filter)
        } else {
            let args = args![tenant_id, one, other, &search.reference, &search.submission];
            let row = read.fetch_one(questions.total, args).await?;
            u64::try_from(row.int("number")?).unwrap_or_default()
        };
        let size = u64::from(self.settings.page_size.max(1));
        let pages = u32::try_from(total.div_ceil(size))
            .unwrap_or(u32::MAX)
            .max(1);
        let page = query.page.clamp(1, pages);
        let offset = i64::try_from(size * u64::from(page - 1)).unwrap_or(i64::MAX);
        let rows = read
            .fetch_all(
                questions.rows,
                args![
                    tenant_id,
                    one,
                    other,
                    &search.reference,
                    &search.submission,
                    self.settings.page_size.max(1),
                    offset
                ],
            )
            .await?;
        let now = self.clock.now();
        let rows = rows
            .iter()
            .map(|row| inbox_row(row, now, language))
            .collect::<Result<Vec<_>, _>>()?;
        let filters = InboxFilter::ORDER.into_iter().map(|filter| FilterView {
            filter,
            label: words::filter(filter, language),
            count: count(filter),
            active: filter == query.filter,
        });
        Ok(InboxView {
            tenant: tenant.name,
            filters: filters.collect(),
            filter: query.filter,
            search: query.search.trim().chars().take(100).collect(),
            search_hint: words::search_hint(language),
            empty: rows
                .is_empty()
                .then(|| words::empty_inbox(!search.reference.is_empty(), language)),
            rows,
            total,
            page,
            pages,
        })
    }

    /// One case.
    ///
    /// # Errors
    /// [`CaseworkError::NotFound`], also for a case of another tenant.
    pub async fn case(
        &self,
        scope: &TenantScope,
        id: CaseId,
        language: Language,
    ) -> Result<CaseView, CaseworkError> {
        let tenant = self.tenant(scope.tenant()).await?;
        let mut read = self.db.read().await?;
        let row = read
            .fetch_optional(
                "select id, submission_id, state, reference, title, schema_uri, application_date,
                        data, problem_type, problem_instance, cause, reason, submitted_at,
                        received_at, decided_at, closed_at, last_error
                 from case_file where tenant_id = $1 and id = $2",
                args![scope.tenant().as_str(), id.to_string()],
            )
            .await?
            .ok_or(CaseworkError::NotFound)?;
        let state: CaseState = row.parse("state")?;
        let attachments = self.attachments(&mut read, id).await?;
        let content = self.content(&row, id, &attachments, language)?;
        let history = history::entries(&mut read, id).await?;
        let head = inbox_row(&row, self.clock.now(), language)?;
        let decision = self.decision_view(&row, id, state, language)?;
        Ok(CaseView {
            id,
            tenant: tenant.name,
            submission_id: row.parse("submission_id")?,
            reference: row.opt_text("reference")?,
            number: head.number,
            title: head.title,
            state,
            state_label: head.state_label,
            sentence: words::state_sentence(state, language).to_owned(),
            received_at: head.received_at,
            submitted_at: head.submitted_at,
            application_date: row
                .opt_text("application_date")?
                .and_then(|date| date.parse().ok()),
            content,
            attachments: attachments.into_iter().map(|stored| stored.view).collect(),
            decision,
            can_decide: state.undecided().is_some(),
            reason_hint: words::reason_hint(language),
            delivery_note: row
                .opt_text("last_error")?
                .map(|cause| words::delivery_note(&cause, language)),
            history: history
                .into_iter()
                .map(|(kind, at)| HistoryRow {
                    at,
                    kind,
                    text: words::history(kind, language),
                })
                .collect(),
        })
    }

    /// One attachment of a case, for download.
    ///
    /// # Errors
    /// [`CaseworkError::NotFound`], also for an attachment of another tenant's case.
    pub async fn attachment(
        &self,
        scope: &TenantScope,
        case: CaseId,
        attachment: AttachmentId,
    ) -> Result<AttachmentFile, CaseworkError> {
        let mut read = self.db.read().await?;
        let row = read
            .fetch_optional(
                "select a.about, a.content from case_attachment a
                 join case_file c on c.id = a.case_id
                 where c.tenant_id = $1 and c.id = $2 and a.attachment_id = $3",
                args![
                    scope.tenant().as_str(),
                    case.to_string(),
                    attachment.to_string()
                ],
            )
            .await?
            .ok_or(CaseworkError::NotFound)?;
        let key = attachment.to_string();
        let about = AttachmentAbout::read(&self.open_attachment(case, &key, "about", &row)?)?;
        Ok(AttachmentFile {
            name: about.name(),
            mime_type: about.mime_type,
            content: self.open_attachment(case, &key, "content", &row)?,
        })
    }

    /// The attachments; content only of the one with the origins.
    async fn attachments(
        &self,
        read: &mut impl Query,
        case: CaseId,
    ) -> Result<Vec<StoredAttachment>, CaseworkError> {
        let rows = read
            .fetch_all(
                "select attachment_id, size, about from case_attachment
                 where case_id = $1 order by position",
                args![case.to_string()],
            )
            .await?;
        let mut attachments = Vec::with_capacity(rows.len());
        for row in &rows {
            let key = row.text("attachment_id")?;
            let about = AttachmentAbout::read(&self.open_attachment(case, &key, "about", row)?)?;
            let origins = if about.holds_origins() {
                let content = read
                    .fetch_one(
                        "select content from case_attachment
                         where case_id = $1 and attachment_id = $2",
                        args![case.to_string(), &key],
                    )
                    .await?;
                Some(self.open_attachment(case, &key, "content", &content)?)
            } else {
                None
            };
            attachments.push(StoredAttachment {
                origins,
                view: AttachmentView {
                    id: row.parse("attachment_id")?,
                    name: about.name(),
                    technical: about.is_technical(),
                    description: about.description,
                    mime_type: about.mime_type,
                    size: u64::try_from(row.int("size")?).unwrap_or_default(),
                },
            });
        }
        Ok(attachments)
    }

    fn content(
        &self,
        row: &Row,
        case: CaseId,
        attachments: &[StoredAttachment],
        language: Language,
    ) -> Result<ContentView, CaseworkError> {
        if let Some(kind) = row.opt_text("problem_type")? {
            let kind = ProblemType::from_code(&kind).unwrap_or(ProblemType::Other);
            return Ok(ContentView::NotReadable {
                problem_type: kind,
                sentence: words::problem(kind, language),
                instance: row.opt_text("problem_instance")?.unwrap_or_default(),
                cause: self.open_text(case, "cause", row)?.unwrap_or_default(),
            });
        }
        let data = self.open(case, "data", row)?.unwrap_or_default();
        let schema_uri = row.opt_text("schema_uri")?;
        let schema = schema_uri.as_ref().and_then(|uri| self.schemas.get(uri));
        let origins = attachments
            .iter()
            .find_map(|stored| stored.origins.as_deref());
        let origins = origins.map(Origins::read).unwrap_or_default();
        let groups = schema.and_then(|schema| values::groups(schema, &data, &origins, language));
        Ok(match groups {
            Some(groups) => ContentView::Form { groups },
            None => values::raw(schema_uri, &data, language),
        })
    }

    fn decision_view(
        &self,
        row: &Row,
        case: CaseId,
        state: CaseState,
        language: Language,
    ) -> Result<Option<DecisionView>, CaseworkError> {
        let Some(at) = row.opt_instant("decided_at")? else {
            return Ok(None);
        };
        let verdict = match state {
            CaseState::Accepting | CaseState::Accepted => Verdict::Accepted,
            _ => Verdict::Rejected,
        };
        Ok(Some(DecisionView {
            verdict,
            label: words::verdict(verdict, language),
            reason: self.open_text(case, "reason", row)?,
            at,
            confirmed_at: row.opt_instant("closed_at")?,
        }))
    }
}

struct StoredAttachment {
    view: AttachmentView,
    /// The content, when it holds the origins.
    origins: Option<Vec<u8>>,
}

async fn count_states(
    read: &mut impl Query,
    scope: &TenantScope,
) -> Result<Vec<(CaseState, u64)>, CaseworkError> {
    let rows = read
        .fetch_all(
            "select state, count(*) as number from case_file where tenant_id = $1 group by state",
            args![scope.tenant().as_str()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let count = u64::try_from(row.int("number")?).unwrap_or_default();
            Ok((row.parse("state")?, count))
        })
        .collect()
}

fn inbox_row(row: &Row, now: Instant, language: Language) -> Result<InboxRow, CaseworkError> {
    let state: CaseState = row.parse("state")?;
    let submission: SubmissionId = row.parse("submission_id")?;
    let (received_at, submitted_at) = (
        row.instant("received_at")?,
        row.opt_instant("submitted_at")?,
    );
    let age_days = days_between(submitted_at.unwrap_or(received_at), now);
    let problem = row.opt_text("problem_type")?;
    let problem = problem.map(|code| ProblemType::from_code(&code).unwrap_or(ProblemType::Other));
    let note = match (row.opt_text("last_error")?, problem) {
        (Some(cause), _) => Some(words::delivery_note(&cause, language)),
        (None, Some(kind)) => Some(words::problem(kind, language).to_owned()),
        (None, None) => None,
    };
    Ok(InboxRow {
        id: row.parse("id")?,
        number: row
            .opt_text("reference")?
            .unwrap_or_else(|| short(submission)),
        title: match row.opt_text("title")? {
            Some(title) => title,
            None => words::untitled(problem.is_some(), language).to_owned(),
        },
        state,
        state_label: words::state(state, language),
        received_at,
        submitted_at,
        age_days,
        age: words::age(age_days, language),
        note,
    })
}

/// The last twelve digits of the submission's id.
fn short(submission: SubmissionId) -> String {
    let id = submission.to_string();
    id.rsplit('-').next().unwrap_or(&id).to_owned()
}

/// Civil days in Germany; never negative, even when the sender's clock runs ahead.
fn days_between(from: Instant, to: Instant) -> i64 {
    let (from, to) = (from.date_in_germany(), to.date_in_germany());
    from.until(to)
        .map_or(0, |span| i64::from(span.get_days()))
        .max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_back_from_the_url() {
        for filter in InboxFilter::ORDER {
            assert_eq!(InboxFilter::from_code(filter.code()), filter);
        }
        assert_eq!(InboxFilter::from_code("'; drop table"), InboxFilter::Open);
    }

    #[test]
    fn every_state_has_one_filter_besides_all() {
        for state in CaseState::ALL {
            let filters = InboxFilter::ORDER
                .into_iter()
                .filter(|filter| filter.shows(state));
            assert_eq!(filters.count(), 2, "{state:?}");
        }
    }

    #[test]
    fn references_are_searched_without_dashes_and_case() {
        assert_eq!(reference_key("k7qf 3m-2x"), "K7QF3M2X");
        assert_eq!(Search::new("%_").reference, "!");
        assert_eq!(Search::new("  ").reference, "");
    }

    #[test]
    fn days_change_at_midnight_in_germany() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let late = at("2026-11-22T22:59:00Z");
        assert_eq!(days_between(late, at("2026-11-22T23:00:00Z")), 1);
        assert_eq!(days_between(late, late), 0);
        assert_eq!(days_between(at("2026-12-01T00:00:00Z"), late), 0);
        assert_eq!(
            days_between(at("2026-09-01T10:00:00Z"), at("2026-11-23T10:00:00Z")),
            83
        );
    }
}

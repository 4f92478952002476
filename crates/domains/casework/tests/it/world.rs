//! Three authorities and a delivery service that the tests steer.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use aws_lc_rs::digest;
use einmal_casework::port::{
    BoxFuture, FetchFailure, Inbox, PortFailure, PostOutcome, ReceivedSubmission, SubmissionRef,
};
use einmal_casework::view::InboxRow;
use einmal_casework::{
    Casework, CaseworkParts, DestinationId, InboxFilter, InboxQuery, MIGRATIONS, RejectionProblem,
    Settings, StaffPrincipal, SubmissionId, Tenant, TenantScope, Verdict,
};
use einmal_model::testing::SeededRandom;
use einmal_model::{Clock as _, Language};
use einmal_storage::testing::TestDb;
use einmal_storage::{Crypter, Db};
use serde_json::{Value, json};
use zeroize::Zeroizing;

pub(crate) const SCHEMA_URI: &str = "https://einmal.example/schema/kindergeld/1.0.0";
pub(crate) const FORM: &[u8] = include_bytes!("form.xml");
pub(crate) const STANDESAMT: &str = "standesamt-bremerhaven";
pub(crate) const FAMILIENKASSE: &str = "familienkasse-bremen";

/// What waits at the delivery service and what it was told.
#[derive(Default)]
pub(crate) struct Post {
    waiting: BTreeMap<(DestinationId, SubmissionId), Result<ReceivedSubmission, FetchFailure>>,
    refs: HashMap<SubmissionId, SubmissionRef>,
    /// What was recorded, in order.
    pub(crate) log: Vec<(SubmissionId, Verdict, Vec<RejectionProblem>)>,
    /// Receipts that came back with acceptances.
    pub(crate) receipts: Vec<Vec<u8>>,
    /// The next answers of accept and reject, before it works normally again.
    pub(crate) faults: Vec<Fault>,
    pub(crate) list_fails: bool,
    pub(crate) fetches: usize,
}

/// How accept and reject go wrong.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// No connection; nothing was recorded.
    Unreachable,
    /// Recorded, but the answer is lost.
    AnswerLost,
    /// Refused, although nothing is wrong with us as far as we know.
    Refused,
}

/// The port, shared by all restarts of a test.
#[derive(Clone, Default)]
pub(crate) struct FakeInbox(pub(crate) Arc<Mutex<Post>>);

impl FakeInbox {
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Post) -> T) -> T {
        act(&mut self.0.lock().unwrap())
    }

    async fn record(
        &self,
        submission: SubmissionRef,
        verdict: Verdict,
        problems: &[RejectionProblem],
    ) -> Result<PostOutcome, PortFailure> {
        // A real call crosses the network: the test may cut it before and after.
        tokio::task::yield_now().await;
        let fault = self.with(|post| (!post.faults.is_empty()).then(|| post.faults.remove(0)));
        match fault {
            Some(Fault::Unreachable) => return Err(failure(true, "connection refused")),
            Some(Fault::Refused) => return Err(failure(false, "the signing key is not known")),
            Some(Fault::AnswerLost) | None => {}
        }
        let outcome = self.with(|post| {
            let before = post
                .log
                .iter()
                .find(|entry| entry.0 == submission.submission_id);
            if let Some((_, verdict, _)) = before {
                return PostOutcome::AlreadyDone(*verdict);
            }
            post.log
                .push((submission.submission_id, verdict, problems.to_vec()));
            post.waiting
                .retain(|(_, id), _| *id != submission.submission_id);
            PostOutcome::Posted
        });
        tokio::task::yield_now().await;
        match fault {
            Some(_) => Err(failure(true, "connection reset")),
            None => Ok(outcome),
        }
    }
}

fn failure(retryable: bool, cause: &str) -> PortFailure {
    PortFailure {
        retryable,
        cause: cause.to_owned(),
    }
}

impl Inbox for FakeInbox {
    fn list<'a>(
        &'a self,
        tenant: &'a Tenant,
    ) -> BoxFuture<'a, Result<Vec<SubmissionRef>, PortFailure>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.with(|post| {
                if post.list_fails {
                    return Err(failure(true, "connection refused"));
                }
                let ids = post.waiting.keys();
                let ids = ids.filter(|(destination, _)| *destination == tenant.destination);
                Ok(ids.map(|(_, id)| post.refs[id]).collect())
            })
        })
    }

    fn fetch<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
    ) -> BoxFuture<'a, Result<ReceivedSubmission, FetchFailure>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.with(|post| {
                post.fetches += 1;
                let key = (tenant.destination, submission.submission_id);
                let gone = FetchFailure::Temporary("gone".to_owned());
                post.waiting.get(&key).cloned().unwrap_or(Err(gone))
            })
        })
    }

    fn accept<'a>(
        &'a self,
        _tenant: &'a Tenant,
        submission: SubmissionRef,
        receipt: &'a [u8],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move {
            self.with(|post| post.receipts.push(receipt.to_vec()));
            self.record(submission, Verdict::Accepted, &[]).await
        })
    }

    fn reject<'a>(
        &'a self,
        _tenant: &'a Tenant,
        submission: SubmissionRef,
        problems: &'a [RejectionProblem],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move { self.record(submission, Verdict::Rejected, problems).await })
    }
}

/// One test's installation.
pub(crate) struct World {
    pub(crate) test: TestDb,
    pub(crate) inbox: FakeInbox,
    pub(crate) casework: Casework,
    tenants: Vec<Tenant>,
}

pub(crate) fn staff(tenant: &str) -> TenantScope {
    let staff = StaffPrincipal {
        staff_id: format!("staff-at-{tenant}"),
        display_name: "Test Testmann".to_owned(),
        tenant: tenant.parse().unwrap(),
    };
    staff.scope()
}

impl World {
    pub(crate) async fn new(test: TestDb) -> Self {
        test.db.migrate_platform().await.unwrap();
        test.db.migrate("casework", MIGRATIONS).await.unwrap();
        let tenants: Vec<Tenant> = [STANDESAMT, FAMILIENKASSE, "elterngeldstelle-bremen"]
            .into_iter()
            .enumerate()
            .map(|(number, id)| Tenant {
                id: id.parse().unwrap(),
                name: format!("Amt {id}"),
                destination: format!("0d3e0000-0000-4000-8000-00000000000{}", number + 1)
                    .parse()
                    .unwrap(),
            })
            .collect();
        let inbox = FakeInbox::default();
        let casework = open(&test.db, &test, &inbox, Settings::default());
        casework.register_tenants(&tenants).await.unwrap();
        Self {
            test,
            inbox,
            casework,
            tenants,
        }
    }

    /// As after a restart: nothing is kept in memory.
    pub(crate) fn restart(&mut self, settings: Settings) {
        self.casework = open(&self.test.db, &self.test, &self.inbox, settings);
    }

    pub(crate) fn tenant(&self, id: &str) -> &Tenant {
        let mut tenants = self.tenants.iter();
        tenants.find(|tenant| tenant.id.as_str() == id).unwrap()
    }

    /// Puts a submission into a tenant's letterbox.
    pub(crate) fn send(&self, tenant: &str, number: u32, change: impl FnOnce(&mut Parts)) {
        let mut parts = Parts::good(number);
        change(&mut parts);
        let submitted_at = self.test.clock.now();
        let received = parts.build(number, submitted_at);
        let submission = received.submission_id;
        let reference = SubmissionRef {
            submission_id: submission,
            case_id: received.case_id,
        };
        let destination = self.tenant(tenant).destination;
        self.inbox.with(|post| {
            post.refs.insert(submission, reference);
            post.waiting.insert((destination, submission), Ok(received));
        });
    }

    /// Puts something that cannot be fetched into a tenant's letterbox.
    pub(crate) fn send_broken(&self, tenant: &str, number: u32, failure: FetchFailure) {
        self.send(tenant, number, |_| {});
        let key = (self.tenant(tenant).destination, submission(number));
        self.inbox
            .with(|post| post.waiting.insert(key, Err(failure)));
    }

    pub(crate) async fn receive(&self, tenant: &str) -> einmal_casework::ReceiveReport {
        let tenant = tenant.parse().unwrap();
        self.casework.receive_once(&tenant).await.unwrap()
    }

    pub(crate) async fn rows(&self, tenant: &str, filter: InboxFilter) -> Vec<InboxRow> {
        let query = InboxQuery {
            filter,
            ..InboxQuery::default()
        };
        let scope = staff(tenant);
        let inbox = self.casework.inbox(&scope, &query, Language::De).await;
        inbox.unwrap().rows
    }

    /// Sends, receives and gives the only case.
    pub(crate) async fn one_case(&self, tenant: &str) -> einmal_casework::CaseId {
        self.send(tenant, 1, |_| {});
        assert_eq!(self.receive(tenant).await.opened, 1);
        self.rows(tenant, InboxFilter::All).await[0].id
    }
}

fn open(db: &Db, test: &TestDb, inbox: &FakeInbox, settings: Settings) -> Casework {
    let random = Arc::new(SeededRandom::new(next_seed()));
    let keys = [Zeroizing::new([7_u8; 32])];
    let schema = einmal_xdatenfelder::read_schema(FORM).unwrap();
    Casework::new(CaseworkParts {
        db: db.clone(),
        crypter: Crypter::new(keys, Arc::clone(&random) as _).unwrap(),
        clock: Arc::clone(&test.clock) as _,
        random,
        inbox: Arc::new(inbox.clone()),
        schemas: BTreeMap::from([(SCHEMA_URI.to_owned(), Arc::new(schema))]),
        settings,
    })
}

/// Another seed after each restart: a real source never repeats itself.
fn next_seed() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    NEXT.fetch_add(1_000_003, std::sync::atomic::Ordering::SeqCst)
}

pub(crate) fn submission(number: u32) -> SubmissionId {
    format!("5b000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

pub(crate) fn origins_id() -> String {
    "a0000000-0000-4000-8000-000000000001".to_owned()
}

/// The parts of a submission before the hashes are computed.
pub(crate) struct Parts {
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) attachments: Vec<(String, Vec<u8>)>,
    /// Changed after the hashes went in.
    pub(crate) metadata: Box<dyn FnOnce(&mut Value)>,
    /// Replaces the metadata altogether.
    pub(crate) raw_metadata: Option<Vec<u8>>,
    /// Data that really travel, when others than were hashed.
    pub(crate) swapped_data: Option<Option<Vec<u8>>>,
    pub(crate) swapped_attachments: Option<Vec<(String, Vec<u8>)>>,
}

impl Parts {
    fn good(number: u32) -> Self {
        let data = json!({
            "F99000000991": true,
            "G99000000992": [
                {"F99000000993": "Mia Sophie", "F99000000995": "w",
                 "G99000000998": {"F99000000994": "2026-11-07"}},
                {"F99000000993": "Žofia"},
            ],
            "F99000000996": 1234.5,
        });
        let origin = |path: &str, origin: Value| json!({"path": path, "origin": origin, "at": "2026-11-23T09:00:00Z"});
        let mut disputed = origin(
            "/G99000000992/0/G99000000998/F99000000994",
            json!({"kind": "register", "evidence": "e1", "register": "Geburtenregister"}),
        );
        disputed["dispute"] = json!({"claim": "8. November", "at": "2026-11-23T09:30:00Z"});
        let origins = json!({"schema": SCHEMA_URI, "origins": [
            origin("/F99000000991", json!({"kind": "person"})),
            origin("/G99000000992/0/F99000000993",
                json!({"kind": "identification", "means": "Online-Ausweis", "simulated": true})),
            disputed,
            origin("/F99000000996", json!({"kind": "computed", "rule": "income"})),
        ]});
        Self {
            data: Some(data.to_string().into_bytes()),
            attachments: vec![(origins_id(), origins.to_string().into_bytes())],
            metadata: Box::new(move |metadata| {
                metadata["additionalReferenceInfo"]["senderReference"] =
                    json!(format!("K7QF-{number:04}"));
            }),
            raw_metadata: None,
            swapped_data: None,
            swapped_attachments: None,
        }
    }

    fn build(self, number: u32, submitted_at: einmal_model::Instant) -> ReceivedSubmission {
        let attachments: Vec<Value> = self
            .attachments
            .iter()
            .map(|(id, content)| {
                json!({"attachmentId": id, "purpose": "data", "mimeType": "application/json",
                    "filename": "origins.json", "description": "Herkunft der Angaben",
                    "hash": hash(content)})
            })
            .collect();
        let mut metadata = json!({
            "$schema": "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json",
            "contentStructure": {
                "data": {
                    "hash": hash(self.data.as_deref().unwrap_or_default()),
                    "submissionSchema": {"schemaUri": SCHEMA_URI, "mimeType": "application/json"},
                },
                "attachments": attachments,
            },
            "additionalReferenceInfo": {"applicationDate": "2026-11-23"},
        });
        (self.metadata)(&mut metadata);
        let metadata = metadata.to_string().into_bytes();
        let attachments = self.swapped_attachments.unwrap_or(self.attachments);
        ReceivedSubmission {
            submission_id: submission(number),
            case_id: format!("ca5e0000-0000-4000-8000-{number:012}")
                .parse()
                .unwrap(),
            submitted_at,
            metadata: self.raw_metadata.unwrap_or(metadata),
            data: self.swapped_data.unwrap_or(self.data),
            attachments: attachments
                .into_iter()
                .map(|(id, content)| (id.parse().unwrap(), content))
                .collect(),
            receipt: format!("tags-{number}").into_bytes(),
        }
    }
}

fn hash(bytes: &[u8]) -> Value {
    let hash = digest::digest(&digest::SHA512, bytes);
    let hex: String = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({"type": "sha512", "content": hex})
}

/// Runs a future for at most so many steps, then drops it where it stands: a process that is
/// killed between two steps.
pub(crate) struct KilledAfter<F> {
    work: Option<Pin<Box<F>>>,
    steps: u32,
}

impl<F: Future> KilledAfter<F> {
    pub(crate) fn new(steps: u32, work: F) -> Self {
        Self {
            work: Some(Box::pin(work)),
            steps,
        }
    }
}

impl<F: Future> Future for KilledAfter<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.steps == 0 {
            self.work = None;
            return Poll::Ready(None);
        }
        self.steps -= 1;
        match self.work.as_mut().map(|work| work.as_mut().poll(context)) {
            Some(Poll::Ready(output)) => Poll::Ready(Some(output)),
            Some(Poll::Pending) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

//! The web edge: the API over HTTP, who may call it, and what keeps it standing.
//!
//! * [`routes`] — the one table of routes, with who may;
//! * [`problem`] — what a caller is told when it did not work;
//! * `api/` — a module a resource; `pages/` — what residents see;
//! * `guard.rs` — what stands before every route; `looked.rs` — records of persons, fenced, and who looked; `fenced.rs` — what
//!   is left out of an answer for whoever asks;
//! * `body.rs` — the body of a request, whole, in time, not too large;
//! * `streams.rs` — how many pages listen at once;
//! * `edge.rs` — sockets, limits, headers, logs, shutdown.

mod api;
mod body;
mod edge;
mod fenced;
mod guard;
mod limit;
mod looked;
mod pages;
pub mod problem;
mod query;
mod queue;
pub mod routes;
mod socket;
mod streams;
mod waiting;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hearth_events::{CostModelAdopted, NotificationKind, NotificationRef, Opener, RecordKind, StaffSignedIn, Uprn};
use hearth_projections::AccountState;
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};

use crate::access::Access;
use crate::drafts::DraftError;
use crate::evidence::MOST_BYTES;
use crate::service::assumptions::{SavingsAction, SavingsRefused};
use crate::service::bulk::{BulkPreview, BulkRefused, BulkTaken, Uploader};
use crate::service::come_back::LinkNotSent;
use crate::service::documents::{DocumentKept, DocumentNotTaken, DocumentSent};
use crate::service::gates::Gates;
use crate::service::looks::Look;
use crate::service::money::{MoneyAction, MoneyRefused};
use crate::service::preview::Preview;
use crate::service::public_url::PublicUrl;
use crate::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use crate::service::submitter::{EvidenceKept, FollowUp, NotTaken};
use crate::service::what_if::{DecidedAgain, WhatIfAsked, WhatIfRefused};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::service::{CouncilNow, Receipt, ReceivedAt, Refusal, Sender, ServiceError};
use crate::sign_in::SignIn;
use crate::store::EventStore;
use crate::texts::Lang;
use crate::views::{ViewError, Views};

pub use api::openapi::document;
pub use edge::serve;
pub use queue::QueueBackend;
pub use waiting::while_closed;

/// What the web edge needs from the rest of the service.
#[async_trait]
pub trait Backend: QueueBackend {
    /// Takes a notification; once it answers with a receipt, the notification is durable.
    ///
    /// # Errors
    /// When it is not well formed, contradicts an earlier one, or cannot be kept now.
    async fn submit(&self, body: &[u8], sender: Sender, received_at: ReceivedAt) -> Result<Receipt, Refusal>;

    /// Takes a notification with documents of a draft; they arrive with it, once, or not at all.
    ///
    /// # Errors
    /// As [`Backend::submit`].
    async fn submit_with(
        &self,
        body: &[u8],
        sender: Sender,
        draft: &str,
        documents: &[DocumentSent],
    ) -> Result<Receipt, Refusal>;

    /// What a notification would come to that was not sent, as far as that may be told to anybody; nothing is recorded.
    ///
    /// # Errors
    /// When it is not well formed, or cannot be told now.
    async fn preview(&self, body: &[u8]) -> Result<Preview, Refusal>;

    /// A landlord's spreadsheet row by row, as it would be taken; nothing is recorded.
    ///
    /// # Errors
    /// When nothing of it can be read, or it cannot be told now.
    async fn bulk_preview(&self, file: &[u8], by: &Uploader) -> Result<BulkPreview, BulkRefused>;

    /// Takes the good rows of a landlord's spreadsheet; each that has a receipt is durable.
    ///
    /// # Errors
    /// When nothing of it can be read, or it cannot be kept now.
    async fn bulk_submit(&self, file: &[u8], by: &Uploader) -> Result<BulkTaken, BulkRefused>;

    /// Shows an item that waits, or waited, for an officer.
    ///
    /// # Errors
    /// When there is none of this reference, or it cannot be read now.
    async fn work_item(&self, reference: &NotificationRef) -> Result<ItemShown, ActionRefused>;

    /// Does with an item what an officer asks for, who is called so, and shows it as it then is.
    ///
    /// # Errors
    /// When it may not be done; nothing was recorded then.
    async fn act(&self, reference: &NotificationRef, action: Action, officer: &str)
    -> Result<ItemShown, ActionRefused>;

    /// Shows what would happen if a change were reversed; restored, where it is reversed.
    ///
    /// # Errors
    /// When it is not a notification that was applied, or it cannot be read now.
    async fn reversal(&self, reference: &NotificationRef) -> Result<ReversalShown, NotReversed>;

    /// Reverses a change or restores it, and shows the notification as it then is.
    ///
    /// # Errors
    /// When it may not be done; nothing was recorded then.
    async fn reverse(&self, reference: &NotificationRef, asked: ReversalAsked) -> Result<ReversalShown, NotReversed>;

    /// Does what a submitter asks for after the notification was sent, or an officer on the submitter's behalf. The same
    /// again changes nothing.
    ///
    /// # Errors
    /// When it may not be done; nothing was recorded then.
    async fn follow_up(&self, reference: &NotificationRef, told: FollowUp, by: Sender) -> Result<(), NotTaken>;

    /// Reads a file of evidence, by what it is called.
    ///
    /// # Errors
    /// When the notification has no such file, or it cannot be read now.
    async fn evidence(&self, reference: &NotificationRef, digest: &str) -> Result<(EvidenceKept, Vec<u8>), NotTaken>;

    /// Does with a refund or a penalty what is asked for, and gives the account as it then is.
    ///
    /// # Errors
    /// When it may not be done; nothing was recorded then.
    async fn on_money(&self, action: &MoneyAction, officer: &str) -> Result<(Uprn, AccountState), MoneyRefused>;

    /// Does with the figures that savings rest on what is asked for.
    ///
    /// # Errors
    /// When it does not make sense; nothing was recorded then.
    async fn on_savings(&self, action: &SavingsAction, by: &str) -> Result<(), SavingsRefused>;

    /// Decides the notifications of a period again under another policy, and reads what costs are given; nothing is recorded.
    ///
    /// # Errors
    /// When what is given cannot be read, or there is too much to decide.
    async fn what_if(&self, asked: &WhatIfAsked) -> Result<(Vec<DecidedAgain>, Vec<CostModelAdopted>), WhatIfRefused>;

    /// Whether this is the tracking token of this notification, there or not; takes the same time for either.
    fn tracking_token_fits(&self, reference: &NotificationRef, token: &str) -> bool;

    /// The council as the log has it now.
    ///
    /// # Errors
    /// When its stream cannot be read.
    async fn council(&self) -> Result<Arc<CouncilNow>, ServiceError>;

    /// The log.
    fn store(&self) -> &dyn EventStore;

    /// What readers see.
    fn views(&self) -> &Views;

    /// The name of every projection that has a checkpoint in the views.
    fn projections(&self) -> &[&'static str];

    /// What opens sealed personal data.
    fn opener(&self) -> &dyn Opener;

    /// The present instant on the log's clock.
    fn now(&self) -> Timestamp;

    /// Whether the log's clock is simulated, so that every answer says so.
    fn simulated_clock(&self) -> bool;

    /// The dwellings that a record is about; none where there is no such record.
    ///
    /// # Errors
    /// When that cannot be read now.
    async fn dwellings_of(&self, kind: RecordKind, record: &str) -> Result<Vec<Uprn>, ServiceError>;

    /// The dwellings that a notification names, in whatever way, which was not received yet; none where it is not JSON.
    ///
    /// # Errors
    /// When that cannot be read now.
    async fn dwellings_told(&self, body: &[u8]) -> Result<Vec<Uprn>, ServiceError>;

    /// Which of these notifications touch one of these dwellings, see [`crate::service::touched`].
    ///
    /// # Errors
    /// As [`Backend::dwellings_of`].
    async fn touching(
        &self,
        references: &[NotificationRef],
        dwellings: &BTreeSet<Uprn>,
    ) -> Result<BTreeSet<NotificationRef>, ServiceError>;

    /// Records that somebody looked at a person's record; once for each in a session.
    ///
    /// # Errors
    /// When that cannot be recorded now.
    async fn looked(&self, look: Look) -> Result<(), ServiceError>;

    /// Every queue there is.
    fn queues(&self) -> BTreeSet<&'static str>;

    /// Records that a member of staff signed in.
    ///
    /// # Errors
    /// When that cannot be recorded now.
    async fn signed_in(&self, signed_in: StaffSignedIn) -> Result<(), ServiceError>;

    /// Begins a draft of answers, to be forgotten after so many days, and gives its name.
    ///
    /// # Errors
    /// As every function of drafts: when they cannot be read or kept now.
    fn begin_draft(&self, content: &[u8], days: u16) -> Result<String, DraftError>;

    /// The content of a draft, where there is one.
    ///
    /// # Errors
    /// As [`Backend::begin_draft`].
    fn read_draft(&self, name: &str) -> Result<Option<Vec<u8>>, DraftError>;

    /// Keeps a draft for so many days from now.
    ///
    /// # Errors
    /// As [`Backend::begin_draft`].
    fn keep_draft(&self, name: &str, content: &[u8], days: u16) -> Result<(), DraftError>;

    /// Forgets a draft.
    ///
    /// # Errors
    /// As [`Backend::begin_draft`].
    fn forget_draft(&self, name: &str) -> Result<(), DraftError>;

    /// Lays a document beside a draft, by the rules for evidence: it is deleted with it, or goes with a notification.
    ///
    /// # Errors
    /// When it cannot be evidence, or not be kept now.
    async fn add_document(&self, draft: &str, content: &[u8]) -> Result<DocumentKept, DocumentNotTaken>;

    /// Takes a document away from a draft.
    ///
    /// # Errors
    /// As [`Backend::begin_draft`].
    fn remove_document(&self, draft: &str, id: &str) -> Result<(), DraftError>;

    /// Where the service is reached from outside; none where nobody has said.
    fn public_url(&self) -> Option<&PublicUrl>;

    /// Has the link to a draft, which is kept for so many days, sent to an address of e-mail.
    ///
    /// # Errors
    /// When nothing leads there from outside, it is no address, or it cannot be done now.
    async fn mail_draft_link(&self, name: &str, to: &str, lang: Lang, days: u16) -> Result<(), LinkNotSent>;

    /// What a draft is called where its name must not be.
    fn draft_digest(&self, name: &str) -> String;

    /// The JSON Schema of a kind of notification, where the intake has one.
    fn notification_schema(&self, kind: NotificationKind) -> Option<serde_json::Value>;

    /// Which checks a notification of each kind passes through.
    fn gates(&self) -> Gates;
}

/// How much of what is open to all one address may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: NonZeroU32,
    /// How many a second from then on.
    pub per_second: NonZeroU32,
}

impl Rate {
    /// At once, and a second from then on; at least one of each.
    pub const fn new(burst: u32, per_second: u32) -> Self {
        const fn at_least_one(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self { burst: at_least_one(burst), per_second: at_least_one(per_second) }
    }
}

/// The limits of the edge.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Notifications without a token, by address.
    pub submissions: Rate,
    /// Reads without a token (a notification by its tracking token, the API's own documents), by address.
    pub open_reads: Rate,
    /// The greatest body, bytes, where it is not a file.
    pub body_bytes: usize,
    /// The greatest file, bytes.
    pub file_bytes: usize,
    /// How long a file may take to arrive, from the headers of its request to the answer.
    pub file_timeout: Duration,
    /// How many files may be arriving at once.
    pub files_at_once: usize,
    /// How long the headers of a request may take, and how long a connection may be idle between two.
    pub header_timeout: Duration,
    /// How long the body of a request may take.
    pub body_timeout: Duration,
    /// How long a request may take from its headers to its answer.
    pub request_timeout: Duration,
    /// How long a reader may keep an answer waiting.
    pub write_timeout: Duration,
    /// How long a connection may last.
    pub connection_age: Duration,
    /// How long what is under way may still take after the service was told to stop.
    pub drain: Duration,
    /// How many connections at once; more wait to be accepted.
    pub connections: usize,
    /// How many pages of staff may listen for changes at once.
    pub streams: usize,
    /// How many of these one session may have; a browser has few connections, and needs some for what is done.
    pub streams_each: usize,
    /// How many events a view may be behind the log before the service says it is not ready.
    pub views_behind: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            submissions: Rate::new(20, 1),
            open_reads: Rate::new(300, 50),
            body_bytes: 64 * 1024,
            file_bytes: MOST_BYTES,
            file_timeout: Duration::from_mins(2),
            files_at_once: 32,
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            connection_age: Duration::from_mins(10),
            drain: Duration::from_secs(10),
            connections: 15_000,
            streams: 2_000,
            streams_each: 4,
            views_behind: 5_000,
        }
    }
}

/// What every handler has.
#[derive(Clone)]
struct App(Arc<Parts>);

struct Parts {
    backend: Arc<dyn Backend>,
    access: Access,
    sign_in: Arc<SignIn>,
    /// For which records somebody said why they look at them.
    reasons: looked::Reasons,
    limits: Limits,
    submissions: limit::Limiter,
    open_reads: limit::Limiter,
    files: Semaphore,
    streams: streams::Streams,
    /// A what-if takes a while: one at a time.
    what_ifs: Arc<Semaphore>,
    /// True once the service was told to stop.
    stop: watch::Receiver<bool>,
}

impl App {
    fn new(
        backend: Arc<dyn Backend>,
        access: Access,
        sign_in: Arc<SignIn>,
        limits: Limits,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let (submissions, open_reads) =
            (limit::Limiter::new(limits.submissions), limit::Limiter::new(limits.open_reads));
        let files = Semaphore::new(limits.files_at_once);
        let streams = streams::Streams::new(limits.streams, limits.streams_each);
        let what_ifs = Arc::new(Semaphore::new(1));
        Self(Arc::new(Parts {
            backend,
            access,
            sign_in,
            reasons: looked::Reasons::default(),
            limits,
            submissions,
            open_reads,
            files,
            streams,
            what_ifs,
            stop,
        }))
    }

    fn backend(&self) -> &dyn Backend {
        self.0.backend.as_ref()
    }

    /// Reads the views where waiting for a disk keeps nobody else waiting.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Backend) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, problem::Problem> {
        let backend = Arc::clone(&self.0.backend);
        let read = tokio::task::spawn_blocking(move || read(backend.as_ref())).await;
        Ok(read.map_err(|error| problem::Problem::internal(&error))??)
    }
}

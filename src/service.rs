//! The service in one value: everything a command or a request needs, put together once.

pub mod assumptions;
pub mod bulk;
pub mod come_back;
pub mod documents;
pub mod gates;
pub mod looks;
pub mod money;
pub mod orders;
pub mod preview;
pub mod public_url;
pub mod queue;
pub mod refused;
pub mod reversal;
pub mod search;
pub mod statistics;
pub mod submitter;
pub mod times;
pub mod touched;
pub mod what_if;
pub mod work;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use hearth_events::{
    CodecError, Event, LogClock, LogStarted, Metadata, NewEvent, NotificationRef, PlannedEvent, Position, Status,
    StoredEvent, StreamName, decode,
};
use jiff::Timestamp;

use self::public_url::PublicUrl;
use crate::clock::{Clock, day_in_england, system_now};
use crate::data_dir::DataDir;
use crate::drafts::{DraftError, Drafts};
use crate::evidence::scanner::Scanner;
use crate::keys::{KeyError, Keyring, random_id};
use crate::rules::modulus::ModulusTable;
use crate::rules::{Council, Rules};
use crate::sign_in::{SignIn, SignInError};
use crate::store::{self, EventStore, Expected, StoreError};
use crate::views::{FollowError, ViewError, Views, catch_up};

/// Who sends a notification, as far as the council knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Anybody, over the open form or API.
    Public,
    /// Anybody, with a spreadsheet of many changes that was uploaded on the pages.
    PublicFile,
    /// A file given to `hearth submit`.
    File,
    /// The holder of a token, by the token's name.
    Token(String),
}

impl Sender {
    /// As it is recorded.
    pub fn name(&self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::PublicFile => "public-file".to_owned(),
            Self::File => "file".to_owned(),
            Self::Token(name) => format!("token:{name}"),
        }
    }
}

/// What the sender of a notification is told, once it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What the council calls it.
    pub reference: NotificationRef,
    /// What it has come to so far.
    pub status: Status,
    /// The secret with which its sender can see it.
    pub tracking_token: String,
    /// Whether it had been received before, so that this is the first answer again.
    pub known: bool,
}

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// A JSON pointer to the field: `/details/persons/0/name`.
    pub pointer: String,
    /// What is wrong and what to give instead.
    pub detail: String,
}

/// Why a notification was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not well formed; nothing was recorded.
    Malformed(Vec<FieldFault>),
    /// The same sender used the same reference with another body.
    OtherBody {
        /// What the council calls the first one.
        reference: NotificationRef,
    },
    /// The store cannot take it now; nothing was acknowledged.
    Unavailable(String),
}

/// When a notification was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceivedAt {
    /// Now, whatever the sender says.
    Now,
    /// As the file says.
    AsStated,
}

/// The service cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The log cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A view cannot be used.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The views cannot follow the log.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The keys cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Drafts cannot be used.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// Sessions cannot be used.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// An event cannot be read or written.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The log holds what this program does not understand.
    #[error("{0}")]
    Log(String),
}

impl ServiceError {
    /// Whether it may be otherwise a moment later: the log is out of reach, and nothing is wrong with it.
    pub fn will_pass(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unavailable(_) | StoreError::Ambiguous(_)))
    }
}

/// Everything together.
pub struct Service {
    /// The log.
    pub store: Arc<dyn EventStore>,
    /// The views of it.
    pub views: Views,
    /// The keys to personal data.
    pub keys: Keyring,
    /// What was answered and not sent yet.
    pub drafts: Drafts,
    /// How members of staff sign in.
    pub sign_in: Arc<SignIn>,
    /// The clock of the log.
    pub clock: Clock,
    /// The identity of the log.
    pub log_id: String,
    /// The folder of letters that somebody is to send.
    pub outbox: PathBuf,
    /// The folder of evidence.
    pub evidence: PathBuf,
    /// What looks at evidence before it is kept; none where nothing does.
    pub scanner: Option<Scanner>,
    /// Where the service is reached from outside; none where nobody has said.
    pub public_url: Option<PublicUrl>,
    /// The names of the projections.
    pub projections: Vec<&'static str>,
    /// What work items are found by.
    pub search: search::Index,
    council: Mutex<Arc<CouncilNow>>,
}

/// The council as of the last event of its stream that was read.
#[derive(Debug, Default)]
pub struct CouncilNow {
    /// What it resolved.
    pub council: Council,
    log_revision: Option<u64>,
    tables: Vec<ModulusTable>,
}

impl CouncilNow {
    /// The table of the modulus check in force on a day.
    pub fn modulus_on(&self, day: jiff::civil::Date) -> Option<&ModulusTable> {
        self.tables.iter().rev().find(|it| it.valid_from <= day).or(self.tables.first())
    }
}

impl Service {
    /// Opens the log of a data directory, making it where there is none: on the machine's clock, or on a simulated clock
    /// that begins at `simulated_from`.
    ///
    /// # Errors
    /// When the log, its keys or its views cannot be used.
    pub async fn open(data: &DataDir, simulated_from: Option<Timestamp>) -> Result<Self, ServiceError> {
        Self::over(Self::log(data)?, data, simulated_from).await
    }

    /// The log that belongs to a data directory, there or on a server.
    ///
    /// # Errors
    /// When it cannot be opened. A server is not asked yet.
    pub fn log(data: &DataDir) -> Result<Arc<dyn EventStore>, ServiceError> {
        data.make_private().map_err(|error| {
            let root = data.root().display();
            StoreError::Wrong(format!("{root} cannot be made: {error}; choose another --data"))
        })?;
        let embedded = data.log().exists();
        if data.server().is_some() && embedded || data.server().is_none() && !embedded && data.places().exists() {
            let (here, next) = if embedded {
                ("in the directory itself", "leave --store out, or give another --data")
            } else {
                ("on a server", "say which with --store or HEARTH_STORE, or give another --data")
            };
            let root = data.root().display();
            return Err(StoreError::Wrong(format!("the log that belongs to {root} is {here}: {next}")).into());
        }
        Ok(match data.server() {
            None => store::embedded(&data.log())?,
            Some(server) => store::on_server(server, &data.places())?,
        })
    }

    /// The same, where there is one: a directory shows whether it holds a log, a server has to be asked.
    ///
    /// # Errors
    /// When it cannot be opened, or the server cannot be reached.
    pub async fn log_where_there_is_one(data: &DataDir) -> Result<Option<Arc<dyn EventStore>>, ServiceError> {
        if data.server().is_none() && !data.log().exists() && !data.places().exists() {
            return Ok(None);
        }
        let log = Self::log(data)?;
        let is_there = data.server().is_none() || !log.read_stream(&StreamName::log(), 0).await?.is_empty();
        Ok(is_there.then_some(log))
    }

    /// The service over a log that is open.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn over(
        store: Arc<dyn EventStore>,
        data: &DataDir,
        simulated_from: Option<Timestamp>,
    ) -> Result<Self, ServiceError> {
        let keys = Keyring::open(&data.keys(), &data.master_key())?;
        let started = started(store.as_ref(), simulated_from).await?;
        let views = Views::open(&data.views(), &started.log_id)?;
        let latest = latest_instant(store.as_ref()).await?;
        Ok(Self {
            store,
            views,
            drafts: Drafts::open(&data.drafts())?,
            sign_in: Arc::new(SignIn::open(&data.staff(), keys.pepper("sign-in"))?),
            keys,
            clock: Clock::new(started.clock, latest),
            log_id: started.log_id,
            outbox: data.outbox(),
            evidence: data.evidence(),
            scanner: None,
            public_url: None,
            projections: Views::projections(),
            search: search::Index::default(),
            council: Mutex::new(Arc::new(CouncilNow::default())),
        })
    }

    /// The present day in England.
    pub fn today(&self) -> jiff::civil::Date {
        day_in_england(self.clock.now())
    }

    /// The council as the log has it now.
    ///
    /// # Errors
    /// When its streams cannot be read.
    pub async fn council(&self) -> Result<Arc<CouncilNow>, ServiceError> {
        let held = self.council.lock().map(|it| Arc::clone(&it)).unwrap_or_default();
        let mut fresh = Vec::new();
        let log = self.store.read_stream(&StreamName::log(), next(held.log_revision)).await?;
        fresh.extend(log.iter().map(decode).collect::<Result<Vec<_>, _>>()?);
        let log_revision = fresh.last().map(|it| it.revision).or(held.log_revision);
        let registered = fresh
            .iter()
            .find_map(|it| if let Event::CouncilRegistered(it) = &it.event { Some(it.gss_code.clone()) } else { None });
        let gss_code = registered.or_else(|| held.council.registered.as_ref().map(|it| it.gss_code.clone()));
        if let Some(gss_code) = &gss_code {
            let stream = StreamName::council(gss_code);
            let more = self.store.read_stream(&stream, next(held.council.revision)).await?;
            fresh.extend(more.iter().map(decode).collect::<Result<Vec<_>, _>>()?);
        }
        if fresh.is_empty() {
            return Ok(held);
        }
        let mut council = held.council.clone();
        for recorded in &fresh {
            let revision = council.revision;
            council.apply(recorded);
            if recorded.stream == StreamName::log() {
                council.revision = revision;
            }
        }
        let tables = tables(&council)?;
        let now = Arc::new(CouncilNow { council, log_revision, tables });
        if let Ok(mut held) = self.council.lock() {
            *held = Arc::clone(&now);
        }
        Ok(now)
    }

    /// Appends planned events to a stream, recorded now.
    ///
    /// # Errors
    /// As the store's append.
    pub async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: &[PlannedEvent],
        actor: &str,
        causation: &str,
    ) -> Result<Position, ServiceError> {
        self.append_among(stream, expected, events, &metadata(actor, causation)).await
    }

    /// The same as one of several that an actor ordered together: they have this correlation.
    ///
    /// # Errors
    /// As the store's append.
    pub async fn append_together(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: &[PlannedEvent],
        (actor, causation, correlation): (&str, &str, &str),
    ) -> Result<Position, ServiceError> {
        let metadata = Metadata { correlation: correlation.to_owned(), ..metadata(actor, causation) };
        self.append_among(stream, expected, events, &metadata).await
    }

    async fn append_among(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: &[PlannedEvent],
        metadata: &Metadata,
    ) -> Result<Position, ServiceError> {
        let now = self.clock.now();
        let events: Result<Vec<NewEvent>, _> = events.iter().map(|it| it.recorded(now, metadata)).collect();
        let events = events?;
        Ok(self.store.append(stream, expected, events).await?.last)
    }

    /// The secret with which the sender of a notification can see it.
    pub fn tracking_token(&self, reference: &NotificationRef) -> String {
        self.keys.digest("tracking-token", reference.as_str().as_bytes()).chars().take(32).collect()
    }

    /// Brings every view to the head of the log.
    ///
    /// # Errors
    /// When the log or a view cannot be used.
    pub async fn catch_up(&self) -> Result<Position, ServiceError> {
        Ok(catch_up(self.store.as_ref(), &self.views).await?)
    }
}

/// The pause before the beginning of the log is looked at again.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// A name for an order to many items, that no other has.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn new_order() -> Result<String, ServiceError> {
    Ok(random_id()?)
}

fn metadata(actor: &str, causation: &str) -> Metadata {
    Metadata {
        actor: actor.to_owned(),
        causation: causation.to_owned(),
        correlation: causation.to_owned(),
        rules_version: Rules::current().version.to_owned(),
        schema: 1,
    }
}

fn next(revision: Option<u64>) -> u64 {
    revision.map_or(0, |it| it.saturating_add(1))
}

fn tables(council: &Council) -> Result<Vec<ModulusTable>, ServiceError> {
    let parse = |it: &hearth_events::ModulusTableAdopted| {
        ModulusTable::parse(&it.source, it.from, &it.weights, &it.substitutions)
            .map_err(|error| ServiceError::Log(format!("the modulus table from {} cannot be read: {error}", it.from)))
    };
    council.modulus_tables.iter().map(parse).collect()
}

/// The first event of the log, made where the log is empty.
async fn started(store: &dyn EventStore, simulated_from: Option<Timestamp>) -> Result<LogStarted, ServiceError> {
    loop {
        let stream = StreamName::log();
        if let Some(first) = store.read_stream(&stream, 0).await?.first() {
            let Event::LogStarted(started) = decode(first)?.event else {
                return Err(ServiceError::Log(
                    "this is not a log of Hearth: it does not begin with LogStarted".to_owned(),
                ));
            };
            return Ok(started);
        }
        let log_id = random_id()?;
        let clock = if simulated_from.is_some() { LogClock::File } else { LogClock::System };
        let id = hearth_events::EventId::derived(&["log-started", &log_id]);
        let event = hearth_events::draft(id, LogStarted { log_id, clock }.into(), &mut NothingPersonal)?;
        let recorded_at = simulated_from.unwrap_or_else(system_now);
        let event = event.recorded(recorded_at, &metadata("system", "start"))?;
        match store.append(&stream, Expected::NoStream, vec![event]).await {
            Ok(_) => {}
            // Somebody else was first; or nobody knows, and it may show in a moment.
            Err(StoreError::Conflict { .. } | StoreError::Ambiguous(_)) => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error.into()),
        }
    }
}

struct NothingPersonal;

impl hearth_events::Sealer for NothingPersonal {
    fn seal(
        &mut self,
        _: hearth_events::PersonId,
        _: hearth_events::EventId,
        _: &[u8],
    ) -> Result<String, hearth_events::NotSealed> {
        Err(hearth_events::NotSealed("nothing personal is expected here".to_owned()))
    }
}

async fn latest_instant(store: &dyn EventStore) -> Result<Timestamp, ServiceError> {
    let head = store.head().await?;
    let before = Position(head.0.saturating_sub(1));
    let last: Option<StoredEvent> = store.read_all(before, 1).await?.pop();
    Ok(last.as_ref().map(decode).transpose()?.map_or(Timestamp::UNIX_EPOCH, |it| it.recorded_at))
}

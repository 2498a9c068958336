//! One client at a time, replaced when it is lost; no call outlasts its deadline.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::super::StoreError;
use super::address::Address;
use super::client::{client, es, has_provider};
use super::errors::{Failed, classified};
use super::nodelay;
use super::vetting::vetted;

/// The pauses before a lost client is replaced: they double from the first to the longest.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// An answer that takes this long may have waited for an acknowledgement, on a socket that is new.
const SLOW: Duration = Duration::from_millis(25);

/// How often at most the sockets are looked through because an answer was slow.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Whether any client of this process has ever connected.
static CONNECTED_ONCE: AtomicBool = AtomicBool::new(false);

/// Keeps a client.
pub(super) struct Supervisor {
    pub(super) address: Address,
    current: Mutex<Current>,
    /// How many clients there have been; the number is the client's own.
    clients: AtomicU64,
    looked: Mutex<Option<Instant>>,
    /// Whether somebody had installed a provider of cryptography before the first client.
    had_provider: OnceLock<bool>,
}

struct Current {
    connection: Option<Arc<Connection>>,
    /// Somebody is at it: what comes of it.
    making: Option<watch::Receiver<Option<Made>>>,
    lost_in_a_row: u32,
    not_before: Instant,
}

type Made = Result<Arc<Connection>, StoreError>;

/// A client with a runtime of its own. A client that is dropped leaves its tasks and its socket behind; here they end with
/// the runtime, when the last call that uses it has ended.
struct Connection {
    number: u64,
    client: es::Client,
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Supervisor {
    pub(super) fn new(address: Address) -> Arc<Self> {
        let current = Current { connection: None, making: None, lost_in_a_row: 0, not_before: Instant::now() };
        Arc::new(Self {
            address,
            current: Mutex::new(current),
            clients: AtomicU64::new(0),
            looked: Mutex::new(None),
            had_provider: OnceLock::new(),
        })
    }

    /// Does this, which may be done again, until it is done or the time of a call is over.
    pub(super) async fn again<T, F, Fut>(self: &Arc<Self>, call: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(es::Client) -> Fut,
        Fut: Future<Output = es::Result<T>> + Send + 'static,
    {
        let until = Instant::now() + self.address.call;
        let mut pause = BACK_OFF.0;
        loop {
            let error = match self.once(until, &call).await {
                Ok(done) => return Ok(done),
                Err(error @ (StoreError::Conflict { .. } | StoreError::Wrong(_))) => return Err(error),
                Err(error) => error,
            };
            if Instant::now() + pause >= until {
                return Err(error);
            }
            tracing::debug!("a call to the event store is repeated: {error}");
            sleep_until(Instant::now() + pause).await;
            pause = (pause * 2).min(BACK_OFF.1);
        }
    }

    /// Does this once, by the current client. The attempt comes to its own end, whether or not anybody waits for it: a client
    /// that hangs is found out also by callers who are in more of a hurry.
    pub(super) async fn once<T, F, Fut>(self: &Arc<Self>, until: Instant, call: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(es::Client) -> Fut,
        Fut: Future<Output = es::Result<T>> + Send + 'static,
    {
        let shown = self.address.shown();
        let late = |_| StoreError::Unavailable(format!("no connection to {shown} in time"));
        let connection = timeout_at(until, self.connection()).await.map_err(late)??;
        let (server, handle) = (Arc::clone(self), connection.handle.clone());
        let calling = call(connection.client.clone());
        let attempt = handle.spawn(async move { server.attempted(connection, calling).await });
        let unsure = |why: &str| StoreError::Ambiguous(format!("{why} from {shown}"));
        match timeout_at(until, attempt).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(unsure("the client broke off: no answer")),
            Err(_) => Err(unsure("no answer in time")),
        }
    }

    async fn attempted<T: Send + 'static>(
        &self,
        connection: Arc<Connection>,
        calling: impl Future<Output = es::Result<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        // A task of its own: an answer that the client cannot take, and panics over, ends that task only.
        let mut task = connection.handle.spawn(calling);
        let failed = match timeout(self.address.attempt, &mut task).await {
            Ok(Ok(Ok(done))) => {
                self.answered(begun.elapsed());
                return Ok(done);
            }
            Ok(Ok(Err(error))) => classified(error),
            Ok(Err(error)) => Failed::lost(StoreError::Ambiguous(format!("the client broke off: {error}"))),
            Err(_) => {
                task.abort();
                // The client does not keep deadlines itself: it would wait until its keep-alive gives up.
                let attempt = self.address.attempt;
                Failed::lost(StoreError::Ambiguous(format!("no answer within {attempt:?}")))
            }
        };
        if failed.client_is_lost {
            self.lost(&connection, &failed.error);
        }
        Err(failed.error)
    }

    /// The current client, or a new one when its time has come. Whoever is first has it made; the others wait for that.
    async fn connection(self: &Arc<Self>) -> Made {
        let mut making = {
            let mut current = self.current();
            if let Some(connection) = &current.connection {
                return Ok(Arc::clone(connection));
            }
            match &current.making {
                // Whoever had begun it is gone with its runtime.
                Some(making) if making.has_changed().is_ok() || making.borrow().is_some() => making.clone(),
                Some(_) | None => {
                    let (made, making) = watch::channel(None);
                    tokio::spawn(Arc::clone(self).make(made));
                    current.making = Some(making.clone());
                    making
                }
            }
        };
        let made = making.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
        made.unwrap_or_else(|| Err(StoreError::Unavailable("no client was made".to_owned())))
    }

    /// Makes a client, not before its time.
    async fn make(self: Arc<Self>, told: watch::Sender<Option<Made>>) {
        let not_before = self.current().not_before;
        sleep_until(not_before).await;
        self.current().put_off();
        let made = self.connect().await.map(Arc::new);
        if let Err(error) = &made {
            tracing::warn!("no connection to the event store: {error}");
        }
        {
            let mut current = self.current();
            current.making = None;
            current.connection = made.as_ref().ok().map(Arc::clone);
        }
        told.send_replace(Some(made));
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<Connection, StoreError> {
        let had_provider = *self.had_provider.get_or_init(has_provider);
        let no_runtime = |error| StoreError::Unavailable(format!("no thread for the client: {error}"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("event-store")
            .enable_all()
            .build()
            .map_err(no_runtime)?;
        let made = client(runtime.handle(), self.address.settings.clone());
        let number = self.clients.fetch_add(1, Ordering::Relaxed) + 1;
        let connection = match made {
            Ok(client) => Connection { number, client, handle: runtime.handle().clone(), runtime: Some(runtime) },
            Err(error) => {
                runtime.shutdown_background();
                return Err(StoreError::Wrong(error));
            }
        };
        let client = connection.client.clone();
        let asking = connection.handle.spawn(async move { client.server_info().await });
        let answer = timeout(self.address.attempt, asking).await;
        let shown = self.address.shown();
        match answer {
            Ok(Ok(Ok(_))) => CONNECTED_ONCE.store(true, Ordering::Relaxed),
            // A client that is closed when it is new has panicked; where that was its own doing, it never will again.
            Ok(Ok(Err(es::Error::ConnectionClosed))) if had_provider && !CONNECTED_ONCE.load(Ordering::Relaxed) => {
                return Err(StoreError::Wrong(
                    "a TLS provider was installed in this process before the event store was opened, and the client for it cannot live with that: open the store first"
                        .to_owned(),
                ));
            }
            Ok(Ok(Err(error))) => return Err(unreachable_at(shown, classified(error).error)),
            Ok(Err(_)) => return Err(StoreError::Unavailable(format!("the client for {shown} broke off"))),
            Err(_) => return Err(StoreError::Unavailable(format!("{shown} does not answer"))),
        }
        vetted(&self.address).await?;
        let _ = self.set_nodelay().await;
        tracing::info!(number, "connected to the event store at {shown}");
        Ok(connection)
    }

    /// Lets go of a client, once, however many calls it failed.
    fn lost(&self, connection: &Connection, why: &StoreError) {
        let mut current = self.current();
        if current.connection.as_ref().is_some_and(|it| it.number == connection.number) {
            tracing::warn!(number = connection.number, "the connection to the event store is lost: {why}");
            metrics::counter!("hearth_store_connections_lost_total").increment(1);
            current.connection = None;
        }
    }

    /// An answer came.
    fn answered(&self, after: Duration) {
        self.current().lost_in_a_row = 0;
        if after > SLOW && self.looked().is_none_or(|it| it.elapsed() > LOOK_AGAIN) {
            drop(self.set_nodelay());
        }
    }

    /// Looks through the sockets, beside whatever else is done.
    fn set_nodelay(&self) -> JoinHandle<()> {
        let is_first = self.looked().replace(Instant::now()).is_none();
        tokio::task::spawn_blocking(move || {
            if let (true, Err(error)) = (is_first, nodelay::on_every_socket()) {
                tracing::warn!(
                    "TCP_NODELAY cannot be set ({error}): each call to the event store takes up to 40 ms longer"
                );
            }
        })
    }

    fn looked(&self) -> MutexGuard<'_, Option<Instant>> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many clients there have been.
    pub(super) fn clients(&self) -> u64 {
        self.clients.load(Ordering::Relaxed)
    }
}

impl Current {
    /// The next client is made after a pause: double the last one, and less by a part that differs from process to process.
    fn put_off(&mut self) {
        let pause = BACK_OFF.0.saturating_mul(1 << self.lost_in_a_row.min(10)).min(BACK_OFF.1);
        let jitter = getrandom::u32().unwrap_or_default() % 256;
        self.lost_in_a_row = self.lost_in_a_row.saturating_add(1);
        self.not_before = Instant::now() + pause.saturating_mul(768 + jitter) / 1_024;
    }
}

fn unreachable_at(shown: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Wrong(why) => StoreError::Wrong(why),
        StoreError::Unavailable(why) | StoreError::Ambiguous(why) => {
            StoreError::Unavailable(format!("{shown} cannot be reached: {why}"))
        }
        StoreError::Conflict { .. } => StoreError::Unavailable(format!("{shown} answers a question with a conflict")),
    }
}

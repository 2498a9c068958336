//! One client at a time, replaced when it is lost; no call outlasts its deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::Mutex;
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
    current: std::sync::Mutex<Current>,
    /// Held by whoever makes a client; the others wait for that one.
    making: Mutex<()>,
    /// How many clients there have been; the number is the client's own.
    clients: AtomicU64,
    looked: std::sync::Mutex<Option<Instant>>,
}

struct Current {
    connection: Option<Arc<Connection>>,
    lost_in_a_row: u32,
    not_before: Instant,
}

/// A client with a runtime of its own. A client that is dropped leaves its tasks and its socket behind; here they end with
/// the runtime, when the last call that uses it has ended.
struct Connection {
    number: u64,
    client: es::Client,
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
    pub(super) fn new(address: Address) -> Self {
        let current = Current { connection: None, lost_in_a_row: 0, not_before: Instant::now() };
        Self {
            address,
            current: std::sync::Mutex::new(current),
            making: Mutex::new(()),
            clients: AtomicU64::new(0),
            looked: std::sync::Mutex::new(None),
        }
    }

    /// Does this, which may be done again, until it is done or the time of a call is over.
    pub(super) async fn again<T, F, Fut>(&self, call: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(es::Client) -> Fut,
        Fut: Future<Output = es::Result<T>> + Send + 'static,
    {
        let until = Instant::now() + self.address.call;
        let mut pause = BACK_OFF.0;
        let mut unsure = None;
        loop {
            let error = match self.once(until, &call).await {
                Ok(done) => return Ok(done),
                Err(error @ (StoreError::Conflict { .. } | StoreError::Wrong(_))) => return Err(error),
                Err(error) => error,
            };
            if Instant::now() + pause >= until {
                // What one attempt may have done, a later one that was not even sent cannot undo.
                return Err(unsure.unwrap_or(error));
            }
            if let StoreError::Ambiguous(why) = error {
                tracing::debug!(why, "a call to the event store is repeated: {why}");
                unsure = Some(StoreError::Ambiguous(why));
            }
            sleep_until(Instant::now() + pause).await;
            pause = (pause * 2).min(BACK_OFF.1);
        }
    }

    /// Does this once, by the current client.
    async fn once<T, F, Fut>(&self, until: Instant, call: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(es::Client) -> Fut,
        Fut: Future<Output = es::Result<T>> + Send + 'static,
    {
        let late = |_| StoreError::Unavailable(format!("no connection to {} in time", self.address.shown()));
        let connection = timeout_at(until, self.connection()).await.map_err(late)??;
        let begun = Instant::now();
        let Some(runtime) = &connection.runtime else {
            return Err(StoreError::Unavailable("the client is closed".to_owned()));
        };
        // On the client's own runtime: there an answer the client cannot take, and panics over, ends this task only.
        let mut task = runtime.spawn(call(connection.client.clone()));
        let failed = match timeout(self.address.attempt.min(until - begun), &mut task).await {
            Ok(Ok(Ok(done))) => {
                self.answered(begun.elapsed()).await;
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

    /// The current client, or a new one when its time has come.
    async fn connection(&self) -> Result<Arc<Connection>, StoreError> {
        let now = |it: &Self| it.current().connection.clone();
        if let Some(connection) = now(self) {
            return Ok(connection);
        }
        let _turn = self.making.lock().await;
        if let Some(connection) = now(self) {
            return Ok(connection);
        }
        let not_before = self.current().not_before;
        sleep_until(not_before).await;
        // Before it is tried: should this be given up in the middle, the pause still counts.
        self.current().put_off();
        let connection = match self.connect().await {
            Ok(connection) => Arc::new(connection),
            Err(error) => {
                tracing::warn!("no connection to the event store: {error}");
                return Err(error);
            }
        };
        self.current().connection = Some(Arc::clone(&connection));
        Ok(connection)
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<Connection, StoreError> {
        let had_provider = has_provider();
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
            Ok(client) => Connection { number, client, runtime: Some(runtime) },
            Err(error) => {
                runtime.shutdown_background();
                return Err(StoreError::Wrong(error));
            }
        };
        let client = connection.client.clone();
        let Some(runtime) = &connection.runtime else {
            return Err(StoreError::Unavailable("the client is closed".to_owned()));
        };
        let answer = timeout(self.address.attempt, runtime.spawn(async move { client.server_info().await })).await;
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
        self.set_nodelay().await;
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
    async fn answered(&self, after: Duration) {
        self.current().lost_in_a_row = 0;
        if after > SLOW {
            let looked = self.looked.lock().ok().and_then(|it| *it);
            if looked.is_none_or(|it| it.elapsed() > LOOK_AGAIN) {
                self.set_nodelay().await;
            }
        }
    }

    async fn set_nodelay(&self) {
        let first = match self.looked.lock() {
            Ok(mut looked) => looked.replace(Instant::now()).is_none(),
            Err(_) => false,
        };
        let set = tokio::task::spawn_blocking(nodelay::on_every_socket).await;
        if let (true, Ok(Err(error))) = (first, set) {
            tracing::warn!(
                "TCP_NODELAY cannot be set ({error}): each call to the event store takes up to 40 ms longer"
            );
        }
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

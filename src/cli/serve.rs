//! `hearth serve` and `hearth work`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::mailing::{Mail, Mailing};
use super::output::say;
use super::provider::Council;
use super::{Common, Failure, provider};
use crate::access::Access;
use crate::clock::system_now;
use crate::evidence::scanner::Scanner;
use crate::processor::{expire, lapse, resume};
use crate::service::public_url::PublicUrl;
use crate::service::{Service, ServiceError};
use crate::views::run_workers;
use crate::web::{self, Limits};

/// Serves the API.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(super) listen: SocketAddr,
    /// What looks at evidence before it is kept: a program that reads the file on its standard input and ends with 0 where it
    /// is clean, with 1 where it is harmful (`clamdscan --no-summary -`). No shell is used. Without one, files are kept as
    /// not looked at.
    #[arg(long, env = "HEARTH_SCANNER", value_name = "COMMAND")]
    scanner: Option<Scanner>,
    #[command(flatten)]
    mail: Mail,
    #[command(flatten)]
    council: Council,
}

/// Runs the workers only.
#[derive(Debug, Args)]
pub(super) struct Work {
    #[command(flatten)]
    mail: Mail,
}

/// The workers of a one-shot command: the views follow while it writes.
pub(super) struct Workers {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Workers {
    /// Starts them.
    pub(super) fn start(service: &Service) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (store, views) = (Arc::clone(&service.store), service.views.clone());
        let task = tokio::spawn(async move {
            if let Err(error) = run_workers(store, views, stopped).await {
                tracing::error!(%error, "the workers ended");
            }
        });
        Self { stop, task }
    }

    /// Stops them and waits until they have.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the workers ended badly");
        }
    }
}

pub(super) async fn run(common: &Common, args: Serve) -> Result<(), Failure> {
    let public_url = args.mail.public_url.clone();
    let offered = args.council.offered(public_url.as_ref())?;
    let mailing = args.mail.mailing()?;
    let listener = listen(args.listen).await?;
    let stop = until_signal()?;
    // Who asks while the log cannot be reached is told so, and that this process lives.
    let opening = unless_stopped(stop.clone(), opened_for_callers(common, args.scanner, public_url));
    let Some(opened) = web::while_closed(&listener, &Limits::default(), opening).await else { return Ok(()) };
    let (service, access) = opened?;
    if let Some(offered) = offered {
        tokio::spawn(unless_stopped(stop.clone(), provider::reaching(Arc::clone(&offered.provider))));
        service.sign_in.offer(offered);
    }
    serve_on(listener, service, access, mailing, stop).await
}

/// Serves until told to stop.
pub(super) async fn serve(service: Arc<Service>, address: SocketAddr) -> Result<(), Failure> {
    let listener = listen(address).await?;
    let access = Access::open(Arc::clone(&service.store)).await?;
    serve_on(listener, service, access, Mail::default().mailing()?, until_signal()?).await
}

/// The service and who may call it, as soon as the log can be reached.
async fn opened_for_callers(
    common: &Common,
    scanner: Option<Scanner>,
    public_url: Option<PublicUrl>,
) -> Result<(Arc<Service>, Access), Failure> {
    loop {
        let mut service = common.open_when_it_is_up().await?;
        service.scanner.clone_from(&scanner);
        service.public_url.clone_from(&public_url);
        let service = Arc::new(service);
        match Access::open(Arc::clone(&service.store)).await.map_err(ServiceError::from) {
            Ok(access) => return Ok((service, access)),
            Err(error) if error.will_pass() => tracing::warn!("the event store is out of reach again: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::usage(format!("cannot listen on {address}: {error}; choose another with --listen")))
}

/// Does this, unless the process is told to stop first; then none.
async fn unless_stopped<T>(mut stop: watch::Receiver<bool>, doing: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        _ = stop.wait_for(|stopped| *stopped) => None,
        done = doing => Some(done),
    }
}

async fn serve_on(
    listener: TcpListener,
    service: Arc<Service>,
    access: Access,
    mailing: Mailing,
    stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::usage(format!("cannot listen: {error}")))?;
    let workers = Workers::start(&service);
    mailing.begin(&service).await?;
    let preparing = Arc::clone(&service);
    tokio::spawn(async move {
        if let Err(error) = preparing.prepare_search().await {
            tracing::warn!(%error, "the first search of the work list will take longer");
        }
    });
    let resuming = tokio::spawn(resuming(Arc::clone(&service), stop.clone()));
    let mailing = tokio::spawn(mailing.run(Arc::clone(&service), stop.clone()));
    say(&format!("listening on http://{address}"))?;
    let (backend, sign_in) = (Arc::clone(&service) as Arc<dyn web::Backend>, Arc::clone(&service.sign_in));
    web::serve(listener, backend, access, sign_in, Limits::default(), stop).await;
    // What was accepted is decided before the workers stop.
    let _ = resuming.await;
    let _ = mailing.await;
    workers.stop().await;
    tracing::info!("stopped");
    Ok(())
}

pub(super) async fn work(common: &Common, args: Work) -> Result<(), Failure> {
    let public_url = args.mail.public_url.clone();
    let mailing = args.mail.mailing()?;
    let stop = until_signal()?;
    let Some(service) = unless_stopped(stop.clone(), common.open_when_it_is_up()).await else { return Ok(()) };
    let mut service = service?;
    service.public_url = public_url;
    let service = Arc::new(service);
    let workers = Workers::start(&service);
    mailing.begin(&service).await?;
    let mailing = tokio::spawn(mailing.run(Arc::clone(&service), stop.clone()));
    say("working")?;
    resuming(Arc::clone(&service), stop).await;
    let _ = mailing.await;
    workers.stop().await;
    Ok(())
}

/// Takes up what has no outcome yet, and records what comes to its end by itself, again and again until told to stop.
async fn resuming(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(2));
    let mut pause = PAUSE.0;
    loop {
        // What is stuck is stuck for a reason that somebody has to mend: it is tried, and logged, less and less often.
        pause = match resume(&service, || *stop.borrow()).await {
            Ok(resumed) if resumed.stuck == 0 || resumed.decided > 0 => PAUSE.0,
            Ok(_) => (pause * 2).min(PAUSE.1),
            Err(error) => {
                tracing::error!(%error, "what has no outcome yet could not be taken up");
                (pause * 2).min(PAUSE.1)
            }
        };
        if let Err(error) = lapse(&service).await {
            tracing::error!(%error, "who was asked and has not answered could not be looked after");
        }
        if let Err(error) = service.drafts.tidy(system_now()) {
            tracing::error!(%error, "answers that were not sent could not be forgotten");
        }
        if let Err(error) = service.sign_in.tidy(system_now()) {
            tracing::error!(%error, "sessions that have ended could not be forgotten");
        }
        match expire(&service, || *stop.borrow()).await {
            Ok(expiries) if expiries.stuck == 0 => {}
            Ok(_) => pause = (pause * 2).min(PAUSE.1),
            Err(error) => {
                tracing::error!(%error, "the ends of awards that have come could not be looked for");
                pause = (pause * 2).min(PAUSE.1);
            }
        }
        tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Becomes true with the first SIGTERM or SIGINT.
fn until_signal() -> Result<watch::Receiver<bool>, Failure> {
    let failed = |error: std::io::Error| Failure::usage(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: what is under way is finished first");
        stop.send_replace(true);
        // Held open: the value must be readable for as long as anybody waits for it.
        std::future::pending::<()>().await;
    });
    Ok(stopped)
}

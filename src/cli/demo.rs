//! `hearth demo`: the main job, end to end, with the sample council.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use hearth_events::LogClock;
use serde::Serialize;

use super::import::{import, read, simulated_start};
use super::output::{say, say_json};
use super::submit::{Tally, submit_text, table};
use super::{Common, Failure, serve, staff};
use crate::pack::Source;
use crate::savings::{REALISTIC, SavingStatement, statement};
use crate::service::Service;
use crate::views::WorkloadReport;

/// Runs the main job with the sample council, then serves.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where to listen afterwards.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Only run the main job.
    #[arg(long)]
    no_serve: bool,
}

#[derive(Serialize)]
struct Report {
    clock: &'static str,
    outcomes: Tally,
    workload: WorkloadReport,
    savings: SavingStatement,
    forecast: SavingStatement,
}

pub(super) async fn run(common: &Common, args: Demo) -> Result<(), Failure> {
    let pack = read(Source::BuiltIn, "")?;
    let service = Service::open(&common.data()?, Some(simulated_start(Source::BuiltIn, &pack))).await?;
    if service.clock.kind() == LogClock::System {
        return Err(Failure::usage(format!(
            "{} holds a log on the machine's clock: give an empty directory with --data for the demonstration",
            common.data()?.root().display()
        )));
    }
    let imported = import(&service, &pack).await?;
    let notifications =
        Source::BuiltIn.bytes("notifications.ndjson").map_err(|error| Failure::usage(error.to_string()))?;
    let workers = serve::Workers::start(&service);
    let (outcomes, _) = submit_text(&service, &String::from_utf8_lossy(&notifications)).await?;
    workers.stop().await;
    service.catch_up().await?;
    let report = report(&service, outcomes)?;
    if common.json {
        say_json(&report)?;
    } else {
        say(&format!(
            "{}: {} dwellings and {} accounts imported as {} events\n",
            pack.council.registered.name, imported.dwellings, imported.accounts, imported.events
        ))?;
        say(&text(&report))?;
    }
    if args.no_serve {
        return Ok(());
    }
    say("\nTo sign in as staff, choose a passphrase by one of these links; each works once:")?;
    for (name, link) in staff::of_demonstration(&service).await? {
        say(&format!("  {name:<11} http://{}{link}", args.listen))?;
    }
    let data = common.data()?;
    let data = data.root().display();
    say(&format!(
        "\nTo look inside, in another terminal:\n  hearth token create --role auditor --name me --data {data}\n  \
         curl -H \"Authorization: Bearer TOKEN\" http://{}/api/v1/savings\n",
        args.listen
    ))?;
    serve::serve(Arc::new(service), args.listen).await
}

fn report(service: &Service, outcomes: Tally) -> Result<Report, Failure> {
    let rows = service.views.savings(None, None)?;
    let saving = |scenario| statement(&rows, None, None, scenario).map_err(|error| Failure::usage(error.to_string()));
    Ok(Report {
        clock: "simulated: it follows the received_at of the notifications, so the dates are those of 2015/16",
        outcomes,
        workload: service.views.workload(service.clock.now())?,
        savings: saving(None)?,
        forecast: saving(Some(REALISTIC))?,
    })
}

fn text(report: &Report) -> String {
    let mut lines = vec![table(&report.outcomes), String::new(), format!("Workload at {}", report.workload.as_of)];
    for it in &report.workload.queues {
        lines.push(format!(
            "  {:<12} {:>4} open, {:>4} overdue, {:>7} minutes estimated",
            it.queue, it.open, it.overdue, it.minutes_estimated
        ));
    }
    let reasons: Vec<_> = report.workload.by_reason.iter().map(|it| format!("{} {}", it.code, it.open)).collect();
    lines.push(format!("  by reason: {}", reasons.join(", ")));
    lines.push(String::new());
    lines.push("Savings".to_owned());
    lines.push(format!("  {}", report.savings.statement));
    let amount = |it: Option<hearth_events::Money>| it.map_or_else(|| "not known".to_owned(), |it| format!("£{it}"));
    lines.push(format!(
        "  potential {} = contact {} + back office {}; {} a notification",
        amount(report.savings.potential),
        amount(report.savings.contact_saving),
        amount(report.savings.back_office_saving),
        amount(report.savings.per_notification)
    ));
    lines.push(format!(
        "  forecast {} by the council's cost model, where it says nothing by assumption",
        amount(report.savings.forecast)
    ));
    lines.push(format!("  forecast {} in the variant {}", amount(report.forecast.forecast), report.forecast.scenario));
    lines.push(format!(
        "  realised {}: one contact for each notification applied without an officer",
        amount(report.savings.realised)
    ));
    for it in &report.savings.time_to_establish {
        lines.push(format!(
            "  {} accounts opened by {}: median {} minutes from receipt, nine in ten within {} (the simulated clock stands still \
             while one is decided)",
            it.accounts, it.channel, it.median_minutes, it.p90_minutes
        ));
    }
    lines.push(format!("\nThe clock of this data is {}.", report.clock));
    lines.join("\n")
}

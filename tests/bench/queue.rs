//! A queue of 50,000 items: pages, totals, searches and claims, against what loading all of it would cost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use hearth::data_dir::DataDir;
use hearth::processor::{act, claim_next};
use hearth::service::Service;
use hearth::service::work::{Action, NextAsked};
use hearth::store::Expected;
use hearth::views::{Sort, WorkItemFilter, run_workers};
use hearth_events::{
    Band, Channel, DwellingListed, Event, EventId, NotificationKind, NotificationReceived, NotificationRef,
    NotificationReferred, PersonId, Personal, Priority, ReasonCode, StreamName, Tenure, Uprn,
};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::Bench;
use super::load::{runtime, since};
use super::table::{Limit, Row, median, per_mille, percentile, time};

/// The promise: so many nanoseconds at the server.
const LIMIT: u64 = 100_000_000;
const ASKED: usize = 200;
/// So many dwellings are open to named members of staff only, and one item in so many is about one of them.
const FENCED: u64 = 200;
const ONE_IN: u64 = 50;
const SURNAMES: [&str; 8] = ["Hughes", "Carter", "Okafor", "Lind", "Price", "Singh", "Novak", "Adeyemi"];

pub(crate) fn queue(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let items = bench.size(50_000, 10_000);
    let service = Arc::new(runtime.block_on(filled(bench, items))?);
    let at = service.clock.now();
    let filter = WorkItemFilter { at, status: Some("open".to_owned()), limit: 51, ..WorkItemFilter::default() };
    let mut pages = Vec::new();
    for number in 0..ASKED {
        let filter = asked(&filter, number);
        let begin = Instant::now();
        let list = runtime.block_on(service.work_list(filter, None))?;
        pages.push(since(begin));
        anyhow::ensure!(list.total >= list.items.len() as u64, "{} of {}", list.items.len(), list.total);
    }
    let begin = Instant::now();
    runtime.block_on(service.prepare_search())?;
    let prepared = since(begin);
    let mut searches = Vec::new();
    for number in 0..ASKED {
        let text = surname(number);
        // Another number than that of the house, and of the same surname.
        let text = if number.is_multiple_of(2) { text.to_owned() } else { format!("{text} {}", 1_000 + number) };
        let begin = Instant::now();
        let list = runtime.block_on(service.work_list(asked(&filter, number), Some(&text)))?;
        searches.push(since(begin));
        anyhow::ensure!(!text.contains(' ') || list.total < items / 8, "{text}: {}", list.total);
    }
    let [claims, nexts] = claims(&runtime, &service)?;
    let everything = WorkItemFilter { limit: usize::MAX, ..filter };
    let begin = Instant::now();
    let mut all = service.views.work_items(&everything)?;
    all.sort_by_key(|it| it.due_on);
    let naive = since(begin);
    let under = format!(
        "{items} items wait; 1 caller; 50 a page with the total; {FENCED} dwellings are fenced for every other caller, with one item in {ONE_IN}"
    );
    let row = |what, took: &Vec<u64>, more: String| Row {
        what,
        ratio: per_mille(percentile(took.clone(), 950), LIMIT),
        limit: Limit::AtMost(1_000),
        measured: format!("p95 {}, median {}{more}", time(percentile(took.clone(), 950)), time(median(took.clone()))),
        under: under.clone(),
    };
    let loading = format!("; loading and sorting all takes {}", time(naive));
    Ok(vec![
        row("a page of the work list, filtered and sorted, p95 ÷ 100 ms", &pages, loading),
        row(
            "a search for a name in it, p95 ÷ 100 ms",
            &searches,
            format!("; opening all names once takes {}", time(prepared)),
        ),
        row("claiming an item of it, p95 ÷ 100 ms", &claims, "; durable, with its view and its proposal".to_owned()),
        row("taking the next item, p95 ÷ 100 ms", &nexts, "; as claiming one".to_owned()),
    ])
}

fn surname(number: usize) -> &'static str {
    SURNAMES.get(number % SURNAMES.len()).copied().unwrap_or_default()
}

/// A filter and an order, every other one of somebody who must not touch what is fenced.
fn asked(filter: &WorkItemFilter, number: usize) -> WorkItemFilter {
    let queues = if number.is_multiple_of(3) { vec!["moves".to_owned()] } else { Vec::new() };
    let reasons = if number.is_multiple_of(5) { vec![ReasonCode::R11] } else { Vec::new() };
    let not_at = fenced_for(number);
    let sort = Sort::ALL.get(number % Sort::ALL.len()).copied().unwrap_or_default();
    WorkItemFilter { queues, reasons, not_at, sort, descending: number.is_multiple_of(2), ..filter.clone() }
}

fn fenced_for(number: usize) -> BTreeSet<Uprn> {
    if number.is_multiple_of(2) { (0..FENCED).filter_map(uprn).collect() } else { BTreeSet::new() }
}

fn uprn(number: u64) -> Option<Uprn> {
    (999_000_000_001 + number).to_string().parse().ok()
}

/// How long each of these takes: claiming an item that is named, and taking the next one.
fn claims(runtime: &Runtime, service: &Arc<Service>) -> Result<[Vec<u64>; 2]> {
    let (mut took, mut nexts) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let workers = tokio::spawn(run_workers(Arc::clone(&service.store), service.views.clone(), stopped));
        for number in 0..ASKED as u64 {
            let begin = Instant::now();
            act(service, &reference(number), &Action::Claim { supervisor: false }, "bench").await?;
            took.push(since(begin));
        }
        for number in 0..ASKED {
            let asked =
                NextAsked { officer: format!("bench-{number}"), not_at: fenced_for(number), ..NextAsked::default() };
            let begin = Instant::now();
            let item = claim_next(service, &asked).await?;
            nexts.push(since(begin));
            anyhow::ensure!(item.is_some(), "nothing is left");
        }
        stop.send_replace(true);
        workers.await??;
        anyhow::Ok(())
    })?;
    Ok([took, nexts])
}

fn reference(number: u64) -> NotificationRef {
    // Spread over the order of the references, as drawn ones are.
    NotificationRef::from_bits(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A service whose queue holds so many items.
async fn filled(bench: &Bench, items: u64) -> Result<Service> {
    let service = Service::open(&DataDir::new(&bench.dir.join("queue"), None), None).await?;
    let now = service.clock.now();
    for uprn in (0..FENCED).filter_map(uprn) {
        let id = EventId::derived(&["bench", "listed", uprn.as_str()]);
        let sealed = service.keys.seal(&[(id, listed(&uprn).into())])?;
        service.append(&StreamName::dwelling(&uprn), Expected::NoStream, &sealed, "bench", "bench").await?;
    }
    for number in 0..items {
        let reference = reference(number);
        let events = waiting(&reference, number, now)?;
        let sealed = service.keys.seal(&events)?;
        service.append(&StreamName::notification(&reference), Expected::NoStream, &sealed, "bench", "bench").await?;
    }
    service.catch_up().await?;
    Ok(service)
}

fn listed(uprn: &Uprn) -> DwellingListed {
    DwellingListed {
        uprn: uprn.clone(),
        property_reference: format!("P-{uprn}"),
        address: format!("{uprn} Refuge Street"),
        postcode: "SP10 9ZZ".to_owned(),
        category: "Andover".to_owned(),
        band: Band::C,
        listed_from: date(1993, 4, 1),
        tenure: Tenure::OwnerOccupied,
        owner: None,
        furnished: false,
        hmo: false,
        imported_row: String::new(),
    }
}

fn waiting(reference: &NotificationRef, number: u64, now: Timestamp) -> Result<Vec<(EventId, Event)>> {
    let ago = i64::try_from(number % 20_000)?;
    let received_at = now - SignedDuration::from_mins(ago);
    let name = format!("Ms {} {number}", surname(usize::try_from(number)?));
    let (kind, channel) = (NotificationKind::MoveIn, Channel::Web);
    let body = json!({"kind": "move-in", "source_reference": number.to_string(), "channel": "web",
        "received_at": received_at, "effective_on": "2026-01-01", "declaration": true,
        "submitted_by": {"role": "liable-person", "name": name},
        "dwelling": {"address": "1 High Street", "postcode": "SP10 1AA"},
        "details": {"persons": [{"name": name}], "tenure": "tenant", "sole_adult": true, "previous_occupiers_left": true}});
    let person = PersonId::derived(&["submitter", reference.as_str()]);
    let received = NotificationReceived {
        reference: reference.clone(),
        source_reference: number.to_string(),
        sender: "file".to_owned(),
        kind,
        channel,
        received_at,
        effective_on: date(2026, 1, 1),
        account: None,
        uprn: None,
        body: Personal::open_for(person, body.to_string()),
        body_digest: String::new(),
        told_digest: reference.to_string(),
    };
    let reasons = ReasonCode::ALL.get(usize::try_from(number)? % ReasonCode::ALL.len()).copied();
    let referred = NotificationReferred {
        reference: reference.clone(),
        kind,
        channel,
        received_at,
        reasons: reasons.into_iter().collect(),
        queue: if number.is_multiple_of(4) { "moves" } else { "discounts" }.to_owned(),
        priority: if number.is_multiple_of(7) { Priority::High } else { Priority::Medium },
        due_on: date(2026, 1, 1).saturating_add(i64::try_from(number % 40)?.days()),
        minutes_estimated: 6.into(),
        accounts: Vec::new(),
        dwellings: number
            .is_multiple_of(ONE_IN)
            .then(|| uprn(number / ONE_IN % FENCED))
            .flatten()
            .into_iter()
            .collect(),
        effective_on: date(2026, 1, 1),
        promised_by: None,
        linked: Vec::new(),
    };
    let id = |what: &str| EventId::derived(&["bench", what, reference.as_str()]);
    Ok(vec![(id("received"), received.into()), (id("referred"), referred.into())])
}

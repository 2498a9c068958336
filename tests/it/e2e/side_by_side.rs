//! The sample under two policies and two versions of the rules, in one process.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearth::batch::{Submitted, submit};
use hearth::data_dir::DataDir;
use hearth::decision::Decision;
use hearth::intake::receive;
use hearth::processor::what_if;
use hearth::rules::{Council, Rules};
use hearth::service::{ReceivedAt, Refusal, Sender, Service};
use hearth::views::run_workers;
use hearth_events::{
    DecisionRecorded, Event, EventId, Metadata, NotificationRef, Outcome, PolicyAdopted, Position, ReasonCode,
    Recorded, Status, StreamName, decode,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::run::Hearth;
use super::sample::{notifications, pack};

/// What the other policy allows, in days; the council's own says ninety.
const OTHER_LIMIT: u16 = 30;

/// The council with another limit on backdating.
fn limited(council: &Council) -> Council {
    let from = date(2015, 4, 1);
    let policy = PolicyAdopted { from, backdate_limit_days: Some(OTHER_LIMIT), ..PolicyAdopted::default() };
    let metadata = Metadata {
        actor: "test".into(),
        causation: String::new(),
        correlation: String::new(),
        rules_version: "test".into(),
        schema: 1,
    };
    let mut council = council.clone();
    council.apply(&Recorded {
        position: Position(1),
        stream: StreamName::council("E07000093"),
        revision: 0,
        id: EventId::from_bits(1),
        recorded_at: "2016-01-01T00:00:00Z".parse().unwrap(),
        event: policy.into(),
        metadata,
    });
    council
}

/// A notification of the sample: what it would come to, and what it came to.
struct Told {
    value: Value,
    /// Under the council as it is; with another policy; under the version before; as it is once more.
    decisions: [Decision; 4],
    /// The first decision on it that was recorded.
    recorded: DecisionRecorded,
    status: Status,
}

async fn first_decision(service: &Service, reference: &NotificationRef) -> DecisionRecorded {
    let events = service.store.read_stream(&StreamName::notification(reference), 0).await.unwrap();
    let decision = |event: Event| if let Event::DecisionRecorded(it) = event { Some(it) } else { None };
    events.iter().find_map(|it| decision(decode(it).unwrap().event)).unwrap()
}

/// The sample, one after the other: each is first asked about and then processed. None where it is not well formed.
async fn told(service: &Service, value: Value, before: Rules) -> Option<Told> {
    let taken = match receive(service, &value, &Sender::File, ReceivedAt::AsStated).await {
        Ok(taken) => taken,
        Err(Refusal::Malformed(_)) => return None,
        Err(refusal) => panic!("{refusal:?}"),
    };
    let head = service.store.head().await.unwrap();
    let own = service.council().await.unwrap();
    let (other, earlier) = (limited(&own.council), own.council.clone().under(before));
    let councils = [&own.council, &other, &earlier, &own.council];
    let decisions = what_if(service, &taken.reference, &councils).await.unwrap();
    assert_eq!(service.store.head().await.unwrap(), head, "nothing is recorded");
    let submitted = submit(service, std::slice::from_ref(&value)).await.unwrap();
    let [Submitted::Taken { known: true, status, .. }] = submitted.as_slice() else { panic!("{submitted:?}") };
    let recorded = first_decision(service, &taken.reference).await;
    Some(Told { value, decisions: decisions.try_into().unwrap(), recorded, status: *status })
}

/// The whole sample on a simulated clock; how many were not well formed, and the rest.
fn sample(before: Rules) -> (usize, Vec<Told>) {
    let hearth = Hearth::new();
    hearth.run(&["import", pack().to_str().unwrap(), "--clock", "file"]).ok();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let service = Service::open(&DataDir::new(&hearth.data(), None), None).await.unwrap();
        // The views follow as they do where it is served.
        let (_going, stop) = tokio::sync::watch::channel(false);
        let _follows = tokio::spawn(run_workers(Arc::clone(&service.store), service.views.clone(), stop));
        let (mut malformed, mut all) = (0, Vec::new());
        for value in notifications() {
            match told(&service, value, before).await {
                None => malformed += 1,
                Some(it) => all.push(it),
            }
        }
        (malformed, all)
    })
}

type Happens = Vec<(String, Vec<&'static str>)>;

fn happens(decision: &Decision) -> Happens {
    let types = |events: &[Event]| events.iter().map(Event::type_name).collect();
    decision.effects.iter().map(|(uprn, events)| (uprn.to_string(), types(events))).collect()
}

/// The same comes of it, whatever limits the findings name.
fn same(one: &Decision, other: &Decision) -> bool {
    (one.outcome, &one.reasons, &one.effects) == (other.outcome, &other.reasons, &other.effects)
}

/// What would be decided as things are is what was recorded right after.
fn is_what_was_recorded(source: &str, own: &Decision, recorded: &DecisionRecorded) {
    assert_eq!((own.outcome, &own.reasons), (recorded.outcome, &recorded.reasons), "{source}");
    assert_eq!(own.findings, recorded.findings, "{source}");
    let planned = recorded.plan.iter().filter_map(|step| {
        let types: Vec<_> = step.events.iter().map(|it| it.type_name.as_str()).collect();
        step.stream.as_dwelling().map(|uprn| (uprn.to_string(), types))
    });
    assert_eq!(happens(own), planned.collect::<Vec<_>>(), "{source}");
}

/// How many days after the change somebody told of it.
fn days_late(told: &Value) -> i32 {
    let received: Timestamp = told["received_at"].as_str().unwrap().parse().unwrap();
    let effective: Date = told["effective_on"].as_str().unwrap().parse().unwrap();
    let received = received.to_zoned(TimeZone::get("Europe/London").unwrap()).date();
    effective.until(received).unwrap().get_days()
}

/// Another limit refers what is told later than it allows, for that reason, and leaves everything else alone. Whether it does
/// here what the council's own does not.
fn policies_differ_in_what_is_told_late(source: &str, told: &Value, own: &Decision, other: &Decision) -> bool {
    if same(own, other) {
        return false;
    }
    assert!(days_late(told) > i32::from(OTHER_LIMIT), "{source}");
    assert_eq!(other.outcome, Outcome::Refer, "{source}");
    assert!(!own.reasons.contains(&ReasonCode::R06), "{source}");
    let mut expected: Vec<_> = own.reasons.iter().copied().chain([ReasonCode::R06]).collect();
    expected.sort_unstable();
    assert_eq!(other.reasons, expected, "{source}");
    true
}

/// What only the later version does in the sample, where no account is before a court and no policy names another day.
const LATER: [&str; 4] =
    ["DemandNoticeIssued", "AdjustmentNoticeIssued", "ClosingNoticeIssued", "AwardExpiryScheduled"];

/// The version before comes to the same, without notices and reviews. Whether that makes a difference here.
fn versions_differ_in_what_follows_charges(source: &str, now: &Decision, before: &Decision) -> bool {
    assert_eq!((before.outcome, &before.reasons), (now.outcome, &now.reasons), "{source}");
    let without = |it: &Decision| -> Vec<(String, Vec<Event>)> {
        let kept = |events: &[Event]| events.iter().filter(|it| !LATER.contains(&it.type_name())).cloned().collect();
        it.effects.iter().map(|(uprn, events)| (uprn.to_string(), kept(events))).collect()
    };
    let all: Vec<_> = before.effects.iter().map(|(uprn, events)| (uprn.to_string(), events.clone())).collect();
    assert_eq!(without(now), all, "{source}");
    !same(now, before)
}

#[test]
fn the_sample_under_two_policies_and_two_versions_side_by_side() {
    let [before, .., now] = Rules::ALL;
    assert_eq!(now, Rules::current());
    let (malformed, all) = sample(before);
    let mut statuses = BTreeMap::from([("rejected".to_owned(), malformed)]);
    let (mut by_policy, mut by_version) = (0, 0);
    for it in &all {
        let source = it.value["source_reference"].as_str().unwrap();
        let [own, other, earlier, again] = &it.decisions;
        assert!(
            same(own, again) && own.findings == again.findings,
            "{source}: what is asked in between changes nothing"
        );
        is_what_was_recorded(source, own, &it.recorded);
        by_policy += usize::from(policies_differ_in_what_is_told_late(source, &it.value, own, other));
        by_version += usize::from(versions_differ_in_what_follows_charges(source, own, earlier));
        *statuses.entry(format!("{:?}", it.status).to_lowercase()).or_default() += 1;
    }
    let counts: Vec<_> = statuses.iter().map(|(status, count)| (status.as_str(), *count)).collect();
    assert_eq!(counts, [("applied", 272), ("duplicate", 13), ("referred", 124), ("rejected", 11)]);
    assert_eq!((by_policy, by_version), (94, 211));
}

//! What each notification says of who lives at a dwelling, and where two do not fit together.

use hearth_events::{Channel, Event, NotificationKind, NotificationRef, Status, StreamName, Uprn, decode};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::web::App;
use crate::web::problem::Problem;

/// Two days further apart than this are two changes, not two accounts of one.
const SAME_CHANGE: i32 = 45;

/// What one notification says.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) reference: NotificationRef,
    pub(super) kind: NotificationKind,
    pub(super) channel: Channel,
    pub(super) received_at: Timestamp,
    pub(super) status: Status,
    /// In which role its sender spoke; empty where they were forgotten.
    pub(super) role: String,
    /// Who they are; none where they were forgotten.
    pub(super) name: Option<String>,
    /// The first day on which those before do not live here any more.
    pub(super) leaves: Option<Date>,
    /// The first day on which somebody else lives here.
    pub(super) arrives: Option<Date>,
}

/// What two of them make of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// They tell the same day.
    Agree(Date),
    /// They tell other days for the same.
    Differ(Date, Date),
    /// Nobody would live here on these days: from, to the first that is lived in again.
    Gap(Date, Date),
    /// Both would live here on these days: from, to the first that only one does.
    Overlap(Date, Date),
}

/// Reads what one notification says of a dwelling; none where there is no such.
pub(super) async fn read(app: &App, reference: &NotificationRef, uprn: &Uprn) -> Result<Option<Said>, Problem> {
    let mut said: Option<Said> = None;
    for stored in app.backend().store().read_stream(&StreamName::notification(reference), 0).await? {
        let recorded = decode(&stored).map_err(|error| Problem::internal(&error))?;
        if let Event::NotificationReceived(it) = &recorded.event {
            let body = it.body.opened(app.backend().opener());
            let body: Value = body.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default();
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            let (leaves, arrives) = days(it.kind, it.effective_on, it.uprn.as_ref().is_none_or(|it| it == uprn), &body);
            said = Some(Said {
                reference: it.reference.clone(),
                kind: it.kind,
                channel: it.channel,
                received_at: it.received_at,
                status: Status::Received,
                role: text("/submitted_by/role").unwrap_or_default(),
                name: text("/submitted_by/name"),
                leaves,
                arrives,
            });
        }
        let Some(said) = &mut said else { return Ok(None) };
        if let Event::NotificationReferred(_) = &recorded.event {
            said.status = Status::Referred;
        } else if let Event::NotificationCompleted(it) = &recorded.event {
            said.status = it.status;
        }
    }
    Ok(said)
}

/// When those before leave and when others come, as a notification of this kind tells it.
fn days(kind: NotificationKind, on: Date, is_named: bool, body: &Value) -> (Option<Date>, Option<Date>) {
    let day =
        |name: &str| body.pointer(&format!("/details/{name}")).and_then(Value::as_str).and_then(|it| it.parse().ok());
    match kind {
        NotificationKind::MoveIn | NotificationKind::BackInUse => (None, Some(on)),
        NotificationKind::MoveWithin if is_named => (None, Some(on)),
        NotificationKind::MoveWithin => (day("moved_out_on"), None),
        NotificationKind::MoveOut | NotificationKind::PropertyEmpty => (Some(on), None),
        NotificationKind::TenancyChange => {
            let ended: Option<Date> = day("tenancy_ended_on");
            (ended.and_then(|it| it.tomorrow().ok()), day("tenancy_starts_on"))
        }
        NotificationKind::ChangeOfName
        | NotificationKind::ContactDetails
        | NotificationKind::OccupierJoined
        | NotificationKind::OccupierLeft
        | NotificationKind::LiablePersonAdded
        | NotificationKind::LiablePersonRemoved
        | NotificationKind::SinglePersonDiscountClaim
        | NotificationKind::SinglePersonDiscountEnd
        | NotificationKind::Student
        | NotificationKind::SevereMentalImpairment
        | NotificationKind::DisregardClaim
        | NotificationKind::SecondHome
        | NotificationKind::DisabledBandReduction
        | NotificationKind::Annexe
        | NotificationKind::Death
        | NotificationKind::Probate
        | NotificationKind::BandChange
        | NotificationKind::DirectDebit
        | NotificationKind::InstalmentChoice
        | NotificationKind::Paperless
        | NotificationKind::RefundRequest
        | NotificationKind::CouncilTaxReduction
        | NotificationKind::NewProperty
        | NotificationKind::Dispute
        | NotificationKind::Enquiry
        | NotificationKind::CopyBill => (None, None),
    }
}

/// How every two of them that tell of one change fit together.
pub(super) fn fits(said: &[Said]) -> Vec<(NotificationRef, NotificationRef, Fit)> {
    let counts = |it: &&Said| !matches!(it.status, Status::Withdrawn | Status::Rejected);
    let said: Vec<_> = said.iter().filter(counts).collect();
    let mut found = Vec::new();
    for (place, one) in said.iter().enumerate() {
        for other in said.iter().skip(place + 1) {
            let fits = [
                one.leaves.zip(other.leaves).and_then(|(a, b)| same(a, b)),
                one.arrives.zip(other.arrives).and_then(|(a, b)| same(a, b)),
                one.leaves.zip(other.arrives).and_then(|(left, came)| between(left, came)),
                other.leaves.zip(one.arrives).and_then(|(left, came)| between(left, came)),
            ];
            found.extend(fits.into_iter().flatten().map(|fit| (one.reference.clone(), other.reference.clone(), fit)));
        }
    }
    found
}

fn apart(one: Date, other: Date) -> i32 {
    (other - one).get_days()
}

fn same(one: Date, other: Date) -> Option<Fit> {
    (apart(one, other).abs() <= SAME_CHANGE)
        .then(|| if one == other { Fit::Agree(one) } else { Fit::Differ(one, other) })
}

fn between(left: Date, came: Date) -> Option<Fit> {
    match apart(left, came) {
        0 => Some(Fit::Agree(left)),
        days if days.abs() > SAME_CHANGE => None,
        days if days > 0 => Some(Fit::Gap(left, came)),
        _ => Some(Fit::Overlap(came, left)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn said(reference: u64, leaves: Option<Date>, arrives: Option<Date>) -> Said {
        Said {
            reference: NotificationRef::from_bits(reference),
            kind: NotificationKind::MoveIn,
            channel: Channel::Web,
            received_at: Timestamp::UNIX_EPOCH,
            status: Status::Applied,
            role: String::new(),
            name: None,
            leaves,
            arrives,
        }
    }

    fn fit(said: &[Said]) -> Vec<Fit> {
        fits(said).into_iter().map(|(_, _, it)| it).collect()
    }

    #[test]
    fn leaver_newcomer_and_landlord_are_laid_beside_each_other() {
        let (first, fifth, tenth) = (date(2015, 12, 1), date(2015, 12, 5), date(2015, 12, 10));
        let leaver = said(1, Some(fifth), None);
        assert_eq!(fit(&[leaver.clone(), said(2, None, Some(fifth))]), [Fit::Agree(fifth)]);
        assert_eq!(fit(&[leaver.clone(), said(2, None, Some(tenth))]), [Fit::Gap(fifth, tenth)]);
        assert_eq!(fit(&[said(2, None, Some(first)), leaver.clone()]), [Fit::Overlap(first, fifth)]);
        assert_eq!(fit(&[leaver.clone(), said(3, Some(first), None)]), [Fit::Differ(fifth, first)]);
        let landlord = said(3, Some(fifth), Some(tenth));
        assert_eq!(fit(&[leaver, landlord]), [Fit::Agree(fifth), Fit::Gap(fifth, tenth)]);
    }

    #[test]
    fn another_change_and_what_was_withdrawn_say_nothing() {
        let leaver = said(1, Some(date(2015, 12, 5)), None);
        assert_eq!(fit(&[leaver.clone(), said(2, None, Some(date(2016, 3, 1)))]), []);
        let withdrawn = Said { status: Status::Withdrawn, ..said(2, None, Some(date(2015, 12, 9))) };
        assert_eq!(fit(&[leaver, withdrawn]), []);
    }
}

//! What the stand-in for the service says of what was not sent yet, and of spreadsheets.

use hearth::intake::spreadsheet;
use hearth::service::bulk::{BulkPreview, BulkRefused, BulkTaken, RowShown, RowStands, RowTaken, Uploader};
use hearth::service::preview::{Foreseen, Preview};
use hearth::service::what_if::{DecidedAgain, Ruled, WhatIfAsked};
use hearth::service::{FieldFault, ReceivedAt, Refusal, Sender};
use hearth::web::Backend as _;
use hearth_events::{Finding, FindingOutcome, NotificationKind, Outcome, ReasonCode};

use super::fake::{Fake, REFERRED};

const TODAY: jiff::civil::Date = jiff::civil::date(2015, 12, 3);

/// An enquiry is for an officer.
pub(super) fn preview(body: &[u8]) -> Result<Preview, Refusal> {
    let fault = FieldFault { pointer: String::new(), detail: "is needed".to_owned() };
    let value: serde_json::Value = serde_json::from_slice(body).map_err(|_| Refusal::Malformed(vec![fault]))?;
    let foreseen = match value["kind"].as_str() {
        Some("enquiry") => Foreseen::Officer { promised_by: jiff::civil::date(2015, 12, 17) },
        _ => Foreseen::AtOnceIfRecordsAgree,
    };
    Ok(Preview { foreseen, because: Vec::new(), better_said: Vec::new() })
}

pub(super) fn bulk_preview(file: &[u8], by: &Uploader) -> Result<BulkPreview, BulkRefused> {
    let sheet = spreadsheet::read(file, by, TODAY)?;
    let shown = |it: &spreadsheet::Row| RowShown {
        number: it.number,
        address: it.address.clone(),
        tenants: it.tenants.clone(),
        note: it.told.as_ref().ok().and_then(|told| told.note),
        stands: it.told.as_ref().map_or_else(|bad| RowStands::Bad(bad.clone()), |_| RowStands::Good),
    };
    Ok(BulkPreview { rows: sheet.rows.iter().map(shown).collect(), to_put_right: spreadsheet::to_put_right(&sheet) })
}

pub(super) async fn bulk_submit(fake: &Fake, file: &[u8], by: &Uploader) -> Result<BulkTaken, BulkRefused> {
    let sheet = spreadsheet::read(file, by, TODAY)?;
    let mut rows = Vec::new();
    for row in &sheet.rows {
        if let Ok(told) = &row.told {
            let receipt = fake.submit(told.body.to_string().as_bytes(), Sender::PublicFile, ReceivedAt::Now).await;
            rows.push(RowTaken { number: row.number, address: row.address.clone(), receipt });
        }
    }
    Ok(BulkTaken { rows, to_put_right: spreadsheet::to_put_right(&sheet) })
}

/// A notification decided again, with one of everything.
pub(super) fn decided_again(_: &WhatIfAsked) -> Vec<DecidedAgain> {
    let failing = |check: &str| Finding {
        check: check.to_owned(),
        outcome: FindingOutcome::Referred,
        reason: Some(ReasonCode::R06),
        because: "it is told too late".to_owned(),
        source: "council policy".to_owned(),
    };
    let ruled = |outcome, failing: Vec<Finding>| Ruled {
        outcome,
        reasons: failing.iter().filter_map(|it| it.reason).collect(),
        failing,
        charged: "-12.40".parse().unwrap(),
    };
    vec![DecidedAgain {
        reference: REFERRED.parse().unwrap(),
        kind: NotificationKind::MoveIn,
        as_recorded: false,
        now: ruled(Outcome::Refer, vec![failing("successor-known")]),
        instead: ruled(Outcome::Apply, vec![failing("date-within-limits")]),
    }]
}

//! N22: tenants change.

use hearth_events::NotificationKind;
use jiff::ToSpan as _;
use jiff::civil::Date as Day;
use serde_json::{Value, json};

use super::Form;
use super::moving::{NOT_KNOWN, forwarding};
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Input::{Address, Date, Name, Names, OneOf, People, YesNo};
use crate::web::pages::tell::question::{Facts, ask, may, need};
use crate::web::pages::tell::values::put;

/// N22.
pub(super) const TENANCY_CHANGE: Form = Form {
    kind: NotificationKind::TenancyChange,
    at_a_dwelling: true,
    questions: &[
        ask("landlord", &[may!("details.landlord", Name)]).when(|it| it.about("who", "agent")),
        ask("what", &[need!("what", OneOf(&["both", "ended", "starts"]))]),
        ask("ended", &[need!("details.tenancy_ended_on", Date)]).when(ends),
        ask("outgoing", &[need!("details.outgoing", Names)]).when(ends),
        ask("forwarding", &[need!("forwarding", OneOf(&["known", NOT_KNOWN]))]).when(ends),
        ask("address", &[need!("address", Address)]).when(|it| ends(it) && it.is("forwarding", "known")),
        ask("starts", &[need!("details.tenancy_starts_on", Date)]).when(starts),
        ask("incoming", &[need!("details.incoming", People)]).when(starts),
        ask("joint", &[need!("details.joint_tenancy", YesNo)])
            .when(|it| starts(it) && it.how_many("details.incoming") > 1),
        ask("furnished", &[need!("details.furnished", YesNo)]),
    ],
    finish: changed,
};

fn ends(it: &Facts<'_>) -> bool {
    it.is("what", "both") || it.is("what", "ended")
}

fn starts(it: &Facts<'_>) -> bool {
    it.is("what", "both") || it.is("what", "starts")
}

/// It is told of the first day of the new tenancy, or of the first without one.
fn changed(answers: &Answers, body: &mut Value) {
    let day = |field: &str, body: &Value| body.get("details")?.get(field)?.as_str()?.parse::<Day>().ok();
    let ended = day("tenancy_ended_on", body);
    let starts = day("tenancy_starts_on", body);
    if ended.is_some() {
        put(body, "details.forwarding_address", forwarding(answers, "tenancy-change"));
    }
    let incoming = answers.filled("tenancy-change:details.incoming").count();
    if starts.is_some() && incoming == 1 {
        put(body, "details.joint_tenancy", json!(true));
    }
    put(body, "effective_on", json!(starts.or_else(|| ended.map(|it| it.saturating_add(1.day())))));
}

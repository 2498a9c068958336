//! The one table of routes: what there is, and who may. Everything that is not in it is not there.

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};
use hearth_events::{RecordKind, Role};

use super::App;
use super::api::work_item::steps;
use super::api::{
    accounts, assumptions, dwellings, estimates, events, evidence, figures, follow_up, gates, health, metrics,
    notifications, openapi, recovery, reversal,
};
use super::api::{money, orders, queue};
use super::api::{reviews, savings, schemas, what_if, work_item, work_items, workload};
use super::pages::{assets, estimate, many, staff, standing, start, tell, track};

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone, always: for probes.
    Anyone,
    /// Anyone, so often: what tells nothing of anybody and records nothing.
    AnyoneLimited,
    /// Anyone, so often, with a browser: told in pages, and what is sent comes from these pages only.
    Visitor,
    /// The same, as often as anyone may send notifications: what is recorded for good.
    VisitorWhoSends,
    /// Anyone, so often; the holder of a token with one of these roles as often as they like, of another not at all.
    AnyoneLimitedOr(&'static [Role]),
    /// Whoever has the tracking token of the notification, so often; and one of these roles.
    TrackingOr(&'static [Role]),
    /// One of these roles, with a token.
    Only(&'static [Role]),
    /// One of these roles, signed in with a browser: told in pages.
    Staff(&'static [Role]),
}

/// One route of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path, with `{name}` for what varies; also what logs and metrics call it.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// Whether its body is a file, which may be large and slow.
    pub takes_a_file: bool,
    /// What kind of record of a person it shows or changes, called by what varies first in its path: it is fenced for those
    /// who must not touch it, and that it was looked at is recorded.
    pub looks_at: Option<RecordKind>,
    /// Whether somebody only listens there: that is no step in their session.
    pub(super) listens: bool,
    pub(super) handler: fn() -> MethodRouter<App>,
}

/// The methods there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET, and HEAD with it.
    Get,
    /// POST.
    Post,
}

const SUBMIT: &[Role] = &[Role::Submitter, Role::Officer, Role::Supervisor];
const OFFICER: &[Role] = &[Role::Officer, Role::Supervisor];
const SUPERVISOR: &[Role] = &[Role::Supervisor];
const RECORDS: &[Role] = &[Role::Officer, Role::Supervisor, Role::Auditor];
const FIGURES: &[Role] = &[Role::Officer, Role::Supervisor, Role::Manager, Role::Auditor];
const QUALITY: &[Role] = &[Role::Supervisor, Role::Manager, Role::Auditor];
const SAVINGS: &[Role] = &[Role::Manager, Role::Auditor];
const MANAGER: &[Role] = &[Role::Manager];
const AUDITOR: &[Role] = &[Role::Auditor];
/// What managers see; officers have figures of their own queue.
const BOARD: &[Role] = &[Role::Supervisor, Role::Manager, Role::Auditor];
const ADMIN: &[Role] = &[Role::Admin];
const STAFF: &[Role] = &[Role::Officer, Role::Supervisor, Role::Auditor, Role::Manager, Role::Admin];

/// Every route there is.
pub const ROUTES: &[Route] = &[
    route(Verb::Post, "/api/v1/notifications", Who::AnyoneLimitedOr(SUBMIT), || post(notifications::submit)),
    route(Verb::Get, "/api/v1/notifications/{reference}", Who::TrackingOr(RECORDS), || get(notifications::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/notifications/{reference}/withdraw", Who::TrackingOr(OFFICER), || {
        post(follow_up::withdraw)
    })
    .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/notifications/{reference}/answer", Who::TrackingOr(OFFICER), || post(follow_up::answer))
        .looking_at(RecordKind::Notification),
    file("/api/v1/notifications/{reference}/evidence", Who::TrackingOr(OFFICER), || post(evidence::add))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/api/v1/notifications/{reference}/evidence/{id}", Who::Only(RECORDS), || get(evidence::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/api/v1/notifications/{reference}/reversal", Who::Only(OFFICER), || get(reversal::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/notifications/{reference}/reverse", Who::Only(OFFICER), || post(reversal::reverse))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/notifications/{reference}/restore", Who::Only(OFFICER), || post(reversal::restore))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/api/v1/accounts", Who::Only(RECORDS), || get(accounts::list)).looking_at(RecordKind::List),
    route(Verb::Get, "/api/v1/accounts/{account}", Who::Only(RECORDS), || get(accounts::show))
        .looking_at(RecordKind::Account),
    route(Verb::Get, "/api/v1/dwellings/{uprn}", Who::Only(RECORDS), || get(dwellings::show))
        .looking_at(RecordKind::Dwelling),
    route(Verb::Get, "/api/v1/workload", Who::Only(FIGURES), || get(workload::show)),
    route(Verb::Get, "/api/v1/refunds", Who::Only(FIGURES), || get(money::list)),
    route(Verb::Post, "/api/v1/refunds/{refund}/approve", Who::Only(SUPERVISOR), || post(money::approve))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/refunds/{refund}/refuse", Who::Only(SUPERVISOR), || post(money::refuse))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/refunds/{refund}/paid", Who::Only(OFFICER), || post(money::paid))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/accounts/{account}/penalties", Who::Only(OFFICER), || post(money::impose))
        .looking_at(RecordKind::Account),
    route(Verb::Post, "/api/v1/accounts/{account}/penalties/{penalty}/quash", Who::Only(SUPERVISOR), || {
        post(money::quash)
    })
    .looking_at(RecordKind::Account),
    route(Verb::Get, "/api/v1/reviews", Who::Only(FIGURES), || get(reviews::list)),
    route(Verb::Get, "/api/v1/work-items", Who::Only(OFFICER), || get(work_items::list)),
    route(Verb::Get, "/api/v1/work-items/{id}", Who::Only(OFFICER), || get(work_item::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/claim", Who::Only(OFFICER), || post(work_item::claim))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/release", Who::Only(OFFICER), || post(work_item::release))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/defer", Who::Only(OFFICER), || post(work_item::defer))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/request-evidence", Who::Only(OFFICER), || {
        post(work_item::request_evidence)
    })
    .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/decide", Who::Only(OFFICER), || post(work_item::decide))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/authorise", Who::Only(SUPERVISOR), || post(work_item::authorise))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/hand-over", Who::Only(OFFICER), || post(steps::hand_over))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/escalate", Who::Only(OFFICER), || post(steps::escalate))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/reallocate", Who::Only(OFFICER), || post(steps::reallocate))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/check", Who::Only(SUPERVISOR), || post(steps::check))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/{id}/contacts", Who::Only(OFFICER), || post(steps::contact))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/api/v1/work-items/next", Who::Only(OFFICER), || post(queue::next)),
    route(Verb::Post, "/api/v1/work-items/bulk", Who::Only(OFFICER), || post(orders::give)),
    route(Verb::Post, "/api/v1/work-items/bulk/preview", Who::Only(OFFICER), || post(orders::preview)),
    route(Verb::Post, "/api/v1/work-items/bulk/undo", Who::Only(OFFICER), || post(orders::undo)),
    route(Verb::Get, "/api/v1/work-items/samples", Who::Only(QUALITY), || get(queue::samples)),
    route(Verb::Get, "/api/v1/work-items/statistics", Who::Only(FIGURES), || get(queue::statistics)),
    route(Verb::Get, "/api/v1/work-items/alerts", Who::Only(FIGURES), || get(queue::alerts)),
    route(Verb::Get, "/api/v1/gates", Who::Only(FIGURES), || get(gates::show)),
    route(Verb::Get, "/api/v1/recovery/holds", Who::Only(FIGURES), || get(recovery::holds)),
    route(Verb::Get, "/api/v1/recovery/clashes", Who::Only(FIGURES), || get(recovery::clashes)),
    route(Verb::Get, "/api/v1/figures", Who::Only(FIGURES), || get(figures::show)),
    route(Verb::Get, "/api/v1/figures/{table}", Who::Only(FIGURES), || get(figures::csv)),
    route(Verb::Get, "/api/v1/why-not-automatic", Who::Only(FIGURES), || get(figures::why)),
    route(Verb::Post, "/api/v1/what-if", Who::Only(MANAGER), || post(what_if::answer)),
    route(Verb::Get, "/api/v1/savings", Who::Only(SAVINGS), || get(savings::show)),
    route(Verb::Get, "/api/v1/savings/waterfall", Who::Only(SAVINGS), || get(figures::waterfall)),
    route(Verb::Get, "/api/v1/assumptions", Who::Only(SAVINGS), || get(assumptions::show)),
    route(Verb::Post, "/api/v1/assumptions", Who::Only(MANAGER), || post(assumptions::assume)),
    route(Verb::Post, "/api/v1/budget-reductions", Who::Only(MANAGER), || post(assumptions::reduce)),
    route(Verb::Post, "/api/v1/estimates", Who::AnyoneLimited, || post(estimates::answer)),
    route(Verb::Get, "/api/v1/events", Who::Only(AUDITOR), || get(events::list)),
    route(Verb::Get, "/api/v1/openapi.json", Who::AnyoneLimited, || get(openapi::show)),
    route(Verb::Get, "/api/v1/schemas/notifications/{kind}", Who::AnyoneLimited, || get(schemas::show)),
    route(Verb::Get, "/assets/{name}", Who::Anyone, || get(assets::show)),
    route(Verb::Get, "/", Who::Visitor, || get(start::show)),
    route(Verb::Get, "/estimate", Who::Visitor, || get(estimate::show)),
    route(Verb::Get, "/help", Who::Visitor, || get(standing::help)),
    route(Verb::Get, "/privacy", Who::Visitor, || get(standing::privacy)),
    route(Verb::Get, "/accessibility", Who::Visitor, || get(standing::accessibility)),
    route(Verb::Get, "/track", Who::Visitor, || get(track::ask)),
    route(Verb::Get, "/track/{reference}", Who::Visitor, || get(track::show)),
    route(Verb::Post, "/track/{reference}/answer", Who::VisitorWhoSends, || post(track::answer)),
    route(Verb::Get, "/track/{reference}/withdraw", Who::Visitor, || get(track::ask_to_withdraw)),
    route(Verb::Post, "/track/{reference}/withdraw", Who::VisitorWhoSends, || post(track::withdraw)),
    file("/track/{reference}/evidence", Who::VisitorWhoSends, || {
        post(track::evidence).layer(DefaultBodyLimit::max(MOST_OF_A_FORM))
    }),
    route(Verb::Get, "/many", Who::Visitor, || get(many::ask)),
    file("/many", Who::VisitorWhoSends, || post(many::look).layer(DefaultBodyLimit::max(MOST_OF_A_FORM))),
    route(Verb::Get, "/many/{draft}", Who::Visitor, || get(many::show)),
    route(Verb::Get, "/many/{draft}/put-right.csv", Who::Visitor, || get(many::put_right)),
    route(Verb::Post, "/many/{draft}", Who::VisitorWhoSends, || post(many::send)),
    route(Verb::Post, "/tell", Who::VisitorWhoSends, || post(tell::begin)),
    route(Verb::Get, "/tell/{draft}", Who::Visitor, || get(tell::resume)),
    route(Verb::Get, "/tell/{draft}/check", Who::Visitor, || get(tell::check::show)),
    route(Verb::Post, "/tell/{draft}/check", Who::VisitorWhoSends, || post(tell::check::send)),
    route(Verb::Get, "/tell/{draft}/save", Who::Visitor, || get(tell::save::show)),
    route(Verb::Post, "/tell/{draft}/save", Who::Visitor, || post(tell::save::keep)),
    route(Verb::Post, "/tell/{draft}/save/email", Who::VisitorWhoSends, || post(tell::save::mail)),
    route(Verb::Post, "/tell/{draft}/delete", Who::Visitor, || post(tell::save::delete)),
    route(Verb::Get, "/tell/{draft}/documents/{kind}", Who::Visitor, || get(tell::documents::show)),
    file("/tell/{draft}/documents/{kind}", Who::VisitorWhoSends, || {
        post(tell::documents::take).layer(DefaultBodyLimit::max(MOST_OF_A_FORM))
    }),
    route(Verb::Get, "/tell/{draft}/sent", Who::Visitor, || get(tell::sent::show)),
    route(Verb::Get, "/tell/{draft}/{scope}/{question}", Who::Visitor, || get(tell::show)),
    route(Verb::Post, "/tell/{draft}/{scope}/{question}", Who::Visitor, || post(tell::answer)),
    route(Verb::Get, "/staff/sign-in", Who::Visitor, || get(staff::sign_in::ask)),
    route(Verb::Post, "/staff/sign-in", Who::VisitorWhoSends, || post(staff::sign_in::sign_in)),
    route(Verb::Get, "/staff/sign-in/provider", Who::Visitor, || get(staff::provider::begin)),
    route(Verb::Get, "/staff/sign-in/return", Who::Visitor, || get(staff::provider::finish)),
    route(Verb::Get, "/staff/set-up/{link}", Who::Visitor, || get(staff::sign_in::ask_to_set_up)),
    route(Verb::Post, "/staff/set-up/{link}", Who::VisitorWhoSends, || post(staff::sign_in::set_up)),
    route(Verb::Post, "/staff/sign-out", Who::Staff(STAFF), || post(staff::sign_in::sign_out)),
    route(Verb::Get, "/staff", Who::Staff(STAFF), || get(staff::home::show)),
    route(Verb::Get, "/staff/me", Who::Staff(STAFF), || get(staff::me::show)),
    route(Verb::Post, "/staff/me/relations", Who::Staff(STAFF), || post(staff::me::declare)),
    route(Verb::Get, "/staff/work", Who::Staff(OFFICER), || get(staff::work::list::show)).looking_at(RecordKind::List),
    route(Verb::Get, "/staff/tell", Who::Staff(OFFICER), || get(staff::work::entry::ask)),
    route(Verb::Post, "/staff/tell", Who::Staff(OFFICER), || post(staff::work::entry::begin)),
    route(Verb::Post, "/staff/work/next", Who::Staff(OFFICER), || post(staff::work::act::next)),
    route(Verb::Get, "/staff/work/live", Who::Staff(OFFICER), || get(staff::work::live::listen)).listened_to(),
    route(Verb::Get, "/staff/work/figures", Who::Staff(FIGURES), || get(staff::work::figures::show)),
    route(Verb::Get, "/staff/work/samples", Who::Staff(QUALITY), || get(staff::work::figures::samples)),
    route(Verb::Get, "/staff/work/alerts", Who::Staff(OFFICER), || get(staff::work::figures::alerts)),
    route(Verb::Post, "/staff/work/many", Who::Staff(OFFICER), || post(staff::work::many::look))
        .looking_at(RecordKind::List),
    route(Verb::Post, "/staff/work/many/done", Who::Staff(OFFICER), || post(staff::work::many::give))
        .looking_at(RecordKind::List),
    route(Verb::Post, "/staff/work/many/undo", Who::Staff(OFFICER), || post(staff::work::many::undo)),
    route(Verb::Get, "/staff/work/{reference}", Who::Staff(RECORDS), || get(staff::work::item::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/staff/work/{reference}", Who::Staff(OFFICER), || post(staff::work::act::act))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/staff/work/{reference}/amend", Who::Staff(OFFICER), || get(staff::work::amend::ask))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/staff/work/{reference}/amend", Who::Staff(OFFICER), || post(staff::work::amend::amend))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/staff/work/{reference}/undo", Who::Staff(OFFICER), || get(staff::work::undo::ask))
        .looking_at(RecordKind::Notification),
    route(Verb::Post, "/staff/work/{reference}/undo", Who::Staff(OFFICER), || post(staff::work::undo::undo))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/staff/work/{reference}/evidence/{id}", Who::Staff(RECORDS), || get(evidence::show))
        .looking_at(RecordKind::Notification),
    route(Verb::Get, "/staff/search", Who::Staff(RECORDS), || get(staff::record::search::show))
        .looking_at(RecordKind::List),
    route(Verb::Get, "/staff/dwellings/{uprn}", Who::Staff(RECORDS), || get(staff::record::dwelling::show))
        .looking_at(RecordKind::Dwelling),
    route(Verb::Get, "/staff/accounts/{account}", Who::Staff(RECORDS), || get(staff::record::account::show))
        .looking_at(RecordKind::Account),
    route(Verb::Get, "/staff/figures", Who::Staff(BOARD), || get(staff::manage::board::show)),
    route(Verb::Get, "/staff/figures/tables/{table}", Who::Staff(BOARD), || get(staff::manage::csv::show)),
    route(Verb::Get, "/staff/why-not-automatic", Who::Staff(BOARD), || get(staff::manage::why_not::show)),
    route(Verb::Get, "/staff/savings", Who::Staff(SAVINGS), || get(staff::manage::savings::show)),
    route(Verb::Get, "/staff/savings/waterfall", Who::Staff(SAVINGS), || get(staff::manage::csv::waterfall)),
    route(Verb::Post, "/staff/savings/assumptions", Who::Staff(MANAGER), || post(staff::manage::savings::assume)),
    route(Verb::Post, "/staff/savings/budgets", Who::Staff(MANAGER), || post(staff::manage::savings::reduce)),
    route(Verb::Get, "/staff/what-if", Who::Staff(MANAGER), || get(staff::manage::what_if::ask)),
    route(Verb::Post, "/staff/what-if", Who::Staff(MANAGER), || post(staff::manage::what_if::answer)),
    route(Verb::Get, "/staff/people", Who::Staff(ADMIN), || get(staff::people::list)),
    route(Verb::Post, "/staff/people", Who::Staff(ADMIN), || post(staff::people::enrol)),
    route(Verb::Get, "/staff/people/{name}", Who::Staff(ADMIN), || get(staff::people::show)),
    route(Verb::Post, "/staff/people/{name}", Who::Staff(ADMIN), || post(staff::people::change)),
    route(Verb::Get, "/staff/restricted", Who::Staff(ADMIN), || get(staff::restricted::list)),
    route(Verb::Post, "/staff/restricted", Who::Staff(ADMIN), || post(staff::restricted::change)),
    route(Verb::Get, "/health/live", Who::Anyone, || get(health::live)),
    route(Verb::Get, "/health/ready", Who::Anyone, || get(health::ready)),
    route(Verb::Get, "/metrics", Who::Anyone, || get(metrics::show)),
];

impl Route {
    /// The same, for a record of a person.
    const fn looking_at(self, kind: RecordKind) -> Self {
        Self { looks_at: Some(kind), ..self }
    }

    /// The same, where somebody only listens.
    const fn listened_to(self) -> Self {
        Self { listens: true, ..self }
    }

    /// Whether whatever it answers is told in a page.
    pub(super) const fn is_told_in_pages(&self) -> bool {
        matches!(self.who, Who::Visitor | Who::VisitorWhoSends | Who::Staff(_))
    }

    /// Whether it is for browsers: a page, or what belongs to one.
    pub fn is_page(&self) -> bool {
        self.is_told_in_pages() || self.path.starts_with("/assets/")
    }
}

/// Whether somebody of this role, signed in, may open the page at a path, as far as the table says; not whether what it shows
/// is fenced for them.
pub(super) fn may_open(role: Role, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    // What is written out comes before what varies, as for whoever routes requests.
    let found = ROUTES.iter().filter(|it| fits(it.path, path)).min_by_key(|it| it.path.matches('{').count());
    let page = found.and_then(|found| ROUTES.iter().find(|it| it.path == found.path && it.verb == Verb::Get));
    page.is_some_and(|it| match it.who {
        Who::Staff(roles) => roles.contains(&role),
        Who::Anyone | Who::AnyoneLimited | Who::Visitor | Who::VisitorWhoSends => true,
        Who::AnyoneLimitedOr(_) | Who::TrackingOr(_) | Who::Only(_) => false,
    })
}

/// Whether a path is one of those that a pattern stands for.
fn fits(pattern: &str, path: &str) -> bool {
    let is_any = |it: &str| it.starts_with('{');
    let same = |(pattern, part): (&str, &str)| is_any(pattern) && !part.is_empty() || pattern == part;
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(same)
}

/// The longest form with a file, bytes: what is too large for us is still read to its end, so that its sender reads why.
const MOST_OF_A_FORM: usize = 48 * 1024 * 1024;

const fn route(verb: Verb, path: &'static str, who: Who, handler: fn() -> MethodRouter<App>) -> Route {
    Route { verb, path, who, takes_a_file: false, looks_at: None, listens: false, handler }
}

const fn file(path: &'static str, who: Who, handler: fn() -> MethodRouter<App>) -> Route {
    Route { verb: Verb::Post, path, who, takes_a_file: true, looks_at: None, listens: false, handler }
}

impl Verb {
    /// As in a request.
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_those_whom_the_table_names() {
        let may = |path: &str| [Role::Officer, Role::Supervisor, Role::Manager].map(|role| may_open(role, path));
        assert_eq!(may("/staff/work/samples"), [false, true, true], "what is written out, not an item called so");
        assert_eq!(may("/staff/work/HN-0000-0000-0001?done#do"), [true, true, false]);
        assert_eq!(may("/staff/me"), [true; 3]);
        assert_eq!(may("/track"), [true; 3]);
        for path in ["/staff/work/next", "/api/v1/work-items", "/staff/work/", "/staff/nothing", ""] {
            assert_eq!(may(path), [false; 3], "{path} is no page");
        }
    }
}

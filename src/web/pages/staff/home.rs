//! Where each role begins.

use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Role;

use super::layout::StaffVisit;

/// Goes where the one who signed in begins.
pub(in crate::web) async fn show(staff: StaffVisit) -> Response {
    let begin = match staff.holder.role {
        Role::Officer | Role::Supervisor => "/staff/work",
        Role::Auditor => "/staff/search",
        Role::Manager => "/staff/figures",
        Role::Admin => "/staff/people",
        Role::Submitter => "/staff/me",
    };
    Redirect::to(begin).into_response()
}

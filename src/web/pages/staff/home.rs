//! Where each role begins.

use axum::response::Response;
use maud::html;

use super::layout::StaffVisit;
use crate::web::pages::layout::Page;

/// Where the one who signed in begins.
pub(in crate::web) async fn show(staff: StaffVisit) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" { "Council tax changes" }
        p class="govuk-body" { "You are signed in as " strong { (staff.holder.name) } ", " (staff.holder.role.as_str()) "." }
    };
    staff.show(Page::new("Start", body))
}

//! Pages that stand by themselves: help, privacy, accessibility.

use axum::response::Response;
use maud::{Markup, html};

use super::layout::{Page, Visit};

/// How to get help.
pub(in crate::web) async fn help(visit: Visit) -> Response {
    let text = visit.text;
    let more = html! {
        p class="govuk-body" { a class="govuk-link" href=(visit.link("/")) { (text.say("help-start")) } }
        @for it in ["sent", "lost", "closed"] { p class="govuk-body" { (text.say(&format!("help-{it}"))) } }
        @for it in ["urgent", "wrong"] {
            h2 class="govuk-heading-m" { (text.say(&format!("help-{it}"))) }
            p class="govuk-body" { (text.say(&format!("help-{it}-text"))) }
        }
    };
    standing(&visit, "help", &[], more)
}

/// What becomes of what is told.
pub(in crate::web) async fn privacy(visit: Visit) -> Response {
    standing(&visit, "privacy", &["why", "kept", "cookies", "rights"], Markup::default())
}

/// For whom it works, and for whom it may not.
pub(in crate::web) async fn accessibility(visit: Visit) -> Response {
    standing(&visit, "accessibility", &["can", "how", "not", "tell", "enforce"], Markup::default())
}

fn standing(visit: &Visit, name: &str, parts: &[&str], more: Markup) -> Response {
    let text = visit.text;
    let title = text.say(&format!("{name}-title"));
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body-l" { (text.say(&format!("{name}-lead"))) }
                @for part in parts { p class="govuk-body" { (text.say(&format!("{name}-{part}"))) } }
                (more)
            }
        }
    };
    Page::new(title, body).back_to(visit.link("/")).shown(visit)
}

#[cfg(test)]
mod tests {
    use crate::web::pages::text::Lang;

    #[test]
    fn there_is_a_text_for_every_part() {
        let names = [
            "help-title help-lead help-sent help-lost help-closed help-urgent help-urgent-text help-wrong help-wrong-text",
            "privacy-title privacy-lead privacy-why privacy-kept privacy-cookies privacy-rights",
            "accessibility-title accessibility-lead accessibility-can accessibility-how accessibility-not",
            "accessibility-tell accessibility-enforce",
        ];
        for name in names.iter().flat_map(|it| it.split(' ')) {
            assert!(Lang::En.text().maybe(name, &[]).is_some(), "{name}");
        }
    }
}

//! Of which days: asked for in a form, kept in the address.

use axum::http::Uri;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::figures::Period;
use crate::web::App;
use crate::web::pages::staff::day::{self, Typed, first_of};
use crate::web::pages::text::Text;

/// The period that is asked for, as it was written.
#[derive(Debug, Default)]
pub(super) struct Asked {
    from: Typed,
    to: Typed,
    /// The period; what cannot be read counts for nothing.
    pub(super) days: (Option<Date>, Option<Date>),
    /// What is wrong with it.
    pub(super) errors: Vec<(String, String)>,
}

impl Asked {
    /// As an address says it, in a link or from a form.
    pub(super) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        Self::read(|name| {
            let found = form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        })
    }

    /// As a form says it.
    pub(super) fn read(get: impl Fn(&str) -> String) -> Self {
        let mut errors = Vec::new();
        let (from, to) = (Typed::of("from", &get), Typed::of("to", &get));
        let days = (from.read("from", &mut errors), to.read("to", &mut errors));
        if let (Some(first), Some(end)) = days
            && end <= first
        {
            errors.push((first_of("to"), "The end must lie after the first day".to_owned()));
        }
        Self { from, to, days, errors }
    }

    /// The same for figures.
    pub(super) fn period(&self, app: &App) -> Period {
        let (from, to) = if self.errors.is_empty() { self.days } else { (None, None) };
        Period::of(from, to, app.backend().now())
    }

    /// An address of the same period.
    pub(super) fn link(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, day) in [("from", self.days.0), ("to", self.days.1)] {
            if let Some(day) = day.filter(|_| self.errors.is_empty()) {
                query.append_pair(name, &day.to_string());
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The period in words.
    pub(super) fn words(&self, text: &Text) -> String {
        match if self.errors.is_empty() { self.days } else { (None, None) } {
            (None, None) => "Everything that came".to_owned(),
            (Some(from), None) => format!("What came from {}", text.date(from)),
            (None, Some(to)) => format!("What came before {}", text.date(to)),
            (Some(from), Some(to)) => format!("What came from {} to before {}", text.date(from), text.date(to)),
        }
    }

    /// The two days of a form.
    pub(super) fn lines(&self) -> Markup {
        html! {
            div class="hearth-row" {
                (day::input("from", "From (optional)", None, &self.from, &self.errors))
                (day::input("to", "To before (optional)", None, &self.to, &self.errors))
            }
        }
    }

    /// A form that asks for another period of the same page, with whatever else it asks for.
    pub(super) fn form(&self, path: &str, more: &Markup) -> Markup {
        html! {
            form method="get" action=(path) class="hearth-no-print" novalidate {
                (self.lines())
                (more)
                button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button" { "Show" }
            }
        }
    }
}

//! Of which days: asked for in a form, kept in the address.

use axum::http::Uri;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::figures::Period;
use crate::web::App;
use crate::web::pages::govuk::{self, Line};
use crate::web::pages::staff::layout::asked;
use crate::web::pages::text::Text;

/// The period that is asked for, as it was written.
#[derive(Debug, Default)]
pub(super) struct Asked {
    from: String,
    to: String,
    /// The period; what cannot be read counts for nothing.
    pub(super) days: (Option<Date>, Option<Date>),
    /// What is wrong with it.
    pub(super) errors: Vec<(String, String)>,
}

impl Asked {
    /// As an address says it.
    pub(super) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let value = |name: &str| {
            let found = form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        Self::read(value("from"), value("to"))
    }

    /// As a form says it.
    pub(super) fn read(from: String, to: String) -> Self {
        let mut errors = Vec::new();
        let mut day = |name: &str, text: &str| {
            let day = if text.len() == 10 { text.parse().ok() } else { None };
            if day.is_none() && !text.is_empty() {
                errors.push((name.to_owned(), "Enter a day as year-month-day, or leave it empty".to_owned()));
            }
            day
        };
        let days: (Option<Date>, Option<Date>) = (day("from", &from), day("to", &to));
        if let (Some(first), Some(end)) = days
            && end <= first
        {
            errors.push(("to".to_owned(), "The end must lie after the first day".to_owned()));
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
        for (name, value) in [("from", &self.from), ("to", &self.to)] {
            if !value.is_empty() && self.errors.is_empty() {
                query.append_pair(name, value);
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

    /// The two lines of a form.
    pub(super) fn lines(&self) -> Markup {
        let day = Line { kind: Some("date"), width: Some(10), ..Line::default() };
        html! {
            div class="hearth-inline" {
                (govuk::line(&asked("from", "From", None, &self.errors), day, &self.from))
                (govuk::line(&asked("to", "To before", None, &self.errors), day, &self.to))
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

//! What stands around every page, and what every page is told about its visitor.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use super::text::{Lang, Text};
use super::{assets, govuk};
use crate::web::App;
use crate::web::problem::Problem;

/// Only what the service itself gives, and nothing written into a page is ever run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Who visits, as far as a page needs to know, and whose page it is.
#[derive(Clone, Debug)]
pub(in crate::web) struct Visit {
    /// What is said, in the visitor's language.
    pub(in crate::web) text: &'static Text,
    /// Whether that language was asked for with this page.
    pub(in crate::web) asked: bool,
    /// The name of the council.
    pub(in crate::web) council: String,
    /// Where the log's clock stands, where it is simulated.
    pub(in crate::web) simulated: Option<Timestamp>,
    /// The path of the page with its parameters but for the language.
    pub(in crate::web) here: String,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let backend = app.backend();
        let now = backend.council().await.map_err(|error| Problem::unavailable(&error))?;
        let visit = Self::of(&parts.uri);
        let council = now.council.registered.as_ref().map_or(visit.council, |it| it.name.clone());
        let simulated = backend.simulated_clock().then(|| backend.now());
        Ok(Self { council, simulated, ..visit })
    }
}

impl Visit {
    /// A visitor of whom it is only known what they ask for: on a day on which nothing can be read, they are told so in a page all the same.
    pub(in crate::web) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let pairs = || form_urlencoded::parse(query.as_bytes());
        let asked_for = pairs().find(|(name, _)| name == "lang").map(|(_, code)| Lang::of(&code));
        let (lang, asked) = (asked_for.unwrap_or_default(), asked_for.is_some());
        let kept: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs().filter(|(name, _)| name != "lang"))
            .finish();
        let path = uri.path();
        let here = if kept.is_empty() { path.to_owned() } else { format!("{path}?{kept}") };
        let text = lang.text();
        Self { text, asked, council: text.say("council-unnamed"), simulated: None, here }
    }

    /// The same visitor, in the language that was chosen before, unless another is asked for now.
    #[must_use]
    pub(in crate::web) fn speaking(self, lang: Lang) -> Self {
        if self.asked { self } else { Self { text: lang.text(), ..self } }
    }

    /// A path on which the visitor's language is kept.
    pub(in crate::web) fn link(&self, path: &str) -> String {
        in_language(path, self.text.lang())
    }
}

fn in_language(path: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return path.to_owned();
    }
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}lang={}", lang.code())
}

/// What stands around a page.
#[derive(Debug)]
pub(in crate::web) struct Around {
    /// The head of it.
    pub(in crate::web) heading: Markup,
    /// What comes before the way back.
    pub(in crate::web) above: Markup,
    /// Its foot.
    pub(in crate::web) footer: Markup,
    /// What the service is called in the title.
    pub(in crate::web) service: String,
    /// The class of what holds it together, which says how wide it may be.
    pub(in crate::web) container: &'static str,
}

/// One page.
#[derive(Debug, Default)]
pub(in crate::web) struct Page {
    /// What it is called; its one heading says the same or more.
    pub(in crate::web) title: String,
    /// The way back, where there is one.
    pub(in crate::web) back: Option<String>,
    /// What is wrong on it: the id of each field and what to do.
    pub(in crate::web) errors: Vec<(String, String)>,
    /// What stands in it.
    pub(in crate::web) body: Markup,
    /// Whether all of it is said in every language; what is not is said in English.
    pub(in crate::web) translated: bool,
    /// The answer of HTTP; 200 where absent.
    pub(in crate::web) status: Option<StatusCode>,
}

impl Page {
    /// A page of this title with this in it.
    pub(in crate::web) fn new(title: impl Into<String>, body: Markup) -> Self {
        Self { title: title.into(), body, ..Self::default() }
    }

    /// With a way back.
    #[must_use]
    pub(in crate::web) fn back_to(self, path: impl Into<String>) -> Self {
        Self { back: Some(path.into()), ..self }
    }

    /// With what is wrong on it.
    #[must_use]
    pub(in crate::web) fn with_errors(self, errors: Vec<(String, String)>) -> Self {
        Self { errors, ..self }
    }

    /// As another answer than 200.
    #[must_use]
    pub(in crate::web) fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The answer.
    pub(in crate::web) fn shown(self, visit: &Visit) -> Response {
        let around = Around {
            heading: heading(visit),
            above: languages(visit),
            footer: footer(visit),
            service: visit.text.say("service-name"),
            container: "govuk-width-container",
        };
        self.shown_within(visit, &around)
    }

    /// The answer, with something else around it.
    pub(in crate::web) fn shown_within(self, visit: &Visit, around: &Around) -> Response {
        let status = self.status.unwrap_or(StatusCode::OK);
        let mut response = (status, Html(self.whole(visit, around).into_string())).into_response();
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        // With less, some browsers would not say where a form comes from; nothing is said to anybody else.
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
        response
    }

    fn whole(&self, visit: &Visit, around: &Around) -> Markup {
        let text = visit.text;
        let english = text.lang() != Lang::En && !self.translated;
        let error = if self.errors.is_empty() { String::new() } else { format!("{} ", text.say("error-prefix")) };
        html! {
            (DOCTYPE)
            html lang=(text.lang().code()) class="govuk-template" {
                head {
                    meta charset="utf-8";
                    title { (error) (self.title) " – " (around.service) " – " (visit.council) }
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="theme-color" content="#00544d";
                    link rel="icon" href=(assets::path("icon.svg")) type="image/svg+xml";
                    link rel="stylesheet" href=(assets::path("app.css"));
                    script type="module" src=(assets::path("app.js")) {}
                }
                body class="govuk-template__body" {
                    a href="#main-content" class="govuk-skip-link" data-module="govuk-skip-link" { (text.say("skip-to-content")) }
                    (around.heading)
                    div class=(around.container) {
                        (around.above)
                        @if let Some(back) = &self.back { (govuk::back_link(back, &text.say("back"))) }
                        main class="govuk-main-wrapper" id="main-content" lang=[english.then_some("en")] {
                            @if !self.errors.is_empty() {
                                (govuk::error_summary(&text.say("there-is-a-problem"), &self.errors))
                            }
                            (self.body)
                        }
                    }
                    (around.footer)
                }
            }
        }
    }
}

fn heading(visit: &Visit) -> Markup {
    html! {
        header class="govuk-generic-header" {
            div class="govuk-generic-header__container govuk-width-container" {
                div class="govuk-generic-header__logo" {
                    a href=(visit.link("/")) class="govuk-generic-header__homepage-link" { (visit.council) }
                }
            }
        }
    }
}

fn languages(visit: &Visit) -> Markup {
    let text = visit.text;
    let all = [(Lang::En, "language-en"), (Lang::Cy, "language-cy")];
    html! {
        nav class="govuk-language-navigation" aria-label=(text.say("language")) {
            ul class="govuk-language-navigation__list" {
                @for (lang, name) in all {
                    li class="govuk-language-navigation__list-item" {
                        @if lang == text.lang() {
                            span class="govuk-language-navigation__text" aria-current="true" lang=(lang.code()) { (text.say(name)) }
                        } @else {
                            @let mark = if visit.here.contains('?') { "&" } else { "?" };
                            a class="govuk-language-navigation__link" href={ (visit.here) (mark) "lang=" (lang.code()) }
                                rel="alternate" lang=(lang.code()) hreflang=(lang.code()) { (text.say(name)) }
                        }
                    }
                }
            }
        }
    }
}

fn footer(visit: &Visit) -> Markup {
    let text = visit.text;
    let links = [
        ("/help", "footer-help"),
        ("/track", "footer-track"),
        ("/estimate", "footer-estimate"),
        ("/privacy", "footer-privacy"),
        ("/accessibility", "footer-accessibility"),
    ];
    html! {
        footer class="hearth-footer" {
            div class="govuk-width-container" {
                @if let Some(at) = visit.simulated {
                    p class="govuk-body-s" { (text.with("simulated-clock", &[("at", &text.instant(at))])) }
                }
                ul class="hearth-footer__links" {
                    @for (path, name) in links {
                        li { a class="govuk-link govuk-link--no-visited-state" href=(visit.link(path)) { (text.say(name)) } }
                    }
                }
                p class="govuk-body-s" { (visit.council) }
            }
        }
    }
}

//! What a caller is told when it did not work: problem documents (RFC 9457), each saying what to do next.
//!
//! Never a stack, a version or anybody's details: what went wrong inside is logged, not told.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::AccessError;
use crate::savings::UnknownScenario;
use crate::service::ServiceError;
use crate::store::StoreError;
use crate::views::ViewError;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Which kind of problem, as a path: `/problems/not-found`.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The kind in words.
    pub title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened and what to do next.
    pub detail: String,
    /// What is wrong with the input, fault by fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<Fault>,
}

/// One fault of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON pointer into the body, or `/name` for the parameter of that name.
    pub pointer: String,
    /// What is wrong and what to give instead.
    pub detail: String,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 400.
    BadRequest,
    /// 401.
    Unauthorised,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 408.
    RequestTimeout,
    /// 409.
    Conflict,
    /// 413.
    TooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 422.
    Unprocessable,
    /// 429.
    TooManyRequests,
    /// 500.
    Internal,
    /// 503.
    Unavailable,
}

impl Kind {
    /// The status of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The end of its type and its title.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::BadRequest => ("bad-request", "The request cannot be understood"),
            Self::Unauthorised => ("unauthorised", "A valid token is needed"),
            Self::Forbidden => ("forbidden", "This token may not do that"),
            Self::NotFound => ("not-found", "There is nothing here"),
            Self::MethodNotAllowed => ("method-not-allowed", "This cannot be done here"),
            Self::RequestTimeout => ("request-timeout", "The request did not arrive in time"),
            Self::Conflict => ("conflict", "It contradicts what was recorded before"),
            Self::TooLarge => ("too-large", "The request is too large"),
            Self::UnsupportedMediaType => ("unsupported-media-type", "The body is of another type"),
            Self::Unprocessable => ("unprocessable", "The body is not well formed"),
            Self::TooManyRequests => ("too-many-requests", "Too many requests"),
            Self::Internal => ("internal", "Something went wrong on our side"),
            Self::Unavailable => ("unavailable", "The service cannot answer just now"),
        }
    }
}

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    errors: Vec<Fault>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this kind; `detail` says what to do next.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// With the faults of the input.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<Fault>) -> Self {
        self.errors = errors;
        self
    }

    /// With the number of seconds after which to try again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// Parameters that cannot be used.
    pub fn parameters(errors: Vec<Fault>) -> Self {
        Self::new(Kind::BadRequest, "Correct the parameters listed under errors and ask again.").with_errors(errors)
    }

    /// What was asked for is not there.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, detail)
    }

    /// What went wrong is ours to look into; `what` is logged, not told.
    pub fn internal(what: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %what, "a request failed: {what}");
        Self::new(
            Kind::Internal,
            "It has been logged. Try again; if it happens again, tell the council the X-Request-Id of this answer.",
        )
    }

    /// What is needed cannot be reached; `what` is logged, not told.
    pub fn unavailable(what: &dyn std::fmt::Display) -> Self {
        tracing::warn!(error = %what, "a request could not be served: {what}");
        Self::new(Kind::Unavailable, "Nothing was changed. Try again in a few seconds.").with_retry_after(5)
    }
}

impl Problem {
    /// What kind of problem it is, in words.
    pub const fn title(&self) -> &'static str {
        if matches!(self.kind, Kind::Forbidden) { "You may not do that" } else { self.kind.names().1 }
    }

    /// What happened and what to do next.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let told = self.clone();
        let (name, title) = self.kind.names();
        let status = self.kind.status();
        let document = ProblemDocument {
            type_uri: format!("/problems/{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            errors: self.errors,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        if let Some(seconds) = self.retry_after {
            set(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthorised {
            set(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="hearth""#));
        }
        // For whoever makes a page of it.
        response.extensions_mut().insert(told);
        response
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        if error.is_refusal() {
            return Self::new(Kind::Conflict, format!("{error}."));
        }
        Self::unavailable(&error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Ambiguous(_) | StoreError::Conflict { .. } => {
                Self::unavailable(&error)
            }
            StoreError::Wrong(_) => Self::internal(&error),
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => error.into(),
            ServiceError::View(error) => error.into(),
            error @ (ServiceError::Follow(_)
            | ServiceError::Key(_)
            | ServiceError::Draft(_)
            | ServiceError::Codec(_)
            | ServiceError::SignIn(_)
            | ServiceError::Log(_)) => Self::internal(&error),
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        Self::unavailable(&error)
    }
}

impl From<UnknownScenario> for Problem {
    fn from(error: UnknownScenario) -> Self {
        Self::parameters(vec![Fault { pointer: "/scenario".to_owned(), detail: error.to_string() }])
    }
}

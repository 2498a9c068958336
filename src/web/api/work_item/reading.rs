//! The body of an officer's request, field by field; every fault is collected, then told at once.

use axum::extract::Request;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::web::App;
use crate::web::body::json_body_or_none;
use crate::web::problem::{Fault, Kind, Problem};

const LONGEST_TEXT: usize = 500;
const LONGEST_ANSWER: usize = 3 * LONGEST_TEXT;
const LONGEST_DOCUMENT: usize = 40 * LONGEST_TEXT;

/// The fields of a body; what is not asked for may not be there.
pub(in crate::web::api) struct Fields {
    values: Map<String, Value>,
    faults: Vec<Fault>,
}

/// What is told of a body that cannot be used.
pub(in crate::web::api) fn malformed(errors: Vec<Fault>) -> Problem {
    let told = "Nothing was recorded. Correct what is listed under errors and send it again.";
    Problem::new(Kind::Unprocessable, told).with_errors(errors)
}

impl Fields {
    pub(in crate::web::api) async fn read(app: &App, request: Request) -> Result<Self, Problem> {
        let body = json_body_or_none(app, request).await?;
        if body.is_empty() {
            return Ok(Self { values: Map::new(), faults: Vec::new() });
        }
        match serde_json::from_slice(&body) {
            Ok(Value::Object(values)) => Ok(Self { values, faults: Vec::new() }),
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                Err(malformed(vec![Fault { pointer: String::new(), detail: "must be a JSON object".to_owned() }]))
            }
            Err(_) => Err(Problem::new(Kind::BadRequest, "The body is not JSON in UTF-8: send one JSON object.")),
        }
    }

    pub(in crate::web::api) fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.faults.push(Fault { pointer: format!("/{name}"), detail: detail.into() });
    }

    /// A field as it is; null is as good as absent.
    pub(in crate::web::api) fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name).filter(|it| !it.is_null())
    }

    pub(in crate::web::api) fn text(&mut self, name: &str) -> Option<String> {
        self.text_within(name, LONGEST_TEXT)
    }

    fn text_within(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.take(name)?;
        let text = value.as_str().map(str::trim);
        let text = text.filter(|it| (1..=longest).contains(&it.chars().count())).map(str::to_owned);
        if text.is_none() {
            self.fault(name, format!("must be a text of 1 to {longest} characters"));
        }
        text
    }

    /// A text that may be longer than most.
    pub(in crate::web::api) fn needed_long_text(&mut self, name: &str) -> Option<String> {
        self.need(name);
        self.text_within(name, LONGEST_ANSWER)
    }

    /// A text of many lines.
    pub(in crate::web::api) fn long_text(&mut self, name: &str) -> Option<String> {
        self.text_within(name, LONGEST_DOCUMENT)
    }

    pub(in crate::web::api) fn needed_text(&mut self, name: &str) -> Option<String> {
        self.need(name);
        self.text(name)
    }

    /// Several texts; none where the field is absent.
    pub(in crate::web::api) fn texts(&mut self, name: &str, most: usize) -> Vec<String> {
        let Some(value) = self.take(name) else { return Vec::new() };
        let texts: Option<Vec<String>> =
            value.as_array().and_then(|all| all.iter().map(|it| it.as_str().map(str::to_owned)).collect());
        match texts {
            Some(texts) if texts.len() <= most => texts,
            Some(_) | None => {
                self.fault(name, format!("must be a list of texts, {most} at most"));
                Vec::new()
            }
        }
    }

    pub(in crate::web::api) fn day(&mut self, name: &str) -> Option<Date> {
        let value = self.take(name)?;
        let day = value.as_str().filter(|it| it.len() == 10).and_then(|it| it.parse().ok());
        if day.is_none() {
            self.fault(name, "must be a day as year-month-day, with four, two and two digits");
        }
        day
    }

    pub(in crate::web::api) fn needed_day(&mut self, name: &str) -> Option<Date> {
        self.need(name);
        self.day(name)
    }

    fn need(&mut self, name: &str) {
        if self.values.get(name).is_none_or(Value::is_null) {
            self.fault(name, "is needed");
        }
    }

    /// To be called when all were asked for.
    pub(in crate::web::api) fn finish(&mut self) -> Result<(), Problem> {
        let unknown: Vec<_> = std::mem::take(&mut self.values).into_iter().filter(|(_, it)| !it.is_null()).collect();
        for (name, _) in unknown {
            let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
            self.fault(&name, "is not a field of this request");
        }
        let faults = std::mem::take(&mut self.faults);
        if faults.is_empty() { Ok(()) } else { Err(malformed(faults)) }
    }
}

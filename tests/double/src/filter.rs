//! Filters of the log as the protocol describes them: on the stream or the type of event, by pattern or by prefixes.

use fancy_regex::Regex;

use crate::store::Record;
use crate::wire::streams;

/// Which events of the log a reader wants.
#[derive(Debug)]
pub struct Filter {
    on: On,
    test: Test,
}

#[derive(Debug)]
enum On {
    Stream,
    Kind,
}

#[derive(Debug)]
enum Test {
    /// Clients use what .NET has and the usual crate has not: looking ahead.
    Pattern(Box<Regex>),
    Prefixes(Vec<String>),
}

impl Filter {
    /// Reads a filter off the wire; the text is what is wrong with it.
    pub(crate) fn of(filter: &streams::Filter) -> Result<Self, String> {
        let (on, expression) = match &filter.on {
            Some(streams::filter::On::Stream(expression)) => (On::Stream, expression),
            Some(streams::filter::On::EventType(expression)) => (On::Kind, expression),
            None => return Err("a filter on nothing".to_owned()),
        };
        // A pattern wins over prefixes.
        let test = if expression.regex.is_empty() {
            Test::Prefixes(expression.prefix.clone())
        } else {
            Test::Pattern(Box::new(Regex::new(&expression.regex).map_err(|error| error.to_string())?))
        };
        Ok(Self { on, test })
    }

    /// Whether an event is wanted. A pattern that takes too long to try does not match.
    pub(crate) fn accepts(&self, record: &Record) -> bool {
        let text = match self.on {
            On::Stream => &record.stream,
            On::Kind => &record.kind,
        };
        match &self.test {
            Test::Pattern(pattern) => pattern.is_match(text).unwrap_or(false),
            Test::Prefixes(prefixes) => prefixes.iter().any(|it| text.starts_with(it)),
        }
    }
}

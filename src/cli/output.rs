//! What a command says: results to standard output, complaints and progress to standard error.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::Failure;

/// Prints a line of the result. A reader who has closed the pipe ends the command in silence.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout().lock(), "{text}").map_err(closed)
}

/// Prints the result as one JSON document.
pub(super) fn say_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::usage(error.to_string()))?;
    say(&text)
}

/// Why standard output cannot be written.
pub(super) fn closed(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::No(String::new())
    } else {
        Failure::usage(error.to_string())
    }
}

/// Says what is wrong.
pub(super) fn complain(text: &str) {
    // Nobody is left to tell when standard error is closed too.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Shows how far a longer piece of work has come: on a terminal only.
pub(super) fn progress(what: &str, done: usize, of: usize) {
    let mut stderr = io::stderr().lock();
    if stderr.is_terminal() {
        let end = if done >= of { "\n" } else { "" };
        let _ = write!(stderr, "\r{what}: {} of {of}{end}", done.min(of));
        let _ = stderr.flush();
    }
}

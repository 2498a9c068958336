//! The time as the protocol tells it.

use std::time::{Duration, SystemTime};

/// Ticks of 100 ns in a second.
pub(crate) const TICKS_PER_SECOND: u64 = 10_000_000;

/// The time since the Unix epoch; none before it.
#[expect(clippy::disallowed_methods, reason = "a server of its own, with a clock of its own")]
pub(crate) fn since_epoch() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Now in ticks since the Unix epoch.
pub(crate) fn ticks() -> u64 {
    u64::try_from(since_epoch().as_nanos() / 100).unwrap_or(u64::MAX)
}

//! The program itself, as somebody uses it who knows only its command line and its API.
//!
//! * `run.rs` — running the binary, and a service that ends with the test;
//! * `http.rs` — a client over a plain socket;
//! * `pack.rs` — a small council made from a seed; `say.rs` — notifications to it;
//! * `log.rs` — what the exported log says; `money.rs` — what is owed, worked out anew in whole numbers;
//! * `on_a_server.rs` — the same program with its log in EventStoreDB, over the protocol double;
//! * `council.rs` — a small council at work, with everything that is checked of it.

mod between;
mod billing;
mod bulk;
mod come_back;
mod copies;
mod council;
mod defects;
mod documents;
mod drained;
mod evidence;
mod fences;
mod figures;
mod follow_up;
mod gates;
mod history;
mod http;
mod killed;
mod kinds;
mod log;
#[cfg(feature = "smtp")]
mod mailed;
mod many;
mod money;
mod moves;
mod officers;
#[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
mod on_a_server;
mod pack;
mod pages;
mod preview;
mod privacy;
mod records;
mod reversal;
mod run;
mod sample;
mod say;
mod side_by_side;
mod submitted;
mod terms;
mod together;
mod waiting;

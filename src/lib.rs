//! Hearth: an event-sourced processor of electronic council tax change notifications.
//!
//! A notification travels one way through the house:
//! `notification → intake → decision → events → store → projections → API and pages`.

#[cfg(all(feature = "eventstore", feature = "kurrentdb"))]
compile_error!(
    "choose one of the features `eventstore` and `kurrentdb`: they are two clients for the same servers, and the first cannot live in a process with other users of TLS"
);

pub mod access;
mod backend;
pub mod batch;
pub mod bulk;
pub mod cli;
pub mod clock;
pub mod data_dir;
pub mod decision;
pub mod docs;
pub mod drafts;
pub mod evidence;
pub mod figures;
pub mod files;
pub mod intake;
pub mod keys;
pub mod logs;
pub mod mail;
pub mod pack;
pub mod processor;
pub mod replay;
pub mod rules;
pub mod savings;
pub mod service;
pub mod sign_in;
pub mod store;
pub mod texts;
pub mod views;
pub mod web;

//! Hearth: an event-sourced processor of electronic council tax change notifications.
//!
//! A notification travels one way through the house:
//! `notification → intake → decision → events → store → projections → API and pages`.

pub mod clock;
pub mod data_dir;
pub mod decision;
pub mod intake;
pub mod keys;
pub mod pack;
pub mod processor;
pub mod replay;
pub mod rules;
pub mod savings;
pub mod service;
pub mod store;
pub mod views;

//! What Hearth promises, tested from outside.
#![cfg(test)]

mod e2e;
#[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
mod esdb;
mod store;
mod store_kill;
mod store_kit;
mod tidy;
mod views;
mod web;

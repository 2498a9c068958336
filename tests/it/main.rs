//! What Hearth promises, tested from outside.

mod store;
mod store_kill;
mod store_kit;

//! The queue: what waits, one item side by side, what officers do with it, many at once, what it all comes to.
//!
//! * [`list`] — filtered, sorted, searched; [`live`] — that something has changed, without reloading;
//! * [`item`] — what was told beside what is held, what was found, what would change; [`act`] — what is done with it;
//! * `notification.rs` — what never waited for an officer; `changed.rs` — what a notification changed;
//! * `form.rs` — a form read, and as it comes back; `happened.rs` — what was just done, and the next item;
//! * [`amend`] — put right before it takes effect; [`undo`] — taken back, its effects shown first;
//! * [`many`] — looked at first, then done, and undone as a whole; [`figures`] — statistics, samples, alerts;
//! * [`entry`] — what came by telephone, counter, post or chat, through the same questions.

pub(in crate::web) mod act;
pub(in crate::web) mod amend;
mod changed;
mod changes;
mod compared;
pub(in crate::web) mod entry;
pub(in crate::web) mod figures;
mod form;
mod forms;
mod happened;
pub(in crate::web) mod item;
pub(in crate::web) mod list;
pub(in crate::web) mod live;
pub(in crate::web) mod many;
mod notification;
pub(in crate::web) mod undo;
mod words;

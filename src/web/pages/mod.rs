//! The pages: what a resident sees. Server-rendered, in the patterns of the GOV.UK Design System, whole without scripts.
//!
//! * [`layout`] — what stands around every page;
//! * `govuk/` — the components, each compared with the makers' fixtures;
//! * [`text`] — what is said, by language;
//! * `tell/` — from the first question to what was sent;
//! * [`told`], [`outcome`] and [`track`] — what became of it;
//! * [`many`] — many changes from a landlord's spreadsheet;
//! * `staff/` — what the council's staff see, signed in;
//! * [`estimate`] — what anybody would pay; [`standing`] — help, privacy, accessibility.

pub(super) mod assets;
pub(super) mod estimate;
mod govuk;
pub(super) mod layout;
pub(super) mod many;
pub(super) mod oops;
mod outcome;
pub(super) mod staff;
pub(super) mod standing;
pub(super) mod start;
pub(super) mod tell;
mod text;
mod told;
pub(super) mod track;

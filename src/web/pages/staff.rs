//! What the council's staff see, signed in. English only: it is a tool of work.
//!
//! * [`session`] — who is signed in; [`layout`] — what stands around every page;
//! * [`sign_in`] — in and out; [`provider`] — in by the council's identity provider; [`home`] — where each role begins; [`me`] — what one says of oneself;
//! * `work/` — the queue and what is done with each item;
//! * `record/` — dwellings and accounts: as of any day, as known at any time, every figure explained;
//! * `manage/` — figures, why not automatic, savings, what would be otherwise;
//! * [`people`] — who may sign in; [`restricted`] — records that are open to named persons only;
//! * [`why`] — whoever looks at a record without work of theirs that is about it says why.

pub(in crate::web) mod home;
pub(in crate::web) mod layout;
pub(in crate::web) mod manage;
pub(in crate::web) mod me;
pub(in crate::web) mod people;
pub(in crate::web) mod provider;
pub(in crate::web) mod record;
pub(in crate::web) mod restricted;
pub(in crate::web) mod session;
pub(in crate::web) mod sign_in;
pub(in crate::web) mod why;
pub(in crate::web) mod work;

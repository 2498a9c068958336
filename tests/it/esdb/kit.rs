//! The conformance kit, over one node and with another process at the same log.

use super::*;
use crate::store_kit::conformance;

conformance!(eventstoredb, empty_log());

//! Tables that councils published.

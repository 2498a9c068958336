//! What electronic notifications save, as a statement.

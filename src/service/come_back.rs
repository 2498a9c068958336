//! Why the link to answers that were not sent yet was not sent to somebody.

use super::ServiceError;

/// Why the link was not sent.
#[derive(Debug, thiserror::Error)]
pub enum LinkNotSent {
    /// Nobody has said where the service is reached from outside.
    #[error("nobody has said where the service is reached from outside")]
    NoPublicUrl,
    /// This is not one address of e-mail.
    #[error("this is not one address of e-mail")]
    NoAddress,
    /// It cannot be written now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

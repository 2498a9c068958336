//! A file of evidence arrives: what it is, whether it is harmful, and then the file before the event that tells of it. A crash
//! in between leaves a sealed file that nothing refers to, and that the same file sent again takes the place of.

use hearth_events::{Event, EventId, EvidenceReceived, EvidenceRefused, NotificationRef};

use super::CaseFile;
use super::steps::sealed;
use super::submitter::{file_of, still_waits};
use crate::evidence::scanner::Scan;
use crate::evidence::{self, EvidenceError, MOST_FILES, content, event_id, is_digest, plain_name};
use crate::service::documents::{DocumentKept, DocumentNotTaken};
use crate::service::submitter::{EvidenceKept, EvidenceSent, NotTaken};
use crate::service::{Service, ServiceError};

/// The id of an event that tells of a file: its content is bound to it.
pub(super) fn id_of(event: &Event) -> Option<EventId> {
    if let Event::EvidenceReceived(it) = event { Some(event_id(&it.reference, &it.digest)) } else { None }
}

/// What there is to record of a file that arrived, which is kept when this returns; nothing where it was here before.
pub(super) async fn received(service: &Service, file: &CaseFile, sent: &EvidenceSent) -> Result<Vec<Event>, NotTaken> {
    let reference = &file.received.reference;
    let media_type = content::media_type(&sent.content)?;
    let digest = evidence::digest(&service.keys, reference, &sent.content);
    if file.told.refused.contains(&digest) {
        return Err(NotTaken::Infected);
    }
    let is_known = file.told.evidence.iter().any(|it| it.told.digest == digest);
    if is_known && evidence::is_kept(&service.evidence, &digest) {
        return Ok(Vec::new());
    }
    if !is_known {
        still_waits(file)?;
        // What was refused counts as well, so that nobody fills the log with it.
        if file.told.evidence.len() + file.told.refused.len() >= MOST_FILES {
            return Err(NotTaken::TooMany(MOST_FILES));
        }
    }
    let bytes = u64::try_from(sent.content.len()).unwrap_or(u64::MAX);
    let scanned = match looked_at(service, &sent.content).await {
        Scan::Clean => service.scanner.is_some(),
        Scan::Infected => {
            tracing::warn!(notification = %reference, "a harmful file was sent to {reference} and refused");
            let reference = reference.clone();
            return Ok(vec![EvidenceRefused { reference, digest, media_type, bytes }.into()]);
        }
        Scan::Unknown(why) => return Err(NotTaken::NotScanned(why)),
    };
    let person = file.received.body.person();
    let called = (digest.as_str(), event_id(reference, &digest));
    evidence::keep(&service.keys, &service.evidence, called, person, &sent.content).map_err(unusable)?;
    if is_known {
        tracing::warn!(notification = %reference, "a file of evidence of {reference} was lost, and is here again");
        return Ok(Vec::new());
    }
    let file_name = sent.file_name.as_deref().and_then(plain_name).map(|it| sealed(reference, &it));
    let (reference, kind) = (reference.clone(), sent.kind.clone());
    Ok(vec![EvidenceReceived { reference, digest, kind, media_type, bytes, scanned, file_name }.into()])
}

/// What the scanner says of a file; clean where there is none.
async fn looked_at(service: &Service, content: &[u8]) -> Scan {
    match &service.scanner {
        Some(scanner) => scanner.scan(content).await,
        None => Scan::Clean,
    }
}

/// Takes a document that is to lie with a draft, by the rules for evidence. Nothing is recorded, also of a harmful one: there is
/// no notification yet that it could be recorded of.
///
/// # Errors
/// When it cannot be evidence, or not be kept now.
pub async fn document_of_draft(
    service: &Service,
    draft: &str,
    content: &[u8],
) -> Result<DocumentKept, DocumentNotTaken> {
    content::media_type(content)?;
    match looked_at(service, content).await {
        Scan::Clean => {}
        Scan::Infected => return Err(DocumentNotTaken::Infected),
        Scan::Unknown(why) => return Err(DocumentNotTaken::NotScanned(why)),
    }
    let id = service.drafts.lay_beside(&service.keys, draft, content)?;
    Ok(DocumentKept { id, scanned: service.scanner.is_some() })
}

fn unusable(error: EvidenceError) -> ServiceError {
    match error {
        EvidenceError::Key(error) => error.into(),
        EvidenceError::File(..) | EvidenceError::Unusable(_) => ServiceError::Log(error.to_string()),
    }
}

/// Reads a file of evidence, by what it is called.
///
/// # Errors
/// [`NotTaken::Unknown`] where the notification has no such file or its submitter has been forgotten; or it cannot be read.
pub async fn evidence(
    service: &Service,
    reference: &NotificationRef,
    digest: &str,
) -> Result<(EvidenceKept, Vec<u8>), NotTaken> {
    if !is_digest(digest) {
        return Err(NotTaken::Unknown);
    }
    let file = file_of(service, reference).await?;
    let kept = file.told.evidence.into_iter().find(|it| it.told.digest == digest).ok_or(NotTaken::Unknown)?;
    let (called, person) = ((digest, event_id(reference, digest)), file.received.body.person());
    let content = evidence::read(&service.keys, &service.evidence, called, person).map_err(unusable)?;
    content.map(|it| (kept, it)).ok_or(NotTaken::Unknown)
}

//! The link to answers that were not sent yet, as a message. It is asked for on a page, so it does not come from the log, which
//! knows nothing of drafts; it lies in the outbox and goes from there as all others do.

use super::PREFIX;
use super::message::{ComeBack, is_address};
use super::writing::failed;
use crate::clock::system_now;
use crate::drafts::forget_at;
use crate::files;
use crate::service::Service;
use crate::service::come_back::LinkNotSent;
use crate::texts::{Lang, england};

/// Writes the link to a draft that is kept for so many days into the outbox, once an hour for each address however often it is
/// asked for.
///
/// # Errors
/// When nothing leads to the draft from outside, this is no address, or the outbox cannot be written.
pub async fn write(service: &Service, draft: &str, to: &str, lang: Lang, days: u16) -> Result<(), LinkNotSent> {
    let url = service.public_url.as_ref().ok_or(LinkNotSent::NoPublicUrl)?;
    if !is_address(to) {
        return Err(LinkNotSent::NoAddress);
    }
    let now = system_now();
    // Named by a digest: who sees the names in the outbox learns neither the draft nor the address.
    let named = format!("{draft}\n{}\n{}", to.to_lowercase(), now.as_second() / 3600);
    let digest: String = service.keys.digest("draft-message", named.as_bytes()).chars().take(32).collect();
    let name = format!("{PREFIX}link-{digest}");
    let is_there = |ending: &str| service.outbox.join(format!("{name}{ending}")).exists();
    if [".txt", ".sent", ".failed"].into_iter().any(is_there) {
        return Ok(());
    }
    let council = service.council().await?;
    let council = council.council.registered.as_ref().map(|it| it.name.as_str());
    // The last whole day, so that whoever comes in its evening is not too late.
    let until = forget_at(now, days.saturating_sub(1)).to_zoned(england()).date();
    let link = url.draft_link(draft);
    let message = ComeBack { council, link: &link, until, lang }.message(to.to_owned());
    files::write(&service.outbox, &format!("{name}.txt"), message.as_file().as_bytes()).map_err(failed)?;
    tracing::info!("wrote the message {name} into the outbox");
    Ok(())
}

//! What is left out of an answer, or not done, because of dwellings that are fenced for whoever asks: lists leave out rather than
//! mask. Totals and figures count it all the same; see ADR 36.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, NotificationRef, Uprn};
use hearth_projections::AccountState;

use super::App;
use super::looked::not_for;
use super::problem::Problem;
use crate::service::reversal::{NotReversed, ReversalShown};
use crate::service::work::ItemShown;
use crate::views::{ViewError, Views};

/// Which of these notifications touch a dwelling that is fenced for somebody.
///
/// # Errors
/// When that cannot be told now.
pub(super) async fn closed<'a>(
    app: &App,
    name: &str,
    references: impl IntoIterator<Item = &'a NotificationRef>,
) -> Result<BTreeSet<NotificationRef>, Problem> {
    let each: BTreeSet<_> = references.into_iter().cloned().collect();
    let not_at = not_for(app, name).await?;
    let touching = app.backend().touching(&each.into_iter().collect::<Vec<_>>(), &not_at).await;
    touching.map_err(|error| Problem::unavailable(&error))
}

/// Leaves out of a list of notifications what is fenced for somebody.
///
/// # Errors
/// As [`closed`].
pub(super) async fn keep_open(app: &App, name: &str, references: &mut Vec<NotificationRef>) -> Result<(), Problem> {
    let closed = closed(app, name, references.iter()).await?;
    references.retain(|it| !closed.contains(it));
    Ok(())
}

/// An item as somebody may see it: what it is linked with may be about a dwelling that the item itself does not touch.
///
/// # Errors
/// As [`closed`].
pub(super) async fn open_item(app: &App, name: &str, mut item: ItemShown) -> Result<ItemShown, Problem> {
    keep_open(app, name, &mut item.linked).await?;
    open_findings(app, name, item.findings.iter_mut().map(|it| &mut it.because)).await?;
    Ok(item)
}

/// What was found as somebody may see it: an earlier notification that told the same may be about another dwelling by now.
///
/// # Errors
/// As [`closed`].
pub(super) async fn open_findings(
    app: &App,
    name: &str,
    sentences: impl Iterator<Item = &mut String>,
) -> Result<(), Problem> {
    for because in sentences {
        *because = open_words(app, name, because).await?;
    }
    Ok(())
}

/// A reversal as somebody may see it: what rests on the change may be about another dwelling too, and is not named then.
///
/// # Errors
/// As [`closed`].
pub(super) async fn open_reversal(
    app: &App,
    name: &str,
    shown: Result<ReversalShown, NotReversed>,
) -> Result<Result<ReversalShown, NotReversed>, Problem> {
    Ok(match shown {
        Ok(mut shown) => {
            if let Err(because) = &mut shown.proposal {
                *because = open_words(app, name, because).await?;
            }
            Ok(shown)
        }
        Err(NotReversed::NotPossible(because)) => Err(NotReversed::NotPossible(open_words(app, name, &because).await?)),
        Err(other) => Err(other),
    })
}

/// A sentence without the references of what is fenced for somebody.
async fn open_words(app: &App, name: &str, sentence: &str) -> Result<String, Problem> {
    let words = sentence.split(|it: char| !(it.is_ascii_alphanumeric() || it == '-'));
    let named: Vec<NotificationRef> =
        words.filter_map(|it| it.parse().ok()).filter(NotificationRef::is_of_a_notification).collect();
    if named.is_empty() {
        return Ok(sentence.to_owned());
    }
    let closed = closed(app, name, &named).await?;
    let hidden = |sentence: String, it: &NotificationRef| sentence.replace(it.as_str(), "what is not open to you");
    Ok(closed.iter().fold(sentence.to_owned(), hidden))
}

/// The accounts on these dwellings.
///
/// # Errors
/// When the views cannot be read.
pub(super) fn accounts_on(views: &Views, dwellings: &BTreeSet<Uprn>) -> Result<BTreeSet<AccountRef>, ViewError> {
    let mut accounts = BTreeSet::new();
    for uprn in dwellings {
        let of = |it: &AccountState| it.account.clone();
        accounts.extend(views.dwelling(uprn)?.iter().flat_map(|it| &it.accounts).map(of));
    }
    Ok(accounts)
}

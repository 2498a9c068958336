//! Letters to be sent: a text file each, for nobody else to read, in a folder from which whoever sends them takes them.

use std::io;
use std::path::Path;

use hearth_events::{AccountRef, NotificationKind, NotificationRef, Silence};
use jiff::civil::Date;

use crate::decision::{Case, Premises};
use crate::files;

/// A question to the liable persons of an account: whether what somebody else told is so.
pub(super) struct Question<'a> {
    /// The case of what was told.
    pub(super) case: &'a Case<'a>,
    /// The account.
    pub(super) account: &'a AccountRef,
    /// The last day on which they may answer.
    pub(super) respond_by: Date,
}

impl Question<'_> {
    fn premises(&self) -> Option<&Premises> {
        self.case.matched.premises.iter().find(|it| it.state.account(self.account).is_some())
    }

    /// The letter; none where the account is not at a dwelling concerned.
    pub(super) fn letter(&self) -> Option<String> {
        let premises = self.premises()?;
        let listing = premises.state.listing.as_ref()?;
        let account = premises.state.account(self.account)?;
        let names = account.liable_persons.iter().filter_map(|it| premises.details(it));
        let names: Vec<_> = names.map(|it| it.name.as_str()).collect();
        let names = if names.is_empty() { "The council tax payer".to_owned() } else { names.join("\n") };
        let council = self.case.council.registered.as_ref().map_or("The council", |it| &it.name);
        let (told, silence) = (self.told(), self.silence());
        let (address, postcode) = (&listing.address, &listing.postcode);
        let (received_on, respond_by) = (self.case.received_on, self.respond_by);
        let reference = &self.case.received.reference;
        Some(format!(
            "{council}\n\n{names}\n{address}\n{postcode}\n\nCouncil tax account {}\nOur reference {reference}\n\n\
             PLEASE TELL US WHETHER THIS IS RIGHT\n\nOn {received_on} we were told that {told} If that is so, you would no \
             longer be\nliable for council tax there from that day.\n\nIf it is right, you need not do anything; please tell \
             us where you live now, so that we can\nsend you your final bill.\n\nIf it is not right, tell us by \
             {respond_by}: call us, write to us or use our web page, and quote\nour reference. {silence}\n",
            self.account
        ))
    }

    fn told(&self) -> String {
        let day = self.case.notification.effective_on;
        if self.case.notification.kind == NotificationKind::TenancyChange {
            return format!("your tenancy of this address ended ({day}).");
        }
        format!("somebody else moved into this address on {day}.")
    }

    fn silence(&self) -> &'static str {
        match self.case.policy().third_party_silence {
            Silence::Apply => "If we have not heard from you by then, we take it that it is right.",
            Silence::Refer => "If we have not heard from you by then, one of our officers decides.",
        }
    }
}

/// What the file of a letter is called, without its ending.
pub(super) fn name(reference: &NotificationRef, account: &AccountRef) -> String {
    format!("{reference}-{account}").replace('/', "_")
}

/// Whether a letter is in the folder, or was sent: whoever sends one calls it `.sent` instead of `.txt`.
pub(super) fn is_written(folder: &Path, name: &str) -> bool {
    [".txt", ".sent"].iter().any(|ending| folder.join(format!("{name}{ending}")).exists())
}

/// Puts a letter into the folder, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    files::write(folder, &format!("{name}.txt"), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_letter_is_for_nobody_else_to_read_and_is_not_written_again_once_it_was_sent() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("outbox");
        let name = name(&"HN-1".parse().unwrap(), &"30/1".parse().unwrap());
        assert!(!is_written(&outbox, &name));
        write(&outbox, &name, "Please").unwrap();
        assert!(is_written(&outbox, &name));
        let path = outbox.join("HN-1-30_1.txt");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "Please");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&outbox).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::rename(&path, outbox.join("HN-1-30_1.sent")).unwrap();
        assert!(is_written(&outbox, &name));
        assert_eq!(std::fs::read_dir(&outbox).unwrap().count(), 1, "nothing unfinished is left");
    }
}

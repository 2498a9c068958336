//! `hearth staff`: who signs in to the pages.

use clap::{Args, Subcommand};
use hearth_events::{Role, Uprn};
use serde::Serialize;

use super::output::{say, say_json};
use super::{Common, Failure};
use crate::access::staff::{directory, enrol, leave, link_made, relate, restrict};
use crate::access::{AccessError, Member};
use crate::clock::system_now;
use crate::processor::queues;
use crate::service::Service;
use crate::sign_in::SignIn;

/// Says who signs in to the pages of staff.
#[derive(Debug, Args)]
pub(super) struct Staff {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lets somebody sign in, and prints the path of a link with which they set up a passphrase, once, within three days.
    Enrol {
        /// The name they sign in by.
        #[arg(long)]
        name: String,
        /// officer, supervisor, auditor, manager or admin.
        #[arg(long)]
        role: Role,
        /// A queue they are trained for; may be given again. Every queue where none is given.
        #[arg(long)]
        queue: Vec<String>,
    },
    /// Prints the path of a new link for somebody who signs in already; their old link works no more.
    Link {
        /// The name they sign in by.
        name: String,
    },
    /// Lists everybody who signs in.
    List,
    /// No longer lets somebody sign in.
    Leave {
        /// The name they sign in by.
        name: String,
    },
    /// Keeps somebody from a dwelling: their own, or that of somebody close to them.
    Relate {
        /// The name they sign in by.
        name: String,
        /// The dwelling.
        uprn: Uprn,
    },
    /// Opens a dwelling, and all that is about it, to named persons only.
    Restrict {
        /// The dwelling.
        uprn: Uprn,
        /// Who may; may be given again.
        #[arg(long, required = true)]
        open_to: Vec<String>,
    },
}

#[derive(Serialize)]
struct Linked {
    name: String,
    link: String,
}

/// Whoever has the machine gives access to the first.
const BY: &str = "system";
/// Who makes a link here, which is the name of nobody.
const COMMAND_LINE: &str = "command line";

pub(super) async fn run(common: &Common, args: Staff) -> Result<(), Failure> {
    let service = common.open_or_make().await?;
    let (store, now) = (service.store.as_ref(), service.clock.now());
    match args.action {
        Action::Enrol { name, role, queue } => {
            let member = Member { name: name.clone(), role, queues: queue };
            enrol(store, &member, &queues(), BY, now).await.map_err(refused)?;
            tell_link(common, &service, name).await
        }
        Action::Link { name } => {
            let (members, _) = directory(store).await.map_err(refused)?;
            if members.iter().all(|it| it.name != name) {
                return Err(refused(AccessError::UnknownStaff(name)));
            }
            tell_link(common, &service, name).await
        }
        Action::List => {
            let (members, _) = directory(store).await.map_err(refused)?;
            if common.json {
                return say_json(&members);
            }
            members.iter().try_for_each(|it| {
                let queues = if it.queues.is_empty() { "every queue".to_owned() } else { it.queues.join(", ") };
                say(&format!("{:<24} {:<11} {queues}", it.name, it.role.as_str()))
            })
        }
        Action::Leave { name } => {
            leave(store, &name, BY, now).await.map_err(refused)?;
            service.sign_in.forget(&name)?;
            say(&format!("{name} may not sign in any more"))
        }
        Action::Relate { name, uprn } => {
            relate(store, &name, &uprn, BY, now).await.map_err(refused)?;
            say(&format!("{uprn} is closed to {name}"))
        }
        Action::Restrict { uprn, open_to } => {
            restrict(store, &uprn, &open_to, BY, now).await.map_err(refused)?;
            say(&format!("{uprn} is open to {} only", open_to.join(", ")))
        }
    }
}

async fn tell_link(common: &Common, service: &Service, name: String) -> Result<(), Failure> {
    let link = link(service, &name).await?;
    if common.json { say_json(&Linked { name, link }) } else { say(&link) }
}

/// The path of a link with which somebody sets up a passphrase; that it was made is recorded before.
pub(super) async fn link(service: &Service, name: &str) -> Result<String, Failure> {
    let (doors, now) = (&service.sign_in, system_now());
    let made = (SignIn::link_lapses(now), doors.has_passphrase(name)?);
    link_made(service.store.as_ref(), name, COMMAND_LINE, made, service.clock.now()).await.map_err(refused)?;
    Ok(format!("/staff/set-up/{}", doors.link(name, now)?))
}

pub(super) fn refused(error: AccessError) -> Failure {
    match error {
        AccessError::Store(error) => error.into(),
        AccessError::Unknown(_)
        | AccessError::UnknownStaff(_)
        | AccessError::NameTaken(_)
        | AccessError::UnknownQueue(..)
        | AccessError::Nothing(_) => Failure::No(error.to_string()),
        AccessError::BadName(_) | AccessError::NotStaff | AccessError::NoRandom(_) => Failure::usage(error.to_string()),
    }
}

/// One of each role, for a demonstration that is served: each with a link that works once.
pub(super) async fn of_demonstration(service: &Service) -> Result<Vec<(String, String)>, Failure> {
    const STAFF: [(&str, Role); 6] = [
        ("officer", Role::Officer),
        ("officer-2", Role::Officer),
        ("supervisor", Role::Supervisor),
        ("manager", Role::Manager),
        ("auditor", Role::Auditor),
        ("admin", Role::Admin),
    ];
    let mut links = Vec::new();
    let (members, _) = directory(service.store.as_ref()).await.map_err(refused)?;
    for (name, role) in STAFF {
        if members.iter().all(|it| it.name != name) {
            let member = Member { name: name.to_owned(), role, queues: Vec::new() };
            enrol(service.store.as_ref(), &member, &queues(), BY, service.clock.now()).await.map_err(refused)?;
        }
        links.push((name.to_owned(), link(service, name).await?));
    }
    Ok(links)
}

//! `hearth token`.

use clap::{Args, Subcommand};
use hearth_events::Role;
use serde::Serialize;

use super::output::{say, say_json};
use super::staff::refused;
use super::{Common, Failure};
use crate::access;

/// Issues, lists and revokes bearer tokens.
#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Issues a token and prints it, for the only time.
    Create {
        /// submitter, officer, supervisor, auditor, manager or admin.
        #[arg(long)]
        role: Role,
        /// What the token is called.
        #[arg(long)]
        name: String,
    },
    /// Lists every token there has been.
    List,
    /// No longer accepts a token.
    Revoke {
        /// What the token is called.
        #[arg(long)]
        name: String,
    },
}

#[derive(Serialize)]
struct Created {
    name: String,
    role: Role,
    token: String,
}

pub(super) async fn run(common: &Common, args: Token) -> Result<(), Failure> {
    let service = common.open_or_make().await?;
    let store = service.store.as_ref();
    let now = service.clock.now();
    match args.action {
        Action::Create { role, name } => {
            let token = access::issue(store, role, &name, now).await.map_err(refused)?;
            if common.json { say_json(&Created { name, role, token }) } else { say(&token) }
        }
        Action::List => {
            let entries = access::list(store).await.map_err(refused)?;
            if common.json {
                return say_json(&entries);
            }
            for it in entries {
                let state = if it.revoked_at.is_some() { "revoked" } else { "in use" };
                say(&format!("{:<24} {:<11} {state}", it.name, it.role.as_str()))?;
            }
            Ok(())
        }
        Action::Revoke { name } => {
            access::revoke(store, &name, now).await.map_err(refused)?;
            say(&format!("{name} is no longer accepted"))
        }
    }
}

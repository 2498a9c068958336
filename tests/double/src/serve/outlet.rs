//! Where a read puts its messages: to the client, unless a fault comes between.

use std::time::Duration;

use tokio::sync::mpsc;
use tonic::Status;

use super::Node;
use crate::faults::{Fault, Rule};
use crate::listen::Connection;
use crate::store::Record;
use crate::wire::streams::ReadResponse;
use crate::wire::streams::read_response::Content;
use crate::wire::{self, IdForm};

/// How long messages get to leave before their connection is dropped.
const LEAVING: Duration = Duration::from_millis(30);

/// The read is over: the client has gone, or a fault has ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Over;

pub(super) type Sent = Result<(), Over>;

pub(super) struct Outlet {
    pub(super) sender: mpsc::Sender<Result<ReadResponse, Status>>,
    pub(super) node: Node,
    pub(super) connection: Connection,
    /// The fault, and the generation of rules it is from.
    pub(super) rule: Option<(Rule, u64)>,
    pub(super) sent: u64,
    pub(super) form: IdForm,
}

impl Outlet {
    pub(super) async fn event(&mut self, record: &Record) -> Sent {
        let event = wire::event(record, self.form);
        self.send(Content::Event(event)).await
    }

    /// Sends a message; faults come before the first and after each.
    pub(super) async fn send(&mut self, content: Content) -> Sent {
        if self.sent == 0 {
            self.fault().await?;
        }
        if let Some((rule, _)) = self.rule.as_ref().filter(|(rule, _)| rule.fault == Fault::Slow) {
            tokio::time::sleep(Duration::from_millis(rule.ms)).await;
        }
        self.sender.send(Ok(ReadResponse { content: Some(content) })).await.map_err(|_| Over)?;
        self.sent += 1;
        self.fault().await
    }

    /// Ends the read with a refusal.
    pub(super) async fn refuse(&mut self, status: Status) -> Sent {
        // A client that has gone hears nothing.
        drop(self.sender.send(Err(status)).await);
        Err(Over)
    }

    /// Waits until the client goes.
    pub(super) async fn gone(&self) {
        self.sender.closed().await;
    }

    async fn fault(&mut self) -> Sent {
        let due = self.rule.take_if(|(rule, _)| rule.after == self.sent && rule.fault != Fault::Slow);
        let Some((rule, generation)) = due else { return Ok(()) };
        match rule.fault {
            Fault::Unavailable | Fault::Internal | Fault::Aborted | Fault::Deadline | Fault::NotLeader => {
                let status = self.node.status(rule.fault);
                self.refuse(status).await
            }
            Fault::EndOk => Err(Over),
            Fault::Cut => {
                tokio::time::sleep(LEAVING).await;
                match self.connection.cut().await {}
            }
            Fault::Hang => {
                tokio::select! {
                    () = self.node.server.faults.replaced(generation) => Ok(()),
                    () = self.gone() => Err(Over),
                }
            }
            // Of a write only.
            Fault::LoseReply | Fault::Conflict | Fault::Slow => Ok(()),
        }
    }
}

//! What a node answers: the services of the protocol, plain HTTP beside them, and a test's wishes.

#![expect(clippy::result_large_err, reason = "the traits of the services return this error")]

mod batch;
mod cluster;
mod control;
mod info;
mod outlet;
mod read;
mod subscribe;
mod write;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use crate::failure;
use crate::faults::{Competitor, Fault, Rpc, Rule};
use crate::listen::Connection;
use crate::server::Server;
use crate::store::{Expected, Proposed, Refusal, Store};
use crate::wire::gossip::gossip_server::GossipServer;
use crate::wire::server_features::server_features_server::ServerFeaturesServer;
use crate::wire::streams;
use crate::wire::streams::streams_server::{Streams, StreamsServer};

/// The most that one message may hold; the limit on an append is another, and smaller.
const LARGEST_MESSAGE: usize = 64 * 1024 * 1024;

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A node, as a call sees it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    server: Arc<Server>,
    index: usize,
}

/// Who calls, and how.
#[derive(Debug, Clone)]
struct Caller {
    writes: bool,
    requires_leader: bool,
    connection: Connection,
}

/// Everything that a node answers on its port.
pub(crate) fn routes(server: Arc<Server>, index: usize) -> Router {
    let node = Node { server, index };
    let streams = StreamsServer::new(node.clone()).max_decoding_message_size(LARGEST_MESSAGE);
    let services = Routes::new(streams)
        .add_service(GossipServer::new(node.clone()))
        .add_service(ServerFeaturesServer::new(node.clone()));
    services.into_axum_router().merge(info::routes(node.clone())).merge(control::routes(node))
}

#[tonic::async_trait]
impl Streams for Node {
    type ReadStream = Answers<streams::ReadResponse>;
    type BatchAppendStream = Answers<streams::BatchResponse>;

    async fn read(&self, request: Request<streams::ReadRequest>) -> Result<Response<Self::ReadStream>, Status> {
        read::read(self, request)
    }

    async fn append(
        &self,
        request: Request<Streaming<streams::AppendRequest>>,
    ) -> Result<Response<streams::AppendResponse>, Status> {
        write::append(self, request).await
    }

    async fn delete(
        &self,
        request: Request<streams::DeleteRequest>,
    ) -> Result<Response<streams::DeleteResponse>, Status> {
        write::delete(self, Rpc::Delete, request).await
    }

    async fn tombstone(
        &self,
        request: Request<streams::DeleteRequest>,
    ) -> Result<Response<streams::DeleteResponse>, Status> {
        write::delete(self, Rpc::Tombstone, request).await
    }

    async fn batch_append(
        &self,
        request: Request<Streaming<streams::BatchRequest>>,
    ) -> Result<Response<Self::BatchAppendStream>, Status> {
        batch::batch_append(self, request)
    }
}

impl Node {
    /// Counts the call and looks who it is.
    fn caller<T>(&self, rpc: Rpc, request: &Request<T>) -> Result<Caller, Status> {
        self.server.count(rpc);
        let header = |name: &str| request.metadata().get(name).and_then(|it| it.to_str().ok());
        let user = self.server.user(header("authorization"));
        let user = user.ok_or_else(|| Status::unauthenticated("Unauthenticated"))?;
        let requires_leader = header("requires-leader").is_some_and(|it| it.eq_ignore_ascii_case("true"));
        let connection = request.extensions().get::<Connection>().cloned().unwrap_or_default();
        Ok(Caller { writes: user.writes, requires_leader, connection })
    }

    /// Whether the call may be answered here, as far as leading goes.
    fn led(&self, caller: &Caller, write: bool) -> Result<(), Status> {
        let needed = write || caller.requires_leader;
        if !needed || self.server.nodes.leads(self.index) {
            return Ok(());
        }
        match self.server.nodes.leader() {
            Some((leader, _)) if caller.requires_leader => {
                Err(failure::not_leader(&leader.ip().to_string(), leader.port()))
            }
            // Forwarding is writing, as the log is one.
            Some((_, true)) => Ok(()),
            Some((_, false)) | None => Err(Status::unavailable("Server Is Not Ready")),
        }
    }

    /// Before a write: the fault it meets, if what is left of it comes later.
    async fn meet(&self, rpc: Rpc, stream: &str, caller: &Caller) -> Result<Option<Rule>, Status> {
        let faults = &self.server.faults;
        let generation = faults.generation();
        let Some(rule) = faults.meet(rpc, stream) else { return Ok(None) };
        match rule.fault {
            Fault::Unavailable | Fault::Internal | Fault::Aborted | Fault::Deadline | Fault::NotLeader => {
                Err(self.status(rule.fault))
            }
            Fault::Hang => {
                faults.replaced(generation).await;
                Ok(None)
            }
            Fault::Cut if rule.after == 0 => match caller.connection.cut().await {},
            Fault::Conflict => {
                self.compete(stream, rule.event.as_ref());
                Ok(None)
            }
            Fault::Slow | Fault::LoseReply | Fault::Cut | Fault::EndOk => Ok(Some(rule)),
        }
    }

    /// Writes to the log, after the wait of a slow call even if the client does not wait for it.
    async fn write<T: Send + 'static>(
        &self,
        rule: Option<&Rule>,
        work: impl FnOnce(&Store) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<Result<T, Refusal>, Status> {
        let slow = rule.filter(|it| it.fault == Fault::Slow);
        let done = match slow {
            None => work(&self.server.store),
            Some(rule) => {
                let (server, wait) = (Arc::clone(&self.server), Duration::from_millis(rule.ms));
                let late = tokio::spawn(async move {
                    tokio::time::sleep(wait).await;
                    work(&server.store)
                });
                late.await.map_err(|error| Status::internal(error.to_string()))?
            }
        };
        if done.is_ok() {
            self.server.noise_after_write();
        }
        Ok(done)
    }

    /// After a write: what is left of the fault.
    async fn lose(&self, rule: Option<&Rule>, caller: &Caller) -> Result<(), Status> {
        let Some(rule) = rule else { return Ok(()) };
        if rule.fault == Fault::Cut {
            match caller.connection.cut().await {}
        }
        if rule.fault == Fault::LoseReply { Err(Status::unavailable("the reply was lost")) } else { Ok(()) }
    }

    /// What a fault answers that is a status.
    fn status(&self, fault: Fault) -> Status {
        match fault {
            Fault::Internal => Status::internal("an internal error was asked for"),
            Fault::Aborted => Status::aborted("Operation timed out"),
            Fault::Deadline => Status::deadline_exceeded("Deadline Exceeded"),
            Fault::NotLeader => {
                let leader = self.server.nodes.leader().map(|(leader, _)| leader);
                let leader = leader.or_else(|| self.server.nodes.get(self.index).map(|it| it.address));
                leader.map_or_else(
                    || Status::unknown("No leader info available in response"),
                    |it| failure::not_leader(&it.ip().to_string(), it.port()),
                )
            }
            Fault::Unavailable
            | Fault::LoseReply
            | Fault::Hang
            | Fault::EndOk
            | Fault::Cut
            | Fault::Slow
            | Fault::Conflict => Status::unavailable("unavailability was asked for"),
        }
    }

    /// Writes to the stream as somebody else.
    fn compete(&self, stream: &str, event: Option<&Competitor>) {
        let kind = event.map_or_else(|| "somebody-else-was-here".to_owned(), |it| it.kind.clone());
        let text = |it: Option<&serde_json::Value>| {
            it.filter(|it| !it.is_null()).map(|it| Bytes::from(it.to_string())).unwrap_or_default()
        };
        let data = event.map_or_else(|| Bytes::from_static(b"{}"), |it| text(Some(&it.data)));
        let metadata = text(event.map(|it| &it.metadata));
        let content_type = "application/json".to_owned();
        let proposed = Proposed { id: Uuid::new_v4(), kind, content_type, data, metadata };
        // To a stream that is deleted nobody writes.
        drop(self.server.store.append(stream, Expected::Any, &[proposed]));
    }
}

/// What is sent into a channel, as a stream of answers.
fn answers<T: Send + 'static>(receiver: mpsc::Receiver<Result<T, Status>>) -> Answers<T> {
    Box::pin(stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|it| (it, receiver)) }))
}

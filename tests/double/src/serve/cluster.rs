//! What a client asks before anything else: who leads, and what the server can do. Neither needs a user.

use std::time::Duration;

use tonic::{Request, Response, Status};

use super::Node;
use crate::clock;
use crate::faults::{Fault, Rpc};
use crate::listen::Connection;
use crate::wire::gossip::gossip_server::Gossip;
use crate::wire::gossip::{EndPoint, Member, Members};
use crate::wire::server_features::server_features_server::ServerFeatures;
use crate::wire::server_features::{Method, Supported};
use crate::wire::{self, IdForm, Nothing};

const FOLLOWER: i32 = 6;
const LEADER: i32 = 8;

#[tonic::async_trait]
impl Gossip for Node {
    async fn read(&self, request: Request<Nothing>) -> Result<Response<Members>, Status> {
        self.before(Rpc::Gossip, &request).await?;
        // The wire has ticks of 100 ns since the year 1 here; nobody known reads them.
        let seen_at = i64::try_from(clock::ticks()).unwrap_or(i64::MAX);
        let member = |(node, rumour): (&crate::nodes::Node, crate::nodes::Rumour)| Member {
            instance: Some(wire::id(node.instance, IdForm::Halves)),
            seen_at,
            state: if rumour.leads { LEADER } else { FOLLOWER },
            is_alive: rumour.alive,
            end_point: Some(EndPoint { address: node.address.ip().to_string(), port: node.address.port().into() }),
        };
        let members = self.server.nodes.gossip().into_iter().map(member).collect();
        Ok(Response::new(Members { members }))
    }
}

#[tonic::async_trait]
impl ServerFeatures for Node {
    async fn get_supported_methods(&self, request: Request<Nothing>) -> Result<Response<Supported>, Status> {
        self.before(Rpc::Features, &request).await?;
        if !self.server.version.has_features() {
            return Err(Status::unimplemented("this version has no ServerFeatures"));
        }
        let method = |service: &str, method: &str, features: &[&str]| Method {
            method: method.to_owned(),
            service: format!("event_store.client.{service}"),
            features: features.iter().map(|it| (*it).to_owned()).collect(),
        };
        let streams = "streams.streams";
        let methods = vec![
            method(streams, "read", &["position", "events"]),
            method(streams, "append", &[]),
            method(streams, "delete", &[]),
            method(streams, "tombstone", &[]),
            method(streams, "batchappend", &["deadline_duration"]),
            method("gossip.gossip", "read", &[]),
            method("server_features.serverfeatures", "getsupportedmethods", &[]),
        ];
        Ok(Response::new(Supported { methods, version: self.server.version.to_string() }))
    }
}

impl Node {
    /// Counts the call and lets it meet its fault.
    async fn before(&self, rpc: Rpc, request: &Request<Nothing>) -> Result<(), Status> {
        self.server.count(rpc);
        let faults = &self.server.faults;
        let generation = faults.generation();
        let Some(rule) = faults.meet(rpc, "") else { return Ok(()) };
        match rule.fault {
            Fault::Slow => tokio::time::sleep(Duration::from_millis(rule.ms)).await,
            Fault::Hang => faults.replaced(generation).await,
            Fault::Cut => {
                let connection = request.extensions().get::<Connection>().cloned().unwrap_or_default();
                match connection.cut().await {}
            }
            // There is no write to conflict with and no stream to end.
            Fault::Conflict | Fault::EndOk => {}
            Fault::Unavailable
            | Fault::Internal
            | Fault::Aborted
            | Fault::Deadline
            | Fault::NotLeader
            | Fault::LoseReply => return Err(self.status(rule.fault)),
        }
        Ok(())
    }
}

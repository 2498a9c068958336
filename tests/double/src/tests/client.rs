//! A client as small as it can be.

use std::net::SocketAddr;
use std::time::Duration;

use http::uri::PathAndQuery;
use prost::Message;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::client::Grpc;
use tonic::codec::ProstCodec;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use crate::wire::streams::read_response::Content;
use crate::wire::streams::{self, append_request, append_response};
use crate::wire::{self, IdForm, Nothing, Proposal, WriteOptions, write_options};
use crate::{Double, Options};

/// Longer than anything here takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn double(options: Options) -> (Double, Client) {
    let double = Double::start(options).await.unwrap();
    let client = Client::of(double.addresses()[0]);
    (double, client)
}

#[derive(Clone)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
    channel: Channel,
    headers: Vec<(&'static str, String)>,
}

impl Client {
    pub(super) fn of(address: SocketAddr) -> Self {
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        Self { address, channel, headers: Vec::new() }
    }

    pub(super) fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.push((header, value.to_owned()));
        self
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        for (key, value) in &self.headers {
            request.metadata_mut().insert(*key, value.parse().unwrap());
        }
        request
    }

    async fn ready(&self) -> Result<Grpc<Channel>, Status> {
        let mut client = Grpc::new(self.channel.clone());
        client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        Ok(client)
    }

    pub(super) async fn ask<Q, A>(&self, path: &'static str, message: Q) -> Result<A, Status>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let path = PathAndQuery::from_static(path);
        let codec = ProstCodec::<Q, A>::default();
        self.ready().await?.unary(self.request(message), path, codec).await.map(Response::into_inner)
    }

    /// Appends one event of a fresh id.
    pub(super) async fn append(&self, stream: &str, expected: Option<u64>) -> Result<append_response::Result, Status> {
        self.append_as(stream, expected, Uuid::new_v4(), 2).await
    }

    pub(super) async fn append_as(
        &self,
        stream: &str,
        expected: Option<u64>,
        id: Uuid,
        size: usize,
    ) -> Result<append_response::Result, Status> {
        let nothing = write_options::Expected::NoStream(Nothing {});
        let options = WriteOptions {
            stream: Some(wire::stream_name(stream)),
            expected: Some(expected.map_or(nothing, write_options::Expected::Revision)),
            ..WriteOptions::default()
        };
        let metadata = [("type", "thing-happened"), ("content-type", "application/json")];
        let proposal = Proposal {
            id: Some(wire::id(id, IdForm::Text)),
            metadata: metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            data: vec![b'1'; size].into(),
            ..Proposal::default()
        };
        let contents = [append_request::Content::Options(options), append_request::Content::Proposal(proposal)];
        let messages = contents.map(|it| streams::AppendRequest { content: Some(it) });
        let path = PathAndQuery::from_static("/event_store.client.streams.Streams/Append");
        let codec = ProstCodec::<_, streams::AppendResponse>::default();
        let request = self.request(futures_util::stream::iter(messages));
        let answer = self.ready().await?.client_streaming(request, path, codec).await?;
        Ok(answer.into_inner().result.unwrap())
    }

    pub(super) async fn read(&self, options: streams::ReadOptions) -> Result<Streaming<streams::ReadResponse>, Status> {
        let path = PathAndQuery::from_static("/event_store.client.streams.Streams/Read");
        let request = self.request(streams::ReadRequest { options: Some(options) });
        let codec = ProstCodec::<_, streams::ReadResponse>::default();
        self.ready().await?.server_streaming(request, path, codec).await.map(Response::into_inner)
    }

    /// The revisions in a stream and how the read of it ended.
    pub(super) async fn revisions(&self, stream: &str) -> (Vec<u64>, Result<(), Status>) {
        let mut revisions = Vec::new();
        let mut messages = match self.read(reading(stream)).await {
            Ok(messages) => messages,
            Err(status) => return (revisions, Err(status)),
        };
        loop {
            match messages.message().await {
                Ok(Some(message)) => revisions.extend(revision(&message)),
                Ok(None) => return (revisions, Ok(())),
                Err(status) => return (revisions, Err(status)),
            }
        }
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.http("POST", path, &body.to_string()).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.http("GET", path, "").await.unwrap();
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// The status and body of a plain HTTP/1 request.
    pub(super) async fn http(&self, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(self.address).await?;
        let headers: Vec<String> = self.headers.iter().map(|(key, value)| format!("{key}: {value}\r\n")).collect();
        let (headers, length) = (headers.concat(), body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: double\r\nconnection: close\r\n{headers}\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Ok((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()))
    }
}

/// The whole of a stream.
pub(super) fn reading(stream: &str) -> streams::ReadOptions {
    let from = Some(streams::one_stream::From::Start(Nothing {}));
    let stream = Some(wire::stream_name(stream));
    streams::ReadOptions {
        what: Some(streams::read_options::What::Stream(streams::OneStream { stream, from })),
        extent: Some(streams::read_options::Extent::Count(u64::MAX)),
        filtering: Some(streams::read_options::Filtering::NoFilter(Nothing {})),
        ..streams::ReadOptions::default()
    }
}

/// The whole of a stream and what comes.
pub(super) fn following(stream: &str) -> streams::ReadOptions {
    let extent = Some(streams::read_options::Extent::Subscription(Nothing {}));
    streams::ReadOptions { extent, ..reading(stream) }
}

pub(super) fn revision(message: &streams::ReadResponse) -> Option<u64> {
    let Content::Event(event) = message.content.as_ref()? else { return None };
    event.event.as_ref().map(|it| it.revision)
}

/// What a trailer says.
pub(super) fn trailer<'a>(status: &'a Status, key: &str) -> Option<&'a str> {
    status.metadata().get(key)?.to_str().ok()
}

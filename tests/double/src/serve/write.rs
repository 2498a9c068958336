//! Appending to a stream, deleting it, ending it.

use std::sync::atomic::Ordering;

use tonic::{Request, Response, Status, Streaming};

use super::Node;
use crate::failure;
use crate::faults::Rpc;
use crate::store::{Expected, Proposed, Refusal, Written};
use crate::wire::streams::{
    AppendRequest, AppendResponse, DeleteRequest, DeleteResponse, append_request, append_response, delete_response,
};
use crate::wire::{self, WriteOptions, WrittenMessage};

pub(super) async fn append(
    node: &Node,
    request: Request<Streaming<AppendRequest>>,
) -> Result<Response<AppendResponse>, Status> {
    let caller = node.caller(Rpc::Append, &request)?;
    let mut messages = request.into_inner();
    let (stream, expected) = target(options(messages.message().await?).as_ref())?;
    if !caller.writes {
        return Err(failure::access_denied());
    }
    let proposed = collect(messages, node.server.max_append_size).await?;
    node.led(&caller, true)?;
    let rule = node.meet(Rpc::Append, &stream, &caller).await?;
    let name = stream.clone();
    let done = node.write(rule.as_ref(), move |store| store.append(&name, expected, &proposed)).await?;
    node.lose(rule.as_ref(), &caller).await?;
    let result = match done {
        Ok(written) => append_response::Result::Written(answer(node, written)),
        Err(Refusal::WrongVersion { current }) => {
            append_response::Result::WrongVersion(failure::wrong_version(expected, current))
        }
        Err(Refusal::Deleted) => return Err(failure::stream_deleted(&stream)),
        Err(Refusal::Journal(error)) => return Err(Status::internal(error)),
    };
    Ok(Response::new(AppendResponse { result: Some(result) }))
}

/// Deletes a stream softly or ends it for good.
pub(super) async fn delete(
    node: &Node,
    rpc: Rpc,
    request: Request<DeleteRequest>,
) -> Result<Response<DeleteResponse>, Status> {
    let caller = node.caller(rpc, &request)?;
    let (stream, expected) = target(request.into_inner().options.as_ref())?;
    if !caller.writes {
        return Err(failure::access_denied());
    }
    node.led(&caller, true)?;
    let rule = node.meet(rpc, &stream, &caller).await?;
    let name = stream.clone();
    let for_good = rpc == Rpc::Tombstone;
    let done =
        node.write(rule.as_ref(), move |store| {
            if for_good { store.tombstone(&name, expected) } else { store.delete(&name, expected) }
        })
        .await?;
    node.lose(rule.as_ref(), &caller).await?;
    let position = done.map_err(|refusal| failure::not_deleted(&stream, expected, refusal))?;
    let position = delete_response::Position::Place(wire::place(position));
    Ok(Response::new(DeleteResponse { position: Some(position) }))
}

/// The answer to a write; that to a repeated one may be asked not to say where it lies.
pub(super) fn answer(node: &Node, written: Written) -> WrittenMessage {
    let with_position = !written.repeated || node.server.switches.idempotent_position.load(Ordering::Relaxed);
    wire::written(written, with_position)
}

/// The stream to be written to, and what it is taken to be.
pub(super) fn target(options: Option<&WriteOptions>) -> Result<(String, Expected), Status> {
    let options = options.ok_or_else(|| Status::invalid_argument("the options are missing"))?;
    let stream = wire::name(options.stream.as_ref());
    let stream = stream.ok_or_else(|| Status::invalid_argument("the name of the stream is missing"))?;
    let expected = wire::expected(options);
    let expected = expected.ok_or_else(|| Status::invalid_argument("the expected revision is missing"))?;
    Ok((stream, expected))
}

fn options(message: Option<AppendRequest>) -> Option<WriteOptions> {
    match message?.content? {
        append_request::Content::Options(options) => Some(options),
        append_request::Content::Proposal(_) => None,
    }
}

async fn collect(mut messages: Streaming<AppendRequest>, limit: usize) -> Result<Vec<Proposed>, Status> {
    let mut collected = Vec::new();
    let mut size = 0;
    while let Some(message) = messages.message().await? {
        let Some(append_request::Content::Proposal(proposal)) = message.content else {
            return Err(Status::invalid_argument("an event was expected"));
        };
        let proposed = wire::proposed(proposal).map_err(failure::missing_property)?;
        size += wire::size(&proposed);
        if size > limit {
            return Err(failure::too_large(limit));
        }
        collected.push(proposed);
    }
    Ok(collected)
}

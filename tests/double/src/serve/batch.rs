//! Many writes over one call, each answered under the id it came with.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use super::{Answers, Caller, Node, answers, write};
use crate::clock;
use crate::failure;
use crate::faults::Rpc;
use crate::store::{Expected, Proposed};
use crate::wire::streams::{BatchRequest, BatchResponse, batch_response};
use crate::wire::{self, Failure, IdForm, WriteOptions};

/// A write of which not all has come.
struct Pending {
    stream: String,
    expected: Expected,
    proposed: Vec<Proposed>,
    size: usize,
}

/// Why a write is not done: it alone, or the whole call is over.
enum Stop {
    Write(String, Failure),
    Call(Status),
}

struct Batch {
    node: Node,
    caller: Caller,
    pending: BTreeMap<Uuid, Pending>,
}

pub(super) fn batch_append(
    node: &Node,
    request: Request<Streaming<BatchRequest>>,
) -> Result<Response<Answers<BatchResponse>>, Status> {
    if !node.server.version.has_features() {
        return Err(Status::unimplemented("this version has no BatchAppend"));
    }
    let caller = node.caller(Rpc::Batch, &request)?;
    let (sender, receiver) = mpsc::channel(16);
    let batch = Batch { node: node.clone(), caller, pending: BTreeMap::new() };
    tokio::spawn(run(batch, request.into_inner(), sender));
    Ok(Response::new(answers(receiver)))
}

async fn run(
    mut batch: Batch,
    mut requests: Streaming<BatchRequest>,
    sender: mpsc::Sender<Result<BatchResponse, Status>>,
) {
    loop {
        let request = tokio::select! {
            request = requests.message() => request,
            () = sender.closed() => return,
        };
        let Ok(Some(request)) = request else { return };
        let correlation = wire::uuid(request.correlation.as_ref()).unwrap_or_default();
        let (answer, over) = match batch.take(correlation, request).await {
            Ok(None) => continue,
            Ok(Some(answer)) => (Ok(answer), false),
            Err(Stop::Write(stream, failure)) => {
                batch.pending.remove(&correlation);
                (Ok(response(correlation, &stream, batch_response::Result::Failure(failure))), false)
            }
            Err(Stop::Call(status)) => (Err(status), true),
        };
        if sender.send(answer).await.is_err() || over {
            return;
        }
    }
}

impl Batch {
    /// Takes a part of a write; the answer, if it was the last.
    async fn take(&mut self, correlation: Uuid, request: BatchRequest) -> Result<Option<BatchResponse>, Stop> {
        if let Some(options) = &request.options {
            self.begin(correlation, options)?;
        }
        let limit = self.node.server.max_append_size;
        // Parts of a write that was refused before go unanswered.
        let Some(pending) = self.pending.get_mut(&correlation) else { return Ok(None) };
        for proposal in request.proposals {
            let proposed = wire::proposed(proposal)
                .map_err(|missing| Stop::Write(pending.stream.clone(), failure::bad_request(missing)))?;
            pending.size += wire::size(&proposed);
            pending.proposed.push(proposed);
        }
        if pending.size > limit {
            return Err(Stop::Write(pending.stream.clone(), failure::exceeded(limit)));
        }
        match self.pending.remove(&correlation) {
            Some(pending) if request.is_final => self.write(correlation, pending).await.map(Some),
            Some(pending) => {
                self.pending.insert(correlation, pending);
                Ok(None)
            }
            None => Ok(None),
        }
    }

    fn begin(&mut self, correlation: Uuid, options: &WriteOptions) -> Result<(), Stop> {
        let (stream, expected) = write::target(Some(options))
            .map_err(|it| Stop::Write(String::new(), failure::bad_request(it.message())))?;
        if !self.caller.writes {
            return Err(Stop::Write(stream, failure::denied()));
        }
        if late(options) {
            return Err(Stop::Write(stream, failure::timed_out()));
        }
        let pending = Pending { stream, expected, proposed: Vec::new(), size: 0 };
        self.pending.entry(correlation).or_insert(pending);
        Ok(())
    }

    async fn write(&self, correlation: Uuid, pending: Pending) -> Result<BatchResponse, Stop> {
        let Pending { stream, expected, proposed, size: _ } = pending;
        let node = &self.node;
        node.led(&self.caller, true).map_err(Stop::Call)?;
        let rule = node.meet(Rpc::Batch, &stream, &self.caller).await.map_err(Stop::Call)?;
        let name = stream.clone();
        let done = node.write(rule.as_ref(), move |store| store.append(&name, expected, &proposed)).await;
        let done = done.map_err(Stop::Call)?;
        node.lose(rule.as_ref(), &self.caller).await.map_err(Stop::Call)?;
        let result = match done {
            Ok(written) => batch_response::Result::Written(write::answer(node, written)),
            Err(refusal) => batch_response::Result::Failure(failure::refused(&stream, expected, refusal)),
        };
        Ok(response(correlation, &stream, result))
    }
}

/// Whether the write was to be done before now.
fn late(options: &WriteOptions) -> bool {
    let nothing_left =
        options.deadline_in.as_ref().is_some_and(|it| it.seconds < 0 || (it.seconds == 0 && it.nanos <= 0));
    let past = options.deadline_at.as_ref().is_some_and(|it| {
        let at = Duration::new(u64::try_from(it.seconds).unwrap_or(0), u32::try_from(it.nanos).unwrap_or(0));
        at <= clock::since_epoch()
    });
    nothing_left || (options.deadline_in.is_none() && past)
}

fn response(correlation: Uuid, stream: &str, result: batch_response::Result) -> BatchResponse {
    BatchResponse {
        correlation: Some(wire::id(correlation, IdForm::Halves)),
        result: Some(result),
        stream: Some(wire::stream_name(stream)),
    }
}

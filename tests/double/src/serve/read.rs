//! Reading a stream or the log: what is asked for, and the reads that end.

use tokio::sync::mpsc;
use tonic::{Request, Response, Status};

use super::outlet::{Outlet, Sent};
use super::subscribe::{self, Checkpoints};
use super::{Answers, Node, answers};
use crate::failure;
use crate::faults::Rpc;
use crate::filter::Filter;
use crate::store::{Begin, Direction, StreamRead};
use crate::wire::streams::read_response::Content;
use crate::wire::streams::{
    NotFound, ReadOptions, ReadRequest, ReadResponse, filter, id_form, one_stream, read_options, whole_log,
};
use crate::wire::{self, IdForm};

/// The window of a filter that sets none.
const WINDOW: u32 = 32;

/// How many messages may wait for a client.
const WAITING: usize = 8;

/// What is asked for.
struct Wanted {
    of: Of,
    begin: Begin,
    direction: Direction,
    /// Absent for a subscription.
    count: Option<u64>,
    with_ends: bool,
}

enum Of {
    Stream(String),
    All { filter: Option<Filter>, checkpoints: Option<Checkpoints> },
}

pub(super) fn read(node: &Node, request: Request<ReadRequest>) -> Result<Response<Answers<ReadResponse>>, Status> {
    let missing = || Status::invalid_argument("the options are missing");
    let options = request.get_ref().options.clone().ok_or_else(missing)?;
    let subscribes = matches!(options.extent, Some(read_options::Extent::Subscription(_)));
    let rpc = if subscribes { Rpc::Subscribe } else { Rpc::Read };
    let caller = node.caller(rpc, &request)?;
    let form = form(&options);
    let wanted = wanted(options)?;
    node.led(&caller, false)?;
    if matches!(wanted.of, Of::All { .. }) && !node.server.store.is_place(wanted.begin) {
        return Err(Status::unknown("Unexpected ReadAllResult: InvalidPosition"));
    }
    let faults = &node.server.faults;
    let generation = faults.generation();
    let met = faults.meet(rpc, wanted.of.name());
    if let Some(rule) = met.as_ref().filter(|it| it.after == 0 && it.fault.is_status()) {
        return Err(node.status(rule.fault));
    }
    let (sender, receiver) = mpsc::channel(WAITING);
    let rule = met.map(|rule| (rule, generation));
    let mut outlet = Outlet { sender, node: node.clone(), connection: caller.connection, rule, sent: 0, form };
    tokio::spawn(async move {
        // However it ends, the channel closes with the outlet.
        let _: Sent = wanted.run(&mut outlet).await;
    });
    Ok(Response::new(answers(receiver)))
}

impl Of {
    fn name(&self) -> &str {
        match self {
            Self::Stream(name) => name,
            Self::All { .. } => "$all",
        }
    }
}

impl Wanted {
    async fn run(self, outlet: &mut Outlet) -> Sent {
        match (self.of, self.count) {
            (Of::Stream(name), Some(count)) => {
                let found = outlet.node.server.store.read_stream(&name, self.direction, self.begin, count);
                send_stream(outlet, &name, found, self.with_ends).await
            }
            (Of::All { filter, .. }, Some(count)) => {
                let found = outlet.node.server.store.read_all(self.direction, self.begin, count, filter.as_ref());
                for record in found {
                    outlet.event(&record).await?;
                }
                Ok(())
            }
            (Of::Stream(name), None) => subscribe::to_stream(outlet, &name, self.begin).await,
            (Of::All { filter, checkpoints }, None) => {
                subscribe::to_all(outlet, self.begin, filter.as_ref(), checkpoints).await
            }
        }
    }
}

async fn send_stream(outlet: &mut Outlet, name: &str, found: StreamRead, with_ends: bool) -> Sent {
    match found {
        StreamRead::NotFound => {
            outlet.send(Content::NotFound(NotFound { stream: Some(wire::stream_name(name)) })).await
        }
        StreamRead::Deleted => outlet.refuse(failure::stream_deleted(name)).await,
        StreamRead::Found { records, first, last } => {
            if let Some(first) = first.filter(|_| with_ends) {
                outlet.send(Content::FirstRevision(first)).await?;
            }
            for record in records {
                outlet.event(&record).await?;
            }
            if with_ends {
                outlet.send(Content::LastRevision(last)).await?;
            }
            Ok(())
        }
    }
}

fn form(options: &ReadOptions) -> IdForm {
    match options.id_form.and_then(|it| it.form) {
        Some(id_form::Form::Text(_)) => IdForm::Text,
        Some(id_form::Form::Halves(_)) | None => IdForm::Halves,
    }
}

fn wanted(options: ReadOptions) -> Result<Wanted, Status> {
    let direction = match options.direction {
        0 => Direction::Forwards,
        1 => Direction::Backwards,
        _ => return Err(invalid("neither forwards nor backwards")),
    };
    let count = match options.extent.ok_or_else(|| invalid("neither a count nor a subscription"))? {
        read_options::Extent::Count(count) => Some(count),
        read_options::Extent::Subscription(_) => None,
    };
    if count.is_none() && direction == Direction::Backwards {
        return Err(invalid("a subscription runs forwards"));
    }
    let filtering = options.filtering.ok_or_else(|| invalid("neither a filter nor none"))?;
    let (of, begin) = match options.what.ok_or_else(|| invalid("neither a stream nor the log"))? {
        read_options::What::Stream(stream) => {
            if matches!(filtering, read_options::Filtering::Filter(_)) {
                return Err(invalid("a stream is not filtered"));
            }
            let name =
                wire::name(stream.stream.as_ref()).ok_or_else(|| invalid("the name of the stream is missing"))?;
            let begin = match stream.from.ok_or_else(|| invalid("no place to begin at"))? {
                one_stream::From::Revision(revision) => Begin::At(revision),
                one_stream::From::Start(_) => Begin::Start,
                one_stream::From::End(_) => Begin::End,
            };
            (Of::Stream(name), begin)
        }
        read_options::What::All(log) => {
            let begin = match log.from.ok_or_else(|| invalid("no place to begin at"))? {
                whole_log::From::Place(place) => Begin::At(place.commit),
                whole_log::From::Start(_) => Begin::Start,
                whole_log::From::End(_) => Begin::End,
            };
            (all(filtering)?, begin)
        }
    };
    let with_ends = options.control.is_some_and(|it| it.compatibility >= 1);
    Ok(Wanted { of, begin, direction, count, with_ends })
}

fn invalid(message: &str) -> Status {
    Status::invalid_argument(message)
}

fn all(filtering: read_options::Filtering) -> Result<Of, Status> {
    let of = match filtering {
        read_options::Filtering::NoFilter(_) => return Ok(Of::All { filter: None, checkpoints: None }),
        read_options::Filtering::Filter(of) => of,
    };
    let filter = Filter::of(&of).map_err(Status::invalid_argument)?;
    let window = match of.window {
        Some(filter::Window::Max(window)) => window,
        Some(filter::Window::Unlimited(_)) | None => WINDOW,
    };
    let checkpoints = Checkpoints::every(u64::from(window) * u64::from(of.checkpoint_interval));
    Ok(Of::All { filter: Some(filter), checkpoints })
}

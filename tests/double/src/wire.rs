//! The types of the protocol, and what they are made of and turned into.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::store::{Expected, Proposed, Record, Written};

pub(crate) use self::client::{gossip, server_features, streams};

/// Made by `build.rs` from `proto/`, one module for each package.
#[expect(
    unreachable_pub,
    unused_qualifications,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::pedantic,
    reason = "written by a generator"
)]
mod client {
    tonic::include_proto!("event_store.client");
    pub mod streams {
        tonic::include_proto!("event_store.client.streams");
    }
    pub mod gossip {
        tonic::include_proto!("event_store.client.gossip");
    }
    pub mod server_features {
        tonic::include_proto!("event_store.client.server_features");
    }
}

pub(crate) use self::client::Written as WrittenMessage;
pub(crate) use self::client::{
    BadRequestDetail, DeletedDetail, Failure, Halves, Id, Nothing, Place, Proposal, StreamName, TooLargeDetail,
    WriteOptions, WrongVersionDetail, id, write_options, written, wrong_version_detail,
};

/// What a write must say about each event.
pub(crate) const REQUIRED: [&str; 2] = ["type", "content-type"];

/// How a reader wants ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdForm {
    Halves,
    Text,
}

pub(crate) fn stream_name(name: &str) -> StreamName {
    StreamName { name: name.to_owned().into() }
}

/// The text of a name; what is not UTF-8 is nobody's stream.
pub(crate) fn name(of: Option<&StreamName>) -> Option<String> {
    String::from_utf8(of?.name.to_vec()).ok().filter(|it| !it.is_empty())
}

pub(crate) fn place(position: u64) -> Place {
    Place { commit: position, prepare: position }
}

pub(crate) fn id(of: Uuid, form: IdForm) -> Id {
    let form = match form {
        IdForm::Text => id::Form::Text(of.to_string()),
        IdForm::Halves => {
            let (most, least) = of.as_u64_pair();
            id::Form::Halves(Halves { most: most.cast_signed(), least: least.cast_signed() })
        }
    };
    Id { form: Some(form) }
}

pub(crate) fn uuid(of: Option<&Id>) -> Option<Uuid> {
    match of?.form.as_ref()? {
        id::Form::Text(text) => Uuid::parse_str(text).ok(),
        id::Form::Halves(Halves { most, least }) => {
            Some(Uuid::from_u64_pair(most.cast_unsigned(), least.cast_unsigned()))
        }
    }
}

pub(crate) fn expected(options: &WriteOptions) -> Option<Expected> {
    Some(match options.expected.as_ref()? {
        write_options::Expected::Revision(revision) => Expected::Exact(*revision),
        write_options::Expected::NoStream(_) => Expected::NoStream,
        write_options::Expected::Any(_) => Expected::Any,
        write_options::Expected::StreamExists(_) => Expected::StreamExists,
    })
}

/// An event to be written; the error is the property that is missing.
pub(crate) fn proposed(proposal: Proposal) -> Result<Proposed, &'static str> {
    let Proposal { id, mut metadata, custom_metadata, data } = proposal;
    let mut take = |key: &'static str| metadata.remove(key).ok_or(key);
    let [kind, content_type] = REQUIRED;
    let (kind, content_type) = (take(kind)?, take(content_type)?);
    let id = uuid(id.as_ref()).unwrap_or_else(Uuid::new_v4);
    Ok(Proposed { id, kind, content_type, data, metadata: custom_metadata })
}

/// What counts against the limit on a write.
pub(crate) fn size(proposed: &Proposed) -> usize {
    proposed.data.len() + proposed.metadata.len() + 2 * proposed.kind.len()
}

pub(crate) fn written(write: Written, with_position: bool) -> WrittenMessage {
    let last = write.last.map_or(written::Last::NoStream(Nothing {}), written::Last::Revision);
    let position = write.position.filter(|_| with_position);
    let position = position.map_or(written::Position::NoPlace(Nothing {}), |it| written::Position::Place(place(it)));
    WrittenMessage { last: Some(last), position: Some(position) }
}

pub(crate) fn event(record: &Record, form: IdForm) -> streams::ReadEvent {
    let metadata = BTreeMap::from([
        ("type".to_owned(), record.kind.clone()),
        ("content-type".to_owned(), record.content_type.clone()),
        ("created".to_owned(), record.created.to_string()),
    ]);
    let recorded = streams::Recorded {
        id: Some(id(record.id, form)),
        stream: Some(stream_name(&record.stream)),
        revision: record.revision,
        prepare: record.position,
        commit: record.position,
        metadata,
        custom_metadata: record.metadata.clone(),
        data: record.data.clone(),
    };
    let position = Some(streams::read_event::Position::Commit(record.position));
    streams::ReadEvent { event: Some(recorded), link: None, position }
}

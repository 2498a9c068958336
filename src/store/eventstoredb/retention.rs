//! The metadata of a stream: how long the server keeps its events.
//!
//! The client writes ages in milliseconds where the server reads seconds, and panics over a stream without metadata; so
//! metadata is written and read here as the plain events they are.

use std::time::Duration;

use serde_json::{Map, Value};

use super::super::StoreError;
use super::EventStoreDb;
use super::client::{At, append_options, es};
use super::reading::backwards;

const MAX_AGE: &str = "$maxAge";

impl EventStoreDb {
    /// Lets the server forget events of a stream once they are this old, in whole seconds; what else its metadata says
    /// stays as it is. For streams that are no part of the log.
    ///
    /// # Errors
    /// As an append; [`StoreError::Conflict`] when somebody else wrote the metadata in the meantime.
    pub async fn keep_for(&self, stream: &str, age: Duration) -> Result<(), StoreError> {
        let (at, mut metadata) = self.metadata(stream).await?;
        metadata.insert(MAX_AGE.to_owned(), age.as_secs().into());
        let wrong = |error: serde_json::Error| StoreError::Wrong(error.to_string());
        let metadata = Value::Object(metadata);
        let id = uuid_of(stream, at, &metadata);
        let event = es::EventData::json("$metadata", &metadata).map_err(wrong)?.id(id);
        let server = &self.server;
        let options = append_options(at);
        let name = metastream(stream);
        server
            .again(move |client| {
                let (name, options, event) = (name.clone(), options.clone(), event.clone());
                async move { client.append_to_stream(name, &options, event).await }
            })
            .await?;
        Ok(())
    }

    /// How long the server keeps the events of a stream; none where it keeps them for ever.
    ///
    /// # Errors
    /// When the server cannot be read.
    pub async fn kept_for(&self, stream: &str) -> Result<Option<Duration>, StoreError> {
        let (_, metadata) = self.metadata(stream).await?;
        Ok(metadata.get(MAX_AGE).and_then(Value::as_u64).map(Duration::from_secs))
    }

    /// The metadata of a stream and where the next would be written; empty where there is none.
    async fn metadata(&self, stream: &str) -> Result<(At, Map<String, Value>), StoreError> {
        let records = backwards(&self.server, &metastream(stream), None, 1).await?.unwrap_or_default();
        let Some(last) = records.first() else { return Ok((At::NoStream, Map::new())) };
        let metadata = serde_json::from_slice(&last.data)
            .map_err(|_| StoreError::Wrong(format!("the metadata of stream {stream} is not a JSON object")))?;
        Ok((At::Revision(last.revision), metadata))
    }
}

fn metastream(stream: &str) -> String {
    format!("$${stream}")
}

/// The same try again is the same write.
fn uuid_of(stream: &str, at: At, metadata: &Value) -> uuid::Uuid {
    let (at, metadata) = (at.first().to_string(), metadata.to_string());
    let id = hearth_events::EventId::derived(&["metadata", stream, &at, &metadata]);
    id.to_string().parse().unwrap_or_default()
}

//! The client's calls by the names of their operations.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k6_cloud::{Client, Error, RowStream, Script};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The values of a request's parameters, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values(BTreeMap<String, String>);

impl Values {
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.insert(name.to_owned(), value.to_string());
        self
    }

    pub(crate) fn string(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.parse().ok()
    }

    fn boolean(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.parse().ok()
    }

    fn integers(&self, name: &str) -> Option<Vec<i64>> {
        self.0.get(name)?.split(',').map(|number| number.parse().ok()).collect()
    }

    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        self.0.get(name)?.parse().ok()
    }
}

/// What the client made of a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decoded {
    /// A value, encoded again.
    Json(Value),
    /// The bytes of a script.
    Bytes(Vec<u8>),
}

fn encoded<T: Serialize>(sent: Result<T, Error>) -> Result<Decoded, Error> {
    // A value that cannot be encoded is null, and so differs from what the service sent.
    sent.map(|value| Decoded::Json(serde_json::to_value(value).unwrap_or_default()))
}

fn script(sent: Result<Script, Error>) -> Result<Decoded, Error> {
    sent.map(|script| Decoded::Bytes(script.as_bytes().to_vec()))
}

async fn collected<T: Serialize + DeserializeOwned + Send + 'static>(
    mut stream: RowStream<T>,
    cap: usize,
) -> Result<Vec<Value>, Error> {
    let mut rows = Vec::new();
    while rows.len() < cap
        && let Some(row) = stream.try_next().await?
    {
        rows.push(serde_json::to_value(row).unwrap_or_default());
    }
    Ok(rows)
}

include!(concat!(env!("OUT_DIR"), "/calls.rs"));

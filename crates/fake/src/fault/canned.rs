//! Responses that a test writes.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::effect::Replacement;
use super::{Effect, Injection, RequestRule};

/// A response that your test writes, to put into a fake with
/// [`FakeCloud::respond`](crate::FakeCloud::respond). The request does not take effect.
///
/// By default it is the response to every request. [`on`](Self::on) restricts it to one operation,
/// [`nth`](Self::nth) and [`first`](Self::first) to some of the requests. For responses that fail
/// there is [`Fault`](crate::Fault).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{CannedResponse, FakeCloud};
/// use serde_json::json;
///
/// let fake = FakeCloud::start().await?;
/// fake.respond(CannedResponse::json(200, &json!({ "value": [] })).on("list_load_zones"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a canned response does nothing until it is put into a fake"]
pub struct CannedResponse {
    replacement: Replacement,
    rule: RequestRule,
}

impl CannedResponse {
    /// Describes a response with a content type and a body. A status that is not from 100 to 999
    /// becomes 500.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let replacement = Replacement::new(status, Some(content_type), body.into());
        Self { replacement, rule: RequestRule::default() }
    }

    /// Describes a response with JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Describes a response without a body, such as 204.
    pub fn empty(status: u16) -> Self {
        let replacement = Replacement::new(status, None, Vec::new());
        Self { replacement, rule: RequestRule::default() }
    }

    /// Adds a header. A name or value that cannot be sent is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.replacement.add_header(name, value);
        self
    }

    /// Restricts the response to one operation, by the name of the client's method, such as
    /// `get_test_run`, or by its id in the published description, such as `test_runs_retrieve`.
    ///
    /// # Panics
    ///
    /// If the API has no such operation. The message has the nearest names.
    #[track_caller]
    pub fn on(mut self, operation: &str) -> Self {
        self.rule.set_operation(operation);
        self
    }

    /// Restricts the response to one of the requests, counted from 0.
    pub fn nth(mut self, number: u64) -> Self {
        self.rule.set_nth(number);
        self
    }

    /// Restricts the response to the first of the requests.
    pub fn first(mut self, times: u64) -> Self {
        self.rule.set_first(times);
        self
    }

    /// Lets the response begin this long after it is put into the fake, by the fake's clock.
    pub fn after(mut self, delay: Duration) -> Self {
        self.rule.set_after(delay);
        self
    }

    /// Ends the response this long after it began, by the fake's clock: an outage of ten minutes is
    /// `CannedResponse::empty(503).lasting(Duration::from_secs(600))`. By default it does not end.
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.rule.set_lasting(duration);
        self
    }

    pub(crate) fn into_injection(self, now: DateTime<Utc>) -> Injection {
        Injection::new(Effect::Replace(self.replacement), self.rule, now)
    }
}

//! Failures and canned responses of the fake.

mod canned;
mod effect;
mod rule;

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub use self::canned::CannedResponse;
pub(crate) use self::effect::Effect;
use self::effect::{CutPoint, Replacement};
pub use self::rule::Injected;
pub(crate) use self::rule::{Injection, RequestRule, find_operation};
use crate::error::service_code;
use crate::logs::{LogFault, OPERATION};

/// A failure of the fake, to put in with [`FakeCloud::inject`](crate::FakeCloud::inject).
///
/// By default it applies to every request. [`on`](Self::on) restricts it to one operation,
/// [`nth`](Self::nth) and [`first`](Self::first) to some of the requests, [`after`](Self::after) and
/// [`lasting`](Self::lasting) to some time.
///
/// A fault that replaces the response also prevents the effect of the request. A fault that
/// changes the response or cuts it off does not: the request takes effect, and the client cannot
/// know.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FakeCloud, Fault};
///
/// let fake = FakeCloud::start().await?;
/// let fault = fake.inject(Fault::status(503).on("get_test_run").first(2));
/// // The client now needs three attempts for a run, and `fault.fired()` becomes 2.
/// # assert_eq!(fault.fired(), 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    effect: Effect,
    rule: RequestRule,
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self { effect, rule: RequestRule::default() }
    }

    /// Closes the connection without a response. The request takes effect.
    pub fn close() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::Start, reset: false })
    }

    /// Resets the connection without a response. The request takes effect.
    pub fn reset() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::Start, reset: true })
    }

    /// Resets the connection after the headers of the response.
    pub fn reset_after_headers() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::AfterHead, reset: true })
    }

    /// Resets the connection in the middle of the response's body.
    pub fn reset_mid_body() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::MidBody, reset: true })
    }

    /// Closes the connection in the middle of a body with a `Content-Length`.
    pub fn truncate() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::MidBody, reset: false })
    }

    /// Closes the connection in the middle of a chunked body.
    pub fn truncate_chunks() -> Self {
        Self::new(Effect::CutOff { at: CutPoint::MidChunk, reset: false })
    }

    /// Responds with a status and an error in the API's form. Its code is the one that the service
    /// has for the status, unless you set another with [`code`](Self::code).
    pub fn status(status: u16) -> Self {
        let code = service_code(status);
        let body = json!({ "error": { "code": code, "message": "injected by a test" } });
        Self::response(status, "application/json", body.to_string())
    }

    /// Responds with a status, a content type and a body. A status that is not from 100 to 999
    /// becomes 500.
    pub fn response(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Effect::Replace(Replacement::new(status, Some(content_type), body.into())))
    }

    /// Responds with a status and a page of HTML, as a proxy does.
    pub fn html(status: u16) -> Self {
        Self::response(status, "text/html", "<html><body><h1>Bad day</h1></body></html>")
    }

    /// Responds with 200 and JSON that is cut off.
    pub fn invalid_json() -> Self {
        Self::response(200, "application/json", "{\"value\": [{\"id\": 1, ")
    }

    /// Responds with 204 and no body.
    pub fn no_content() -> Self {
        Self::new(Effect::Replace(Replacement::new(204, None, Vec::new())))
    }

    /// Responds with 429, and with this `Retry-After` header if there is one.
    pub fn rate_limited(retry_after: Option<&str>) -> Self {
        let fault = Self::status(429);
        match retry_after {
            Some(value) => fault.header("retry-after", value),
            None => fault,
        }
    }

    /// Redirects to an address with this status, such as 307.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::response(status, "text/plain", "").header("location", location)
    }

    /// Responds with 200 and this many spaces.
    pub fn oversized(bytes: usize) -> Self {
        Self::response(200, "application/json", vec![b' '; bytes])
    }

    /// Sends this many spaces before the JSON of the response, in chunks and without a
    /// `Content-Length`.
    pub fn padded(bytes: usize) -> Self {
        Self::new(Effect::Pad(bytes))
    }

    /// Delays the response, in real time.
    pub fn slow(delay: Duration) -> Self {
        Self::new(Effect::Slow { head: delay, piece: None })
    }

    /// Sends the body of the response in ten pieces with a pause before each, in real time.
    pub fn slow_body(pause: Duration) -> Self {
        Self::new(Effect::Slow { head: Duration::ZERO, piece: Some(pause) })
    }

    /// Changes the `Content-Type` header of the response, but not its body.
    pub fn content_type(content_type: &str) -> Self {
        let value = HeaderValue::from_str(content_type);
        Self::new(Effect::ContentType(value.unwrap_or(HeaderValue::from_static("text/plain"))))
    }

    /// Replaces the next link of a page.
    pub fn next_link(link: &str) -> Self {
        let link = link.to_owned();
        Self::edit_json(move |page| page["@nextLink"] = json!(link))
    }

    /// Removes the rows of a page and leaves the rest.
    pub fn empty_page() -> Self {
        Self::edit_json(|page| page["value"] = json!([]))
    }

    /// Adds this many runs that are older than all others before the request takes effect, so that
    /// the rows of a list shift while it is read.
    pub fn rows_arrive(rows: usize) -> Self {
        Self::new(Effect::AddRuns(rows))
    }

    /// Removes the oldest runs before the request takes effect.
    pub fn rows_vanish(rows: usize) -> Self {
        Self::new(Effect::RemoveRuns(rows))
    }

    fn of_logs(fault: LogFault) -> Self {
        Self::new(Effect::Logs(fault)).on(OPERATION)
    }

    /// Breaks the connection of the [logs](crate::FakeCloud::logs_url) after this many lines.
    pub fn logs_break_after(lines: usize) -> Self {
        Self::of_logs(LogFault { break_after: Some(lines), ..LogFault::default() })
    }

    /// Sends each line of the logs twice.
    pub fn logs_repeated() -> Self {
        Self::of_logs(LogFault { repeats: true, ..LogFault::default() })
    }

    /// Says after the first line of the logs that this many were left out.
    pub fn logs_dropped(lines: usize) -> Self {
        Self::of_logs(LogFault { dropped: lines, ..LogFault::default() })
    }

    /// Sends the lines of the logs with a pause before each, in real time.
    pub fn logs_slow(pause: Duration) -> Self {
        Self::of_logs(LogFault { pause, ..LogFault::default() })
    }

    /// Changes the JSON of the response.
    pub fn edit_json(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::new(Effect::EditJson(Arc::new(edit)))
    }

    /// Adds a header to a response that the fault replaces. Other faults ignore it. A name or
    /// value that cannot be sent is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Effect::Replace(replacement) = &mut self.effect {
            replacement.add_header(name, value);
        }
        self
    }

    /// Sets the code of an error in the API's form. Other faults ignore it.
    pub fn code(mut self, code: &str) -> Self {
        if let Effect::Replace(replacement) = &mut self.effect {
            replacement.set_code(code);
        }
        self
    }

    /// Restricts the fault to one operation, by the name of the client's method, such as
    /// `get_test_run` or `tail_logs`, or by its id in the published description, such as
    /// `test_runs_retrieve`.
    ///
    /// # Panics
    ///
    /// If the API has no such operation. The message has the nearest names.
    #[track_caller]
    pub fn on(mut self, operation: &str) -> Self {
        self.rule.set_operation(operation);
        self
    }

    /// Restricts the fault to one of the requests, counted from 0.
    pub fn nth(mut self, number: u64) -> Self {
        self.rule.set_nth(number);
        self
    }

    /// Restricts the fault to the first of the requests.
    pub fn first(mut self, times: u64) -> Self {
        self.rule.set_first(times);
        self
    }

    /// Lets the fault begin this long after it is put into the fake, by the fake's clock.
    pub fn after(mut self, delay: Duration) -> Self {
        self.rule.set_after(delay);
        self
    }

    /// Ends the fault this long after it began, by the fake's clock: an outage of ten minutes is
    /// `Fault::status(503).lasting(Duration::from_secs(600))`. By default it does not end.
    pub fn lasting(mut self, duration: Duration) -> Self {
        self.rule.set_lasting(duration);
        self
    }

    pub(crate) fn into_injection(self, now: DateTime<Utc>) -> Injection {
        Injection::new(self.effect, self.rule, now)
    }
}

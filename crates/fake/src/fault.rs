//! Ways in which the fake fails when it is told to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use futures_util::stream;
use serde_json::{Value, json};

use super::connection::{Cut, Plan};
use super::error::json_response;
use super::run_seed::RunSeed;
use super::store::Store;
use super::{FIRST_RUN_ID, NEWEST, NOW};

/// A failure of the fake, for [`FakeCloud::inject`](super::FakeCloud::inject).
///
/// By itself it befalls every request. [`on`](Self::on) keeps it to one operation,
/// [`nth`](Self::nth) and [`first`](Self::first) to some of the requests that it would befall.
///
/// What replaces the answer also replaces the request's effect. What spoils the answer or cuts it
/// off comes after the effect: the request was carried out, and the client cannot know.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud, Fault};
/// use k6_cloud::prelude::*;
///
/// let fake = FakeCloud::start().await?;
/// fake.inject(Fault::status(503).on("get_test_run").first(2));
/// let client = fake.client().build()?;
/// client.get_test_run(FIRST_RUN_ID).send().await?; // the third attempt
/// assert_eq!(fake.requests().len(), 3);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    kind: Kind,
    operation: Option<&'static str>,
    skip: usize,
    times: Option<usize>,
}

#[derive(Clone)]
enum Kind {
    Cut(Where, bool),
    Replace { status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: Bytes },
    Slow { head: Duration, piece: Option<Duration> },
    Pad(usize),
    Spoil(Arc<dyn Fn(&mut Value) + Send + Sync>),
    Type(HeaderValue),
    Arrive(usize),
    Vanish(usize),
}

/// Where an answer breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Start,
    AfterHead,
    MidBody,
    MidChunk,
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { kind, operation: None, skip: 0, times: None }
    }

    /// Closes the connection in place of an answer.
    pub fn close() -> Self {
        Self::new(Kind::Cut(Where::Start, false))
    }

    /// Resets the connection in place of an answer.
    pub fn reset() -> Self {
        Self::new(Kind::Cut(Where::Start, true))
    }

    /// Resets the connection after the head of the answer.
    pub fn reset_after_headers() -> Self {
        Self::new(Kind::Cut(Where::AfterHead, true))
    }

    /// Resets the connection in the middle of the answer's body.
    pub fn reset_mid_body() -> Self {
        Self::new(Kind::Cut(Where::MidBody, true))
    }

    /// Closes the connection in the middle of a body whose length was announced.
    pub fn truncate() -> Self {
        Self::new(Kind::Cut(Where::MidBody, false))
    }

    /// Closes the connection in the middle of a body that comes in chunks.
    pub fn truncate_chunks() -> Self {
        Self::new(Kind::Cut(Where::MidChunk, false))
    }

    /// Answers with a status and an error in the API's form.
    pub fn status(status: u16) -> Self {
        let body = json!({ "error": { "code": "injected", "message": "injected by a test" } });
        Self::answer(status, "application/json", body.to_string())
    }

    /// Answers with a status, a content type and a body. A status that is none, of three digits,
    /// counts as 500.
    pub fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = HeaderValue::from_str(content_type).ok();
        let headers = content_type.map(|value| (header::CONTENT_TYPE, value));
        let body = Bytes::from(body.into());
        Self::new(Kind::Replace { status, headers: headers.into_iter().collect(), body })
    }

    /// Answers with a status and a page of HTML, as a proxy does.
    pub fn html(status: u16) -> Self {
        Self::answer(status, "text/html", "<html><body><h1>Bad day</h1></body></html>")
    }

    /// Answers with 200 and JSON that breaks off.
    pub fn invalid_json() -> Self {
        Self::answer(200, "application/json", "{\"value\": [{\"id\": 1, ")
    }

    /// Answers with 204 and nothing.
    pub fn no_content() -> Self {
        Self::new(Kind::Replace {
            status: StatusCode::NO_CONTENT,
            headers: Vec::new(),
            body: Bytes::new(),
        })
    }

    /// Answers with 429, with a `Retry-After` header of this value if there is one.
    pub fn rate_limited(retry_after: Option<&str>) -> Self {
        let fault = Self::status(429);
        match retry_after {
            Some(value) => fault.header("retry-after", value),
            None => fault,
        }
    }

    /// Redirects to an address with this status, such as 307.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::answer(status, "text/plain", "").header("location", location)
    }

    /// Answers with 200 and as many spaces.
    pub fn oversized(bytes: usize) -> Self {
        Self::answer(200, "application/json", vec![b' '; bytes])
    }

    /// Sends this many spaces before the answer's JSON, in chunks whose sum nobody has announced.
    pub fn padded(bytes: usize) -> Self {
        Self::new(Kind::Pad(bytes))
    }

    /// Lets the client wait for the head of the answer, in real time.
    pub fn slow(delay: Duration) -> Self {
        Self::new(Kind::Slow { head: delay, piece: None })
    }

    /// Sends the answer's body in ten pieces with a pause before each, in real time.
    pub fn slow_body(pause: Duration) -> Self {
        Self::new(Kind::Slow { head: Duration::ZERO, piece: Some(pause) })
    }

    /// Says that the answer has another content type than it has.
    pub fn content_type(content_type: &str) -> Self {
        let value = HeaderValue::from_str(content_type);
        Self::new(Kind::Type(value.unwrap_or(HeaderValue::from_static("text/plain"))))
    }

    /// Replaces the next link of a page.
    pub fn next_link(link: &str) -> Self {
        let link = link.to_owned();
        Self::spoil(move |page| page["@nextLink"] = json!(link))
    }

    /// Takes the rows out of a page and leaves the rest.
    pub fn empty_page() -> Self {
        Self::spoil(|page| page["value"] = json!([]))
    }

    /// Puts new runs before all others, in the order of creation, before a request is answered: a
    /// list that is being read shifts by as many rows.
    pub fn rows_arrive(rows: usize) -> Self {
        Self::new(Kind::Arrive(rows))
    }

    /// Takes the oldest runs away before a request is answered.
    pub fn rows_vanish(rows: usize) -> Self {
        Self::new(Kind::Vanish(rows))
    }

    /// Changes the JSON of an answer.
    pub fn spoil(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::new(Kind::Spoil(Arc::new(change)))
    }

    /// Adds a header to an answer that is replaced; it has no effect on other faults. A name or
    /// value that cannot be sent is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Kind::Replace { headers, .. } = &mut self.kind
            && let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(value))
        {
            headers.push((name, value));
        }
        self
    }

    /// Keeps the fault to one operation, by the name of the client's method: `get_test_run`.
    pub fn on(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Keeps the fault to one of the requests, counted from 0.
    pub fn nth(mut self, number: usize) -> Self {
        (self.skip, self.times) = (number, Some(1));
        self
    }

    /// Keeps the fault to the first of the requests.
    pub fn first(mut self, times: usize) -> Self {
        (self.skip, self.times) = (0, Some(times));
        self
    }

    /// Takes the request into account, and returns whether the fault befalls it.
    pub(super) fn befalls(&mut self, operation: &str) -> bool {
        if self.operation.is_some_and(|own| own != operation) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    /// Returns the answer that replaces the request's own, before its effect.
    pub(super) fn replacement(&self) -> Option<Response> {
        let Kind::Replace { status, headers, body } = &self.kind else { return None };
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = *status;
        response.headers_mut().extend(headers.iter().cloned());
        Some(response)
    }

    /// Lets runs come or go, before the request is answered.
    pub(super) fn shift(&self, store: &mut Store) {
        match self.kind {
            Kind::Arrive(rows) => {
                for _ in 0..rows {
                    let before = store.oldest().unwrap_or(NEWEST) - TimeDelta::seconds(1);
                    let id = store.next_id(FIRST_RUN_ID);
                    store.insert(RunSeed::passed().created(before).into_run(id, NOW));
                }
            }
            Kind::Vanish(rows) => (0..rows).for_each(|_| store.remove_oldest()),
            _ => {}
        }
    }

    /// Spoils an answer.
    pub(super) async fn apply(self, response: Response, plan: &Plan) -> Response {
        let (mut parts, body) = response.into_parts();
        // The fake makes its answers whole.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        match self.kind {
            Kind::Replace { .. } | Kind::Arrive(_) | Kind::Vanish(_) => {
                Response::from_parts(parts, Body::from(body))
            }
            Kind::Cut(place, reset) => {
                let after_head = match place {
                    Where::Start => None,
                    Where::AfterHead => Some(0),
                    Where::MidBody | Where::MidChunk => Some(body.len() / 2),
                };
                plan.cut(Cut { after_head, reset });
                let body = match place {
                    Where::MidChunk => {
                        let pieces = vec![Ok::<_, std::convert::Infallible>(body)];
                        Body::from_stream(stream::iter(pieces))
                    }
                    _ => Body::from(body),
                };
                Response::from_parts(parts, body)
            }
            Kind::Slow { head, piece } => {
                tokio::time::sleep(head).await;
                let Some(pause) = piece else {
                    return Response::from_parts(parts, Body::from(body));
                };
                let length = body.len().div_ceil(10).max(1);
                let pieces: Vec<_> = body.chunks(length).map(Bytes::copy_from_slice).collect();
                let pieces = stream::unfold(pieces.into_iter(), move |mut pieces| async move {
                    tokio::time::sleep(pause).await;
                    let piece = pieces.next()?;
                    Some((Ok::<_, std::convert::Infallible>(piece), pieces))
                });
                Response::from_parts(parts, Body::from_stream(pieces))
            }
            Kind::Pad(bytes) => {
                let piece = Bytes::from(vec![b' '; 64 * 1024]);
                let whole = std::iter::repeat_n(piece.clone(), bytes / piece.len());
                let rest = piece.slice(..bytes % piece.len());
                let pieces = whole.chain([rest, body]).map(Ok::<_, std::convert::Infallible>);
                Response::from_parts(parts, Body::from_stream(stream::iter(pieces)))
            }
            Kind::Spoil(change) => match serde_json::from_slice::<Value>(&body) {
                Ok(mut value) => {
                    change(&mut value);
                    json_response(parts.status, &value).into_response()
                }
                Err(_) => Response::from_parts(parts, Body::from(body)),
            },
            Kind::Type(value) => {
                parts.headers.insert(header::CONTENT_TYPE, value);
                Response::from_parts(parts, Body::from(body))
            }
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Cut(place, reset) => format!("cut off at {place:?}, reset: {reset}"),
            Kind::Replace { status, body, .. } => format!("{status} with {} bytes", body.len()),
            Kind::Slow { head, piece } => format!("slow by {head:?}, {piece:?}"),
            Kind::Pad(bytes) => format!("padded with {bytes} bytes"),
            Kind::Spoil(_) => "spoiled JSON".to_owned(),
            Kind::Type(value) => format!("content type {value:?}"),
            Kind::Arrive(rows) => format!("{rows} rows arrive"),
            Kind::Vanish(rows) => format!("{rows} rows vanish"),
        };
        formatter
            .debug_struct("Fault")
            .field("kind", &kind)
            .field("operation", &self.operation)
            .field("skip", &self.skip)
            .field("times", &self.times)
            .finish()
    }
}

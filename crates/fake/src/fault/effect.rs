//! The effects of faults and canned responses.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::response::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use futures_util::stream;
use serde_json::Value;

use crate::connection::{ConnectionControl, CutOff};
use crate::error::json_response;
use crate::logs::LogFault;
use crate::run::seed::RunSeed;
use crate::store::Store;
use crate::time::Reading;

/// An effect on a request or its response.
#[derive(Clone)]
pub(crate) enum Effect {
    CutOff { at: CutPoint, reset: bool },
    Replace(Replacement),
    Slow { head: Duration, piece: Option<Duration> },
    Pad(usize),
    EditJson(Arc<dyn Fn(&mut Value) + Send + Sync>),
    ContentType(HeaderValue),
    AddRuns(usize),
    RemoveRuns(usize),
    Logs(LogFault),
}

/// Where a response is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutPoint {
    Start,
    AfterHead,
    MidBody,
    MidChunk,
}

/// A response that replaces that of the operation.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Replacement {
    /// Returns a response. A status that is not from 100 to 999 becomes 500.
    pub(crate) fn new(status: u16, content_type: Option<&str>, body: Vec<u8>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut replacement = Self { status, headers: Vec::new(), body: Bytes::from(body) };
        if let Some(content_type) = content_type {
            replacement.add_header(header::CONTENT_TYPE.as_str(), content_type);
        }
        replacement
    }

    /// Adds a header, unless its name or value cannot be sent.
    pub(crate) fn add_header(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(value)) {
            self.headers.push((name, value));
        }
    }

    /// Replaces the code of an error in the API's form. Other bodies stay as they are.
    pub(crate) fn set_code(&mut self, code: &str) {
        let Ok(mut body) = serde_json::from_slice::<Value>(&self.body) else { return };
        if let Some(own) = body.pointer_mut("/error/code") {
            *own = code.into();
            self.body = Bytes::from(body.to_string());
        }
    }

    fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers.iter().cloned());
        response
    }
}

impl Effect {
    /// Returns the response that replaces the operation, `None` if the operation takes place.
    pub(crate) fn replacement(&self) -> Option<Response> {
        match self {
            Self::Replace(replacement) => Some(replacement.response()),
            _ => None,
        }
    }

    /// Returns whether the client receives a status.
    pub(crate) fn lets_status_pass(&self) -> bool {
        !matches!(self, Self::CutOff { at: CutPoint::Start, .. })
    }

    /// Adds or removes runs, before the operation takes place.
    pub(crate) fn change_runs(&self, store: &mut Store, reading: Reading) {
        match self {
            Self::AddRuns(rows) => {
                for _ in 0..*rows {
                    let oldest = store.oldest().unwrap_or(reading.newest());
                    let seed = RunSeed::passed().created(oldest - TimeDelta::seconds(1));
                    store.add_run(seed, reading);
                }
            }
            Self::RemoveRuns(rows) => (0..*rows).for_each(|_| store.remove_oldest()),
            _ => {}
        }
    }

    /// Applies the effect to the response of the operation.
    pub(crate) async fn apply(self, response: Response, control: &ConnectionControl) -> Response {
        let (mut parts, body) = response.into_parts();
        // The operations return whole bodies.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        match self {
            Self::Replace(_) | Self::AddRuns(_) | Self::RemoveRuns(_) | Self::Logs(_) => {
                Response::from_parts(parts, Body::from(body))
            }
            Self::CutOff { at, reset } => cut_off(parts, body, (at, reset), control),
            Self::Slow { head, piece } => {
                tokio::time::sleep(head).await;
                let body = match piece {
                    None => Body::from(body),
                    Some(pause) => slow_body(&body, pause),
                };
                Response::from_parts(parts, body)
            }
            Self::Pad(bytes) => Response::from_parts(parts, padded_body(body, bytes)),
            Self::EditJson(edit) => match serde_json::from_slice::<Value>(&body) {
                Ok(mut value) => {
                    edit(&mut value);
                    json_response(parts.status, &value).into_response()
                }
                Err(_) => Response::from_parts(parts, Body::from(body)),
            },
            Self::ContentType(value) => {
                parts.headers.insert(header::CONTENT_TYPE, value);
                Response::from_parts(parts, Body::from(body))
            }
        }
    }
}

fn cut_off(
    parts: Parts,
    body: Bytes,
    (at, reset): (CutPoint, bool),
    control: &ConnectionControl,
) -> Response {
    let after_head = match at {
        CutPoint::Start => None,
        CutPoint::AfterHead => Some(0),
        CutPoint::MidBody | CutPoint::MidChunk => Some(body.len() / 2),
    };
    control.cut_off(CutOff { after_head, reset });
    let body = if at == CutPoint::MidChunk {
        Body::from_stream(stream::iter([Ok::<_, Infallible>(body)]))
    } else {
        Body::from(body)
    };
    Response::from_parts(parts, body)
}

/// Returns the body in ten pieces, with a pause before each.
fn slow_body(body: &Bytes, pause: Duration) -> Body {
    let length = body.len().div_ceil(10).max(1);
    let pieces: Vec<_> = body.chunks(length).map(Bytes::copy_from_slice).collect();
    let pieces = stream::unfold(pieces.into_iter(), move |mut pieces| async move {
        tokio::time::sleep(pause).await;
        let piece = pieces.next()?;
        Some((Ok::<_, Infallible>(piece), pieces))
    });
    Body::from_stream(pieces)
}

/// Returns the body after this many spaces, in chunks.
fn padded_body(body: Bytes, bytes: usize) -> Body {
    let piece = Bytes::from(vec![b' '; 64 * 1024]);
    let whole = std::iter::repeat_n(piece.clone(), bytes / piece.len());
    let rest = piece.slice(..bytes % piece.len());
    let pieces = whole.chain([rest, body]).map(Ok::<_, Infallible>);
    Body::from_stream(stream::iter(pieces))
}

impl fmt::Debug for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff { at, reset } => write!(formatter, "cut off at {at:?}, reset: {reset}"),
            Self::Replace(Replacement { status, body, .. }) => {
                write!(formatter, "{status} with {} bytes", body.len())
            }
            Self::Slow { head, piece } => write!(formatter, "slow by {head:?}, {piece:?}"),
            Self::Pad(bytes) => write!(formatter, "padded with {bytes} bytes"),
            Self::EditJson(_) => formatter.write_str("edited JSON"),
            Self::ContentType(value) => write!(formatter, "content type {value:?}"),
            Self::AddRuns(rows) => write!(formatter, "{rows} runs added"),
            Self::RemoveRuns(rows) => write!(formatter, "{rows} runs removed"),
            Self::Logs(fault) => write!(formatter, "logs with {fault:?}"),
        }
    }
}

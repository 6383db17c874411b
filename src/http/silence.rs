//! A limit on silence instead of on the whole, for bodies of scripts: a large one may take long, as long
//! as it moves.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::{Request, Response};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::failure::{AttemptResult, into_reqwest_error};
use super::limits::Silent;
use crate::operation::OperationSpec;

/// How many bytes are passed on at a time. hyper asks for more as soon as it can send, so that a small
/// piece shows early that the body moves.
const PIECE: usize = 16 * 1024;

/// Longer than any program runs, and short enough for every clock.
const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The limit on the silence of a request, and when its body moved last.
pub(super) struct SilenceLimit {
    pub(super) length: Duration,
    moved: Moved,
}

type Moved = Arc<Mutex<Instant>>;

impl SilenceLimit {
    /// Returns the limit of a request that has a script as its body or its response. Only these are
    /// streams.
    pub(super) fn of(
        request: &mut Request,
        facts: &OperationSpec,
        length: Duration,
    ) -> Option<Self> {
        let is_stream = request.body().is_some_and(|body| body.as_bytes().is_none());
        if !is_stream && !facts.streamed {
            return None;
        }
        let moved = Moved::new(Mutex::new(Instant::now()));
        if let Some(inner) = request.body_mut().take() {
            let body = MovingBody { inner, rest: Bytes::new(), moved: Arc::clone(&moved) };
            *request.body_mut() = Some(reqwest::Body::wrap(body));
        }
        Some(Self { length, moved })
    }

    /// Waits for a response, as long as the body of its request moves.
    pub(super) async fn limit(&self, sent: impl Future<Output = AttemptResult>) -> AttemptResult {
        let mut sent = pin!(sent);
        let mut end = self.end();
        loop {
            if let Ok(result) = timeout_at(end, sent.as_mut()).await {
                return result;
            }
            // The body may have moved meanwhile.
            let last = std::mem::replace(&mut end, self.end());
            if end <= last {
                return into_reqwest_error(Silent { limit: self.length }).await;
            }
        }
    }

    fn end(&self) -> Instant {
        after(*self.moved.lock().unwrap_or_else(PoisonError::into_inner), self.length)
    }

    /// Returns the next part of a response, as long as it moves.
    pub(super) async fn chunk(&self, response: &mut Response) -> reqwest::Result<Option<Bytes>> {
        let end = after(Instant::now(), self.length);
        match timeout_at(end, response.chunk()).await {
            Ok(chunk) => chunk,
            Err(_) => into_reqwest_error(Silent { limit: self.length }).await.map(|_| None),
        }
    }
}

fn after(start: Instant, length: Duration) -> Instant {
    start + length.min(FOREVER)
}

/// A body that tells when it moves.
struct MovingBody {
    inner: reqwest::Body,
    rest: Bytes,
    moved: Moved,
}

impl Body for MovingBody {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_frame(context))
                .map(|frame| frame.map(Frame::into_data))
            {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// A timer for the silence of a response that is read as it arrives. It runs only while the reader waits.
pub(super) struct SilenceTimer {
    limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    is_running: bool,
}

impl SilenceTimer {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, sleep: None, is_running: false }
    }

    /// Notes that the body has moved.
    pub(super) fn stop(&mut self) {
        self.is_running = false;
    }

    /// Waits for the end of the limit, which begins with the first call after a [`stop`](Self::stop).
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Silent> {
        let end = after(Instant::now(), self.limit);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if !std::mem::replace(&mut self.is_running, true) {
            sleep.as_mut().reset(end);
        }
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Silent { limit: self.limit })
    }
}

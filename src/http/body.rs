//! Response bodies: limited in size, and tied to the permit of their request.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Version;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{LengthLimitError, Limited};
use reqwest::{Response, ResponseBuilderExt as _};
use serde::de::IgnoredAny;
use tokio::sync::OwnedSemaphorePermit;

use super::failure::{AttemptResult, BodyTooLarge, into_reqwest_error};
use super::silence::{SilenceLimit, SilenceTimer};
use crate::operation::BodyInMemory;

/// Returns the response with a body of at most `limit` bytes, which fails if it does not move for as long
/// as `silence`. The body keeps the permit until it is
/// read to its end or dropped.
pub(super) fn limit(
    response: Response,
    limit: u64,
    silence: Option<Duration>,
    permit: Option<OwnedSemaphorePermit>,
) -> Response {
    let (parts, body) = split(response);
    let body = LimitedBody::new(body, limit, silence, permit);
    http::Response::from_parts(parts, reqwest::Body::wrap(body)).into()
}

/// Returns the response with a body that is read as it arrives. Fails at once if the server
/// announces more than `limit` bytes.
pub(super) async fn stream(
    response: Response,
    max: u64,
    silence: Option<Duration>,
    permit: OwnedSemaphorePermit,
) -> AttemptResult {
    if response.content_length().is_some_and(|length| length > max) {
        return into_reqwest_error(BodyTooLarge { limit: max }).await;
    }
    Ok(limit(response, max, silence, Some(permit)))
}

/// Reads a response to its end, and returns it with [`BodyInMemory`].
pub(super) async fn read(
    mut response: Response,
    max: u64,
    silence: Option<SilenceLimit>,
    expects_json: bool,
) -> AttemptResult {
    if response.content_length().is_some_and(|length| length > max) {
        return into_reqwest_error(BodyTooLarge { limit: max }).await;
    }
    // Most bodies are one chunk, which is kept as it is.
    let (mut body, mut more, mut length) = (Bytes::new(), Vec::new(), 0);
    loop {
        let chunk = match &silence {
            Some(silence) => silence.chunk(&mut response).await?,
            None => response.chunk().await?,
        };
        let Some(chunk) = chunk else { break };
        length += chunk.len() as u64;
        if length > max {
            return into_reqwest_error(BodyTooLarge { limit: max }).await;
        }
        if body.is_empty() { body = chunk } else { more.push(chunk) }
    }
    if !more.is_empty() {
        more.insert(0, body);
        body = more.concat().into();
    }
    if expects_json && ends_with_connection(&response) && is_cut_off(&body) {
        return into_reqwest_error(CutOff).await;
    }
    response.extensions_mut().insert(BodyInMemory(body));
    Ok(response)
}

/// Returns whether only the end of the connection marks the end of the body. A broken connection
/// then looks the same as one that is closed after the last byte.
fn ends_with_connection(response: &Response) -> bool {
    response.version() <= Version::HTTP_11
        && !response.headers().contains_key(CONTENT_LENGTH)
        && !response.headers().contains_key(TRANSFER_ENCODING)
        && response.status() != http::StatusCode::NO_CONTENT
}

/// Returns whether the JSON ends before it is complete.
fn is_cut_off(json: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(json).is_err_and(|error| error.is_eof())
}

/// JSON that ends early, in a body whose end only the connection marks.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the JSON of the response ends early")
    }
}

impl StdError for CutOff {}

fn split(response: Response) -> (Parts, reqwest::Body) {
    let url = response.url().clone();
    let (mut parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
    // The conversion loses the address, which errors name. It goes into the extensions that the
    // response already has, because a new map would be an allocation for every response.
    let mut carrier = http::Response::builder();
    if let Some(extensions) = carrier.extensions_mut() {
        std::mem::swap(extensions, &mut parts.extensions);
    }
    if let Ok(carrier) = carrier.url(url).body(()) {
        parts.extensions = carrier.into_parts().0.extensions;
    }
    (parts, body)
}

/// A body with a size limit and the permit of its request.
struct LimitedBody {
    inner: Limited<reqwest::Body>,
    limit: u64,
    silence: Option<SilenceTimer>,
    permit: Option<OwnedSemaphorePermit>,
}

impl LimitedBody {
    fn new(
        inner: reqwest::Body,
        limit: u64,
        silence: Option<Duration>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let inner = Limited::new(inner, usize::try_from(limit).unwrap_or(usize::MAX));
        Self { inner, limit, silence: silence.map(SilenceTimer::new), permit }
    }
}

impl Body for LimitedBody {
    type Data = Bytes;
    type Error = Box<dyn StdError + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = match (Pin::new(&mut self.inner).poll_frame(context), &mut self.silence) {
            (Poll::Ready(frame), silence) => {
                silence.iter_mut().for_each(SilenceTimer::stop);
                frame
            }
            (Poll::Pending, Some(silence)) => {
                let silent = ready!(silence.poll(context));
                self.permit = None;
                return Poll::Ready(Some(Err(silent.into())));
            }
            (Poll::Pending, None) => return Poll::Pending,
        };
        // A body that was read to its end is no longer in flight, even while the caller holds it.
        if self.inner.is_end_stream() || !matches!(frame, Some(Ok(_))) {
            self.permit = None;
        }
        let limit = self.limit;
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| {
                if error.is::<LengthLimitError>() { BodyTooLarge { limit }.into() } else { error }
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::is_cut_off;

    #[test]
    fn json_that_ends_early_is_told_from_json_that_is_wrong() {
        for cut_off in
            ["", " ", "{", "{\"id\": ", "{\"id\": 1", "[1, 2", "\"ab", "tru", "{\"a\": \"\\u00"]
        {
            assert!(is_cut_off(cut_off.as_bytes()), "{cut_off:?}");
        }
        for whole in ["{}", "[1]", "1", "<html>", "{\"id\": 1}}", "{,", "{\"id\" 1"] {
            assert!(!is_cut_off(whole.as_bytes()), "{whole:?}");
        }
    }
}

//! The bodies of answers: counted, and tied to the turn of their request.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use reqwest::{Response, ResponseBuilderExt as _};
use tokio::sync::OwnedSemaphorePermit;

/// Puts a cap around an answer's body, and ties the permit to its end: a request is in flight
/// until its answer is read to the end or dropped.
pub(super) fn guard(
    response: Response,
    limit: u64,
    permit: Option<OwnedSemaphorePermit>,
) -> Response {
    let (parts, inner) = split(response);
    let body = GuardedBody { inner, limit, left: limit, permit };
    http::Response::from_parts(parts, reqwest::Body::wrap(body)).into()
}

/// Reads an answer's body to its end, and returns the answer with it.
pub(super) async fn read(response: Response, limit: u64) -> reqwest::Result<Response> {
    let (parts, inner) = split(response);
    let fits = inner.size_hint().exact().is_some_and(|length| length <= limit);
    let body = if fits {
        inner
    } else {
        reqwest::Body::wrap(GuardedBody { inner, limit, left: limit, permit: None })
    };
    let bytes = body.collect().await?.to_bytes();
    Ok(http::Response::from_parts(parts, reqwest::Body::from(bytes)).into())
}

/// Returns a failure of our own in the form of one of the connection.
pub(super) async fn fail(
    error: impl std::error::Error + Send + Sync + 'static,
) -> reqwest::Result<Response> {
    let failing = futures_util::stream::iter([Err::<Bytes, _>(error)]);
    let body = reqwest::Body::wrap_stream(failing);
    body.collect()
        .await
        .map(|collected| http::Response::new(reqwest::Body::from(collected.to_bytes())).into())
}

fn split(response: Response) -> (http::response::Parts, reqwest::Body) {
    let url = response.url().clone();
    let (mut parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
    // The conversion loses the address, which errors then could not name. It is put to what the
    // answer carries already: a map of its own for it would be made for every answer.
    let mut carrier = http::Response::builder();
    if let Some(extensions) = carrier.extensions_mut() {
        std::mem::swap(extensions, &mut parts.extensions);
    }
    if let Ok(carrier) = carrier.url(url).body(()) {
        parts.extensions = carrier.into_parts().0.extensions;
    }
    (parts, body)
}

struct GuardedBody {
    inner: reqwest::Body,
    limit: u64,
    left: u64,
    permit: Option<OwnedSemaphorePermit>,
}

/// An answer that is larger than the client accepts.
#[derive(Debug)]
pub(crate) struct BodyTooLarge {
    limit: u64,
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the response body is larger than {} bytes: raise ClientBuilder::max_body_bytes, or \
             max_bytes of a download, if that is expected",
            self.limit
        )
    }
}

impl std::error::Error for BodyTooLarge {}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Self { inner, limit, left, permit } = &mut *self;
        let frame = if inner.size_hint().lower() > *left {
            // An announced size over the cap fails before the first byte is kept.
            Poll::Ready(Some(Err(BodyTooLarge { limit: *limit }.into())))
        } else {
            Pin::new(&mut *inner).poll_frame(context).map(|frame| {
                let frame = match frame? {
                    Ok(frame) => frame,
                    Err(error) => return Some(Err(error.into())),
                };
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                match left.checked_sub(length) {
                    Some(rest) => {
                        *left = rest;
                        Some(Ok(frame))
                    }
                    None => Some(Err(BodyTooLarge { limit: *limit }.into())),
                }
            })
        };
        // What is read to its end is no longer in flight, even while somebody holds it.
        if inner.is_end_stream() || matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            permit.take();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

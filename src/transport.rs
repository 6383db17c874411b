//! What lies between the generated calls and the network: credentials, a limit on requests in
//! flight and a cap on the size of answers.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::ResponseBuilderExt as _;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Client;

const STACK_ID: HeaderName = HeaderName::from_static("x-stack-id");
/// progenitor puts the description's version on every request; the API knows no such header.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What a [`Client`] carries beside its address and its connections. Opaque.
#[derive(Clone)]
pub struct Inner {
    /// Marked sensitive, so that no layer below shows it.
    pub(crate) authorization: HeaderValue,
    pub(crate) stack_id: HeaderValue,
    pub(crate) settings: Arc<crate::Settings>,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) max_body_bytes: u64,
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("authorization", &"[redacted]")
            .field("stack_id", &self.stack_id)
            .field("max_body_bytes", &self.max_body_bytes)
            .finish_non_exhaustive()
    }
}

impl ClientHooks<Inner> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        headers.remove(&API_VERSION);
        headers.insert(AUTHORIZATION, self.inner().authorization.clone());
        headers.insert(STACK_ID, self.inner().stack_id.clone());
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // The semaphore is never closed; without a permit the request goes out all the same.
        let permit = Arc::clone(&self.inner().in_flight).acquire_owned().await.ok();
        let response = self.client().execute(request).await?;
        // A caller may keep a refusal while it goes on calling; its body is short.
        let permit = permit.filter(|_| response.status().is_success());
        Ok(guard(response, self.inner().max_body_bytes, permit))
    }
}

/// Puts the cap around a response's body, and ties the permit to its end: a request is in flight
/// until its answer is read to the end or dropped.
fn guard(
    response: reqwest::Response,
    limit: u64,
    permit: Option<OwnedSemaphorePermit>,
) -> reqwest::Response {
    let url = response.url().clone();
    let (mut parts, inner) = http::Response::<reqwest::Body>::from(response).into_parts();
    // The conversion loses the address, which errors then could not name.
    if let Ok(carrier) = http::Response::builder().url(url).body(()) {
        parts.extensions.extend(carrier.into_parts().0.extensions);
    }
    let body = GuardedBody { inner, limit, left: limit, permit };
    http::Response::from_parts(parts, reqwest::Body::wrap(body)).into()
}

struct GuardedBody {
    inner: reqwest::Body,
    limit: u64,
    left: u64,
    permit: Option<OwnedSemaphorePermit>,
}

/// An answer that is larger than the client accepts.
#[derive(Debug)]
struct BodyTooLarge {
    limit: u64,
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the response body is larger than {} bytes: raise ClientBuilder::max_body_bytes if \
             that is expected",
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

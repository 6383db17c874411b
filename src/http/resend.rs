//! Copies of a request, for the attempts after the first.

use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Body, Request};

use super::failure::UploadUnreadable;

/// Reads the body of a request from its start again.
pub(crate) type ReopenBody = Arc<dyn Fn() -> ReopenedBody + Send + Sync>;

type ReopenedBody = Pin<Box<dyn Future<Output = Result<Body, UploadUnreadable>> + Send>>;

/// A copy of a request for a retry.
pub(super) struct SpareRequest {
    request: Request,
    /// Set if the body is a stream.
    reopen_body: Option<ReopenBody>,
}

impl SpareRequest {
    /// Copies the request; returns `None` if its body is a stream that cannot be read again.
    pub(super) fn of(request: &Request, reopen_body: Option<&ReopenBody>) -> Option<Self> {
        if let Some(request) = copy(request) {
            return Some(Self { request, reopen_body: None });
        }
        let reopen_body = reopen_body.cloned()?;
        let mut head = head(request);
        *head.timeout_mut() = request.timeout().copied();
        Some(Self { request: head, reopen_body: Some(reopen_body) })
    }

    /// Returns the request, with its body read from the start.
    pub(super) async fn into_request(self) -> Result<Request, UploadUnreadable> {
        let Self { mut request, reopen_body } = self;
        if let Some(reopen_body) = reopen_body {
            *request.body_mut() = Some(reopen_body().await?);
        }
        Ok(request)
    }
}

/// Returns a copy of the request, unless its body is a stream.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() || request.timeout().is_some() {
        return request.try_clone();
    }
    // `try_clone` always allocates for a timeout, which most requests do not have.
    Some(head(request))
}

/// Returns a copy of the request without its body.
fn head(request: &Request) -> Request {
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    *copy.version_mut() = request.version();
    copy
}

//! Requests whose body is a stream: read again from its start when they are repeated.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Body, Request};

use super::Context;

/// Makes the body of a request once more.
pub(crate) type Reopen = Arc<dyn Fn() -> Reopened + Send + Sync>;

type Reopened = Pin<Box<dyn Future<Output = Result<Body, NotRead>> + Send>>;

/// What was to be sent could not be read.
#[derive(Debug)]
pub(crate) struct NotRead {
    pub(crate) what: String,
    pub(crate) error: Arc<std::io::Error>,
}

impl fmt::Display for NotRead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for NotRead {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.error)
    }
}

/// A request that can be sent in the place of one that was.
pub(super) struct Again {
    request: Request,
    /// Where the body is a stream.
    body: Option<Reopen>,
}

impl Again {
    /// Returns a copy of the request, unless its body is a stream that cannot be made again.
    pub(super) fn new(request: &Request, context: Option<&Context>) -> Option<Self> {
        if let Some(request) = copy(request) {
            return Some(Self { request, body: None });
        }
        let body = context.and_then(|context| context.body.clone())?;
        let mut head = head(request);
        *head.timeout_mut() = request.timeout().copied();
        Some(Self { request: head, body: Some(body) })
    }

    /// Returns the request, with its body read from the start.
    pub(super) async fn request(self) -> Result<Request, NotRead> {
        let Self { mut request, body } = self;
        if let Some(body) = body {
            *request.body_mut() = Some(body().await?);
        }
        Ok(request)
    }
}

/// Returns a copy of the request, unless its body is a stream.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() || request.timeout().is_some() {
        return request.try_clone();
    }
    // `try_clone` makes room for a timeout in any case, which nearly every copy is made without.
    Some(head(request))
}

/// Returns a copy of the request without its body.
fn head(request: &Request) -> Request {
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    *copy.version_mut() = request.version();
    copy
}

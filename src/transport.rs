//! What lies between the generated calls and the network: credentials, repeated attempts, a limit
//! on requests in flight and a cap on the size of answers.

mod body;
mod context;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, Response};
use tokio::sync::Semaphore;

pub(crate) use self::body::BodyTooLarge;
pub(crate) use self::context::{Context, Limits, request_id};
use crate::clock::Clock;
use crate::operation::Facts;
use crate::retry::{self, Budget, RetryPolicy, Verdict};
use crate::{Client, generated, trace};

const STACK_ID: HeaderName = HeaderName::from_static("x-stack-id");
/// progenitor puts the description's version on every request; the API knows no such header.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What a [`Client`] carries beside its address and its connections. Opaque.
#[derive(Clone)]
pub struct Inner {
    pub(crate) shared: Arc<Shared>,
    /// Set on the clone by which a single call is made.
    context: Option<Arc<Context>>,
}

/// What a client and its clones have in common.
pub(crate) struct Shared {
    /// Marked sensitive, so that no layer below shows it.
    pub(crate) authorization: HeaderValue,
    pub(crate) stack_id: HeaderValue,
    pub(crate) settings: crate::Settings,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) max_body_bytes: u64,
    pub(crate) retries: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Inner {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), context: None }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("authorization", &"[redacted]")
            .field("stack_id", &self.shared.stack_id)
            .field("max_body_bytes", &self.shared.max_body_bytes)
            .field("retries", &self.shared.retries)
            .field("clock", &self.shared.clock)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Returns a clone whose calls tell `context` how they went.
    pub(crate) fn with_context(&self, context: Arc<Context>) -> Self {
        let mut client = self.clone();
        client.inner.context = Some(context);
        client
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.shared.clock
    }
}

impl ClientHooks<Inner> for Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        headers.remove(&API_VERSION);
        headers.insert(AUTHORIZATION, self.inner.shared.authorization.clone());
        headers.insert(STACK_ID, self.inner.shared.stack_id.clone());
        Ok(())
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        // Sorted by build.rs, from the same description as the call.
        match generated::OPERATIONS.binary_search_by(|facts| facts.id.cmp(info.operation_id)) {
            Ok(at) => self.exec_repeatedly(request, &generated::OPERATIONS[at]).await,
            Err(_) => self.client().execute(request).await,
        }
    }
}

impl Client {
    async fn exec_repeatedly(
        &self,
        request: Request,
        facts: &'static Facts,
    ) -> reqwest::Result<Response> {
        let call = trace::Call::start(facts);
        call.run(self.attempts(request, facts, &call)).await
    }

    async fn attempts(
        &self,
        mut request: Request,
        facts: &'static Facts,
        call: &trace::Call,
    ) -> reqwest::Result<Response> {
        let Shared { retries, budget, clock, jitter, settings, .. } = &*self.inner.shared;
        let repeatable = retry::repeatable(facts, request.headers());
        let context = self.inner.context.as_deref();
        // A policy that repeats nothing has no say in how long the one attempt takes.
        let own = if retries.max_attempts > 1 { retries.deadline } else { Duration::MAX };
        let until = clock.now().saturating_add(own);
        let until =
            context.and_then(|context| context.limits.until).map_or(until, |end| end.min(until));
        budget.deposit();
        let mut attempt = 1;
        loop {
            let again = if attempt < retries.max_attempts { copy(&request) } else { None };
            let left = until.saturating_sub(clock.now());
            if left < settings.timeout() {
                *request.timeout_mut() = Some(left);
            }
            if let Some(context) = context {
                context.attempt(attempt, repeatable);
            }
            let span = trace::Attempt::start(facts, request.url(), attempt);
            let result = span.run(self.attempt(request, facts)).await;
            span.end(&result);
            let verdict = retry::verdict(&result);
            if let Some(context) = context {
                context.ended(verdict, &result);
            }
            let may_repeat = match verdict {
                Verdict::Final => false,
                Verdict::Untouched => true,
                Verdict::Unsure => repeatable,
            };
            let Some(next) = again.filter(|_| may_repeat) else {
                call.end(attempt, &result);
                return result;
            };
            let asked = result
                .as_ref()
                .ok()
                .and_then(|response| retry::retry_after(response.headers(), clock.wall()));
            let pause = retries.pause(attempt, jitter(), asked);
            if pause >= until.saturating_sub(clock.now()) || !budget.withdraw() {
                call.end(attempt, &result);
                return result;
            }
            call.pause(attempt, pause, &result);
            // The connection and the turn go back before the pause.
            drop(result);
            clock.sleep(pause).await;
            request = next;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: Request, facts: &Facts) -> reqwest::Result<Response> {
        let limits = self.inner.context.as_ref().map(|context| context.limits).unwrap_or_default();
        let cap = limits.max_body_bytes.unwrap_or(self.inner.shared.max_body_bytes);
        // The semaphore is never closed; without a permit the request goes out all the same.
        let permit = Arc::clone(&self.inner.shared.in_flight).acquire_owned().await.ok();
        let response = self.client().execute(request).await?;
        if !response.status().is_success() {
            // A caller may keep a refusal while it goes on calling; its body is short.
            drop(permit);
            Ok(body::guard(response, cap, None))
        } else if facts.streamed && !limits.buffered {
            Ok(body::guard(response, cap, permit))
        } else {
            // Read here, so that an answer that breaks off is asked for again.
            body::read(response, cap).await
        }
    }
}

/// Returns a copy of the request, unless its body is a stream.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() || request.timeout().is_some() {
        return request.try_clone();
    }
    // `try_clone` makes room for a timeout in any case, which nearly every copy is made without.
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    *copy.headers_mut() = request.headers().clone();
    *copy.version_mut() = request.version();
    Some(copy)
}

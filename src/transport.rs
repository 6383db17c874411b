//! What lies between the generated calls and the network: credentials, repeated attempts, a limit
//! on requests in flight and a cap on the size of answers.

mod body;
mod context;
mod place;
mod upload;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use progenitor_client::ClientInfo as _;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use self::body::BodyTooLarge;
pub(crate) use self::context::{Context, Limits, request_id};
use self::upload::Again;
pub(crate) use self::upload::{NotRead, Reopen};
use crate::clock::Clock;
use crate::operation::Facts;
use crate::retry::{self, Budget, RetryPolicy, Verdict};
use crate::{Client, SendError, trace};

const STACK_ID: HeaderName = HeaderName::from_static("x-stack-id");

/// The operation that finds a stack, and so is the one that is not told a stack's id.
const FINDS_STACK: &str = "authenticate";

/// A refusal is never larger.
const SHORT: u64 = 64 * 1024;

/// A turn under the limit of requests in flight.
struct Turn(Option<OwnedSemaphorePermit>);

/// A request whose turn did not come in time.
#[derive(Debug)]
pub(crate) struct NoTurn;

impl fmt::Display for NoTurn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no turn under the limit of requests in flight came in time")
    }
}

impl std::error::Error for NoTurn {}

/// What a [`Client`] carries beside its address and its connections. Opaque.
#[derive(Clone)]
pub struct Inner {
    pub(crate) shared: Arc<Shared>,
    /// Set on the clone by which a single call is made.
    context: Option<Arc<Context>>,
    /// In place of what the client was built with.
    timeout: Option<Duration>,
    retries: Option<Arc<RetryPolicy>>,
}

/// What a client and its clones have in common.
pub(crate) struct Shared {
    /// Marked sensitive, so that no layer below shows it.
    pub(crate) authorization: HeaderValue,
    /// `None` while it is looked for.
    pub(crate) stack_id: Option<HeaderValue>,
    pub(crate) settings: crate::Settings,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) max_body_bytes: u64,
    pub(crate) retries: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Shared {
    /// Returns the same for a stack that has been found; what was used up of the budget is
    /// forgotten.
    pub(crate) fn of_stack(&self, stack_id: HeaderValue, settings: crate::Settings) -> Self {
        Self {
            authorization: self.authorization.clone(),
            stack_id: Some(stack_id),
            settings,
            in_flight: Arc::clone(&self.in_flight),
            max_body_bytes: self.max_body_bytes,
            budget: Budget::new(&self.retries),
            retries: self.retries.clone(),
            clock: Arc::clone(&self.clock),
            jitter: Arc::clone(&self.jitter),
        }
    }
}

impl Inner {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared), context: None, timeout: None, retries: None }
    }

    /// Returns the id that an operation is told its stack by.
    pub(crate) fn stack_id(&self, facts: &Facts) -> Option<&HeaderValue> {
        self.shared.stack_id.as_ref().filter(|_| facts.id != FINDS_STACK)
    }

    fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(self.shared.settings.timeout())
    }

    fn retries(&self) -> &RetryPolicy {
        self.retries.as_deref().unwrap_or(&self.shared.retries)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("authorization", &"[redacted]")
            .field("stack_id", &self.shared.stack_id)
            .field("max_body_bytes", &self.shared.max_body_bytes)
            .field("timeout", &self.timeout())
            .field("retries", self.retries())
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

    /// Returns a clone with another limit on how long a request may take; see
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout). It shares everything else with
    /// this client: connections, turns and the budget of retries.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.inner.timeout = Some(timeout);
        client
    }

    /// Returns a clone that repeats requests by another policy. It shares everything else with
    /// this client: connections, turns and the budget, so that the new policy's own has no effect.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) when the policy makes no sense.
    pub fn with_retries(&self, policy: RetryPolicy) -> Result<Self, crate::Error> {
        policy.check()?;
        let mut client = self.clone();
        client.inner.retries = Some(Arc::new(policy));
        Ok(client)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.shared.clock
    }
}

impl Client {
    /// Sends the request of a call with the client's credentials, and returns the answer if it is
    /// a success.
    pub(crate) async fn exchange(
        &self,
        mut request: Request,
        facts: &'static Facts,
    ) -> Result<Response, SendError> {
        if !place::holds(request.url(), self.baseurl(), facts.path) {
            return Err(SendError::InvalidRequest(
                "a value for the path is empty, `.`, `..` or has a backslash in it, and would lead \
                 to another place of the API"
                    .to_owned(),
            ));
        }
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.inner.shared.authorization.clone());
        if let Some(stack_id) = self.inner.stack_id(facts) {
            headers.insert(STACK_ID, stack_id.clone());
        }
        let response = match self.inner.context.as_deref() {
            // Within its span already.
            Some(context) => self.attempts(request, facts, &context.call).await?,
            None => {
                let call = trace::Call::start(facts);
                call.run(self.attempts(request, facts, &call)).await?
            }
        };
        if facts.success.contains(&response.status().as_u16()) {
            Ok(response)
        } else {
            Err(SendError::UnexpectedResponse(response))
        }
    }

    async fn attempts(
        &self,
        mut request: Request,
        facts: &'static Facts,
        call: &trace::Call,
    ) -> reqwest::Result<Response> {
        let Shared { budget, clock, jitter, .. } = &*self.inner.shared;
        let (retries, timeout) = (self.inner.retries(), self.inner.timeout());
        let repeatable = retry::repeatable(facts, request.headers());
        let has_key = retry::has_key(request.headers());
        let deadline =
            if has_key { retries.deadline.min(retry::KEY_KNOWN) } else { retries.deadline };
        let context = self.inner.context.as_deref();
        let end = context.and_then(|context| context.limits.until);
        // From the first turn on: a long queue is no reason to give up.
        let mut first = None;
        budget.deposit();
        let mut attempt = 1;
        loop {
            let again = (attempt < retries.max_attempts).then(|| Again::new(&request, context));
            // A request that is known by its key for a while does not wait for longer.
            let turn_end = first.filter(|_| has_key).map(|first: Duration| {
                let until = first.saturating_add(deadline);
                end.map_or(until, |end| end.min(until))
            });
            let Some(turn) = self.turn(turn_end.or(end)).await else {
                let result = body::fail(NoTurn).await;
                call.end(attempt - 1, &result);
                return result;
            };
            let now = clock.now();
            let first = *first.get_or_insert(now);
            let until = first.saturating_add(deadline);
            let cut = if attempt == 1 { Duration::MAX } else { until.saturating_sub(now) };
            let cut = end.map_or(cut, |end| cut.min(end.saturating_sub(now)));
            if cut < timeout || self.inner.timeout.is_some() {
                *request.timeout_mut() = Some(cut.min(timeout));
            }
            if let Some(context) = context {
                context.attempt(attempt, repeatable);
            }
            let span = trace::Attempt::start(facts, request.url(), attempt);
            let result = span.run(self.attempt(request, facts, turn)).await;
            span.end(&result);
            let verdict = retry::verdict(&result);
            let repeatable =
                repeatable && !(has_key && clock.now().saturating_sub(first) >= retry::KEY_KNOWN);
            if let Some(context) = context {
                context.attempt(attempt, repeatable);
                context.ended(verdict, &result);
            }
            let may_repeat = match verdict {
                Verdict::Final => false,
                Verdict::Untouched => true,
                Verdict::Unsure => repeatable,
            };
            let Some(next) = again.flatten().filter(|_| may_repeat) else {
                call.end(attempt, &result);
                return result;
            };
            let asked = result
                .as_ref()
                .ok()
                .and_then(|response| retry::retry_after(response.headers(), clock.wall()));
            let pause = retries.pause(attempt, jitter(), asked);
            let until = end.map_or(until, |end| end.min(until));
            if pause >= until.saturating_sub(clock.now()) || !budget.withdraw() {
                call.end(attempt, &result);
                return result;
            }
            call.pause(attempt, pause, &result);
            // The connection goes back before the pause.
            drop(result);
            clock.sleep(pause).await;
            request = match next.request().await {
                Ok(request) => request,
                Err(error) => {
                    let result = body::fail(error).await;
                    call.end(attempt, &result);
                    return result;
                }
            };
            attempt += 1;
        }
    }

    /// Waits for a turn under the limit of requests in flight, until `end` at most.
    async fn turn(&self, end: Option<Duration>) -> Option<Turn> {
        let Shared { in_flight, clock, .. } = &*self.inner.shared;
        // The semaphore is never closed; without a permit the request goes out all the same.
        let turn = async { Turn(Arc::clone(in_flight).acquire_owned().await.ok()) };
        let Some(end) = end else { return Some(turn.await) };
        let (turn, over) = (pin!(turn), clock.sleep(end.saturating_sub(clock.now())));
        match select(turn, over).await {
            Either::Left((turn, _)) => Some(turn),
            Either::Right(_) => None,
        }
    }

    async fn attempt(
        &self,
        request: Request,
        facts: &Facts,
        turn: Turn,
    ) -> reqwest::Result<Response> {
        let limits = self.inner.context.as_ref().map(|context| context.limits).unwrap_or_default();
        let cap = limits.max_body_bytes.unwrap_or(self.inner.shared.max_body_bytes);
        let response = self.client().execute(request).await?;
        if !response.status().is_success() {
            // A caller may keep a refusal while it goes on calling; its body is short, and a cap
            // that is meant for answers must not hide what the API says.
            drop(turn);
            Ok(body::guard(response, cap.max(SHORT), None))
        } else if facts.streamed && !limits.buffered {
            Ok(body::guard(response, cap, turn.0))
        } else {
            // Read here, so that an answer that breaks off is asked for again.
            body::read(response, cap).await
        }
    }
}

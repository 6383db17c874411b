//! Sends a request: sets the credentials, and makes the attempts.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use progenitor_client::ClientInfo as _;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderName};
use reqwest::{Request, Response};
use tokio::sync::OwnedSemaphorePermit;

use super::context::CallContext;
use super::failure::{
    AttemptRecord, AttemptResult, NoPermit, Retryability, SuccessHead, into_reqwest_error,
    retry_after,
};
use super::limits::{RetryStop, TimeLimit};
use super::resend::SpareRequest;
use super::retry::Attempts;
use super::silence::SilenceLimit;
use super::state::Shared;
use super::trace::AttemptSpan;
use super::{body, path_check};
use crate::Client;
use crate::operation::SendError;

const STACK_ID: HeaderName = HeaderName::from_static("x-stack-id");

/// The smallest limit for the body of an error response, in bytes. A limit for results must not
/// hide the API's message about an error.
const MIN_ERROR_BODY_LIMIT: u64 = 64 * 1024;

impl Client {
    /// Sends a request with the client's credentials, with retries, and returns the response if its
    /// status is a success. Notes in `record` how the attempts ended.
    pub(super) async fn exchange(
        &self,
        mut request: Request,
        call: &CallContext<'_>,
        record: &mut AttemptRecord,
    ) -> Result<Response, SendError> {
        if !path_check::fits(request.url(), self.baseurl(), call.path) {
            return Err(SendError::InvalidRequest(
                "a value for the path is empty, is `.` or `..`, or contains a backslash: the \
                 request would go to another path of the API"
                    .to_owned(),
            ));
        }
        let Shared { budget, clock, .. } = &*self.inner.shared;
        let mut attempts =
            Attempts::new(self.inner.retries(), call.facts, request.headers(), call.limits.until);
        budget.deposit();
        let result = loop {
            let spare = if attempts.may_follow() {
                SpareRequest::of(&request, call.reopen_body.as_ref())
            } else {
                None
            };
            let result = self.attempt(request, call, &mut attempts, record).await;
            let next = self.pause_after(&attempts, &result, spare.is_some());
            record.retry_stop = next.err().flatten();
            let (Ok(pause), Some(spare)) = (next, spare) else { break result };
            call.span.pause(attempts.count(), pause, &result);
            // The connection goes back to the pool before the pause.
            drop(result);
            clock.sleep(pause).await;
            request = match spare.into_request().await {
                Ok(request) => request,
                Err(unreadable) => break into_reqwest_error(unreadable).await,
            };
        };
        call.span.end(attempts.count(), &result);
        let response = result?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(SendError::UnexpectedResponse(response))
        }
    }

    fn authorize(&self, request: &mut Request, call: &CallContext<'_>) {
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.inner.shared.authorization.clone());
        if let Some(stack_id) = self.inner.stack_id(call.facts) {
            headers.insert(STACK_ID, stack_id.clone());
        }
    }

    /// Sends one request as soon as it has a permit, and notes how the attempt ended.
    async fn attempt(
        &self,
        mut request: Request,
        call: &CallContext<'_>,
        attempts: &mut Attempts<'_>,
        record: &mut AttemptRecord,
    ) -> AttemptResult {
        let Some(permit) = self.permit(attempts.permit_until()).await else {
            return into_reqwest_error(NoPermit).await;
        };
        self.authorize(&mut request, call);
        let clock = self.clock();
        let now = clock.now();
        let (time_left, limit) = attempts.begin(now);
        let timeout = self.inner.timeout();
        let silence = SilenceLimit::of(&mut request, call.facts, timeout);
        record.time_limit = TimeLimit::Timeout(timeout);
        if silence.is_some() {
            // Only its silence is limited. Without a timeout of its own, it would have the client's.
            *request.timeout_mut() = Some(Duration::MAX);
        } else if time_left < timeout {
            *request.timeout_mut() = Some(time_left);
            record.time_limit = limit;
        } else if self.inner.own_timeout.is_some() {
            *request.timeout_mut() = Some(timeout);
        }
        record.attempts = attempts.count();
        record.started.get_or_insert(now);
        record.retry_safe = attempts.is_retry_safe(now);
        let span = AttemptSpan::start(call, request.url(), attempts.count());
        let expects_json =
            request.headers().get(ACCEPT).is_some_and(|accept| accept == "application/json");
        let max = call.limits.max_body_bytes.unwrap_or(self.inner.shared.max_body_bytes);
        let result = span.run(async {
            let sent = self.client().execute(request);
            let response = match &silence {
                Some(silence) => silence.limit(sent).await?,
                None => sent.await?,
            };
            let success = SuccessHead::of(response.status(), response.headers());
            if success.is_none() {
                // The caller may keep an error response while it makes other calls, so the permit
                // is returned now. The body is short.
                drop(permit);
                let silence = silence.map(|limit| limit.length);
                let max = max.max(MIN_ERROR_BODY_LIMIT);
                return Ok(body::limit(response, max, silence, None));
            }
            record.success = success;
            if call.facts.streamed && !call.limits.buffered {
                return body::stream(response, max, silence.map(|limit| limit.length), permit)
                    .await;
            }
            // Read here, so that a response that breaks off can be retried.
            body::read(response, max, silence, expects_json).await
        });
        let result = result.await;
        span.end(&result);
        record.retry_safe = attempts.is_retry_safe(clock.now());
        record.maybe_carried_out |= Retryability::of(&result) == Retryability::WhenSafe;
        result
    }

    /// Returns how long to wait before the next attempt. If there should not be one although the
    /// failure is one that is retried, returns why.
    fn pause_after(
        &self,
        attempts: &Attempts<'_>,
        result: &AttemptResult,
        has_spare: bool,
    ) -> Result<Duration, Option<RetryStop>> {
        let Shared { budget, clock, jitter, .. } = &*self.inner.shared;
        let ended = Retryability::of(result);
        if ended == Retryability::Never || !attempts.allows_retry(ended, clock.now()) {
            return Err(None);
        }
        if attempts.are_used_up() {
            return Err(Some(RetryStop::MaxAttempts));
        }
        if !has_spare {
            return Err(Some(RetryStop::BodyCannotBeRepeated));
        }
        let headers = result.as_ref().ok().map(Response::headers);
        let asked = headers.and_then(|headers| retry_after(headers, clock.wall()));
        let pause = attempts.pause(clock.now(), jitter(), asked);
        let pause = pause.ok_or(Some(RetryStop::Deadline))?;
        if budget.withdraw() { Ok(pause) } else { Err(Some(RetryStop::BudgetEmpty)) }
    }

    /// Waits for a permit under the limit of requests in flight, no longer than `until`.
    async fn permit(&self, until: Option<Duration>) -> Option<OwnedSemaphorePermit> {
        let Shared { in_flight, clock, .. } = &*self.inner.shared;
        // Fails if others wait, so that nobody is overtaken.
        if let Ok(permit) = in_flight.clone().try_acquire_owned() {
            return Some(permit);
        }
        // The semaphore is never closed, so that the result is always a permit.
        let permit = in_flight.clone().acquire_owned();
        let Some(until) = until else { return permit.await.ok() };
        let timer = clock.sleep(until.saturating_sub(clock.now()));
        match select(pin!(permit), timer).await {
            Either::Left((permit, _)) => permit.ok(),
            Either::Right(_) => None,
        }
    }
}

//! Performs a call: from a builder to a value or the crate's error.

use reqwest::Request;

use super::context::{CallContext, CallLimits};
use super::failure::AttemptRecord;
use super::resend::ReopenBody;
use crate::error::{Error, ErrorContext, Redact, error_of_send};
use crate::operation::{Operation, OperationSpec, ReadResponse, SendError};
use crate::wire::strict::make_request;
use crate::{Client, ErrorKind, ResponseValue};

/// Performs a call and returns its value.
pub(crate) async fn perform<O: Operation>(
    operation: O,
    limits: CallLimits,
) -> Result<O::Output, Error> {
    let (response, _) = perform_with(operation, limits, None).await?;
    Ok(response.into_inner())
}

/// Performs a call and returns its value with status and headers, and the number of requests.
pub(crate) async fn perform_response<O: Operation>(
    operation: O,
    limits: CallLimits,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    perform_with(operation, limits, None).await
}

/// Performs a call whose body is a stream. Without `reopen_body` it is never retried.
pub(crate) async fn perform_upload<O: Operation>(
    operation: O,
    reopen_body: Option<ReopenBody>,
) -> Result<O::Output, Error> {
    let (response, _) = perform_with(operation, CallLimits::default(), reopen_body).await?;
    Ok(response.into_inner())
}

/// Performs a request that no generated call makes. `path` is its path with the parameters in braces.
pub(crate) async fn perform_request<R: ReadResponse>(
    client: &Client,
    facts: &OperationSpec,
    path: &str,
    request: impl FnOnce() -> Result<Request, SendError> + Send,
) -> Result<(ResponseValue<R::Output>, u32), Error>
where
    R::Output: Send,
{
    let call = CallContext::new(facts, path, CallLimits::default(), None);
    call.span.run(perform_within::<R>(client, &call, request)).await
}

#[expect(clippy::result_large_err, reason = "the type that generated calls return")]
async fn perform_with<O: Operation>(
    operation: O,
    limits: CallLimits,
    reopen_body: Option<ReopenBody>,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    let call = CallContext::new(O::SPEC, O::SPEC.path, limits, reopen_body);
    let strict = !operation.client().inner.sends_unknown;
    let (client, request) = make_request(strict, || operation.request());
    call.span.run(perform_within::<O::Reader>(&client, &call, || request)).await
}

async fn perform_within<R: ReadResponse>(
    client: &Client,
    call: &CallContext<'_>,
    request: impl FnOnce() -> Result<Request, SendError> + Send,
) -> Result<(ResponseValue<R::Output>, u32), Error>
where
    R::Output: Send,
{
    let mut record = AttemptRecord::default();
    let sent = async {
        let request = request()?;
        let response = client.exchange(request, call, &mut record).await?;
        R::read(response).await
    };
    let error = match sent.await {
        Ok(response) => return Ok((response, record.attempts)),
        Err(error) => error,
    };
    let now = client.clock().now();
    record.elapsed = record.started.map(|started| now.saturating_sub(started));
    let context = ErrorContext {
        facts: call.facts,
        record: &record,
        redact: Redact::new(&client.inner.shared.authorization),
        stack_id: client.inner.stack_id(call.facts),
        now: client.clock().wall(),
        proxy: client.inner.shared.proxy.as_deref(),
        has_roots: client.inner.shared.has_roots,
    };
    let error = error_of_send(error, context).await;
    // Failures that the attempts do not know of.
    match error.kind() {
        ErrorKind::Decode => call.span.fail("decode"),
        ErrorKind::InvalidRequest if record.attempts == 0 => call.span.fail("invalid_request"),
        _ => {}
    }
    Err(error)
}

//! Performs a call: from a builder to a value or the crate's error.

use super::context::{CallContext, CallLimits};
use super::failure::AttemptRecord;
use super::resend::ReopenBody;
use crate::error::{Error, ErrorContext, Redact, error_of_send};
use crate::operation::{Operation, ReadResponse as _};
use crate::{ErrorKind, ResponseValue};

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

async fn perform_with<O: Operation>(
    operation: O,
    limits: CallLimits,
    reopen_body: Option<ReopenBody>,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    let call = CallContext::new(O::FACTS, limits, reopen_body);
    let performed = async {
        let client = operation.client().clone();
        let mut record = AttemptRecord::default();
        let sent = async {
            let request = operation.request(&client)?;
            let response = client.exchange(request, &call, &mut record).await?;
            O::Reader::read(response).await
        };
        let error = match sent.await {
            Ok(response) => return Ok((response, record.attempts)),
            Err(error) => error,
        };
        let context = ErrorContext {
            facts: O::FACTS,
            record: &record,
            redact: Redact::new(&client.inner.shared.authorization),
            stack_id: client.inner.stack_id(O::FACTS),
            now: client.clock().wall(),
            mismatch: O::Reader::mismatch,
        };
        let error = error_of_send(error, context).await;
        // Failures that the attempts do not know of.
        match error.kind() {
            ErrorKind::Decode => call.span.fail("decode"),
            ErrorKind::InvalidRequest if record.attempts == 0 => call.span.fail("invalid_request"),
            _ => {}
        }
        Err(error)
    };
    // Boxed: the future is large, and the span would move it once more.
    call.span.run(Box::pin(performed)).await
}

//! Calls: from a generated builder to a plain value or the crate's error.

use std::sync::Arc;

use futures_util::TryFutureExt as _;

use crate::error::{self, Redact};
use crate::operation::{self, Answer as _, Operation};
use crate::transport::{Context, Limits, Reopen};
use crate::{Error, ErrorKind, ResponseValue, trace};

/// Sends a call and returns its plain value.
///
/// Every builder of an operation has it. It is sealed: the pipeline implements it for each
/// operation of the API's description.
pub trait Call: Operation {
    /// Sends the request and returns what the answer holds: a value, nothing, or bytes as they
    /// come in ([`ByteStream`](crate::ByteStream)).
    ///
    /// The request is repeated by the client's [`RetryPolicy`](crate::RetryPolicy). Dropping the
    /// future cancels the request; the server may have carried it out all the same. The generated
    /// `send` gives the error as it came, with the answer unread.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind) but `Configuration`, `Pagination`, `WaitTimeout`,
    /// `Write` and `Read`.
    fn call(self) -> impl Future<Output = Result<Self::Output, Error>> + Send;

    /// Sends the request and returns what the answer holds with its status and headers; otherwise
    /// like [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call).
    fn response(self) -> impl Future<Output = Result<ResponseValue<Self::Output>, Error>> + Send;
}

impl<O: Operation> Call for O {
    fn call(self) -> impl Future<Output = Result<O::Output, Error>> + Send {
        perform(self, Limits::default())
    }

    fn response(self) -> impl Future<Output = Result<ResponseValue<O::Output>, Error>> + Send {
        perform_response(self, Limits::default()).map_ok(|(response, _)| response)
    }
}

/// Sends a call within limits of its own.
pub(crate) async fn perform<O: Operation>(
    operation: O,
    limits: Limits,
) -> Result<O::Output, Error> {
    perform_response(operation, limits).await.map(|(response, _)| response.into_inner())
}

/// Sends a call, and returns the headers of the answer too, and how many requests were sent.
pub(crate) async fn perform_response<O: Operation>(
    operation: O,
    limits: Limits,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    perform_with(operation, limits, None).await
}

/// Sends a call whose body is a stream, which `body` makes again.
pub(crate) async fn perform_upload<O: Operation>(
    operation: O,
    body: Option<Reopen>,
) -> Result<O::Output, Error> {
    let (response, _) = perform_with(operation, Limits::default(), body).await?;
    Ok(response.into_inner())
}

async fn perform_with<O: Operation>(
    operation: O,
    limits: Limits,
    body: Option<Reopen>,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    let context = Arc::new(Context::new(limits, body, trace::Call::start(O::FACTS)));
    // On the heap: it is large, and would be moved once more for the span.
    context.call.run(Box::pin(perform_within(operation, &context))).await
}

async fn perform_within<O: Operation>(
    operation: O,
    context: &Arc<Context>,
) -> Result<(ResponseValue<O::Output>, u32), Error> {
    let client = operation.client().with_context(Arc::clone(context));
    let error = match operation::send(operation, &client).await {
        Ok(response) => return Ok((response, context.attempts())),
        Err(error) => error,
    };
    let call = error::Call {
        facts: O::FACTS,
        context,
        redact: Redact::new(&client.inner.shared.authorization),
        stack_id: client.inner.stack_id(O::FACTS),
        now: client.clock().wall(),
        misfit: O::Answer::misfit,
    };
    let error = error::of_send(error, call).await;
    // What the attempts do not know of.
    match error.kind() {
        ErrorKind::Decode => context.call.fail("decode"),
        ErrorKind::InvalidRequest if context.attempts() == 0 => {
            context.call.fail("invalid_request");
        }
        _ => {}
    }
    Err(error)
}

//! Calls: from a generated builder to a plain value or the crate's error.

use futures_util::TryFutureExt as _;

use crate::http::{CallLimits, perform, perform_response};
use crate::operation::Operation;
use crate::{Error, ResponseValue};

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
        perform(self, CallLimits::default())
    }

    fn response(self) -> impl Future<Output = Result<ResponseValue<O::Output>, Error>> + Send {
        perform_response(self, CallLimits::default()).map_ok(|(response, _)| response)
    }
}

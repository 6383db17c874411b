//! Sending: from a call to a plain value or the crate's error.

use std::pin::Pin;

use crate::http::{CallLimits, perform, perform_response};
use crate::operation::Operation;
use crate::{Error, ResponseValue};

/// A call that is being sent, for `IntoFuture`.
pub(crate) type Sending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Lets calls be awaited without `send`.
///
/// A boxed future is compiled where it is boxed. Inlined, that is in the programs that await the
/// call, and not in each build of this crate.
macro_rules! awaitable {
    ($($call:ident => $output:ty;)*) => {$(
        impl ::std::future::IntoFuture for $call {
            type Output = ::std::result::Result<$output, $crate::Error>;
            type IntoFuture = $crate::ext::Sending<$output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    )*};
}
pub(crate) use awaitable;

/// Sends calls, for code that is generic over them.
///
/// Every call of the API has these methods itself; you need the trait only where a function takes
/// any call. It is sealed: the crate implements it for each operation of the API.
///
/// ```no_run
/// use k6_cloud::{Error, OperationExt};
///
/// /// Sends any call, and returns `None` where the API says 404.
/// async fn find<C: OperationExt>(call: C) -> Result<Option<C::Output>, Error> {
///     match call.send().await {
///         Ok(value) => Ok(Some(value)),
///         Err(error) if error.is_not_found() => Ok(None),
///         Err(error) => Err(error),
///     }
/// }
/// ```
pub trait OperationExt: Operation {
    /// Sends the request and returns what the response holds: a value, nothing, or bytes as they come
    /// in ([`ByteStream`](crate::ByteStream)).
    ///
    /// The client's [`RetryPolicy`](crate::RetryPolicy) decides when the request is retried. Dropping
    /// the future cancels the request; the server may have carried it out all the same.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind) but `Configuration`, `Pagination`, `WaitTimeout`,
    /// `Write` and `Read`.
    fn send(self) -> impl Future<Output = Result<Self::Output, Error>> + Send;

    /// Sends the request and returns what the response holds with its status and headers.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    fn response(self) -> impl Future<Output = Result<ResponseValue<Self::Output>, Error>> + Send;
}

impl<O: Operation> OperationExt for O {
    fn send(self) -> impl Future<Output = Result<O::Output, Error>> + Send {
        send(self)
    }

    fn response(self) -> impl Future<Output = Result<ResponseValue<O::Output>, Error>> + Send {
        response(self)
    }
}

/// Sends a call within the client's limits.
pub(crate) fn send<O: Operation>(
    operation: O,
) -> impl Future<Output = Result<O::Output, Error>> + Send {
    perform(operation, CallLimits::default())
}

/// Sends a call within the client's limits, and returns status and headers too.
pub(crate) async fn response<O: Operation>(
    operation: O,
) -> Result<ResponseValue<O::Output>, Error> {
    let (response, _) = perform_response(operation, CallLimits::default()).await?;
    Ok(response)
}

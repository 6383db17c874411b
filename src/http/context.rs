//! The settings of a single call.

use std::time::Duration;

use super::resend::ReopenBody;
use super::trace::CallSpan;
use crate::operation::OperationSpec;

/// The limits of a single call, instead of the client's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallLimits {
    /// The largest response body, in bytes.
    pub(crate) max_body_bytes: Option<u64>,
    /// The time of the client's clock at which the call ends, if that is before its deadline.
    pub(crate) until: Option<Duration>,
    /// Whether to read a response to its end first, although it could be passed on as it arrives. A
    /// response that breaks off can then be retried.
    pub(crate) buffered: bool,
}

/// The values that stay the same for all attempts of a call.
pub(crate) struct CallContext<'c> {
    pub(crate) facts: &'c OperationSpec,
    /// The path with its parameters in braces.
    pub(crate) path: &'c str,
    pub(crate) limits: CallLimits,
    /// Reads the request body from its start again, if it is a stream that can be read again.
    pub(crate) reopen_body: Option<ReopenBody>,
    /// The span around all attempts and the reading of the response.
    pub(crate) span: CallSpan,
}

impl<'c> CallContext<'c> {
    pub(crate) fn new(
        facts: &'c OperationSpec,
        path: &'c str,
        limits: CallLimits,
        reopen_body: Option<ReopenBody>,
    ) -> Self {
        Self { facts, path, limits, reopen_body, span: CallSpan::start(facts, path) }
    }
}

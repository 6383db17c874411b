//! How an error is shown.

use std::error::Error as StdError;
use std::fmt;

use super::Error;
use crate::http::limits::RetryStop;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation.filter(|_| !formatter.alternate()) {
            write!(formatter, "{operation}: ")?;
        }
        formatter.write_str(&self.0.summary)?;
        if self.0.record.attempts > 1 {
            write!(formatter, " (after {} attempts)", self.0.record.attempts)?;
        }
        if let Some(stop) = self.0.record.retry_stop.and_then(RetryStop::told) {
            write!(formatter, "; not retried: {stop}")?;
        }
        if let Some(hint) = &self.0.hint {
            write!(formatter, "; {hint}")?;
        }
        if let Some((_, shown)) = &self.0.abort {
            write!(formatter, "; {shown}")?;
        }
        Ok(())
    }
}

/// `{:#?}` shows the fields; `{:?}` the line of `Display`, because `main` prints errors so.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !formatter.alternate() {
            return fmt::Display::fmt(self, formatter);
        }
        formatter
            .debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("summary", &self.0.summary)
            .field("attempts", &self.0.record.attempts)
            .field("retry_stop", &self.0.record.retry_stop)
            .field("response", &self.0.response)
            .field("hint", &self.0.hint)
            .field("last_run", &self.0.last_run.as_ref().map(|run| run.id))
            .field("abort", &self.0.abort)
            .field("source", &self.0.source)
            .finish()
    }
}

/// Has no source; [`get_ref`](Error::get_ref) returns the cause.
impl StdError for Error {}

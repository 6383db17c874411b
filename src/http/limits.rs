//! Limits that end a call: on its time and on its attempts.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// The limit on the time of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum TimeLimit {
    /// That of the client or of a clone.
    Timeout(Duration),
    /// One that the caller has set on the HTTP client.
    #[default]
    HttpClient,
    /// That of all attempts of a call.
    Deadline,
    /// That of the caller, such as a wait.
    Caller,
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit) => {
                write!(formatter, "{limit:?}, the limit of ClientBuilder::timeout")
            }
            Self::HttpClient => formatter.write_str("a limit of the reqwest client"),
            Self::Deadline => formatter.write_str("the limit of RetryPolicy::deadline"),
            Self::Caller => formatter.write_str("the timeout of the wait"),
        }
    }
}

/// A body that did not move for too long.
#[derive(Debug)]
pub(crate) struct Silent {
    pub(crate) limit: Duration,
}

impl fmt::Display for Silent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = TimeLimit::Timeout(self.limit);
        write!(formatter, "nothing was sent or received within {limit}")
    }
}

impl StdError for Silent {}

/// Why the client did not retry a request, although its [`RetryPolicy`](crate::RetryPolicy) retries
/// such a failure; from [`Error::retry_stop`](crate::Error::retry_stop).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryStop {
    /// All attempts were made; see [`max_attempts`](crate::RetryPolicy::max_attempts).
    MaxAttempts,
    /// The next pause would have ended after the [`deadline`](crate::RetryPolicy::deadline), or after
    /// the timeout of a wait.
    Deadline,
    /// The [`budget`](crate::RetryPolicy::budget) of retries, which all calls of a client share, is
    /// empty.
    BudgetEmpty,
    /// The body of the request comes from a reader, which cannot be read again.
    BodyCannotBeRepeated,
}

impl RetryStop {
    /// Returns what an error says. The number of attempts is there already.
    pub(crate) fn told(self) -> Option<&'static str> {
        match self {
            Self::MaxAttempts => None,
            Self::Deadline => Some("the pause would end after the limit of RetryPolicy::deadline"),
            Self::BudgetEmpty => Some(
                "the retry budget is empty (raise RetryPolicy::budget, or use RetryPolicy::batch for \
                 batch jobs)",
            ),
            Self::BodyCannotBeRepeated => Some("the script comes from a reader"),
        }
    }
}

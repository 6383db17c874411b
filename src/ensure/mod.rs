//! Projects and load tests that exist after a call, whether or not they did before.

mod load_test;
mod project;
mod same_script;

use std::fmt;

pub use self::load_test::EnsureLoadTest;
pub use self::project::EnsureProject;
use crate::{Error, ErrorKind};

/// A project or a load test that exists, and what the call did; from [`Client::ensure_project`] and
/// [`Client::ensure_load_test`].
///
/// [`Client::ensure_project`]: crate::Client::ensure_project
/// [`Client::ensure_load_test`]: crate::Client::ensure_load_test
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ensured<T> {
    /// The project or load test, as it is after the call.
    pub value: T,
    /// What the call did.
    pub outcome: EnsureOutcome,
}

impl<T> Ensured<T> {
    /// Makes one, for tests of code that takes it.
    pub fn new(value: T, outcome: EnsureOutcome) -> Self {
        Self { value, outcome }
    }
}

/// What an `ensure_...` call did.
///
/// `Display` writes one word, such as `created`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnsureOutcome {
    /// It did not exist, and was created.
    Created,
    /// It existed. Its script or its version of k6 was replaced.
    Updated,
    /// It existed, with the same script and the same version of k6. Nothing was changed.
    Unchanged,
    /// It existed. There was nothing to compare, because the call sets only the name.
    Found,
}

impl fmt::Display for EnsureOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Found => "found",
        })
    }
}

/// Returns whether a creation failed in a way that leaves the resource in existence: somebody else
/// created it first, or the response to our own request was lost or cannot be read.
fn may_exist(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Conflict | ErrorKind::OutcomeUnknown | ErrorKind::Decode)
}

/// Returns the error of a creation after which the list does not have the name.
fn not_listed(error: Error, what: &str) -> Error {
    if error.kind() != ErrorKind::Conflict {
        return error;
    }
    error.with_hint(format!(
        "the list has no {what} of exactly this name: check capital letters and spaces, and whether \
         the token may see the {what}"
    ))
}

/// Returns the error of a creation after which the list cannot be read.
fn not_looked_up(error: Error, list: &Error) -> Error {
    let more = format!("the list cannot be read: {list}");
    let hint = match error.hint() {
        Some(hint) => format!("{hint}; {more}"),
        None => more,
    };
    error.with_hint(hint)
}

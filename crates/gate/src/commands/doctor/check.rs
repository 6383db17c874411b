//! One line of the diagnosis.

use serde::Serialize;

use crate::log_text::log_line;

/// Whether something is as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Right,
    Wrong,
    Unknown,
}

/// What a check is about. The exit code depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Topic {
    Versions,
    Settings,
    Network,
    Access,
}

/// A check and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    pub(super) topic: Topic,
    /// The name, for programs too.
    pub(super) name: String,
    pub(super) state: State,
    /// What was found.
    pub(super) found: String,
    /// What to do. `None` if nothing is wrong.
    pub(super) fix: Option<String>,
}

impl Check {
    fn new(topic: Topic, name: &str, state: State, found: impl Into<String>) -> Self {
        Self { topic, name: name.to_owned(), state, found: found.into(), fix: None }
    }

    pub(super) fn right(topic: Topic, name: &str, found: impl Into<String>) -> Self {
        Self::new(topic, name, State::Right, found)
    }

    pub(super) fn wrong(topic: Topic, name: &str, found: impl Into<String>, fix: &str) -> Self {
        Self { fix: Some(fix.to_owned()), ..Self::new(topic, name, State::Wrong, found) }
    }

    /// Something that cannot be known, or only by doing it.
    pub(super) fn unknown(topic: Topic, name: &str, found: impl Into<String>) -> Self {
        Self::new(topic, name, State::Unknown, found)
    }

    /// Returns the check as a line, and its fix as another.
    pub(super) fn line(&self) -> String {
        let state = match self.state {
            State::Right => "right  ",
            State::Wrong => "WRONG  ",
            State::Unknown => "unknown",
        };
        let mut line = format!("{state}  {:<24} {}\n", self.name, log_line(&self.found));
        if let Some(fix) = &self.fix {
            line.push_str(&format!("{:34}fix: {}\n", "", log_line(fix)));
        }
        line
    }
}

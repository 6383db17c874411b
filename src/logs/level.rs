//! The levels of log lines.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The level of a log line, from the least to the most severe.
///
/// Serializes as its name in lower case, such as `warning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LogLevel {
    /// Details of single steps.
    Trace,
    /// `console.debug`.
    Debug,
    /// `console.log` and `console.info`.
    Info,
    /// `console.warn`.
    Warning,
    /// `console.error`, and exceptions of the script.
    Error,
    /// An error that ended k6.
    Fatal,
    /// A fault of k6 itself.
    Panic,
}

impl LogLevel {
    /// Returns the level with this name, in any case; `None` if it is not known.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "trace" => Self::Trace,
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" | "warning" => Self::Warning,
            "error" => Self::Error,
            "fatal" => Self::Fatal,
            "panic" => Self::Panic,
            _ => return None,
        })
    }

    /// Returns the name, such as `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
            Self::Panic => "panic",
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::LogLevel;

    #[test]
    fn names_are_read_in_any_case_and_in_both_spellings() {
        for level in [
            LogLevel::Trace,
            LogLevel::Debug,
            LogLevel::Info,
            LogLevel::Warning,
            LogLevel::Error,
            LogLevel::Fatal,
            LogLevel::Panic,
        ] {
            assert_eq!(LogLevel::of_name(level.as_str()), Some(level));
            let json = format!("\"{level}\"");
            assert_eq!(serde_json::to_string(&level).expect("serializes"), json);
            assert_eq!(serde_json::from_str::<LogLevel>(&json).expect("reads"), level);
        }
        assert_eq!(LogLevel::of_name("WARN"), Some(LogLevel::Warning));
        assert_eq!(LogLevel::of_name("notice"), None);
        assert!(LogLevel::Warning < LogLevel::Error);
    }
}

//! What a tail of logs yields.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::LogLevel;
use crate::wire::Timestamp;

/// The number of characters that `Display` shows of a line.
const MAX_SHOWN: usize = 4096;

/// A log line, or the news that lines are missing; from [`TailLogs`](super::TailLogs).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
#[non_exhaustive]
pub enum LogEvent {
    /// A line.
    Line(LogLine),
    /// Lines are missing here, or may be.
    Dropped(DroppedLines),
}

/// A log line.
///
/// `Display` writes the time, the level and the text on one line, without hidden characters and at most
/// 4096 characters of the text: a script writes what it likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The time of the line, with nanoseconds.
    pub at: Timestamp,
    /// The level; `None` if the line has none, or one that is not known.
    pub level: Option<LogLevel>,
    /// All labels, such as `level`, `lz` (the load zone) and `instance_id`. Lines that came together
    /// share them.
    #[serde(with = "shared")]
    pub labels: Arc<BTreeMap<String, String>>,
    /// The text, as the script or k6 wrote it. It may have any characters, line breaks too.
    pub text: String,
}

impl LogLine {
    /// Makes a line without labels, for tests.
    pub fn new(at: impl Into<Timestamp>, level: LogLevel, text: impl Into<String>) -> Self {
        let labels = BTreeMap::from([("level".to_owned(), level.as_str().to_owned())]);
        Self { at: at.into(), level: Some(level), labels: Arc::new(labels), text: text.into() }
    }

    /// Returns the load zone that the line comes from, from the label `lz`.
    pub fn load_zone(&self) -> Option<&str> {
        self.labels.get("lz").map(String::as_str)
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = self.level.map_or("", LogLevel::as_str);
        let time = self.at.format("%H:%M:%S%.3f");
        write!(formatter, "{time} {level:7} {}", visible_text::line(&self.text, MAX_SHOWN))
    }
}

/// Lines that are missing, or may be.
///
/// `Display` writes it on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DroppedLines {
    /// Why they are missing.
    pub reason: DropReason,
    /// How many there are; `None` if nobody knows, and there may be none.
    pub lines: Option<u64>,
    /// The time of the first one, if it is known.
    pub from: Option<Timestamp>,
    /// The time of the last one, if it is known.
    pub to: Option<Timestamp>,
}

/// Why lines are missing; see [`DroppedLines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropReason {
    /// The service left them out.
    Server,
    /// They came faster than they were taken; see
    /// [`max_buffered_bytes`](super::TailLogs::max_buffered_bytes).
    Buffer,
    /// The connection broke, and was made again. The lines in between were asked for again.
    Disconnected,
    /// A message was larger than [`max_buffered_bytes`](super::TailLogs::max_buffered_bytes).
    TooLarge,
    /// They are not in the form that the service uses.
    Unreadable,
}

impl DropReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Server => "the service left them out",
            Self::Buffer => "they came faster than they were read",
            Self::Disconnected => "the connection broke",
            Self::TooLarge => "they came in a message that is too large",
            Self::Unreadable => "they cannot be read",
        }
    }
}

impl DroppedLines {
    pub(super) fn new(reason: DropReason, lines: Option<u64>) -> Self {
        Self { reason, lines, from: None, to: None }
    }

    /// Sets the times of the first and the last line.
    pub(super) fn between(mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    /// Counts a line.
    pub(super) fn add(&mut self, at: Timestamp) {
        self.lines = self.lines.map(|lines| lines + 1);
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
        self.to = Some(self.to.map_or(at, |to| to.max(at)));
    }
}

impl fmt::Display for DroppedLines {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.as_str();
        match self.lines {
            Some(1) => write!(formatter, "1 line is missing: {reason}")?,
            Some(lines) => write!(formatter, "{lines} lines are missing: {reason}")?,
            None => write!(formatter, "lines may be missing: {reason}")?,
        }
        match (self.from, self.to) {
            (Some(from), Some(to)) if from != to => {
                let (from, to) = (from.format("%H:%M:%S%.3f"), to.format("%H:%M:%S%.3f"));
                write!(formatter, ", from {from} to {to}")
            }
            (Some(at), _) | (_, Some(at)) => {
                write!(formatter, ", at {}", at.format("%H:%M:%S%.3f"))
            }
            (None, None) => Ok(()),
        }
    }
}

/// Writes and reads shared labels; serde's own would need its feature `rc`.
mod shared {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    type Labels = Arc<BTreeMap<String, String>>;

    pub(super) fn serialize<S: Serializer>(
        labels: &Labels,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        labels.as_ref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Labels, D::Error> {
        BTreeMap::deserialize(deserializer).map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use super::{DropReason, DroppedLines, LogEvent, LogLevel, LogLine};
    use crate::wire::Timestamp;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn line_is_shown_on_one_line_without_hidden_characters() {
        let line =
            LogLine::new(at("2026-06-30T12:00:00.25Z"), LogLevel::Error, "a\n\u{202e}b\u{1b}[2J");
        let shown = line.to_string();
        assert!(shown.starts_with("12:00:00.250 error   a"), "{shown}");
        assert!(!shown.contains(['\n', '\u{202e}', '\u{1b}']), "{shown}");
        let long = LogLine { text: "x".repeat(1_000_000), level: None, ..line };
        assert!(long.to_string().len() < 5_000);
    }

    #[test]
    fn dropped_lines_are_counted_with_their_times() {
        let mut dropped = DroppedLines::new(DropReason::Buffer, Some(0));
        for time in ["2026-06-30T12:00:02Z", "2026-06-30T12:00:01Z"] {
            dropped.add(at(time));
        }
        assert_eq!(
            dropped.to_string(),
            "2 lines are missing: they came faster than they were read, from 12:00:01.000 to \
             12:00:02.000"
        );
        let unknown = DroppedLines::new(DropReason::Disconnected, None);
        assert_eq!(unknown.to_string(), "lines may be missing: the connection broke");
        let one = DroppedLines::new(DropReason::Server, Some(1))
            .between(Some(at("2026-06-30T12:00:01Z")), None);
        assert!(one.to_string().ends_with("left them out, at 12:00:01.000"), "{one}");
    }

    #[test]
    fn events_are_read_as_they_are_written() {
        let line = LogLine::new(at("2026-06-30T12:00:00.000000001Z"), LogLevel::Info, "x");
        for event in
            [LogEvent::Line(line), LogEvent::Dropped(DroppedLines::new(DropReason::TooLarge, None))]
        {
            let json = serde_json::to_string(&event).expect("serializes");
            assert_eq!(serde_json::from_str::<LogEvent>(&json).expect(&json), event);
        }
    }
}

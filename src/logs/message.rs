//! Reads the messages of the service: those of the tail of Grafana Loki.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use serde_json::Value;

use super::{DropReason, DroppedLines, LogLevel, LogLine};
use crate::wire::Timestamp;

/// What a message has.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) lines: Vec<LogLine>,
    /// The lines that are missing.
    pub(super) dropped: Vec<DroppedLines>,
}

/// Reads a message. What cannot be read is counted among what is missing.
pub(super) fn read(bytes: &[u8]) -> Message {
    let unreadable = || Message {
        lines: Vec::new(),
        dropped: vec![DroppedLines::new(DropReason::Unreadable, None)],
    };
    let Ok(Value::Object(mut message)) = serde_json::from_slice(bytes) else {
        return unreadable();
    };
    let (streams, entries) = (message.remove("streams"), message.remove("dropped_entries"));
    if streams.is_none() && entries.is_none() {
        return unreadable();
    }
    let (mut read, mut bad) = (Message::default(), DroppedLines::new(DropReason::Unreadable, None));
    match streams {
        None | Some(Value::Null) => {}
        Some(Value::Array(streams)) => {
            for stream in streams {
                read_stream(stream, &mut read.lines, &mut bad);
            }
        }
        Some(_) => return unreadable(),
    }
    if let Some(Value::Array(entries)) = entries.filter(|entries| entries != &Value::Array(vec![]))
    {
        let mut dropped = DroppedLines::new(DropReason::Server, Some(0));
        for entry in &entries {
            match entry.get("timestamp").and_then(time) {
                Some(at) => dropped.add(at),
                None => dropped.lines = dropped.lines.map(|lines| lines + 1),
            }
        }
        read.dropped.push(dropped);
    }
    if bad.lines.is_some() {
        read.dropped.push(bad);
    }
    read
}

/// Reads the lines of a stream, whose labels they share.
fn read_stream(mut stream: Value, lines: &mut Vec<LogLine>, bad: &mut DroppedLines) {
    let mut one_more = || bad.lines = Some(bad.lines.unwrap_or_default() + 1);
    let Some(Value::Array(values)) = stream.get_mut("values").map(Value::take) else {
        return one_more();
    };
    let labels = stream.get("stream").and_then(Value::as_object);
    let labels: BTreeMap<String, String> = labels
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    let level = labels.get("level").and_then(|name| LogLevel::of_name(name));
    let labels = Arc::new(labels);
    for value in values {
        match line(value) {
            Some((at, text)) => {
                lines.push(LogLine { at, level, labels: Arc::clone(&labels), text });
            }
            None => one_more(),
        }
    }
}

/// Reads a pair of a time and a text. Loki may add a third element, with metadata.
fn line(value: Value) -> Option<(Timestamp, String)> {
    let Value::Array(parts) = value else { return None };
    let mut parts = parts.into_iter();
    let at = time(&parts.next()?)?;
    match parts.next()? {
        Value::String(text) => Some((at, text)),
        _ => None,
    }
}

/// Reads nanoseconds since the epoch, as a string or a number.
fn time(value: &Value) -> Option<Timestamp> {
    let nanoseconds = match value {
        Value::String(text) => text.parse().ok()?,
        value => value.as_i64()?,
    };
    Some(DateTime::from_timestamp_nanos(nanoseconds).into())
}

#[cfg(test)]
mod tests {
    use super::{DropReason, LogLevel, read};

    #[test]
    fn lines_of_all_streams_are_read_with_their_labels() {
        let message = read(
            br#"{"streams": [
                {"stream": {"level": "warn", "lz": "amazon:de:frankfurt", "odd": 7},
                 "values": [["1782820800000000001", "a"], [1782820800000000002, "b\nc"]]},
                {"stream": {"level": "notice"}, "values": [["1782820800000000000", "", {"x": "y"}]]},
                {"values": [["1782820800000000003", "without labels"]]}
            ], "dropped_entries": null, "new": 1}"#,
        );
        assert!(message.dropped.is_empty(), "{message:?}");
        let texts: Vec<_> = message.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["a", "b\nc", "", "without labels"]);
        let first = &message.lines[0];
        assert_eq!(first.at.to_string(), "2026-06-30T12:00:00.000000001Z");
        assert_eq!(first.level, Some(LogLevel::Warning));
        assert_eq!(first.load_zone(), Some("amazon:de:frankfurt"));
        assert_eq!(message.lines[2].level, None);
        assert_eq!(message.lines[2].labels["level"], "notice");
    }

    #[test]
    fn dropped_entries_are_counted() {
        let message = read(
            br#"{"streams": null, "dropped_entries": [
                {"labels": {"level": "info"}, "timestamp": "1782820801000000000"},
                {"labels": "{}", "timestamp": "1782820800000000000"}, {"timestamp": null}, 7]}"#,
        );
        let [dropped] = &message.dropped[..] else { panic!("{message:?}") };
        assert_eq!((dropped.reason, dropped.lines), (DropReason::Server, Some(4)));
        assert_eq!(dropped.from.map(|at| at.to_string()).as_deref(), Some("2026-06-30T12:00:00Z"));
        assert_eq!(dropped.to.map(|at| at.to_string()).as_deref(), Some("2026-06-30T12:00:01Z"));
        assert!(read(br#"{"streams": [], "dropped_entries": []}"#).dropped.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_missing() {
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        for bytes in [
            &b""[..],
            b"not JSON",
            b"{\"streams\": [",
            b"[]",
            b"null",
            b"{}",
            br#"{"error": {"code": "x"}}"#,
            br#"{"streams": "x"}"#,
            b"{\"streams\": [{\"values\": [[\"1\", \"\xff\"]]}]}",
            &deep,
        ] {
            let message = read(bytes);
            assert!(message.lines.is_empty());
            let [dropped] = &message.dropped[..] else { panic!("{message:?}") };
            assert_eq!((dropped.reason, dropped.lines), (DropReason::Unreadable, None));
        }
    }

    #[test]
    fn odd_line_does_not_hide_the_others() {
        let message = read(
            br#"{"streams": [{"stream": null, "values": [
                ["1", "a"], ["x", "b"], ["2"], [], 7, null, ["3", 4], [1.5, "c"], ["4", "d"]]},
                {"stream": {}}, {"stream": {}, "values": "x"}, null]}"#,
        );
        let texts: Vec<_> = message.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["a", "d"]);
        let [dropped] = &message.dropped[..] else { panic!("{message:?}") };
        assert_eq!((dropped.reason, dropped.lines), (DropReason::Unreadable, Some(10)));
    }
}

//! The logs of a run: shown beside its progress, and their errors for the report. Nothing depends on
//! them: what goes wrong here is at most a notice.

use std::collections::HashMap;
use std::time::Duration;

use k6_cloud::logs::{LogEvent, LogLevel, LogLine, TailLogs};
use k6_cloud::types::TestRun;
use k6_cloud::wire::Timestamp;
use k6_cloud::{Error, ErrorKind, RunHandle};
use tokio::time::{Instant, timeout_at};

use crate::args::{General, ShowLogs};
use crate::exit::with_causes;
use crate::log_text::log_line;
use crate::progress::is_log;
use crate::report::ScriptError;

/// How many different errors are told apart.
const MAX_ERRORS: usize = 50;
/// How many characters are kept of an error.
const MAX_TEXT: usize = 4_096;
/// How long the lines of a run that has ended may take.
const LINGER: Duration = Duration::from_secs(3);
/// The same for a fake in this process.
const LINGER_OF_FAKE: Duration = Duration::from_millis(200);
/// For how long the logs may be out of reach.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Reads the logs of a run.
#[derive(Debug, Default)]
pub(crate) struct LogReader {
    /// `None` if logs are not read, or not any more.
    tail: Option<TailLogs>,
    /// The least severe level that is shown.
    shown: Option<LogLevel>,
    linger: Duration,
    errors: Vec<ScriptError>,
    /// The index of an error by its level and text.
    known: HashMap<(LogLevel, String), usize>,
    /// How many lines had errors for which there is no room.
    others: u64,
    failure: Option<String>,
}

impl LogReader {
    /// Starts to read. Nothing is sent before the first [`next`](Self::next).
    pub(crate) fn start(run: &RunHandle, show: Option<ShowLogs>, general: &General) -> Self {
        if show == Some(ShowLogs::None) {
            return Self::default();
        }
        let shown = show.and_then(ShowLogs::level);
        let since = run.run().map(|run| run.created);
        let least = shown.map_or(LogLevel::Error, |level| level.min(LogLevel::Error));
        let tail = run.tail_logs().levels(least..).since(since);
        let tail = tail.poll_run(false).tolerate(TOLERANCE);
        let linger = if general.fake.is_some() { LINGER_OF_FAKE } else { LINGER };
        Self { tail: Some(tail), shown, linger, ..Self::default() }
    }

    /// Starts to read the errors of a run that has ended.
    pub(crate) fn of_ended(run: &RunHandle, ended: &TestRun, general: &General) -> Self {
        let mut reader = Self::start(run, None, general);
        reader.tail = reader.tail.map(|tail| tail.since(ended.created));
        reader
    }

    /// Returns the next line to show. Waits forever if there is none.
    ///
    /// Cancel safe.
    pub(crate) async fn next(&mut self) -> String {
        match self.next_or_end().await {
            Some(line) => line,
            None => std::future::pending().await,
        }
    }

    /// Returns the next line to show; `None` if no more can come.
    async fn next_or_end(&mut self) -> Option<String> {
        loop {
            match self.tail.as_mut()?.try_next().await {
                Ok(Some(LogEvent::Line(line))) => {
                    self.count(&line);
                    let is_shown = |least| line.level.is_none_or(|level| level >= least);
                    if self.shown.is_some_and(is_shown) {
                        return Some(log_line(&line.to_string()));
                    }
                }
                Ok(Some(LogEvent::Dropped(dropped))) if self.shown.is_some() => {
                    return Some(log_line(&format!("({dropped})")));
                }
                Ok(Some(_)) => {}
                Ok(None) => self.tail = None,
                Err(error) => {
                    self.tail = None;
                    return self.fail(&error);
                }
            }
        }
    }

    /// Reads what still comes after the run has ended, and passes on the lines to show. Ends when
    /// nothing has come for some seconds.
    pub(crate) async fn finish(&mut self, mut show: impl FnMut(&str)) {
        let until = Instant::now() + self.linger;
        while let Ok(Some(line)) = timeout_at(until, self.next_or_end()).await {
            show(&line);
        }
        self.tail = None;
    }

    /// Returns the errors, the most severe and most frequent first, and what could not be read.
    pub(crate) fn into_errors(self) -> (Vec<ScriptError>, Option<String>) {
        let mut errors = self.errors;
        errors.sort_by(|a, b| {
            (b.level, b.count).cmp(&(a.level, a.count)).then(a.first.cmp(&b.first))
        });
        let others = (self.others > 0)
            .then(|| format!("the logs have {} lines with further errors", self.others));
        (errors, self.failure.or(others))
    }

    /// Returns whether lines are shown.
    pub(crate) fn shows(&self) -> bool {
        self.shown.is_some()
    }

    fn fail(&mut self, error: &Error) -> Option<String> {
        let has_no_address = error.kind() == ErrorKind::Configuration
            && error.setting().is_some_and(|s| s.is_missing);
        // Who does not ask for logs does not have to say where they are.
        if has_no_address && self.shown.is_none() {
            return None;
        }
        let failure = format!("the logs could not be read: {}", with_causes(error));
        let line = self.shown.map(|_| log_line(&failure));
        self.failure = Some(failure);
        line
    }

    fn count(&mut self, line: &LogLine) {
        let Some(level) = line.level.filter(|level| *level >= LogLevel::Error) else { return };
        let text: String = line.text.trim().chars().take(MAX_TEXT).collect();
        let zone = line.load_zone().filter(|zone| !zone.is_empty());
        let key = (level, text);
        let index = match self.known.get(&key) {
            Some(index) => *index,
            None if self.errors.len() == MAX_ERRORS => {
                self.others += 1;
                return;
            }
            None => {
                self.errors.push(ScriptError::new(level, &key.1, line.at));
                self.known.insert(key, self.errors.len() - 1);
                self.errors.len() - 1
            }
        };
        self.errors[index].add(line.at, zone);
    }
}

impl ShowLogs {
    /// Returns the least severe level that is shown.
    fn level(self) -> Option<LogLevel> {
        Some(match self {
            Self::Auto if is_log() => LogLevel::Error,
            Self::Auto | Self::Info => LogLevel::Info,
            Self::None => return None,
            Self::Error => LogLevel::Error,
            Self::Warning => LogLevel::Warning,
            Self::Debug => LogLevel::Trace,
        })
    }
}

impl ScriptError {
    fn new(level: LogLevel, text: &str, at: Timestamp) -> Self {
        Self {
            level,
            text: text.to_owned(),
            count: 0,
            first: at,
            last: at,
            load_zones: Vec::new(),
            location: None,
        }
    }

    /// Counts a line.
    fn add(&mut self, at: Timestamp, zone: Option<&str>) {
        self.count += 1;
        self.first = self.first.min(at);
        self.last = self.last.max(at);
        if let Some(zone) = zone
            && !self.load_zones.iter().any(|known| known == zone)
        {
            self.load_zones.push(zone.to_owned());
            self.load_zones.sort();
        }
    }
}

//! The newest lines, to find those that come again after a break.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::LogLine;
use crate::wire::Timestamp;

/// How many lines are remembered.
const MAX_LINES: usize = 10_000;

/// How far a connection goes back before the newest line: lines of several load generators are not in
/// the order of their times.
const OVERLAP: Duration = Duration::from_secs(2);

/// The newest lines.
#[derive(Default)]
pub(super) struct Recent {
    hasher: RandomState,
    /// In the order in which they came.
    lines: VecDeque<(Timestamp, u64)>,
    newest: Option<Timestamp>,
    /// How often each of the lines before the break may come again.
    expected: HashMap<u64, u32>,
}

impl Recent {
    /// Returns whether a line is new, and remembers it.
    pub(super) fn is_new(&mut self, line: &LogLine) -> bool {
        let hash = self.hasher.hash_one((line.at, &line.labels, &line.text));
        if let Some(times) = self.expected.get_mut(&hash).filter(|times| **times > 0) {
            *times -= 1;
            return false;
        }
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back((line.at, hash));
        self.newest = self.newest.max(Some(line.at));
        true
    }

    /// Returns the time of the newest line.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// Returns the time from which lines must be asked for after a break, `None` if there was no line
    /// yet. `now` is later than every line that is to be believed.
    pub(super) fn resume(&mut self, now: Timestamp) -> Option<Timestamp> {
        let newest = self.newest?.min(now);
        let start = newest.checked_sub_signed(chrono::TimeDelta::from_std(OVERLAP).ok()?)?;
        // Lines that are forgotten would come twice.
        let forgotten = (self.lines.len() == MAX_LINES).then(|| self.lines.front()).flatten();
        let start = forgotten.map_or(start, |(at, _)| start.max(**at)).min(*newest);
        self.expected.clear();
        for (at, hash) in &self.lines {
            if **at >= start {
                *self.expected.entry(*hash).or_default() += 1;
            }
        }
        Some(start.into())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::{LogLevel, LogLine};
    use super::{MAX_LINES, Recent};
    use crate::wire::Timestamp;

    const SECOND: i64 = 1_000_000_000;

    fn at(nanoseconds: i64) -> Timestamp {
        DateTime::from_timestamp_nanos(nanoseconds).into()
    }

    fn line(nanoseconds: i64, text: &str) -> LogLine {
        LogLine::new(at(nanoseconds), LogLevel::Info, text)
    }

    #[test]
    fn exact_repetitions_after_a_break_are_old_as_often_as_they_came() {
        let mut recent = Recent::default();
        assert_eq!(recent.resume(at(0)), None);
        let lines = [line(10 * SECOND, "a"), line(10 * SECOND, "a"), line(9 * SECOND, "late")];
        for line in &lines {
            assert!(recent.is_new(line), "without a break, a script may repeat itself");
        }
        assert_eq!(recent.resume(at(100 * SECOND)), Some(at(8 * SECOND)));
        for line in &lines {
            assert!(!recent.is_new(line));
        }
        assert!(recent.is_new(&lines[0]), "a third one is new");
        assert!(recent.is_new(&line(10 * SECOND, "b")), "another line of the same moment");
        assert!(recent.is_new(&line(10 * SECOND + 1, "a")));
    }

    #[test]
    fn what_is_asked_for_again_is_remembered() {
        let mut recent = Recent::default();
        let count = MAX_LINES as i64 * 2;
        for n in 0..count {
            assert!(recent.is_new(&line(n * 1_000, "fast")));
        }
        let start = recent.resume(at(100 * SECOND)).expect("a time");
        let again = (0..count).filter(|n| at(n * 1_000) >= start);
        assert_eq!(again.clone().count(), MAX_LINES);
        for n in again {
            assert!(!recent.is_new(&line(n * 1_000, "fast")), "{n}");
        }
    }

    #[test]
    fn line_of_the_future_does_not_skip_the_present() {
        let mut recent = Recent::default();
        assert!(recent.is_new(&line(i64::MAX, "a clock that is wrong")));
        assert_eq!(recent.resume(at(10 * SECOND)), Some(at(8 * SECOND)));
    }
}

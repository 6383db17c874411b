//! The starts of load tests: what the next one begins, and the keys of those that were.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::run_seed::RunSeed;

/// How long a start is known by its idempotency key.
const KEPT: TimeDelta = TimeDelta::minutes(10);

/// The load test and the idempotency key of a start.
type Key = (i64, String);

/// A run that was started, and when.
#[derive(Debug)]
struct Started {
    run: i64,
    at: DateTime<Utc>,
}

#[derive(Debug, Default)]
pub(super) struct Starts {
    /// What the next starts begin, in order.
    planned: VecDeque<RunSeed>,
    keys: HashMap<Key, Started>,
}

impl Starts {
    /// Adds what a start will begin.
    pub(super) fn plan(&mut self, seed: RunSeed) {
        self.planned.push_back(seed);
    }

    /// Returns what a start begins now.
    pub(super) fn next(&mut self) -> RunSeed {
        self.planned.pop_front().unwrap_or_else(RunSeed::timed)
    }

    /// Returns the run that a start with this key has begun a short while ago.
    pub(super) fn begun(&self, load_test: i64, key: &str, now: DateTime<Utc>) -> Option<i64> {
        let started = self.keys.get(&(load_test, key.to_owned()))?;
        (now - started.at < KEPT).then_some(started.run)
    }

    /// Remembers the run that a start with this key has begun.
    pub(super) fn remember(&mut self, load_test: i64, key: String, run: i64, at: DateTime<Utc>) {
        self.keys.retain(|_, started| at - started.at < KEPT);
        self.keys.insert((load_test, key), Started { run, at });
    }
}

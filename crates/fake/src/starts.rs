//! The starts of load tests: the runs that a test has planned, and the idempotency keys.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::run::seed::RunSeed;

/// How long an idempotency key makes a start safe to retry.
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
pub(crate) struct Starts {
    /// The runs of the next starts, in order.
    planned: VecDeque<RunSeed>,
    keys: HashMap<Key, Started>,
}

impl Starts {
    /// Plans the run of a later start.
    pub(crate) fn plan(&mut self, seed: RunSeed) {
        self.planned.push_back(seed);
    }

    /// Returns the planned runs, in order.
    pub(crate) fn planned(&self) -> impl Iterator<Item = &RunSeed> {
        self.planned.iter()
    }

    /// Drops the planned runs.
    pub(crate) fn clear(&mut self) {
        self.planned.clear();
    }

    /// Returns the run of the next start.
    pub(crate) fn next(&mut self) -> RunSeed {
        self.planned.pop_front().unwrap_or_else(RunSeed::timed)
    }

    /// Returns the run that a start with this key has begun, if its key is still kept.
    pub(crate) fn started(&self, load_test: i64, key: &str, now: DateTime<Utc>) -> Option<i64> {
        let started = self.keys.get(&(load_test, key.to_owned()))?;
        (now - started.at < KEPT).then_some(started.run)
    }

    /// Keeps the key of a start.
    pub(crate) fn remember(&mut self, load_test: i64, key: String, run: i64, at: DateTime<Utc>) {
        self.keys.retain(|_, started| at - started.at < KEPT);
        self.keys.insert((load_test, key), Started { run, at });
    }
}

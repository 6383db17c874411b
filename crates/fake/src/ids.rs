//! Where ids begin.

use serde::Serialize;

use crate::inventory::FIRST_PROJECT_ID;
use crate::{FIRST_LOAD_TEST_ID, FIRST_RUN_ID};

/// The first id of each kind.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct FirstIds {
    pub(crate) projects: i64,
    pub(crate) load_tests: i64,
    pub(crate) schedules: i64,
    pub(crate) label_keys: i64,
    pub(crate) load_zones: i64,
    pub(crate) runs: i64,
}

impl Default for FirstIds {
    fn default() -> Self {
        Self {
            projects: FIRST_PROJECT_ID.get(),
            load_tests: FIRST_LOAD_TEST_ID.get(),
            schedules: 701,
            label_keys: 301,
            load_zones: 11,
            runs: FIRST_RUN_ID.get(),
        }
    }
}

impl FirstIds {
    /// The ids that all clients accept: Terraform's provider wants five to eight digits.
    pub(crate) const RANGE: std::ops::RangeInclusive<i64> = 10_000..=90_000_000;

    /// Returns ids that begin at `first` for each kind.
    pub(crate) fn all(first: i64) -> Self {
        Self {
            projects: first,
            load_tests: first,
            schedules: first,
            label_keys: first,
            load_zones: first,
            runs: first,
        }
    }

    /// Returns the project of a load test that exists only because a run belongs to it.
    pub(crate) fn project_of(&self, load_test: i64) -> i64 {
        self.projects + load_test.rem_euclid(3)
    }
}

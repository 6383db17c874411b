//! The state that a fake starts with, and returns to by a reset.

use chrono::{DateTime, Utc};

use crate::fault::{Fault, Injection};
use crate::ids::FirstIds;
use crate::inventory::load_zones::LoadZoneSeed;
use crate::run::initial::{InitialRuns, initial_runs};
use crate::run::seed::RunSeed;
use crate::store::Store;
use crate::time::Reading;

/// The state that a fake starts with.
#[derive(Clone, Debug)]
pub(crate) struct InitialState {
    pub(crate) runs: usize,
    pub(crate) load_tests: usize,
    pub(crate) has_saved_runs: bool,
    pub(crate) first_ids: FirstIds,
    pub(crate) added: Vec<RunSeed>,
    pub(crate) planned: Vec<RunSeed>,
    pub(crate) load_zones: Vec<LoadZoneSeed>,
    pub(crate) faults: Vec<Fault>,
}

impl Default for InitialState {
    fn default() -> Self {
        Self {
            runs: 12,
            load_tests: 3,
            has_saved_runs: true,
            first_ids: FirstIds::default(),
            added: Vec::new(),
            planned: Vec::new(),
            load_zones: Vec::new(),
            faults: Vec::new(),
        }
    }
}

impl InitialState {
    /// Returns the store as it is when a clock reads `reading`.
    pub(crate) fn store(&self, reading: Reading) -> Store {
        let mut store = Store::new(reading.started, self.first_ids);
        for (id, _) in (self.first_ids.load_tests..).zip(0..self.load_tests) {
            store.ensure_load_test(id);
        }
        let runs = InitialRuns {
            runs: self.runs,
            load_tests: self.load_tests,
            with_saved: self.has_saved_runs,
            first_ids: self.first_ids,
        };
        initial_runs(runs, reading).for_each(|run| store.insert(run));
        for seed in &self.added {
            store.add_run(seed.clone(), reading);
        }
        for seed in &self.planned {
            store.starts.plan(seed.clone());
        }
        for seed in &self.load_zones {
            store.inventory.load_zones.add(seed.clone());
        }
        store
    }

    /// Returns the faults, none of which has fired.
    pub(crate) fn injections(&self, now: DateTime<Utc>) -> Vec<Injection> {
        self.faults.iter().cloned().map(|fault| fault.into_injection(now)).collect()
    }
}

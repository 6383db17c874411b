//! What there is beside test runs: projects and load tests, and what belongs to them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::run_seed::project_of;
use super::schedule::Schedule;
use super::script::ScriptKind;
use super::zones::LoadZones;
use super::{FIRST_LOAD_TEST_ID, NEWEST};

/// The id of the default project; two more follow it.
pub(super) const FIRST_PROJECT_ID: i64 = 5_001;

/// The id of the first label key.
pub(super) const FIRST_LABEL_KEY_ID: i64 = 301;

/// The id of the first schedule.
const FIRST_SCHEDULE_ID: i64 = 701;

const PROJECTS: [&str; 3] = ["Default project", "Shop", "Search"];

/// Rows by their id, of which none is given twice.
#[derive(Debug)]
pub(super) struct Table<T> {
    rows: BTreeMap<i64, T>,
    next: i64,
}

impl<T> Table<T> {
    /// An empty table whose first row gets the id `first`.
    pub(super) fn new(first: i64) -> Self {
        Self { rows: BTreeMap::new(), next: first }
    }

    pub(super) fn get(&self, id: i64) -> Option<&T> {
        self.rows.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut T> {
        self.rows.get_mut(&id)
    }

    /// Adds a row, and returns the id that `row` was made with.
    pub(super) fn add(&mut self, row: impl FnOnce(i64) -> T) -> i64 {
        let id = self.next;
        self.put(id, row(id));
        id
    }

    /// Puts a row in the place of the one that has its id.
    pub(super) fn put(&mut self, id: i64, row: T) {
        self.next = self.next.max(id.saturating_add(1));
        self.rows.insert(id, row);
    }

    pub(super) fn remove(&mut self, id: i64) -> Option<T> {
        self.rows.remove(&id)
    }

    /// The rows in the order of their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }
}

/// Everything but the runs.
#[derive(Debug)]
pub(super) struct Inventory {
    pub(super) projects: Table<Project>,
    pub(super) load_tests: Table<LoadTest>,
    /// One for a load test at most.
    pub(super) schedules: Table<Schedule>,
    pub(super) label_keys: Table<LabelKey>,
    /// By project, then by the id of the key.
    pub(super) labels: BTreeMap<i64, BTreeMap<i64, String>>,
    pub(super) load_zones: LoadZones,
}

/// A key that labels of projects can have.
#[derive(Clone, Debug)]
pub(super) struct LabelKey {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) description: Option<String>,
}

/// What a project allows, by the names of the API; without a number there is no limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits(pub(super) [(&'static str, Option<i64>); 4]);

impl Default for Limits {
    fn default() -> Self {
        Self([
            ("vuh_max_per_month", None),
            ("vu_max_per_test", None),
            ("vu_browser_max_per_test", None),
            ("duration_max_per_test", None),
        ])
    }
}

#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) is_default: bool,
    pub(super) grafana_folder_uid: Option<String>,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) limits: Limits,
}

#[derive(Clone, Debug)]
pub(super) struct LoadTest {
    pub(super) id: i64,
    pub(super) project_id: i64,
    pub(super) name: String,
    pub(super) baseline_test_run_id: Option<i64>,
    pub(super) k6_version: Option<i64>,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    /// `None` for one that was created without.
    pub(super) script: Option<ScriptKind>,
}

impl Default for Inventory {
    fn default() -> Self {
        let mut projects = Table::new(FIRST_PROJECT_ID);
        for (age, name) in PROJECTS.iter().enumerate() {
            let created = founded(i64::try_from(age).unwrap_or_default());
            projects.add(|id| Project {
                id,
                name: (*name).to_owned(),
                is_default: age == 0,
                grafana_folder_uid: (age > 0).then(|| format!("folder-{id}")),
                created,
                updated: created,
                limits: Limits::default(),
            });
        }
        Self {
            projects,
            load_tests: Table::new(FIRST_LOAD_TEST_ID),
            schedules: Table::new(FIRST_SCHEDULE_ID),
            label_keys: Table::new(FIRST_LABEL_KEY_ID),
            labels: BTreeMap::new(),
            load_zones: LoadZones::default(),
        }
    }
}

impl Inventory {
    /// Returns the labels of a project, by their keys.
    pub(super) fn labels_of(&self, project: i64) -> BTreeMap<&str, &str> {
        let labels = self.labels.get(&project).into_iter().flatten();
        let named = labels.filter_map(|(key, value)| {
            Some((self.label_keys.get(*key)?.key.as_str(), value.as_str()))
        });
        named.collect()
    }

    /// Takes out the schedule of a load test, if it has one.
    pub(super) fn remove_schedule_of(&mut self, load_test: i64) {
        self.schedules.rows.retain(|_, schedule| schedule.load_test_id != load_test);
    }

    /// Makes a load test exist that runs belong to; one that there is stays as it is.
    pub(super) fn ensure_load_test(&mut self, id: i64) {
        if self.load_tests.get(id).is_some() {
            return;
        }
        let created = founded(10 + id.saturating_sub(FIRST_LOAD_TEST_ID).clamp(0, 300));
        let load_test = LoadTest {
            id,
            project_id: project_of(id),
            name: format!("Load test {id}"),
            baseline_test_run_id: None,
            k6_version: None,
            created,
            updated: created,
            script: Some(ScriptKind::JavaScript),
        };
        self.load_tests.put(id, load_test);
    }
}

/// A time long before the first runs, later for each of those that came later.
fn founded(days: i64) -> DateTime<Utc> {
    NEWEST - TimeDelta::days(800) + TimeDelta::days(days)
}

//! Everything beside test runs: projects, load tests, schedules, labels and load zones.

pub(crate) mod load_zones;
pub(crate) mod seeds;
pub(crate) mod table;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use k6_cloud::{ProjectId, ScriptKind};
use serde_json::Value;

use self::load_zones::LoadZones;
use self::table::Table;
use crate::ids::FirstIds;
use crate::schedule::Schedule;
use crate::script::StoredScript;
use crate::time::{Reading, later};

/// The id of the default project of a fake. It starts with two more projects, 5002 and 5003.
pub const FIRST_PROJECT_ID: ProjectId = ProjectId::new(5_001);

const PROJECTS: [&str; 3] = ["Default project", "Shop", "Search"];

/// The major versions of k6 that the fake's stack offers.
pub(crate) const K6_VERSIONS: [i64; 2] = [1, 2];

/// The major version of k6 that a load test gets if it does not choose one.
pub(crate) const CURRENT_K6_VERSION: i64 = 2;

/// Everything beside test runs.
#[derive(Debug)]
pub(crate) struct Inventory {
    pub(crate) projects: Table<Project>,
    pub(crate) load_tests: Table<LoadTest>,
    /// At most one for each load test.
    pub(crate) schedules: Table<Schedule>,
    pub(crate) label_keys: Table<LabelKey>,
    /// By project, then by the id of the key.
    pub(crate) labels: BTreeMap<i64, BTreeMap<i64, String>>,
    pub(crate) load_zones: LoadZones,
    /// When the fake's clock was started.
    started: DateTime<Utc>,
    pub(crate) first_ids: FirstIds,
}

/// A key of project labels.
#[derive(Clone, Debug)]
pub(crate) struct LabelKey {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) description: Option<String>,
}

/// The limits of a project by their names in the API, `None` for no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProjectLimits(pub(crate) [(&'static str, Option<i64>); 4]);

impl Default for ProjectLimits {
    fn default() -> Self {
        Self([
            ("vuh_max_per_month", None),
            ("vu_max_per_test", None),
            ("vu_browser_max_per_test", None),
            ("duration_max_per_test", None),
        ])
    }
}

impl ProjectLimits {
    /// Returns a limit by its name in the API.
    pub(crate) fn get(&self, name: &str) -> Option<i64> {
        self.0.iter().find(|(limit, _)| *limit == name).and_then(|(_, value)| *value)
    }

    /// Sets a limit by its name in the API.
    pub(crate) fn set(&mut self, name: &str, value: Option<i64>) {
        if let Some((_, limit)) = self.0.iter_mut().find(|(limit, _)| *limit == name) {
            *limit = value;
        }
    }
}

/// A project.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) is_default: bool,
    pub(crate) grafana_folder_uid: Option<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) limits: ProjectLimits,
}

/// A load test.
#[derive(Clone, Debug)]
pub(crate) struct LoadTest {
    pub(crate) id: i64,
    pub(crate) project_id: i64,
    pub(crate) name: String,
    pub(crate) baseline_test_run_id: Option<i64>,
    pub(crate) k6_version: i64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    /// `None` for a load test that was created without a script.
    pub(crate) script: Option<StoredScript>,
    /// The options of a script that is not an archive, as far as a test has given them.
    pub(crate) options: Option<Value>,
}

impl LoadTest {
    /// Returns the options of the script, if the fake knows them.
    pub(crate) fn script_options(&self) -> Option<Value> {
        let archived = self.script.as_ref().and_then(StoredScript::archived_options);
        archived.or_else(|| self.options.clone())
    }
}

impl Inventory {
    /// Returns the projects and load zones that a fake starts with.
    pub(crate) fn new(started: DateTime<Utc>, first_ids: FirstIds) -> Self {
        let mut projects = Table::new(first_ids.projects);
        for (age, name) in PROJECTS.iter().enumerate() {
            let created = before(started, i64::try_from(age).unwrap_or_default());
            projects.add(|id| Project {
                id,
                name: (*name).to_owned(),
                is_default: age == 0,
                grafana_folder_uid: Some(format!("folder-{id}")),
                created,
                updated: created,
                limits: ProjectLimits::default(),
            });
        }
        Self {
            projects,
            load_tests: Table::new(first_ids.load_tests),
            schedules: Table::new(first_ids.schedules),
            label_keys: Table::new(first_ids.label_keys),
            labels: BTreeMap::new(),
            load_zones: LoadZones::new(first_ids.load_zones),
            started,
            first_ids,
        }
    }

    /// Returns the id of the default project.
    pub(crate) fn default_project(&self) -> i64 {
        let default = self.projects.iter().find(|project| project.is_default);
        default.map_or(self.first_ids.projects, |project| project.id)
    }

    /// Returns the labels of a project, by their keys.
    pub(crate) fn labels_of(&self, project: i64) -> BTreeMap<&str, &str> {
        let labels = self.labels.get(&project).into_iter().flatten();
        let named = labels.filter_map(|(key, value)| {
            Some((self.label_keys.get(*key)?.key.as_str(), value.as_str()))
        });
        named.collect()
    }

    /// Returns the id of a label key, which is created if it does not exist.
    pub(crate) fn label_key(&mut self, key: &str) -> i64 {
        let existing = self.label_keys.iter().find(|existing| existing.key == key);
        existing.map(|existing| existing.id).unwrap_or_else(|| {
            self.label_keys.add(|id| LabelKey { id, key: key.to_owned(), description: None })
        })
    }

    /// Puts a label on a project.
    pub(crate) fn set_label(&mut self, project: i64, key: &str, value: &str) {
        let key = self.label_key(key);
        self.labels.entry(project).or_default().insert(key, value.to_owned());
    }

    /// Returns the schedule of a load test.
    pub(crate) fn schedule_of(&self, load_test: i64) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.load_test_id == load_test)
    }

    /// Removes the schedule of a load test, if it has one.
    pub(crate) fn remove_schedule_of(&mut self, load_test: i64) {
        self.schedules.retain(|schedule| schedule.load_test_id != load_test);
    }

    /// Creates the load test that a run belongs to, unless it exists.
    pub(crate) fn ensure_load_test(&mut self, id: i64) {
        if self.load_tests.contains(id) {
            return;
        }
        let days = 10 + id.saturating_sub(self.first_ids.load_tests).clamp(0, 300);
        let created = before(self.started, days);
        let load_test = LoadTest {
            id,
            project_id: self.first_ids.project_of(id),
            name: format!("Load test {id}"),
            baseline_test_run_id: None,
            k6_version: CURRENT_K6_VERSION,
            created,
            updated: created,
            script: Some(StoredScript::Made(ScriptKind::JavaScript)),
            options: None,
        };
        self.load_tests.put(id, load_test);
    }
}

/// Returns a time long before the first runs, later if `days` is greater.
fn before(started: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let newest = Reading { started, now: started }.newest();
    later(newest, TimeDelta::days(days.saturating_sub(800)))
}

//! Descriptions of projects, load tests and schedules that tests put into a fake.

use std::time::Duration;

use chrono::{DateTime, Utc};
use k6_cloud::{LoadTestId, ProjectId, ScriptKind, TestRunId};
use serde_json::{Value, json};

use super::{CURRENT_K6_VERSION, Inventory, LoadTest, Project, ProjectLimits};
use crate::NOW;
use crate::error::ApiError;
use crate::initial::InitialState;
use crate::operations::load_tests::load_test_json;
use crate::operations::projects::project_json;
use crate::schedule::{Schedule, Timing};
use crate::script::StoredScript;
use crate::time::{Reading, rfc3339};

/// A project to put into a fake with [`FakeCloud::add_project`](crate::FakeCloud::add_project).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FakeCloud, LoadTestSeed, ProjectSeed, ScheduleSeed};
///
/// let fake = FakeCloud::start().await?;
/// let project = fake.add_project(ProjectSeed::new("Checkout").label("team", "web").max_vus(100));
/// let load_test = fake.add_load_test(LoadTestSeed::new("Basket").project_id(project));
/// fake.add_schedule(load_test, ScheduleSeed::cron("@daily", "Europe/Berlin"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct ProjectSeed {
    id: Option<i64>,
    name: String,
    grafana_folder_uid: Option<String>,
    labels: Vec<(String, String)>,
    limits: ProjectLimits,
}

impl ProjectSeed {
    /// Describes a project with this name, without labels and limits.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            grafana_folder_uid: None,
            labels: Vec::new(),
            limits: ProjectLimits::default(),
        }
    }

    /// Sets the id. By default it is one more than the highest so far. A project with the same id
    /// is replaced.
    pub fn id(mut self, id: impl Into<ProjectId>) -> Self {
        self.id = Some(id.into().get());
        self
    }

    /// Sets the id of the project's Grafana folder. By default it is made from the project's id.
    pub fn grafana_folder_uid(mut self, uid: impl Into<String>) -> Self {
        self.grafana_folder_uid = Some(uid.into());
        self
    }

    /// Adds a label. Its key is created if it does not exist.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push((key.into(), value.into()));
        self
    }

    /// Limits the VUs of a test.
    pub fn max_vus(self, vus: u32) -> Self {
        self.limit("vu_max_per_test", vus.into())
    }

    /// Limits the browser VUs of a test.
    pub fn max_browser_vus(self, vus: u32) -> Self {
        self.limit("vu_browser_max_per_test", vus.into())
    }

    /// Limits the duration of a test, in whole seconds.
    pub fn max_duration(self, duration: Duration) -> Self {
        self.limit("duration_max_per_test", i64::try_from(duration.as_secs()).unwrap_or(i64::MAX))
    }

    /// Limits the virtual user hours (VUH) of a month.
    pub fn max_vuh_per_month(self, vuh: u32) -> Self {
        self.limit("vuh_max_per_month", vuh.into())
    }

    fn limit(mut self, name: &str, value: i64) -> Self {
        self.limits.set(name, Some(value));
        self
    }

    /// Makes a [`Project`](k6_cloud::types::Project) without a server, for tests of code that takes one: the
    /// one that a client reads if the project is added when the fake starts.
    ///
    /// ```
    /// let project = k6_cloud_fake::ProjectSeed::new("Shop").id(7).to_project();
    /// assert_eq!((project.id.get(), project.name.as_str()), (7, "Shop"));
    /// ```
    #[must_use]
    pub fn to_project(&self) -> k6_cloud::types::Project {
        let mut store = InitialState::default().store(NOW.into());
        let id = self.clone().add_to(&mut store.inventory, NOW);
        let project = store.inventory.projects.get(id);
        made(project.map(|project| project_json(&store.inventory, project)))
    }

    pub(crate) fn add_to(self, inventory: &mut Inventory, now: DateTime<Utc>) -> i64 {
        let Self { id, name, grafana_folder_uid, labels, limits } = self;
        let first = inventory.first_ids.projects;
        let project = |id: i64| Project {
            id,
            name,
            is_default: id == first,
            grafana_folder_uid: grafana_folder_uid.or_else(|| Some(format!("folder-{id}"))),
            created: now,
            updated: now,
            limits,
        };
        let id = match id {
            Some(id) => {
                inventory.projects.put(id, project(id));
                id
            }
            None => inventory.projects.add(project),
        };
        for (key, value) in labels {
            inventory.set_label(id, &key, &value);
        }
        id
    }
}

/// A load test to put into a fake with
/// [`FakeCloud::add_load_test`](crate::FakeCloud::add_load_test).
///
/// By default it is in the default project, [`FIRST_PROJECT_ID`](crate::FIRST_PROJECT_ID), with a JavaScript file that the
/// fake writes.
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct LoadTestSeed {
    id: Option<i64>,
    name: String,
    /// `None` for the default project.
    project_id: Option<i64>,
    k6_version: i64,
    baseline_test_run_id: Option<i64>,
    script: Option<StoredScript>,
    options: Option<Value>,
}

impl LoadTestSeed {
    /// Describes a load test with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            project_id: None,
            k6_version: CURRENT_K6_VERSION,
            baseline_test_run_id: None,
            script: Some(StoredScript::Made(ScriptKind::JavaScript)),
            options: None,
        }
    }

    /// Sets the id. By default it is one more than the highest so far. A load test with the same
    /// id is replaced.
    pub fn id(mut self, id: impl Into<LoadTestId>) -> Self {
        self.id = Some(id.into().get());
        self
    }

    /// Sets the project.
    pub fn project_id(mut self, project_id: impl Into<ProjectId>) -> Self {
        self.project_id = Some(project_id.into().get());
        self
    }

    /// Sets the major version of k6. The default is the current one.
    pub fn k6_version(mut self, version: i64) -> Self {
        self.k6_version = version;
        self
    }

    /// Sets the run that others are compared with.
    pub fn baseline_test_run_id(mut self, run: impl Into<TestRunId>) -> Self {
        self.baseline_test_run_id = Some(run.into().get());
        self
    }

    /// Sets the kind of the script, which the fake writes.
    pub fn script(mut self, kind: ScriptKind) -> Self {
        self.script = Some(StoredScript::Made(kind));
        self
    }

    /// Sets the script as a request would upload it. Bytes that the service rejects are stored as
    /// JavaScript.
    pub fn script_bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        let body = axum::body::Bytes::from(bytes.into());
        let script = StoredScript::upload(body.clone());
        self.script = Some(script.unwrap_or(StoredScript::Uploaded {
            content_type: crate::script::JAVASCRIPT.into(),
            body,
        }));
        self
    }

    /// Leaves the load test without a script, so that it cannot be started.
    pub fn without_script(mut self) -> Self {
        self.script = None;
        self
    }

    /// Sets the options of the script, from which its runs get their VUs, duration and load zones.
    ///
    /// The fake cannot run JavaScript. Only the options of a k6 archive need not be given: they
    /// are in its `metadata.json`.
    pub fn options(mut self, options: Value) -> Self {
        self.options = Some(options);
        self
    }

    /// Makes a [`LoadTest`](k6_cloud::types::LoadTest) without a server, for tests of code that takes one.
    ///
    /// ```
    /// let test = k6_cloud_fake::LoadTestSeed::new("Checkout").id(7).to_load_test();
    /// assert_eq!((test.id.get(), test.name.as_str()), (7, "Checkout"));
    /// ```
    #[must_use]
    pub fn to_load_test(&self) -> k6_cloud::types::LoadTest {
        let mut store = InitialState::default().store(NOW.into());
        let load_test = self.clone().into_load_test(&store.inventory, NOW);
        let id = load_test.id;
        store.put_load_test(load_test);
        let load_test = store.inventory.load_tests.get(id);
        made(load_test.map(|load_test| load_test_json(&store, load_test)))
    }

    /// Returns the load test, as it is in this inventory.
    pub(crate) fn into_load_test(self, inventory: &Inventory, now: DateTime<Utc>) -> LoadTest {
        LoadTest {
            id: self.id.unwrap_or_else(|| inventory.load_tests.next_id()),
            project_id: self.project_id.unwrap_or_else(|| inventory.default_project()),
            name: self.name,
            baseline_test_run_id: self.baseline_test_run_id,
            k6_version: self.k6_version,
            created: now,
            updated: now,
            script: self.script,
            options: self.options,
        }
    }
}

/// A schedule to put into a fake with [`FakeCloud::add_schedule`](crate::FakeCloud::add_schedule).
///
/// It starts when the fake does, unless you set [`starts`](Self::starts).
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct ScheduleSeed {
    starts: Option<DateTime<Utc>>,
    repetition: Value,
    is_deactivated: bool,
}

impl ScheduleSeed {
    fn new(repetition: Value) -> Self {
        Self { starts: None, repetition, is_deactivated: false }
    }

    /// Describes a schedule with a single run.
    pub fn once(starts: DateTime<Utc>) -> Self {
        Self::new(json!({})).starts(starts)
    }

    /// Describes a schedule with a cron expression of five fields, or an alias such as `@daily`,
    /// in a time zone of the IANA database.
    pub fn cron(schedule: &str, time_zone: &str) -> Self {
        Self::new(json!({ "cron": { "schedule": schedule, "time_zone": time_zone } }))
    }

    /// Describes a schedule with a recurrence rule in the API's JSON, such as
    /// `{"frequency": "WEEKLY", "byday": ["MO"]}`.
    pub fn recurrence_rule(rule: Value) -> Self {
        Self::new(json!({ "recurrence_rule": rule }))
    }

    /// Sets the time from which runs are due.
    pub fn starts(mut self, starts: DateTime<Utc>) -> Self {
        self.starts = Some(starts);
        self
    }

    /// Deactivates the schedule.
    pub fn deactivated(mut self) -> Self {
        self.is_deactivated = true;
        self
    }

    /// Makes a [`Schedule`](k6_cloud::types::Schedule) without a server, for tests of code that takes one:
    /// that of the first load test.
    ///
    /// # Panics
    ///
    /// If the service would reject the schedule.
    #[must_use]
    #[track_caller]
    pub fn to_schedule(&self) -> k6_cloud::types::Schedule {
        let (id, load_test) = (1, crate::FIRST_LOAD_TEST_ID.get());
        match self.clone().into_schedule(id, load_test, "ada@example.com", NOW.into()) {
            Ok(schedule) => made(Some(schedule.json(NOW))),
            Err(error) => panic!("the service would reject this schedule: {}", error.message()),
        }
    }

    pub(crate) fn into_schedule(
        self,
        id: i64,
        load_test: i64,
        user: &str,
        reading: Reading,
    ) -> Result<Schedule, ApiError> {
        let mut request = self.repetition;
        request["starts"] = json!(rfc3339(self.starts.unwrap_or(reading.started)));
        let mut schedule = Schedule::new(id, load_test, user, Timing::read(&request)?);
        schedule.is_deactivated = self.is_deactivated;
        Ok(schedule)
    }
}

/// Reads what the fake would send. Both follow the same description.
#[track_caller]
fn made<T: serde::de::DeserializeOwned>(json: Option<Value>) -> T {
    match serde_json::from_value(json.unwrap_or_default()) {
        Ok(made) => made,
        Err(error) => panic!("the fake makes what the client cannot read: {error}"),
    }
}

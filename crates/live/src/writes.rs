//! The life of a load test in one project: the operations that change something.
//!
//! The client makes the requests, and the relay keeps what the service responded. Whatever was made is
//! removed again, also after a failure and after Ctrl-C.

mod removal;

use std::future::Future;
use std::time::Duration;

use k6_cloud::{Client, Error, TestRunId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::description::Operation;
use crate::finding::{Finding, Kind};
use crate::report::Checked;
use crate::survey::{Seen, Survey, client_error};

/// The limits of a run that the check starts.
const RUN_OPTIONS: &str = "{ vus: 1, duration: '10s' }";

/// How long the check waits for its run.
const RUN_TIMEOUT: Duration = Duration::from_secs(600);

/// The time between two polls of it. It is under load for 10 seconds.
const POLL: Duration = Duration::from_millis(500);

/// What the check may change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permission {
    pub(crate) project: i64,
    pub(crate) may_run: bool,
}

/// What was made, and must be removed.
#[derive(Debug, Default)]
struct Made {
    name: String,
    /// Whether its creation was sent.
    is_asked_for: bool,
    load_test: Option<i64>,
    is_removed: bool,
}

struct Life<'a, 'b> {
    survey: &'a mut Survey<'b>,
    permission: Permission,
    made: &'a mut Made,
}

/// A step that failed. Its difference is reported already.
struct Stopped;

/// Runs the life of a load test, and returns the results and what could not be removed.
pub(crate) async fn check(
    survey: &mut Survey<'_>,
    permission: Permission,
    interrupted: impl Future<Output = ()>,
) -> (Vec<Checked>, Vec<String>) {
    let mut made = Made { name: unique_name(), ..Made::default() };
    let is_complete = tokio::select! {
        lived = Life { survey: &mut *survey, permission, made: &mut made }.live() => lived.is_ok(),
        () = interrupted => false,
    };
    let left = removal::remove(survey, permission, &made).await;
    collect(survey);
    let results = results(survey, permission, is_complete);
    (results, left)
}

fn unique_name() -> String {
    format!("k6-cloud check-live {}", chrono::Utc::now().format("%Y-%m-%d %H:%M:%S%.6f"))
}

fn script(number: u32) -> String {
    format!(
        "// {number}\nimport {{ sleep }} from 'k6';\nexport const options = {RUN_OPTIONS};\n\
         export default function () {{ sleep(1); }}\n"
    )
}

fn id_of(value: &impl Serialize) -> Option<i64> {
    serde_json::to_value(value).ok()?["id"].as_i64()
}

fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Life<'_, '_> {
    /// Takes the result of a step. An error of the client is a difference, and ends the life.
    fn done<T>(&mut self, operation: &str, result: Result<T, Error>) -> Result<T, Stopped> {
        result.map_err(|error| {
            let finding = client_error(&error, self.survey.description);
            self.survey.add(operation, "a change", finding);
            Stopped
        })
    }

    /// Notes whether a change had its effect.
    fn effect(&mut self, operation: &str, what: &str, is_there: bool) {
        if !is_there {
            let finding = Finding::new(Kind::Effect, what, "it is not so");
            self.survey.add(operation, "a change", finding);
        }
    }

    async fn live(mut self) -> Result<(), Stopped> {
        self.survey.relay.forward();
        let client = self.survey.relay.client().clone();
        let load_test = self.create(&client).await?;
        self.upload(&client, load_test).await?;
        self.validate(&client).await?;
        self.schedule(&client, load_test).await?;
        self.update(&client, load_test).await?;
        self.labels(&client).await?;
        if self.permission.may_run {
            self.run(&client, load_test).await?;
        }
        self.delete(&client, load_test).await
    }

    async fn create(&mut self, client: &Client) -> Result<i64, Stopped> {
        let project = self.permission.project;
        let name = self.made.name.clone();
        self.made.is_asked_for = true;
        let sent = client
            .create_load_test(project, name.as_str())
            .script(script(1).into_bytes())
            .send()
            .await;
        let created = self.done("create_load_test", sent)?;
        let id = id_of(&created).ok_or(Stopped)?;
        self.made.load_test = Some(id);
        let sent = client.get_load_test(id).send().await;
        let read = json_of(&self.done("get_load_test", sent)?);
        let as_asked = read["name"] == name && read["project_id"] == project;
        self.effect(
            "create_load_test",
            "the load test is in the project and has the name",
            as_asked,
        );
        Ok(id)
    }

    async fn upload(&mut self, client: &Client, load_test: i64) -> Result<(), Stopped> {
        for number in [1, 2] {
            if number == 2 {
                let sent =
                    client.upload_load_test_script(load_test, script(2).into_bytes()).send().await;
                self.done("upload_load_test_script", sent)?;
            }
            let sent = client.get_load_test_script(load_test).send().await;
            let read = self.done("get_load_test_script", sent)?;
            let operation =
                if number == 1 { "create_load_test" } else { "upload_load_test_script" };
            let same = read.as_bytes() == script(number).as_bytes();
            self.effect(operation, "the script is the one that was sent", same);
        }
        Ok(())
    }

    async fn validate(&mut self, client: &Client) -> Result<(), Stopped> {
        let options: k6_cloud::types::Options =
            serde_json::from_value(json!({ "vus": 1, "duration": "10s" })).map_err(|_| Stopped)?;
        let sent =
            client.validate_options(options).project_id(self.permission.project).send().await;
        self.done("validate_options", sent).map(|_| ())
    }

    async fn schedule(&mut self, client: &Client, load_test: i64) -> Result<(), Stopped> {
        // Nothing starts before it is removed.
        let starts = chrono::Utc::now() + chrono::TimeDelta::days(300);
        let sent = client.set_load_test_schedule(load_test, starts).send().await;
        let set = self.done("set_load_test_schedule", sent)?;
        let id = id_of(&set).ok_or(Stopped)?;
        let sent = client.get_load_test_schedule(load_test).send().await;
        let read = self.done("get_load_test_schedule", sent)?;
        self.effect(
            "set_load_test_schedule",
            "the load test has the schedule",
            id_of(&read) == Some(id),
        );
        let sent = client.deactivate_schedule(id).send().await;
        self.done("deactivate_schedule", sent)?;
        let sent = client.get_schedule(id).send().await;
        let read = json_of(&self.done("get_schedule", sent)?);
        self.effect(
            "deactivate_schedule",
            "the schedule is not active",
            read["deactivated"] == true,
        );
        let sent = client.activate_schedule(id).send().await;
        self.done("activate_schedule", sent)?;
        let sent = client.get_schedule(id).send().await;
        let read = json_of(&self.done("get_schedule", sent)?);
        self.effect("activate_schedule", "the schedule is active", read["deactivated"] == false);
        let sent = client.delete_schedule(id).send().await;
        self.done("delete_schedule", sent)?;
        let gone = client.get_schedule(id).send().await;
        self.effect(
            "delete_schedule",
            "the schedule is gone",
            gone.is_err_and(|error| error.is_not_found()),
        );
        Ok(())
    }

    async fn update(&mut self, client: &Client, load_test: i64) -> Result<(), Stopped> {
        let name = format!("{} (renamed)", self.made.name);
        let sent = client.update_load_test(load_test).name(name.as_str()).send().await;
        self.done("update_load_test", sent)?;
        self.made.name.clone_from(&name);
        let sent = client.get_load_test(load_test).send().await;
        let read = json_of(&self.done("get_load_test", sent)?);
        self.effect("update_load_test", "the load test has the new name", read["name"] == name);
        Ok(())
    }

    /// Sends the labels that the project has: the request is a real one, and changes nothing.
    async fn labels(&mut self, client: &Client) -> Result<(), Stopped> {
        let project = self.permission.project;
        let sent = client.list_project_labels(project).send().await;
        let before = json_of(&self.done("list_project_labels", sent)?);
        let rows = before["value"].as_array().cloned().unwrap_or_default();
        let items: Result<Vec<k6_cloud::types::ProjectLabelPutItem>, _> = rows
            .iter()
            .map(|row| serde_json::from_value(json!({ "key": row["key"], "value": row["value"] })))
            .collect();
        let Ok(items) = items else { return Ok(()) };
        let sent = client.replace_project_labels(project, items).send().await;
        self.done("replace_project_labels", sent)?;
        let sent = client.list_project_labels(project).send().await;
        let after = json_of(&self.done("list_project_labels", sent)?);
        let sorted = |body: &Value| {
            let mut rows: Vec<_> =
                body["value"].as_array().into_iter().flatten().map(Value::to_string).collect();
            rows.sort();
            rows
        };
        self.effect(
            "replace_project_labels",
            "the labels are the same",
            sorted(&before) == sorted(&after),
        );
        Ok(())
    }

    async fn run(&mut self, client: &Client, load_test: i64) -> Result<(), Stopped> {
        let sent = client.start_load_test(load_test).send().await;
        let handle = self.done("start_load_test", sent)?;
        let id = handle.id();
        let sent = client.update_test_run(id, "k6-cloud check-live").send().await;
        self.done("update_test_run", sent)?;
        for (operation, starred) in [("star_test_run", true), ("unstar_test_run", false)] {
            let sent = match starred {
                true => client.star_test_run(id).send().await,
                false => client.unstar_test_run(id).send().await,
            };
            self.done(operation, sent)?;
            let sent = client.get_test_run(id).send().await;
            let read = json_of(&self.done("get_test_run", sent)?);
            self.effect(operation, "the star is as asked", read["is_starred"] == starred);
            self.effect(
                "update_test_run",
                "the run has the note",
                read["note"] == "k6-cloud check-live",
            );
        }
        if self.is_under_load(client, id).await? {
            let sent = client.abort_test_run(id).send().await;
            self.done("abort_test_run", sent)?;
        }
        let sent = client.wait_for_test_run(id).timeout(RUN_TIMEOUT).send().await;
        let ended = json_of(&self.done("get_test_run", sent)?);
        let has_ended = ended["status"] == "aborted" || ended["status"] == "completed";
        self.effect("abort_test_run", "the run ends", has_ended);
        let sent = client.list_run_metrics(id).send().await;
        self.done("list_run_metrics", sent)?;
        let sent = client.delete_test_run(id).send().await;
        self.done("delete_test_run", sent)?;
        let gone = client.get_test_run(id).send().await;
        self.effect(
            "delete_test_run",
            "the run is gone",
            gone.is_err_and(|error| error.is_not_found()),
        );
        Ok(())
    }

    /// Waits until the run is under load, before which it may not be possible to abort it. Returns whether
    /// it has not ended.
    async fn is_under_load(&mut self, client: &Client, id: TestRunId) -> Result<bool, Stopped> {
        let begun = tokio::time::Instant::now();
        loop {
            let sent = client.get_test_run(id).send().await;
            let run = json_of(&self.done("get_test_run", sent)?);
            match run["status"].as_str() {
                Some("running") => return Ok(true),
                Some("processing_metrics" | "completed" | "aborted") => return Ok(false),
                _ if begun.elapsed() > RUN_TIMEOUT => return Ok(true),
                _ => tokio::time::sleep(POLL).await,
            }
        }
    }

    async fn delete(&mut self, client: &Client, load_test: i64) -> Result<(), Stopped> {
        let sent = client.delete_load_test(load_test).send().await;
        self.done("delete_load_test", sent)?;
        let gone = client.get_load_test(load_test).send().await;
        let is_gone = gone.is_err_and(|error| error.is_not_found());
        self.effect("delete_load_test", "the load test is gone", is_gone);
        self.made.is_removed = is_gone;
        Ok(())
    }
}

/// Checks the responses that the relay kept.
fn collect(survey: &mut Survey<'_>) {
    let description = survey.description;
    for exchange in survey.relay.take() {
        let Some(operation) = description.find(&exchange.method, &exchange.path) else { continue };
        *survey.requests.entry(operation.id.clone()).or_default() += 1;
        let Some(response) = exchange.response else {
            survey.add(
                &operation.id,
                "a change",
                Finding::new(Kind::NoResponse, "a response", "none"),
            );
            continue;
        };
        for finding in description.check(operation, &response) {
            survey.add(&operation.id, "a change", finding);
        }
        survey.seen.push(Seen {
            operation: operation.id.clone(),
            case: "a change".to_owned(),
            response,
        });
    }
}

fn results(survey: &mut Survey<'_>, permission: Permission, is_complete: bool) -> Vec<Checked> {
    let description = survey.description;
    let changing: Vec<Operation> = description
        .operations
        .iter()
        .filter(|operation| operation.method != "GET")
        .cloned()
        .collect();
    let mut results = Vec::new();
    // Reading operations whose responses differed only here.
    let reading: Vec<Operation> = description
        .reading()
        .filter(|operation| survey.findings.contains_key(&operation.id))
        .cloned()
        .collect();
    for operation in reading {
        results.push(survey.result(operation.id, operation.method, operation.path));
    }
    for operation in changing {
        if !survey.requests.contains_key(&operation.id) {
            survey.note(
                &operation.id,
                match (is_complete, permission.may_run) {
                    (false, _) => "an earlier step failed",
                    (true, false)
                        if operation.path.contains("test_runs")
                            || operation.path.ends_with("/start") =>
                    {
                        "it needs a run: --allow-run"
                    }
                    (true, _) => "the check does not change this",
                },
            );
        }
        results.push(survey.result(operation.id, operation.method, operation.path));
    }
    results
}

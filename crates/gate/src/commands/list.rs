//! `list`: projects, load tests and runs.

use std::cmp::Reverse;

use chrono::{TimeDelta, Utc};
use k6_cloud::types::{LoadTest, Project, TestRun};
use k6_cloud::wire::Timestamp;
use k6_cloud::{
    Client, Error, LoadTestId, ProjectId, ResourceNames, RowStream, TestRunId, Verdict,
};
use serde::Serialize;

use super::{Session, say};
use crate::args::{ListCommand, ListOptions};
use crate::connect::FakeNeeds;
use crate::exit::{Ending, Exit};
use crate::report::{NamedId, json as format};
use crate::table::ListTable;

pub(super) async fn execute(session: Session<'_>, command: &ListCommand) -> Result<Exit, Ending> {
    let connection = session.connect(FakeNeeds::default()).await?;
    let client = &connection.client;
    let text = match command {
        ListCommand::Projects(options) => projects(client, options).await,
        ListCommand::Tests { project_id, options } => tests(client, *project_id, options).await,
        ListCommand::Runs { load_test, options } => runs(client, *load_test, options).await,
    };
    say(&text.map_err(|error| Ending::not_started(&error))?)?;
    Ok(Exit::Success)
}

/// How far back to look for the newest runs, before the whole list is read.
const DAYS_BACK: [i64; 3] = [1, 7, 30];

#[derive(Serialize)]
struct ProjectRow {
    id: ProjectId,
    name: String,
    is_default: bool,
    created: Timestamp,
}

#[derive(Serialize)]
struct LoadTestRow {
    id: LoadTestId,
    name: String,
    project: NamedId<ProjectId>,
    k6_version: Option<i64>,
    updated: Timestamp,
}

#[derive(Serialize)]
struct RunRow {
    id: TestRunId,
    load_test: NamedId<LoadTestId>,
    project: NamedId<ProjectId>,
    status: String,
    result: Option<String>,
    /// A map with the member `verdict`.
    outcome: Verdict,
    created: Timestamp,
    ended: Option<Timestamp>,
    vuh: Option<f64>,
    url: Option<String>,
}

async fn projects(client: &Client, options: &ListOptions) -> Result<String, Error> {
    let list = client.list_projects().orderby("name").top(page(options)).stream();
    let rows = take(list, options).await?.into_iter().map(ProjectRow::of).collect::<Vec<_>>();
    if options.json {
        return Ok(json(&rows));
    }
    let mut table = ListTable::new(["ID", "PROJECT", "CREATED", ""]);
    for row in rows {
        let default = if row.is_default { "default" } else { "" };
        table.row([row.id.to_string(), row.name, day(row.created), default.to_owned()]);
    }
    Ok(table.to_text())
}

async fn tests(
    client: &Client,
    project: Option<ProjectId>,
    options: &ListOptions,
) -> Result<String, Error> {
    let found = match project {
        Some(project) => {
            let list = client.list_project_load_tests(project).orderby("name").top(page(options));
            take(list.stream(), options).await?
        }
        None => {
            take(client.list_load_tests().orderby("name").top(page(options)).stream(), options)
                .await?
        }
    };
    let mut names = client.resource_names();
    let mut rows = Vec::new();
    for test in found {
        rows.push(LoadTestRow::of(test, &mut names).await?);
    }
    if options.json {
        return Ok(json(&rows));
    }
    let mut table = ListTable::new(["ID", "LOAD TEST", "PROJECT", "K6", "UPDATED"]);
    for row in rows {
        let version = row.k6_version.map(|version| format!("v{version}"));
        let project = shown(&row.project);
        let updated = day(row.updated);
        table.row([row.id.to_string(), row.name, project, version.unwrap_or_default(), updated]);
    }
    Ok(table.to_text())
}

async fn runs(
    client: &Client,
    load_test: Option<LoadTestId>,
    options: &ListOptions,
) -> Result<String, Error> {
    let found = match load_test {
        Some(id) => {
            let list = client.list_load_test_runs(id).orderby("created desc").top(page(options));
            take(list.stream(), options).await?
        }
        None => newest(client, options).await?,
    };
    let mut names = client.resource_names();
    let mut rows = Vec::new();
    for run in found {
        rows.push(RunRow::of(run, client, &mut names).await?);
    }
    if options.json {
        return Ok(json(&rows));
    }
    let mut table = ListTable::new(["ID", "LOAD TEST", "STATUS", "RESULT", "CREATED", "VUH"]);
    for row in rows {
        table.row([
            row.id.to_string(),
            shown(&row.load_test),
            row.status,
            row.result.unwrap_or_default(),
            row.created.format("%Y-%m-%d %H:%M").to_string(),
            row.vuh.map(|vuh| format!("{vuh:.2}")).unwrap_or_default(),
        ]);
    }
    Ok(table.to_text())
}

impl ProjectRow {
    fn of(project: Project) -> Self {
        let Project { id, name, is_default, created, .. } = project;
        Self { id, name, is_default, created }
    }
}

impl LoadTestRow {
    async fn of(test: LoadTest, names: &mut ResourceNames) -> Result<Self, Error> {
        let project = NamedId { id: test.project_id, name: names.project(test.project_id).await? };
        let LoadTest { id, name, k6_version, updated, .. } = test;
        Ok(Self { id, name, project, k6_version, updated })
    }
}

impl RunRow {
    async fn of(run: TestRun, client: &Client, names: &mut ResourceNames) -> Result<Self, Error> {
        let found = names.of_run(&run).await?;
        Ok(Self {
            id: run.id,
            load_test: NamedId { id: run.test_id, name: found.load_test },
            project: NamedId { id: run.project_id, name: found.project },
            status: run.status.to_string(),
            result: run.result.as_ref().map(ToString::to_string),
            outcome: run.verdict(),
            created: run.created,
            ended: run.ended,
            vuh: run.cost.as_ref().map(|cost| cost.total_vuh.into()),
            url: client.test_run(run.id).page_url().map(ToOwned::to_owned),
        })
    }
}

/// Returns the newest runs of all load tests. The API does not sort this list, so it is read as far back
/// as it takes to find enough runs.
async fn newest(client: &Client, options: &ListOptions) -> Result<Vec<TestRun>, Error> {
    let limit = options.limit as usize;
    let mut runs = Vec::new();
    for days in DAYS_BACK.map(Some).into_iter().chain([None]) {
        let list = client.list_test_runs();
        let list = match days {
            Some(days) => list.created_after(Utc::now() - TimeDelta::days(days)),
            None => list,
        };
        runs.clear();
        let mut list = list.stream();
        while let Some(run) = list.try_next().await? {
            runs.push(run);
            // A stack may have more runs than fit into memory.
            if runs.len() >= 2 * limit {
                keep_newest(&mut runs, limit);
            }
        }
        if runs.len() >= limit {
            break;
        }
    }
    keep_newest(&mut runs, limit);
    Ok(runs)
}

fn keep_newest(runs: &mut Vec<TestRun>, limit: usize) {
    runs.sort_by_key(|run| Reverse(*run.created));
    runs.truncate(limit);
}

/// Returns the number of rows of a page: no more than are shown.
fn page(options: &ListOptions) -> i64 {
    i64::from(options.limit.min(1_000))
}

async fn take<T>(mut rows: RowStream<T>, options: &ListOptions) -> Result<Vec<T>, Error> {
    let mut taken = Vec::new();
    while taken.len() < options.limit as usize {
        let Some(row) = rows.try_next().await? else { break };
        taken.push(row);
    }
    Ok(taken)
}

fn shown<Id: std::fmt::Display>(named: &NamedId<Id>) -> String {
    named.name.clone().unwrap_or_else(|| named.id.to_string())
}

fn day(time: Timestamp) -> String {
    time.format("%Y-%m-%d").to_string()
}

fn json<T: Serialize>(rows: &[T]) -> String {
    // The rows have string keys, so that they can always be written.
    format::document(&rows).unwrap_or_default()
}

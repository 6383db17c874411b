//! The start of a run, and its limit on costs.

use std::fs;
use std::path::Path;

use k6_cloud::metrics::text::number;
use k6_cloud::types::{LoadTest, Options, Project};
use k6_cloud::{Client, Error, ErrorKind, LoadTestId, ProjectId, StartLoadTest};
use serde_json::{Map, Value};

use super::script::{self, GivenScript};
use super::target;
use crate::args::{RunTarget, StartOptions};
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit, with_causes};
use crate::report::{Conclusion, CostEstimate};

/// Returns a start that can be sent.
pub(super) fn prepare(client: &Client, id: LoadTestId, options: &StartOptions) -> StartLoadTest {
    let start = client.start_load_test(id);
    match &options.key {
        Some(key) => start.idempotency_key(key),
        None => start,
    }
}

/// Ends the gate if the run would cost more than its limit. The estimate is for the script that will run,
/// and is made before anything is created or uploaded.
pub(super) async fn check_cost(
    client: &Client,
    target: &RunTarget,
    options: &StartOptions,
    script: Option<&GivenScript>,
    draft: &mut ReportDraft,
) -> Result<(), Ending> {
    let Some(limit) = options.max_vuh else { return Ok(()) };
    let (project, load_test) = existing(client, target).await?;
    let found = match (&options.options, script, &load_test) {
        (Some(path), ..) => read_options(path)?,
        (None, Some(script), _) => script.options()?,
        (None, None, Some(load_test)) => script::stored_options(client, load_test.id).await?,
        (None, None, None) => Map::new(),
    };
    let found: Options = serde_json::from_value(Value::Object(found))
        .map_err(|error| Ending::settings(format!("the options cannot be sent: {error}")))?;
    let version = target.k6_version.or(load_test.as_ref().and_then(|test| test.k6_version));
    let estimate = client.validate_options(found).project_id(project).k6_version(version);
    let estimate = estimate.send().await.map_err(|error| Ending::not_started(&error))?;
    let vuh = estimate.vuh_usage.as_f64();
    draft.report.estimate = Some(CostEstimate { vuh, max_vuh: limit });
    if vuh <= limit {
        return Ok(());
    }
    let reason = format!(
        "the run would use {} VUH by the estimate of the API, and --max-vuh permits {}: nothing was \
         uploaded or started",
        number(vuh),
        number(limit)
    );
    Err(Ending::new(Conclusion::NotStarted, Exit::Breached, reason))
}

/// Returns the project and the load test as far as they exist, without creating any.
async fn existing(
    client: &Client,
    target: &RunTarget,
) -> Result<(Option<ProjectId>, Option<LoadTest>), Ending> {
    let Some(name) = &target.name else {
        let load_test = target::load_test(client, target::id(target)).await?;
        return Ok((Some(load_test.project_id), Some(load_test)));
    };
    let failed = |error: Error| Ending::not_started(&error);
    let project = match &target.project {
        Some(name) => find_project(client, name).await.map_err(failed)?.map(|found| found.id),
        None => Some(target::project_id(client, target)?),
    };
    let Some(project) = project else { return Ok((None, None)) };
    Ok((Some(project), find_load_test(client, project, name).await?))
}

/// Returns the load test with a name, if there is one.
pub(super) async fn find_load_test(
    client: &Client,
    project: ProjectId,
    name: &str,
) -> Result<Option<LoadTest>, Ending> {
    let mut tests = client.list_project_load_tests(project).name(name).stream();
    loop {
        match tests.try_next().await {
            Ok(Some(test)) if test.name == name => return Ok(Some(test)),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(None),
            Err(error) => return Err(target::no_project(project, &error)),
        }
    }
}

/// Returns the project with a name, if there is one.
pub(super) async fn find_project(client: &Client, name: &str) -> Result<Option<Project>, Error> {
    let mut projects = client.list_projects().name(name).stream();
    while let Some(project) = projects.try_next().await? {
        if project.name == name {
            return Ok(Some(project));
        }
    }
    Ok(None)
}

/// Reads the options in a file that `k6 inspect` wrote.
fn read_options(path: &Path) -> Result<Map<String, Value>, Ending> {
    let shown = path.display();
    let text = fs::read(path);
    let text =
        text.map_err(|error| Ending::settings(format!("{shown} cannot be read: {error}")))?;
    serde_json::from_slice(&text).map_err(|error| {
        let fix = "write it with `k6 inspect SCRIPT`";
        Ending::settings(format!("{shown} does not have the options of a script, {fix}: {error}"))
    })
}

/// Returns the ending for a start that failed.
pub(super) fn failed(error: &Error) -> Ending {
    match error.kind() {
        // A run may have begun.
        ErrorKind::OutcomeUnknown => {
            Ending::new(Conclusion::Unknown, Exit::Unknown { k6: None }, with_causes(error))
        }
        // The only value that the user gives here is the key.
        ErrorKind::InvalidRequest if error.status().is_none() => {
            Ending::settings(with_causes(error))
        }
        _ => Ending::not_started(error),
    }
}

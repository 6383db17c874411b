//! The load test to start: by its id, or by its name and script.

use k6_cloud::types::LoadTest;
use k6_cloud::{Client, EnsureOutcome, Error, LoadTestId, ProjectId, SettingSource};
use k6_cloud_fake::FIRST_LOAD_TEST_ID;

use super::script::{self, GivenScript};
use super::{is_missing, start};
use crate::args::{General, RunTarget};
use crate::draft::ReportDraft;
use crate::exit::Ending;
use crate::output::inform;
use crate::report::CreatedResource;

/// Checks what can be checked without the API.
pub(super) fn check(target: &RunTarget, general: &General) -> Result<(), Ending> {
    if let Some(path) = &target.script {
        script::check(path)?;
    }
    let is_given = target.load_test.is_some() || target.script.is_some() || target.resume.is_some();
    if is_given || general.fake.is_some() {
        return Ok(());
    }
    Err(Ending::settings(
        "nothing to run: add --load-test ID, or --project PROJECT --name NAME SCRIPT, or --resume FILE",
    ))
}

/// Returns the target with the name and the project in the options of the script, where the user gives none.
///
/// # Errors
///
/// If there is no name.
pub(super) fn with_names_of(
    target: &RunTarget,
    script: Option<&GivenScript>,
    client: &Client,
) -> Result<RunTarget, Ending> {
    let mut target = target.clone();
    let Some(script) = script else { return Ok(target) };
    let names = script.names();
    if target.name.is_none() {
        target.name = names.name;
        let Some(name) = &target.name else {
            return Err(Ending::settings(
                "the load test has no name: add --name NAME, or set it in the options of the script, \
                 `cloud: { name: '..' }`",
            ));
        };
        inform(&format!("The script names the load test: {name}"));
    }
    // The k6 tool also lets the environment decide before the script.
    let source = client.settings().default_project_id_source();
    let by_environment = matches!(source, SettingSource::Environment { .. });
    if target.project.is_none() && target.project_id.is_none() && !by_environment {
        target.project_id = names.project;
        if let Some(project) = target.project_id {
            inform(&format!("The script names the project: {project}"));
        }
    }
    Ok(target)
}

/// Returns the id of the load test that the user names by it.
pub(super) fn id(target: &RunTarget) -> LoadTestId {
    target.load_test.unwrap_or(FIRST_LOAD_TEST_ID)
}

pub(super) async fn load_test(client: &Client, id: LoadTestId) -> Result<LoadTest, Ending> {
    let load_test = client.get_load_test(id).send().await;
    load_test.map_err(|error| match is_missing(&error) {
        true => missing(&format!("there is no load test {id} in this stack"), &error),
        false => Ending::not_started(&error),
    })
}

/// Finds or makes the load test, sets the names in the report, and returns the id.
pub(super) async fn resolve(
    client: &Client,
    target: &RunTarget,
    script: Option<&GivenScript>,
    draft: &mut ReportDraft,
) -> Result<LoadTestId, Ending> {
    if let Some(name) = &target.name {
        return by_name(client, target, name, script, draft).await;
    }
    let id = id(target);
    draft.set_load_test(id, None);
    let load_test = load_test(client, id).await?;
    draft.set_load_test(id, Some(load_test.name));
    // The report can do without the name of the project.
    let project = client.resource_names().project(load_test.project_id).await;
    draft.set_project(load_test.project_id, project.unwrap_or_default());
    Ok(id)
}

async fn by_name(
    client: &Client,
    target: &RunTarget,
    name: &str,
    script: Option<&GivenScript>,
    draft: &mut ReportDraft,
) -> Result<LoadTestId, Ending> {
    let project = project(client, target, draft).await?;
    let found = start::find_load_test(client, project, name).await?;
    if found.is_none() && !target.create {
        return Err(unknown_name("load test", name));
    }
    let mut ensure = client.ensure_load_test(project, name);
    if let Some(script) = script {
        ensure = ensure.script(script.to_source());
    }
    if let Some(version) = target.k6_version {
        ensure = ensure.k6_version(version);
    }
    let ensured = ensure.send().await.map_err(|error| no_project(project, &error))?;
    let id = ensured.value.id;
    inform(&format!("Load test {id} ({name}): {}", ensured.outcome));
    draft.set_load_test(id, Some(ensured.value.name));
    if ensured.outcome == EnsureOutcome::Created {
        draft.report.created.push(CreatedResource::LoadTest);
    }
    Ok(id)
}

/// Returns the ending for a name that does not exist.
fn unknown_name(what: &str, name: &str) -> Ending {
    Ending::settings(format!(
        "there is no {what} with the name {name:?}: correct it, or add --create to create it"
    ))
}

/// Returns the id of the project: found or created by its name, or given, or the default.
async fn project(
    client: &Client,
    target: &RunTarget,
    draft: &mut ReportDraft,
) -> Result<ProjectId, Ending> {
    if let Some(name) = &target.project {
        draft.report.load_test = None;
        let failed = |error: Error| Ending::not_started(&error);
        if !target.create && start::find_project(client, name).await.map_err(failed)?.is_none() {
            return Err(unknown_name("project", name));
        }
        let ensured = client.ensure_project(name).send().await;
        let ensured = ensured.map_err(|error| Ending::not_started(&error))?;
        inform(&format!("Project {} ({name}): {}", ensured.value.id, ensured.outcome));
        draft.set_project(ensured.value.id, Some(ensured.value.name));
        if ensured.outcome == EnsureOutcome::Created {
            draft.report.created.push(CreatedResource::Project);
        }
        return Ok(ensured.value.id);
    }
    let id = project_id(client, target)?;
    let name = client.resource_names().project(id).await;
    draft.set_project(id, name.unwrap_or_default());
    Ok(id)
}

/// Returns the id of the project that is given, or that of the default project.
pub(super) fn project_id(client: &Client, target: &RunTarget) -> Result<ProjectId, Ending> {
    let default = client.settings().default_project_id();
    target.project_id.or(default).ok_or_else(|| {
        Ending::settings(format!(
            "--name needs a project: add --project NAME or --project-id ID, or set {}",
            k6_cloud::PROJECT_ID_VARIABLE
        ))
    })
}

/// Returns the ending for a failure in a project that may not exist.
pub(super) fn no_project(project: ProjectId, error: &Error) -> Ending {
    match is_missing(error) {
        true => missing(&format!("there is no project {project} in this stack"), error),
        false => Ending::not_started(error),
    }
}

fn missing(what: &str, error: &Error) -> Ending {
    Ending { reason: what.to_owned(), ..Ending::not_started(error) }
}

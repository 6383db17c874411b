//! The load test to start: by its id, or by its name and script.

use std::fs::File;
use std::path::Path;

use k6_cloud::{Client, EnsureOutcome, Error, ScriptSource};
use k6_cloud_fake::FIRST_LOAD_TEST_ID;

use crate::args::{General, RunTarget};
use crate::draft::ReportDraft;
use crate::exit::Ending;
use crate::output::note;

/// The load test to start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen {
    pub(super) id: i64,
    /// Whether no run has had the present script.
    pub(super) has_new_script: bool,
}

/// Checks what can be checked without the API.
pub(super) fn check(target: &RunTarget, general: &General) -> Result<(), Ending> {
    if let Some(script) = &target.script {
        check_script(script)?;
    }
    let is_given = target.load_test.is_some() || target.name.is_some() || target.resume.is_some();
    if is_given || general.fake.is_some() {
        return Ok(());
    }
    Err(Ending::settings(
        "nothing to run: add --load-test ID, or --project PROJECT --name NAME SCRIPT, or --resume FILE",
    ))
}

fn check_script(path: &Path) -> Result<(), Ending> {
    let shown = path.display();
    let opened = File::open(path).and_then(|file| file.metadata());
    match opened {
        Ok(metadata) if metadata.is_dir() => {
            Err(Ending::settings(format!("the script {shown} is a folder")))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(Ending::settings(format!("the script {shown} cannot be read: {error}"))),
    }
}

/// Finds or makes the load test, and sets the names in the report.
pub(super) async fn resolve(
    client: &Client,
    target: &RunTarget,
    draft: &mut ReportDraft,
) -> Result<Chosen, Ending> {
    if let Some(name) = &target.name {
        return by_name(client, target, name, draft).await;
    }
    let id = target.load_test.unwrap_or(FIRST_LOAD_TEST_ID);
    draft.set_load_test(id, None);
    let load_test = client.get_load_test(id).send().await;
    let load_test = load_test.map_err(|error| match error.is_not_found() {
        true => missing(&format!("there is no load test {id} in this stack"), &error),
        false => Ending::not_started(&error),
    })?;
    draft.set_load_test(id, Some(load_test.name));
    // The report can do without the name of the project.
    let project = client.resource_names().project(load_test.project_id).await;
    draft.set_project(load_test.project_id, project.unwrap_or_default());
    Ok(Chosen { id, has_new_script: false })
}

async fn by_name(
    client: &Client,
    target: &RunTarget,
    name: &str,
    draft: &mut ReportDraft,
) -> Result<Chosen, Ending> {
    let project = project(client, target, draft).await?;
    let mut ensure = client.ensure_load_test(project, name);
    if let Some(script) = &target.script {
        ensure = ensure.script(ScriptSource::path(script));
    }
    if let Some(version) = target.k6_version {
        ensure = ensure.k6_version(version);
    }
    let ensured = ensure.send().await;
    let ensured = ensured.map_err(|error| match error.is_not_found() {
        true => missing(&format!("there is no project {project} in this stack"), &error),
        false => Ending::not_started(&error),
    })?;
    let id = ensured.value.id;
    note(&format!("Load test {id} ({name}): {}", ensured.outcome));
    draft.set_load_test(id, Some(ensured.value.name));
    let has_new_script = ensured.outcome != EnsureOutcome::Unchanged;
    Ok(Chosen { id, has_new_script })
}

/// Returns the id of the project: found or created by its name, or given, or the default.
async fn project(
    client: &Client,
    target: &RunTarget,
    draft: &mut ReportDraft,
) -> Result<i64, Ending> {
    if let Some(name) = &target.project {
        draft.report.load_test = None;
        let ensured = client.ensure_project(name).send().await;
        let ensured = ensured.map_err(|error| Ending::not_started(&error))?;
        note(&format!("Project {} ({name}): {}", ensured.value.id, ensured.outcome));
        draft.set_project(ensured.value.id, Some(ensured.value.name));
        return Ok(ensured.value.id);
    }
    let default = client.settings().default_project_id();
    let id = target.project_id.or(default).ok_or_else(|| {
        Ending::settings(format!(
            "--name needs a project: add --project NAME or --project-id ID, or set {}",
            k6_cloud::PROJECT_ID_VARIABLE
        ))
    })?;
    let name = client.resource_names().project(id).await;
    draft.set_project(id, name.unwrap_or_default());
    Ok(id)
}

fn missing(what: &str, error: &Error) -> Ending {
    Ending { reason: what.to_owned(), ..Ending::not_started(error) }
}

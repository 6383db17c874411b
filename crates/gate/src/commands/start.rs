//! The start of a run, and its limit on costs.

use std::fs;
use std::path::Path;

use k6_cloud::{Client, Error, ErrorKind, StartLoadTest};
use serde_json::{Map, Value};

use super::archive;
use super::target::Chosen;
use crate::args::StartOptions;
use crate::exit::{Ending, Exit, with_causes};
use crate::report::Conclusion;

/// Returns a start that can be sent.
pub(super) async fn prepare(
    client: &Client,
    target: &Chosen,
    options: &StartOptions,
    script: Option<&Path>,
) -> Result<StartLoadTest, Ending> {
    let mut start = client.start_load_test(target.id);
    if let Some(key) = &options.key {
        start = start.idempotency_key(key);
    }
    if let Some(vuh) = options.max_vuh {
        start = start.max_vuh(
            vuh,
            script_options(client, target, options.options.as_deref(), script).await?,
        );
    }
    Ok(start)
}

/// Returns the options of the script: those of a file, or those in the archive, or those of the last run
/// with the same script.
async fn script_options(
    client: &Client,
    target: &Chosen,
    file: Option<&Path>,
    script: Option<&Path>,
) -> Result<Map<String, Value>, Ending> {
    if let Some(path) = file {
        let shown = path.display();
        let text = fs::read(path);
        let text =
            text.map_err(|error| Ending::settings(format!("{shown} cannot be read: {error}")))?;
        return serde_json::from_slice(&text).map_err(|error| {
            let fix = "write it with `k6 inspect SCRIPT`";
            Ending::settings(format!(
                "{shown} does not have the options of a script, {fix}: {error}"
            ))
        });
    }
    if let Some(options) = script.and_then(archive::options) {
        return Ok(options);
    }
    let unknown = |why: &str| {
        Ending::settings(format!(
            "--max-vuh needs the options of the script, and {why}: run `k6 inspect SCRIPT > \
             options.json` and add --options options.json"
        ))
    };
    if target.has_new_script {
        return Err(unknown("there is no run with this script yet"));
    }
    let mut runs = client.list_load_test_runs(target.id).orderby("created desc").top(1).stream();
    match runs.try_next().await {
        Ok(Some(run)) => run.options.ok_or_else(|| unknown("the last run has none")),
        Ok(None) => Err(unknown("there is no run of the load test yet")),
        Err(error) => Err(Ending::not_started(&error)),
    }
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

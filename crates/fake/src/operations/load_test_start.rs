//! The start of a load test.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, Outcome};
use super::{lookup, validate_options};
use crate::USER;
use crate::error::{ApiError, json_response};
use crate::run::seed::RunSeed;
use crate::script::StoredScript;
use crate::store::Store;

/// Starts a run, or returns the run of an earlier start with the same idempotency key.
pub(super) fn start(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let key = call.arguments.get("K6-Idempotency-Key").and_then(Value::as_str);
    let now = call.shared.now();
    let mut store = call.shared.store();
    let load_test = lookup::load_test(&store.inventory, id)?;
    let script = load_test.script.clone();
    let started = key.and_then(|key| store.starts.started(id, key, now));
    let run = match started.filter(|run| store.get(*run).is_some()) {
        Some(run) => run,
        None => {
            let script = script.ok_or_else(|| {
                ApiError::not_found(format!("load test {id} has no script: upload one first"))
            })?;
            let seed = planned_run(&mut store, id, script);
            let run = store.start_run(seed, now);
            if let Some(key) = key {
                store.starts.remember(id, key.to_owned(), run, now);
            }
            run
        }
    };
    let mut body = store.get(run).map(|run| run.json()).unwrap_or_default();
    let page = format!("{}/a/k6-app/runs/{run}", call.shared.settings().stack_url);
    body["test_run_details_page_url"] = json!(page);
    Ok(json_response(StatusCode::OK, &body))
}

/// Returns the run that the test has planned, with the script of the load test and its load.
fn planned_run(store: &mut Store, id: i64, script: StoredScript) -> RunSeed {
    let mut seed = store.starts.next().test_id(id).started_by(Some(USER));
    seed.details.script = script;
    let Some(load_test) = store.inventory.load_tests.get(id) else { return seed };
    seed = seed.project_id(load_test.project_id);
    let Some(options) = load_test.script_options() else { return seed };
    match validate_options::check(&store.inventory, load_test.project_id, &options) {
        Ok(read) => seed.with_script_options(options, &read),
        Err(error) => {
            // The service starts such a run too, and aborts it when it validates it.
            seed.lifecycle.invalid = Some(error.message().to_owned().into());
            seed
        }
    }
}

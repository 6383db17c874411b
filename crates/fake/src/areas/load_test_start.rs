//! The start of a load test.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::Call;
use super::load_tests::unknown;
use crate::error::{ApiError, json_response};
use crate::{FIRST_RUN_ID, USER};

/// Starts a run, unless a start with the same key has done so a short while ago.
pub(super) fn start(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let key = call.arguments.get("K6-Idempotency-Key").and_then(Value::as_str);
    let now = call.shared.now();
    let mut store = call.shared.store();
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    let (project, script) = (load_test.project_id, load_test.script.clone());
    let begun = key.and_then(|key| store.starts.begun(id, key, now));
    let run = match begun.filter(|run| store.get(*run).is_some()) {
        Some(run) => run,
        None => {
            let script = script.ok_or_else(|| {
                ApiError::not_found(format!("load test {id} has no script to be run"))
            })?;
            let mut seed = store.starts.next().test_id(id).project_id(project).script(script);
            seed = seed.started_by(Some(USER));
            let run = seed.id.unwrap_or_else(|| store.next_id(FIRST_RUN_ID));
            store.insert(seed.into_begun_run(run, now));
            if let Some(key) = key {
                store.starts.remember(id, key.to_owned(), run, now);
            }
            run
        }
    };
    let mut shown = store.get(run).map(|run| run.json()).unwrap_or_default();
    let page = format!("{}/a/k6-app/runs/{run}", call.shared.stack_url());
    shown["test_run_details_page_url"] = json!(page);
    Ok(json_response(StatusCode::OK, &shown))
}

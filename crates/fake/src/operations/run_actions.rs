//! The operations on one test run.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;

use super::call::Outcome;
use super::lookup;
use crate::USER;
use crate::error::{ApiError, json_response};
use crate::run::{RETENTION, Run, status_name};
use crate::state::Shared;
use crate::time::later;

fn change<T>(
    shared: &Shared,
    id: i64,
    change: impl FnOnce(&mut Run) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let mut store = shared.store();
    let run = store.get_mut(id).ok_or_else(|| lookup::unknown_run(id))?;
    change(run)
}

/// Returns the run.
pub(crate) fn get(shared: &Shared, id: i64) -> Outcome {
    shared.note_poll(Some(id));
    let store = shared.store();
    let run = lookup::run(&store, id)?;
    Ok(json_response(StatusCode::OK, run))
}

/// Sets the note.
pub(crate) fn set_note(shared: &Shared, id: i64, note: String) -> Result<(), ApiError> {
    change(shared, id, |run| {
        run.details.note = note.into();
        Ok(())
    })
}

/// Deletes a run that has ended.
pub(crate) fn delete(shared: &Shared, id: i64) -> Result<(), ApiError> {
    let mut store = shared.store();
    let run = lookup::run(&store, id)?;
    if !run.is_final() {
        let status = status_name(run.status());
        let message =
            format!("test run {id} is {status}: only a run that has ended can be deleted");
        return Err(ApiError::conflict(message));
    }
    store.remove(id);
    Ok(())
}

/// Aborts a run that has not ended.
pub(crate) fn abort(shared: &Shared, id: i64) -> Result<(), ApiError> {
    change(shared, id, |run| {
        if run.is_final() {
            let status = status_name(run.status());
            let message = format!("test run {id} has already ended, it is {status}");
            return Err(ApiError::conflict(message));
        }
        let at = run.time_of_change(shared.now());
        run.abort(USER.into(), at);
        Ok(())
    })
}

/// Saves the results of a run for good.
pub(crate) fn save(shared: &Shared, id: i64) -> Result<(), ApiError> {
    let mut store = shared.store();
    let run = lookup::run(&store, id)?;
    if run.is_expired(shared.now()) {
        let message = format!("the results of test run {id} have been deleted");
        return Err(ApiError::conflict(message));
    }
    let limit = shared.settings().saved_limit;
    if !run.is_saved() && store.saved() >= limit {
        let message = format!("no more test runs can be saved, the limit is {limit}");
        return Err(ApiError::conflict(message));
    }
    if let Some(run) = store.get_mut(id) {
        run.retention.expiry = None;
    }
    Ok(())
}

/// Makes the results of a saved run expire again, after a full retention from now.
pub(crate) fn unsave(shared: &Shared, id: i64) -> Result<(), ApiError> {
    change(shared, id, |run| {
        if run.is_saved() {
            run.retention.expiry = Some(later(run.time_of_change(shared.now()), RETENTION));
        }
        Ok(())
    })
}

/// Stars or unstars the run.
pub(crate) fn set_starred(shared: &Shared, id: i64, starred: bool) -> Result<(), ApiError> {
    change(shared, id, |run| {
        run.details.is_starred = starred;
        Ok(())
    })
}

/// Returns the run's load generators.
pub(crate) fn distribution(shared: &Shared, id: i64) -> Outcome {
    let store = shared.store();
    let run = lookup::run(&store, id)?;
    let json = run
        .distribution_json()
        .ok_or_else(|| ApiError::not_found(format!("test run {id} has no distribution data")))?;
    Ok(json_response(StatusCode::OK, &json))
}

/// Returns the run's script.
pub(crate) fn script(shared: &Shared, id: i64) -> Outcome {
    let store = shared.store();
    let run = lookup::run(&store, id)?;
    let (content_type, body) = run.script();
    Ok(([(header::CONTENT_TYPE, content_type)], body).into_response())
}

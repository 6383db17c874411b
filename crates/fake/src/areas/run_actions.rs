//! The operations on one test run.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::USER;
use crate::error::{ApiError, json_response};
use crate::run::{RETENTION, Run, later};
use crate::server::Shared;

fn unknown(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no test run {id}"))
}

fn change<T>(
    shared: &Shared,
    id: i64,
    change: impl FnOnce(&mut Run) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let mut store = shared.store();
    let run = store.get_mut(id).ok_or_else(|| unknown(id))?;
    change(run)
}

/// Returns the run.
pub(super) fn get(shared: &Shared, id: i64) -> Result<Response, ApiError> {
    let store = shared.store();
    let run = store.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::OK, run))
}

/// Sets the note.
pub(super) fn set_note(shared: &Shared, id: i64, note: String) -> Result<(), ApiError> {
    change(shared, id, |run| {
        run.note = note.into();
        Ok(())
    })
}

/// Deletes a run that has ended.
pub(super) fn delete(shared: &Shared, id: i64) -> Result<(), ApiError> {
    let mut store = shared.store();
    let run = store.get(id).ok_or_else(|| unknown(id))?;
    if !run.is_final() {
        let status = run.current.status.as_str();
        let message = format!("test run {id} is {status}: only one that has ended is deleted");
        return Err(ApiError::conflict(message));
    }
    store.remove(id);
    Ok(())
}

/// Aborts a run that has not ended.
pub(super) fn abort(shared: &Shared, id: i64) -> Result<(), ApiError> {
    change(shared, id, |run| {
        if run.is_final() {
            let status = run.current.status.as_str();
            let message = format!("test run {id} is {status}: it has ended already");
            return Err(ApiError::conflict(message));
        }
        let at = run.moment(shared.now());
        run.abort(USER.into(), at);
        Ok(())
    })
}

/// Keeps the results of a run for good.
pub(super) fn save(shared: &Shared, id: i64) -> Result<(), ApiError> {
    let mut store = shared.store();
    let run = store.get(id).ok_or_else(|| unknown(id))?;
    if run.is_expired(shared.now()) {
        let message = format!("the results of test run {id} have been deleted");
        return Err(ApiError::conflict(message));
    }
    let limit = shared.saved_limit();
    if !run.is_saved() && store.saved() >= limit {
        let message = format!("no more test runs can be saved, the limit is {limit}");
        return Err(ApiError::conflict(message));
    }
    if let Some(run) = store.get_mut(id) {
        run.retention_expiry = None;
    }
    Ok(())
}

/// Lets the results of a saved run expire again, a full retention from now.
pub(super) fn unsave(shared: &Shared, id: i64) -> Result<(), ApiError> {
    change(shared, id, |run| {
        if run.is_saved() {
            run.retention_expiry = Some(later(run.moment(shared.now()), RETENTION));
        }
        Ok(())
    })
}

/// Stars or unstars the run.
pub(super) fn set_starred(shared: &Shared, id: i64, starred: bool) -> Result<(), ApiError> {
    change(shared, id, |run| {
        run.starred = starred;
        Ok(())
    })
}

/// Returns the run's load generators.
pub(super) fn distribution(shared: &Shared, id: i64) -> Result<Response, ApiError> {
    let store = shared.store();
    let run = store.get(id).ok_or_else(|| unknown(id))?;
    let json = run
        .distribution_json()
        .ok_or_else(|| ApiError::not_found(format!("test run {id} has no distribution data")))?;
    Ok(json_response(StatusCode::OK, &json))
}

/// Returns the run's script.
pub(super) fn script(shared: &Shared, id: i64) -> Result<Response, ApiError> {
    let store = shared.store();
    let run = store.get(id).ok_or_else(|| unknown(id))?;
    let (content_type, body) = run.script_bytes();
    Ok(([(header::CONTENT_TYPE, content_type)], body).into_response())
}

//! Schedules of load tests.

use axum::http::StatusCode;
use axum::response::Response;

use super::call::{Call, Outcome, no_content};
use super::lookup;
use super::paging::page;
use crate::USER;
use crate::error::{ApiError, json_response};
use crate::schedule::{Schedule, Timing};

/// Serves the operations on schedules.
pub(crate) fn serve(call: &Call<'_>) -> Option<Outcome> {
    Some(match call.operation {
        "list_schedules" => list(call),
        "get_schedule" => get(call),
        "delete_schedule" => delete(call).map(no_content),
        "activate_schedule" => activate(call).map(no_content),
        "deactivate_schedule" => deactivate(call).map(no_content),
        "get_load_test_schedule" => get_of_load_test(call),
        "set_load_test_schedule" => set(call),
        _ => return None,
    })
}

fn unknown(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no schedule {id}"))
}

fn respond(call: &Call<'_>, schedule: &Schedule) -> Response {
    json_response(StatusCode::OK, &schedule.json(call.shared.now()))
}

fn list(call: &Call<'_>) -> Outcome {
    let now = call.shared.now();
    let store = call.shared.store();
    let rows = store.inventory.schedules.iter().map(|schedule| schedule.json(now)).collect();
    page(call, rows, &[])
}

fn get(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let store = call.shared.store();
    let schedule = store.inventory.schedules.get(id).ok_or_else(|| unknown(id))?;
    Ok(respond(call, schedule))
}

fn get_of_load_test(call: &Call<'_>) -> Outcome {
    let id = call.arguments.id();
    let store = call.shared.store();
    lookup::load_test(&store.inventory, id)?;
    let schedule = store.inventory.schedule_of(id);
    let schedule =
        schedule.ok_or_else(|| ApiError::not_found(format!("load test {id} has no schedule")))?;
    Ok(respond(call, schedule))
}

/// Sets the schedule of a load test, and activates it. A schedule that replaces another keeps its
/// id.
fn set(call: &Call<'_>) -> Outcome {
    let load_test = call.arguments.id();
    let timing = Timing::read(&call.arguments.body)?;
    let mut store = call.shared.store();
    let inventory = &mut store.inventory;
    lookup::load_test(inventory, load_test)?;
    let existing = inventory.schedule_of(load_test).map(|schedule| schedule.id);
    let id = existing.unwrap_or_else(|| inventory.schedules.next_id());
    let schedule = Schedule::new(id, load_test, USER, timing);
    let response = respond(call, &schedule);
    inventory.schedules.put(id, schedule);
    Ok(response)
}

fn delete(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let removed = call.shared.store().inventory.schedules.remove(id);
    removed.map(drop).ok_or_else(|| unknown(id))
}

fn activate(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let now = call.shared.now();
    let mut store = call.shared.store();
    let schedule = store.inventory.schedules.get_mut(id).ok_or_else(|| unknown(id))?;
    if schedule.is_expired(now) {
        let message = format!("schedule {id} has expired: set it again with later runs");
        return Err(ApiError::conflict(message));
    }
    schedule.is_deactivated = false;
    Ok(())
}

/// Has no effect on a schedule that has expired.
fn deactivate(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let now = call.shared.now();
    let mut store = call.shared.store();
    let schedule = store.inventory.schedules.get_mut(id).ok_or_else(|| unknown(id))?;
    if !schedule.is_expired(now) {
        schedule.is_deactivated = true;
    }
    Ok(())
}

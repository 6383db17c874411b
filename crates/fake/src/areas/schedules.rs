//! Schedules of load tests.

use axum::http::StatusCode;
use axum::response::Response;

use super::paging::page;
use super::{Call, load_tests, no_content};
use crate::USER;
use crate::error::{ApiError, json_response};
use crate::inventory::Inventory;
use crate::schedule::{Schedule, Timing};

/// Answers the operations on schedules.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
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

fn of_load_test(inventory: &Inventory, load_test: i64) -> Option<&Schedule> {
    inventory.schedules.iter().find(|schedule| schedule.load_test_id == load_test)
}

fn shown(call: &Call<'_>, schedule: &Schedule) -> Response {
    json_response(StatusCode::OK, &schedule.json(call.shared.now()))
}

fn list(call: &Call<'_>) -> Result<Response, ApiError> {
    let now = call.shared.now();
    let store = call.shared.store();
    let rows = store.inventory.schedules.iter().map(|schedule| schedule.json(now)).collect();
    page(call, rows, &[])
}

fn get(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    let schedule = store.inventory.schedules.get(id).ok_or_else(|| unknown(id))?;
    Ok(shown(call, schedule))
}

fn get_of_load_test(call: &Call<'_>) -> Result<Response, ApiError> {
    let id = call.arguments.id();
    let store = call.shared.store();
    store.inventory.load_tests.get(id).ok_or_else(|| load_tests::unknown(id))?;
    let schedule = of_load_test(&store.inventory, id)
        .ok_or_else(|| ApiError::not_found(format!("load test {id} has no schedule")))?;
    Ok(shown(call, schedule))
}

/// Sets the schedule of a load test, in place of the one that it has.
fn set(call: &Call<'_>) -> Result<Response, ApiError> {
    let load_test = call.arguments.id();
    let timing = Timing::read(&call.arguments.body)?;
    let mut store = call.shared.store();
    store.inventory.load_tests.get(load_test).ok_or_else(|| load_tests::unknown(load_test))?;
    store.inventory.remove_schedule_of(load_test);
    let schedules = &mut store.inventory.schedules;
    let id = schedules.add(|id| Schedule::new(id, load_test, USER, timing));
    let schedule = schedules.get(id).ok_or_else(|| unknown(id))?;
    Ok(shown(call, schedule))
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
        let message = format!("schedule {id} has expired: set a new one");
        return Err(ApiError::conflict(message));
    }
    schedule.deactivated = false;
    Ok(())
}

fn deactivate(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.arguments.id();
    let mut store = call.shared.store();
    let schedule = store.inventory.schedules.get_mut(id).ok_or_else(|| unknown(id))?;
    schedule.deactivated = true;
    Ok(())
}

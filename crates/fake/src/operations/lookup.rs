//! Errors for ids that do not exist and names that are taken.

use crate::error::ApiError;
use crate::inventory::{Inventory, LoadTest, Project};
use crate::run::Run;
use crate::store::Store;

pub(super) fn unknown_run(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no test run {id}"))
}

pub(super) fn unknown_load_test(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no load test {id}"))
}

pub(super) fn unknown_project(id: i64) -> ApiError {
    ApiError::not_found(format!("there is no project {id}"))
}

/// Returns a run, or a 404.
pub(super) fn run(store: &Store, id: i64) -> Result<&Run, ApiError> {
    store.get(id).ok_or_else(|| unknown_run(id))
}

/// Returns a load test, or a 404.
pub(super) fn load_test(inventory: &Inventory, id: i64) -> Result<&LoadTest, ApiError> {
    inventory.load_tests.get(id).ok_or_else(|| unknown_load_test(id))
}

/// Returns a load test, or a 404.
pub(super) fn load_test_mut(inventory: &mut Inventory, id: i64) -> Result<&mut LoadTest, ApiError> {
    inventory.load_tests.get_mut(id).ok_or_else(|| unknown_load_test(id))
}

/// Returns a project, or a 404.
pub(super) fn project(inventory: &Inventory, id: i64) -> Result<&Project, ApiError> {
    inventory.projects.get(id).ok_or_else(|| unknown_project(id))
}

/// Returns a 409 if another load test of the project has the name.
pub(super) fn load_test_name_is_free(
    inventory: &Inventory,
    project: i64,
    name: &str,
    own: Option<i64>,
) -> Result<(), ApiError> {
    let mut others = inventory
        .load_tests
        .iter()
        .filter(|load_test| load_test.project_id == project && Some(load_test.id) != own);
    if others.any(|load_test| load_test.name == name) {
        let message = format!("project {project} already has a load test {name:?}");
        return Err(ApiError::conflict(message));
    }
    Ok(())
}

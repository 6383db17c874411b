//! The operations, one module for each area of the API.

mod authentication;
mod call;
mod labels;
mod load_test_form;
mod load_test_start;
pub(crate) mod load_tests;
mod load_zones;
mod lookup;
mod paging;
pub(crate) mod projects;
mod run_actions;
mod run_lists;
mod schedules;
mod test_runs;
mod validate_options;

pub(crate) use self::call::Call;
use self::call::Outcome;
use crate::error::ApiError;

/// Serves an operation; `None` if it belongs to another area.
type Area = fn(&Call<'_>) -> Option<Outcome>;

const AREAS: &[Area] = &[
    authentication::serve,
    labels::serve,
    load_tests::serve,
    load_zones::serve,
    projects::serve,
    schedules::serve,
    test_runs::serve,
];

/// Carries out a request.
pub(crate) fn serve(call: &Call<'_>) -> Outcome {
    AREAS.iter().find_map(|area| area(call)).unwrap_or_else(|| {
        let operation = call.operation;
        Err(ApiError::not_found(format!("the fake does not serve the operation {operation}")))
    })
}

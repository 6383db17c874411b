//! What the operations do, an area of the API a module.

mod authentication;
mod labels;
mod load_test_form;
mod load_test_start;
mod load_tests;
mod load_zones;
mod paging;
mod projects;
mod run_actions;
mod run_lists;
mod schedules;
mod test_runs;
mod validate_options;

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::contract::Arguments;
use super::error::ApiError;
use super::server::Shared;

/// A request that is as the description of its operation says.
pub(super) struct Call<'c> {
    pub(super) shared: &'c Shared,
    /// The id of the operation.
    pub(super) operation: &'c str,
    pub(super) arguments: &'c Arguments,
    pub(super) parts: &'c Parts,
    /// The body as it came, for what is no JSON.
    pub(super) body: &'c [u8],
}

impl Call<'_> {
    /// Returns a property of the body that is a text.
    fn text(&self, name: &str) -> String {
        self.arguments.body[name].as_str().unwrap_or_default().to_owned()
    }
}

/// What an area makes of a request; `None` where the operation is another's.
type Area = fn(&Call<'_>) -> Option<Result<Response, ApiError>>;

const AREAS: &[Area] = &[
    authentication::serve,
    labels::serve,
    load_tests::serve,
    load_zones::serve,
    projects::serve,
    schedules::serve,
    test_runs::serve,
];

/// Answers a request.
pub(super) fn serve(call: &Call<'_>) -> Result<Response, ApiError> {
    AREAS.iter().find_map(|area| area(call)).unwrap_or_else(|| {
        Err(ApiError::not_found(format!("the fake does not serve {}", call.operation)))
    })
}

fn no_content((): ()) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

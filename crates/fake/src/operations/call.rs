//! A request to an operation.

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use crate::contract::Arguments;
use crate::error::ApiError;
use crate::state::Shared;

/// A request that follows the description of its operation.
pub(crate) struct Call<'c> {
    pub(crate) shared: &'c Shared,
    /// The id of the operation.
    pub(crate) operation: &'c str,
    pub(crate) arguments: &'c Arguments,
    pub(crate) parts: &'c Parts,
    /// The body as it was sent, for bodies that are not JSON.
    pub(crate) body: &'c [u8],
}

impl Call<'_> {
    /// Returns a property of the body that is a string.
    pub(super) fn string(&self, name: &str) -> String {
        self.arguments.body[name].as_str().unwrap_or_default().to_owned()
    }
}

/// The result of an operation.
pub(super) type Outcome = Result<Response, ApiError>;

/// Returns a 204.
pub(super) fn no_content((): ()) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Returns the items of the list `value` in a body.
pub(super) fn items(body: &Value) -> &[Value] {
    body["value"].as_array().map_or(&[][..], Vec::as_slice)
}

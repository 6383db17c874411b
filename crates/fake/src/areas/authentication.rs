//! What a token gives access to.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::Call;
use crate::error::{ApiError, json_response};
use crate::inventory::FIRST_PROJECT_ID;

/// Answers the operation that finds a stack.
pub(super) fn serve(call: &Call<'_>) -> Option<Result<Response, ApiError>> {
    (call.operation == "authenticate").then(|| authenticate(call))
}

fn authenticate(call: &Call<'_>) -> Result<Response, ApiError> {
    let url = call.arguments.get("X-Stack-Url").and_then(Value::as_str).unwrap_or_default();
    let plain = |url: &str| url.trim_end_matches('/').to_lowercase();
    if plain(url) != plain(call.shared.stack_url()) {
        return Err(ApiError::permission_denied(format!("the token has no access to {url:?}")));
    }
    let store = call.shared.store();
    let default = store.inventory.projects.iter().find(|project| project.is_default);
    let body = json!({
        "stack_id": call.shared.stack_id(),
        "default_project_id": default.map_or(FIRST_PROJECT_ID, |project| project.id),
    });
    Ok(json_response(StatusCode::OK, &body))
}

//! The stack of a token.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, Outcome};
use crate::error::{ApiError, json_response};

/// Serves the operation that looks up a stack.
pub(super) fn serve(call: &Call<'_>) -> Option<Outcome> {
    (call.operation == "authenticate").then(|| authenticate(call))
}

fn authenticate(call: &Call<'_>) -> Outcome {
    let settings = call.shared.settings();
    let url = call.arguments.get("X-Stack-Url").and_then(Value::as_str).unwrap_or_default();
    let plain = |url: &str| url.trim_end_matches('/').to_lowercase();
    if plain(url) != plain(&settings.stack_url) {
        let message = format!("the token does not have access to {url:?}");
        return Err(ApiError::permission_denied(message));
    }
    let store = call.shared.store();
    let body = json!({
        "stack_id": settings.stack_id,
        "default_project_id": store.inventory.default_project(),
    });
    Ok(json_response(StatusCode::OK, &body))
}

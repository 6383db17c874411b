//! The credentials of a request.

use axum::http::{HeaderMap, header};
use k6_cloud::StackId;

use crate::contract::Arguments;
use crate::error::ApiError;

/// Checks the token.
pub(crate) fn authorize(headers: &HeaderMap, token: &str) -> Result<(), ApiError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(given), None) = (values.next(), values.next()) else {
        let message = "a single Authorization header with `Bearer TOKEN` is required";
        return Err(ApiError::unauthorized(message));
    };
    let given = String::from_utf8_lossy(given.as_bytes());
    // The scheme has any case, and one or more spaces follow it (RFC 9110, section 11.4).
    let given = given.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    match given.map(|(_, token)| token.trim_start_matches(' ')) {
        None => Err(ApiError::unauthorized("the Authorization header must begin with `Bearer `")),
        // A wrong token is a secret too, so the message does not contain it.
        Some(other) if other != token => Err(ApiError::unauthorized("the token is unknown")),
        Some(_) => Ok(()),
    }
}

/// Checks that a request with a stack id has that of the token.
pub(crate) fn same_stack(arguments: &Arguments, stack_id: StackId) -> Result<(), ApiError> {
    match arguments.get("X-Stack-Id") {
        Some(id) if id.as_i64() != Some(stack_id.get()) => {
            let message = format!("the token does not have access to stack {id}");
            Err(ApiError::permission_denied(message))
        }
        _ => Ok(()),
    }
}

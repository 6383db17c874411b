//! From a method and a path to an operation, and through it to the answer.

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::areas::{self, Call};
use super::connection::Plan;
use super::contract::Operation;
use super::error::ApiError;
use super::fault::Fault;
use super::request::{RecordedRequest, authorize, same_stack};
use super::server::Shared;

/// More than a test's scripts need; an archive with its data can be large.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// Answers a request, whatever it is, and records it.
pub(super) async fn handle(
    State(shared): State<Shared>,
    ConnectInfo(plan): ConnectInfo<Plan>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, MAX_BODY).await {
        Ok(body) => body,
        Err(error) => {
            shared.record(RecordedRequest::new(&parts, &[]));
            let message = format!("the body cannot be read: {error}");
            return ApiError::validation("body", message).into_response();
        }
    };
    shared.record(RecordedRequest::new(&parts, &body));
    let operations = shared.contract().at(parts.uri.path());
    let operation = operations.iter().find(|operation| operation.method == parts.method);
    let fault = operation.and_then(|operation| shared.fault(&operation.id));
    if let Some(fault) = &fault {
        fault.shift(&mut shared.store());
    }
    let response = match fault.as_ref().and_then(Fault::replacement) {
        Some(response) => response,
        None => answer(&shared, operations, operation, &parts, &body)
            .unwrap_or_else(IntoResponse::into_response),
    };
    // Afterwards, so that a client which does not wait for the answer has changed things too.
    if !shared.latency().is_zero() {
        tokio::time::sleep(shared.latency()).await;
    }
    match fault {
        Some(fault) => fault.apply(response, &plan).await,
        None => response,
    }
}

/// Refuses for the first of these that is wrong: path, token, method, then all that the
/// description says of the request, the stack, and what the store says.
fn answer(
    shared: &Shared,
    operations: &[Operation],
    operation: Option<&Operation>,
    parts: &Parts,
    body: &[u8],
) -> Result<Response, ApiError> {
    let (method, path) = (&parts.method, parts.uri.path());
    if operations.is_empty() {
        return Err(ApiError::not_found(format!("there is no {method} {path}")));
    }
    authorize(&parts.headers, shared.token())?;
    let operation = operation.ok_or_else(|| {
        let allow: Vec<_> = operations.iter().map(|allowed| allowed.method.as_str()).collect();
        let allow = allow.join(", ");
        let message = format!("{path} does not take {method}, it takes {allow}");
        ApiError::method_not_allowed(message, allow)
    })?;
    let arguments = shared.contract().read(operation, parts, body)?;
    same_stack(&arguments, shared.stack_id())?;
    let operation = &operation.id;
    areas::serve(&Call { shared, operation, arguments: &arguments, parts, body })
}

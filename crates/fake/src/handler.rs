//! From a request to its operation, and from there to the response.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::body::{ReadBody, discard};
use crate::connection::ConnectionControl;
use crate::contract::Operation;
use crate::credentials::{authorize, same_stack};
use crate::error::ApiError;
use crate::fault::Effect;
use crate::operations::{self, Call};
use crate::recorder::RecordedRequest;
use crate::state::Shared;
use crate::{control, logs, metrics};

/// Responds to any request, and records it.
pub(crate) async fn handle(
    State(shared): State<Shared>,
    ConnectInfo(connection): ConnectInfo<ConnectionControl>,
    request: Request,
) -> Response {
    let served = connection.serve();
    let (parts, body) = request.into_parts();
    if shared.settings().has_control_path && control::is_control_path(parts.uri.path()) {
        return control::respond(&shared, &parts, body).await;
    }
    if parts.uri.path() == logs::PATH {
        return logs::respond(&shared, &connection, served, parts).await;
    }
    let _in_flight = shared.clock().begin_request();
    let body = match authorize(&parts.headers, &shared.settings().token) {
        Ok(()) => shared.bodies().read(body).await,
        // The response says so before it says anything of the body.
        Err(_) => {
            discard(body);
            Ok(ReadBody::default())
        }
    };
    let operations = shared.contract().at(parts.uri.path());
    let operation = operations.iter().find(|operation| operation.method == parts.method);
    let of_metrics = metrics::operation(parts.uri.path());
    let id = operation.map(|operation| operation.id.as_str()).or(of_metrics);
    let recorded = body.as_ref().map_or(&[][..], |body| &body.bytes);
    let number = shared.recorder().record(RecordedRequest::new(&parts, recorded, id));
    let effect = id.and_then(|id| shared.effect_on(id));
    if let Some(effect) = &effect {
        effect.change_runs(&mut shared.store(), shared.clock().reading());
    }
    let response = match (effect.as_ref().and_then(Effect::replacement), &body) {
        (Some(replacement), _) => replacement,
        (None, Ok(body)) => match of_metrics {
            Some(id) => respond_metrics(&shared, id, &parts),
            None => respond(&shared, operations, operation, &parts, &body.bytes),
        }
        .unwrap_or_else(IntoResponse::into_response),
        (None, Err(error)) => {
            let message = format!("the body cannot be read: {error}");
            ApiError::validation("body", message).into_response()
        }
    };
    // The request has taken effect already, whether or not the client waits for the response.
    if !shared.settings().latency.is_zero() {
        tokio::time::sleep(shared.settings().latency).await;
    }
    if effect.as_ref().is_none_or(Effect::lets_status_pass) {
        shared.recorder().set_status(number, response.status().as_u16());
    }
    match effect {
        Some(effect) => effect.apply(response, &connection).await,
        None => response,
    }
}

/// Returns the response of an endpoint for metrics, which the description does not have.
fn respond_metrics(shared: &Shared, id: &str, parts: &Parts) -> Result<Response, ApiError> {
    authorize(&parts.headers, &shared.settings().token)?;
    let stack = parts.headers.get("x-stack-id").and_then(|id| id.to_str().ok()?.parse().ok());
    if stack != Some(shared.settings().stack_id) {
        let message = "X-Stack-Id must be there, and must be the id of the token's stack";
        return Err(ApiError::permission_denied(message));
    }
    metrics::respond(id, parts, &*shared.store(), shared.now())
}

/// Returns the response, or the error for the first of these that is wrong: the path, the token,
/// the method, what the description says of the request, the stack, and the state of the fake.
fn respond(
    shared: &Shared,
    operations: &[Operation],
    operation: Option<&Operation>,
    parts: &Parts,
    body: &[u8],
) -> Result<Response, ApiError> {
    let (method, path) = (&parts.method, parts.uri.path());
    if operations.is_empty() {
        return Err(ApiError::not_found(format!("the API has no path {path}")));
    }
    authorize(&parts.headers, &shared.settings().token)?;
    let operation = operation.ok_or_else(|| {
        let allowed: Vec<_> = operations.iter().map(|allowed| allowed.method.as_str()).collect();
        let allowed = allowed.join(", ");
        let message = format!("{path} does not allow {method}, only {allowed}");
        ApiError::method_not_allowed(message, allowed)
    })?;
    let is_strict = shared.settings().is_strict;
    let arguments = shared.contract().read(operation, parts, body, is_strict)?;
    same_stack(&arguments, shared.settings().stack_id)?;
    let operation = &operation.id;
    operations::serve(&Call { shared, operation, arguments: &arguments, parts, body })
}

//! The control path: HTTP requests that steer the fake, for tests in any language.

mod access;
mod planned;
mod requests;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::requests::{
    ClockRequest, FaultRequest, LoadTestRequest, LoadZoneRequest, LogRequest, RunRequest,
};
use crate::error::{ApiError, json_response};
use crate::recorder::RecordedRequest;
use crate::run::{following, status_name};
use crate::state::Shared;
use crate::time::rfc3339;

use self::access::Host;
pub(crate) use self::requests::{parse_fault, parse_planned_run};

const PREFIX: &str = "/_fake";

/// The largest body that a request may have. Only the options of a script can be large.
const MAX_BODY: usize = 1024 * 1024;

/// Returns whether a path belongs to the control path.
pub(crate) fn is_control_path(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to a request below the control path.
pub(crate) async fn respond(shared: &Shared, parts: &Parts, body: Body) -> Response {
    let host = match access::check(parts, &shared.settings().control_hosts) {
        Ok(host) => host,
        Err(error) => return error.into_response(),
    };
    match to_bytes(body, MAX_BODY).await {
        Ok(body) if body.is_empty() => respond_local(shared, parts, host, &body),
        Ok(body) => match access::check_type(&parts.headers) {
            Ok(()) => respond_local(shared, parts, host, &body),
            Err(error) => error.into_response(),
        },
        Err(error) => {
            let message = format!("the body cannot be read: {error}");
            ApiError::validation("body", message).into_response()
        }
    }
}

fn respond_local(shared: &Shared, parts: &Parts, host: Host, body: &[u8]) -> Response {
    let path = parts.uri.path().trim_start_matches(PREFIX).trim_matches('/');
    let segments: Vec<&str> = path.split('/').collect();
    let result = match (&parts.method, segments.as_slice()) {
        (&Method::GET, [""]) => Ok(overview(shared, host)),
        (&Method::POST, ["reset"]) => {
            shared.reset();
            Ok(Value::Null)
        }
        (&Method::GET, ["next-start"]) => Ok(planned::list(shared)),
        (&Method::DELETE, ["next-start"]) => {
            shared.store().starts.clear();
            Ok(Value::Null)
        }
        (&Method::POST, ["next-start"]) => read(body).and_then(|run| plan(shared, run)),
        (&Method::POST, ["runs"]) => read(body).and_then(|run| add_run(shared, run)),
        (&Method::POST, ["runs", id, "advance"]) => advance(shared, id),
        (&Method::POST, ["load-tests"]) => read(body).and_then(|test| add_load_test(shared, test)),
        (&Method::PUT, ["load-tests", id, "options"]) => {
            read(body).and_then(|options| set_options(shared, id, options))
        }
        (&Method::POST, ["load-zones"]) => read(body).map(|zone| add_load_zone(shared, zone)),
        (&Method::POST, ["logs"]) => read(body).and_then(|line| log(shared, &line)),
        (&Method::POST, ["clock"]) => read(body).and_then(|clock| move_clock(shared, &clock)),
        (&Method::GET, ["faults"]) => Ok(faults(shared)),
        (&Method::POST, ["faults"]) => read(body).and_then(|fault| inject(shared, &fault)),
        (&Method::DELETE, ["faults"]) => {
            shared.injections().clear();
            Ok(Value::Null)
        }
        (&Method::GET, ["requests"]) => Ok(requests(shared)),
        (&Method::DELETE, ["requests"]) => {
            shared.recorder().clear();
            Ok(Value::Null)
        }
        (method, _) => {
            let path = parts.uri.path();
            let message = format!("the control path has no {method} {path}, see the README");
            Err(ApiError::not_found(message))
        }
    };
    match result {
        Ok(Value::Null) => StatusCode::NO_CONTENT.into_response(),
        Ok(value) => json_response(StatusCode::OK, &value),
        Err(error) => error.into_response(),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        ApiError::validation("body", format!("the body is not a request of this path: {error}"))
    })
}

fn number(id: &str) -> Result<i64, ApiError> {
    id.parse().map_err(|_| ApiError::validation("id", format!("{id:?} is not an id")))
}

/// Returns the settings and the state. The token is only for requests to this machine.
fn overview(shared: &Shared, host: Host) -> Value {
    let settings = shared.settings();
    let mut overview = json!({
        "base_url": format!("http://{}", shared.address()),
        "logs_url": format!("ws://{}{}", shared.address(), crate::logs::PATH),
        "stack_id": settings.stack_id,
        "stack_url": settings.stack_url,
        "control_hosts": settings.control_hosts,
        "latency": format!("{:?}", settings.latency),
        "planned_starts": shared.store().starts.planned().count(),
        "faults": shared.injections().len(),
        "first_ids": shared.initial().first_ids,
        "strict": shared.settings().is_strict,
        "time": rfc3339(shared.now()),
        "speed": shared.clock().speed(),
        "requests": shared.recorder().total(),
    });
    if host == Host::Local {
        overview["token"] = json!(settings.token);
    }
    overview
}

fn plan(shared: &Shared, run: RunRequest) -> Result<Value, ApiError> {
    let seed = run.into_seed()?;
    shared.store().starts.plan(seed);
    Ok(Value::Null)
}

fn add_run(shared: &Shared, run: RunRequest) -> Result<Value, ApiError> {
    let is_timed = run.timed;
    let seed = run.into_seed()?;
    let reading = shared.clock().reading();
    let mut store = shared.store();
    let id =
        if is_timed { store.start_run(seed, reading.now) } else { store.add_run(seed, reading) };
    Ok(json!({ "id": id }))
}

fn log(shared: &Shared, line: &LogRequest) -> Result<Value, ApiError> {
    if !shared.log(line.run, &line.level, &line.text) {
        return Err(ApiError::not_found(format!("there is no test run {}", line.run)));
    }
    Ok(Value::Null)
}

fn advance(shared: &Shared, id: &str) -> Result<Value, ApiError> {
    let id = number(id)?;
    let now = shared.now();
    let mut store = shared.store();
    let run = store.get_mut(id);
    let run = run.ok_or_else(|| ApiError::not_found(format!("there is no test run {id}")))?;
    let Some(status) = following(run.status()) else {
        return Err(ApiError::conflict(format!("test run {id} has already ended")));
    };
    let at = run.time_of_change(now);
    let name = status_name(&status).to_owned();
    run.enter(status, at);
    Ok(json!({ "status": name }))
}

fn add_load_test(shared: &Shared, request: LoadTestRequest) -> Result<Value, ApiError> {
    let now = shared.now();
    let mut store = shared.store();
    let load_test = request.into_seed().into_load_test(&store.inventory, now);
    let project = load_test.project_id;
    if !store.inventory.projects.contains(project) {
        let message = format!("there is no project {project}");
        return Err(ApiError::validation("project_id", message));
    }
    let id = load_test.id;
    store.put_load_test(load_test);
    Ok(json!({ "id": id }))
}

fn set_options(shared: &Shared, id: &str, options: Value) -> Result<Value, ApiError> {
    let id = number(id)?;
    let mut store = shared.store();
    let load_test = store.inventory.load_tests.get_mut(id);
    let load_test =
        load_test.ok_or_else(|| ApiError::not_found(format!("there is no load test {id}")))?;
    load_test.options = Some(options).filter(Value::is_object);
    Ok(Value::Null)
}

fn add_load_zone(shared: &Shared, zone: LoadZoneRequest) -> Value {
    let id = shared.store().inventory.load_zones.add(zone.into_seed());
    json!({ "id": id })
}

fn move_clock(shared: &Shared, request: &ClockRequest) -> Result<Value, ApiError> {
    let (advance, speed) = request.read()?;
    if let Some(speed) = speed {
        shared.clock().set_speed(speed);
    }
    if let Some(duration) = advance {
        shared.clock().advance(duration);
    }
    Ok(json!({ "time": rfc3339(shared.now()), "speed": shared.clock().speed() }))
}

fn inject(shared: &Shared, fault: &FaultRequest) -> Result<Value, ApiError> {
    shared.injections().push(fault.to_fault()?.into_injection(shared.now()));
    Ok(Value::Null)
}

fn faults(shared: &Shared) -> Value {
    let injections = shared.injections();
    let faults = injections.iter().map(|injection| {
        let (from, until) = injection.window();
        json!({
            "operation": injection.rule().operation(),
            "from": rfc3339(from),
            "until": until.map(rfc3339),
            "effect": format!("{:?}", injection.effect()),
            "fired": injection.handle().fired(),
        })
    });
    json!({ "value": faults.collect::<Vec<_>>() })
}

fn requests(shared: &Shared) -> Value {
    let requests = shared.recorder().requests();
    json!({ "value": requests.iter().map(request_json).collect::<Vec<_>>() })
}

fn request_json(request: &RecordedRequest) -> Value {
    let headers: Vec<(&str, &str)> = request
        .headers
        .iter()
        // The k6 tool also sends the token as a protocol of its WebSocket.
        .filter(|(name, _)| name != "authorization" && name != "sec-websocket-protocol")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let body = request.redacted_body();
    json!({
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": headers,
        "json": serde_json::from_str::<Value>(&body).ok(),
        "body": body,
        "status": request.status,
    })
}

#[cfg(test)]
mod tests;

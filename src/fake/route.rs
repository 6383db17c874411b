//! From a method and a path to an operation, and through it to the answer.

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::connection::Plan;
use super::error::ApiError;
use super::fault::Fault;
use super::query::refuse_parameters;
use super::request::{RecordedRequest, authorize, note, path_id, refuse_body};
use super::server::Shared;
use super::{actions, lists};

/// More than any request of this API needs.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// What a path stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Resource<'p> {
    LoadTestRuns(&'p str),
    Runs,
    Run(&'p str),
    Action(&'p str, Action),
    Download(&'p str, Download),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Action {
    Abort,
    Save,
    Unsave,
    Star,
    Unstar,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Download {
    Distribution,
    Script,
}

impl<'p> Resource<'p> {
    fn of(path: &'p str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix("/cloud/v6/")?.split('/').collect();
        match *segments.as_slice() {
            ["load_tests", id, "test_runs"] => Some(Self::LoadTestRuns(id)),
            ["test_runs"] => Some(Self::Runs),
            ["test_runs", ""] => None,
            ["test_runs", id] => Some(Self::Run(id)),
            ["test_runs", id, "abort"] => Some(Self::Action(id, Action::Abort)),
            ["test_runs", id, "save"] => Some(Self::Action(id, Action::Save)),
            ["test_runs", id, "unsave"] => Some(Self::Action(id, Action::Unsave)),
            ["test_runs", id, "star"] => Some(Self::Action(id, Action::Star)),
            ["test_runs", id, "unstar"] => Some(Self::Action(id, Action::Unstar)),
            ["test_runs", id, "distribution"] => Some(Self::Download(id, Download::Distribution)),
            ["test_runs", id, "script"] => Some(Self::Download(id, Download::Script)),
            _ => None,
        }
    }

    /// Returns the name of the operation.
    fn operation(self, method: &Method) -> Option<&'static str> {
        Some(match (self, method.as_str()) {
            (Self::LoadTestRuns(_), "GET") => "list_load_test_runs",
            (Self::Runs, "GET") => "list_test_runs",
            (Self::Run(_), "GET") => "get_test_run",
            (Self::Run(_), "PATCH") => "update_test_run",
            (Self::Run(_), "DELETE") => "delete_test_run",
            (Self::Action(_, Action::Abort), "POST") => "abort_test_run",
            (Self::Action(_, Action::Save), "POST") => "save_test_run",
            (Self::Action(_, Action::Unsave), "POST") => "unsave_test_run",
            (Self::Action(_, Action::Star), "POST") => "star_test_run",
            (Self::Action(_, Action::Unstar), "POST") => "unstar_test_run",
            (Self::Download(_, Download::Distribution), "GET") => "get_test_run_distribution",
            (Self::Download(_, Download::Script), "GET") => "get_test_run_script",
            _ => return None,
        })
    }

    /// Returns the methods that the resource takes, as an `Allow` header lists them.
    fn allow(self) -> &'static str {
        match self {
            Self::LoadTestRuns(_) | Self::Runs | Self::Download(..) => "GET",
            Self::Run(_) => "GET, PATCH, DELETE",
            Self::Action(..) => "POST",
        }
    }
}

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
    let resource = Resource::of(parts.uri.path());
    let operation = resource.and_then(|resource| resource.operation(&parts.method));
    let fault = operation.and_then(|operation| shared.fault(operation));
    if let Some(fault) = &fault {
        fault.shift(&mut shared.store());
    }
    let response = match fault.as_ref().and_then(Fault::replacement) {
        Some(response) => response,
        None => answer(&shared, &parts, &body).unwrap_or_else(IntoResponse::into_response),
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

/// Refuses for the first of these that is wrong: path, token, stack, method, then the path's id,
/// the query and the body, then what the store says.
fn answer(shared: &Shared, parts: &Parts, body: &[u8]) -> Result<Response, ApiError> {
    let (method, path) = (&parts.method, parts.uri.path());
    let resource = Resource::of(path)
        .ok_or_else(|| ApiError::not_found(format!("there is no {method} {path}")))?;
    authorize(&parts.headers, shared.token(), shared.stack_id())?;
    let allow = resource.allow();
    if !allow.split(", ").any(|allowed| allowed == method.as_str()) {
        let message = format!("{path} does not take {method}, it takes {allow}");
        return Err(ApiError::method_not_allowed(message, allow));
    }
    if *method != Method::PATCH {
        refuse_body(body)?;
    }
    let raw = parts.uri.query();
    let single = |id| {
        let id = path_id(id)?;
        refuse_parameters(raw)?;
        Ok(id)
    };
    match resource {
        Resource::LoadTestRuns(id) => lists::of_load_test(shared, parts, path_id(id)?),
        Resource::Runs => lists::all(shared, parts),
        Resource::Run(id) => {
            let id = single(id)?;
            if *method == Method::PATCH {
                let note = note(&parts.headers, body)?;
                actions::set_note(shared, id, note).map(no_content)
            } else if *method == Method::DELETE {
                actions::delete(shared, id).map(no_content)
            } else {
                actions::get(shared, id)
            }
        }
        Resource::Action(id, action) => {
            let id = single(id)?;
            match action {
                Action::Abort => actions::abort(shared, id),
                Action::Save => actions::save(shared, id),
                Action::Unsave => actions::unsave(shared, id),
                Action::Star => actions::set_starred(shared, id, true),
                Action::Unstar => actions::set_starred(shared, id, false),
            }
            .map(no_content)
        }
        Resource::Download(id, Download::Distribution) => {
            actions::distribution(shared, single(id)?)
        }
        Resource::Download(id, Download::Script) => actions::script(shared, single(id)?),
    }
}

fn no_content((): ()) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_is_known_by_its_whole_path() {
        let cases = [
            ("/cloud/v6/load_tests/101/test_runs", Some(Resource::LoadTestRuns("101"))),
            ("/cloud/v6/test_runs", Some(Resource::Runs)),
            ("/cloud/v6/test_runs/7", Some(Resource::Run("7"))),
            ("/cloud/v6/test_runs/7/unstar", Some(Resource::Action("7", Action::Unstar))),
            ("/cloud/v6/test_runs/7/script", Some(Resource::Download("7", Download::Script))),
            ("/cloud/v6/test_runs/", None),
            ("/cloud/v6/test_runs/7/", None),
            ("/cloud/v6/test_runs/7/star/", None),
            ("/cloud/v5/test_runs", None),
            ("/cloud/v6", None),
            ("/", None),
        ];
        for (path, expected) in cases {
            assert_eq!(Resource::of(path), expected, "{path}");
        }
    }
}

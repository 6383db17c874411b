//! The two lists of test runs.

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::contract::Arguments;
use super::error::{ApiError, json_response};
use super::query::ListQuery;
use super::run::Run;
use super::server::Shared;

#[derive(Serialize)]
struct ListBody<'s> {
    value: Vec<&'s Run>,
    #[serde(rename = "@count", skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(rename = "@nextLink", skip_serializing_if = "Option::is_none")]
    next_link: Option<String>,
}

/// Lists the runs of a load test.
pub(super) fn of_load_test(
    shared: &Shared,
    parts: &Parts,
    id: i64,
    arguments: &Arguments,
) -> Result<Response, ApiError> {
    let query = ListQuery::parse(arguments)?;
    list(shared, parts, Some(id), &query)
}

/// Lists all runs.
pub(super) fn all(
    shared: &Shared,
    parts: &Parts,
    arguments: &Arguments,
) -> Result<Response, ApiError> {
    let query = ListQuery::parse(arguments)?;
    list(shared, parts, None, &query)
}

fn list(
    shared: &Shared,
    parts: &Parts,
    load_test: Option<i64>,
    query: &ListQuery,
) -> Result<Response, ApiError> {
    let store = shared.store();
    let page = store.page(load_test, query).ok_or_else(|| {
        let id = load_test.unwrap_or_default();
        ApiError::not_found(format!("there is no load test {id}"))
    })?;
    let next_link = page.more.then(|| {
        let (host, path) = (host(shared, parts), parts.uri.path());
        format!("http://{host}{path}?{}", query.next())
    });
    let body = ListBody {
        value: page.ids.iter().filter_map(|id| store.get(*id)).collect(),
        count: query.count.then_some(page.total),
        next_link,
    };
    Ok(json_response(StatusCode::OK, &body))
}

/// Returns the host that the client spoke to, which a name or a proxy may make unlike the address.
fn host(shared: &Shared, parts: &Parts) -> String {
    parts
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| host.parse::<Authority>().is_ok())
        .map_or_else(|| shared.address().to_string(), str::to_owned)
}

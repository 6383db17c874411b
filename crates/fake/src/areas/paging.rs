//! Pages of lists that are held as a whole.

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::Call;
use crate::error::{ApiError, json_response};
use crate::query::{ListQuery, Order};
use crate::server::Shared;

/// Returns the page that a request asks for; `rows` are in the order without `$orderby`, which
/// names some of `fields`.
pub(super) fn page(
    call: &Call<'_>,
    mut rows: Vec<Value>,
    fields: &[&str],
) -> Result<Response, ApiError> {
    let query = ListQuery::parse(call.arguments, fields)?;
    // From the last to the first: sorting is stable.
    for Order { field, descending } in query.order.iter().rev() {
        rows.sort_by(|a, b| {
            let ordering = compare(&a[field], &b[field]);
            if *descending { ordering.reverse() } else { ordering }
        });
    }
    let total = rows.len();
    let rows: Vec<_> = rows.into_iter().skip(query.skip).take(query.top).collect();
    let more = !rows.is_empty() && query.skip.saturating_add(rows.len()) < total;
    let mut body = json!({ "value": rows });
    if query.count {
        body["@count"] = json!(total);
    }
    if more {
        body["@nextLink"] = json!(next_link(call.shared, call.parts, &query));
    }
    Ok(json_response(StatusCode::OK, &body))
}

/// Returns the address of the page that follows.
pub(super) fn next_link(shared: &Shared, parts: &Parts, query: &ListQuery) -> String {
    format!("http://{}{}?{}", host(shared, parts), parts.uri.path(), query.next())
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

fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        // Times have one form here, so that they sort as texts.
        _ => a.as_str().cmp(&b.as_str()),
    }
}

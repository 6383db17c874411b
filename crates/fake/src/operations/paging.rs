//! Pages of lists.

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use super::call::{Call, Outcome};
use crate::error::json_response;
use crate::list_query::{ListQuery, Order};
use crate::state::Shared;

/// Returns the page that a request asks for. `rows` has all rows in the order of a request without
/// `$orderby`, which can name any of `fields`.
pub(crate) fn page(call: &Call<'_>, mut rows: Vec<Value>, fields: &[&str]) -> Outcome {
    let query = ListQuery::parse(call.arguments, fields)?;
    // Sorting is stable, so the first field comes last.
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

/// Returns the address of the next page.
pub(crate) fn next_link(shared: &Shared, parts: &Parts, query: &ListQuery) -> String {
    format!("http://{}{}?{}", host(shared, parts), parts.uri.path(), query.next())
}

/// Returns the host in the request, which a name or a proxy can make different from the address.
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
        // All times have the same form, so they sort as strings.
        _ => a.as_str().cmp(&b.as_str()),
    }
}

//! The two lists of test runs.

use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Serialize;

use super::call::Outcome;
use super::lookup;
use super::paging::next_link;
use crate::contract::Arguments;
use crate::error::json_response;
use crate::list_query::ListQuery;
use crate::run::Run;
use crate::state::Shared;

#[derive(Serialize)]
struct ListBody<'s> {
    value: Vec<&'s Run>,
    #[serde(rename = "@count", skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(rename = "@nextLink", skip_serializing_if = "Option::is_none")]
    next_link: Option<String>,
}

/// Lists the runs of a load test.
pub(crate) fn of_load_test(
    shared: &Shared,
    parts: &Parts,
    id: i64,
    arguments: &Arguments,
) -> Outcome {
    let query = ListQuery::parse(arguments, &["created"])?;
    list(shared, parts, Some(id), &query)
}

/// Lists all runs.
pub(crate) fn all(shared: &Shared, parts: &Parts, arguments: &Arguments) -> Outcome {
    let query = ListQuery::parse(arguments, &["created"])?;
    list(shared, parts, None, &query)
}

fn list(shared: &Shared, parts: &Parts, load_test: Option<i64>, query: &ListQuery) -> Outcome {
    shared.note_poll(None);
    let store = shared.store();
    let page = store
        .page(load_test, query)
        .ok_or_else(|| lookup::unknown_load_test(load_test.unwrap_or_default()))?;
    let next_link = page.more.then(|| next_link(shared, parts, query));
    let body = ListBody {
        value: page.ids.iter().filter_map(|id| store.get(*id)).collect(),
        count: query.count.then_some(page.total),
        next_link,
    };
    Ok(json_response(StatusCode::OK, &body))
}

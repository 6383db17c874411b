//! Reads a request for logs.

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};

use super::QUOTE;
use crate::state::Shared;
use crate::time::later;

/// How far logs go back if the request does not say it.
const DEFAULT_AGE: TimeDelta = TimeDelta::hours(1);

/// What a request asks for.
#[derive(Debug)]
pub(super) struct TailRequest {
    pub(super) run: i64,
    /// The labels that a line must have, beside that of the run.
    pub(super) labels: Vec<(String, String)>,
    pub(super) start: DateTime<Utc>,
}

type Rejection = (StatusCode, String);

impl TailRequest {
    pub(super) fn read(shared: &Shared, parts: &Parts) -> Result<Self, Rejection> {
        authorize(&parts.headers, &shared.settings().token)?;
        let (mut query, mut start) = (None, None);
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()) {
            match &*name {
                "query" => query = Some(value.into_owned()),
                "start" => start = Some(time(&value)?),
                _ if shared.settings().is_strict => {
                    return Err(bad(format!("the k6 tool does not send the parameter {name:?}")));
                }
                _ => {}
            }
        }
        let query = query.ok_or_else(|| bad("the parameter `query` is missing".to_owned()))?;
        let mut labels = labels(&query).ok_or_else(|| {
            bad(format!("parse error: {query:?} is not a selector such as {{test_run_id=\"7\"}}"))
        })?;
        let at = labels.iter().position(|(name, _)| name == "test_run_id");
        let run = at.map(|at| labels.remove(at).1);
        let run = run.ok_or_else(|| bad("the selector has no test_run_id".to_owned()))?;
        let header = parts.headers.get("x-k6testrun-id").and_then(|id| id.to_str().ok());
        if header != Some(&*run) {
            return Err(bad("X-K6testrun-Id is not the id of the run".to_owned()));
        }
        let unknown = || (StatusCode::NOT_FOUND, format!("there is no test run {run}\n"));
        let run = run.parse().map_err(|_| unknown())?;
        if shared.store().get(run).is_none() {
            return Err(unknown());
        }
        let start = start.unwrap_or_else(|| later(shared.now(), -DEFAULT_AGE));
        Ok(Self { run, labels, start })
    }
}

fn bad(message: String) -> Rejection {
    (StatusCode::BAD_REQUEST, message + "\n")
}

/// Checks the token, which has another scheme than for the API.
fn authorize(headers: &HeaderMap, token: &str) -> Result<(), Rejection> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.and_then(|given| given.strip_prefix("token ")) {
        Some(given) if given == token => Ok(()),
        _ => Err((StatusCode::UNAUTHORIZED, "`Authorization: token TOKEN` is required\n".into())),
    }
}

/// Reads nanoseconds since the epoch.
fn time(text: &str) -> Result<DateTime<Utc>, Rejection> {
    let nanoseconds = text.parse().map_err(|_| bad(format!("{text:?} is not a time")))?;
    Ok(DateTime::from_timestamp_nanos(nanoseconds))
}

/// Reads a selector such as `{test_run_id="7", level="error"}`.
fn labels(selector: &str) -> Option<Vec<(String, String)>> {
    let inner = selector.trim().strip_prefix('{')?.strip_suffix('}')?;
    let matchers = inner.split(',').map(str::trim).filter(|matcher| !matcher.is_empty());
    matchers
        .map(|matcher| {
            let (name, value) = matcher.split_once('=')?;
            let quotes = ['"', char::from(QUOTE)];
            let value = value.trim().strip_prefix(quotes)?.strip_suffix(quotes)?;
            let is_plain = !value.contains(quotes) && !value.contains('\\');
            is_plain.then(|| (name.trim().to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::labels;

    #[test]
    fn selectors_are_equalities_of_labels() {
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(labels(r#"{test_run_id="7"}"#), Some(vec![of("test_run_id", "7")]));
        let two = labels(r#" { test_run_id = "7" , level="error", } "#);
        assert_eq!(two, Some(vec![of("test_run_id", "7"), of("level", "error")]));
        for wrong in ["", "7", "{test_run_id=7}", r#"{a=~"x"}"#, r#"{a="b"} |= "x""#, r#"{a="\""}"#]
        {
            assert_eq!(labels(wrong), None, "{wrong}");
        }
    }
}

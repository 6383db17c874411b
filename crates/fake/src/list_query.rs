//! The query of a list, and that of its next page.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::contract::Arguments;
use crate::error::ApiError;

/// The size of a page, unless the request has another.
const MAX_TOP: usize = 1000;

/// A field of the order of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) field: String,
    pub(crate) descending: bool,
}

/// The query of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct ListQuery {
    pub(crate) skip: usize,
    pub(crate) top: usize,
    pub(crate) count: bool,
    /// The fields of `$orderby`, the most important first.
    pub(crate) order: Vec<Order>,
    /// Inclusive.
    pub(crate) created_after: Option<DateTime<Utc>>,
    /// Exclusive.
    pub(crate) created_before: Option<DateTime<Utc>>,
    pub(crate) starred: Option<bool>,
    /// All parameters in the order in which they came, decoded.
    pairs: Vec<(String, String)>,
}

impl ListQuery {
    /// Reads the query. `$orderby` can name any of `fields`.
    pub(crate) fn parse(arguments: &Arguments, fields: &[&str]) -> Result<Self, ApiError> {
        let flag = |name| arguments.get(name).and_then(Value::as_bool);
        let string = |name| arguments.get(name).and_then(Value::as_str);
        Ok(Self {
            skip: count(arguments, "$skip")?.unwrap_or(0),
            top: count(arguments, "$top")?.unwrap_or(MAX_TOP),
            count: flag("$count").unwrap_or(false),
            order: string("$orderby").map_or(Ok(Vec::new()), |value| order(value, fields))?,
            created_after: time(arguments, "created_after")?,
            created_before: time(arguments, "created_before")?,
            starred: flag("is_starred"),
            pairs: arguments.query.clone(),
        })
    }

    /// Returns whether the first field of the order is descending.
    pub(crate) fn descending(&self) -> bool {
        self.order.first().is_some_and(|order| order.descending)
    }

    /// Returns the query of the next page.
    pub(crate) fn next(&self) -> String {
        let skip = self.skip.saturating_add(self.top).to_string();
        let mut query = String::new();
        let mut skipped = false;
        for (name, value) in &self.pairs {
            let is_skip = name == "$skip";
            skipped |= is_skip;
            push(&mut query, name, if is_skip { &skip } else { value });
        }
        if !skipped {
            push(&mut query, "$skip", &skip);
        }
        query
    }
}

fn count(arguments: &Arguments, name: &str) -> Result<Option<usize>, ApiError> {
    let Some(value) = arguments.get(name) else { return Ok(None) };
    let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
    count.map(Some).ok_or_else(|| {
        ApiError::validation(name, format!("{name} must be an integer from 0, got {value}"))
    })
}

fn order(value: &str, fields: &[&str]) -> Result<Vec<Order>, ApiError> {
    let name = "$orderby";
    let reject = |why: String| Err(ApiError::validation(name, format!("{name}: {why}")));
    let mut orders: Vec<Order> = Vec::new();
    for item in value.split(',') {
        let mut words = item.split_whitespace();
        let field = words.next().unwrap_or("");
        if !fields.contains(&field) {
            return reject(format!(
                "unknown field {field:?}, it must be one of {}",
                fields.join(", ")
            ));
        }
        let descending = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return reject(format!("{other:?} is neither asc nor desc")),
        };
        if let Some(extra) = words.next() {
            return reject(format!("{extra:?} after the direction"));
        }
        if orders.iter().any(|order| order.field == field) {
            return reject(format!("field {field} is given more than once"));
        }
        orders.push(Order { field: field.to_owned(), descending });
    }
    Ok(orders)
}

fn time(arguments: &Arguments, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
    let Some(value) = arguments.get(name).and_then(Value::as_str) else { return Ok(None) };
    let time = DateTime::parse_from_rfc3339(value).map_err(|_| {
        let message =
            format!("{name} must be a date and time such as 2026-06-30T12:00:00Z, got {value:?}");
        ApiError::validation(name, message)
    })?;
    Ok(Some(time.to_utc()))
}

fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    encode(query, name);
    query.push('=');
    encode(query, value);
}

/// Percent-encodes everything except unreserved characters and `$`.
fn encode(query: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'$' => {
                query.push(char::from(byte));
            }
            _ => {
                // Writing to a string does not fail.
                let _ = write!(query, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
pub(crate) fn parse(raw: &str) -> Result<ListQuery, ApiError> {
    let uri = format!("/cloud/v6/load_tests/1/test_runs?{raw}");
    let request = axum::http::Request::get(uri).header("x-stack-id", "1").body(());
    let (parts, ()) = request.expect("a request").into_parts();
    let contract = super::contract::Contract::get(true).expect("the description is read");
    let operation = &contract.at(parts.uri.path())[0];
    ListQuery::parse(&contract.read(operation, &parts, b"", true)?, &["created"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_query_has_defaults() {
        let query = parse("").expect("an empty query");
        assert_eq!((query.skip, query.top), (0, 1000));
        assert!(!query.count && !query.descending());
        assert_eq!(query.starred, None);
    }

    #[test]
    fn parameters_are_read_encoded_or_not() {
        let raw = "$top=5&%24skip=10&$count=true&$orderby=created%20desc&is_starred=1\
                   &created_after=2026-06-01T02%3A00%3A00%2B02%3A00\
                   &created_before=2026-06-02T00:00:00.5Z";
        let query = parse(raw).expect("a good query");
        assert_eq!((query.skip, query.top), (10, 5));
        assert!(query.count && query.descending());
        assert_eq!(query.starred, Some(true));
        let seconds = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339());
        assert_eq!(seconds(query.created_after).as_deref(), Some("2026-06-01T00:00:00+00:00"));
        assert_eq!(seconds(query.created_before).as_deref(), Some("2026-06-02T00:00:00.500+00:00"));
    }

    #[test]
    fn errors_name_the_parameter() {
        let cases = [
            ("$top=1001", "$top"),
            ("$top=-1", "$top"),
            ("$top=ten", "$top"),
            ("$top=", "$top"),
            ("$skip=%2B1", "$skip"),
            ("$skip=99999999999999999999999", "$skip"),
            ("$count=yes", "$count"),
            ("$count=2", "$count"),
            ("$orderby=", "$orderby"),
            ("$orderby=ended", "$orderby"),
            ("$orderby=created+down", "$orderby"),
            ("$orderby=created+desc+now", "$orderby"),
            ("$orderby=created,created+desc", "$orderby"),
            ("$orderby=created,", "$orderby"),
            ("created_after=", "created_after"),
            ("created_after=2026-06-01", "created_after"),
            ("created_after=2026-06-01T00:00:00+02:00", "created_after"),
            ("created_before=2026-13-01T00:00:00Z", "created_before"),
            ("created_before=2026-06-01T00:00:00", "created_before"),
            ("is_starred=True", "is_starred"),
            ("is_starred", "is_starred"),
            ("$top=1&$top=1", "$top"),
            ("top=1", "top"),
        ];
        for (raw, target) in cases {
            let error = parse(raw).expect_err(raw);
            assert_eq!(error.target(), Some(target), "{raw}");
        }
    }

    #[test]
    fn next_page_keeps_all_parameters_and_moves_skip() {
        let query =
            parse("$top=2&$skip=4&$orderby=created+desc&created_after=2026-06-01T00:00:00Z");
        assert_eq!(
            query.expect("a good query").next(),
            "$top=2&$skip=6&$orderby=created%20desc&created_after=2026-06-01T00%3A00%3A00Z"
        );
        assert_eq!(parse("").expect("a good query").next(), "$skip=1000");
    }
}

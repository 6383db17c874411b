//! The query of a request: what a list takes, and the link to its next page.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::error::ApiError;

/// The size of a page when the request names none, and the largest that it may name.
const MAX_TOP: usize = 1000;

/// What a request asks of a list.
#[derive(Debug, PartialEq)]
pub(super) struct ListQuery {
    pub(super) skip: usize,
    pub(super) top: usize,
    pub(super) count: bool,
    pub(super) descending: bool,
    /// Inclusive.
    pub(super) created_after: Option<DateTime<Utc>>,
    /// Exclusive.
    pub(super) created_before: Option<DateTime<Utc>>,
    pub(super) starred: Option<bool>,
    /// Every parameter as it came, decoded.
    pairs: Vec<(String, String)>,
}

impl ListQuery {
    /// Reads a raw query, of which `allowed` are the parameters.
    pub(super) fn parse(raw: Option<&str>, allowed: &[&str]) -> Result<Self, ApiError> {
        let mut query = Self {
            skip: 0,
            top: MAX_TOP,
            count: false,
            descending: false,
            created_after: None,
            created_before: None,
            starred: None,
            pairs: pairs(raw, allowed)?,
        };
        for (name, value) in &query.pairs {
            match name.as_str() {
                "$skip" => query.skip = integer(name, value)?,
                "$top" => query.top = top(name, value)?,
                "$count" => query.count = flag(name, value, &["true"], &["false"])?,
                "$orderby" => query.descending = order(name, value)?,
                "created_after" => query.created_after = Some(time(name, value)?),
                "created_before" => query.created_before = Some(time(name, value)?),
                "is_starred" => {
                    let starred = flag(name, value, &["true", "1"], &["false", "0"])?;
                    query.starred = Some(starred);
                }
                // What is allowed and not handled would be taken in silence.
                _ => return Err(unknown(name, allowed)),
            }
        }
        Ok(query)
    }

    /// Returns the query of the page that follows.
    pub(super) fn next(&self) -> String {
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

/// Refuses every query parameter, for an operation that takes none.
pub(super) fn refuse_parameters(raw: Option<&str>) -> Result<(), ApiError> {
    pairs(raw, &[]).map(|_| ())
}

fn pairs(raw: Option<&str>, allowed: &[&str]) -> Result<Vec<(String, String)>, ApiError> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(raw.unwrap_or("").as_bytes()) {
        if !allowed.contains(&&*name) {
            return Err(unknown(&name, allowed));
        }
        if pairs.iter().any(|(earlier, _)| *earlier == name) {
            let message = format!("query parameter {name} is given more than once");
            return Err(ApiError::validation(name, message));
        }
        pairs.push((name.into_owned(), value.into_owned()));
    }
    Ok(pairs)
}

fn unknown(name: &str, allowed: &[&str]) -> ApiError {
    let takes = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
    let message = format!("unknown query parameter {name}: this operation takes {takes}");
    ApiError::validation(name, message)
}

fn integer(name: &str, value: &str) -> Result<usize, ApiError> {
    // `parse` alone would take a leading plus.
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = digits.then(|| value.parse().ok()).flatten();
    parsed.ok_or_else(|| {
        let message = format!("{name} has to be an integer from 0, got {value:?}");
        ApiError::validation(name, message)
    })
}

fn top(name: &str, value: &str) -> Result<usize, ApiError> {
    let top = integer(name, value)?;
    if top > MAX_TOP {
        let message = format!("{name} has to be {MAX_TOP} at most, got {top}");
        return Err(ApiError::validation(name, message));
    }
    Ok(top)
}

fn flag(name: &str, value: &str, yes: &[&str], no: &[&str]) -> Result<bool, ApiError> {
    if yes.contains(&value) {
        return Ok(true);
    }
    if no.contains(&value) {
        return Ok(false);
    }
    let takes = [yes, no].concat().join(", ");
    let message = format!("{name} has to be one of {takes}, got {value:?}");
    Err(ApiError::validation(name, message))
}

/// Returns whether the order is descending.
fn order(name: &str, value: &str) -> Result<bool, ApiError> {
    let refuse = |why: String| Err(ApiError::validation(name, format!("{name}: {why}")));
    let mut descending = None;
    for item in value.split(',') {
        let mut words = item.split_whitespace();
        let field = words.next().unwrap_or("");
        if field != "created" {
            return refuse(format!("unknown field {field:?}, the only one is created"));
        }
        let direction = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return refuse(format!("{other:?} is neither asc nor desc")),
        };
        if let Some(extra) = words.next() {
            return refuse(format!("{extra:?} after the direction"));
        }
        if descending.replace(direction).is_some() {
            return refuse(format!("field {field} is given more than once"));
        }
    }
    Ok(descending.unwrap_or(false))
}

fn time(name: &str, value: &str) -> Result<DateTime<Utc>, ApiError> {
    let zoned = DateTime::parse_from_rfc3339(value).map(|time| time.to_utc());
    zoned
        .or_else(|_| {
            NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc())
        })
        .map_err(|_| {
            let message = format!(
                "{name} has to be a date and time such as 2026-06-30T12:00:00Z, got {value:?}"
            );
            ApiError::validation(name, message)
        })
}

fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    encode(query, name);
    query.push('=');
    encode(query, value);
}

/// Percent-encodes all but the unreserved characters and `$`, which the API leaves as it is.
fn encode(query: &mut String, text: &str) {
    for byte in text.bytes() {
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
mod tests {
    use super::*;

    const ALL: &[&str] =
        &["$count", "$orderby", "$skip", "$top", "created_after", "created_before", "is_starred"];

    fn parse(raw: &str) -> Result<ListQuery, ApiError> {
        ListQuery::parse(Some(raw), ALL)
    }

    #[test]
    fn defaults_when_there_is_no_query() {
        let query = ListQuery::parse(None, ALL).expect("an empty query");
        assert_eq!((query.skip, query.top), (0, 1000));
        assert!(!query.count && !query.descending);
        assert_eq!(query.starred, None);
    }

    #[test]
    fn parameters_are_read_encoded_or_not() {
        let raw = "$top=5&%24skip=10&$count=true&$orderby=created%20desc&is_starred=1\
                   &created_after=2026-06-01T02%3A00%3A00%2B02%3A00\
                   &created_before=2026-06-02T00:00:00.5";
        let query = parse(raw).expect("a good query");
        assert_eq!((query.skip, query.top), (10, 5));
        assert!(query.count && query.descending);
        assert_eq!(query.starred, Some(true));
        let seconds = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339());
        assert_eq!(seconds(query.created_after).as_deref(), Some("2026-06-01T00:00:00+00:00"));
        assert_eq!(seconds(query.created_before).as_deref(), Some("2026-06-02T00:00:00.500+00:00"));
    }

    #[test]
    fn refusals_name_the_parameter() {
        let cases = [
            ("$top=1001", "$top"),
            ("$top=-1", "$top"),
            ("$top=ten", "$top"),
            ("$top=", "$top"),
            ("$skip=%2B1", "$skip"),
            ("$skip=99999999999999999999999", "$skip"),
            ("$count=yes", "$count"),
            ("$count=1", "$count"),
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
    fn next_keeps_every_parameter_and_moves_skip() {
        let query =
            parse("$top=2&$skip=4&$orderby=created+desc&created_after=2026-06-01T00:00:00Z");
        assert_eq!(
            query.expect("a good query").next(),
            "$top=2&$skip=6&$orderby=created%20desc&created_after=2026-06-01T00%3A00%3A00Z"
        );
        assert_eq!(parse("").expect("a good query").next(), "$skip=1000");
    }
}

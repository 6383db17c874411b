//! The parameters in the path of a metrics request, read as strictly as the service reads them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

use crate::error::ApiError;

/// Delimiters that the service looks for before it decodes, so that they must not be encoded.
const DELIMITERS: &[(&str, char)] = &[
    ("%2C", ','),
    ("%28", '('),
    ("%29", ')'),
    ("%3D", '='),
    ("%27", '\''),
    ("%5B", '['),
    ("%5D", ']'),
];

/// A value as it was written.
#[derive(Debug, PartialEq)]
enum Written {
    /// In single quotes.
    Text(String),
    Bare(String),
}

/// The parameters of a function call such as `query_range_k6(query='…',step=5)`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parameters(BTreeMap<String, Written>);

fn reject(target: &str, message: impl Into<String>) -> ApiError {
    ApiError::validation(target, message)
}

impl Parameters {
    /// Splits a path segment into the name of the function and its parameters. `allowed` has the names
    /// that the function knows.
    pub(super) fn read<'s>(
        segment: &'s str,
        allowed: &[&str],
    ) -> Result<(&'s str, Self), ApiError> {
        let Some((function, rest)) = segment.split_once('(') else {
            return Ok((segment, Self::default()));
        };
        let upper = segment.to_ascii_uppercase();
        if let Some((encoded, plain)) = DELIMITERS.iter().find(|(code, _)| upper.contains(code)) {
            return Err(reject("path", format!("`{plain}` must not be written as {encoded}")));
        }
        let mut inner = rest
            .strip_suffix(')')
            .ok_or_else(|| reject("path", "the parameters have no `)` at their end"))?;
        let mut parameters = BTreeMap::new();
        loop {
            let (name, value) = inner
                .split_once('=')
                .ok_or_else(|| reject("path", format!("{inner:?} is not a parameter")))?;
            if !allowed.contains(&name) {
                return Err(reject(name, format!("{function} has no parameter {name:?}")));
            }
            let (written, after) = read_value(name, value)?;
            if parameters.insert(name.to_owned(), written).is_some() {
                return Err(reject(name, format!("{name} is there twice")));
            }
            match after.strip_prefix(',') {
                Some(next) => inner = next,
                None if after.is_empty() => break,
                None => return Err(reject(name, format!("{after:?} follows the value of {name}"))),
            }
        }
        Ok((function, Self(parameters)))
    }

    /// Returns a text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, ApiError> {
        match self.0.get(name) {
            Some(Written::Text(text)) => Ok(text),
            Some(Written::Bare(_)) => {
                Err(reject(name, format!("type mismatch: {name} must be in single quotes")))
            }
            None => Err(reject(name, format!("{name} is required"))),
        }
    }

    fn bare(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            Some(Written::Bare(value)) => Ok(Some(value)),
            Some(Written::Text(_)) => {
                Err(reject(name, format!("type mismatch: {name} must not be in quotes")))
            }
            None => Ok(None),
        }
    }

    /// Returns a whole number above 0.
    pub(super) fn positive(&self, name: &str) -> Result<Option<u32>, ApiError> {
        let Some(value) = self.bare(name)? else { return Ok(None) };
        let number = value.parse().ok().filter(|number| *number > 0);
        number.map(Some).ok_or_else(|| {
            reject(name, format!("{name} must be a whole number above 0, not {value}"))
        })
    }

    /// Returns a time.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
        let Some(value) = self.bare(name)? else { return Ok(None) };
        let time = DateTime::parse_from_rfc3339(value);
        time.map(|time| Some(time.to_utc()))
            .map_err(|_| reject(name, format!("{name} must be a time in ISO 8601, not {value}")))
    }

    /// Returns a list of ids.
    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<i64>>, ApiError> {
        let Some(value) = self.bare(name)? else { return Ok(None) };
        let inner = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let ids: Option<Vec<i64>> =
            inner.and_then(|inner| inner.split(',').map(|id| id.parse().ok()).collect());
        ids.map(Some).ok_or_else(|| {
            reject(name, format!("{name} must be a list such as [1,2], not {value}"))
        })
    }
}

/// Reads a value, and returns what follows it.
fn read_value<'v>(name: &str, value: &'v str) -> Result<(Written, &'v str), ApiError> {
    let Some(quoted) = value.strip_prefix('\'') else {
        let is_list = value.starts_with('[');
        let end = value.find(if is_list { ']' } else { ',' });
        let end = end.map_or(value.len(), |at| if is_list { at + 1 } else { at });
        let (bare, after) = value.split_at(end);
        return Ok((Written::Bare(bare.to_owned()), after));
    };
    let mut raw = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest
            .split_once('\'')
            .ok_or_else(|| reject(name, format!("the text of {name} has no quote at its end")))?;
        raw.push_str(before);
        // Two quotes are one in the text.
        match after.strip_prefix('\'') {
            Some(next) => {
                raw.push('\'');
                rest = next;
            }
            None => return Ok((Written::Text(decode(name, &raw)?), after)),
        }
    }
}

/// Decodes percent-encoding, all of which must be well-formed.
pub(super) fn decode(name: &str, raw: &str) -> Result<String, ApiError> {
    let bytes = raw.as_bytes();
    for (at, _) in raw.match_indices('%') {
        let digits = bytes.get(at + 1..at + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(reject(name, "a `%` is not followed by two hexadecimal digits"));
        }
    }
    let decoded = percent_decode_str(raw).decode_utf8();
    decoded.map(Into::into).map_err(|_| reject(name, format!("{name} is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::Parameters;

    fn read(segment: &str) -> Result<Parameters, String> {
        let allowed = ["query", "metric", "step", "start", "end", "test_run_ids", "test_run_count"];
        let read = Parameters::read(segment, &allowed);
        read.map(|(_, parameters)| parameters).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn values_of_each_kind_are_read() {
        let found = read("f(query='avg(rate%20by%20(a,b))',metric='m%7Ba=%22it''s%22%7D',step=5)");
        let found = found.expect("parameters");
        assert_eq!(found.text("query").ok(), Some("avg(rate by (a,b))"));
        assert_eq!(found.text("metric").ok(), Some("m{a=\"it's\"}"));
        assert_eq!(found.positive("step").ok(), Some(Some(5)));
        let found = read("f(test_run_ids=[1,2],start=2026-06-30T12:00:00Z)").expect("parameters");
        assert_eq!(found.ids("test_run_ids").ok(), Some(Some(vec![1, 2])));
        assert!(found.time("start").is_ok_and(|time| time.is_some()));
    }

    #[test]
    fn what_the_service_rejects_is_rejected() {
        for (segment, what) in [
            ("f(query='a%2Cb')", "%2C"),
            ("f(query='a%2cb')", "%2C"),
            ("f(query=%27a%27)", "%27"),
            ("f(query='a'", "no `)`"),
            ("f(query='a)", "no quote"),
            ("f(query='a'x)", "follows"),
            ("f(query='a',query='b')", "twice"),
            ("f(other=1)", "no parameter"),
            ("f()", "not a parameter"),
            ("f(query='%zz')", "hexadecimal"),
            ("f(query='%ff')", "UTF-8"),
        ] {
            let error = read(segment).expect_err(segment);
            assert!(error.contains(what), "{segment}: {error}");
        }
        let quoted = read("f(start='2026-06-30T12:00:00Z',step='5')").expect("parameters");
        assert!(quoted.time("start").is_err() && quoted.positive("step").is_err());
        assert!(read("f(query=a)").expect("parameters").text("query").is_err());
        for step in ["0", "-1", "1.5", ""] {
            assert!(
                read(&format!("f(step={step})")).expect("parameters").positive("step").is_err()
            );
        }
    }
}

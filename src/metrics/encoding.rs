//! How the parameters of the metrics endpoints are written into the path.
//!
//! They stand in parentheses after the name of the endpoint, as in OData's function calls:
//! `query_range_k6(query='…',metric='…',step=5)`. The service reads the delimiters before it decodes
//! the rest, so that `,` `(` `)` `=` `'` `[` `]` must not be percent-encoded, and everything with a
//! meaning in an address must be.

use std::fmt::Write as _;

use crate::TestRunId;
use crate::wire::Timestamp;

/// Characters of a text that stay as they are: unreserved ones, and the service's delimiters.
const PLAIN: &[u8] = b"-._~!*'(),=[]";

/// Percent-encodes a text for the inside of a path segment, all but the service's delimiters.
fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Percent-encodes a whole path segment, such as the name of a label.
pub(super) fn segment(text: &str) -> String {
    let mut encoded = String::new();
    percent_encode(text, &mut encoded);
    encoded
}

/// The parameters of one request, in the order in which they were added.
#[derive(Default)]
pub(super) struct Parameters(String);

impl Parameters {
    fn name(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(name);
        self.0.push('=');
    }

    /// Adds a text, in single quotes. Single quotes in it are doubled.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push('\'');
        percent_encode(&value.replace('\'', "''"), &mut self.0);
        self.0.push('\'');
    }

    /// Adds a whole number, without quotes.
    pub(super) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        self.0.push_str(&value.to_string());
    }

    /// Adds a time, without quotes.
    pub(super) fn time(&mut self, name: &str, value: Timestamp) {
        self.name(name);
        self.0.push_str(&value.to_string());
    }

    /// Adds a list of ids in brackets.
    pub(super) fn ids(&mut self, name: &str, ids: &[TestRunId]) {
        self.name(name);
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        self.0.push('[');
        self.0.push_str(&ids.join(","));
        self.0.push(']');
    }

    /// Returns the parameters in their parentheses; nothing if there are none.
    pub(super) fn finish(self) -> String {
        if self.0.is_empty() { String::new() } else { format!("({})", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, segment};

    #[test]
    fn text_is_quoted_and_only_delimiters_stay() {
        let mut parameters = Parameters::default();
        parameters.text("query", "avg(rate by (name,method)) by (method)");
        parameters.text("metric", r#"m{a="it's 100 %",b=~"\d/é"}"#);
        parameters.number("step", 5);
        parameters.ids("test_run_ids", &[1.into(), 2.into()]);
        assert_eq!(
            parameters.finish(),
            "(query='avg(rate%20by%20(name,method))%20by%20(method)',\
             metric='m%7Ba=%22it''s%20100%20%25%22,b=~%22%5Cd%2F%C3%A9%22%7D',\
             step=5,test_run_ids=[1,2])"
        );
        assert_eq!(Parameters::default().finish(), "");
    }

    #[test]
    fn time_is_not_quoted() {
        let mut parameters = Parameters::default();
        parameters.time("start", "2026-06-30T12:00:00.5+02:00".parse().expect("a time"));
        assert_eq!(parameters.finish(), "(start=2026-06-30T10:00:00.500Z)");
    }

    #[test]
    fn segment_has_no_slash_and_no_query() {
        assert_eq!(segment("a/b?c#d%"), "a%2Fb%3Fc%23d%25");
    }
}

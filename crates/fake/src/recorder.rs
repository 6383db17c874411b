//! The requests that reached the fake.

use std::collections::VecDeque;
use std::fmt;
use std::sync::LazyLock;

use axum::http::request::Parts;
use regex::Regex;
use serde_json::Value;

/// The strings that JSON has under the name `token`.
#[expect(clippy::expect_used, reason = "the expression is a constant")]
static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"("[tT]oken"\s*:\s*")(?:[^"\\]|\\.)*(")"#;
    Regex::new(pattern).expect("a correct expression")
});

/// How many bytes are kept, over all recorded requests: of bodies, headers, paths and queries.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What a header takes beside its name and value.
const HEADER_OVERHEAD: usize = 64;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";

/// A request that reached the fake, whether or not it succeeded.
///
/// The headers are kept as they came, `Authorization` included. `Debug` hides its
/// value, and the tokens in the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in upper case.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: Option<String>,
    /// The headers in the order in which they came, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The operation, by the name of the client's method, such as `get_test_run`. `None` if the API
    /// has no operation with this method and path.
    pub operation: Option<String>,
    /// The status of the response. `None` if there was none: a [`Fault`](crate::Fault) cut it off
    /// before the status, the client was gone, or the request is still being processed.
    pub status: Option<u16>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts, body: &[u8], operation: Option<&str>) -> Self {
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: headers.collect(),
            body: body.to_vec(),
            operation: operation.map(str::to_owned),
            status: None,
        }
    }

    /// Returns the first value of a header. Its name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the decoded value of a query parameter, the first one if it is repeated.
    pub fn query_value(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_deref().unwrap_or("").as_bytes())
            .find(|(parameter, _)| parameter == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Returns roughly how many bytes the request takes.
    fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| name.len() + value.len() + HEADER_OVERHEAD);
        let query = self.query.as_ref().map_or(0, String::len);
        self.body.len() + headers.sum::<usize>() + self.path.len() + query
    }

    /// Returns the body as text, without the tokens in it: that of the request, and what JSON has
    /// under the name `token`, such as k6's `options.cloud.token`.
    pub(crate) fn redacted_body(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let body = TOKENS.replace_all(&body, format!("${{1}}{REDACTED}${{2}}"));
        let own = self.header("authorization").and_then(|value| value.split(' ').next_back());
        match own {
            Some(token) if !token.is_empty() => body.replace(token, REDACTED),
            _ => body.into_owned(),
        }
    }

    /// Returns the body as JSON, `None` if it is not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let is_secret = name.eq_ignore_ascii_case("authorization");
                (name.as_str(), if is_secret { REDACTED } else { value })
            })
            .collect();
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &headers)
            .field("body", &self.redacted_body())
            .field("status", &self.status)
            .finish()
    }
}

/// The latest requests: a bounded number of them, with a bounded size.
#[derive(Debug)]
pub(crate) struct Recorder {
    requests: VecDeque<RecordedRequest>,
    /// The number of the oldest request that is kept, counted from the first that came.
    oldest: u64,
    bytes: usize,
    limit: usize,
}

impl Recorder {
    /// Returns a recorder that keeps the last `limit` requests.
    pub(crate) fn new(limit: usize) -> Self {
        Self { requests: VecDeque::new(), oldest: 0, bytes: 0, limit }
    }

    /// Keeps a request, and returns its number.
    pub(crate) fn record(&mut self, request: RecordedRequest) -> u64 {
        let number = self.total();
        self.bytes += request.size();
        self.requests.push_back(request);
        while self.requests.len() > self.limit
            || (self.bytes > MAX_BYTES && self.requests.len() > 1)
        {
            self.drop_oldest();
        }
        number
    }

    /// Adds the status of the response, if the request is still kept.
    pub(crate) fn set_status(&mut self, number: u64, status: u16) {
        let index = number.checked_sub(self.oldest).and_then(|index| usize::try_from(index).ok());
        if let Some(request) = index.and_then(|index| self.requests.get_mut(index)) {
            request.status = Some(status);
        }
    }

    /// Returns how many requests there have been, including those that are no longer kept.
    pub(crate) fn total(&self) -> u64 {
        self.oldest.saturating_add(u64::try_from(self.requests.len()).unwrap_or(u64::MAX))
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        while !self.requests.is_empty() {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(request) = self.requests.pop_front() {
            self.oldest += 1;
            self.bytes -= request.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, body: Vec<u8>) -> RecordedRequest {
        RecordedRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: Some("$top=1&a=b%20c".to_owned()),
            headers: vec![("authorization".to_owned(), "Bearer hush".to_owned())],
            body,
            operation: None,
            status: None,
        }
    }

    #[test]
    fn debug_hides_the_token_and_the_record_keeps_it() {
        let request = request("/cloud/v6/test_runs", b"[1]".to_vec());
        assert!(!format!("{request:?}").contains("hush"));
        assert_eq!(request.header("Authorization"), Some("Bearer hush"));
        assert_eq!(request.query_value("a").as_deref(), Some("b c"));
        assert_eq!(request.json(), Some(serde_json::json!([1])));
    }

    #[test]
    fn only_the_latest_requests_are_kept() {
        let mut recorder = Recorder::new(3);
        for number in 0..10 {
            assert_eq!(recorder.record(request(&number.to_string(), Vec::new())), number);
        }
        recorder.set_status(2, 500);
        recorder.set_status(8, 204);
        let kept = recorder.requests();
        let kept: Vec<_> = kept.iter().map(|kept| (kept.path.as_str(), kept.status)).collect();
        assert_eq!(kept, [("7", None), ("8", Some(204)), ("9", None)]);
        recorder.clear();
        assert_eq!((recorder.requests().len(), recorder.total()), (0, 10));
        recorder.set_status(9, 200);
        assert_eq!(recorder.record(request("a", Vec::new())), 10);
    }

    #[test]
    fn headers_are_kept_up_to_a_total_size() {
        let mut recorder = Recorder::new(10_000);
        let mut large = request("a", Vec::new());
        large.headers.extend((0..50).map(|at| (format!("x-{at}"), "a".repeat(7_800))));
        for _ in 0..1_100 {
            recorder.record(large.clone());
        }
        let kept = recorder.requests().iter().map(RecordedRequest::size).sum::<usize>();
        assert!(kept <= MAX_BYTES && kept > MAX_BYTES / 2, "{kept} bytes");
        assert_eq!(recorder.total(), 1_100);
    }

    #[test]
    fn tokens_in_bodies_are_hidden() {
        let script = r#"{"options":{"cloud":{ "token" : "a\"b", "projectID": 1}}, "note": "hush"}"#;
        let request = request("a", script.as_bytes().to_vec());
        let shown = request.redacted_body();
        let json: Value = serde_json::from_str(&shown).expect("still JSON");
        assert_eq!(json["options"]["cloud"]["token"], REDACTED);
        assert_eq!(
            (&json["options"]["cloud"]["projectID"], &json["note"]),
            (&1.into(), &REDACTED.into())
        );
        assert!(!format!("{request:?}").contains("hush"));
    }

    #[test]
    fn bodies_are_kept_up_to_a_total_size() {
        let mut recorder = Recorder::new(1_000);
        for _ in 0..10 {
            recorder.record(request("a", vec![0; MAX_BYTES / 4 - 1_000]));
        }
        assert_eq!(recorder.requests().len(), 4);
        // The latest one is kept even if it is too large.
        recorder.record(request("b", vec![0; MAX_BYTES + 1]));
        assert_eq!(recorder.requests().len(), 1);
        recorder.clear();
        assert_eq!(recorder.bytes, 0);
    }
}

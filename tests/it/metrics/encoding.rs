//! Whatever texts go in arrive as the same texts, at a server that reads the path by itself.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Uri;
use futures_util::future::join_all;
use k6_cloud::Client;
use k6_cloud::metrics::{Counter, Selector};

use crate::transport::serve;

/// A matcher as it arrived: label, operator, value.
type Matcher = (String, &'static str, String);

/// What is odd in an address, in a text in quotes, in a selector, or in a regular expression.
const ODD: &[&str] = &[
    "'",
    "''",
    "\"",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\\",
    "\\\\",
    "\\d",
    "\\\"",
    "%",
    "%2C",
    "%27",
    "#",
    "?",
    "&",
    ";",
    ":",
    "/",
    "//",
    "..",
    ".",
    "+",
    " ",
    "~",
    "!",
    "@",
    "$",
    "^",
    "*",
    "|",
    "<",
    ">",
    "`",
    "-",
    "_",
    "a",
    "Z",
    "0",
    "\u{e9}",
    "\u{6f22}",
    "\u{1f600}",
    "\u{202e}",
    "\n",
    "\t",
    "\r",
    "\0",
    "\u{7f}",
    "',metric='x",
    "')",
    " by (a)",
    "\",b=\"",
    "\\n",
    "e\u{301}",
    "\u{ffff}",
];

fn odd_text(random: &mut fastrand::Rng) -> String {
    (0..random.usize(0..8)).map(|_| ODD[random.usize(..ODD.len())]).collect()
}

/// Decodes percent-encoding, and panics where it is wrong or missing.
fn decoded(raw: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            let digits = std::str::from_utf8(&digits).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
        } else {
            let plain = byte.is_ascii_alphanumeric() || b"-._~!*'(),=[]".contains(&byte);
            assert!(plain, "{:?} is not encoded in {raw}", char::from(byte));
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Splits `name='text',name='text'`.
fn parameters(mut inner: &str) -> Vec<(String, String)> {
    let delimiters = ["%2c", "%28", "%29", "%3d", "%27", "%5b", "%5d"];
    let lower = inner.to_ascii_lowercase();
    assert!(!delimiters.iter().any(|code| lower.contains(code)), "an encoded delimiter: {inner}");
    let mut found = Vec::new();
    while !inner.is_empty() {
        let (name, rest) = inner.split_once("='").expect("a parameter with a text");
        let mut text = String::new();
        let mut rest = rest;
        loop {
            let (before, after) = rest.split_once('\'').expect("a quote at the end");
            text.push_str(before);
            rest = after;
            let Some(next) = rest.strip_prefix('\'') else { break };
            text.push('\'');
            rest = next;
        }
        found.push((name.to_owned(), decoded(&text)));
        inner = rest.strip_prefix(',').unwrap_or(rest);
        assert_eq!(inner.len() + usize::from(!inner.is_empty()), rest.len(), "no comma: {rest}");
    }
    found
}

/// Takes a string in double quotes, and returns it with its escapes and what follows it.
fn quoted(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix('"').unwrap_or_else(|| panic!("no quote: {text}"));
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        assert_ne!(c, '\n', "a line break in {text}");
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            return (&inner[..at], &inner[at + 1..]);
        }
    }
    panic!("no end: {text}");
}

/// Reads the escapes of Prometheus.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next().expect("an escape") {
                'n' => out.push('\n'),
                same @ ('\\' | '"') => out.push(same),
                other => panic!("the escape `\\{other}`"),
            },
            other => out.push(other),
        }
    }
    out
}

/// Reads a regular expression: all escapes stay, but for those of quotes and line breaks, which have a
/// second spelling. A backslash at the end is not a regular expression.
fn regex(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | '\n') => out.push('\n'),
                Some('"') => out.push('"'),
                Some(other) => out.extend(['\\', other]),
                None => out.push_str("\\\\"),
            },
            other => out.push(other),
        }
    }
    out
}

fn name(text: &str) -> (String, &str) {
    if text.starts_with('"') {
        let (name, rest) = quoted(text);
        return (unescaped(name), rest);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    assert!(end > 0 && !text.starts_with(|c: char| c.is_ascii_digit()), "not a name: {text}");
    (text[..end].to_owned(), &text[end..])
}

/// Reads a selector.
fn selector(text: &str) -> (String, Vec<Matcher>) {
    let (mut metric, mut rest) = (None, text);
    if !text.starts_with('{') {
        let (found, after) = name(text);
        (metric, rest) = (Some(found), after);
    }
    let mut matchers = Vec::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, after) = name(rest);
            let operator = ["=~", "!~", "!=", "="].into_iter().find(|o| after.starts_with(o));
            rest = match operator {
                None => {
                    assert!(metric.is_none() && matchers.is_empty(), "no operator: {text}");
                    metric = Some(label);
                    after
                }
                Some(operator) => {
                    let (value, after) = quoted(&after[operator.len()..]);
                    let read = if operator.ends_with('~') { regex } else { unescaped };
                    matchers.push((label, operator, read(value)));
                    after
                }
            };
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        rest = &rest[1..];
    }
    assert_eq!(rest, "", "text behind the selector: {text}");
    (metric.expect("a name"), matchers)
}

struct Server {
    client: Client,
    seen: Arc<Mutex<Vec<Uri>>>,
}

impl Server {
    async fn start() -> Self {
        let seen: Arc<Mutex<Vec<Uri>>> = Arc::default();
        let records = Arc::clone(&seen);
        let router = Router::new().fallback(move |uri: Uri| async move {
            records.lock().expect("unpoisoned").push(uri);
            r#"{"value": null, "data": null}"#
        });
        let client = Client::builder().base_url(serve(router).await).token("token").stack_id(7);
        Self { client: client.build().expect("complete"), seen }
    }

    fn only(&self) -> Uri {
        let mut seen = self.seen.lock().expect("unpoisoned");
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }
}

/// Twenty random texts: a metric, eight labels with their values, and three labels of the grouping.
struct Texts {
    metric: String,
    matchers: Vec<Matcher>,
    by: [String; 3],
}

impl Texts {
    fn draw(random: &mut fastrand::Rng) -> Self {
        let operators = ["=", "!=", "=~", "!~", "=~", "!=", "=", "!~"];
        let matchers = operators.map(|operator| (odd_text(random), operator, odd_text(random)));
        Self {
            metric: odd_text(random),
            matchers: matchers.into(),
            by: [(); 3].map(|()| odd_text(random)),
        }
    }

    async fn send(self, client: &Client) -> Self {
        let metric = self.matchers.iter().fold(Counter::new(&*self.metric), |metric, matcher| {
            let (label, operator, value) = matcher;
            match *operator {
                "=" => metric.label(label, value),
                "!=" => metric.label_not(label, value),
                "=~" => metric.label_matches(label, value),
                _ => metric.label_not_matches(label, value),
            }
        });
        let query = metric.rate().by(&self.by);
        client.query_aggregate(42, query).send().await.expect("an empty result");
        self
    }

    fn check(&self, uri: &Uri) {
        assert_eq!(uri.query(), None, "{uri}");
        let rest = uri.path().strip_prefix("/cloud/v5/test_runs/42/query_aggregate_k6(");
        let inner = rest.and_then(|rest| rest.strip_suffix(')')).expect("parameters");
        let found = parameters(inner);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["query", "metric"], "{uri}");
        let by = found[0].1.strip_prefix("rate by (").and_then(|rest| rest.strip_suffix(')'));
        let mut rest = by.expect("a grouping");
        for expected in &self.by {
            let (label, after) = name(rest);
            assert_eq!(label, *expected, "{uri}");
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        assert_eq!(rest, "", "{uri}");
        let sent: Vec<Matcher> = self
            .matchers
            .iter()
            .cloned()
            .map(|(label, operator, value)| {
                let value = if operator.ends_with('~') { regex(&value) } else { value };
                (label, operator, value)
            })
            .collect();
        assert_eq!(selector(&found[1].1), (self.metric.clone(), sent), "{uri}");
    }
}

#[tokio::test]
async fn ten_thousand_texts_arrive_as_they_are() {
    let server = Server::start().await;
    let mut random = fastrand::Rng::with_seed(0x6b36);
    for _ in 0..500 {
        // One after the other, so that each request is known to be that of its texts.
        let texts = Texts::draw(&mut random).send(&server.client).await;
        texts.check(&server.only());
    }
}

#[tokio::test]
async fn text_of_a_raw_query_arrives_as_it_is() {
    let server = Server::start().await;
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..100 {
        let (query, metric) = (odd_text(&mut random), odd_text(&mut random));
        let raw = k6_cloud::metrics::RawQuery::new(&*query, &*metric);
        server.client.query_range(42, raw).send().await.expect("an empty result");
        let uri = server.only();
        let rest = uri.path().strip_prefix("/cloud/v5/test_runs/42/query_range_k6(");
        let found = parameters(rest.and_then(|rest| rest.strip_suffix(')')).expect("parameters"));
        assert_eq!(found, [("query".to_owned(), query), ("metric".to_owned(), metric)]);
    }
}

#[tokio::test]
async fn label_and_selectors_of_lists_arrive_as_they_are() {
    let server = Server::start().await;
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..100 {
        let (label, value) = (odd_text(&mut random), odd_text(&mut random));
        let selector = || Selector::new("m").label("a", &*value);
        let list = server.client.list_label_values(42, &*label);
        let result = list.matching(selector()).matching("n").send().await;
        if matches!(&*label, "" | "." | "..") {
            let error = result.expect_err("another path");
            assert!(error.is_invalid_request(), "{error}");
            continue;
        }
        result.expect("an empty list");
        let uri = server.only();
        let rest = uri.path().strip_prefix("/cloud/v5/test_runs/42/label/").expect("the path");
        assert_eq!(decoded(rest.strip_suffix("/values").expect("the path")), label);
        let url = reqwest::Url::parse(&format!("http://h{uri}")).expect("a URL");
        let sent: Vec<_> =
            url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        let pair = |value: String| ("match[]".to_owned(), value);
        assert_eq!(sent, [pair(selector().to_string()), pair("n".to_owned())]);
    }
}

#[tokio::test]
async fn many_queries_at_once_keep_their_texts_apart() {
    let server = Server::start().await;
    let queries = (0..100).map(|number| {
        let query = Counter::new(format!("m{number}")).increase();
        server.client.query_aggregate(42, query).send()
    });
    for result in join_all(queries).await {
        result.expect("an empty result");
    }
    let mut paths: Vec<_> =
        server.seen.lock().expect("unpoisoned").iter().map(ToString::to_string).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), 100);
}

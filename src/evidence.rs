//! Sends to every operation what is not the API's, and checks that no call takes it as a success.
//!
//! The calls with a script to download, and everything that consists of several requests, are in
//! `tests/it/evidence.rs`.

use std::collections::BTreeMap;
use std::pin::Pin;

use k6_cloud_fake::{FakeCloud, Fault};
use reqwest::{Method, Request, Url};
use serde_json::json;

use crate::http::perform_request;
use crate::operation::{Facts, Operation};
use crate::{Client, Error, ErrorKind};

/// Sends a request of one operation and reads the response as its result.
pub(crate) struct Probe {
    facts: &'static Facts,
    /// The name of the type of the result.
    result: &'static str,
    send: fn(Client) -> Sending,
}

type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Probe {
    pub(crate) fn of<O: Operation + 'static>() -> Self {
        let send = |client| -> Sending { Box::pin(send::<O>(client)) };
        Self { facts: O::FACTS, result: std::any::type_name::<O::Output>(), send }
    }

    fn expects(&self) -> Expects {
        match self.result {
            "()" => Expects::Nothing,
            name if name.ends_with("ByteStream") => Expects::Bytes,
            _ => Expects::Json,
        }
    }
}

async fn send<O: Operation>(client: Client) -> Result<(), Error> {
    let request = || {
        let mut path = String::new();
        for part in O::FACTS.path.split_inclusive(['{', '}']) {
            match part.strip_suffix('}') {
                Some(_) => path.push_str("42"),
                None => path.push_str(part.trim_end_matches('{')),
            }
        }
        let url = Url::parse(&format!("{}{path}", client.baseurl)).expect("an address");
        Ok(Request::new(Method::from_bytes(O::FACTS.method.as_bytes()).expect("a method"), url))
    };
    perform_request::<O::Reader>(&client, O::FACTS, O::FACTS.path, request).await.map(drop)
}

/// What a successful response of an operation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Expects {
    Nothing,
    Json,
    Bytes,
}

/// A response, and the error that it makes; `None` for a success.
type Row = (&'static str, fn(&Facts) -> Fault, fn(Expects) -> Option<ErrorKind>);

fn only_without_a_result(expects: Expects) -> Option<ErrorKind> {
    (expects != Expects::Nothing).then_some(ErrorKind::Decode)
}

const TABLE: [Row; 12] = [
    ("a login page with 200", |_| Fault::html(200), |_| Some(ErrorKind::Decode)),
    ("text with 200", |_| text("text/plain", "OK"), |_| Some(ErrorKind::Decode)),
    ("bytes with 200", |_| text("image/png", "\u{89}PNG"), |_| Some(ErrorKind::Decode)),
    ("an array with 200", |_| text("application/json", "[]"), |_| Some(ErrorKind::Decode)),
    ("{} with 200", |_| text("application/json", "{}"), only_without_a_result),
    ("null with 200", |_| text("application/json", "null"), only_without_a_result),
    (
        "an error with 200",
        |_| Fault::response(200, "application/json", ERROR),
        |_| Some(ErrorKind::Decode),
    ),
    (
        "another error with 200",
        |_| text("application/json", "{\"error\":\"no\"}"),
        |_| Some(ErrorKind::Decode),
    ),
    ("the body of another operation", another, only_without_a_result),
    ("204", |_| Fault::no_content(), only_without_a_result),
    ("HTML with 404", |_| Fault::html(404), |_| Some(ErrorKind::UnexpectedStatus)),
    (
        "JSON with 404",
        |_| Fault::response(404, "application/json", "{\"message\":\"no Route matched\"}"),
        |_| Some(ErrorKind::UnexpectedStatus),
    ),
];

const ERROR: &str = r#"{"error":{"code":"conflict","message":"not now"}}"#;

fn text(content_type: &str, body: &str) -> Fault {
    Fault::response(200, content_type, body)
}

fn another(facts: &Facts) -> Fault {
    let body = match facts.id {
        "authenticate" => json!({ "value": [{ "id": 1, "name": "x" }] }),
        _ => json!({ "stack_id": 7, "default_project_id": 1 }),
    };
    Fault::response(200, "application/json", body.to_string())
}

async fn client_of(fake: &FakeCloud) -> Client {
    let builder = Client::builder().base_url(fake.base_url()).token(fake.token());
    builder.stack_id(fake.stack_id()).build().expect("complete")
}

#[tokio::test]
async fn no_operation_takes_something_else_as_a_success() {
    let probes = crate::generated::probes();
    assert_eq!(probes.len(), crate::generated::OPERATIONS.len());
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for probe in probes.iter().filter(|probe| probe.expects() != Expects::Bytes) {
        for (name, fault, expected) in TABLE {
            let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
            fake.inject(fault(probe.facts));
            let result = (probe.send)(client_of(&fake).await).await;
            let kind = result.as_ref().err().map(Error::kind);
            let outcome = kind.map_or("success".to_owned(), |kind| format!("{kind:?}"));
            *counts.entry((name, probe.expects(), outcome)).or_insert(0) += 1;
            let expected = expected(probe.expects());
            if kind != expected {
                wrong.push(format!("{}, {name}: {result:?}", probe.facts.id));
            }
            if let Err(error) = result {
                wrong.extend(what_is_unclear(probe.facts, name, &error));
            }
        }
    }
    println!("{} operations", probes.len());
    for ((name, expects, outcome), count) in counts {
        println!("{name:32} {:8} {outcome:20} {count:3}", format!("{expects:?}"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The public calls of these check what comes.
    let bytes = probes.iter().filter(|probe| probe.expects() == Expects::Bytes);
    let bytes: Vec<_> = bytes.map(|probe| probe.facts.id).collect();
    assert_eq!(
        bytes,
        ["get_load_test_script", "get_test_run_script"],
        "add it to tests/it/evidence.rs"
    );
}

/// Returns what an error does not tell.
fn what_is_unclear(facts: &Facts, name: &str, error: &Error) -> Option<String> {
    let hint = error.hint().unwrap_or_default();
    let tells_outcome =
        facts.method == "GET" || error.kind() != ErrorKind::Decode || hint.contains("not known");
    let tells_reason = match name {
        "an error with 200" => {
            (error.code(), error.message()) == (Some("conflict"), Some("not now"))
        }
        "a login page with 200" => {
            error.body_excerpt().is_some_and(|body| body.contains("Bad day"))
                && hint.contains("login page")
        }
        "HTML with 404" | "JSON with 404" => hint.contains("not the API's"),
        _ => true,
    };
    let is_clear = tells_outcome && tells_reason && !error.is_transient();
    (!is_clear).then(|| format!("{}, {name}: {error:?}", facts.id))
}

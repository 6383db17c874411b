//! Sends to every operation what is not the API's, and checks that no call takes it as a success.
//!
//! The calls with a script to download, and everything that consists of several requests, are in
//! `tests/it/evidence.rs`. The package of the crate has this test but not the fake, so that a server of
//! its own sends the responses.

use std::collections::BTreeMap;
use std::pin::Pin;

use reqwest::{Method, Request, Url};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::http::perform_request;
use crate::operation::{Operation, OperationSpec};
use crate::{Client, Error, ErrorKind};

/// Sends a request of one operation and reads the response as its result.
pub(crate) struct Probe {
    pub(crate) facts: &'static OperationSpec,
    /// The name of the type of the result.
    result: &'static str,
    send: fn(Client) -> Sending,
}

type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Probe {
    pub(crate) fn of<O: Operation + 'static>() -> Self {
        let send = |client| -> Sending { Box::pin(send::<O>(client)) };
        Self { facts: O::SPEC, result: std::any::type_name::<O::Output>(), send }
    }

    fn expects(&self) -> Expects {
        match self.result {
            "()" => Expects::Nothing,
            name if name.ends_with("ByteStream") => Expects::Bytes,
            _ => Expects::Json,
        }
    }
}

#[expect(clippy::result_large_err, reason = "the type that generated calls return")]
async fn send<O: Operation>(client: Client) -> Result<(), Error> {
    let request = || {
        let mut path = String::new();
        for part in O::SPEC.path.split_inclusive(['{', '}']) {
            match part.strip_suffix('}') {
                Some(_) => path.push_str("42"),
                None => path.push_str(part.trim_end_matches('{')),
            }
        }
        let url = Url::parse(&format!("{}{path}", client.baseurl)).expect("an address");
        Ok(Request::new(Method::from_bytes(O::SPEC.method.as_bytes()).expect("a method"), url))
    };
    perform_request::<O::Reader>(&client, O::SPEC, O::SPEC.path, request).await.map(drop)
}

/// What a successful response of an operation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Expects {
    Nothing,
    Json,
    Bytes,
}

/// A response, and the error that it makes; `None` for a success.
type Row = (&'static str, fn(&OperationSpec) -> Canned, fn(Expects) -> Option<ErrorKind>);

fn only_without_a_result(expects: Expects) -> Option<ErrorKind> {
    (expects != Expects::Nothing).then_some(ErrorKind::Decode)
}

const TABLE: [Row; 14] = [
    ("a login page with 200", |_| page(200), |_| Some(ErrorKind::Decode)),
    ("text with 200", |_| text("text/plain", "OK"), |_| Some(ErrorKind::Decode)),
    ("bytes with 200", |_| text("image/png", "\u{89}PNG"), |_| Some(ErrorKind::Decode)),
    ("an array with 200", |_| text("application/json", "[]"), |_| Some(ErrorKind::Decode)),
    (
        "a list in an array with 200",
        |_| text("application/json", "[[]]"),
        |_| Some(ErrorKind::Decode),
    ),
    (
        "numbers in an array with 200",
        |_| text("application/json", "[7, 1]"),
        |_| Some(ErrorKind::Decode),
    ),
    ("{} with 200", |_| text("application/json", "{}"), only_without_a_result),
    ("null with 200", |_| text("application/json", "null"), only_without_a_result),
    ("an error with 200", |_| text("application/json", ERROR), |_| Some(ErrorKind::Decode)),
    (
        "another error with 200",
        |_| text("application/json", "{\"error\":\"no\"}"),
        |_| Some(ErrorKind::Decode),
    ),
    ("the body of another operation", another, only_without_a_result),
    (
        "204",
        |_| Canned { status: 204, content_type: "", body: String::new() },
        only_without_a_result,
    ),
    ("HTML with 404", |_| page(404), |_| Some(ErrorKind::UnexpectedStatus)),
    (
        "JSON with 404",
        |_| Canned {
            status: 404,
            ..text("application/json", "{\"message\":\"no Route matched\"}")
        },
        |_| Some(ErrorKind::UnexpectedStatus),
    ),
];

const ERROR: &str = r#"{"error":{"code":"conflict","message":"not now"}}"#;

/// A response.
struct Canned {
    status: u16,
    content_type: &'static str,
    body: String,
}

fn text(content_type: &'static str, body: &str) -> Canned {
    Canned { status: 200, content_type, body: body.to_owned() }
}

fn page(status: u16) -> Canned {
    Canned { status, ..text("text/html", "<html><h1>Bad day</h1></html>") }
}

/// Sends a response to one request, and returns the address for it.
async fn serve(canned: Canned) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut head = BufReader::new(&mut connection).lines();
        while head.next_line().await.is_ok_and(|line| line.is_some_and(|line| !line.is_empty())) {}
        let Canned { status, content_type, body } = canned;
        let kind = match content_type {
            "" => String::new(),
            kind => format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()),
        };
        let response = format!("HTTP/1.1 {status} Canned\r\n{kind}Connection: close\r\n\r\n{body}");
        connection.write_all(response.as_bytes()).await.expect("sends");
    });
    format!("http://{address}")
}

fn another(facts: &OperationSpec) -> Canned {
    let body = match facts.id {
        "authenticate" => json!({ "value": [{ "id": 1, "name": "x" }] }),
        _ => json!({ "stack_id": 7, "default_project_id": 1 }),
    };
    text("application/json", &body.to_string())
}

fn client_of(base_url: String) -> Client {
    let builder = Client::builder().base_url(base_url).token("token").stack_id(7);
    builder.no_proxy().build().expect("complete")
}

#[tokio::test]
async fn no_operation_takes_something_else_as_a_success() {
    let probes = crate::generated::probes();
    let described = include_str!("../openapi/lowered.json").matches("\"operationId\"").count();
    assert_eq!(probes.len(), described);
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for probe in probes.iter().filter(|probe| probe.expects() != Expects::Bytes) {
        for (name, canned, expected) in TABLE {
            let client = client_of(serve(canned(probe.facts)).await);
            let result = (probe.send)(client).await;
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
fn what_is_unclear(facts: &OperationSpec, name: &str, error: &Error) -> Option<String> {
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

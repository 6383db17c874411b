//! Requests that no generated call makes.

use std::time::Duration;

use k6_cloud::types::TestRun;
use k6_cloud::{ErrorKind, Method, RetryPolicy};
use k6_cloud_fake::{FakeCloud, RunSeed};
use serde_json::{Value, json};

use crate::scripted::{self, Reply, Scripted, nobody};
use crate::{assert_line, assert_sent, only_request, rejected};

#[tokio::test]
async fn any_endpoint_can_be_requested() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::passed().note("nightly"));
    let client = fake.client().build().expect("complete");
    let get = || client.request(Method::GET, "/cloud/v6/test_runs/{id}").path_value("id", id);
    let run: TestRun = get().send().await.expect("a run");
    assert_eq!((run.id, run.note.as_str()), (id, "nightly"));
    assert_line(&fake, "GET", &format!("/cloud/v6/test_runs/{id}"), None);
    only_request(&fake, &[("accept", "application/json")]);
    assert_eq!(get().await.expect("a run")["id"], json!(id));
    let response = get().response::<Value>().await.expect("a run");
    assert_eq!(response.status().as_u16(), 200);
    let bytes = get().bytes().await.expect("a run").into_inner();
    assert_eq!(serde_json::from_slice::<Value>(&bytes).expect("JSON")["id"], json!(id));
}

#[tokio::test]
async fn body_query_and_header_are_sent() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::passed());
    let client = fake.client().build().expect("complete");
    let path = format!("/cloud/v6/test_runs/{id}");
    let body = json!({ "note": "after the fix" });
    client.request(Method::PATCH, &*path).json(&body).send::<()>().await.expect("updated");
    assert_sent(&fake, "PATCH", &path, body);
    fake.clear_requests();
    let list = client.request(Method::GET, "/cloud/v6/test_runs").query("$top", 1);
    list.header("x-b3", "trace").await.expect("a page");
    let request = only_request(&fake, &[("x-b3", "trace")]);
    assert_eq!(request.query.as_deref(), Some("%24top=1"));
}

#[tokio::test]
async fn error_response_is_the_crates_error() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let missing = client.request(Method::GET, "/cloud/v6/test_runs/1").send::<Value>().await;
    let (status, error) = rejected(missing);
    assert_eq!(
        (status, error.kind(), error.operation()),
        (404, ErrorKind::NotFound, Some("request"))
    );
    let wrong = client.request(Method::GET, "/cloud/v6/test_runs/{id}");
    let id = fake.add_run(RunSeed::passed());
    let error = wrong.path_value("id", id).send::<Vec<i64>>().await.expect_err("an object");
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn request_that_cannot_be_sent_is_not() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let get = |path: &str| client.request(Method::GET, path);
    for (call, what) in [
        (get("x"), "begin with `/`"),
        (get("/a?b"), "by `query`"),
        (get("/{id}"), "`.path_value(\"id\", ...)`"),
        (get("/{id}").path_value("id", ".."), "another path"),
        (get("/{id}").path_value("id", ""), "another path"),
        (get("/a/../b"), "another path"),
        (get("/a").header("Authorization", "Bearer canary"), "is set by the token"),
        (get("/a").header("X-STACK-ID", "8"), "is set by the stack"),
        (get("/a").header("a b", ""), "not the name of a header"),
        (get("/a").header("a", "canary\r\n"), "line break"),
    ] {
        let shown = format!("{call:?}");
        let error = call.send::<Value>().await.expect_err(what);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{shown}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(!format!("{shown} {error:?}").contains("canary"), "{error:?}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn retries_follow_the_method_and_what_the_caller_says() {
    for (method, says, attempts) in [
        (Method::GET, None, 2),
        (Method::PUT, None, 2),
        (Method::POST, None, 1),
        (Method::PATCH, None, 1),
        (Method::POST, Some(true), 2),
        (Method::GET, Some(false), 1),
    ] {
        let server = Scripted::start([Reply::status(503), Reply::status(200)]).await;
        let client = server.client();
        let call = client.request(method.clone(), "/x").body("text/plain", "body");
        let call = match says {
            Some(says) => call.retry_safe(says),
            None => call,
        };
        let result = call.send::<()>().await;
        assert_eq!(result.is_ok(), attempts == 2, "{method} {says:?}");
        assert_eq!(server.requests().len(), attempts, "{method} {says:?}");
    }
}

#[tokio::test]
async fn token_that_a_server_sends_back_is_not_shown() {
    let body = json!({ "error": { "code": "x", "message": "got canary-token" } });
    let server = Scripted::start([Reply::json(400, &body)]).await;
    let call = server.client();
    let error = call.request(Method::GET, "/x").send::<Value>().await.expect_err("rejected");
    assert!(!format!("{error} {error:?}").contains("canary-token"), "{error:?}");
}

/// The query of a request may have a secret.
#[tokio::test]
async fn no_error_shows_the_query() {
    let long = Reply::text(200, &" ".repeat(5_000));
    for reply in [Reply::Close, Reply::Hang, Reply::Truncated("{}".repeat(100)), long] {
        let server = Scripted::start([reply.clone()]).await;
        let client = server.builder().retries(RetryPolicy::off()).max_body_bytes(4_999);
        let client = client.timeout(Duration::from_millis(80)).build().expect("complete");
        let call = client.request(Method::GET, "/x").query("apikey", "canary-query");
        assert!(!format!("{call:?}").contains("canary-query"), "{call:?}");
        let error = call.send::<Value>().await.expect_err("no success");
        let shown = crate::errors::shown(&error);
        assert!(error.get_ref().is_some() && !shown.contains("canary-query"), "{reply:?}: {shown}");
    }
    let client = scripted::builder(&nobody().await).retries(RetryPolicy::off()).build();
    let client = client.expect("complete");
    let call = client.request(Method::GET, "/x").query("apikey", "canary-query");
    let shown = crate::errors::shown(&call.send::<Value>().await.expect_err("nobody listens"));
    assert!(!shown.contains("canary-query"), "{shown}");
}

/// A wrong length would hang the request or cut its body.
#[tokio::test]
async fn header_of_http_itself_sends_nothing() {
    let server = Scripted::start([Reply::json(200, &Value::Null)]).await;
    let client = server.client();
    for name in ["Content-Length", "transfer-encoding", "Host", "Connection", "authorization"] {
        let call = client.request(Method::GET, "/x").header(name, "5");
        let error = call.send::<Value>().await.expect_err(name);
        assert!(error.is_invalid_request() && error.attempts() == 0, "{error}");
        assert!(error.to_string().contains("cannot be set: it is set by"), "{error}");
    }
    let call = client.request(Method::GET, "/x").header("accept", "text/plain");
    assert_eq!(call.await.expect("null"), Value::Null);
    assert_eq!(server.count(), 1);
}

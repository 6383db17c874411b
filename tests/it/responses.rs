//! Responses that differ from the API's description.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use k6_cloud::ScriptSource;
use k6_cloud::prelude::*;
use serde_json::{Value, json};

use crate::scripted::{Reply, Scripted};
use crate::waiting::run;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("written to memory");
    encoder.finish().expect("written to memory")
}

fn load_test() -> Value {
    json!({
        "id": 101, "project_id": 5001, "name": "a", "baseline_test_run_id": null, "k6_version": null,
        "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
    })
}

async fn started_run() -> Value {
    let mut run = run(&[("created", 0)]).await;
    run["test_run_details_page_url"] = json!("https://example.grafana.net/a/k6-app/runs/1");
    run
}

#[tokio::test]
async fn any_2xx_status_with_a_body_that_fits_is_a_success() {
    let started = started_run().await;
    for status in [200, 201, 202, 203, 206, 299] {
        let server = Scripted::start([Reply::json(status, &started)]).await;
        let client = server.client();
        client.get_test_run(1).send().await.expect("a run");
        client.start_load_test(101).await.expect("a started run");
        let server = Scripted::start([Reply::json(status, &load_test())]).await;
        let script = ScriptSource::bytes("export default () => {}");
        let created = server.client().create_load_test(5001, "a").script(script).await;
        assert_eq!(created.expect("a load test").id, 101, "{status}");
        // If the description has no body, there may be one that says nothing.
        for body in ["", "null", "{}", "{\"is_starred\": true}"] {
            let server = Scripted::start([Reply::text(status, body)]).await;
            server.client().star_test_run(1).send().await.expect("starred");
            assert_eq!(server.count(), 1, "{status}");
        }
    }
}

#[tokio::test]
async fn run_of_another_server_is_read() {
    let mut run = run(&[("running", 0)]).await;
    for list_or_map in ["status_history", "k6_dependencies", "k6_versions"] {
        run[list_or_map] = Value::Null;
    }
    run["ended"] = json!("");
    run["result"] = json!("");
    let text = run.to_string();
    let text = text.replace("\"estimated_duration\":100", "\"estimated_duration\":1e2");
    let text = text.replace("\"execution_duration\":0", "\"execution_duration\":-0.0");
    assert!(text.contains("1e2") && text.contains("-0.0"), "{text}");
    let server = Scripted::start([Reply::text(200, &text)]).await;
    let run = server.client().get_test_run(1).send().await.expect("a run");
    assert!(run.status_history.is_empty() && run.k6_versions.is_empty());
    assert_eq!((run.ended, run.result), (None, None));
    assert_eq!((run.estimated_duration, run.execution_duration), (Some(100), 0));
}

#[tokio::test]
async fn unreadable_success_of_a_start_says_that_a_run_may_have_begun() {
    let whole = started_run().await.to_string();
    let cut_off = &whole[..whole.len() / 2];
    let length = format!("content-length: {}", whole.len());
    for (what, reply, requests) in [
        ("nothing", Reply::status(202), 1),
        ("204", Reply::status(204), 1),
        ("no JSON", Reply::text(201, "<html>"), 1),
        ("another form", Reply::json(200, &json!({ "id": "x" })), 1),
        ("half of what is announced", Reply::raw(201, &length, cut_off.as_bytes()), 4),
        ("half, until the connection ends", Reply::until_close(200, cut_off), 4),
        ("compressed", Reply::raw(200, "content-encoding: gzip", &gzip(&whole)), 1),
        ("an error", Reply::rejected(200), 1),
        ("too large", Reply::text(200, &" ".repeat(100_000)), 1),
    ] {
        let server = Scripted::start([reply]).await;
        let client = server.builder().max_body_bytes(50_000).build().expect("complete");
        let error = client.start_load_test(101).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{what}: {error}");
        assert!(!error.is_transient(), "{what}");
        let key = error.idempotency_key().expect("the key").to_owned();
        assert!(server.requests().iter().all(|request| request.contains(&key)), "{what}");
        let shown = error.to_string();
        assert!(shown.contains("a run may have begun") && shown.contains(&key), "{what}: {shown}");
        assert_eq!(server.count(), requests, "{what}");
    }
    // The same if a later attempt fails differently.
    for last in [
        Reply::status(404),
        Reply::rejected(404),
        Reply::status(429),
        Reply::status(500),
        Reply::Close,
    ] {
        let server = Scripted::start([Reply::until_close(200, cut_off), last]).await;
        let error = server.client().start_load_test(101).await.expect_err("it fails");
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        assert!(error.to_string().contains("a run may have begun"), "{error}");
    }
}

#[tokio::test]
async fn unreadable_success_of_a_change_says_that_its_outcome_is_not_known() {
    for (reply, kind) in [
        (Reply::text(200, "<html>"), ErrorKind::Decode),
        (Reply::status(204), ErrorKind::Decode),
        (Reply::text(200, &" ".repeat(100_000)), ErrorKind::LimitExceeded),
        (Reply::until_close(201, "{\"id\": 1"), ErrorKind::OutcomeUnknown),
    ] {
        let server = Scripted::start([reply]).await;
        let client = server.builder().max_body_bytes(50_000).build().expect("complete");
        let script = ScriptSource::bytes("export default () => {}");
        let error =
            client.create_load_test(5001, "a").script(script).await.expect_err("no load test");
        assert_eq!((error.kind(), server.count()), (kind, 1), "{error}");
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("not known whether"), "{error}");
    }
    let server = Scripted::start([Reply::text(200, "<html>")]).await;
    let error = server.client().get_test_run(1).send().await.expect_err("no run");
    assert!(!error.to_string().contains("not known"), "reading changes nothing: {error}");
}

#[tokio::test]
async fn error_names_the_compression_of_a_response() {
    let run = run(&[("running", 0)]).await.to_string();
    for (head, body, name) in [
        ("content-encoding: gzip", gzip(&run), "gzip"),
        ("content-encoding: GZIP", gzip(&run), "gzip"),
        ("content-encoding: deflate, gzip", gzip(&run), "deflate, gzip"),
        ("content-encoding: br", vec![0x0b, 0x02, 0x80], "br"),
        // From a proxy that compresses without a header that says so.
        ("content-type: application/json", gzip(&run), "gzip"),
    ] {
        let head = format!("{head}\r\ncontent-length: {}", body.len());
        let server = Scripted::start([Reply::raw(200, &head, &body)]).await;
        let error = server.client().get_test_run(1).send().await.expect_err("compressed");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Decode, 1), "{head}");
        let told = format!("the response is compressed ({name})");
        assert!(error.to_string().contains(&told), "{head}: {error}");
        assert_eq!((error.body_excerpt(), error.json_path()), (None, None), "{head}");

        // An error response keeps its status.
        let server = Scripted::start([Reply::raw(404, &head, &body)]).await;
        let error = server.client().get_test_run(1).send().await.expect_err("404");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404), "{head}");
        assert!(error.to_string().contains(&told), "{head}: {error}");
        assert_eq!(error.body_excerpt(), None, "{head}");
    }
    // The header alone does no harm.
    for head in ["content-encoding: gzip", "content-encoding: identity"] {
        let server = Scripted::start([Reply::raw(200, head, run.as_bytes())]).await;
        server.client().get_test_run(1).send().await.expect("it is not compressed");
    }
}

#[tokio::test]
async fn json_that_ends_early_is_retried_if_that_is_safe() {
    let whole = run(&[("running", 0)]).await.to_string();
    for at in [0, 1, whole.len() / 3, whole.len() - 1] {
        let cut_off = Reply::until_close(200, &whole[..at]);
        let server = Scripted::start([cut_off.clone(), Reply::until_close(200, &whole)]).await;
        server.client().get_test_run(1).send().await.expect("the second attempt");
        assert_eq!(server.count(), 2, "{at}");
        let server = Scripted::start([cut_off]).await;
        let error = server.client().get_test_run(1).send().await.expect_err("always cut off");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Transport, 4), "{at}: {error}");
        assert!(error.is_transient(), "{at}");
    }
    let server = Scripted::start([Reply::until_close(201, "{\"id\": 1")]).await;
    let created = server.client().create_load_test(5001, "a").await;
    assert_eq!(created.expect_err("cut off").kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(server.count(), 1);

    // Bodies that end with the connection but are complete.
    let server = Scripted::start([Reply::until_close(200, "<html>")]).await;
    let error = server.client().get_test_run(1).send().await.expect_err("no JSON");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Decode, 1));
    let server = Scripted::start([Reply::until_close(200, "{\"id\": \"x\"}")]).await;
    let error = server.client().get_test_run(1).send().await.expect_err("no run");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Decode, 1));
    let server = Scripted::start([Reply::until_close(200, "")]).await;
    server.client().star_test_run(1).send().await.expect("there is nothing to read");
    assert_eq!(server.count(), 1);
    let script = "export default () => {";
    let server =
        Scripted::start([Reply::raw(200, "content-type: text/javascript", script.as_bytes())]);
    let server = server.await;
    server.client().get_test_run_script(1).await.expect("a script is not JSON");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn words_of_the_client_are_not_redacted() {
    let message = |token: &'static str, body: Value| {
        let reply = Reply::json(200, &body);
        async move {
            let server = Scripted::start([reply]).await;
            let client = server.builder().token(token).build().expect("complete");
            let error = client.get_test_run(1).send().await.expect_err("no run");
            let path = error.json_path().expect("a path").to_owned();
            (error.to_string(), path)
        }
    };
    let plain = message("canary-token", json!({ "id": true })).await;
    assert!(plain.0.contains("expected"), "{plain:?}");
    // Tokens that are too short, and tokens that are words of the client's own message.
    for token in ["t", "e", "boolean", "response", "expected", "description"] {
        assert_eq!(message(token, json!({ "id": true })).await, plain, "{token}");
    }
    // Messages that quote a token from the response.
    let quoted = message("canary-token", json!({ "id": "a canary-token" })).await;
    assert!(quoted.0.contains("\"a [redacted]\""), "{quoted:?}");
    let sent = message("expected", json!({ "id": true, "x": "expected" })).await;
    assert!(!sent.0.contains("expected"), "{sent:?}");
}

#[tokio::test]
async fn grafana_token_is_named_in_the_hint_of_a_401() {
    for (token, prefix) in [("glsa_canary_1234", "glsa_"), ("glc_canary_1234", "glc_")] {
        let server = Scripted::start([Reply::status(401)]).await;
        let client = server.builder().token(token).build().expect("complete");
        let error = client.get_test_run(1).send().await.expect_err("401");
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains(&format!("begins with {prefix}, ")), "{hint}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn timeout_after_a_success_status_of_a_start_says_that_a_run_may_have_begun() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let mut streams = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let _ = stream.read(&mut [0; 4096]).await;
            let head = b"HTTP/1.1 201 Created\r\ncontent-length: 1000\r\n\r\n{";
            stream.write_all(head).await.expect("written");
            streams.push(stream);
        }
    });
    let client = crate::scripted::builder(&base).timeout(Duration::from_millis(80));
    let error = client.build().expect("complete").start_load_test(101).await.expect_err("no end");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert!(error.to_string().contains("a run may have begun"), "{error}");
}

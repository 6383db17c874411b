//! From an error response to the crate's error.

use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud::{RetryPolicy, StatusCode};
use k6_cloud_fake::{FakeCloud, RunSeed};
use serde_json::json;

use crate::scripted::{CANARY, Reply, Scripted, nobody};
use crate::{client_of, scripted};

/// Everything that an error shows, with its causes.
pub(crate) fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut next = error.get_ref().map(|cause| cause as &dyn std::error::Error);
    while let Some(source) = next {
        shown.push_str(&format!(" {source} {source:?} {source:#?}"));
        next = source.source();
    }
    shown
}

async fn get(reply: Reply) -> Error {
    let server = Scripted::start([reply]).await;
    let client = server.builder().retries(RetryPolicy::off()).build().expect("complete");
    let error = client.get_test_run(42).send().await.expect_err("no success");
    assert_eq!(error.operation(), Some("get_test_run"));
    assert_eq!(error.attempts(), 1);
    assert!(!shown(&error).contains(CANARY), "{}", shown(&error));
    assert!(!error.to_string().contains('\n'), "{error}");
    assert!(error.to_string().starts_with("get_test_run: "), "{error}");
    error
}

#[test]
fn error_is_one_pointer_and_can_be_sent_between_threads() {
    fn everywhere<T: std::error::Error + Send + Sync + 'static>() {}
    everywhere::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[tokio::test]
async fn every_status_has_its_kind() {
    use ErrorKind::{
        Conflict, Decode, Forbidden, InvalidRequest, NotAcceptable, NotFound, RateLimited, Server,
        Timeout, Unauthenticated, UnexpectedStatus,
    };
    for (status, kind) in [
        (400, InvalidRequest),
        (401, Unauthenticated),
        (403, Forbidden),
        (404, NotFound),
        (405, UnexpectedStatus),
        (406, NotAcceptable),
        (408, Timeout),
        (409, Conflict),
        (410, NotFound),
        (413, InvalidRequest),
        (415, InvalidRequest),
        (418, UnexpectedStatus),
        (422, InvalidRequest),
        (429, RateLimited),
        (500, Server),
        (501, Server),
        (502, Server),
        (504, Server),
        (302, UnexpectedStatus),
        // A success without the documented body.
        (204, Decode),
    ] {
        let reply = match status {
            204 | 302 => Reply::status(status),
            _ => Reply::rejected(status),
        };
        let error = get(reply).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.is_transient(), matches!(status, 408 | 429 | 500..), "{status}");
        for (is, kind) in [
            (error.is_invalid_request(), InvalidRequest),
            (error.is_unauthenticated(), Unauthenticated),
            (error.is_forbidden(), Forbidden),
            (error.is_not_found(), NotFound),
            (error.is_conflict(), Conflict),
            (error.is_rate_limited(), RateLimited),
            (error.is_timeout(), Timeout),
        ] {
            assert_eq!(is, error.kind() == kind, "{status} {kind}");
        }
    }
}

#[test]
fn kind_is_displayed_in_plain_words() {
    assert_eq!(ErrorKind::NotFound.to_string(), "not found");
    assert_eq!(format!("[{:>12}]", ErrorKind::Conflict), "[    conflict]");
}

#[tokio::test]
async fn error_keeps_what_the_api_says() {
    let body = json!({ "error": {
        "code": "validation_error", "message": "two properties\nare wrong", "target": "body",
        "details": [
            { "code": "too_long", "message": "longer than 500", "target": "note" },
            { "code": "unknown", "message": "no such property" },
            { "message": 7 },
        ],
    }});
    let reply = Reply::json(400, &body).header("x-request-id", "req-1").header("retry-after", "3");
    let error = get(reply).await;
    assert_eq!(error.code(), Some("validation_error"));
    assert_eq!(error.message(), Some("two properties\nare wrong"));
    assert_eq!(error.target(), Some("body"));
    let details: Vec<_> = error.details().iter().map(|d| (d.code.as_str(), &d.target)).collect();
    assert_eq!(details, [("too_long", &Some("note".to_owned())), ("unknown", &None), ("", &None)]);
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert_eq!(error.body_excerpt(), None);
    assert_eq!(
        error.to_string(),
        "get_test_run: 400 Bad Request (validation_error): two properties are wrong"
    );
}

#[tokio::test]
async fn body_of_a_proxy_is_shown_in_part() {
    let html = format!("<html>\r\n<h1>Bad   Gateway</h1> {}</html>", "x".repeat(200_000));
    let error = get(Reply::text(502, &html)).await;
    let excerpt = error.body_excerpt().expect("an excerpt");
    assert!(excerpt.starts_with("<html> <h1>Bad Gateway</h1> xxx"), "{excerpt}");
    assert!(excerpt.len() <= 512);
    assert!(error.to_string().len() < 300, "{error}");
    assert_eq!((error.code(), error.message()), (None, None));
    for body in ["{\"error\": \"text\"}", "{\"error\": {}}", "[1]", "null"] {
        let error = get(Reply::text(500, body)).await;
        assert_eq!((error.code(), error.body_excerpt()), (None, Some(body)), "{body}");
    }
    assert_eq!(get(Reply::text(500, "")).await.body_excerpt(), None);
}

#[tokio::test]
async fn server_that_sends_the_token_back_does_not_show_it() {
    let text = format!("<p>you sent Bearer {CANARY}</p>");
    let error = get(Reply::text(502, &text).header("x-request-id", CANARY)).await;
    assert_eq!(error.body_excerpt(), Some("<p>you sent Bearer [redacted]</p>"));
    assert_eq!(error.request_id(), Some("[redacted]"));
    let body = json!({ "error": { "code": CANARY, "message": CANARY, "target": CANARY,
        "details": [{ "code": CANARY, "message": CANARY, "target": CANARY }] }});
    assert_eq!(get(Reply::json(401, &body)).await.message(), Some("[redacted]"));
    // In JSON that does not match the description, and in text that is not JSON.
    let error =
        get(Reply::json(200, &json!({ "id": CANARY })).header("x-request-id", CANARY)).await;
    assert_eq!(error.request_id(), Some("[redacted]"));
    get(Reply::json(200, &json!({ CANARY: 1, "k6_versions": { CANARY: 2 } }))).await;
    get(Reply::text(200, &text)).await;
}

#[tokio::test]
async fn type_mismatch_is_located() {
    let fake = FakeCloud::builder().runs(3).start().await.expect("the fake starts");
    let mut page = json!({ "value": [] });
    for id in 0..3 {
        let run = fake.run_json(k6_cloud_fake::FIRST_RUN_ID.get() + id).expect("a run");
        page["value"].as_array_mut().expect("an array").push(run);
    }
    page["value"][1]["status_details"]["entered"] = json!(5);
    let server = Scripted::start([Reply::json(200, &page).header("x-request-id", "r2")]).await;
    let error = server.client().list_test_runs().send().await.expect_err("a number for a time");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("value[1].status_details.entered"));
    assert!(error.to_string().contains("value[1].status_details.entered: "), "{error}");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.request_id(), Some("r2"));
    assert_eq!(error.body_excerpt(), None);
    assert_eq!(server.count(), 1, "it would not fit later either");
}

#[tokio::test]
async fn long_strings_of_the_api_are_cut_off() {
    let long = "\u{e9}".repeat(10_000);
    let details: Vec<_> = (0..1_000).map(|_| json!({ "code": long })).collect();
    let details = &details[..3];
    let body = json!({ "error": { "code": "c", "message": long, "details": details } });
    let error = get(Reply::json(400, &body)).await;
    assert_eq!(error.message().map(str::len), Some(4096));
    assert!(error.to_string().len() < 700);
    let many: Vec<_> = (0..1_000).map(|_| json!({ "code": "d" })).collect();
    let error = get(Reply::json(400, &json!({ "error": { "code": "c", "details": many } }))).await;
    assert_eq!(error.details().len(), 100);
}

#[tokio::test]
async fn cap_of_bodies_does_not_hide_an_error_response() {
    let body = json!({ "error": { "code": "not_found", "message": "n".repeat(300) } });
    let server = Scripted::start([Reply::json(404, &body)]).await;
    let client = server.builder().max_body_bytes(10).build().expect("complete");
    let error = client.get_test_run(1).send().await.expect_err("404");
    assert_eq!(error.code(), Some("not_found"));
}

#[tokio::test]
async fn success_that_is_not_json_shows_its_beginning() {
    let error = get(Reply::text(200, "<html>log in</html>")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body_excerpt(), Some("<html>log in</html>"));
    assert_eq!(error.json_path(), None);
    let error = get(Reply::text(200, "")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("empty"), "{error}");
    let error = get(Reply::text(200, "{\"id\": 1")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("not JSON"), "{error}");
}

#[tokio::test]
async fn hint_says_what_to_check() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let other = fake.client().stack_id(99).build().expect("complete");
    let error = other.get_test_run(1).send().await.expect_err("403");
    assert!(error.hint().is_some_and(|hint| hint.contains("stack 99")), "{error}");
    assert!(error.to_string().contains("check that the token is for stack 99"), "{error}");
    let unknown = fake.client().token("wrong").build().expect("complete");
    let error = unknown.get_test_run(1).send().await.expect_err("401");
    assert!(error.is_unauthenticated() && error.hint().is_some(), "{error}");
    let error = get(Reply::status(301).header("location", "https://elsewhere.example/")).await;
    assert!(error.hint().is_some_and(|hint| hint.contains("base URL")), "{error}");
    assert_eq!(get(Reply::rejected(404)).await.hint(), None);
    let error = get(Reply::text(404, "<html>")).await;
    assert!(error.hint().is_some_and(|hint| hint.contains("not the API's")), "{error}");
    let error = get(Reply::text(200, "<html>")).await;
    assert!(error.hint().is_some_and(|hint| hint.contains("login page")), "{error}");
}

#[tokio::test]
async fn value_that_cannot_be_sent_is_an_invalid_request() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = client_of(&fake);
    let error = client.authenticate("https://a\r\nb").send().await.expect_err("a line break");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
    let error = client.delete_project_label(1, "..").send().await.expect_err("another path");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
    let error = client.start_load_test(1).idempotency_key("a\r\nb").send().await;
    assert!(error.is_err_and(|error| error.is_invalid_request()), "a line break");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn failures_below_http_are_told_apart() {
    let run = scripted::builder(&nobody().await).build().expect("complete");
    let error = run.get_test_run(1).send().await.expect_err("connection refused");
    assert!(error.kind() == ErrorKind::Connect && error.is_transient(), "{error}");
    assert_eq!(error.status(), None);
    assert!(error.get_ref().is_some());

    let error = get(Reply::Close).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    let error = get(Reply::Truncated("{}".repeat(100))).await;
    assert_eq!(error.kind(), ErrorKind::Transport);

    let server = Scripted::start([Reply::Hang]).await;
    let client = server.builder().timeout(Duration::from_millis(80)).retries(RetryPolicy::off());
    let error = client.build().expect("complete").get_test_run(1).send().await;
    assert!(error.expect_err("it hangs").is_timeout());

    let server = Scripted::start([Reply::text(200, &" ".repeat(5_000))]).await;
    let client = server.builder().max_body_bytes(4_999).build().expect("complete");
    let error = client.get_test_run(1).send().await.expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains("4999 bytes"), "{error}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn error_response_that_breaks_off_keeps_its_status() {
    let server = Scripted::start([Reply::Response {
        status: 404,
        headers: vec![("transfer-encoding", "chunked".to_owned())],
        body: "ffff\r\nno end".to_owned(),
    }])
    .await;
    let error = server.client().get_test_run(1).send().await.expect_err("404");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    // What arrived does not show that the API sent it.
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{error}");
}

/// A proxy, a gateway or a web server at a wrong base URL has these statuses too.
#[tokio::test]
async fn status_is_a_conclusion_only_with_an_error_of_the_api() {
    for status in [404, 406, 409, 410] {
        for reply in [
            Reply::status(status),
            Reply::text(status, "<html>not here</html>"),
            Reply::json(status, &json!({ "message": "no Route matched with those values" })),
            Reply::json(status, &json!({ "error": "Not Found" })),
            Reply::json(status, &json!({ "error": { "code": 404, "message": "not found" } })),
            Reply::json(status, &json!({ "error": { "message": "not found" } })),
            Reply::json(status, &json!([])),
        ] {
            let error = get(reply.clone()).await;
            assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{reply:?}");
            assert!(!error.is_not_found() && !error.is_conflict(), "{reply:?}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        }
        let error = get(Reply::rejected(status)).await;
        assert_ne!(error.kind(), ErrorKind::UnexpectedStatus, "{status}");
    }
}

#[tokio::test]
async fn success_status_with_an_error_of_the_api_has_its_code_and_message() {
    let error = json!({ "error": { "code": "conflict", "message": "not now", "target": "run" } });
    let error = get(Reply::json(200, &error)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let told = (error.code(), error.message(), error.target());
    assert_eq!(told, (Some("conflict"), Some("not now"), Some("run")));
    assert_eq!((error.json_path(), error.body_excerpt()), (None, None));
    assert!(error.to_string().contains("200 OK (conflict): not now"), "{error}");
}

#[tokio::test]
async fn send_returns_the_plain_value_and_response_its_headers() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::running());
    let client = client_of(&fake);
    let run: types::TestRun = client.get_test_run(id).send().await.expect("the run");
    assert_eq!(run.id, id);
    let () = client.abort_test_run(id).send().await.expect("aborted");
    let error = client.abort_test_run(id).send().await.expect_err("409");
    assert_eq!((error.is_conflict(), error.code()), (true, Some("conflict")));
    let response = client.get_test_run(id).response().await.expect("the run");
    assert_eq!((response.id, response.status()), (id, StatusCode::OK));
    assert!(response.headers().contains_key("content-type"));
    let run: types::TestRun = client.get_test_run(id).await.expect("the run");
    assert_eq!(run.id, id);
    let error = client.get_test_run(1).response().await.expect_err("404");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn message_says_what_is_wrong_with_a_number() {
    // Too large for any number of the parser, but JSON.
    for (number, reason) in [("1e400", "number out of range"), ("-1e999", "number out of range")] {
        let body = format!(r#"{{"id": {number}, "test_id": 1}}"#);
        let error = get(Reply::text(200, &body)).await;
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("id")), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("not JSON"), "{error}");
    }
    // Two integers are this float: neither is taken.
    for number in ["9007199254740993.0", "9007199254740992.0", "1000000000000000001.0"] {
        let error = get(Reply::text(200, &format!(r#"{{"id": {number}}}"#))).await;
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("id")), "{error}");
    }
    let error = get(Reply::status(304)).await;
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("If-None-Match") && !hint.contains("redirect"), "{error}");
}

/// `main` prints its error with `{:?}`.
#[test]
fn debug_is_the_line_and_its_alternate_form_the_fields() {
    let error = Client::builder().build().expect_err("no token");
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(error.to_string().starts_with("no API token: set K6_CLOUD_TOKEN"), "{error}");
    assert!(format!("{error:#?}").starts_with("Error {\n    kind: Configuration,"), "{error:#?}");
}

/// As `anyhow` prints an error with `{:#}`, and `eyre` with `{:?}`.
fn chain(error: &Error) -> String {
    let sources = std::iter::successors(std::error::Error::source(error), |source| source.source());
    let sources: Vec<_> = sources.map(|source| format!(": {source}")).collect();
    format!("{error}{}", sources.concat())
}

#[tokio::test]
async fn line_has_the_reason_once() {
    let refused = scripted::builder(&nobody().await).build().expect("complete");
    let refused = refused.get_test_run(1).send().await.expect_err("nobody listens");
    let client = Client::builder().token("0f9c36d2e1").stack_id(7).build().expect("complete");
    let missing = client.upload_load_test_script(1, k6_cloud::ScriptSource::path("nope.js"));
    let missing = missing.send().await.expect_err("no file");
    let unset = Client::builder().config_file_at("nope.json").build().expect_err("no file");
    let broken = get(Reply::Close).await;
    let misfit = get(Reply::json(200, &json!({ "id": true }))).await;
    let built = Error::builder(ErrorKind::Write).source(std::io::Error::other("disk full")).build();
    for (error, reason) in [
        (refused, "Connection refused"),
        (missing, "No such file"),
        (unset, "No such file"),
        (broken, "connection closed before message completed"),
        (misfit, "invalid type: boolean"),
        (built, "disk full"),
    ] {
        assert_eq!(error.to_string().matches(reason).count(), 1, "{error}");
        assert_eq!(chain(&error).matches(reason).count(), 1, "{}", chain(&error));
    }
}

#[tokio::test]
async fn text_of_a_server_has_no_hidden_characters() {
    let hidden = "a\u{61c}b\u{2060}c\u{feff}d\u{202e}e\u{3164}f";
    let body = json!({ "error": { "code": hidden, "message": hidden } });
    for reply in [Reply::json(400, &body), Reply::text(502, hidden), Reply::text(200, hidden)] {
        let error = get(reply).await;
        let shown =
            [error.message(), error.body_excerpt()].into_iter().flatten().collect::<String>();
        assert!(shown == hidden || shown == "abcdef", "{shown:?}");
        assert!(error.to_string().contains("abcdef") || error.status().is_some_and(|s| s == 200));
        assert!(!error.to_string().chars().any(|c| hidden.contains(c) && !c.is_ascii()), "{error}");
    }
}

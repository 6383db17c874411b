//! Connections that cannot be made, and where they go.

use std::time::Duration;

use futures_util::FutureExt as _;
use k6_cloud::{Client, ErrorKind};
use k6_cloud_fake::{FakeCloud, RunSeed};

use super::server::{Answer, LogServer, line, response};
use super::{Setup, error, text};

const HTML: &str = "<html><body><h1>Log in</h1></body></html>";

/// Returns the kind and the text of the error of a tail, and how many connections it made.
async fn failure(answer: Answer) -> (ErrorKind, String, usize) {
    let setup = Setup::start(vec![answer]).await;
    let client = setup.client.with_timeout(Duration::from_millis(300));
    let mut tail = client.tail_logs(setup.run).tolerate(Duration::from_secs(10));
    let error = error(&mut tail).await;
    assert!(!format!("{error:?}").contains(setup.fake.token()), "{error}");
    (error.kind(), error.to_string(), setup.server.heads().len())
}

#[tokio::test]
async fn failures_to_connect_are_told_apart() {
    let upgrade =
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
    let other_key = format!("{upgrade}sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    // Each with whether another connection is tried.
    for (name, answer, kind, part, again) in [
        (
            "401",
            response("401 Unauthorized", "text/plain", "no token"),
            ErrorKind::Unauthenticated,
            "401",
            false,
        ),
        ("403", response("403 Forbidden", "text/plain", ""), ErrorKind::Forbidden, "403", false),
        (
            "400",
            response("400 Bad Request", "text/plain", "parse error"),
            ErrorKind::InvalidRequest,
            "parse error",
            false,
        ),
        (
            "404",
            response("404 Not Found", "text/html", HTML),
            ErrorKind::UnexpectedStatus,
            "404",
            true,
        ),
        ("302", response("302 Found", "text/html", HTML), ErrorKind::UnexpectedStatus, "302", true),
        (
            "429",
            response("429 Too Many Requests", "text/plain", ""),
            ErrorKind::RateLimited,
            "429",
            true,
        ),
        (
            "500",
            response("500 Internal Server Error", "text/plain", ""),
            ErrorKind::Server,
            "500",
            true,
        ),
        (
            "503",
            response("503 Service Unavailable", "text/html", HTML),
            ErrorKind::Server,
            "503",
            true,
        ),
        ("200", response("200 OK", "text/html", HTML), ErrorKind::Decode, "logs_url", true),
        (
            "204",
            Answer::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
            ErrorKind::Decode,
            "204",
            true,
        ),
        (
            "other key",
            Answer::Raw(other_key.into_bytes()),
            ErrorKind::UnexpectedStatus,
            "101",
            true,
        ),
        (
            "no key",
            Answer::Raw(format!("{upgrade}\r\n").into_bytes()),
            ErrorKind::UnexpectedStatus,
            "101",
            true,
        ),
        (
            "not HTTP",
            Answer::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()),
            ErrorKind::Transport,
            "broke",
            true,
        ),
        ("nothing", Answer::Raw(Vec::new()), ErrorKind::Transport, "broke", true),
        (
            "silence",
            Answer::Nothing(Duration::from_secs(60)),
            ErrorKind::Timeout,
            "within 300ms",
            true,
        ),
    ] {
        let (found, message, connections) = failure(answer).await;
        assert_eq!(found, kind, "{name}: {message}");
        assert!(message.contains(part) && !message.contains('\n'), "{name}: {message}");
        assert_eq!(connections > 1, again, "{name}: {connections} connections");
    }
}

#[tokio::test]
async fn server_that_does_not_listen_is_an_error_after_a_while() {
    let setup = Setup::start(vec![Answer::Frames(vec![])]).await;
    let client = setup.fake.client().logs_url("ws://127.0.0.1:1").build().expect("complete");
    let error = error(&mut client.tail_logs(setup.run)).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    // One second, then two, and so on: two minutes are over after eight pauses.
    let pauses = setup.fake.clock().slept();
    assert!(pauses.contains(&Duration::from_secs(30)), "{pauses:?}");
}

#[tokio::test]
async fn logs_that_come_late_are_read() {
    let bad = response("404 Not Found", "text/plain", "");
    let good = Answer::Frames(vec![line(1, "x")]);
    let setup = Setup::start(vec![bad.clone(), bad, good]).await;
    assert_eq!(text(&mut setup.tail()).await, "x");
}

#[tokio::test]
async fn token_goes_only_to_an_address_that_was_set() {
    let fake = FakeCloud::start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let client = crate::client_of(&fake);
    assert_eq!(client.settings().logs_url(), None);
    let error = error(&mut client.tail_logs(run)).await;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let setting = error.setting().expect("a setting");
    assert_eq!((setting.name, setting.is_missing), ("logs_url", true));
    assert!(error.to_string().contains("K6_CLOUD_LOGS_TAIL_URL"), "{error}");
}

#[tokio::test]
async fn proxy_of_the_client_is_used() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x")])]).await;
    let proxy = LogServer::start(vec![Answer::Frames(vec![line(1, "through the proxy")])]).await;
    // The API does not go through it: only the logs of this client are read.
    let client = setup.fake.client().logs_url("ws://127.0.0.1:1/tail");
    let client = client.proxy(format!("http://{}", proxy.address)).build().expect("complete");
    assert_eq!(text(&mut client.tail_logs(setup.run)).await, "through the proxy");
    assert!(proxy.heads().iter().any(|head| head.starts_with("GET http://127.0.0.1:1/tail?")));
}

#[test]
fn address_comes_from_code_or_the_environment_and_is_checked() {
    let builder = || Client::builder().token("0f9c36d2e1").stack_id(7);
    let url = |builder: k6_cloud::ClientBuilder| {
        let client = builder.build().expect("complete");
        client.settings().logs_url().map(str::to_owned)
    };
    let default = Some("wss://cloudlogs.k6.io/api/v1/tail".to_owned());
    assert_eq!(url(builder()), default);
    assert_eq!(url(builder().base_url("https://api.staging.k6.io")), default);
    assert_eq!(url(builder().base_url("https://k6.example.com")), None);
    assert_eq!(url(builder().base_url("https://evil-k6.io")), None);
    let variable = |name: &str| {
        (name == k6_cloud::LOGS_URL_VARIABLE).then(|| "wss://logs.example.com/tail".to_owned())
    };
    let set = Some("wss://logs.example.com/tail".to_owned());
    assert_eq!(url(builder().lookup(variable)), set);
    assert_eq!(
        url(builder().logs_url("ws://[::1]:9/").lookup(variable)),
        Some("ws://[::1]:9/".to_owned())
    );
    for (address, part) in [
        ("ws://logs.example.com", "logs_url is ws, which would send the token unencrypted"),
        ("https://logs.example.com", "logs_url is neither wss nor ws"),
        ("canary", "logs_url is not an address"),
        ("wss://u:canary@logs.example.com", "logs_url has a user name"),
        ("wss://logs.example.com/?canary", "logs_url has a query"),
    ] {
        let error = builder().logs_url(address).build().expect_err(address);
        assert_eq!(error.setting().map(|setting| setting.name), Some("logs_url"));
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(part) && !shown.contains("canary"), "{shown}");
    }
}

#[test]
fn tail_without_a_runtime_is_an_error() {
    let fake = FakeCloud::start_on_thread().expect("starts");
    let client = fake.client().build().expect("complete");
    let mut tail = client.tail_logs(1);
    let error = tail.try_next().now_or_never().expect("at once").expect_err("no runtime");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("Tokio runtime"), "{error}");
    assert!(tail.try_next().now_or_never().expect("at once").expect("no error").is_none());
}

//! The logs of the fake.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::TryStreamExt as _;
use k6_cloud::logs::{DropReason, LogEvent, LogLevel};
use k6_cloud::{ErrorKind, Method};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, Fault, RunSeed};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{dropped, error, next, text};

#[tokio::test]
async fn lines_come_when_the_run_is_there() {
    let fake = FakeCloud::start().await.expect("starts");
    let seed = RunSeed::timed()
        .running_for(Duration::from_secs(60))
        .log(Duration::from_secs(20), "info", "start")
        .log(Duration::from_secs(70), "warning", "slow\nvery slow")
        .log(Duration::from_secs(7_200), "error", "too late");
    let run = fake.add_run(seed);
    let client = fake.client().build().expect("complete");
    let tail = client.test_run(run).tail_logs().linger(Duration::from_millis(200));
    let events: Vec<_> = tail.try_collect().await.expect("no error");
    let lines: Vec<_> = events
        .iter()
        .map(|event| match event {
            LogEvent::Line(line) => (line.level, line.text.as_str(), line.load_zone()),
            other => panic!("{other:?}"),
        })
        .collect();
    let zone = Some("amazon:de:frankfurt");
    assert_eq!(
        lines,
        [(Some(LogLevel::Info), "start", zone), (Some(LogLevel::Warning), "slow\nvery slow", zone),]
    );
}

#[tokio::test]
async fn run_with_an_error_has_the_exception_of_its_script() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.next_start(RunSeed::errored());
    let client = fake.client().build().expect("complete");
    let run = client.start_load_test(FIRST_LOAD_TEST_ID).await.expect("starts");
    run.wait().await.expect("ends");
    let created = run.run().expect("the run").created;
    let mut tail = run.tail_logs().since(created).linger(Duration::from_millis(200));
    let Some(LogEvent::Line(line)) = next(&mut tail).await.expect("no error") else {
        panic!("a line")
    };
    assert_eq!(line.level, Some(LogLevel::Error));
    assert!(line.text.contains("TypeError") && line.text.contains("script.js:12:14"));
    assert!(next(&mut tail).await.expect("no error").is_none());
}

#[tokio::test]
async fn lines_can_be_added_while_a_client_reads() {
    let fake = FakeCloud::start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let client = fake.client().build().expect("complete");
    let mut tail = client.tail_logs(run);
    for n in 0..3 {
        assert!(fake.log(run, "info", &n.to_string()));
        assert_eq!(text(&mut tail).await, n.to_string());
    }
    assert!(!fake.log(7, "info", "x"));
}

#[tokio::test]
async fn faults_of_the_logs() {
    let fake = FakeCloud::start().await.expect("starts");
    let seed = || {
        let now = fake.clock().time();
        (0..4).fold(RunSeed::running().created(now), |seed, n| {
            seed.log(Duration::from_nanos(n), "info", &n.to_string())
        })
    };
    let client = fake.client().build().expect("complete");
    let mut fault = fake.inject(Fault::logs_break_after(2).first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    assert_eq!((text(&mut tail).await, text(&mut tail).await), ("0".into(), "1".into()));
    dropped(&mut tail, DropReason::Disconnected).await;
    assert_eq!((text(&mut tail).await, text(&mut tail).await), ("2".into(), "3".into()));
    assert_eq!(fault.fired(), 1);

    // A break is seen although no line follows.
    fake.inject(Fault::logs_break_after(4).first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    for _ in 0..4 {
        text(&mut tail).await;
    }
    dropped(&mut tail, DropReason::Disconnected).await;

    fault = fake.inject(Fault::logs_dropped(3).first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    assert_eq!(text(&mut tail).await, "0");
    assert_eq!(dropped(&mut tail, DropReason::Server).await.lines, Some(3));
    assert_eq!(text(&mut tail).await, "1");
    assert_eq!(fault.fired(), 1);

    fake.inject(Fault::logs_repeated().first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    assert_eq!((text(&mut tail).await, text(&mut tail).await), ("0".into(), "0".into()));

    fake.inject(Fault::logs_slow(Duration::from_millis(30)).first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    let since = std::time::Instant::now();
    for _ in 0..4 {
        text(&mut tail).await;
    }
    assert!(since.elapsed() >= Duration::from_millis(100));

    fake.inject(Fault::status(403).on("tail_logs").first(1));
    let mut tail = client.tail_logs(fake.add_run(seed()));
    assert_eq!(error(&mut tail).await.kind(), ErrorKind::Forbidden);
    let requests = fake.requests();
    assert!(
        requests
            .iter()
            .any(|r| r.operation.as_deref() == Some("tail_logs") && r.status == Some(403))
    );
}

#[tokio::test]
async fn fake_checks_what_it_is_asked() {
    let fake = FakeCloud::start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let client = fake.client().token("another-token").build().expect("complete");
    let mut tail = client.tail_logs(run);
    assert_eq!(error(&mut tail).await.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn logs_are_controlled_over_http() {
    let fake = FakeCloud::builder().control_path(true).start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let client = fake.client().build().expect("complete");
    let post = async |path: &str, body: Value| {
        client.request(Method::POST, path).json(&body).send::<()>().await
    };
    let line = json!({ "run": run, "level": "error", "text": "x" });
    let mut tail = client.tail_logs(run);
    post("/_fake/logs", line).await.expect("added");
    assert_eq!(text(&mut tail).await, "x");
    post("/_fake/logs", json!({ "run": run, "text": "y" })).await.expect("added");
    match next(&mut tail).await.expect("no error") {
        Some(LogEvent::Line(line)) => assert_eq!(line.level, Some(LogLevel::Info)),
        other => panic!("{other:?}"),
    }
    let unknown = post("/_fake/logs", json!({ "run": 7, "text": "y" })).await;
    assert!(unknown.expect_err("no such run").is_not_found());
    for (fault, reason) in [
        (json!({ "kind": "logs_break", "lines": 1, "first": 1 }), DropReason::Disconnected),
        (json!({ "kind": "logs_dropped", "lines": 4, "first": 1 }), DropReason::Server),
    ] {
        post("/_fake/faults", fault).await.expect("injected");
        let mut tail = client.tail_logs(run).since(fake.clock().time() - TimeDelta::hours(1));
        assert_eq!(text(&mut tail).await, "x");
        dropped(&mut tail, reason).await;
        assert_eq!(text(&mut tail).await, "y");
    }
    let overview: Value = client.request(Method::GET, "/_fake").await.expect("the overview");
    assert_eq!(overview["logs_url"], fake.logs_url());
}

#[tokio::test]
async fn token_in_a_protocol_is_not_shown() {
    let fake = FakeCloud::builder().control_path(true).start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    // As the k6 tool writes it: with quotes that are not encoded, and with the token twice.
    let address = fake.logs_url().replace("ws://", "").replace("/api/v1/tail", "");
    let mut stream = tokio::net::TcpStream::connect(&address).await.expect("connects");
    let token = fake.token();
    let head = format!(
        "GET /api/v1/tail?query={{test_run_id=\"{run}\"}}&start=0 HTTP/1.1\r\nHost: {address}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: token={token}\r\n\
         Authorization: token {token}\r\nX-K6testrun-Id: {run}\r\n\r\n"
    );
    // In two pieces, as a network may deliver it.
    let (start, rest) = head.split_at(7);
    for piece in [start, rest] {
        stream.write_all(piece.as_bytes()).await.expect("sends");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut response = [0; 12];
    stream.read_exact(&mut response).await.expect("a response");
    assert_eq!(&response, b"HTTP/1.1 101");
    let client = fake.client().build().expect("complete");
    let shown: Value = client.request(Method::GET, "/_fake/requests").await.expect("requests");
    assert_eq!(shown["value"][0]["query"], format!("query={{test_run_id=\"{run}\"}}&start=0"));
    assert!(!shown.to_string().contains(token), "{shown}");
}

//! What a tail sends and yields.

use k6_cloud::logs::{DropReason, LogEvent, LogLevel};
use k6_cloud::wire::Timestamp;
use k6_cloud::{ErrorKind, TestRunId};
use k6_cloud_fake::NOW;
use tokio_tungstenite::tungstenite::Message;

use super::server::{Answer, Frame, header, line};
use super::{Setup, dropped, error, next, text};

#[tokio::test]
async fn request_is_that_of_the_tool() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "hello")])]).await;
    let mut tail = setup.tail();
    assert_eq!(text(&mut tail).await, "hello");
    let heads = setup.server.heads();
    let [head] = &heads[..] else { panic!("{heads:?}") };
    let start = NOW.timestamp_nanos_opt().expect("in range");
    let run = setup.run;
    let line =
        format!("GET /api/v1/tail?query=%7Btest_run_id%3D%22{run}%22%7D&start={start} HTTP/1.1");
    assert_eq!(head.lines().next(), Some(line.as_str()));
    let authorization = format!("token {}", setup.fake.token());
    for (name, value) in [
        ("authorization", authorization.as_str()),
        ("x-k6testrun-id", &run.to_string()),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
    ] {
        assert_eq!(header(head, name), Some(value), "{name}");
    }
    assert!(header(head, "user-agent").is_some_and(|agent| agent.starts_with("k6-cloud-rs/")));
    assert_eq!(header(head, "x-stack-id"), None);
}

#[tokio::test]
async fn since_is_the_time_of_the_first_line() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x")])]).await;
    let since: Timestamp = "2026-06-30T10:00:00.000000001Z".parse().expect("a time");
    let mut tail = setup.tail().since(since);
    text(&mut tail).await;
    assert!(setup.server.heads()[0].contains("start=1782813600000000001 "));
}

#[tokio::test]
async fn default_headers_are_not_sent_to_another_host() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x")])]).await;
    let client = setup.fake.client().logs_url(setup.server.url());
    let client = client.default_header("x-gateway", "canary").build().expect("complete");
    text(&mut client.tail_logs(setup.run)).await;
    assert!(!setup.server.heads()[0].contains("canary"));
}

#[tokio::test]
async fn levels_and_filter_choose_lines() {
    let frames = [
        ("debug", "a"),
        ("info", "b GET"),
        ("warn", "c GET"),
        ("error", "d"),
        ("error", "e GET"),
        ("odd", "f GET"),
    ];
    let frames = frames.into_iter().zip(1..);
    let frames = frames.map(|((level, text), at)| Frame::Line(at, level, text.to_owned()));
    let setup = Setup::start(vec![Answer::Frames(frames.collect())]).await;
    let mut tail = setup.tail().levels(LogLevel::Warning..).filter("GET");
    for expected in ["c GET", "e GET", "f GET"] {
        assert_eq!(text(&mut tail).await, expected);
    }
    let mut tail = setup.tail().levels(LogLevel::Debug..=LogLevel::Info);
    for expected in ["a", "b GET", "f GET"] {
        assert_eq!(text(&mut tail).await, expected);
    }
}

#[tokio::test]
async fn tail_ends_after_its_run() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x")])]).await;
    let mut tail = setup.tail();
    assert_eq!(text(&mut tail).await, "x");
    setup.end();
    assert!(next(&mut tail).await.expect("no error").is_none());
    assert!(next(&mut tail).await.expect("no error").is_none());
    for _ in 0..100 {
        if let Some(Message::Close(Some(frame))) = setup.server.frames().last() {
            assert_eq!(u16::from(frame.code), 1001);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the connection was not closed: {:?}", setup.server.frames());
}

#[tokio::test]
async fn run_that_does_not_exist_is_an_error() {
    let setup = Setup::start(vec![Answer::Frames(vec![])]).await;
    let mut tail = setup.client.tail_logs(TestRunId::new(7));
    assert_eq!(error(&mut tail).await.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn dropping_the_tail_ends_the_connection_and_the_polls() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x"), line(2, "y")])]).await;
    let mut tail = setup.tail();
    text(&mut tail).await;
    drop(tail);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let polls = setup.fake.request_count();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(setup.fake.request_count(), polls);
}

#[tokio::test]
async fn dropped_next_loses_no_line() {
    let frames = (0..200).map(|n| line(n, &n.to_string())).collect();
    let setup = Setup::start(vec![Answer::Frames(frames)]).await;
    let mut tail = setup.tail();
    let mut texts = Vec::new();
    while texts.len() < 200 {
        let soon = tokio::time::timeout(std::time::Duration::from_micros(50), tail.try_next());
        if let Ok(event) = soon.await
            && let Some(LogEvent::Line(line)) = event.expect("no error")
        {
            texts.push(line.text);
        }
    }
    assert!(texts.iter().zip(0..).all(|(text, n)| *text == n.to_string()), "{texts:?}");
}

#[tokio::test]
async fn server_that_leaves_lines_out_is_told() {
    let entries = r#"{"streams": [], "dropped_entries": [{"timestamp": "5"}, {"timestamp": "3"}]}"#;
    let frames = vec![line(1, "x"), Frame::Text(entries.to_owned()), line(6, "y")];
    let setup = Setup::start(vec![Answer::Frames(frames)]).await;
    let mut tail = setup.tail();
    assert_eq!(text(&mut tail).await, "x");
    assert_eq!(dropped(&mut tail, DropReason::Server).await.lines, Some(2));
    assert_eq!(text(&mut tail).await, "y");
}

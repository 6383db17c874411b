//! The memory of a tail.

use std::time::Duration;

use k6_cloud::logs::{DropReason, LogEvent};

use super::server::{Answer, Frame, line};
use super::{Setup, dropped, next, text};

#[tokio::test]
async fn lines_that_are_not_taken_are_counted() {
    const LINES: usize = 2_000;
    let frames = (0..LINES).map(|n| line(n as i64, &format!("{n} {}", "x".repeat(1_000))));
    let setup = Setup::start(vec![Answer::Frames(frames.collect())]).await;
    let mut tail = setup.tail().max_buffered_bytes(100_000);
    assert!(text(&mut tail).await.starts_with("0 "));
    // Everything has arrived when the server gets no more to do.
    tokio::time::sleep(Duration::from_millis(500)).await;
    setup.end();
    let (mut lines, mut missing) = (1, 0);
    while let Some(event) = next(&mut tail).await.expect("no error") {
        match event {
            LogEvent::Line(_) => lines += 1,
            LogEvent::Dropped(dropped) => {
                assert_eq!(dropped.reason, DropReason::Buffer);
                missing += dropped.lines.expect("a number");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(lines < 110, "{lines} lines of 1 KB in 100 KB");
    assert_eq!(lines + missing, LINES as u64);
}

#[tokio::test]
async fn message_that_is_too_large_is_left_out() {
    let large = Answer::Frames(vec![line(1, "before"), line(2, &"x".repeat(200_000))]);
    let second = Answer::Frames(vec![line(3, "after")]);
    for large in [
        large,
        // It only says that it is large, and never sends it.
        Answer::Frames(vec![
            line(1, "before"),
            Frame::Raw(vec![0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]),
        ]),
    ] {
        let setup = Setup::start(vec![large, second.clone()]).await;
        let mut tail = setup.tail().max_buffered_bytes(100_000);
        assert_eq!(text(&mut tail).await, "before");
        let missing = dropped(&mut tail, DropReason::TooLarge).await;
        assert_eq!(missing.lines, None);
        dropped(&mut tail, DropReason::Disconnected).await;
        assert_eq!(text(&mut tail).await, "after");
        // From the newest line on, the same message would come again.
        let now = setup.fake.clock().time().timestamp();
        let start =
            setup.server.heads()[1].split_once("start=").expect("a start").1[..10].to_owned();
        assert!(now - start.parse::<i64>().expect("a number") < 3_600, "{start} {now}");
    }
}

//! Connections that break.

use std::time::Duration;

use k6_cloud::ErrorKind;
use k6_cloud::logs::{DropReason, LogEvent};
use tokio_tungstenite::tungstenite::Message;

use super::server::{Answer, Frame, header, line};
use super::{Setup, dropped, error, next, text};

const SECOND: i64 = 1_000_000_000;

#[tokio::test]
async fn connection_is_made_again_from_the_newest_line() {
    let first =
        vec![line(8 * SECOND, "a"), line(10 * SECOND, "b"), line(10 * SECOND, "b"), Frame::Drop];
    // The server sends again what it was asked for, and what is new.
    let second = vec![
        line(8 * SECOND, "a"),
        line(10 * SECOND, "b"),
        line(10 * SECOND, "b"),
        line(10 * SECOND, "c"),
        line(11 * SECOND, "b"),
    ];
    let setup = Setup::start(vec![Answer::Frames(first), Answer::Frames(second)]).await;
    let mut tail = setup.tail().since(chrono::DateTime::from_timestamp_nanos(0));
    for expected in ["a", "b", "b"] {
        assert_eq!(text(&mut tail).await, expected);
    }
    let missing = dropped(&mut tail, DropReason::Disconnected).await;
    assert_eq!(missing.lines, None);
    assert_eq!(missing.from.map(|at| at.timestamp()), Some(10));
    for expected in ["c", "b"] {
        assert_eq!(text(&mut tail).await, expected);
    }
    let heads = setup.server.heads();
    assert!(heads[1].contains(&format!("start={} ", 8 * SECOND)), "{}", heads[1]);
    assert_eq!(header(&heads[1], "authorization"), header(&heads[0], "authorization"));
    setup.end();
    assert!(next(&mut tail).await.expect("no error").is_none());
}

/// A frame of text of the protocol, unmasked as servers send them.
fn text_frame(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("a short one");
    [&[0x81, length], bytes].concat()
}

#[tokio::test]
async fn reading_goes_on_after_every_kind_of_break() {
    for (name, frame) in [
        ("end", Frame::Drop),
        ("close", Frame::Close(1000, "done")),
        ("going away", Frame::Close(1001, "")),
        ("policy", Frame::Close(1008, "too many\n\u{1b}[2J connections")),
        ("own code", Frame::Close(4000, "x")),
        ("reserved bits", Frame::Raw(vec![0xf1, 0])),
        ("unknown kind", Frame::Raw(vec![0x83, 0])),
        ("continuation of nothing", Frame::Raw(vec![0x80, 1, b'x'])),
        ("long control frame", Frame::Raw([&[0x89, 126, 0, 200][..], &[0; 200]].concat())),
        ("masked", Frame::Raw(vec![0x81, 0x81, 1, 2, 3, 4, b'x'])),
        ("not UTF-8", Frame::Raw(text_frame(b"\xff\xfe"))),
        ("close with a bad code", Frame::Raw(vec![0x88, 2, 0, 1])),
    ] {
        let first = Answer::Frames(vec![line(1, "before"), frame]);
        let second = Answer::Frames(vec![line(3 * SECOND, "after")]);
        let setup = Setup::start(vec![first, second]).await;
        let mut tail = setup.tail();
        assert_eq!(text(&mut tail).await, "before", "{name}");
        dropped(&mut tail, DropReason::Disconnected).await;
        assert_eq!(text(&mut tail).await, "after", "{name}");
    }
}

#[tokio::test]
async fn server_that_always_closes_is_an_error_with_its_reason() {
    let reason = "the plan\n\u{1b}[2J has no logs";
    let setup = Setup::start(vec![Answer::Frames(vec![Frame::Close(1008, reason)])]).await;
    let error = error(&mut setup.tail()).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    let message = error.to_string();
    assert!(message.contains("code 1008") && message.contains("the plan"), "{message}");
    assert!(!message.contains(['\n', '\u{1b}']), "{message:?}");
    assert!(setup.server.heads().len() > 3);
}

#[tokio::test]
async fn connection_without_a_sign_of_life_is_broken() {
    let first = Answer::Frames(vec![line(1, "before"), Frame::Sleep]);
    let second = Answer::Frames(vec![line(2, "after")]);
    let setup = Setup::start(vec![first, second]).await;
    let mut tail = setup.tail().keep_alive(Duration::from_millis(50));
    assert_eq!(text(&mut tail).await, "before");
    dropped(&mut tail, DropReason::Disconnected).await;
    assert_eq!(text(&mut tail).await, "after");
}

#[tokio::test]
async fn silent_server_that_answers_pings_is_alive() {
    let setup = Setup::start(vec![Answer::Frames(vec![line(1, "x")])]).await;
    let mut tail = setup.tail().keep_alive(Duration::from_millis(20));
    assert_eq!(text(&mut tail).await, "x");
    let soon = tokio::time::timeout(Duration::from_millis(300), tail.try_next()).await;
    soon.expect_err("nothing happens");
    let pings = setup.server.frames();
    let pings = pings.iter().filter(|frame| matches!(frame, Message::Ping(_)));
    assert!(pings.count() >= 3);
    assert_eq!(setup.server.heads().len(), 1);
}

#[tokio::test]
async fn pings_of_the_server_are_answered() {
    let setup = Setup::start(vec![Answer::Frames(vec![Frame::Ping, line(1, "x")])]).await;
    let mut tail = setup.tail();
    assert_eq!(text(&mut tail).await, "x");
    for _ in 0..100 {
        if setup.server.frames().contains(&Message::Pong("are you there".into())) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no pong: {:?}", setup.server.frames());
}

#[tokio::test]
async fn messages_of_every_form_are_read() {
    let json = r#"{"streams": [{"stream": {}, "values": [["2", "binary"]]}]}"#;
    let fragments = {
        let json = r#"{"streams": [{"stream": {}, "values": [["3", "fragments"]]}]}"#.as_bytes();
        let (start, rest) = json.split_at(20);
        let (middle, end) = rest.split_at(20);
        let frame = |first: u8, bytes: &[u8]| [&[first, bytes.len() as u8], bytes].concat();
        // A ping may come in between.
        [frame(0x01, start), vec![0x89, 0], frame(0x00, middle), frame(0x80, end)].concat()
    };
    let frames = vec![
        line(1, "text"),
        Frame::Binary(json.into()),
        Frame::Raw(fragments),
        Frame::Text("{}".to_owned()),
        Frame::Text("<html>".to_owned()),
        Frame::Binary(vec![0xff; 8]),
        line(4, "after"),
    ];
    let setup = Setup::start(vec![Answer::Frames(frames)]).await;
    let mut tail = setup.tail();
    for expected in ["text", "binary", "fragments"] {
        assert_eq!(text(&mut tail).await, expected);
    }
    // The queue unites what follows each other, if it was not taken in between.
    loop {
        match next(&mut tail).await.expect("no error") {
            Some(LogEvent::Dropped(missing)) => {
                assert_eq!((missing.reason, missing.lines), (DropReason::Unreadable, None));
            }
            Some(LogEvent::Line(line)) => {
                assert_eq!(line.text, "after");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(setup.server.heads().len(), 1);
}

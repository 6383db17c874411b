//! Clients that send too much, or too slowly.

use std::time::Duration;

use k6_cloud_fake::FakeCloud;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::get;

async fn connect(fake: &FakeCloud) -> TcpStream {
    let address = fake.base_url().trim_start_matches("http://").to_owned();
    TcpStream::connect(address).await.expect("connects")
}

/// Returns what comes until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    // A reset ends the connection too.
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8_lossy(&received).into_owned()
}

const UPLOAD: &str = "PUT /cloud/v6/load_tests/101/script HTTP/1.1\r\nhost: localhost\r\n\
                      content-type: application/octet-stream\r\ncontent-length: 52428800\r\n";

#[tokio::test]
async fn wrong_token_is_answered_before_the_body_has_come() {
    let fake = FakeCloud::start().await.expect("starts");
    for token in ["", "authorization: Bearer wrong\r\n"] {
        let mut stream = connect(&fake).await;
        let start = format!("{UPLOAD}{token}\r\n// the first of 50 MiB");
        stream.write_all(start.as_bytes()).await.expect("sent");
        let mut status = [0; 12];
        let read = stream.read_exact(&mut status);
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("in time").expect("read");
        assert_eq!(&status, b"HTTP/1.1 401");
    }
    let bodies: usize = fake.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!((fake.requests().len(), bodies), (2, 0));
}

#[tokio::test]
async fn whole_body_with_a_wrong_token_leaves_the_connection_usable() {
    let fake = FakeCloud::start().await.expect("starts");
    let mut stream = connect(&fake).await;
    let head = UPLOAD.replace("52428800", "3000000");
    for _ in 0..2 {
        stream.write_all(format!("{head}\r\n").as_bytes()).await.expect("sent");
        stream.write_all(&vec![b' '; 3_000_000]).await.expect("sent");
        let mut received = Vec::new();
        while !received.windows(4).any(|window| window.ends_with(b"}}")) {
            let mut piece = [0; 1024];
            let length = stream.read(&mut piece).await.expect("a response");
            assert_ne!(length, 0, "the connection is closed");
            received.extend_from_slice(&piece[..length]);
        }
        assert!(received.starts_with(b"HTTP/1.1 401"));
    }
}

#[tokio::test(start_paused = true)]
async fn head_that_does_not_end_is_cut_off() {
    let fake = FakeCloud::start().await.expect("starts");
    let mut silent = connect(&fake).await;
    assert_eq!(rest(&mut silent).await, "");
    let mut slow = connect(&fake).await;
    let start = tokio::time::Instant::now();
    slow.write_all(b"GET /cloud/v6/load_zones HTTP/1.1\r\nx-a: ").await.expect("sent");
    rest(&mut slow).await;
    assert!(start.elapsed() <= Duration::from_secs(40), "{:?}", start.elapsed());
    assert_eq!(fake.request_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn body_that_does_not_end_is_an_error() {
    let fake = FakeCloud::start().await.expect("starts");
    let mut stream = connect(&fake).await;
    let token = fake.token();
    let start = format!("{UPLOAD}x-stack-id: 4242\r\nauthorization: Bearer {token}\r\n\r\n// a");
    stream.write_all(start.as_bytes()).await.expect("sent");
    let response = rest(&mut stream).await;
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    assert!(response.contains("nothing has come for 30 seconds"), "{response}");
}

#[tokio::test(start_paused = true)]
async fn slow_responses_are_not_cut_off() {
    let latency = Duration::from_secs(300);
    let fake = FakeCloud::builder().latency(latency).start().await.expect("starts");
    let mut stream = connect(&fake).await;
    let head = format!(
        "GET /cloud/v6/load_zones HTTP/1.1\r\nhost: localhost\r\nx-stack-id: 4242\r\n\
         authorization: bearer  {}\r\nconnection: close\r\n\r\n",
        fake.token()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn large_bodies_wait_for_one_another() {
    let fake = FakeCloud::start().await.expect("starts");
    let head =
        format!("{UPLOAD}x-stack-id: 4242\r\nauthorization: Bearer {}\r\n\r\n", fake.token());
    let mut unfinished = Vec::new();
    for _ in 0..6 {
        let mut stream = connect(&fake).await;
        stream.write_all(head.as_bytes()).await.expect("sent");
        // Much less than the sockets hold may pass if the fake does not read.
        let sent = async {
            let mut sent = 0;
            for _ in 0..400 {
                stream.write_all(&[b' '; 100_000]).await.expect("sent");
                sent += 100_000;
            }
            sent
        };
        let sent = tokio::time::timeout(Duration::from_millis(1_500), sent).await;
        unfinished.push((stream, sent.is_ok()));
    }
    let read = unfinished.iter().filter(|(_, is_read)| *is_read).count();
    assert_eq!(read, 4, "large bodies in memory");
    assert_eq!(get(&fake, "load_zones").await.status, 200, "small requests go on");
}

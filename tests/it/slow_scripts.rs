//! Scripts that move slowly: only their silence is limited.

use std::time::{Duration, Instant};

use k6_cloud::{Client, ErrorKind, RetryPolicy, ScriptSource};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::connections::builder;

/// The limit of the client.
const LIMIT: Duration = Duration::from_millis(500);
/// The time that a script takes at least.
const LONG: Duration = Duration::from_millis(1_500);
const LENGTH: usize = 24 << 20;

/// Serves connections. Small buffers of the system keep most of a body with its sender.
async fn serve<F>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> Client
where
    F: Future<Output = ()> + Send + 'static,
{
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(64 * 1024).expect("a size");
    socket.set_send_buffer_size(64 * 1024).expect("a size");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("binds");
    let listener = socket.listen(8).expect("listens");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream));
        }
    });
    let client = builder(&base).timeout(LIMIT).max_body_bytes(64 << 20);
    client.retries(RetryPolicy::off()).build().expect("complete")
}

/// Reads a request with a script, in as much time as the script should take, and responds with 204. With
/// `stalls`, stops halfway.
async fn take(mut stream: TcpStream, stalls: bool) {
    let mut buffer = vec![0; 64 * 1024];
    let (begun, mut length) = (Instant::now(), 0);
    while length < LENGTH {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        length += read;
        if stalls && length > LENGTH / 2 {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        let due = LONG.mul_f64(length as f64 / LENGTH as f64);
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
    }
    let _ = stream.write_all(b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n").await;
}

/// Sends a script part by part. With `stalls`, stops halfway.
async fn give(mut stream: TcpStream, stalls: bool) {
    let _ = stream.read(&mut [0; 4096]).await;
    let head = "HTTP/1.1 200 X\r\ncontent-type: text/javascript\r\ncontent-length: 1500\r\n\r\n";
    let _ = stream.write_all(head.as_bytes()).await;
    for part in 0..15 {
        if stalls && part == 7 {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        tokio::time::sleep(LONG / 15).await;
        let _ = stream.write_all(&[b'x'; 100]).await;
    }
}

fn scripts() -> [ScriptSource; 2] {
    let bytes = vec![b'x'; LENGTH];
    [ScriptSource::bytes(bytes.clone()), ScriptSource::reader(std::io::Cursor::new(bytes))]
}

#[tokio::test]
async fn upload_that_moves_may_take_longer_than_the_timeout() {
    let client = serve(|stream| take(stream, false)).await;
    for script in scripts() {
        let begun = Instant::now();
        client.upload_load_test_script(1, script).send().await.expect("it moves all the time");
        assert!(begun.elapsed() > 2 * LIMIT, "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn download_that_moves_may_take_longer_than_the_timeout() {
    let client = serve(|stream| give(stream, false)).await;
    let begun = Instant::now();
    let script = client.get_load_test_script(1).send().await.expect("it moves all the time");
    assert_eq!(script.as_bytes().len(), 1_500);
    let mut written = Vec::new();
    client.get_load_test_script(1).write_to(&mut written).await.expect("it moves all the time");
    assert_eq!(written.len(), 1_500);
    assert!(begun.elapsed() > 4 * LIMIT, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn script_that_stands_still_ends_and_names_the_setting() {
    let client = serve(|stream| take(stream, true)).await;
    for script in scripts() {
        let error = client.upload_load_test_script(1, script).send().await.expect_err("silence");
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        let told = "nothing was sent or received within 500ms, the limit of ClientBuilder::timeout";
        assert!(error.to_string().contains(told), "{error}");
    }
    let create = client.create_load_test(1, "x").script(scripts().into_iter().next().expect("one"));
    let error = create.send().await.expect_err("silence");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    let client = serve(|stream| give(stream, true)).await;
    let memory = client.get_load_test_script(1).send().await.expect_err("silence");
    let mut written = Vec::new();
    let writer = client.get_load_test_script(1).write_to(&mut written).await.expect_err("silence");
    assert_eq!(written.len(), 700);
    for error in [memory, writer] {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.to_string().contains("ClientBuilder::timeout"), "{error}");
    }
}

#[tokio::test]
async fn message_of_every_timeout_names_the_setting() {
    let client = serve(|stream| async move {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let error = client.get_test_run(1).send().await.expect_err("silence");
    let told = "no complete response within 500ms, the limit of ClientBuilder::timeout";
    assert!(error.to_string().contains(told), "{error}");
    let policy = RetryPolicy::default().deadline(Duration::from_millis(700));
    let client = client.with_retries(policy.base_delay(Duration::ZERO)).expect("in range");
    let error = client.get_test_run(1).send().await.expect_err("silence");
    assert_eq!(error.attempts(), 2, "{error}");
    assert!(error.to_string().contains("the limit of RetryPolicy::deadline"), "{error}");
}

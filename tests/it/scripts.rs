//! Scripts of runs: in memory, and written as they come in.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud::{RetryPolicy, Script, ScriptKind};
use k6_cloud_fake::{FakeCloud, RunSeed};
use tokio::io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::scripted::{Reply, Scripted, builder};

const JS: &str = "text/javascript";
const TAR: &str = "application/x-tar";

/// Fails the test if the download does not end.
async fn ends<F: IntoFuture>(future: F) -> F::Output {
    let boxed = tokio::time::timeout(Duration::from_secs(10), future.into_future());
    boxed.await.expect("an end within ten seconds")
}

async fn fake_with(seed: RunSeed) -> (FakeCloud, Client, k6_cloud::TestRunId) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(seed);
    let client = fake.client().build().expect("complete");
    (fake, client, id)
}

fn raw(content_type: &str, body: impl Into<Vec<u8>>) -> RunSeed {
    RunSeed::passed().script_bytes(content_type, body)
}

/// The beginning of a tar archive, as text.
fn tar() -> String {
    format!("{}ustar{}", "x".repeat(257), "\0".repeat(250))
}

/// A script in chunks, without an announced size.
fn chunked(parts: impl IntoIterator<Item = String>) -> Reply {
    let mut body = String::new();
    for part in parts {
        body.push_str(&format!("{:x}\r\n{part}\r\n", part.len()));
    }
    body.push_str("0\r\n\r\n");
    Reply::text(200, &body).header("transfer-encoding", "chunked").header("content-type", JS)
}

type Reports = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

/// A list of progress reports, and a callback that adds to it.
fn reports() -> (Reports, impl FnMut(u64, Option<u64>) + Send + 'static) {
    let reports = Reports::default();
    let kept = Arc::clone(&reports);
    (kept, move |bytes, total| reports.lock().expect("unpoisoned").push((bytes, total)))
}

#[tokio::test]
async fn both_kinds_can_be_read_and_written() {
    for (kind, extension) in [(ScriptKind::JavaScript, "js"), (ScriptKind::Archive, "tar")] {
        let (fake, client, id) = fake_with(RunSeed::passed().script(kind)).await;
        let script = ends(client.get_test_run_script(id)).await.expect("the script");
        assert_eq!((script.kind(), script.kind().extension()), (kind, extension));
        match &script {
            Script::JavaScript(text) => assert!(text.starts_with("import http"), "{text}"),
            archive => assert_eq!(&archive.as_bytes()[257..262], b"ustar"),
        }
        let mut written = Vec::new();
        let told = ends(client.get_test_run_script(id).write_to(&mut written)).await.expect("it");
        assert_eq!((told.kind, told.bytes), (kind, written.len() as u64));
        assert_eq!(written, script.as_bytes());
        for request in fake.requests() {
            assert_eq!(request.path, format!("/cloud/v6/test_runs/{id}/script"));
            assert_eq!(request.header("accept"), Some("text/javascript, application/x-tar"));
        }
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn magic_bytes_decide_before_the_content_type() {
    for (content_type, body, kind) in [
        (JS, tar(), ScriptKind::Archive),
        ("application/octet-stream", tar(), ScriptKind::Archive),
        ("text/html", tar(), ScriptKind::Archive),
        ("Text/JavaScript; charset=utf-8", "x".repeat(600), ScriptKind::JavaScript),
        ("application/javascript", String::new(), ScriptKind::JavaScript),
        ("text/plain", "export".to_owned(), ScriptKind::JavaScript),
        (TAR, "older than the magic bytes".to_owned(), ScriptKind::Archive),
    ] {
        let (_fake, client, id) = fake_with(raw(content_type, body.clone())).await;
        let script = ends(client.get_test_run_script(id)).await.expect("the script");
        assert_eq!((script.kind(), script.as_bytes()), (kind, body.as_bytes()), "{content_type}");
        let mut written = Vec::new();
        let told = ends(client.get_test_run_script(id).write_to(&mut written)).await.expect("it");
        assert_eq!((told.kind, told.bytes), (kind, body.len() as u64), "{content_type}");
        assert_eq!(written, body.as_bytes());
    }
    // Also if the magic bytes arrive in several chunks.
    let parts =
        || tar().as_bytes().chunks(100).map(|p| String::from_utf8_lossy(p).into()).collect();
    let parts: Vec<String> = parts();
    let server = Scripted::start([chunked(parts)]).await;
    let mut written = Vec::new();
    let told =
        ends(server.client().get_test_run_script(1).write_to(&mut written)).await.expect("it");
    assert_eq!((told.kind, written), (ScriptKind::Archive, tar().into_bytes()));
}

#[tokio::test]
async fn other_content_is_rejected_before_a_byte_is_written() {
    let long = format!("<html>{}</html>", "x".repeat(100_000));
    for (content_type, body) in [
        ("text/html; charset=utf-8", long.as_bytes()),
        ("application/json", b"{\"error\": \"login\"}"),
        ("application/octet-stream", b"\0\x01\x02"),
        (TAR, b""),
    ] {
        let (fake, client, id) = fake_with(raw(content_type, body)).await;
        let error = ends(client.get_test_run_script(id)).await.expect_err("no script");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        let told = content_type.split(';').next().unwrap_or_default();
        assert!(error.to_string().contains(told), "{error}");
        assert_eq!(error.operation(), Some("get_test_run_script"));
        let (seen, report) = reports();
        let mut written = Vec::new();
        let download = client.get_test_run_script(id).on_progress(report);
        let error = ends(download.write_to(&mut written)).await.expect_err("no script");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(written.is_empty() && seen.lock().expect("unpoisoned").is_empty());
        assert_eq!(fake.requests().len(), 2, "it is not asked for again");
    }
}

#[tokio::test]
async fn script_that_is_not_utf8_can_only_be_written() {
    let body = b"// caf\xe9\nexport default () => {}".as_slice();
    let (_fake, client, id) = fake_with(raw(JS, body)).await;
    let error = ends(client.get_test_run_script(id)).await.expect_err("not UTF-8");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("UTF-8"), "{error}");
    assert!(error.get_ref().is_some());
    let mut written = Vec::new();
    ends(client.get_test_run_script(id).write_to(&mut written)).await.expect("as it is");
    assert_eq!(written, body);
}

#[tokio::test]
async fn compressed_script_is_not_a_script() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, b"export default () => {}").expect("to memory");
    let gzip = gzip.finish().expect("to memory");
    for (encoding, content_type, body) in [
        ("gzip", "text/javascript", gzip.as_slice()),
        ("gzip", "application/x-tar", &gzip),
        ("GZIP", "text/plain", &gzip),
        ("br", "text/javascript", b"\x0b\x02\x80export"),
        ("deflate, gzip", "application/octet-stream", &gzip),
    ] {
        let head = format!("content-encoding: {encoding}\r\ncontent-type: {content_type}");
        let server = Scripted::start([Reply::raw(200, &head, body)]).await;
        let client = server.client();
        let told = format!("the response is compressed ({})", encoding.to_ascii_lowercase());
        let mut written = Vec::new();
        for error in [
            ends(client.get_test_run_script(1)).await.map(drop),
            ends(client.get_load_test_script(1)).await.map(drop),
            ends(client.get_test_run_script(1).write_to(&mut written)).await.map(drop),
            ends(client.get_load_test_script(1).write_to(&mut written)).await.map(drop),
        ]
        .map(|result| result.expect_err("compressed"))
        {
            assert_eq!(error.kind(), ErrorKind::Decode, "{head}: {error}");
            assert!(error.to_string().contains(&told), "{head}: {error}");
        }
        assert!(written.is_empty(), "{head}");
    }
    // An archive may be compressed itself.
    let head = "content-encoding: identity\r\ncontent-type: application/x-tar";
    let server = Scripted::start([Reply::raw(200, head, &gzip)]).await;
    let script = ends(server.client().get_test_run_script(1)).await.expect("an archive");
    assert_eq!(script.as_bytes(), gzip);
}

#[tokio::test]
async fn page_with_the_type_of_a_script_is_not_a_script() {
    for content_type in ["text/html", "text/plain", "text/javascript", "application/octet-stream"] {
        for body in ["<!DOCTYPE html><title>Log in</title>", "{\"error\": \"no\"}"] {
            let head = format!("content-type: {content_type}");
            let server = Scripted::start([Reply::raw(200, &head, body.as_bytes())]).await;
            let mut written = Vec::new();
            let client = server.client();
            for error in [
                ends(client.get_test_run_script(1)).await.map(drop),
                ends(client.get_load_test_script(1).write_to(&mut written)).await.map(drop),
            ]
            .map(|result| result.expect_err("no script"))
            {
                assert_eq!(error.kind(), ErrorKind::Decode, "{head}: {error}");
                assert_eq!(error.body_excerpt(), Some(body), "{head}");
                assert!(error.hint().is_some_and(|hint| hint.contains("login page")), "{error}");
            }
            assert!(written.is_empty(), "{head}");
        }
    }
}

#[tokio::test]
async fn error_response_belongs_to_the_call() {
    let (_fake, client, _) = fake_with(RunSeed::passed()).await;
    let mut written = Vec::new();
    let error = ends(client.get_test_run_script(5)).await.expect_err("404");
    assert!(error.is_not_found() && error.code() == Some("not_found"), "{error}");
    let error = ends(client.get_test_run_script(5).write_to(&mut written)).await.expect_err("404");
    assert!(error.is_not_found() && written.is_empty(), "{error}");
    // Transient failures are retried, both in memory and while writing.
    let script = chunked(["export".to_owned()]);
    let server = Scripted::start([Reply::status(503), script.clone()]).await;
    ends(server.client().get_test_run_script(1)).await.expect("the second attempt");
    let server = Scripted::start([Reply::status(503), script]).await;
    let download = server.client();
    ends(download.get_test_run_script(1).write_to(&mut written)).await.expect("the second attempt");
    assert_eq!(written, b"export");
}

#[tokio::test]
async fn size_is_limited_in_both_forms() {
    let size = 10_000;
    let announced = || async {
        let (fake, client, id) = fake_with(raw(JS, "x".repeat(size))).await;
        (client, id, Box::new(fake) as Box<dyn Send>)
    };
    let unannounced = || async {
        let parts = (0..10).map(|_| "x".repeat(size / 10));
        let server = Scripted::start([chunked(parts)]).await;
        (server.client(), 1.into(), Box::new(server) as Box<dyn Send>)
    };
    for is_announced in [true, false] {
        let (client, id, _server) =
            if is_announced { announced().await } else { unannounced().await };
        let limit = size as u64;
        ends(client.get_test_run_script(id).max_bytes(limit)).await.expect("just as much");
        let mut written = Vec::new();
        let download = client.get_test_run_script(id).max_bytes(limit);
        ends(download.write_to(&mut written)).await.expect("just as much");

        let error =
            ends(client.get_test_run_script(id).max_bytes(limit - 1)).await.expect_err("it");
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        assert!(error.to_string().contains("9999 bytes"), "{error}");
        let mut written = Vec::new();
        let download = client.get_test_run_script(id).max_bytes(limit - 1);
        let error = ends(download.write_to(&mut written)).await.expect_err("too large");
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        if is_announced {
            assert!(written.is_empty(), "the size was known");
        } else {
            assert!(written.len() < size, "{} bytes", written.len());
        }
    }
}

#[tokio::test]
async fn own_limit_overrides_the_clients() {
    let (fake, _, id) = fake_with(raw(JS, "x".repeat(5_000))).await;
    let client = fake.client().max_body_bytes(4_999).build().expect("complete");
    let error = ends(client.get_test_run_script(id)).await.expect_err("the client's limit");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    ends(client.get_test_run_script(id).max_bytes(5_000)).await.expect("its own limit");
    let error = ends(client.get_test_run_script(id).write_to(&mut Vec::new())).await;
    assert_eq!(error.expect_err("the client's limit").kind(), ErrorKind::LimitExceeded);
    let download = client.get_test_run_script(id).max_bytes(5_000);
    ends(download.write_to(&mut Vec::new())).await.expect("its own limit");
}

#[tokio::test]
async fn progress_grows_to_the_whole() {
    let size = 3 << 20;
    let (_fake, client, id) = fake_with(raw(JS, "x".repeat(size))).await;
    let parts: Vec<_> = (1..=20).map(|n| "y".repeat(n * 100)).collect();
    let whole = parts.iter().map(String::len).sum::<usize>() as u64;
    let server = Scripted::start([chunked(parts)]).await;
    for (client, id, bytes, total) in
        [(client, id, size as u64, Some(size as u64)), (server.client(), 1.into(), whole, None)]
    {
        let (seen, report) = reports();
        let download = client.get_test_run_script(id).on_progress(report);
        let told = ends(download.write_to(&mut tokio::io::sink())).await.expect("the script");
        let seen = seen.lock().expect("unpoisoned");
        assert!(seen.len() > 1 && seen.is_sorted_by(|a, b| a.0 < b.0), "{seen:?}");
        assert!(seen.iter().all(|(_, of)| *of == total), "{seen:?}");
        assert_eq!(seen.last().map(|(bytes, _)| *bytes), Some(bytes));
        assert_eq!(told.bytes, bytes);
    }
}

/// A server that sends one part of a script, and the rest when the test says so.
async fn in_two_parts(first: usize, rest: usize) -> (String, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (go_on, told) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut head = [0; 4096];
        assert!(stream.read(&mut head).await.expect("a request") > 0);
        let length = first + rest;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: {JS}\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("written");
        stream.write_all(&vec![b'x'; first]).await.expect("written");
        if told.await.is_ok() {
            stream.write_all(&vec![b'y'; rest]).await.expect("written");
        } else {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    });
    (base, go_on)
}

#[tokio::test]
async fn script_is_written_while_it_comes_in() {
    let (base, go_on) = in_two_parts(2 << 20, 3 << 20).await;
    let client = builder(&base).build().expect("complete");
    // Much smaller than the script, so that the download waits for the reader.
    let (mut writer, mut reader) = tokio::io::duplex(1_000);
    let (seen, report) = reports();
    // A task, to show that the future can move between threads.
    let download = tokio::spawn(async move {
        client.get_test_run_script(1).on_progress(report).write_to(&mut writer).await
    });
    let mut first = vec![0; 2 << 20];
    ends(reader.read_exact(&mut first)).await.expect("the first part, before the second is sent");
    assert!(first.iter().all(|byte| *byte == b'x') && !download.is_finished());
    let parts = seen.lock().expect("unpoisoned").len();
    assert!(parts > 10, "{parts} parts of the first two megabytes");
    go_on.send(()).expect("it waits");
    let mut rest = Vec::new();
    ends(reader.read_to_end(&mut rest)).await.expect("the rest");
    assert_eq!((rest.len(), rest.iter().all(|byte| *byte == b'y')), (3 << 20, true));
    let told = ends(download).await.expect("no panic").expect("written");
    assert_eq!(told.bytes, 5 << 20);
}

#[tokio::test]
async fn download_that_stalls_is_cut_off_by_the_timeout() {
    for in_memory in [true, false] {
        let (base, go_on) = in_two_parts(5_000, 5_000).await;
        let client = builder(&base).timeout(Duration::from_millis(200));
        let client = client.retries(RetryPolicy::off()).build().expect("complete");
        let mut written = Vec::new();
        let error = if in_memory {
            ends(client.get_test_run_script(1)).await.expect_err("it stalls")
        } else {
            ends(client.get_test_run_script(1).write_to(&mut written)).await.expect_err("it stalls")
        };
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert_eq!(written.len(), if in_memory { 0 } else { 5_000 });
        drop(go_on);
    }
}

#[tokio::test]
async fn broken_download_is_retried_in_memory_only() {
    let script = "x".repeat(10_000);
    let replies =
        || [Reply::Truncated(script.clone()), Reply::text(200, &script).header("content-type", JS)];
    let server = Scripted::start(replies()).await;
    let whole = ends(server.client().get_test_run_script(1)).await.expect("the second attempt");
    assert_eq!((whole.as_bytes(), server.count()), (script.as_bytes(), 2));

    let server = Scripted::start(replies()).await;
    let client = server.client();
    let mut written = Vec::new();
    let error = ends(client.get_test_run_script(1).write_to(&mut written)).await.expect_err("half");
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Transport, Some("get_test_run_script"))
    );
    assert!(error.get_ref().is_some());
    assert_eq!((written.len(), server.count()), (5_000, 1), "what was written stays");

    // Before the kind is known, nothing is written.
    let server = Scripted::start([Reply::Truncated("x".repeat(200))]).await;
    let client = server.client();
    written.clear();
    let error = ends(client.get_test_run_script(1).write_to(&mut written)).await.expect_err("half");
    assert_eq!((error.kind(), written.len()), (ErrorKind::Transport, 0));
}

/// Takes a few bytes at a time, after a pause. Fails when `room` is used up, or at the flush.
struct Writer {
    taken: Vec<u8>,
    room: usize,
    flushes: bool,
    flushed: bool,
    pause: bool,
}

impl Writer {
    fn new(room: usize, flushes: bool) -> Self {
        Self { taken: Vec::new(), room, flushes, flushed: false, pause: true }
    }
}

impl AsyncWrite for Writer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.pause = !self.pause;
        if !self.pause {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let taken = bytes.len().min(self.room).min(777);
        if taken == 0 {
            return Poll::Ready(Err(io::Error::other("the disk is full")));
        }
        self.room -= taken;
        self.taken.extend_from_slice(&bytes[..taken]);
        self.flushed = false;
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushed = self.flushes;
        Poll::Ready(if self.flushes { Ok(()) } else { Err(io::Error::other("cannot flush")) })
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("nobody shuts it down")))
    }
}

#[tokio::test]
async fn writer_that_is_slow_gets_all_and_is_flushed() {
    let body = "0123456789".repeat(20_000);
    let (_fake, client, id) = fake_with(raw(JS, body.clone())).await;
    let mut writer = Writer::new(usize::MAX, true);
    // With a reference to any writer.
    let any: &mut (dyn AsyncWrite + Unpin + Send) = &mut writer;
    let told = ends(client.get_test_run_script(id).write_to(any)).await.expect("written");
    assert_eq!(told.bytes, body.len() as u64);
    assert!(writer.taken == body.as_bytes() && writer.flushed);
}

#[tokio::test]
async fn writer_that_fails_ends_the_download() {
    let (fake, client, id) = fake_with(raw(JS, "x".repeat(20_000))).await;
    for (mut writer, cause) in [
        (Writer::new(15_000, true), "the disk is full"),
        (Writer::new(20_000, false), "cannot flush"),
    ] {
        let room = writer.room;
        let (seen, report) = reports();
        let download = client.get_test_run_script(id).on_progress(report);
        let error = ends(download.write_to(&mut writer)).await.expect_err("it fails");
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Write, false));
        assert!(error.to_string().contains("writing the script failed"), "{error}");
        let source = error.get_ref();
        assert!(source.is_some_and(|source| source.to_string() == cause), "{error:?}");
        assert_eq!(writer.taken.len(), room);
        let seen = seen.lock().expect("unpoisoned");
        assert!(seen.iter().all(|(bytes, _)| *bytes <= room as u64), "{seen:?}");
    }
    assert_eq!(fake.requests().len(), 2, "it is not asked for again");
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_awaited() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    drop(client.get_test_run_script(id).into_future());
    drop(client.get_test_run_script(id).write_to(&mut Vec::new()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(fake.requests().is_empty());
}

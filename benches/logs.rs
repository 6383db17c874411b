//! Measures the memory of a tail of logs whose reader is slow.
//!
//! `cargo bench --features logs --bench logs` sends 100,000 lines per second for 10 seconds, and prints the
//! peak of the heap beside the limit, and how many lines were taken and dropped.

#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use k6_cloud::logs::{DropReason, LogEvent};
use k6_cloud::{Client, TestRunId};
use peak_alloc::PeakAlloc;
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use support::{STACK_ID, Size, TOKEN, Wanted, runtime};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const ROLE: &str = "logs";
const PER_SECOND: usize = 100_000;
/// Lines of a message.
const BATCH: usize = 1_000;
/// The limit of the tail, in bytes.
const LIMIT: usize = 8 * 1024 * 1024;
const MIB: f32 = 1024.0 * 1024.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, lines] = &arguments[..]
        && role == ROLE
    {
        return runtime().block_on(serve(lines.parse().expect("a number")));
    }
    let Some(wanted) = Wanted::from_args() else { return };
    let seconds = wanted.size.pick(10, 1);
    println!(
        "logs: {PER_SECOND} lines per second for {seconds} s, and a limit of {} MiB",
        LIMIT >> 20
    );
    for (name, pause) in [("fast", None), ("slow", Some(Duration::from_millis(1)))] {
        runtime().block_on(measure(name, PER_SECOND * seconds, pause));
    }
    if wanted.size == Size::Smoke {
        println!("  (a trial)");
    }
}

/// Reads all lines with a pause after each, until the server has sent them.
async fn measure(name: &str, lines: usize, pause: Option<Duration>) {
    let own = std::env::current_exe().expect("the path of this program");
    let mut server = Command::new(own)
        .args([ROLE, &lines.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a second process");
    let mut output = BufReader::new(server.stdout.take().expect("its output is piped"));
    let mut port = String::new();
    output.read_line(&mut port).expect("the server's port");
    let client = Client::builder().base_url("http://127.0.0.1:1").token(TOKEN).stack_id(STACK_ID);
    let client = client.logs_url(format!("ws://127.0.0.1:{}/", port.trim())).build();
    let tail = client.expect("a client").tail_logs(TestRunId::new(1)).poll_run(false);
    let mut tail = tail.max_buffered_bytes(LIMIT);
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let (mut taken, mut dropped, started) = (0, 0, Instant::now());
    while taken + dropped < lines as u64 {
        match tail.try_next().await.expect("no error") {
            Some(LogEvent::Line(_)) => taken += 1,
            Some(LogEvent::Dropped(missing)) if missing.reason == DropReason::Buffer => {
                dropped += missing.lines.expect("a number");
            }
            other => panic!("{other:?}"),
        }
        if let Some(pause) = pause
            && started.elapsed() < Duration::from_secs((lines / PER_SECOND) as u64)
        {
            tokio::time::sleep(pause).await;
        }
    }
    let peak = (HEAP.peak_usage() - before) as f32 / MIB;
    assert_eq!(taken + dropped, lines as u64, "every line is taken or counted");
    println!(
        "  {name:4} reader   {taken:8} taken, {dropped:8} dropped, all counted; peak {peak:.2} MiB, {:.1} s",
        started.elapsed().as_secs_f32()
    );
    server.kill().expect("it runs");
    server.wait().expect("it ends");
}

/// Sends lines at the rate until all are sent, and then waits.
async fn serve(lines: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    println!("{}", listener.local_addr().expect("an address").port());
    let (mut stream, _) = listener.accept().await.expect("a client");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tokio::io::AsyncReadExt::read_u8(&mut stream).await.expect("a head"));
    }
    let head = String::from_utf8(head).expect("a head");
    let key = head.lines().find_map(|line| line.strip_prefix("sec-websocket-key: "));
    let accept = derive_accept_key(key.expect("a key").as_bytes());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-accept: {accept}\r\n\r\n"
    );
    tokio::io::AsyncWriteExt::write_all(&mut stream, response.as_bytes()).await.expect("sends");
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    let mut ticks =
        tokio::time::interval(Duration::from_secs(1) * BATCH as u32 / PER_SECOND as u32);
    let text =
        "a line of a usual length, with a status and the time that a request took: 200, 123 ms";
    for batch in 0..lines / BATCH {
        ticks.tick().await;
        let values = (0..BATCH).map(|n| format!("[\"{}\",\"{text}\"]", batch * BATCH + n));
        let values = values.collect::<Vec<_>>().join(",");
        let message = format!(
            "{{\"streams\":[{{\"stream\":{{\"level\":\"info\"}},\"values\":[{values}]}}]}}"
        );
        socket.send(Message::text(message)).await.expect("sends");
    }
    while socket.next().await.is_some() {}
}

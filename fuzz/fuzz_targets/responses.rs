//! Whatever a server sends, a call returns a value or an error in time. The error is one line without
//! the token.
//!
//! The first byte chooses the call, the second the status; the rest are headers, up to an empty
//! line, and the body.
#![no_main]

use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use k6_cloud::RetryPolicy;
use k6_cloud::prelude::*;
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

const TOKEN: &str = "canary-token";
const STATUSES: [u16; 16] =
    [200, 200, 200, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504];

/// The bytes that the server sends next.
static RESPONSE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// A server and its client. They are made only once, because each new client reads the system's
/// certificates.
static BOTH: LazyLock<(Runtime, Client)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("binds");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    runtime.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 8192];
            let _ = stream.read(&mut buffer).await;
            let response = RESPONSE.lock().expect("unpoisoned").clone();
            let _ = stream.write_all(&response).await;
        }
    });
    let client = Client::builder().base_url(base).token(TOKEN).stack_id(7);
    let client = client
        .retries(RetryPolicy::off())
        .timeout(Duration::from_secs(5))
        .max_body_bytes(1 << 20)
        .build()
        .expect("complete");
    (runtime, client)
});

fn response(status: u16, rest: &[u8]) -> Vec<u8> {
    let (headers, body) = match rest.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&rest[..at], &rest[at + 2..]),
        None => (&b""[..], rest),
    };
    let mut response = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n").into_bytes();
    for line in headers.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        response.extend_from_slice(line);
        response.extend_from_slice(b"\r\n");
    }
    response.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    response.extend_from_slice(body);
    response
}

fn check<T>(result: Result<T, Error>) -> Option<T> {
    let error = match result {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    let mut shown = format!("{error} {error:?}");
    assert!(!error.to_string().contains('\n'), "more than a line: {error}");
    let mut next = std::error::Error::source(&error);
    while let Some(source) = next {
        shown.push_str(&format!("{source} {source:?}"));
        next = source.source();
    }
    assert!(!shown.contains(TOKEN), "the token: {shown}");
    assert!(error.body_excerpt().is_none_or(|excerpt| excerpt.len() <= 512));
    None
}

fuzz_target!(|data: &[u8]| {
    let [call, status, rest @ ..] = data else { return };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    *RESPONSE.lock().expect("unpoisoned") = response(status, rest);
    let (runtime, client) = &*BOTH;
    let call = async {
        match call % 5 {
            0 => {
                if let Some(run) = check(client.get_test_run(1).send().await) {
                    let _ = (run.verdict().to_string(), run.statuses().count());
                }
            }
            1 => {
                let mut list = client.list_test_runs().top(3).stream();
                for _ in 0..20 {
                    match check(list.try_next().await) {
                        Some(Some(_)) => {}
                        _ => break,
                    }
                }
            }
            2 => drop(check(client.get_test_run_script(1).await)),
            3 => drop(check(client.abort_test_run(1).send().await)),
            _ => drop(check(client.get_test_run_distribution(1).send().await)),
        }
    };
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(20), call).await.expect("an end")
    });
});

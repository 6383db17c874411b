//! A server that follows a script, down to the bytes on the wire.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use k6_cloud::{Client, ClientBuilder};
use k6_cloud_fake::FakeClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const CANARY: &str = "canary-token";

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A whole response.
    Response { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// The connection is closed without a response.
    Close,
    /// Bytes as they go over the wire, then the connection is closed.
    Raw(Vec<u8>),
    /// Half of the body that is announced, then the connection is closed.
    Truncated(String),
    /// A status without a body, after a pause.
    Late(Duration, u16),
    /// Nothing, for longer than a test waits.
    Hang,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Response { status, headers: Vec::new(), body: String::new() }
    }

    /// An error response of the API.
    pub(crate) fn rejected(status: u16) -> Self {
        let error = serde_json::json!({ "code": "scripted", "message": "rejected by the script" });
        Self::json(status, &serde_json::json!({ "error": error }))
    }

    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Response { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::Response { status, headers: Vec::new(), body: body.to_owned() }
    }

    /// A response whose body ends with the connection, without a length.
    pub(crate) fn until_close(status: u16, body: &str) -> Self {
        Self::raw(status, "connection: close", body.as_bytes())
    }

    /// A response with these header lines and these bytes as its body.
    pub(crate) fn raw(status: u16, head: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status} X\r\n{head}\r\n\r\n");
        Self::Raw([head.as_bytes(), body].concat())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

pub(crate) struct Scripted {
    pub(crate) base: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts a server that gives the n-th request the n-th reply, and all further ones the last.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<_> = replies.into_iter().collect();
        Self::by(move |number| replies[number.min(replies.len() - 1)].clone()).await
    }

    /// Starts a server whose replies are made from the number of the request, from 0.
    pub(crate) async fn by(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, reply) = (Arc::clone(&requests), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                tokio::spawn(async move { serve(stream, &seen, &*reply).await });
            }
        });
        Self { base, requests }
    }

    /// The requests so far, with heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("unpoisoned").clone()
    }

    /// The number of the requests so far.
    pub(crate) fn count(&self) -> usize {
        self.requests().len()
    }

    /// The request lines so far, without the version.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |head: &String| {
            let line = head.lines().next().unwrap_or_default();
            line.trim_end_matches(" HTTP/1.1").to_owned()
        };
        self.requests().iter().map(line).collect()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.base)
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("complete")
    }
}

/// A client with the longest jitter, whose pauses take no real time.
pub(crate) fn builder(base: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base)
        .token(CANARY)
        .stack_id(7)
        .clock(FakeClock::stopped())
        .jitter(|| 1.0)
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    format!("http://{}", listener.local_addr().expect("an address"))
}

async fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    reply: &(dyn Fn(usize) -> Reply + Send + Sync),
) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(at) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    };
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
    });
    while request.len() < end + length.unwrap_or(0) {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let number = {
        let mut seen = seen.lock().expect("unpoisoned");
        seen.push(String::from_utf8_lossy(&request).into_owned());
        seen.len() - 1
    };
    let response = match reply(number) {
        Reply::Response { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
            if status != 204 {
                head.push_str(&format!("content-length: {}\r\n", body.len()));
            }
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            format!("{head}\r\n{body}").into_bytes()
        }
        Reply::Close => return,
        Reply::Raw(bytes) => bytes,
        Reply::Truncated(body) => format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}",
            body.len(),
            &body[..body.len() / 2]
        )
        .into_bytes(),
        Reply::Late(pause, status) => {
            tokio::time::sleep(pause).await;
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\n\r\n").into_bytes()
        }
        Reply::Hang => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return;
        }
    };
    let _ = stream.write_all(&response).await;
    let _ = stream.shutdown().await;
}

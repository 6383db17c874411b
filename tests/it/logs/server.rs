//! A server of logs that does what a test says, connection by connection.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// What a connection gets.
#[derive(Clone)]
pub(super) enum Answer {
    /// These bytes instead of a WebSocket.
    Raw(Vec<u8>),
    /// Nothing at all, for this long.
    Nothing(Duration),
    /// A WebSocket, and then this.
    Frames(Vec<Frame>),
}

/// What a server sends on a WebSocket. After the last one, it reads until the client goes.
#[derive(Clone)]
pub(super) enum Frame {
    Line(i64, &'static str, String),
    Text(String),
    Binary(Vec<u8>),
    /// Bytes that are not of the protocol.
    Raw(Vec<u8>),
    Ping,
    Close(u16, &'static str),
    /// Ends the connection.
    Drop,
    /// Does not read, and so answers no ping.
    Sleep,
}

/// An error response, or any other.
pub(super) fn response(status: &str, content_type: &str, body: &str) -> Answer {
    Answer::Raw(
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// A line of level info.
pub(super) fn line(nanoseconds: i64, text: &str) -> Frame {
    Frame::Line(nanoseconds, "info", text.to_owned())
}

/// What has happened.
#[derive(Default)]
pub(super) struct Seen {
    /// The heads of the requests.
    pub(super) heads: Vec<String>,
    /// What the clients sent on their WebSockets.
    pub(super) frames: Vec<Message>,
}

pub(super) struct LogServer {
    pub(super) address: String,
    seen: Arc<Mutex<Seen>>,
}

impl LogServer {
    /// Starts a server that gives each connection the next answer, and the last one from then on.
    pub(super) async fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let address = listener.local_addr().expect("an address").to_string();
        let seen = Arc::<Mutex<Seen>>::default();
        let server = Self { address, seen: Arc::clone(&seen) };
        tokio::spawn(async move {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let answer = answers[number.min(answers.len() - 1)].clone();
                tokio::spawn(serve(stream, answer, Arc::clone(&seen)));
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("ws://{}/api/v1/tail", self.address)
    }

    pub(super) fn heads(&self) -> Vec<String> {
        self.seen.lock().expect("unpoisoned").heads.clone()
    }

    pub(super) fn frames(&self) -> Vec<Message> {
        self.seen.lock().expect("unpoisoned").frames.clone()
    }
}

/// Answers one connection.
pub(super) async fn serve<S>(mut stream: S, answer: Answer, seen: Arc<Mutex<Seen>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).expect("a head");
    seen.lock().expect("unpoisoned").heads.push(head.clone());
    let frames = match answer {
        Answer::Raw(bytes) => {
            stream.write_all(&bytes).await.ok();
            stream.shutdown().await.ok();
            return;
        }
        Answer::Nothing(time) => return tokio::time::sleep(time).await,
        Answer::Frames(frames) => frames,
    };
    let key = header(&head, "sec-websocket-key").expect("a key");
    let accept = derive_accept_key(key.as_bytes());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-accept: {accept}\r\n\r\n"
    );
    stream.write_all(response.as_bytes()).await.ok();
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    for frame in frames {
        let sent = match frame {
            Frame::Line(at, level, text) => {
                let stream =
                    json!({ "stream": { "level": level }, "values": [[at.to_string(), text]] });
                socket.send(Message::text(json!({ "streams": [stream] }).to_string())).await
            }
            Frame::Text(text) => socket.send(Message::text(text)).await,
            Frame::Binary(bytes) => socket.send(Message::binary(bytes)).await,
            Frame::Ping => socket.send(Message::Ping("are you there".into())).await,
            Frame::Raw(bytes) => {
                socket.get_mut().write_all(&bytes).await.ok();
                Ok(())
            }
            Frame::Close(code, reason) => {
                let frame =
                    CloseFrame { code: code.into(), reason: Utf8Bytes::from_static(reason) };
                socket.close(Some(frame)).await
            }
            Frame::Drop => return,
            Frame::Sleep => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Ok(())
            }
        };
        if sent.is_err() {
            return;
        }
    }
    while let Some(Ok(message)) = socket.next().await {
        seen.lock().expect("unpoisoned").frames.push(message);
    }
}

/// Returns the value of a header of a head.
pub(super) fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

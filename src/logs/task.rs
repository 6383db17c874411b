//! The task behind a tail: connects, reads, and connects again.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error as SocketError, Message};

use super::connect::{Connector, OPERATION, Socket};
use super::end::End;
use super::message;
use super::queue::Sender;
use super::recent::Recent;
use super::tail::Options;
use super::{DropReason, DroppedLines};
use crate::wire::Timestamp;
use crate::{Client, Error, ErrorKind, TestRunId};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// The time for saying goodbye to the server.
const GOODBYE: Duration = Duration::from_secs(1);
/// The number of characters of a server's reason that an error shows.
const MAX_REASON: usize = 200;

/// Reads the logs into the queue until the run has ended.
pub(super) async fn run(client: Client, id: TestRunId, options: Options, queue: Sender) {
    let connector = match Connector::new(&client, id, options.max_buffered_bytes) {
        Ok(connector) => connector,
        Err(error) => return queue.error(error),
    };
    let mut end = match options.polls_run {
        true => End::of(&client, id, options.linger),
        false => End::never(),
    };
    let mut tail = Tail::new(client, options, queue);
    let result = match select(pin!(end.reached()), pin!(tail.read(&connector))).await {
        Either::Left((Ok(()), _)) => Ok(()),
        Either::Left((Err(error), _)) | Either::Right((error, _)) => Err(error),
    };
    match result {
        Ok(()) => tail.say_goodbye().await,
        Err(error) => tail.queue.error(error.with_operation(OPERATION)),
    }
}

struct Tail {
    client: Client,
    options: Options,
    queue: Sender,
    recent: Recent,
    /// The time from which the next connection asks for lines.
    start: Timestamp,
    socket: Option<Socket>,
    failing: Option<Failing>,
}

/// Connections that failed in a row.
struct Failing {
    /// The time of the client's clock at which the first of them failed.
    since: Duration,
    count: u32,
}

/// Why a connection ended.
enum Break {
    /// A message was too large.
    TooLarge,
    /// Anything else, in words.
    Other(String),
}

impl Tail {
    fn new(client: Client, options: Options, queue: Sender) -> Self {
        let start = options.since.unwrap_or_else(|| client.clock().wall().into());
        let (recent, socket, failing) = (Recent::default(), None, None);
        Self { client, options, queue, recent, start, socket, failing }
    }

    /// Reads until the logs are out of reach for too long.
    async fn read(&mut self, connector: &Connector) -> Error {
        let mut is_first = true;
        loop {
            let failure = match connector.connect(self.start).await {
                Ok(socket) => {
                    self.socket = Some(socket);
                    if !is_first {
                        self.tell_break();
                    }
                    is_first = false;
                    let since = Instant::now();
                    let broken = self.read_socket().await;
                    self.socket = None;
                    self.resume(&broken);
                    if since.elapsed() >= MAX_PAUSE {
                        // A run may have nothing to say, and a proxy may close what is silent.
                        self.failing = None;
                    }
                    match broken {
                        Break::TooLarge => {
                            self.client.clock().sleep(FIRST_PAUSE).await;
                            continue;
                        }
                        Break::Other(reason) => Error::new(ErrorKind::Transport, reason),
                    }
                }
                Err(error) if may_pass(&error) => error,
                Err(error) => return error,
            };
            let now = self.client.clock().now();
            let failing = self.failing.get_or_insert(Failing { since: now, count: 0 });
            let pause = grown_pause(failing.count);
            failing.count = failing.count.saturating_add(1);
            if now.saturating_sub(failing.since) + pause > self.options.tolerance {
                return failure;
            }
            self.client.clock().sleep(pause).await;
        }
    }

    /// Sets from when the next connection asks for lines.
    fn resume(&mut self, broken: &Break) {
        let now = self.client.clock().wall().into();
        self.start = match broken {
            // From the newest line on, the same message would come again.
            Break::TooLarge => {
                self.queue.dropped(
                    DroppedLines::new(DropReason::TooLarge, None)
                        .between(self.recent.newest(), Some(now)),
                );
                self.recent.resume(now);
                now
            }
            Break::Other(_) => self.recent.resume(now).map_or(self.start, |at| at.max(self.start)),
        };
    }

    /// Says that lines may be missing between the newest one and this connection: how many the service
    /// sends again is not known.
    fn tell_break(&self) {
        let now = self.client.clock().wall().into();
        let from = self.recent.newest().or(Some(self.start)).map(|at| at.min(now));
        let dropped = DroppedLines::new(DropReason::Disconnected, None).between(from, Some(now));
        self.queue.dropped(dropped);
    }

    /// Reads a connection until it ends.
    async fn read_socket(&mut self) -> Break {
        let silence = self.options.keep_alive;
        let mut asked = false;
        loop {
            let Some(socket) = &mut self.socket else { return Break::Other(String::new()) };
            let received = match timeout(silence, socket.next()).await {
                Ok(received) => received,
                Err(_) if asked => {
                    return Break::Other(format!("no answer from the server within {silence:?}"));
                }
                Err(_) => {
                    asked = true;
                    // It may fail, and so may reading then.
                    match timeout(silence, socket.send(Message::Ping(Bytes::new()))).await {
                        Ok(_) => continue,
                        Err(_) => return Break::Other("the server takes no data".to_owned()),
                    }
                }
            };
            asked = false;
            match received {
                Some(Ok(Message::Text(text))) => self.take(text.as_bytes()),
                Some(Ok(Message::Binary(bytes))) => self.take(&bytes),
                Some(Ok(Message::Close(frame))) => return Break::Other(closed(frame.as_ref())),
                Some(Ok(_)) => {}
                Some(Err(SocketError::Capacity(CapacityError::MessageTooLong { .. }))) => {
                    return Break::TooLarge;
                }
                Some(Err(error)) => {
                    let reason = visible_text::line(&error.to_string(), MAX_REASON);
                    return Break::Other(format!("the connection broke: {reason}"));
                }
                None => return Break::Other("the server ended the connection".to_owned()),
            }
        }
    }

    /// Takes a message.
    fn take(&mut self, bytes: &[u8]) {
        let message = message::read(bytes);
        if !message.lines.is_empty() {
            self.failing = None;
        }
        for line in message.lines {
            if self.recent.is_new(&line) && self.options.want(&line) {
                self.queue.line(line);
            }
        }
        for dropped in message.dropped {
            self.queue.dropped(dropped);
        }
    }

    /// Closes the connection as the k6 tool does. Nothing depends on it.
    async fn say_goodbye(&mut self) {
        if let Some(mut socket) = self.socket.take() {
            let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
            let _ = timeout(GOODBYE, socket.close(Some(frame))).await;
        }
    }
}

/// Returns whether another connection may succeed. The service may not know a run at once.
fn may_pass(error: &Error) -> bool {
    error.is_transient()
        || matches!(
            error.kind(),
            ErrorKind::Decode | ErrorKind::NotFound | ErrorKind::UnexpectedStatus
        )
}

fn grown_pause(failures: u32) -> Duration {
    (0..failures.min(5)).fold(FIRST_PAUSE, |pause, _| pause * 2).min(MAX_PAUSE)
}

fn closed(frame: Option<&CloseFrame>) -> String {
    let Some(frame) = frame else { return "the server closed the connection".to_owned() };
    let code = u16::from(frame.code);
    match visible_text::line(&frame.reason, MAX_REASON) {
        reason if reason.is_empty() => format!("the server closed the connection (code {code})"),
        reason => format!("the server closed the connection (code {code}): {reason}"),
    }
}

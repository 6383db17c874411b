//! The connections of the fake: where a response is cut off, and whether connections are accepted.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use crate::logs;
use crate::sync::lock;

/// How long the listener pauses after it could not bind or accept.
const PAUSE: Duration = Duration::from_millis(5);

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Where the next response of a connection is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CutOff {
    /// `None` for before the first byte, otherwise after the head and this many bytes of the body.
    pub(crate) after_head: Option<usize>,
    /// Whether the connection is reset instead of closed.
    pub(crate) reset: bool,
}

/// Controls a connection from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionControl(Arc<Mutex<ConnectionState>>);

#[derive(Debug, Default)]
struct ConnectionState {
    cut_off: Option<CutOff>,
    /// How many bytes of the body may still pass, once the head has passed.
    left: Option<usize>,
    is_closed: bool,
    head: Head,
    reader: Option<Waker>,
}

/// How far the next request of a connection has come.
#[derive(Debug, Default, PartialEq, Eq)]
enum Head {
    /// The connection is new, or a part of a head has come.
    #[default]
    Expected,
    /// The head has come, and the request is served.
    Served,
    /// Nothing has come since the last request.
    Idle,
}

/// A request that is served. Until this is dropped, the client may take its time.
pub(crate) struct ServedRequest(ConnectionControl);

impl Drop for ServedRequest {
    fn drop(&mut self) {
        self.0.state().head = Head::Idle;
    }
}

impl ConnectionControl {
    /// Notes that the head of a request has come.
    pub(crate) fn serve(&self) -> ServedRequest {
        self.state().head = Head::Served;
        ServedRequest(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        lock(&self.0)
    }

    /// Cuts off the next response.
    pub(crate) fn cut_off(&self, cut_off: CutOff) {
        self.state().cut_off = Some(cut_off);
    }

    fn close(&self) {
        let reader = {
            let mut state = self.state();
            state.is_closed = true;
            state.reader.take()
        };
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

impl ConnectionState {
    /// Returns how many of these bytes may pass, `None` if the connection breaks here.
    fn admit(&mut self, bytes: &[u8]) -> Option<usize> {
        let Some(cut_off) = self.cut_off else { return Some(bytes.len()) };
        let body = cut_off.after_head?;
        let Some(left) = self.left else {
            // The server writes the head in one piece. The body may follow in the same piece.
            let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
                return Some(bytes.len());
            };
            let end = (at + 4 + body).min(bytes.len());
            self.left = Some(body - (end - at - 4));
            return Some(end);
        };
        let admitted = left.min(bytes.len());
        self.left = Some(left - admitted);
        (admitted > 0).then_some(admitted)
    }
}

/// A connection that obeys its [`ConnectionControl`].
pub(crate) struct Connection {
    stream: TcpStream,
    control: ConnectionControl,
    /// Runs while the head of a request is expected.
    head_timeout: Option<Pin<Box<Sleep>>>,
    line: RequestLine,
}

impl Connection {
    /// Returns whether the head of a request is late.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if self.control.state().head != Head::Expected {
            self.head_timeout = None;
            return false;
        }
        let timeout = self.head_timeout.get_or_insert_with(|| Box::pin(sleep(HEAD_TIMEOUT)));
        timeout.as_mut().poll(context).is_ready()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut state = self.control.state();
            if state.is_closed {
                return Poll::Ready(Ok(()));
            }
            state.reader = Some(context.waker().clone());
        }
        if self.is_late(context) {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            let is_next = {
                let mut state = self.control.state();
                let is_next = state.head == Head::Idle;
                if is_next {
                    state.head = Head::Expected;
                }
                is_next
            };
            if is_next {
                self.line = RequestLine::Begins(0);
            }
            self.line.replace_quotes(buffer.filled_mut().get_mut(before..).unwrap_or_default());
        }
        read
    }
}

/// How far the request line of a request for logs has come. The k6 tool does not encode its double quotes,
/// and hyper would reject them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RequestLine {
    /// So many bytes are those of a request for logs.
    Begins(usize),
    OfLogs,
    /// The line is over, or one of another request.
    Over,
}

impl RequestLine {
    /// Replaces the double quotes in the next bytes.
    fn replace_quotes(&mut self, bytes: &mut [u8]) {
        const START: &[u8] = b"GET /api/v1/tail?";
        for byte in bytes {
            *self = match *self {
                Self::Begins(at) if START.get(at) == Some(byte) && at + 1 == START.len() => {
                    Self::OfLogs
                }
                Self::Begins(at) if START.get(at) == Some(byte) => Self::Begins(at + 1),
                Self::OfLogs if *byte != b'\n' => Self::OfLogs,
                _ => return *self = Self::Over,
            };
            if *self == Self::OfLogs && *byte == b'"' {
                *byte = logs::QUOTE;
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let admitted = self.control.state().admit(bytes);
        match admitted {
            Some(admitted) => Pin::new(&mut self.stream)
                .poll_write(context, bytes.get(..admitted).unwrap_or(bytes)),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.control.state().cut_off.is_some_and(|cut_off| cut_off.reset) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl Connected<IncomingStream<'_, SwitchedListener>> for ConnectionControl {
    fn connect_info(stream: IncomingStream<'_, SwitchedListener>) -> Self {
        stream.io().control.clone()
    }
}

type OpenConnections = Arc<Mutex<Vec<Weak<Mutex<ConnectionState>>>>>;

/// Accepts connections while its [`ListenerSwitch`] is on.
pub(crate) struct SwitchedListener {
    address: SocketAddr,
    listener: Option<TcpListener>,
    wanted: watch::Receiver<bool>,
    is_on: watch::Sender<bool>,
    connections: OpenConnections,
}

/// Switches a [`SwitchedListener`] on and off.
pub(crate) struct ListenerSwitch {
    wanted: watch::Sender<bool>,
    is_on: watch::Receiver<bool>,
    connections: OpenConnections,
}

impl SwitchedListener {
    pub(crate) fn new(listener: TcpListener) -> io::Result<(Self, ListenerSwitch)> {
        let (want, wanted) = watch::channel(true);
        let (set_on, is_on) = watch::channel(true);
        let connections = OpenConnections::default();
        let switch = ListenerSwitch { wanted: want, is_on, connections: Arc::clone(&connections) };
        let address = listener.local_addr()?;
        let listener = Some(listener);
        Ok((Self { address, listener, wanted, is_on: set_on, connections }, switch))
    }

    /// Returns once the switch is on and the listener is bound.
    async fn bound(&mut self) -> TcpListener {
        loop {
            if !*self.wanted.borrow_and_update() {
                self.listener = None;
                self.is_on.send_replace(false);
                if self.wanted.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                continue;
            }
            let listener = match self.listener.take() {
                Some(listener) => Some(listener),
                None => TcpListener::bind(self.address).await.ok(),
            };
            if let Some(listener) = listener {
                self.is_on.send_replace(true);
                return listener;
            }
            // Another process has the port for the moment.
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn connection(&self, stream: TcpStream) -> Connection {
        // Without it, the later segments of a long response wait for acknowledgements.
        let _ = stream.set_nodelay(true);
        let control = ConnectionControl::default();
        let mut connections = lock(&self.connections);
        connections.retain(|connection| connection.strong_count() > 0);
        connections.push(Arc::downgrade(&control.0));
        Connection { stream, control, head_timeout: None, line: RequestLine::Begins(0) }
    }
}

impl ListenerSwitch {
    /// Switches the listener on or off, and returns when that is done. Off also closes all open
    /// connections.
    pub(crate) async fn set(&self, on: bool) {
        self.wanted.send_replace(on);
        if !on {
            for open in lock(&self.connections).drain(..).filter_map(|open| open.upgrade()) {
                ConnectionControl(open).close();
            }
        }
        // This fails only if the server has stopped.
        let _ = self.is_on.clone().wait_for(|is_on| *is_on == on).await;
    }
}

impl Listener for SwitchedListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let listener = self.bound().await;
            let accepted = tokio::select! {
                accepted = listener.accept() => Some(accepted),
                changed = self.wanted.changed() => {
                    if changed.is_err() {
                        std::future::pending::<()>().await;
                    }
                    None
                }
            };
            self.listener = Some(listener);
            match accepted {
                Some(Ok((stream, address))) => return (self.connection(stream), address),
                // Most likely there are no file descriptors left, and others may close some.
                Some(Err(_)) => tokio::time::sleep(PAUSE).await,
                None => {}
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

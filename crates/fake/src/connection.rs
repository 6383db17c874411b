//! The connections of the fake: where an answer is cut off, and whether any are accepted.

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

use super::server::lock;

/// Where the answer that comes next on a connection breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// `None` before the first byte; otherwise after the head and so many bytes of the body.
    pub(super) after_head: Option<usize>,
    /// Whether the connection is reset, and not closed in good order.
    pub(super) reset: bool,
}

/// What is planned for a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    cut: Option<Cut>,
    /// Bytes of the body that are still let through, once the head has passed.
    left: Option<usize>,
    closed: bool,
    reader: Option<Waker>,
}

impl Plan {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }

    /// Cuts the next answer off.
    pub(super) fn cut(&self, cut: Cut) {
        self.state().cut = Some(cut);
    }

    fn close(&self) {
        let reader = {
            let mut state = self.state();
            state.closed = true;
            state.reader.take()
        };
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

impl State {
    /// Returns how many of these bytes are let through; `None` when the connection breaks here.
    fn admit(&mut self, bytes: &[u8]) -> Option<usize> {
        let Some(cut) = self.cut else { return Some(bytes.len()) };
        let body = cut.after_head?;
        let admitted = match self.left {
            Some(left) => left.min(bytes.len()),
            // The server writes the head in one piece, the body may follow in it.
            None => match bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(at) => {
                    let end = (at + 4 + body).min(bytes.len());
                    self.left = Some(body - (end - at - 4));
                    return Some(end);
                }
                None => return Some(bytes.len()),
            },
        };
        self.left = Some(self.left.unwrap_or_default() - admitted);
        (admitted > 0).then_some(admitted)
    }
}

/// A connection that does what is planned for it.
pub(super) struct Connection {
    stream: TcpStream,
    plan: Plan,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut state = self.plan.state();
            if state.closed {
                return Poll::Ready(Ok(()));
            }
            state.reader = Some(context.waker().clone());
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let admitted = self.plan.state().admit(bytes);
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
        if self.plan.state().cut.is_some_and(|cut| cut.reset) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl Connected<IncomingStream<'_, Gate>> for Plan {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().plan.clone()
    }
}

/// Accepts connections while it is open.
pub(super) struct Gate {
    address: SocketAddr,
    listener: Option<TcpListener>,
    wanted: watch::Receiver<bool>,
    open: watch::Sender<bool>,
    plans: Arc<Mutex<Vec<Weak<Mutex<State>>>>>,
}

/// Opens and closes a [`Gate`].
pub(super) struct Keeper {
    wanted: watch::Sender<bool>,
    open: watch::Receiver<bool>,
    plans: Arc<Mutex<Vec<Weak<Mutex<State>>>>>,
}

impl Gate {
    pub(super) fn new(listener: TcpListener) -> io::Result<(Self, Keeper)> {
        let (want, wanted) = watch::channel(true);
        let (open, opened) = watch::channel(true);
        let plans: Arc<Mutex<Vec<_>>> = Arc::default();
        let keeper = Keeper { wanted: want, open: opened, plans: Arc::clone(&plans) };
        let address = listener.local_addr()?;
        Ok((Self { address, listener: Some(listener), wanted, open, plans }, keeper))
    }
}

impl Keeper {
    /// Opens or closes the gate, and returns when that is done. Closing ends what is connected.
    pub(super) async fn set(&self, open: bool) {
        self.wanted.send_replace(open);
        if !open {
            for plan in lock(&self.plans).drain(..).filter_map(|plan| plan.upgrade()) {
                Plan(plan).close();
            }
        }
        // Without a server there is nothing to wait for.
        let _ = self.open.clone().wait_for(|is_open| *is_open == open).await;
    }
}

impl Listener for Gate {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            if !*self.wanted.borrow_and_update() {
                self.listener = None;
                self.open.send_replace(false);
                if self.wanted.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                continue;
            }
            let listener = match self.listener.take() {
                Some(listener) => listener,
                None => match TcpListener::bind(self.address).await {
                    Ok(listener) => listener,
                    // Somebody else has the port for the moment.
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        continue;
                    }
                },
            };
            self.open.send_replace(true);
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
                Some(Ok((stream, address))) => {
                    // Without it, what follows the first segment of a long answer waits for an
                    // acknowledgement.
                    let _ = stream.set_nodelay(true);
                    let plan = Plan::default();
                    let mut plans = lock(&self.plans);
                    plans.retain(|plan| plan.strong_count() > 0);
                    plans.push(Arc::downgrade(&plan.0));
                    return (Connection { stream, plan }, address);
                }
                // Out of descriptors, most likely: others may close some.
                Some(Err(_)) => tokio::time::sleep(Duration::from_millis(5)).await,
                None => {}
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

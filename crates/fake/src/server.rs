//! The server: a task that stops when its handle is dropped.

use std::io;
use std::net::Ipv4Addr;
use std::sync::mpsc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::FakeClock;
use crate::connection::{ConnectionControl, ListenerSwitch, SwitchedListener};
use crate::contract::Contract;
use crate::handler::handle;
use crate::initial::InitialState;
use crate::state::{Settings, Shared};

/// Everything that a server is started with.
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    pub(crate) initial: InitialState,
    pub(crate) port: u16,
    pub(crate) clock: FakeClock,
}

/// A running server. It stops when this is dropped.
pub(crate) struct Server {
    pub(crate) shared: Shared,
    pub(crate) switch: ListenerSwitch,
    /// The server waits for this to be dropped.
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Starts a server as a task of the current runtime.
    pub(crate) async fn start(setup: Setup) -> io::Result<Self> {
        let (server, task) = Self::bind(setup).await?;
        tokio::spawn(task);
        Ok(server)
    }

    /// Starts a server on a thread of its own.
    pub(crate) fn start_on_thread(setup: Setup) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (send, started) = mpsc::sync_channel(1);
        let serve = async move {
            match Self::bind(setup).await {
                Ok((server, task)) => {
                    if send.send(Ok(server)).is_ok() {
                        task.await;
                    }
                }
                Err(error) => {
                    let _ = send.send(Err(error));
                }
            }
        };
        std::thread::Builder::new()
            .name("k6-cloud-fake".to_owned())
            .spawn(move || runtime.block_on(serve))?;
        started.recv().unwrap_or_else(|_| Err(io::Error::other("the server's thread ended")))
    }

    async fn bind(setup: Setup) -> io::Result<(Self, impl Future<Output = ()> + Send + 'static)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let contract = Contract::get(setup.settings.is_strict).map_err(io::Error::other)?;
        let address = listener.local_addr()?;
        let shared = Shared::new(contract, setup.settings, setup.initial, address, setup.clock);
        let (listener, switch) = SwitchedListener::new(listener)?;
        let app = Router::new().fallback(handle).with_state(shared.clone());
        let app = app.into_make_service_with_connect_info::<ConnectionControl>();
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let task = async move {
            // It never returns an error.
            let _ = serve.await;
        };
        Ok((Self { shared, switch, _stop: stop }, task))
    }
}

//! The server: its shared state, and the task that runs it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::clock::FakeClock;
use super::connection::{Gate, Keeper, Plan};
use super::contract::Contract;
use super::fault::Fault;
use super::request::RecordedRequest;
use super::route::handle;
use super::store::Store;

/// What every request and the fake's owner see.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    contract: &'static Contract,
    token: String,
    stack_id: u64,
    stack_url: String,
    saved_limit: usize,
    address: SocketAddr,
    clock: FakeClock,
    latency: Duration,
    store: Mutex<Store>,
    requests: Mutex<Vec<RecordedRequest>>,
    faults: Mutex<Vec<Fault>>,
}

/// What a server is started with.
pub(super) struct Setup {
    pub(super) token: String,
    pub(super) stack_id: u64,
    pub(super) stack_url: String,
    pub(super) saved_limit: usize,
    pub(super) port: u16,
    pub(super) clock: FakeClock,
    pub(super) latency: Duration,
    pub(super) store: Store,
}

/// A server that stops when this is dropped.
pub(super) struct Server {
    pub(super) shared: Shared,
    pub(super) keeper: Keeper,
    /// The server waits for this to be dropped.
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub(super) async fn start(setup: Setup) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let contract = Contract::get().map_err(io::Error::other)?;
        let shared = Shared(Arc::new(Inner {
            contract,
            token: setup.token,
            stack_id: setup.stack_id,
            stack_url: setup.stack_url,
            saved_limit: setup.saved_limit,
            address: listener.local_addr()?,
            clock: setup.clock,
            latency: setup.latency,
            store: Mutex::new(setup.store),
            requests: Mutex::default(),
            faults: Mutex::default(),
        }));
        let (gate, keeper) = Gate::new(listener)?;
        let app = Router::new().fallback(handle).with_state(shared.clone());
        let app = app.into_make_service_with_connect_info::<Plan>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(gate, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(async move { server.await });
        Ok(Self { shared, keeper, _stop: stop })
    }
}

impl Shared {
    pub(super) fn contract(&self) -> &'static Contract {
        self.0.contract
    }

    pub(super) fn token(&self) -> &str {
        &self.0.token
    }

    pub(super) fn stack_id(&self) -> u64 {
        self.0.stack_id
    }

    pub(super) fn stack_url(&self) -> &str {
        &self.0.stack_url
    }

    pub(super) fn saved_limit(&self) -> usize {
        self.0.saved_limit
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.address
    }

    pub(super) fn latency(&self) -> Duration {
        self.0.latency
    }

    pub(super) fn clock(&self) -> &FakeClock {
        &self.0.clock
    }

    /// Returns the time by the fake's clock.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.clock.time()
    }

    /// Returns the store as it is now: nothing sees or changes it behind the clock.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        let mut store = lock(&self.0.store);
        store.catch_up(self.now());
        store
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        lock(&self.0.faults)
    }

    /// Returns the fault that befalls a request: the first that was injected, of several. All of
    /// them count the request.
    pub(super) fn fault(&self, operation: &str) -> Option<Fault> {
        let mut found = None;
        for fault in self.faults().iter_mut() {
            if fault.befalls(operation) {
                found.get_or_insert_with(|| fault.clone());
            }
        }
        found
    }

    pub(super) fn record(&self, request: RecordedRequest) {
        self.requests().push(request);
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        lock(&self.0.requests)
    }
}

/// A test that panicked elsewhere is no reason for the server to fall silent.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

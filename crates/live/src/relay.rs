//! A server between the client and the service.
//!
//! It replays a response that was received already, so that the client reads the very bytes that were
//! checked; or it forwards a request, and keeps what the service responded.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use k6_cloud::{Client, RetryPolicy};
use reqwest::header::HeaderMap;

use crate::service::{RawRequest, RawResponse, Service};

/// The most bytes of a request's body.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A request of the client, and the response to it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    /// `None` if the service did not respond.
    pub(crate) response: Option<RawResponse>,
}

/// A running relay. It stops when it is dropped.
pub(crate) struct Relay {
    shared: Arc<Shared>,
    client: Client,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    service: Service,
    /// What is replayed. Without it, requests are forwarded.
    replayed: Mutex<Option<RawResponse>>,
    exchanges: Mutex<Vec<Exchange>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Relay {
    pub(crate) async fn start(service: Service) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("no port can be opened: {error}");
        let listener =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let builder = Client::builder()
            .base_url(format!("http://{address}"))
            .token(&service.token)
            .stack_id(service.stack_id)
            .no_proxy()
            .retries(RetryPolicy::off());
        let client = builder.build().map_err(|error| error.to_string())?;
        let shared = Arc::new(Shared {
            service,
            replayed: Mutex::new(None),
            exchanges: Mutex::new(Vec::new()),
        });
        let app = Router::new().fallback(respond).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // It ends with the relay.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { shared, client, task })
    }

    /// Returns the client of the relay.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Responds to each request with this from now on.
    pub(crate) fn replay(&self, response: RawResponse) {
        *locked(&self.shared.replayed) = Some(response);
        locked(&self.shared.exchanges).clear();
    }

    /// Forwards requests from now on.
    pub(crate) fn forward(&self) {
        *locked(&self.shared.replayed) = None;
        locked(&self.shared.exchanges).clear();
    }

    /// Takes the exchanges so far.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut locked(&self.shared.exchanges))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn respond(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let replayed = locked(&shared.replayed).clone();
    let response = match replayed {
        Some(response) => Some(response),
        None => forward(&shared.service, &parts, body).await,
    };
    locked(&shared.exchanges).push(Exchange {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        response: response.clone(),
    });
    let mut sent = Response::new(Body::empty());
    let Some(response) = response else {
        *sent.status_mut() = axum::http::StatusCode::BAD_GATEWAY;
        return sent;
    };
    if let Ok(status) = axum::http::StatusCode::from_u16(response.status) {
        *sent.status_mut() = status;
    }
    // The others belong to the connection with the service.
    for (name, value) in &response.headers {
        if !["transfer-encoding", "content-length", "connection", "content-encoding"]
            .contains(&name.as_str())
        {
            sent.headers_mut().append(name, value.clone());
        }
    }
    *sent.body_mut() = Body::from(response.body);
    sent
}

async fn forward(service: &Service, parts: &Parts, body: Body) -> Option<RawResponse> {
    let body = axum::body::to_bytes(body, MAX_BODY).await.ok()?;
    let text = |name: &str| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
    let passed = ["accept", "content-type", "k6-idempotency-key", "x-stack-url"];
    let headers = passed.into_iter().filter_map(|name| Some((name, text(name)?)));
    let request = RawRequest {
        method: parts.method.clone(),
        target: parts.uri.path_and_query()?.to_string(),
        token: Some(service.token.clone()),
        stack_id: text("x-stack-id"),
        headers: headers.collect(),
        body,
    };
    service.send(&request).await
}

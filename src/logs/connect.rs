//! Connects to the logs: a request of HTTP that becomes a WebSocket.

use http::header::{AUTHORIZATION, CONNECTION, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::{Request, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::config::LogsClient;
use crate::error::{ErrorContext, Redact, error_of_send};
use crate::http::failure::AttemptRecord;
use crate::http::limits::TimeLimit;
use crate::operation::{OperationSpec, SendError};
use crate::wire::Timestamp;
use crate::{Client, Error, ErrorKind, TestRunId};

pub(super) type Socket = WebSocketStream<Upgraded>;

/// The name of the call in errors.
pub(super) const OPERATION: &str = "tail_logs";

const SPEC: OperationSpec = OperationSpec {
    id: OPERATION,
    method: "GET",
    path: "",
    success: 101..=101,
    streamed: true,
    retry_safe: true,
    needs_stack_id: false,
};

const RUN_ID: HeaderName = HeaderName::from_static("x-k6testrun-id");
const KEY: HeaderName = HeaderName::from_static("sec-websocket-key");
const ACCEPT_KEY: HeaderName = HeaderName::from_static("sec-websocket-accept");
const VERSION: HeaderName = HeaderName::from_static("sec-websocket-version");

/// Connects to the logs of one run.
pub(super) struct Connector {
    client: Client,
    logs: LogsClient,
    id: TestRunId,
    authorization: HeaderValue,
    max_message_bytes: usize,
}

impl Connector {
    /// Reads the settings. This sends nothing.
    pub(super) fn new(
        client: &Client,
        id: TestRunId,
        max_message_bytes: usize,
    ) -> Result<Self, Error> {
        let shared = &client.inner.shared;
        let authorization = of_logs(&shared.authorization);
        let logs = shared.logs.client(&shared.settings).map_err(|e| e.with_operation(OPERATION))?;
        Ok(Self { client: client.clone(), logs, id, authorization, max_message_bytes })
    }

    /// Connects, from a time on.
    pub(super) async fn connect(&self, start: Timestamp) -> Result<Socket, Error> {
        let key = generate_key();
        let timeout = self.client.inner.timeout();
        let record = AttemptRecord {
            attempts: 1,
            retry_safe: true,
            time_limit: TimeLimit::Timeout(timeout),
            ..AttemptRecord::default()
        };
        let mut request = self.request(start, &key);
        *request.timeout_mut() = Some(timeout);
        let sent = async {
            let response = self.logs.http.client.execute(request).await?;
            let switches = response.status() == StatusCode::SWITCHING_PROTOCOLS;
            if !switches || !accepts(response.headers(), &key) {
                return Err(SendError::UnexpectedResponse(response));
            }
            response.upgrade().await.map_err(SendError::InvalidUpgrade)
        };
        match sent.await {
            Ok(upgraded) => {
                let config = WebSocketConfig::default()
                    .max_message_size(Some(self.max_message_bytes))
                    .max_frame_size(Some(self.max_message_bytes))
                    .read_buffer_size(32 * 1024);
                Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
            }
            Err(error) => Err(self.error(error, &record).await),
        }
    }

    fn request(&self, start: Timestamp, key: &str) -> Request {
        let mut url = self.logs.url.clone();
        // The time is one that a tail has, so that it is within the range.
        let start = start.timestamp_nanos_opt().unwrap_or_default();
        url.query_pairs_mut()
            .append_pair("query", &format!("{{test_run_id=\"{}\"}}", self.id))
            .append_pair("start", &start.to_string());
        let mut request = Request::new(Method::GET, url);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(RUN_ID, HeaderValue::from(self.id.get()));
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(VERSION, HeaderValue::from_static("13"));
        // It is base64.
        headers.extend(HeaderValue::from_str(key).ok().map(|key| (KEY, key)));
        request
    }

    async fn error(&self, error: SendError, record: &AttemptRecord) -> Error {
        let shared = &self.client.inner.shared;
        let context = ErrorContext {
            facts: &SPEC,
            record,
            redact: Redact::new(&shared.authorization),
            stack_id: None,
            now: self.client.clock().wall(),
            proxy: self.logs.http.proxy.as_deref(),
            has_roots: self.logs.http.has_roots,
        };
        let error = error_of_send(error, context).await;
        match error.kind() {
            ErrorKind::Decode | ErrorKind::UnexpectedStatus => {
                let host = self.logs.url.host_str().unwrap_or_default();
                error.with_hint(format!(
                    "{host} did not answer as the service of logs does: check K6_CLOUD_LOGS_TAIL_URL or \
                     logs_url, and the proxies on the way"
                ))
            }
            _ => error,
        }
    }
}

/// Returns whether the response answers this request, instead of being one of a cache or of a server
/// that switches to anything.
fn accepts(headers: &HeaderMap, key: &str) -> bool {
    let accept = headers.get(ACCEPT_KEY).and_then(|value| value.to_str().ok());
    accept == Some(derive_accept_key(key.as_bytes()).as_str())
}

/// Returns the header for the logs, which have another scheme than the API.
fn of_logs(authorization: &HeaderValue) -> HeaderValue {
    let token = authorization.to_str().unwrap_or_default();
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    // The token was in a header before.
    let value = HeaderValue::from_str(&format!("token {token}"));
    let mut value = value.unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

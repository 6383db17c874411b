//! Requests without the client, so that its mistakes are found.

use std::time::Duration;

use bytes::Bytes;
use k6_cloud::StackId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::Value;

/// Everything except what RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How often a request is sent again if the service asks for a pause.
const PAUSES: u32 = 3;

/// A service, and the credentials for it.
#[derive(Clone)]
pub struct Service {
    http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) token: String,
    pub(crate) stack_id: StackId,
    pub(crate) stack_url: Option<String>,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Service").finish_non_exhaustive()
    }
}

/// A response as it came.
#[derive(Clone, Debug)]
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RawResponse {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A request: its path and query are encoded.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest {
    pub(crate) method: reqwest::Method,
    pub(crate) target: String,
    pub(crate) token: Option<String>,
    pub(crate) stack_id: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Service {
    /// Returns a service at an address.
    ///
    /// # Errors
    ///
    /// If no TLS can be set up.
    pub fn new(
        base_url: &str,
        token: &str,
        stack_id: StackId,
        stack_url: Option<&str>,
    ) -> Result<Self, String> {
        // It fails if there is a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .user_agent(concat!("k6-cloud-live/", env!("CLIENT_VERSION")));
        // A server on this machine needs no proxy.
        let is_own =
            ["http://127.", "http://localhost"].iter().any(|own| base_url.starts_with(own));
        let http = if is_own { builder.no_proxy() } else { builder }
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            http,
            base_url: base_url.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
            stack_id,
            stack_url: stack_url.map(str::to_owned),
        })
    }

    /// Returns a request with the service's credentials.
    pub(crate) fn request(&self, target: impl Into<String>) -> RawRequest {
        RawRequest {
            method: reqwest::Method::GET,
            target: target.into(),
            token: Some(self.token.clone()),
            stack_id: Some(self.stack_id.to_string()),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Sends a request. `None` if there is no response that can be read.
    pub(crate) async fn send(&self, request: &RawRequest) -> Option<RawResponse> {
        let mut pauses = 0;
        loop {
            let response = self.attempt(request).await?;
            let asks_for_pause = matches!(response.status, 429 | 503);
            if !asks_for_pause || pauses == PAUSES {
                return Some(response);
            }
            pauses += 1;
            let seconds = response.header("retry-after").and_then(|after| after.parse().ok());
            tokio::time::sleep(Duration::from_secs(seconds.unwrap_or(1).min(60))).await;
        }
    }

    async fn attempt(&self, request: &RawRequest) -> Option<RawResponse> {
        let mut sent = self
            .http
            .request(request.method.clone(), format!("{}{}", self.base_url, request.target));
        if !request.headers.iter().any(|(name, _)| *name == "accept") {
            sent = sent.header("accept", "application/json");
        }
        if let Some(token) = &request.token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
            value.set_sensitive(true);
            sent = sent.header(AUTHORIZATION, value);
        }
        if let Some(stack_id) = &request.stack_id {
            sent = sent.header("x-stack-id", stack_id);
        }
        for (name, value) in &request.headers {
            sent = sent.header(*name, value);
        }
        if !request.body.is_empty() {
            sent = sent.body(request.body.clone());
        }
        let response = sent.send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Some(RawResponse { status, headers, body: response.bytes().await.ok()? })
    }
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

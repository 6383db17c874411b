//! Requests that no call of the client makes, for tests of the fake: forms with mistakes, starts
//! without a key, other `Accept` headers.

use k6_cloud_fake::FakeCloud;
use reqwest::RequestBuilder;
use serde_json::Value;

/// Returns a builder of a client that knows nothing of this crate. reqwest makes no client without a
/// provider of cryptography, even if no TLS is used.
pub(crate) fn plain_http() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// Returns a request with the fake's own credentials. `path` is the part after `/cloud/v6`.
pub(crate) fn request(fake: &FakeCloud, method: &str, path: &str) -> RequestBuilder {
    plain_http()
        .build()
        .expect("an HTTP client")
        .request(method.parse().expect("a method"), format!("{}/cloud/v6{path}", fake.base_url()))
        .bearer_auth(fake.token())
        .header("x-stack-id", fake.stack_id().get())
}

/// A response as it came.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Reads the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Returns the status, code and target of an error response; the target is empty if there is
    /// none.
    pub(crate) fn failure(&self) -> (u16, String, String) {
        let error = &self.json()["error"];
        let string = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (self.status, string("code"), string("target"))
    }
}

/// Sends a request, and reads the response to its end.
pub(crate) async fn send(request: RequestBuilder) -> Response {
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type");
    let content_type =
        content_type.map_or("", |value| value.to_str().expect("visible ASCII")).to_owned();
    let body = response.bytes().await.expect("the whole body").into();
    Response { status, content_type, body }
}

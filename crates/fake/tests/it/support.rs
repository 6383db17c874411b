//! A client that knows nothing of the fake.

use k6_cloud_fake::FakeCloud;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Returns the JSON of the body, null if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the code, the target and the message of an error.
    #[track_caller]
    pub(crate) fn error(&self, status: u16) -> (String, String, String) {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        let error = &self.json()["error"];
        let string = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (string("code"), string("target"), string("message"))
    }
}

/// Returns a client without credentials. reqwest makes none without a provider of cryptography, even
/// if no TLS is used.
pub(crate) fn plain_http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Builds a request with the fake's credentials.
pub(crate) fn request(fake: &FakeCloud, method: &str, path: &str) -> RequestBuilder {
    let method: Method = method.parse().expect("a method");
    plain_http()
        .request(method, format!("{}/cloud/v6/{path}", fake.base_url()))
        .bearer_auth(fake.token())
        .header("x-stack-id", fake.stack_id().get())
}

pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_owned();
    let body = response.bytes().await.expect("a body").to_vec();
    Reply { status, content_type, body }
}

pub(crate) async fn get(fake: &FakeCloud, path: &str) -> Reply {
    send(request(fake, "GET", path)).await
}

/// Sends JSON.
pub(crate) async fn json(fake: &FakeCloud, method: &str, path: &str, body: Value) -> Reply {
    send(request(fake, method, path).json(&body)).await
}

/// Sends JSON that is written out.
pub(crate) async fn raw(fake: &FakeCloud, method: &str, path: &str, body: &'static str) -> Reply {
    let request = request(fake, method, path).header("content-type", "application/json");
    send(request.body(body)).await
}

/// Uploads a script.
pub(crate) async fn upload(fake: &FakeCloud, load_test: i64, script: &[u8]) -> Reply {
    let request = request(fake, "PUT", &format!("load_tests/{load_test}/script"));
    send(request.header("content-type", "application/octet-stream").body(script.to_vec())).await
}

/// Sends the form that creates a load test in the default project.
pub(crate) async fn create(fake: &FakeCloud, parts: &[(&str, &[u8])]) -> Reply {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    let request = request(fake, "POST", "projects/5001/load_tests");
    send(request.header("content-type", "multipart/form-data; boundary=limit").body(body)).await
}

/// Packs a k6 archive with these options.
pub(crate) fn archive(options: &Value) -> Vec<u8> {
    let metadata = serde_json::json!({ "type": "js", "options": options }).to_string();
    let mut archive = Vec::new();
    for (name, content) in [("data", "// a"), ("metadata.json", &metadata)] {
        let mut header = [0; 512];
        let mut put = |at: usize, field: &[u8]| header[at..at + field.len()].copy_from_slice(field);
        put(0, name.as_bytes());
        put(124, format!("{:011o}", content.len()).as_bytes());
        put(156, b"0");
        put(257, b"ustar\x0000");
        archive.extend_from_slice(&header);
        archive.extend_from_slice(content.as_bytes());
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1_024, 0);
    archive
}

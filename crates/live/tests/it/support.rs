//! A server in front of the fake, which changes responses.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, ScheduleSeed};
use k6_cloud_live::{Description, Found, Options, Report, Service};
use serde_json::Value;

/// A request, as far as rewriting needs it.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The decoded query.
    pub(crate) query: Vec<(String, String)>,
}

impl Asked {
    /// Returns the value of a query parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A response that can be changed.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) www_authenticate: bool,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, value: &Value) {
        self.body = value.to_string().into_bytes();
    }
}

/// Changes the query of a request, before the fake gets it.
pub(crate) type Before = Arc<dyn Fn(&mut Asked) + Send + Sync>;
/// Changes a response.
pub(crate) type After = Arc<dyn Fn(&Asked, &mut Answer) + Send + Sync>;

/// A server in front of a fake. It stops when it is dropped.
pub(crate) struct Proxy {
    pub(crate) base_url: String,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Rules {
    upstream: String,
    http: reqwest::Client,
    before: Before,
    after: After,
}

impl Proxy {
    pub(crate) async fn start(fake: &FakeCloud, before: Before, after: After) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let listener =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let rules = Rules { upstream: fake.base_url(), http, before, after };
        let app = Router::new().fallback(pass).with_state(rules);
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { base_url, task }
    }

    /// Starts a server that changes responses only.
    pub(crate) async fn rewriting(
        fake: &FakeCloud,
        after: impl Fn(&Asked, &mut Answer) + Send + Sync + 'static,
    ) -> Self {
        Self::start(fake, Arc::new(|_| {}), Arc::new(after)).await
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

async fn pass(State(rules): State<Rules>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    });
    let mut asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.collect(),
    };
    (rules.before)(&mut asked);
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<_> = asked
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let url = format!("{}{}{query}", rules.upstream, asked.path);
    let mut sent = rules.http.request(parts.method.clone(), url).body(body);
    for (name, value) in &parts.headers {
        if !["content-length", "transfer-encoding"].contains(&name.as_str()) {
            sent = sent.header(name, value);
        }
    }
    let response = sent.send().await.expect("a response");
    let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    let mut answer = Answer {
        status: response.status().as_u16(),
        content_type: header("content-type"),
        www_authenticate: header("www-authenticate").is_some(),
        body: Vec::new(),
    };
    answer.body = response.bytes().await.expect("a body").to_vec();
    (rules.after)(&asked, &mut answer);
    let mut response = Response::builder().status(answer.status);
    if let Some(content_type) = answer.content_type {
        response = response.header("content-type", content_type);
    }
    if answer.www_authenticate {
        response = response.header("www-authenticate", "Bearer");
    }
    response.body(Body::from(answer.body)).expect("a response")
}

/// Starts a fake that behaves like the service, and has something of each kind.
pub(crate) async fn fake() -> FakeCloud {
    let fake = FakeCloud::builder().lenient().start().await.expect("starts");
    fake.add_schedule(FIRST_LOAD_TEST_ID, ScheduleSeed::cron("0 9 * * 1", "UTC"));
    fake
}

pub(crate) fn service(fake: &FakeCloud, base_url: &str) -> Service {
    Service::new(base_url, fake.token(), fake.stack_id(), Some(fake.stack_url()))
        .expect("a service")
}

/// Checks a server with the credentials of a fake.
pub(crate) async fn check(fake: &FakeCloud, base_url: &str, only: &[&str]) -> Report {
    let only = only.iter().map(|only| (*only).to_owned()).collect();
    check_by(fake, base_url, &Options { only, max_rows: 100, ..Options::default() }).await.report
}

pub(crate) async fn check_by(fake: &FakeCloud, base_url: &str, options: &Options) -> Found {
    let description = Description::vendored().expect("a description");
    k6_cloud_live::check(&description, &service(fake, base_url), options)
        .await
        .expect("it can be checked")
}

/// Lists the differences of a report, for messages.
pub(crate) fn listed(report: &Report) -> String {
    let line = |(operation, finding): (&str, &k6_cloud_live::Finding)| {
        format!(
            "{operation} {} {:?} expected {:?} found {:?} ({})\n",
            finding.pointer, finding.kind, finding.expected, finding.found, finding.request
        )
    };
    report.findings().map(line).collect()
}

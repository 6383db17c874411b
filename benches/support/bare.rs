//! The baseline: `reqwest` and `serde_json` alone, as a program would use them for this API.

use k6_cloud::types;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use super::{STACK_ID, TOKEN};

pub(crate) struct Bare {
    http: reqwest::Client,
    base_url: String,
}

impl Bare {
    pub(crate) fn new(base_url: &str) -> Self {
        let authorization = HeaderValue::try_from(format!("Bearer {TOKEN}")).expect("a header");
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json")),
            (AUTHORIZATION, authorization),
            (reqwest::header::HeaderName::from_static("x-stack-id"), HeaderValue::from(STACK_ID)),
        ]);
        // k6-cloud uses no proxy for the loopback interface either.
        // reqwest makes no client without a provider of cryptography, even if no TLS is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .user_agent("k6-cloud-bench")
            .default_headers(headers)
            .build()
            .expect("an HTTP client");
        Self { http, base_url: base_url.to_owned() }
    }

    /// Reads one run.
    pub(crate) async fn run(&self, id: k6_cloud::TestRunId) -> types::TestRun {
        let url = format!("{}/cloud/v6/test_runs/{id}", self.base_url);
        read(self.http.get(url)).await
    }

    /// Reads the whole list, and returns how many runs it had.
    pub(crate) async fn list(&self, top: usize) -> usize {
        let mut rows = 0;
        loop {
            let url = format!("{}/cloud/v6/test_runs", self.base_url);
            let window =
                [("$count", "true"), ("$skip", &rows.to_string()), ("$top", &top.to_string())];
            let page: types::TestRunListResponse = read(self.http.get(url).query(&window)).await;
            let more = page.next_link.is_some();
            for run in page.value {
                std::hint::black_box(run);
                rows += 1;
            }
            if !more {
                return rows;
            }
        }
    }
}

async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> T {
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    let body = response.bytes().await.expect("the whole response");
    serde_json::from_slice(&body).expect("the described type")
}

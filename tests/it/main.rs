//! Tests over HTTP against the fake API.

mod authentication;
mod calls;
mod config;
mod connections;
mod contract;
mod discovery;
mod ensure;
mod errors;
mod evidence;
mod faults;
mod front_page;
mod ids;
mod labels;
mod load;
mod load_test_starts;
mod load_tests;
mod load_zones;
#[cfg(feature = "logs")]
mod logs;
mod made;
mod metrics;
mod moving;
mod operations;
mod pages;
mod projects;
mod promises;
mod raw;
mod requests;
mod responses;
mod retries;
mod round_trips;
mod runs_by_id;
mod schedules;
mod scripted;
mod scripts;
mod setters;
mod slow_scripts;
mod starting;
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
mod tls;
#[cfg(feature = "tracing")]
mod tracing;
mod transport;
mod uploads;
mod waiting;
mod watching;

use k6_cloud::{Client, Error};
use k6_cloud_fake::{FakeCloud, RecordedRequest, RunSeed};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, DuplexStream};

/// A client of the fake with the fake's own credentials.
fn client_of(fake: &FakeCloud) -> Client {
    Client::builder()
        .base_url(fake.base_url())
        .token(fake.token())
        .stack_id(fake.stack_id())
        .build()
        .expect("the fake's settings are complete")
}

/// Returns the only request that the fake has seen. Checks the headers that every request has.
fn only_request(fake: &FakeCloud, client_headers: &[(&str, &str)]) -> RecordedRequest {
    let mut requests = fake.requests();
    assert_eq!(requests.len(), 1, "requests: {requests:?}");
    let request = requests.remove(0);
    let bearer = format!("Bearer {}", fake.token());
    assert_eq!(request.header("authorization"), Some(bearer.as_str()));
    assert_eq!(request.header("x-stack-id"), Some(fake.stack_id().to_string().as_str()));
    assert_eq!(request.header("api-version"), None, "the generator's own header is sent");
    let agent = request.header("user-agent").unwrap_or_default();
    assert!(agent.contains("k6-cloud-rs/"), "{agent}");
    for (name, value) in client_headers {
        assert_eq!(request.header(name), Some(*value), "{name}");
    }
    request
}

/// Checks the request line of the only request.
fn assert_line(fake: &FakeCloud, method: &str, path: &str, query: Option<&str>) {
    let request = only_request(fake, &[]);
    assert_eq!(
        (request.method.as_str(), request.path.as_str(), request.query.as_deref()),
        (method, path, query)
    );
    if method != "PATCH" {
        assert!(request.body.is_empty(), "{method} {path} has a body");
    }
}

/// Checks the request line and the JSON body of the only request.
fn assert_sent(fake: &FakeCloud, method: &str, path: &str, body: Value) {
    let request = only_request(fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path, request.query), (method, path, None));
    let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(sent, body, "{method} {path}");
}

/// Starts a download that keeps its permit until you drop the returned reader, because the rest of
/// the script is not read.
async fn stalled_download(fake: &FakeCloud, client: &Client) -> DuplexStream {
    // Larger than one chunk of a response: the permit goes back with the last chunk.
    let seed = RunSeed::passed().script_bytes("text/javascript", vec![b'x'; 2 << 20]);
    let id = fake.add_run(seed);
    let (mut writer, mut reader) = tokio::io::duplex(1);
    let download = client.get_test_run_script(id);
    tokio::spawn(async move { download.write_to(&mut writer).await });
    reader.read_u8().await.expect("the first byte");
    reader
}

/// Returns the status and the error of a call that must get an error response.
fn rejected<T>(result: Result<T, Error>) -> (u16, Error) {
    let error = result.err().expect("the call must fail");
    let status = error.status().expect("an error response");
    (status.as_u16(), error)
}

//! What a user sets of connections: proxies, headers, a reqwest client of one's own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use k6_cloud::{Client, ClientBuilder, Error, ErrorKind, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::transport::serve;

const CANARY: &str = "canary-token";

pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().base_url(base_url).token(CANARY).stack_id(7)
}

pub(crate) async fn get(client: &Client) -> Result<Value, Error> {
    client.request(Method::GET, "/cloud/v6/x").await
}

/// Serves the headers of requests.
async fn echo() -> String {
    let router = Router::new().fallback(|headers: HeaderMap| async move {
        let headers = headers.iter().map(|(name, value)| {
            (name.to_string(), Value::from(value.to_str().unwrap_or_default()))
        });
        Value::Object(headers.collect()).to_string()
    });
    serve(router).await
}

pub(crate) fn configuration(builder: ClientBuilder, what: &str) {
    let error = builder.build().expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    assert!(error.to_string().contains(what), "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn default_headers_go_with_every_request() {
    let base = echo().await;
    let gateway = builder(&base).default_header("x-gateway-key", "canary-key");
    assert!(!format!("{gateway:?}").contains("canary-key"), "{gateway:?}");
    let sent = get(&gateway.build().expect("complete")).await.expect("the headers");
    assert_eq!(sent["x-gateway-key"], "canary-key");
    assert_eq!(sent["x-stack-id"], "7");

    // Each with the setting that exists for it.
    for (name, setting) in [
        ("authorization", "ClientBuilder::token"),
        ("X-Stack-Id", "ClientBuilder::stack_id"),
        ("Host", "ClientBuilder::base_url"),
        ("User-Agent", "ClientBuilder::user_agent"),
        ("Content-Length", "from the body of each request"),
        ("transfer-encoding", "from the body of each request"),
        ("trailer", "from the body of each request"),
        ("Connection", "ClientBuilder::configure_reqwest"),
        ("keep-alive", "ClientBuilder::configure_reqwest"),
        ("TE", "ClientBuilder::configure_reqwest"),
        ("upgrade", "ClientBuilder::configure_reqwest"),
        ("expect", "ClientBuilder::configure_reqwest"),
        ("Proxy-Authorization", "ClientBuilder::proxy"),
        ("Accept", "Client::request"),
        ("content-type", "Client::request"),
        ("Accept-Encoding", "without compression"),
        ("content-encoding", "without compression"),
        ("K6-Idempotency-Key", "StartLoadTest::idempotency_key"),
    ] {
        configuration(builder(&base).default_header(name, "5"), "cannot be set: it is set by");
        configuration(builder(&base).default_header(name, "5"), setting);
    }
    configuration(builder(&base).default_header("a b", "x"), "not the name of a header");
    configuration(builder(&base).default_header("a", "canary\n"), "line breaks");
}

#[tokio::test]
async fn reqwest_builder_can_be_changed() {
    let base = echo().await;
    let client = builder(&base).configure_reqwest(|http| http.user_agent("mine/1"));
    let sent = get(&client.build().expect("complete")).await.expect("the headers");
    assert_eq!(sent["user-agent"], "mine/1");
}

#[tokio::test]
async fn own_reqwest_client_is_used_with_the_clients_credentials_and_timeout() {
    let base = echo().await;
    let own = || crate::raw::plain_http().no_proxy().user_agent("own/2").build().expect("a client");
    let client = builder(&base).reqwest_client(own()).build().expect("complete");
    let sent = get(&client).await.expect("the headers");
    assert_eq!(sent["user-agent"], "own/2");
    assert_eq!(sent["authorization"], format!("Bearer {CANARY}"));

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let silent = format!("http://{}", listener.local_addr().expect("an address"));
    let client = builder(&silent).reqwest_client(own()).timeout(Duration::from_millis(50));
    let client = client.retries(k6_cloud::RetryPolicy::off()).build().expect("complete");
    assert!(get(&client).await.expect_err("no response").is_timeout());

    configuration(builder(&base).reqwest_client(own()).no_proxy(), "proxy has no effect");
    let beside = builder(&base).reqwest_client(own()).default_header("a", "b");
    configuration(beside, "default_header has no effect");
}

#[tokio::test]
async fn proxy_gets_the_requests() {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&lines);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let proxy = format!("http://user:pass@{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.expect("a request");
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            seen.lock().expect("unpoisoned").push(request);
            let response = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull";
            stream.write_all(response).await.expect("written");
        }
    });
    // Nobody listens there: only the proxy can have responded.
    let client = builder("http://127.0.0.1:9").proxy(&*proxy).build().expect("complete");
    assert_eq!(get(&client).await.expect("the proxy's response"), Value::Null);
    let seen = lines.lock().expect("unpoisoned").remove(0);
    assert!(seen.starts_with("GET http://127.0.0.1:9/cloud/v6/x HTTP/1.1\r\n"), "{seen}");
    assert!(seen.to_lowercase().contains("proxy-authorization: basic dxnlcjpwyxnz"), "{seen}");
}

#[tokio::test]
async fn connection_error_names_the_address_and_the_proxy() {
    let off = k6_cloud::RetryPolicy::off;
    let client = builder("http://127.0.0.1:9").retries(off()).build().expect("complete");
    let error = get(&client).await.expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::Connect);
    let start = "request: no connection could be made to http://127.0.0.1:9: ";
    assert!(error.to_string().starts_with(start), "{error}");

    let client = builder("http://127.0.0.1:9").retries(off());
    let client =
        client.proxy("http://user:canary-password@127.0.0.1:10").build().expect("complete");
    let error = get(&client).await.expect_err("nobody listens");
    let start = "request: no connection could be made to http://127.0.0.1:9 through the proxy \
                 http://127.0.0.1:10: ";
    assert!(error.to_string().starts_with(start), "{error}");
    assert!(!error.to_string().contains("canary-password"), "{error}");
    configuration(builder("http://127.0.0.1:9").proxy("canary"), "proxy is not the address");
}

/// reqwest fails at each request if the proxy of the environment needs a feature that is off.
#[tokio::test]
async fn proxy_that_cannot_be_used_is_an_error_at_build() {
    configuration(builder("https://api.k6.io").proxy("ftp://canary.example"), "proxy is not");
    let socks = builder("http://127.0.0.1:9").proxy("socks5h://u:canary@127.0.0.1:1080");
    match cfg!(feature = "socks") {
        true => assert!(socks.build().is_ok()),
        false => configuration(socks, "turn on the feature `socks`"),
    }
}

#[cfg(feature = "socks")]
#[tokio::test]
async fn socks_proxy_gets_the_requests() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let proxy = format!("socks5h://{}", listener.local_addr().expect("an address"));
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("a greeting");
        stream.write_all(&[5, 0]).await.expect("written");
        let mut head = [0; 5];
        stream.read_exact(&mut head).await.expect("a request");
        let mut name = vec![0; usize::from(head[4]) + 2];
        stream.read_exact(&mut name).await.expect("a name and a port");
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.expect("written");
        let mut request = vec![0; 4096];
        let _ = stream.read(&mut request).await.expect("a request");
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull";
        stream.write_all(response).await.expect("written");
        String::from_utf8_lossy(&name[..name.len() - 2]).into_owned()
    });
    let client = builder("http://k6.invalid").allow_plain_http(true).proxy(proxy);
    let client = client.build().expect("complete");
    assert_eq!(get(&client).await.expect("the proxy's response"), Value::Null);
    assert_eq!(served.await.expect("no panic"), "k6.invalid", "the proxy resolves the name");
}

#[tokio::test]
async fn connection_that_takes_too_long_names_the_setting() {
    // A listener whose queue is full answers no more connections.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("binds");
    let listener = socket.listen(1).expect("listens");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    for _ in 0..8 {
        waiting.push(tokio::spawn(tokio::net::TcpStream::connect(address)));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let client = builder(&format!("http://{address}")).retries(k6_cloud::RetryPolicy::off());
    let client = client.connect_timeout(Duration::from_millis(100)).build().expect("complete");
    let error = get(&client).await.expect_err("no connection");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("ClientBuilder::connect_timeout"), "{error}");
    waiting.into_iter().for_each(|task| task.abort());
}

#[tokio::test]
async fn json_body_of_an_own_request_is_sent_with_default_headers() {
    let base = echo().await;
    let client = builder(&base).default_header("x-a", "b").build().expect("complete");
    let call = client.request(Method::POST, "/x").json(&json!({}));
    let sent: Value = call.send().await.expect("the headers");
    assert_eq!((&sent["x-a"], &sent["content-type"]), (&json!("b"), &json!("application/json")));
}

#[tokio::test]
async fn connection_that_breaks_off_did_not_take_too_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    // Nobody speaks TLS here.
    let closing = tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let client = builder(&format!("https://{address}")).retries(k6_cloud::RetryPolicy::off());
    let error = get(&client.build().expect("complete")).await.expect_err("no connection");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.to_string().contains("connect_timeout"), "{error}");
    closing.abort();
}

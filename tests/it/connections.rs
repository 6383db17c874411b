//! What a user sets of connections: certificates, proxies, headers, a reqwest client of one's own.

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

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().base_url(base_url).token(CANARY).stack_id(7)
}

async fn get(client: &Client) -> Result<Value, Error> {
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

fn configuration(builder: ClientBuilder, what: &str) {
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

    configuration(builder(&base).default_header("authorization", "x"), "a header of the client");
    configuration(builder(&base).default_header("X-Stack-Id", "8"), "a header of the client");
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
    let own =
        || reqwest::Client::builder().no_proxy().user_agent("own/2").build().expect("a client");
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

#[cfg(feature = "rustls")]
mod certificates {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::server::WebPkiClientVerifier;
    use tokio_rustls::rustls::{RootCertStore, ServerConfig};

    use super::*;

    const AUTHORITY: &[u8] = include_bytes!("certificates/authority.pem");
    const SERVER: &[u8] = include_bytes!("certificates/server.pem");
    const SERVER_KEY: &[u8] = include_bytes!("certificates/server.key.pem");
    const CLIENT: &[u8] = include_bytes!("certificates/client.pem");
    const CLIENT_KEY: &[u8] = include_bytes!("certificates/client.key.pem");

    /// Serves null over TLS, and counts connections.
    async fn serve_tls(wants_client_certificate: bool) -> (String, Arc<AtomicU32>) {
        let certificate = |pem| CertificateDer::from_pem_slice(pem).expect("a certificate");
        let config = ServerConfig::builder();
        let config = if wants_client_certificate {
            let mut roots = RootCertStore::empty();
            roots.add(certificate(AUTHORITY)).expect("an authority");
            let verifier = WebPkiClientVerifier::builder(roots.into()).build().expect("a verifier");
            config.with_client_cert_verifier(verifier)
        } else {
            config.with_no_client_auth()
        };
        let key = PrivateKeyDer::from_pem_slice(SERVER_KEY).expect("a key");
        let config = config.with_single_cert(vec![certificate(SERVER)], key).expect("a pair");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let base = format!("https://{}", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let response =
                    b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull";
                let _ = stream.write_all(response).await;
                let _ = stream.shutdown().await;
            }
        });
        (base, connections)
    }

    #[tokio::test]
    async fn unknown_certificate_is_not_retried_and_says_what_to_do() {
        let (base, connections) = serve_tls(false).await;
        let client = builder(&base).build().expect("complete");
        let error = get(&client).await.expect_err("an unknown authority");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Certificate, 1), "{error}");
        assert!(!error.is_transient());
        assert_eq!(connections.load(Ordering::Relaxed), 1);
        let message = error.to_string();
        let start = format!("request: the certificate for the connection to {base} was rejected: ");
        assert!(message.starts_with(&start), "{message}");
        assert!(
            message.contains("SSL_CERT_FILE") && message.contains("root_certificate"),
            "{message}"
        );
    }

    #[tokio::test]
    async fn root_certificate_is_trusted() {
        let (base, _) = serve_tls(false).await;
        let client = builder(&base).root_certificate(AUTHORITY).build().expect("complete");
        assert_eq!(get(&client).await.expect("a response"), Value::Null);
        for wrong in ["", "canary"] {
            configuration(builder(&base).root_certificate(wrong), "root_certificate is not");
        }
    }

    #[tokio::test]
    async fn client_certificate_identifies_the_client() {
        let (base, _) = serve_tls(true).await;
        let trusting = || builder(&base).root_certificate(AUTHORITY);
        let client = trusting().client_certificate(CLIENT, CLIENT_KEY).build().expect("complete");
        assert_eq!(get(&client).await.expect("a response"), Value::Null);
        let without = trusting().retries(k6_cloud::RetryPolicy::off()).build().expect("complete");
        get(&without).await.expect_err("no certificate");
        let wrong = trusting().client_certificate("canary", CLIENT_KEY);
        configuration(wrong, "client_certificate is not");
        let debug = format!("{:?}", trusting().client_certificate(CLIENT, CLIENT_KEY));
        assert!(!debug.contains("PRIVATE"), "{debug}");
    }
}

#[tokio::test]
async fn json_body_of_an_own_request_is_sent_with_default_headers() {
    let base = echo().await;
    let client = builder(&base).default_header("x-a", "b").build().expect("complete");
    let call = client.request(Method::POST, "/x").json(&json!({}));
    let sent: Value = call.send().await.expect("the headers");
    assert_eq!((&sent["x-a"], &sent["content-type"]), (&json!("b"), &json!("application/json")));
}

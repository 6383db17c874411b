//! Logs over TLS.

use std::sync::Arc;

use k6_cloud::ErrorKind;
use k6_cloud_fake::{FakeCloud, RunSeed};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::server::{Answer, line, serve};
use super::{error, text};

const AUTHORITY: &[u8] = include_bytes!("../certificates/authority.pem");
const SERVER: &[u8] = include_bytes!("../certificates/server.pem");
const KEY: &[u8] = include_bytes!("../certificates/server.key.pem");

/// Starts a server of logs over TLS, and returns its address.
async fn start() -> String {
    let chain = vec![CertificateDer::from_pem_slice(SERVER).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions");
    let config = config.with_no_client_auth().with_single_cert(chain, key).expect("a pair");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let answer = Answer::Frames(vec![line(1, "secret")]);
                    serve(stream, answer, Arc::default()).await;
                }
            });
        }
    });
    format!("wss://{address}/tail")
}

#[tokio::test]
async fn certificates_are_those_of_the_client() {
    let fake = FakeCloud::start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let builder = fake.client().logs_url(start().await);
    let trusting = builder.clone().root_certificate(AUTHORITY).build().expect("complete");
    assert_eq!(text(&mut trusting.tail_logs(run)).await, "secret");
    let other = builder.build().expect("complete");
    let error = error(&mut other.tail_logs(run)).await;
    assert_eq!(error.kind(), ErrorKind::Certificate);
}

#[tokio::test]
async fn options_of_reqwest_apply_too() {
    let fake = FakeCloud::start().await.expect("starts");
    let run = fake.add_run(RunSeed::running());
    let builder = fake.client().logs_url(start().await).root_certificate(AUTHORITY);
    // It may be built with HTTP/2, which has no WebSockets.
    let client =
        builder.configure_reqwest(|http| http.tcp_nodelay(true)).build().expect("complete");
    assert_eq!(text(&mut client.tail_logs(run)).await, "secret");
}

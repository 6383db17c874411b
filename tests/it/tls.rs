//! TLS: which servers are trusted, and by which provider of cryptography.
//!
//! `certificates/make` makes the certificates.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use k6_cloud::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{CipherSuite, NamedGroup, RootCertStore, ServerConfig};

use crate::connections::{builder, configuration, get};

const AUTHORITY: &[u8] = include_bytes!("certificates/authority.pem");
const SERVER: &[u8] = include_bytes!("certificates/server.pem");
const EXPIRED: &[u8] = include_bytes!("certificates/expired.pem");
const NOT_YET_VALID: &[u8] = include_bytes!("certificates/not_yet_valid.pem");
const OTHER_HOST: &[u8] = include_bytes!("certificates/other_host.pem");
const SELF_SIGNED: &[u8] = include_bytes!("certificates/self_signed.pem");
const SELF_SIGNED_AUTHORITY: &[u8] = include_bytes!("certificates/self_signed_authority.pem");
/// The key of all servers.
const SERVER_KEY: &[u8] = include_bytes!("certificates/server.key.pem");
const CLIENT: &[u8] = include_bytes!("certificates/client.pem");
const CLIENT_KEY: &[u8] = include_bytes!("certificates/client.key.pem");

/// What a client offers.
#[derive(Debug)]
struct Offer {
    suites: Vec<CipherSuite>,
    groups: Vec<NamedGroup>,
}

/// Has one certificate for all clients, and records what they offer.
#[derive(Debug)]
struct Recorder {
    key: Arc<CertifiedKey>,
    offers: Mutex<Vec<Offer>>,
}

impl ResolvesServerCert for Recorder {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let offer = Offer {
            suites: hello.cipher_suites().to_vec(),
            groups: hello.named_groups().unwrap_or_default().to_vec(),
        };
        self.offers.lock().expect("unpoisoned").push(offer);
        Some(Arc::clone(&self.key))
    }
}

/// A server that responds with null over TLS.
struct TlsServer {
    base_url: String,
    recorder: Arc<Recorder>,
}

impl TlsServer {
    async fn start(certificate: &[u8]) -> Self {
        Self::serve(certificate, false).await
    }

    async fn serve(certificate: &[u8], wants_client_certificate: bool) -> Self {
        // The program of a client without a provider installs one.
        #[cfg(all(
            feature = "rustls-no-provider",
            not(any(feature = "ring", feature = "aws-lc-rs"))
        ))]
        let _ = ring::default_provider().install_default();
        let read = |pem| CertificateDer::from_pem_slice(pem).expect("a certificate");
        let provider = Arc::new(ring::default_provider());
        let key = PrivateKeyDer::from_pem_slice(SERVER_KEY).expect("a key");
        let key = CertifiedKey::from_der(vec![read(certificate)], key, &provider).expect("a pair");
        let recorder = Arc::new(Recorder { key: Arc::new(key), offers: Mutex::default() });
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let config = config.with_safe_default_protocol_versions().expect("versions");
        let config = if wants_client_certificate {
            let mut roots = RootCertStore::empty();
            roots.add(read(AUTHORITY)).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            config.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            config.with_no_client_auth()
        };
        let acceptor =
            TlsAcceptor::from(Arc::new(config.with_cert_resolver(Arc::clone(&recorder) as _)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let base_url = format!("https://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(respond(acceptor.clone(), stream));
            }
        });
        Self { base_url, recorder }
    }

    /// Takes what clients have offered, one for each connection.
    fn offers(&self) -> Vec<Offer> {
        std::mem::take(&mut self.recorder.offers.lock().expect("unpoisoned"))
    }
}

async fn respond(acceptor: TlsAcceptor, stream: tokio::net::TcpStream) {
    let mut stream = match acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((_, mut stream)) => {
            // If the server closed the connection before the client reads the alert, the client
            // could see a reset instead.
            let _ = stream.read_to_end(&mut Vec::new()).await;
            return;
        }
    };
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await;
    let response = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull";
    let _ = stream.write_all(response).await;
    let _ = stream.shutdown().await;
}

/// A builder that trusts the test's authority.
fn trusting(server: &TlsServer) -> ClientBuilder {
    builder(&server.base_url).root_certificate(AUTHORITY)
}

/// The same, with a change of reqwest's builder, for which reqwest sets up TLS itself.
fn trusting_by_reqwest(server: &TlsServer) -> ClientBuilder {
    trusting(server).configure_reqwest(|http| http.tcp_nodelay(true))
}

async fn rejected(client: ClientBuilder) -> Error {
    let client: Client = client.build().expect("complete");
    get(&client).await.expect_err("the certificate is wrong")
}

#[tokio::test]
async fn certificate_that_the_system_does_not_trust_is_rejected_once() {
    for certificate in [SERVER, SELF_SIGNED] {
        let server = TlsServer::start(certificate).await;
        let error = rejected(builder(&server.base_url)).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Certificate, 1), "{error}");
        assert!(!error.is_transient());
        assert_eq!(server.offers().len(), 1);
        let message = error.to_string();
        let base = &server.base_url;
        let start = format!("request: the certificate for the connection to {base} was rejected: ");
        assert!(message.starts_with(&start), "{message}");
        assert!(message.contains("ClientBuilder::root_certificate"), "{message}");
        let reads_variables = cfg!(all(unix, not(target_vendor = "apple")));
        assert_eq!(message.contains("SSL_CERT_FILE"), reads_variables, "{message}");
    }
}

#[tokio::test]
async fn root_certificate_is_trusted() {
    let server = TlsServer::start(SERVER).await;
    for client in [trusting(&server), trusting_by_reqwest(&server)] {
        assert_eq!(get(&client.build().expect("complete")).await.expect("a response"), Value::Null);
    }
    let bundle = [SELF_SIGNED, AUTHORITY].concat();
    let client = builder(&server.base_url).root_certificate(bundle).build().expect("complete");
    assert_eq!(get(&client).await.expect("a response"), Value::Null);
    for wrong in ["", "canary"] {
        let changed = |client: ClientBuilder| client.configure_reqwest(|http| http);
        let client = || builder(&server.base_url).root_certificate(wrong);
        configuration(client(), "root_certificate is not");
        configuration(changed(client()), "root_certificate is not");
    }
}

#[tokio::test]
async fn root_certificate_may_be_der() {
    let server = TlsServer::start(SERVER).await;
    let der = CertificateDer::from_pem_slice(AUTHORITY).expect("a certificate");
    let client = || builder(&server.base_url).root_certificate(der.to_vec());
    for client in [client(), client().configure_reqwest(|http| http)] {
        assert_eq!(get(&client.build().expect("complete")).await.expect("a response"), Value::Null);
    }
    // The beginning of a certificate, and other DER.
    for wrong in [&der[..der.len() - 1], &[0x30, 0x00]] {
        configuration(builder(&server.base_url).root_certificate(wrong), "root_certificate is not");
    }
}

/// What `openssl req -x509` makes is an authority, and the certificate of a single server is none.
#[tokio::test]
async fn hint_does_not_ask_for_a_root_that_was_given() {
    let by_rustls =
        cfg!(any(feature = "ring", feature = "aws-lc-rs", feature = "rustls-no-provider"));
    if !by_rustls {
        // The hint for rustls names this feature as a way out.
        let server = TlsServer::start(SELF_SIGNED_AUTHORITY).await;
        let client = builder(&server.base_url).root_certificate(SELF_SIGNED_AUTHORITY).build();
        return assert_eq!(get(&client.expect("complete")).await.expect("a response"), Value::Null);
    }
    for (certificate, hint) in [
        (SELF_SIGNED_AUTHORITY, "basicConstraints=critical,CA:FALSE"),
        (SERVER, "the authority's own certificate, not that of the server"),
    ] {
        let server = TlsServer::start(certificate).await;
        let client = builder(&server.base_url).root_certificate(certificate);
        for client in [client.clone(), client.configure_reqwest(|http| http)] {
            let error = rejected(client).await;
            assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
            assert!(error.hint().is_some_and(|found| found.contains(hint)), "{error}");
        }
    }
    // A server's own certificate that is no authority and that nobody else has signed is trusted.
    let server = TlsServer::start(SELF_SIGNED).await;
    let client = builder(&server.base_url).root_certificate(SELF_SIGNED).build();
    assert_eq!(get(&client.expect("complete")).await.expect("a response"), Value::Null);
}

#[tokio::test]
async fn trusted_authority_does_not_excuse_time_and_host() {
    for (certificate, hint) in [
        (EXPIRED, "check this machine's clock"),
        (NOT_YET_VALID, "check this machine's clock"),
        (OTHER_HOST, "for another host: check the base URL"),
        (SELF_SIGNED, "ClientBuilder::root_certificate"),
    ] {
        let server = TlsServer::start(certificate).await;
        for client in [trusting(&server), trusting_by_reqwest(&server)] {
            let error = rejected(client).await;
            assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
            assert!(error.to_string().contains(hint), "{error}");
        }
    }
}

#[tokio::test]
async fn client_certificate_identifies_the_client() {
    let server = TlsServer::serve(SERVER, true).await;
    for client in [trusting(&server), trusting_by_reqwest(&server)] {
        let client = client.client_certificate(CLIENT, CLIENT_KEY).build().expect("complete");
        assert_eq!(get(&client).await.expect("a response"), Value::Null);
    }
    let wrong = trusting(&server).client_certificate("canary", CLIENT_KEY);
    configuration(wrong, "client_certificate is not");
    let wrong = trusting(&server).client_certificate(CLIENT, "canary");
    configuration(wrong, "client_certificate is not");
    let debug = format!("{:?}", trusting(&server).client_certificate(CLIENT, CLIENT_KEY));
    assert!(!debug.contains("PRIVATE"), "{debug}");
}

#[tokio::test]
async fn missing_client_certificate_is_asked_for() {
    let server = TlsServer::serve(SERVER, true).await;
    let error = rejected(trusting(&server).retries(RetryPolicy::off())).await;
    assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
    assert!(error.to_string().contains("ClientBuilder::client_certificate"), "{error}");
}

/// Runs an ignored test of this file in a process of its own, whose environment it may set.
fn in_own_process(test: &str, variables: &[(&str, &Path)]) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", &format!("tls::{test}"), "--ignored", "--nocapture"]);
    command.envs(variables.iter().copied());
    let output = command.output().expect("runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("1 passed"), "{printed}");
}

/// The verifiers of macOS and Windows read no variables.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn ssl_cert_file_replaces_the_certificates_of_the_system() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/certificates/authority.pem");
    in_own_process("server_is_trusted_by_default", &[("SSL_CERT_FILE", &file)]);
}

#[cfg(all(feature = "ring", unix, not(target_vendor = "apple")))]
#[test]
fn system_without_certificates_is_named_with_a_fix() {
    // A file and a folder without a certificate, instead of the system's.
    let (file, folder) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"), Path::new("src"));
    in_own_process(
        "client_is_built_without_certificates",
        &[("SSL_CERT_FILE", &file), ("SSL_CERT_DIR", folder)],
    );
}

#[cfg(all(feature = "ring", unix, not(target_vendor = "apple")))]
#[test]
#[ignore = "needs SSL_CERT_FILE; system_without_certificates_is_named_with_a_fix runs it"]
fn client_is_built_without_certificates() {
    let error = Client::builder().token("t").stack_id(1).build().expect_err("no certificates");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let message = error.to_string();
    assert!(message.contains("ca-certificates") && message.contains("SSL_CERT_FILE"), "{message}");
}

#[tokio::test]
#[ignore = "needs SSL_CERT_FILE; ssl_cert_file_replaces_the_certificates_of_the_system runs it"]
async fn server_is_trusted_by_default() {
    let server = TlsServer::start(SERVER).await;
    let by_reqwest = builder(&server.base_url).configure_reqwest(|http| http);
    for client in [builder(&server.base_url), by_reqwest] {
        assert_eq!(get(&client.build().expect("complete")).await.expect("a response"), Value::Null);
    }
}

#[cfg(feature = "rustls-no-provider")]
mod provider {
    use tokio_rustls::rustls::crypto::CryptoProvider;

    use super::*;

    /// Only aws-lc-rs has this key exchange.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn is_aws_lc_rs(offer: &Offer) -> bool {
        offer.groups.contains(&NamedGroup::X25519MLKEM768)
    }

    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[test]
    fn feature_chooses_the_provider_and_the_process_stays_as_it_is() {
        in_own_process("provider::nothing_is_installed", &[]);
    }

    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[tokio::test]
    #[ignore = "feature_chooses_the_provider_and_the_process_stays_as_it_is runs it"]
    async fn nothing_is_installed() {
        let server = TlsServer::start(SERVER).await;
        let client = trusting(&server).build().expect("complete");
        assert_eq!(get(&client).await.expect("a response"), Value::Null);
        assert!(CryptoProvider::get_default().is_none());
        // Without a provider of its own, reqwest takes the one of the process.
        let client = trusting_by_reqwest(&server).build().expect("complete");
        assert_eq!(get(&client).await.expect("a response"), Value::Null);
        let is_installed = CryptoProvider::get_default().is_some();
        assert_eq!(is_installed, cfg!(not(feature = "aws-lc-rs")));
        for offer in server.offers() {
            assert_eq!(is_aws_lc_rs(&offer), cfg!(feature = "aws-lc-rs"), "{offer:?}");
        }
    }

    #[test]
    fn installed_provider_wins() {
        in_own_process("provider::one_cipher_suite_is_installed", &[]);
    }

    #[tokio::test]
    #[ignore = "installed_provider_wins runs it"]
    async fn one_cipher_suite_is_installed() {
        #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
        configuration(builder("https://localhost"), "rustls has no provider");

        let only = CipherSuite::TLS13_CHACHA20_POLY1305_SHA256;
        let mut provider = ring::default_provider();
        provider.cipher_suites.retain(|suite| suite.suite() == only);
        provider.install_default().expect("the first");
        let server = TlsServer::start(SERVER).await;
        for client in [trusting(&server), trusting_by_reqwest(&server)] {
            assert!(get(&client.build().expect("complete")).await.is_ok());
        }
        let offers = server.offers();
        assert_eq!(offers.len(), 2);
        for offer in offers {
            let suites: Vec<_> =
                offer.suites.iter().filter(|suite| suite.as_str() != Some(SIGNALLING)).collect();
            assert_eq!(suites, [&only]);
        }
    }

    /// Not a cipher suite, but sent as one.
    const SIGNALLING: &str = "TLS_EMPTY_RENEGOTIATION_INFO_SCSV";
}

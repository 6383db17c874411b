//! `doctor`: each line right, wrong or unknown.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use k6_cloud_fake::Fault;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ended, Gate, bare};

/// Returns the state and the text of a check.
fn check<'a>(ended: &'a Value, name: &str) -> (&'a str, &'a str) {
    let checks = ended["checks"].as_array().expect("checks");
    let check = checks
        .iter()
        .find(|check| check["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {ended:#}"));
    (check["state"].as_str().expect("a state"), check["found"].as_str().expect("a text"))
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}"))
}

#[test]
fn healthy_settings_are_right_and_nothing_is_created() {
    let gate = Gate::new();
    let ended = gate.run("doctor --json");
    assert_eq!(ended.code, 0, "{ended:?}");
    let found = json(&ended);
    assert_eq!(found["healthy"], true);
    for name in [
        "versions",
        "token",
        "stack id",
        "address",
        "timeout",
        "dns",
        "token and stack",
        "may read test runs",
        "limits",
    ] {
        assert_eq!(check(&found, name).0, "right", "{name}: {found:#}");
    }
    for name in ["may start runs", "may change", "tls"] {
        assert_eq!(check(&found, name).0, "unknown", "{name}");
    }
    // The fake stands still in another year.
    assert!(["right", "wrong"].contains(&check(&found, "clock").0));
    assert!(gate.fake.requests().iter().all(|request| request.method == "GET"));
    assert!(!ended.stdout.contains(gate.fake.token()), "{}", ended.stdout);
    let text = gate.run("doctor");
    assert!(text.stdout.contains("right    token and stack"), "{}", text.stdout);
    assert!(!text.stdout.contains("WRONG"), "{}", text.stdout);
}

#[test]
fn fake_needs_no_settings() {
    let folder = TempDir::new().expect("a folder");
    let ended: Ended = bare(&folder).args(["doctor", "--fake"]).output().expect("it runs").into();
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn missing_and_wrong_settings_are_wrong_with_a_fix() {
    for (variables, name, part) in [
        (&[][..], "settings", "no API token"),
        (&[("K6_CLOUD_TOKEN", "0f9c")][..], "settings", "no stack id"),
        (
            &[("K6_CLOUD_TOKEN", "0f9c"), ("K6_CLOUD_STACK_ID", "x")][..],
            "settings",
            "K6_CLOUD_STACK_ID",
        ),
        (&[("K6_CONFIG", "gone.json")][..], "configuration file", "gone.json cannot be read"),
    ] {
        let folder = TempDir::new().expect("a folder");
        let mut command = bare(&folder);
        command.env("K6_CLOUD_HOST_V6", "http://127.0.0.1:9").envs(variables.iter().copied());
        let ended: Ended = command.args(["doctor", "--json"]).output().expect("it runs").into();
        assert_eq!(ended.code, 104, "{ended:?}");
        let found = json(&ended);
        let (state, text) = check(&found, name);
        assert_eq!(state, "wrong");
        assert!(text.contains(part), "{text}");
        let wrong = found["checks"]
            .as_array()
            .expect("checks")
            .iter()
            .filter(|check| check["state"] == "wrong");
        for check in wrong {
            assert!(check["fix"].is_string(), "{check}");
        }
        assert!(!ended.stdout.contains("ClientBuilder"), "{}", ended.stdout);
    }
}

#[cfg(unix)]
#[test]
fn file_that_others_can_read_is_wrong() {
    use std::os::unix::fs::PermissionsExt as _;
    let gate = Gate::new();
    for (mode, state, code) in [(0o644, "wrong", 104), (0o600, "right", 0)] {
        let text = format!(
            r#"{{"collectors": {{"cloud": {{"token": "{}", "stackID": {}}}}}}}"#,
            gate.fake.token(),
            gate.fake.stack_id()
        );
        gate.write("config.json", &text);
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(gate.path("config.json"), permissions).expect("permissions");
        let mut command = gate.command("doctor --json");
        command
            .env_remove("K6_CLOUD_TOKEN")
            .env_remove("K6_CLOUD_STACK_URL")
            .env("K6_CONFIG", "config.json");
        let ended: Ended = command.output().expect("it runs").into();
        assert_eq!(ended.code, code, "{ended:?}");
        let found = json(&ended);
        assert_eq!(check(&found, "configuration file").0, state, "{found:#}");
        assert!(!ended.stdout.contains(gate.fake.token()), "{}", ended.stdout);
    }
}

#[test]
fn token_that_is_rejected_is_wrong_and_the_rest_unknown() {
    let gate = Gate::new();
    let mut command = gate.command("doctor --json");
    command
        .env("K6_CLOUD_TOKEN", "0f9c36d2e1")
        .env("K6_CLOUD_STACK_ID", gate.fake.stack_id().to_string());
    command.env_remove("K6_CLOUD_STACK_URL");
    let ended: Ended = command.output().expect("it runs").into();
    assert_eq!(ended.code, 104, "{ended:?}");
    let found = json(&ended);
    assert_eq!(check(&found, "token and stack").0, "wrong", "{found:#}");
    assert_eq!(check(&found, "may read projects").0, "unknown");
    assert!(!ended.stdout.contains("0f9c36d2e1"), "{}", ended.stdout);
}

#[test]
fn what_the_token_may_not_read_is_wrong() {
    let gate = Gate::new();
    gate.fake.inject(Fault::status(403).on("list_schedules"));
    gate.fake.inject(Fault::status(404).on("list_load_zones"));
    let ended = gate.run("doctor --json");
    assert_eq!(ended.code, 1, "{ended:?}");
    let found = json(&ended);
    assert_eq!(check(&found, "may read schedules").0, "wrong", "{found:#}");
    assert_eq!(check(&found, "may read load zones").0, "unknown");
    assert_eq!(check(&found, "may read projects").0, "right");
}

#[test]
fn clock_that_is_off_and_servers_that_are_not_there_are_wrong() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\ndate: Tue, 30 Jun 2020 12:00:00 GMT\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            );
        }
    });
    for (base_url, name, part) in [
        (address.as_str(), "clock", "ahead of the server"),
        ("http://127.0.0.1:9", "connection", ""),
    ] {
        let folder = TempDir::new().expect("a folder");
        let mut command = bare(&folder);
        command
            .env("K6_CLOUD_HOST_V6", base_url)
            .env("K6_CLOUD_TOKEN", "0f9c")
            .env("K6_CLOUD_STACK_ID", "7");
        let ended: Ended = command.args(["doctor", "--json"]).output().expect("it runs").into();
        assert_ne!(ended.code, 0, "{ended:?}");
        let found = json(&ended);
        let (state, text) = check(&found, name);
        assert_eq!(state, "wrong", "{found:#}");
        assert!(text.contains(part), "{text}");
    }
}

/// Serves 401 over TLS with a certificate of the client's tests.
#[cfg(target_os = "linux")]
fn tls_server(certificate: &'static [u8]) -> String {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    const KEY: &[u8] = include_bytes!("../../../../tests/it/certificates/server.key.pem");

    let certificate = CertificateDer::from_pem_slice(certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a pair");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection =
                rustls::ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            );
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

/// Elsewhere, the system alone says what is trusted.
#[cfg(target_os = "linux")]
#[test]
fn certificate_is_shown_with_its_issuer_and_its_days() {
    const AUTHORITY: &[u8] = include_bytes!("../../../../tests/it/certificates/authority.pem");

    let server = include_bytes!("../../../../tests/it/certificates/server.pem");
    let expired = include_bytes!("../../../../tests/it/certificates/expired.pem");
    for (certificate, is_trusted) in [(&server[..], true), (&expired[..], false)] {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("authority.pem"), AUTHORITY).expect("written");
        let mut command = bare(&folder);
        command.env("SSL_CERT_FILE", folder.path().join("authority.pem"));
        command.env("K6_CLOUD_HOST_V6", tls_server(certificate));
        command.env("K6_CLOUD_TOKEN", "0f9c").env("K6_CLOUD_STACK_ID", "7");
        let ended: Ended = command.args(["doctor", "--json"]).output().expect("it runs").into();
        let found = json(&ended);
        let (state, text) = check(&found, "tls");
        if is_trusted {
            assert_eq!(state, "right", "{found:#}");
            assert!(text.contains("CN=test authority") && text.contains("days left"), "{text}");
        } else {
            assert_eq!(state, "unknown", "{found:#}");
            assert!(check(&found, "connection").1.contains("xpired"), "{found:#}");
        }
    }
}

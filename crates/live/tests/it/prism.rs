//! Prism, a mock server of other people, which reads the published description itself. It responds with
//! the description's examples, so that only the form of responses can be checked: not pages, filters,
//! orders and effects.
//!
//! The test needs the variable `PRISM`, with the path of Prism's `index.js`. `.ci/run` sets it.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use k6_cloud_live::{Description, Kind, Options, Outcome, Service};

use crate::support::listed;

/// A running Prism. It is killed when it is dropped.
struct Prism(Child);

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts Prism, and returns its address once it responds.
async fn start(program: &str) -> (Prism, String) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/published.yaml");
    let child = Command::new("node")
        .args([program, "mock", "--host", "127.0.0.1", "--port", &port.to_string(), published])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("node");
    let prism = Prism(child);
    for _ in 0..600 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return (prism, format!("http://127.0.0.1:{port}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Prism does not start");
}

#[tokio::test(flavor = "multi_thread")]
async fn prism_responds_in_the_described_form() {
    let Ok(program) = std::env::var("PRISM") else { return };
    let (_prism, base_url) = start(&program).await;
    let service = Service::new(
        &base_url,
        "0123",
        k6_cloud::StackId::new(7),
        Some("https://shop.grafana.net"),
    )
    .expect("a service");
    let description = Description::vendored().expect("a description");
    let found = k6_cloud_live::check(&description, &service, &Options::default())
        .await
        .expect("it can be checked");
    let of_form = |kind: Kind| {
        matches!(
            kind,
            Kind::UnknownProperty
                | Kind::MissingProperty
                | Kind::Null
                | Kind::Type
                | Kind::UnknownValue
                | Kind::Format
                | Kind::Limit
                | Kind::NotJson
                | Kind::ClientValue
                | Kind::ClientRequest
        )
    };
    let wrong: Vec<_> =
        found.report.findings().filter(|(_, finding)| of_form(finding.kind)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let checked =
        found.report.operations.iter().filter(|one| one.outcome != Outcome::NotChecked).count();
    assert!(checked > 15, "{}", listed(&found.report));
    println!("{}", found.report.to_markdown());
}

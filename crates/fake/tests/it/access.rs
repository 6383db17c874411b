//! Tokens, stacks and content types.

use k6_cloud_fake::FakeCloud;
use serde_json::json;

use crate::support::{plain_http, request, send};

#[tokio::test]
async fn unknown_tokens_and_other_stacks_have_the_code_of_the_service() {
    let fake = FakeCloud::start().await.expect("starts");
    let url = format!("{}/cloud/v6/test_runs", fake.base_url());
    let http = plain_http();
    let get = || http.get(&url).header("x-stack-id", fake.stack_id().get());
    for request in [get(), get().bearer_auth("other"), get().header("authorization", "Token a")] {
        assert_eq!(send(request).await.error(401).0, "error");
    }
    let other = http.get(&url).bearer_auth(fake.token()).header("x-stack-id", "7");
    assert_eq!(send(other).await.error(403).0, "error");
    let auth = http.get(format!("{}/cloud/v6/auth", fake.base_url())).bearer_auth(fake.token());
    let other = send(auth.header("x-stack-url", "https://other.grafana.net")).await;
    assert_eq!(other.error(403).0, "error");
}

#[tokio::test]
async fn wrong_content_types_are_unsupported() {
    for fake in [FakeCloud::builder(), FakeCloud::builder().lenient()] {
        let fake = fake.start().await.expect("starts");
        let form = request(&fake, "POST", "projects/5001/load_tests").json(&json!({ "name": "a" }));
        assert_eq!(send(form).await.error(415).0, "unsupported_media_type");
        let project = request(&fake, "POST", "projects").form(&[("name", "a")]);
        assert_eq!(send(project).await.error(415).0, "unsupported_media_type");
        let note = request(&fake, "PATCH", "test_runs/900001").body("{\"note\": \"a\"}");
        assert_eq!(send(note).await.status, 415, "without a content type");
    }
}

#[tokio::test]
async fn wrong_stacks_and_ids_have_a_status_of_the_description() {
    let fake = FakeCloud::start().await.expect("starts");
    let http = plain_http();
    let get = |path: &str| {
        http.get(format!("{}/cloud/v6/{path}", fake.base_url())).bearer_auth(fake.token())
    };
    // These operations have no 400.
    for path in ["labels", "test_runs/900001", "auth"] {
        assert_eq!(send(get(path)).await.error(403).0, "error", "{path}");
    }
    for stack in ["", "x", "4242, 4242", "-1", "9223372036854775808"] {
        let reply = send(get("labels").header("x-stack-id", stack)).await;
        assert_eq!(reply.error(403).0, "error", "{stack}");
    }
    for id in ["x", "9223372036854775808", "1.5", "+1", "%20"] {
        let path = format!("test_runs/{id}");
        let reply = send(request(&fake, "GET", &path)).await;
        assert_eq!(reply.error(404).0, "not_found", "{id}");
    }
}

/// The fake must not choose a TLS provider for the tests of its users.
#[test]
fn fake_brings_no_tls_into_the_builds_of_its_users() {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&cargo.stdout);
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let crates: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains(&"k6-cloud") && crates.contains(&"reqwest"), "{tree}");
    for tls in ["ring", "aws-lc-rs", "rustls", "native-tls"] {
        assert!(!crates.contains(&tls), "{tls}");
    }
}

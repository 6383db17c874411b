//! What the fake knows of the published description, beside the overlaid one.

use std::collections::BTreeMap;

use k6_cloud_fake::{CannedResponse, FakeCloud};
use serde_json::{Value, json};

/// An operation of the published description.
#[derive(Default)]
struct Published {
    id: String,
    has_body: bool,
    requires_body: bool,
}

/// Returns the operations of the published description, by path and method. Its YAML is regular
/// enough to be read by lines.
fn published() -> BTreeMap<(String, String), Published> {
    let mut operations: BTreeMap<_, Published> = BTreeMap::new();
    let (mut path, mut method, mut keyword) = (String::new(), String::new(), String::new());
    for line in include_str!("../../../openapi/published.yaml").lines() {
        let word = line.trim().trim_end_matches(':').trim_matches(['\'', '"']);
        match line.len() - line.trim_start().len() {
            2 => path = word.to_owned(),
            4 => method = word.to_owned(),
            6 => keyword = word.to_owned(),
            8 if keyword == "requestBody" && word == "required: true" => {
                operations.entry((path.clone(), method.clone())).or_default().requires_body = true;
            }
            _ => {}
        }
        if !path.starts_with("/cloud/v6/") {
            continue;
        }
        let operation = || (path.clone(), method.clone());
        if let Some(id) = word.strip_prefix("operationId: ") {
            operations.entry(operation()).or_default().id = id.to_owned();
        }
        if keyword == "requestBody" {
            operations.entry(operation()).or_default().has_body = true;
        }
    }
    operations.retain(|_, operation| !operation.id.is_empty());
    operations
}

async fn send(fake: &FakeCloud, path: &str, method: &str) -> (u16, Value) {
    let path = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    let url = format!("{}{}", fake.base_url(), path.collect::<Vec<_>>().join("/"));
    let method = method.to_uppercase().parse().expect("a method");
    let request = crate::raw::plain_http()
        .build()
        .expect("a client")
        .request(method, url)
        .bearer_auth(fake.token());
    let request = request.header("x-stack-id", fake.stack_id().get());
    let response = request.header("x-stack-url", fake.stack_url()).send().await;
    let response = response.expect("a response");
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or_default())
}

#[tokio::test]
async fn canned_responses_take_every_published_name() {
    let fake = FakeCloud::builder().lenient().start().await.expect("starts");
    let operations = published();
    assert_eq!(operations.len(), 51);
    for ((path, method), operation) in &operations {
        let body = json!({ "id": operation.id });
        fake.respond(CannedResponse::json(200, &body).on(&operation.id).first(1));
        assert_eq!(send(&fake, path, method).await, (200, body), "{method} {path}");
    }
}

#[tokio::test]
async fn bodies_are_required_where_the_published_description_says() {
    let fake = FakeCloud::builder().lenient().start().await.expect("starts");
    for ((path, method), operation) in &published() {
        // An empty script is not a script.
        if !operation.has_body || operation.id == "load_tests_script_update" {
            continue;
        }
        let (_, reply) = send(&fake, path, method).await;
        let message = reply["error"]["message"].as_str().unwrap_or_default();
        let is_required = message.starts_with("a body is required");
        assert_eq!(is_required, operation.requires_body, "{method} {path}: {reply}");
    }
}

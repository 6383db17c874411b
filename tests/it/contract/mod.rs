//! The responses of the fake follow the API's description, for every operation and status.

mod authorization;
mod labels;
mod load_tests;
mod load_zones;
mod projects;
mod published;
mod schedules;
mod test_runs;

use std::collections::BTreeSet;

use boon::{Compiler, Schemas};
use k6_cloud_fake::{FakeCloud, Fault};
use serde_json::{Map, Value, json};

const OVERLAID: &str = include_str!("../../../crates/fake/openapi/overlaid.json");

/// The description, and the responses that were checked.
struct Description {
    http: reqwest::Client,
    document: Value,
    compiler: Compiler,
    schemas: Schemas,
    /// Operation, status.
    seen: BTreeSet<(String, u16)>,
}

impl Description {
    fn read() -> Self {
        let mut document: Value = serde_json::from_str(OVERLAID).expect("JSON");
        // Open objects would accept properties that the API does not have.
        let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
        schemas.values_mut().for_each(close);
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("fake:///closed.json", document.clone()).expect("a good document");
        let http = crate::raw::plain_http().build().expect("an HTTP client");
        Self { http, document, compiler, schemas: Schemas::new(), seen: BTreeSet::new() }
    }

    /// Sends a request and checks its response.
    async fn check(&mut self, fake: &FakeCloud, method: &str, path: &str) {
        self.check_as(fake, fake.token(), fake.stack_id(), (method, path, "")).await;
    }

    async fn check_as(
        &mut self,
        fake: &FakeCloud,
        token: &str,
        stack_id: impl Into<k6_cloud::StackId>,
        (method, path, body): (&str, &str, &'static str),
    ) {
        let with_body = |request: reqwest::RequestBuilder| {
            if body.is_empty() {
                return request;
            }
            request.header("content-type", "application/json").body(body)
        };
        self.check_with(fake, token, stack_id, (method, path), with_body).await;
    }

    /// Sends a request with the body that `complete` adds, and checks the response.
    async fn check_with(
        &mut self,
        fake: &FakeCloud,
        token: &str,
        stack_id: impl Into<k6_cloud::StackId>,
        (method, path): (&str, &str),
        complete: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) {
        let url = format!("{}/cloud/v6{path}", fake.base_url());
        // The address of the same stack, for the operation that takes no id.
        let stack_id = stack_id.into();
        let is_own = stack_id == fake.stack_id();
        let stack_url = if is_own { fake.stack_url() } else { "https://other.grafana.net" };
        let request = self
            .http
            .request(method.parse().expect("a method"), url)
            .bearer_auth(token)
            .header("x-stack-id", stack_id.get())
            .header("x-stack-url", stack_url);
        let request = complete(request);
        let response = request.send().await.expect("a response");
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type");
        let media_type =
            content_type.map(|value| value.to_str().expect("visible ASCII").to_owned());
        let body = response.bytes().await.expect("a body");

        let (id, at) = self.operation(method, path);
        let what = format!("{method} {path}: {status}");
        if status == 415 {
            // The service sends it, but the description lacks it.
            return;
        }
        let mut at = format!("{at}/responses/{status}");
        let described =
            self.document.pointer(&at).unwrap_or_else(|| panic!("{what}: no such status"));
        if let Some(reference) = described["$ref"].as_str() {
            at = reference.trim_start_matches('#').to_owned();
        }
        let empty = Map::new();
        let content = self.document.pointer(&at).and_then(|found| found["content"].as_object());
        let content = content.unwrap_or(&empty);
        match media_type.as_deref().map(|name| name.split(';').next().unwrap_or(name)) {
            None => assert!(content.is_empty() && body.is_empty(), "{what}: the body is missing"),
            Some(name) => {
                assert!(content.contains_key(name), "{what}: {name} is not described");
                if name == "application/json" {
                    let pointer = format!("{at}/content/application~1json/schema");
                    let location = format!("fake:///closed.json#{pointer}");
                    let schema = self.compiler.compile(&location, &mut self.schemas);
                    let schema = schema.expect("a good schema");
                    let value = serde_json::from_slice(&body).expect("JSON");
                    if let Err(error) = self.schemas.validate(&value, schema) {
                        panic!("{what}: {error}");
                    }
                }
            }
        }
        self.seen.insert((id, status));
    }

    /// Checks the errors that every operation can return: for the token, for the stack, and of the
    /// service.
    async fn check_common(&mut self, fake: &FakeCloud, request: (&str, &str, &'static str)) {
        self.check_as(fake, "another", fake.stack_id(), request).await;
        self.check_as(fake, fake.token(), fake.stack_id().get() + 1, request).await;
        fake.inject(Fault::status(500).first(1));
        self.check_as(fake, fake.token(), fake.stack_id(), request).await;
    }

    /// Fails unless the fake has sent every documented status of the operations of an area.
    fn assert_all_seen(&self, tag: &str) {
        let seen: Vec<_> = self.seen.iter().cloned().collect();
        assert_eq!(seen, self.described(tag), "not every described status was seen");
    }

    /// Returns the operations of an area with all their statuses, in order.
    fn described(&self, tag: &str) -> Vec<(String, u16)> {
        let mut all = BTreeSet::new();
        for item in self.document["paths"].as_object().expect("paths").values() {
            let operations = item.as_object().expect("a path").values();
            for operation in operations.filter(|operation| operation["tags"][0] == tag) {
                let id = operation["operationId"].as_str().expect("an id");
                for status in operation["responses"].as_object().expect("responses").keys() {
                    all.insert((id.to_owned(), status.parse().expect("a status")));
                }
            }
        }
        all.into_iter().collect()
    }

    /// Returns the id of an operation and the pointer to it.
    fn operation(&self, method: &str, path: &str) -> (String, String) {
        let path = format!("/cloud/v6{}", path.split('?').next().unwrap_or(path));
        let is_same = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template
                    .split('/')
                    .zip(path.split('/'))
                    .all(|(a, b)| a == b || a.starts_with('{'))
        };
        let paths = self.document["paths"].as_object().expect("paths");
        // Paths without variables come first.
        let mut found: Vec<_> = paths.iter().filter(|(path, _)| is_same(path)).collect();
        found.sort_by_key(|(path, _)| path.matches('{').count());
        let (template, item) = found.first().expect("a path");
        let method = method.to_lowercase();
        let id = item[&method]["operationId"].as_str().expect("an id").to_owned();
        (id, format!("/paths/{}/{method}", template.replace('/', "~1")))
    }
}

/// Makes a schema reject properties that it does not name, on all levels.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(parts) => parts.iter_mut().for_each(close),
        _ => {}
    }
}

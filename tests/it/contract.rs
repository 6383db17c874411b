//! What the fake answers is what the API's description says, for every operation and status.

use std::collections::BTreeSet;
use std::time::Duration;

use boon::{Compiler, Schemas};
use k6_cloud::fake::{
    CostForm, FIRST_LOAD_TEST_ID, FakeCloud, Fault, RunResult, RunSeed, ScriptKind,
};
use serde_json::{Map, Value, json};

const OVERLAID: &str = include_str!("../../openapi/overlaid.json");

/// The description, with the answers that were held against it.
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
        // Open objects would let properties pass that the API does not have.
        let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
        schemas.values_mut().for_each(close);
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("fake:///closed.json", document.clone()).expect("a good document");
        let http = reqwest::Client::new();
        Self { http, document, compiler, schemas: Schemas::new(), seen: BTreeSet::new() }
    }

    /// Sends a request and holds its answer against the description.
    async fn check(&mut self, fake: &FakeCloud, method: &str, path: &str) {
        self.check_as(fake, fake.token(), fake.stack_id(), (method, path, "")).await;
    }

    async fn check_as(
        &mut self,
        fake: &FakeCloud,
        token: &str,
        stack_id: u64,
        (method, path, body): (&str, &str, &'static str),
    ) {
        let url = format!("{}/cloud/v6{path}", fake.base_url());
        let mut request = self
            .http
            .request(method.parse().expect("a method"), url)
            .bearer_auth(token)
            .header("x-stack-id", stack_id);
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let content_type = answer.headers().get("content-type");
        let media_type = content_type.map(|value| value.to_str().expect("a text").to_owned());
        let body = answer.bytes().await.expect("a body");

        let (id, at) = self.operation(method, path);
        let what = format!("{method} {path}: {status}");
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

    /// Every operation with every status that it is described to answer with, in order.
    fn described(&self) -> Vec<(String, u16)> {
        let mut all = BTreeSet::new();
        for item in self.document["paths"].as_object().expect("paths").values() {
            for operation in item.as_object().expect("a path").values() {
                let id = operation["operationId"].as_str().expect("an id");
                for status in operation["responses"].as_object().expect("responses").keys() {
                    all.insert((id.to_owned(), status.parse().expect("a status")));
                }
            }
        }
        all.into_iter().collect()
    }

    /// The id of an operation and the pointer to it.
    fn operation(&self, method: &str, path: &str) -> (String, String) {
        let path = format!("/cloud/v6{}", path.split('?').next().unwrap_or(path));
        let is_same = |template: &str| {
            template.split('/').count() == path.split('/').count()
                && template.split('/').zip(path.split('/')).all(|(a, b)| a == b || a == "{id}")
        };
        let paths = self.document["paths"].as_object().expect("paths");
        let (template, item) = paths.iter().find(|(path, _)| is_same(path)).expect("a path");
        let method = method.to_lowercase();
        let id = item[&method]["operationId"].as_str().expect("an id").to_owned();
        (id, format!("/paths/{}/{method}", template.replace('/', "~1")))
    }
}

/// Refuses properties that a schema does not name, on all levels.
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

const NOTE: &str = r#"{ "note": "a" }"#;

/// What is asked of each run; the last two may end it.
const OF_A_RUN: &[(&str, &str, &str)] = &[
    ("GET", "", ""),
    ("GET", "/distribution", ""),
    ("GET", "/script", ""),
    ("PATCH", "", NOTE),
    ("POST", "/star", ""),
    ("POST", "/unstar", ""),
    ("POST", "/save", ""),
    ("POST", "/unsave", ""),
    ("POST", "/abort", ""),
    ("DELETE", "", ""),
];

#[tokio::test]
async fn every_answer_is_as_described() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(60).load_tests(3).saved_limit(2).start().await;
    let fake = fake.expect("the fake starts");
    let (token, stack) = (fake.token(), fake.stack_id());

    let list = format!("/load_tests/{FIRST_LOAD_TEST_ID}/test_runs");
    for path in [
        "/test_runs",
        "/test_runs?$count=true&$top=7",
        "/test_runs?$top=1001",
        "/load_tests/7/test_runs",
        &list,
        &format!("{list}?is_starred=1&$orderby=created%20desc&$skip=1"),
        &format!("{list}?$orderby=name"),
    ] {
        description.check(&fake, "GET", path).await;
    }

    // A fresh run for each request: what one of them changes is no matter to the next.
    let seeds: &[fn() -> RunSeed] = &[
        RunSeed::passed,
        || RunSeed::passed().cost(CostForm::Text).script(ScriptKind::Archive),
        || RunSeed::failed().cost(CostForm::Mixed).saved(),
        || RunSeed::failed().cost(CostForm::Absent).started_by(None),
        RunSeed::aborted,
        RunSeed::invalid,
        || RunSeed::running().distribution(false),
        RunSeed::queued,
    ];
    for seed in seeds {
        for (method, path, body) in OF_A_RUN {
            let id = fake.add_run(seed());
            let of_run = format!("/test_runs/{id}");
            let request = (*method, &*format!("{of_run}{path}"), *body);
            description.check_as(&fake, token, stack, request).await;
            description.check(&fake, "GET", "/test_runs?$top=3").await;
            if fake.run_json(id).is_some() {
                description.check(&fake, "GET", &of_run).await;
            }
        }
    }

    // Refusals that any operation gives, and the failure of the service.
    let of_runs = [("GET", "/test_runs".to_owned(), ""), ("GET", list, "")].into_iter();
    let of_run = OF_A_RUN.iter().map(|(m, path, body)| (*m, format!("/test_runs/5{path}"), *body));
    for (method, path, body) in of_runs.chain(of_run) {
        let request = (method, &*path, body);
        description.check_as(&fake, token, stack, request).await;
        description.check_as(&fake, "another", stack, request).await;
        description.check_as(&fake, token, stack + 1, request).await;
        fake.inject(Fault::status(500).first(1));
        description.check_as(&fake, token, stack, request).await;
    }
    let bad = r#"{ "note": 1, "status": "passed" }"#;
    description.check_as(&fake, token, stack, ("PATCH", "/test_runs/5", bad)).await;

    let seen: Vec<_> = description.seen.iter().cloned().collect();
    assert_eq!(seen, description.described(), "not every described status was seen");
}

#[tokio::test]
async fn every_stage_of_a_run_is_as_described() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let seconds = Duration::from_secs;
    let courses = [
        RunSeed::timed().running_for(seconds(30)),
        RunSeed::timed().running_for(seconds(30)).result(RunResult::Failed),
        RunSeed::timed().running_for(seconds(60)).aborts_after(seconds(20), Some("a@example.com")),
        RunSeed::timed().running_for(seconds(60)).aborts_after(seconds(20), None),
    ];
    let ids: Vec<i64> = courses.into_iter().map(|course| fake.add_run(course)).collect();
    let mut stages = BTreeSet::new();
    for _ in 0..150 {
        for id in &ids {
            description.check(&fake, "GET", &format!("/test_runs/{id}")).await;
            description.check(&fake, "GET", &format!("/test_runs/{id}/distribution")).await;
            let run = fake.run_json(*id).expect("the run");
            stages.insert(run["status"].as_str().expect("a status").to_owned());
        }
        fake.clock().advance(seconds(1));
    }
    let all = [
        "aborted",
        "completed",
        "created",
        "initializing",
        "processing_metrics",
        "queued",
        "running",
    ];
    assert_eq!(stages.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

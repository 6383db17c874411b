//! Load tests.

use std::time::Duration;

use k6_cloud_fake::{FakeCloud, Fault, RunSeed};
use reqwest::RequestBuilder;

use super::Description;

const FORM: &str = "multipart/form-data; boundary=limit";

/// A request: method, path, content type and body.
type Sent = (&'static str, &'static str, &'static str, &'static str);

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

const NAMED: &str = "--limit\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\
                     Basket\r\n--limit--\r\n";

const UNNAMED: &str = "--limit--\r\n";

/// One good request for each operation; 101 is a load test and 5001 a project.
const GOOD: &[Sent] = &[
    ("GET", "/load_tests?$count=true&$top=2", "", ""),
    ("GET", "/projects/5001/load_tests", "", ""),
    ("GET", "/load_tests/101", "", ""),
    ("PATCH", "/load_tests/101", JSON, r#"{ "name": "Checkout", "k6_version": 1 }"#),
    ("PUT", "/load_tests/101/move", JSON, r#"{ "project_id": 5001 }"#),
    ("PUT", "/load_tests/101/script", BYTES, "// a"),
    ("GET", "/load_tests/101/script", "", ""),
    ("POST", "/load_tests/102/start", "", ""),
    ("POST", "/projects/5001/load_tests", FORM, NAMED),
    ("POST", "/validate_options", JSON, r#"{ "options": { "vus": 5, "duration": "1m" } }"#),
    ("DELETE", "/load_tests/101", "", ""),
];

/// Requests that fail, after `GOOD`.
const BAD: &[Sent] = &[
    ("GET", "/load_tests?$top=-1", "", ""),
    ("GET", "/projects/5001/load_tests?$orderby=size", "", ""),
    ("PATCH", "/load_tests/102", JSON, r#"{ "name": "" }"#),
    ("PUT", "/load_tests/102/move", JSON, "{}"),
    ("PUT", "/load_tests/102/script", JSON, "{}"),
    ("PUT", "/load_tests/102/script", BYTES, ""),
    ("POST", "/projects/5001/load_tests", FORM, UNNAMED),
    ("POST", "/validate_options", JSON, r#"{ "options": { "vus": 0, "duration": "" } }"#),
    // Load test 101 was deleted, and project 9 never existed.
    ("GET", "/projects/9/load_tests", "", ""),
    ("GET", "/load_tests/101", "", ""),
    ("PATCH", "/load_tests/101", JSON, "{}"),
    ("PUT", "/load_tests/101/move", JSON, r#"{ "project_id": 5001 }"#),
    ("PUT", "/load_tests/101/script", BYTES, "// a"),
    ("GET", "/load_tests/101/script", "", ""),
    ("POST", "/load_tests/101/start", "", ""),
    ("POST", "/projects/9/load_tests", FORM, NAMED),
    ("DELETE", "/load_tests/101", "", ""),
    // The load test of the form exists, and has its name.
    ("POST", "/projects/5001/load_tests", FORM, NAMED),
    ("PATCH", "/load_tests/102", JSON, r#"{ "name": "Basket" }"#),
    ("PUT", "/load_tests/103/move", JSON, r#"{ "project_id": 5001 }"#),
    // Its run has not ended.
    ("DELETE", "/load_tests/102", "", ""),
];

fn complete((_, _, content_type, body): Sent) -> impl Fn(RequestBuilder) -> RequestBuilder {
    move |request| {
        if content_type.is_empty() {
            return request;
        }
        request.header("content-type", content_type).body(body)
    }
}

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let (token, stack) = (fake.token(), fake.stack_id());
    for request in GOOD {
        let place = (request.0, request.1);
        let send = complete(*request);
        description.check_with(&fake, "another", stack, place, &send).await;
        description.check_with(&fake, token, stack.get() + 1, place, &send).await;
        fake.inject(Fault::status(500).first(1));
        description.check_with(&fake, token, stack, place, &send).await;
        description.check_with(&fake, token, stack, place, &send).await;
    }
    let named = ("PATCH", "/load_tests/103", JSON, r#"{ "name": "Basket" }"#);
    for request in [named].iter().chain(BAD) {
        let place = (request.0, request.1);
        description.check_with(&fake, token, stack, place, complete(*request)).await;
    }
    // Both types, and any.
    for accept in ["*/*", "text/javascript", "application/x-tar"] {
        let send = |request: RequestBuilder| request.header("accept", accept);
        let place = ("GET", "/load_tests/102/script");
        description.check_with(&fake, token, stack, place, send).await;
    }
    description.assert_all_seen("load_tests");
}

#[tokio::test]
async fn all_starts_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let (token, stack) = (fake.token(), fake.stack_id());
    let seeds = [
        RunSeed::timed(),
        RunSeed::failed(),
        RunSeed::aborted(),
        RunSeed::invalid(),
        RunSeed::running(),
        RunSeed::queued().created_for(Duration::ZERO),
    ];
    for (number, seed) in seeds.into_iter().enumerate() {
        fake.next_start(seed);
        let key = format!("key {number}");
        for _ in 0..3 {
            let send = |request: RequestBuilder| request.header("k6-idempotency-key", &key);
            let place = ("POST", "/load_tests/101/start");
            description.check_with(&fake, token, stack, place, send).await;
            fake.clock().advance(Duration::from_secs(250));
        }
    }
}

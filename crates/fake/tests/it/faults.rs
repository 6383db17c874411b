//! Faults, canned responses, and the record of requests.

use std::time::Duration;

use k6_cloud_fake::{CannedResponse, FakeCloud, Fault};
use serde_json::{Value, json};

use crate::support::{get, json, request, send};

/// All operations of the description, by their ids.
fn operations() -> Vec<String> {
    let document: Value =
        serde_json::from_str(include_str!("../../openapi/overlaid.json")).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|item| item.as_object().expect("a path").values());
    operations
        .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn faults_and_responses_take_every_name_of_the_client() {
    let names = operations();
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        let _ = Fault::close().on(&name);
        let _ = CannedResponse::empty(204).on(&name);
    }
}

#[test]
#[should_panic(expected = "no operation `get_testrun`; the nearest names are `get_test_run`")]
fn faults_with_an_unknown_name_panic_with_the_nearest_ones() {
    let _ = Fault::close().on("get_testrun");
}

#[test]
#[should_panic(expected = "`list_load_tests`")]
fn responses_with_an_unknown_name_panic_with_the_nearest_ones() {
    let _ = CannedResponse::empty(204).on("list_load_test");
}

#[tokio::test]
async fn faults_tell_how_often_they_fired() {
    let fake = FakeCloud::start().await.expect("starts");
    let twice = fake.inject(Fault::status(503).on("get_test_run").first(2));
    let third = fake.inject(Fault::html(502).nth(2));
    let never = fake.inject(Fault::close().on("list_schedules"));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&fake, "test_runs/900001").await.status);
    }
    assert_eq!(statuses, [503, 503, 502, 200]);
    assert_eq!((twice.fired(), third.fired(), never.fired()), (2, 1, 0));
}

#[tokio::test]
async fn canned_responses_replace_the_operation() {
    let fake = FakeCloud::start().await.expect("starts");
    let body = json!({ "value": [{ "id": 1 }] });
    let canned = CannedResponse::json(200, &body).header("x-part", "1").on("list_load_zones");
    let canned = fake.respond(canned.first(1));
    assert_eq!(get(&fake, "load_zones").await.json(), body);
    assert_ne!(get(&fake, "load_zones").await.json(), body);
    assert_eq!(canned.fired(), 1);
    fake.respond(CannedResponse::empty(204).on("create_project"));
    let created = json(&fake, "POST", "projects", json!({ "name": "New" })).await;
    assert_eq!((created.status, created.body.len()), (204, 0));
    let names = get(&fake, "projects?name=New").await.json();
    assert_eq!(names["value"], json!([]), "the request took no effect");
}

#[tokio::test]
async fn recorded_requests_know_their_operation_json_and_status() {
    let fake = FakeCloud::start().await.expect("starts");
    json(&fake, "PATCH", "test_runs/900001", json!({ "note": "a" })).await;
    get(&fake, "test_runs/1").await;
    get(&fake, "nothing").await;
    fake.inject(Fault::status(500).first(1));
    get(&fake, "load_zones").await;
    fake.inject(Fault::close());
    request(&fake, "GET", "schedules").send().await.expect_err("the connection is closed");
    let requests = fake.requests();
    let seen: Vec<_> =
        requests.iter().map(|request| (request.operation.as_deref(), request.status)).collect();
    let expected = [
        (Some("update_test_run"), Some(204)),
        (Some("get_test_run"), Some(404)),
        (None, Some(404)),
        (Some("list_load_zones"), Some(500)),
        (Some("list_schedules"), None),
    ];
    assert_eq!(seen, expected);
    assert_eq!(requests[0].json(), Some(json!({ "note": "a" })));
    assert_eq!(requests[1].json(), None);
}

#[tokio::test]
async fn only_the_latest_requests_are_recorded() {
    let fake = FakeCloud::builder().max_recorded_requests(3).start().await.expect("starts");
    for skip in 0..8 {
        send(request(&fake, "GET", &format!("test_runs?$top=1&$skip={skip}"))).await;
    }
    let skips: Vec<_> =
        fake.requests().iter().filter_map(|request| request.query_value("$skip")).collect();
    assert_eq!(skips, ["5", "6", "7"]);
    assert_eq!(fake.request_count(), 8);
}

#[tokio::test]
async fn errors_have_the_code_of_the_service_or_that_of_the_test() {
    for (status, code) in [
        (400, "validation_error"),
        (401, "error"),
        (403, "error"),
        (404, "not_found"),
        (405, "method_not_allowed"),
        (406, "not_acceptable"),
        (409, "conflict"),
        (415, "unsupported_media_type"),
        (429, "error"),
        (500, "error"),
        (503, "error"),
    ] {
        let fake = FakeCloud::start().await.expect("starts");
        fake.inject(Fault::status(status).first(1));
        assert_eq!(get(&fake, "load_zones").await.error(status).0, code);
        fake.inject(Fault::status(status).code("quota").header("x-a", "b").first(1));
        assert_eq!(get(&fake, "load_zones").await.error(status).0, "quota");
    }
    let fake = FakeCloud::start().await.expect("starts");
    fake.inject(Fault::rate_limited(Some("1")).code("slow_down").first(1));
    assert_eq!(get(&fake, "load_zones").await.error(429).0, "slow_down");
    fake.inject(Fault::html(502).code("none"));
    assert!(get(&fake, "load_zones").await.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn outages_follow_the_clock_of_the_fake() {
    let fake = FakeCloud::start().await.expect("starts");
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    fake.clock().advance(minutes(3));
    let outage = fake.inject(Fault::status(503).lasting(minutes(10)));
    let canned = CannedResponse::empty(204).after(minutes(20)).lasting(minutes(1)).first(1);
    fake.respond(canned);
    let mut seen = Vec::new();
    for pause in [0, 9, 1, 9, 1, 0] {
        fake.clock().advance(minutes(pause));
        seen.push(get(&fake, "load_zones").await.status);
    }
    assert_eq!(seen, [503, 503, 200, 200, 204, 200]);
    assert_eq!(outage.fired(), 2);
}

#[tokio::test]
async fn faults_take_the_published_names_of_operations() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.inject(Fault::status(502).on("projects_list").first(1));
    fake.respond(CannedResponse::empty(204).on("test_runs_retrieve").first(1));
    assert_eq!(get(&fake, "projects").await.status, 502);
    assert_eq!(get(&fake, "test_runs/900001").await.status, 204);
}

/// As the table in the README says.
#[tokio::test]
async fn faults_come_before_or_after_the_effect() {
    for (fault, has_effect) in [
        (Fault::close(), true),
        (Fault::reset(), true),
        (Fault::reset_after_headers(), true),
        (Fault::reset_mid_body(), true),
        (Fault::truncate(), true),
        (Fault::slow(Duration::from_millis(1)), true),
        (Fault::status(500), false),
        (Fault::rate_limited(None), false),
        (Fault::html(200), false),
        (Fault::redirect(307, "http://localhost/"), false),
    ] {
        let fake = FakeCloud::start().await.expect("starts");
        let count = async || get(&fake, "projects").await.json()["value"].as_array().map(Vec::len);
        let before = count().await.expect("projects");
        let shown = format!("{fault:?}");
        fake.inject(fault.on("create_project"));
        let call = request(&fake, "POST", "projects").json(&json!({ "name": "New" }));
        // The connection may break.
        let _ = call.send().await;
        let after = count().await.expect("projects");
        assert_eq!(after, before + usize::from(has_effect), "{shown}");
    }
}

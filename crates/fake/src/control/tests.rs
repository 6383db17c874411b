use std::time::Duration;

use serde_json::{Value, json};

use crate::{FakeClock, FakeCloud};

/// A fake with its control path, and a client that the fake did not build.
async fn start() -> (FakeCloud, reqwest::Client) {
    let builder = FakeCloud::builder().control_path(true).lenient().clock(FakeClock::stopped());
    (builder.start().await.expect("starts"), crate::tests::plain_http())
}

async fn send(
    fake: &FakeCloud,
    http: &reqwest::Client,
    (method, path): (&str, &str),
    body: Value,
) -> (u16, Value) {
    let url = format!("{}{path}", fake.base_url());
    let request = http
        .request(method.parse().expect("a method"), url)
        .bearer_auth(fake.token())
        .header("x-stack-id", fake.stack_id());
    let request = if body.is_null() { request } else { request.json(&body) };
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or_default())
}

#[tokio::test]
async fn next_start_is_planned_over_http() {
    let (fake, http) = start().await;
    let plan = json!({ "outcome": "failed", "running_for": "60s", "vus": 7 });
    assert_eq!(send(&fake, &http, ("POST", "/_fake/next-start"), plan).await.0, 204);
    let path = ("POST", "/cloud/v6/load_tests/101/start");
    let (_, run) = send(&fake, &http, path, Value::Null).await;
    let clock = json!({ "advance": "10m" });
    let (_, clock) = send(&fake, &http, ("POST", "/_fake/clock"), clock).await;
    assert_eq!(clock, json!({ "time": "2026-06-30T12:15:00Z", "speed": null }));
    let path = format!("/cloud/v6/test_runs/{}", run["id"]);
    let (_, run) = send(&fake, &http, ("GET", &path), Value::Null).await;
    assert_eq!((&run["result"], &run["execution_duration"]), (&json!("failed"), &json!(60)));
    assert_eq!(run["max_vus"], 7);
}

#[tokio::test]
async fn runs_zones_and_load_tests_are_added_over_http() {
    let (fake, http) = start().await;
    let run = json!({ "outcome": "running", "note": "a", "id": 77 });
    assert_eq!(send(&fake, &http, ("POST", "/_fake/runs"), run).await, (200, json!({ "id": 77 })));
    assert_eq!(fake.run_json(77).expect("the run")["note"], "a");
    let next = send(&fake, &http, ("POST", "/_fake/runs/77/advance"), Value::Null).await;
    assert_eq!(next, (200, json!({ "status": "processing_metrics" })));
    let run = json!({ "outcome": "passed", "timed": true });
    let (_, added) = send(&fake, &http, ("POST", "/_fake/runs"), run).await;
    let id = added["id"].as_i64().expect("an id");
    assert_eq!(fake.run_json(id).expect("the run")["status"], "created");
    let zone = json!({ "k6_load_zone_id": "berlin" });
    let (status, zone) = send(&fake, &http, ("POST", "/_fake/load-zones"), zone).await;
    assert_eq!((status, zone["id"].is_i64()), (200, true));
    let options = json!({ "vus": 3, "duration": "5s" });
    let test = json!({ "name": "Basket", "options": options });
    let (_, test) = send(&fake, &http, ("POST", "/_fake/load-tests"), test).await;
    let path = format!("/cloud/v6/load_tests/{}/start", test["id"]);
    let (_, run) = send(&fake, &http, ("POST", &path), Value::Null).await;
    fake.clock().advance(Duration::from_secs(17));
    let run = fake.run_json(run["id"].as_i64().expect("an id")).expect("the run");
    assert_eq!((&run["options"], &run["max_vus"]), (&options, &json!(3)));
    let options = json!({ "vus": 4, "duration": "5s" });
    let path = format!("/_fake/load-tests/{}/options", test["id"]);
    assert_eq!(send(&fake, &http, ("PUT", &path), options).await.0, 204);
}

#[tokio::test]
async fn faults_and_requests_are_controlled_over_http() {
    let (fake, http) = start().await;
    let fault =
        json!({ "kind": "status", "status": 503, "operation": "list_test_runs", "first": 1 });
    assert_eq!(send(&fake, &http, ("POST", "/_fake/faults"), fault).await.0, 204);
    let list = ("GET", "/cloud/v6/test_runs?$top=1");
    assert_eq!(send(&fake, &http, list, Value::Null).await.0, 503);
    assert_eq!(send(&fake, &http, list, Value::Null).await.0, 200);
    let (_, faults) = send(&fake, &http, ("GET", "/_fake/faults"), Value::Null).await;
    assert_eq!((&faults["value"][0]["fired"], &faults["value"][1]), (&json!(1), &Value::Null));
    let (_, requests) = send(&fake, &http, ("GET", "/_fake/requests"), Value::Null).await;
    let requests = requests["value"].as_array().expect("a list").clone();
    let seen: Vec<_> =
        requests.iter().map(|request| (&request["operation"], &request["status"])).collect();
    let operation = json!("list_test_runs");
    assert_eq!(seen, [(&operation, &json!(503)), (&operation, &json!(200))]);
    assert!(!requests[0].to_string().contains(fake.token()), "the token is not shown");
    assert_eq!(send(&fake, &http, ("DELETE", "/_fake/requests"), Value::Null).await.0, 204);
    assert_eq!(send(&fake, &http, ("DELETE", "/_fake/faults"), Value::Null).await.0, 204);
    let (_, overview) = send(&fake, &http, ("GET", "/_fake"), Value::Null).await;
    assert_eq!((&overview["requests"], &overview["strict"]), (&json!(2), &json!(false)));
}

#[tokio::test]
async fn wrong_control_requests_are_rejected() {
    let (fake, http) = start().await;
    for (path, body, target) in [
        ("/_fake/next-start", json!({ "outcome": "won" }), "outcome"),
        ("/_fake/next-start", json!({ "outcome": "passed", "running_for": "soon" }), "running_for"),
        ("/_fake/next-start", json!({ "outcome": "passed", "vu": 1 }), "body"),
        ("/_fake/clock", json!({ "speed": 0 }), "speed"),
        ("/_fake/clock", json!({ "advance": "-1s" }), "advance"),
        ("/_fake/faults", json!({ "kind": "fire" }), "kind"),
        ("/_fake/faults", json!({ "kind": "close", "operation": "get_testrun" }), "operation"),
        ("/_fake/load-tests", json!({ "name": "a", "project_id": 1 }), "project_id"),
    ] {
        let (status, error) = send(&fake, &http, ("POST", path), body).await;
        assert_eq!((status, error["error"]["target"].as_str()), (400, Some(target)), "{path}");
    }
    for path in ["/_fake/nothing", "/_fake/runs/5/advance", "/_fakes"] {
        assert_eq!(send(&fake, &http, ("POST", path), Value::Null).await.0, 404, "{path}");
    }
    assert_eq!(fake.request_count(), 1, "only the path beside the control path is recorded");
}

#[tokio::test]
async fn control_path_is_off_by_default() {
    let fake = FakeCloud::start().await.expect("starts");
    let http = crate::tests::plain_http();
    assert_eq!(send(&fake, &http, ("GET", "/_fake"), Value::Null).await.0, 404);
    let client = fake.client().build().expect("complete");
    assert!(client.list_load_zones().send().await.is_ok());
}

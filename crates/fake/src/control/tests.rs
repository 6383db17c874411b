use std::time::Duration;

use serde_json::{Value, json};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{FakeClock, FakeCloud, Fault, LoadZoneSeed, RunSeed};

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
        .header("x-stack-id", fake.stack_id().get());
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

/// Sends a request with these headers, and returns the status and the body.
async fn send_raw(fake: &FakeCloud, method: &str, path: &str, rest: &str) -> (u16, Value) {
    let address = fake.base_url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.expect("connects");
    let head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n{rest}");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).await.expect("received");
    let status = response.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = response.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status.expect("a status"), serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test]
async fn control_path_is_for_this_machine_only() {
    let builder = FakeCloud::builder().control_path(true).control_host("host.docker.internal");
    let fake = builder.start().await.expect("starts");
    for (headers, expected) in [
        ("host: 127.0.0.1:8600", 200),
        ("host: localhost", 200),
        ("host: LOCALHOST.:1", 200),
        ("host: fake.localhost:1", 200),
        ("host: [::1]:8600", 200),
        ("host: Host.Docker.Internal:8600", 200),
        ("host: evil.example:8600", 403),
        ("host: localhost.evil.example", 403),
        ("host: 10.0.0.1", 403),
        ("host: localhost\r\nhost: evil.example", 400),
        ("host: localhost\r\norigin: http://evil.example", 403),
        ("host: localhost\r\norigin: null", 403),
        ("host: localhost\r\norigin: http://localhost.evil.example:8600", 403),
        ("host: localhost\r\norigin: http://localhost:3000", 200),
    ] {
        for (method, path) in [("GET", "/_fake"), ("DELETE", "/_fake/faults")] {
            let (status, body) = send_raw(&fake, method, path, &format!("{headers}\r\n\r\n")).await;
            let is_expected = match expected {
                200 => status == 200 || status == 204,
                400 => status == 400 || status == 403,
                other => status == other,
            };
            assert!(is_expected, "{method} {headers}: {status}");
            let is_local = expected == 200 && !headers.contains("Docker");
            assert_eq!(body.get("token").is_some(), is_local && status == 200, "{headers}");
        }
    }
    let absolute = "http://evil.example/_fake";
    assert_eq!(send_raw(&fake, "GET", absolute, "host: localhost\r\n\r\n").await.0, 403);
}

#[tokio::test]
async fn control_path_takes_json_only() {
    let (fake, _) = start().await;
    let body = json!({ "kind": "close" }).to_string();
    for (content_type, expected) in [
        ("content-type: text/plain\r\n", 415),
        ("content-type: application/x-www-form-urlencoded\r\n", 415),
        ("", 415),
        ("content-type: Application/JSON; charset=utf-8\r\n", 204),
    ] {
        let rest = format!(
            "host: localhost\r\n{content_type}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (status, _) = send_raw(&fake, "POST", "/_fake/faults", &rest).await;
        assert_eq!(status, expected, "{content_type}");
    }
}

#[tokio::test]
async fn planned_starts_are_listed_and_dropped_over_http() {
    let (fake, http) = start().await;
    let plans = [
        json!({ "outcome": "aborted_by_threshold", "running_for": "90s", "vus": 3, "note": "a" }),
        json!({ "outcome": "failed", "id": 77 }),
    ];
    for plan in &plans {
        send(&fake, &http, ("POST", "/_fake/next-start"), plan.clone()).await;
    }
    let (_, planned) = send(&fake, &http, ("GET", "/_fake/next-start"), Value::Null).await;
    for (at, plan) in plans.iter().enumerate() {
        for (name, value) in plan.as_object().expect("an object") {
            assert_eq!(&planned["value"][at][name], value, "{name} of {planned}");
        }
    }
    let (_, overview) = send(&fake, &http, ("GET", "/_fake"), Value::Null).await;
    assert_eq!(overview["planned_starts"], 2);
    assert_eq!(send(&fake, &http, ("DELETE", "/_fake/next-start"), Value::Null).await.0, 204);
    let (_, planned) = send(&fake, &http, ("GET", "/_fake/next-start"), Value::Null).await;
    assert_eq!(planned["value"], json!([]));
    let path = ("POST", "/cloud/v6/load_tests/101/start");
    let (_, run) = send(&fake, &http, path, Value::Null).await;
    assert_ne!(run["id"], 77);
}

#[tokio::test]
async fn outcomes_are_named_as_they_are_planned() {
    let (fake, http) = start().await;
    let names: Vec<&str> = super::requests::OUTCOMES.iter().map(|(name, _)| *name).collect();
    for name in &names {
        fake.next_start(super::parse_planned_run(name).expect(name));
    }
    let (_, planned) = send(&fake, &http, ("GET", "/_fake/next-start"), Value::Null).await;
    let rows = planned["value"].as_array().expect("rows").iter();
    assert_eq!(rows.map(|row| row["outcome"].as_str().expect("a name")).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn reset_returns_to_what_the_builder_described() {
    let builder = FakeCloud::builder()
        .control_path(true)
        .next_start(RunSeed::failed().id(77))
        .add_load_zone(LoadZoneSeed::private("berlin"))
        .add_run(RunSeed::running().id(78))
        .inject(Fault::status(503).on("list_schedules").first(1));
    let fake = builder.start().await.expect("starts");
    let http = crate::tests::plain_http();
    let states = async || {
        let mut states = Vec::new();
        for path in ["test_runs?$top=100", "load_tests", "projects", "load_zones", "labels"] {
            let path = format!("/cloud/v6/{path}");
            states.push(send(&fake, &http, ("GET", &path), Value::Null).await);
        }
        for path in ["/_fake/next-start", "/_fake/requests"] {
            fake.clear_requests();
            states.push(send(&fake, &http, ("GET", path), Value::Null).await);
        }
        states
    };
    let before = states().await;
    let schedules = ("GET", "/cloud/v6/schedules");
    assert_eq!(send(&fake, &http, schedules, Value::Null).await.0, 503);
    let start = ("POST", "/cloud/v6/load_tests/101/start");
    assert_eq!(send(&fake, &http, start, Value::Null).await.1["id"], 77);
    let project = json!({ "name": "New" });
    send(&fake, &http, ("POST", "/cloud/v6/projects"), project).await;
    send(&fake, &http, ("DELETE", "/cloud/v6/load_tests/102"), Value::Null).await;
    fake.add_label_key("team");
    fake.inject(Fault::status(500).on("get_test_run"));
    assert_ne!(states().await, before);
    assert_eq!(send(&fake, &http, ("POST", "/_fake/reset"), Value::Null).await.0, 204);
    assert_eq!(states().await, before);
    assert_eq!(send(&fake, &http, schedules, Value::Null).await.0, 503, "the fault is new again");
    let run = ("GET", "/cloud/v6/test_runs/78");
    assert_eq!(send(&fake, &http, run, Value::Null).await.0, 200);
}

#[tokio::test]
async fn outages_last_as_long_as_they_are_planned() {
    let (fake, http) = start().await;
    let fault = json!({ "kind": "status", "status": 503, "code": "gone", "after": "1m",
                        "lasting": "10m", "operation": "load_zones_list" });
    assert_eq!(send(&fake, &http, ("POST", "/_fake/faults"), fault).await.0, 204);
    let (_, faults) = send(&fake, &http, ("GET", "/_fake/faults"), Value::Null).await;
    let fault = &faults["value"][0];
    assert_eq!(
        (&fault["operation"], &fault["from"], &fault["until"]),
        (&json!("list_load_zones"), &json!("2026-06-30T12:06:00Z"), &json!("2026-06-30T12:16:00Z"))
    );
    let mut seen = Vec::new();
    for seconds in [0, 59, 1, 599, 1] {
        fake.clock().advance(Duration::from_secs(seconds));
        let (status, body) = send(&fake, &http, ("GET", "/cloud/v6/load_zones"), Value::Null).await;
        seen.push(status);
        if status == 503 {
            assert_eq!(body["error"]["code"], "gone");
        }
    }
    assert_eq!(seen, [200, 200, 503, 503, 200]);
}

#[tokio::test]
async fn shown_requests_have_no_tokens() {
    let (fake, http) = start().await;
    let options =
        json!({ "vus": 1, "duration": "1s", "cloud": { "token": "hush", "projectID": 5001 } });
    let body = json!({ "options": options, "project_id": 5001 });
    send(&fake, &http, ("POST", "/cloud/v6/validate_options"), body).await;
    let (_, shown) = send(&fake, &http, ("GET", "/_fake/requests"), Value::Null).await;
    let text = shown.to_string();
    assert!(!text.contains("hush") && !text.contains(fake.token()), "{text}");
    let cloud = &shown["value"][0]["json"]["options"]["cloud"];
    assert_eq!(cloud, &json!({ "token": "[redacted]", "projectID": 5001 }));
}

//! Starts of load tests, and what their options cost.

use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud::{RunResult, RunStatus, ScriptSource, TestRunId};
use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud, NOW, RunSeed, USER};
use serde_json::{Value, json};

use crate::{client_of, only_request, raw};

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

async fn start(client: &Client, key: &str) -> TestRunId {
    client.start_load_test(101).idempotency_key(key).send().await.expect("started").id()
}

/// Starts a load test with any key, or without one, which the client never does.
async fn start_raw(fake: &FakeCloud, key: Option<&str>) -> raw::Response {
    let request = raw::request(fake, "POST", "/load_tests/101/start");
    raw::send(match key {
        Some(key) => request.header("k6-idempotency-key", key),
        None => request,
    })
    .await
}

#[tokio::test]
async fn start_is_a_run_with_its_page() {
    let (fake, client) = fake().await;
    let start = client.start_load_test(102).idempotency_key("a-1");
    let started = start.send().await.expect("started");
    let run = started.run().expect("it was started");
    let request = only_request(&fake, &[("k6-idempotency-key", "a-1")]);
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/load_tests/102/start"));
    assert_eq!(request.body, b"");
    assert_eq!((run.id, run.test_id, run.project_id), (FIRST_RUN_ID, 102.into(), 5_001.into()));
    assert_eq!((&run.status, *run.created), (&k6_cloud::RunStatus::Created, NOW));
    assert_eq!(run.started_by.as_deref(), Some(USER));
    let page = format!("{}/a/k6-app/runs/900001", fake.stack_url());
    assert_eq!(started.page_url(), Some(&*page));
    let listed = client.list_load_test_runs(102).send().await.expect("a list");
    assert_eq!(listed.value.iter().map(|run| run.id).collect::<Vec<_>>(), [run.id]);
    let missing = client.start_load_test(9).send().await.expect_err("no such test");
    assert!(missing.is_not_found(), "{missing}");
}

#[tokio::test]
async fn started_run_follows_the_clock() {
    let (fake, client) = fake().await;
    let id = client.start_load_test(101).send().await.expect("started").id();
    let status = || fake.run_json(id).expect("the run")["status"].clone();
    let mut seen = vec![status()];
    for seconds in [2, 5, 10, 1_800, 20] {
        fake.clock().advance(Duration::from_secs(seconds));
        seen.push(status());
    }
    let all = ["created", "queued", "initializing", "running", "processing_metrics", "completed"];
    assert_eq!(seen, all);
    assert_eq!(fake.run_json(id).expect("the run")["result"], "passed");
}

#[tokio::test]
async fn start_with_the_same_key_is_the_same_run_for_ten_minutes() {
    let (fake, client) = fake().await;
    let first = start(&client, "key").await;
    fake.clock().advance(Duration::from_secs(599));
    let again = client.start_load_test(101).idempotency_key("key").send().await;
    let again = again.expect("the run of before");
    assert_eq!(
        (again.id(), again.run().expect("it was started").status.as_str()),
        (first, "running")
    );
    assert_eq!(start(&client, "other").await, first.get() + 1);
    let of_another = client.start_load_test(102).idempotency_key("key").send().await;
    assert_eq!(of_another.expect("started").id(), first.get() + 2);
    fake.clock().advance(Duration::from_secs(1));
    assert_eq!(start(&client, "key").await, first.get() + 3);
    for id in [first.get() + 4, first.get() + 5] {
        let started = start_raw(&fake, None).await;
        assert!((200..300).contains(&started.status), "{}", started.status);
        assert_eq!(started.json()["id"], id);
    }
    let count = client.list_test_runs().count(true).send().await.expect("a list").count;
    assert_eq!(count, Some(6));
}

#[tokio::test]
async fn idempotency_key_has_1_to_36_characters() {
    let (fake, client) = fake().await;
    start(&client, &"k".repeat(36)).await;
    for key in ["", &*"k".repeat(37)] {
        assert_eq!(start_raw(&fake, Some(key)).await.status, 400, "{key}");
    }
    let runs = client.list_test_runs().send().await.expect("a list");
    assert_eq!(runs.value.len(), 1);
}

#[tokio::test]
async fn next_start_sets_the_outcome_of_the_run() {
    let (fake, client) = fake().await;
    let outcomes = [
        (RunSeed::passed(), "completed", Some("passed")),
        (RunSeed::failed(), "completed", Some("failed")),
        (RunSeed::timed().result(RunResult::Error), "completed", Some("error")),
        (RunSeed::aborted(), "aborted", Some("error")),
        (RunSeed::invalid(), "aborted", Some("error")),
        (RunSeed::queued(), "queued", None),
        (RunSeed::running(), "running", None),
        (RunSeed::new(RunStatus::Created), "created", None),
        (RunSeed::new(RunStatus::Unknown("paused".into())), "paused", None),
    ];
    for (seed, _, _) in &outcomes {
        fake.next_start(seed.clone());
    }
    let mut ids = Vec::new();
    for (seed, ..) in &outcomes {
        let started = client.start_load_test(101).send().await.expect("started");
        let run = started.run().expect("it was started");
        assert_eq!((run.status.as_str(), *run.created), ("created", NOW), "{seed:?}");
        ids.push(run.id);
    }
    fake.clock().advance(Duration::from_secs(86_400));
    for ((seed, status, result), id) in outcomes.iter().zip(ids) {
        let run = client.get_test_run(id).send().await.expect("the run");
        let result = result.map(k6_cloud::RunResult::from);
        assert_eq!((run.status.as_str(), run.result), (*status, result), "{seed:?}");
    }
    // The next start has the usual outcome again.
    let id = client.start_load_test(101).send().await.expect("started").id();
    fake.clock().advance(Duration::from_secs(86_400));
    assert_eq!(fake.run_json(id).expect("the run")["result"], "passed");
}

#[tokio::test]
async fn started_run_has_the_script_of_its_load_test() {
    let (fake, client) = fake().await;
    let mine = ScriptSource::bytes("// mine");
    client.upload_load_test_script(101, mine).send().await.expect("uploaded");
    let first = start(&client, "a").await;
    let newer = ScriptSource::bytes("// newer");
    client.upload_load_test_script(101, newer).send().await.expect("uploaded");
    fake.next_start(RunSeed::failed().test_id(102).id(77));
    let second = client.start_load_test(101).send().await.expect("started");
    assert_eq!(
        (second.id(), second.run().expect("it was started").test_id),
        (77.into(), 101.into())
    );
    for (id, script) in [(first, "// mine"), (77.into(), "// newer")] {
        let stored = client.get_test_run_script(id).await.expect("the script");
        assert_eq!(stored.as_bytes(), script.as_bytes());
    }
}

async fn validate(client: &Client, body: Value) -> Result<types::ValidateOptionsResponse, Error> {
    let body: types::ValidateOptionsRequest = serde_json::from_value(body).expect("a request");
    let call = client.validate_options(body.options).project_id(body.project_id);
    let call = call.k6_version(body.k6_version).is_local_execution(body.is_local_execution);
    call.send().await
}

#[tokio::test]
async fn validate_options_says_what_a_run_costs() {
    let (fake, client) = fake().await;
    let body = json!({
        "project_id": 5_002,
        "options": { "vus": 20, "duration": "15m", "tags": { "team": "shop" } },
    });
    let cost = validate(&client, body.clone()).await.expect("valid");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/validate_options"));
    let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(
        sent["options"],
        json!({
            "vus": 20, "duration": "15m", "tags": { "team": "shop" },
        })
    );
    assert_eq!(sent["project_id"], 5_002);
    assert_eq!(cost.vuh_usage.as_f64(), 5.0);
    assert_eq!(cost.breakdown.protocol_vuh.as_f64(), 5.0);
    assert_eq!(cost.breakdown.reduction_rate_breakdown, None);

    let body = json!({
        "is_local_execution": true,
        "options": { "cloud": { "projectID": 5_001 }, "scenarios": {
            "call": { "executor": "constant-vus", "vus": 20, "duration": "15m" },
            "browse": {
                "executor": "constant-vus", "vus": 2, "duration": "30m",
                "options": { "browser": { "type": "chromium" } },
            },
        } },
    });
    let cost = validate(&client, body).await.expect("valid");
    assert_eq!(cost.vuh_usage.as_f64(), 11.25);
    let breakdown = &cost.breakdown;
    let amounts = [breakdown.protocol_vuh, breakdown.browser_vuh, breakdown.base_total_vuh];
    assert_eq!(amounts.map(Vuh::as_f64), [3.75, 7.5, 15.0]);
    assert_eq!(breakdown.reduction_rate.as_f64(), 25.0);
    let rates = breakdown.reduction_rate_breakdown.as_ref().expect("a reduction");
    assert_eq!(rates["local_run"].as_f64(), 25.0);
}

#[tokio::test]
async fn validate_options_rejects_what_cannot_run() {
    let (_fake, client) = fake().await;
    let limits = client
        .update_project_limits(5_003)
        .vu_max_per_test(10)
        .vu_browser_max_per_test(1)
        .duration_max_per_test(60);
    limits.send().await.expect("limited");
    let browser = json!({ "scenarios": { "a": {
        "executor": "constant-vus", "vus": 2, "duration": "1m",
        "options": { "browser": { "type": "chromium" } },
    } } });
    let late = json!({ "scenarios": { "a": {
        "executor": "constant-vus", "startTime": "1s", "duration": "60s",
    } } });
    let cases = [
        (5_003, json!({ "vus": 10, "duration": "60s" }), None),
        (5_003, json!({ "vus": 11, "duration": "60s" }), Some("options")),
        (5_003, json!({ "vus": 10, "duration": "61s" }), Some("options")),
        (5_003, browser, Some("options")),
        (5_003, late, Some("options")),
        (5_001, json!({ "vus": 11, "duration": "61s" }), None),
        (5_001, json!({ "vus": 0, "duration": "1m" }), Some("options.vus")),
        (5_001, json!({ "duration": "soon" }), Some("options.duration")),
        (9, json!({}), Some("project_id")),
    ];
    for (project, options, target) in cases {
        let body = json!({ "project_id": project, "options": options });
        let result = validate(&client, body).await;
        let error = result.as_ref().err();
        assert_eq!(error.and_then(Error::target), target, "{options}");
        assert!(error.is_none_or(Error::is_invalid_request), "{options}");
    }
}

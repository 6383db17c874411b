//! Test runs.

use std::collections::BTreeSet;
use std::time::Duration;

use k6_cloud::{RunResult, ScriptKind, TestRunId};
use k6_cloud_fake::{CostForm, FIRST_LOAD_TEST_ID, FakeCloud, Fault, RunSeed};

use super::Description;

const NOTE: &str = r#"{ "note": "a" }"#;

/// The requests for each run. The last two can end it.
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
async fn all_responses_follow_the_description() {
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

    // A new run for each request, so that none depends on another.
    let seeds: &[fn() -> RunSeed] = &[
        RunSeed::passed,
        || RunSeed::passed().cost(CostForm::String).script(ScriptKind::Archive),
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

    // The errors that every operation can return.
    let of_runs = [("GET", "/test_runs".to_owned(), ""), ("GET", list, "")].into_iter();
    let of_run = OF_A_RUN.iter().map(|(m, path, body)| (*m, format!("/test_runs/5{path}"), *body));
    for (method, path, body) in of_runs.chain(of_run) {
        let request = (method, &*path, body);
        description.check_as(&fake, token, stack, request).await;
        description.check_as(&fake, "another", stack, request).await;
        description.check_as(&fake, token, stack.get() + 1, request).await;
        fake.inject(Fault::status(500).first(1));
        description.check_as(&fake, token, stack, request).await;
    }
    let bad = r#"{ "note": 1, "status": "passed" }"#;
    description.check_as(&fake, token, stack, ("PATCH", "/test_runs/5", bad)).await;

    description.assert_all_seen("test_runs");
}

#[tokio::test]
async fn all_statuses_of_a_run_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let seconds = Duration::from_secs;
    let lifecycles = [
        RunSeed::timed().running_for(seconds(30)),
        RunSeed::timed().running_for(seconds(30)).result(RunResult::Failed),
        RunSeed::timed().running_for(seconds(60)).aborts_after(seconds(20), Some("a@example.com")),
        RunSeed::timed().running_for(seconds(60)).aborts_after(seconds(20), None),
    ];
    let ids: Vec<TestRunId> = lifecycles.into_iter().map(|seed| fake.add_run(seed)).collect();
    let mut statuses = BTreeSet::new();
    for _ in 0..150 {
        for id in &ids {
            description.check(&fake, "GET", &format!("/test_runs/{id}")).await;
            description.check(&fake, "GET", &format!("/test_runs/{id}/distribution")).await;
            let run = fake.run_json(*id).expect("the run");
            statuses.insert(run["status"].as_str().expect("a status").to_owned());
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
    assert_eq!(statuses.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

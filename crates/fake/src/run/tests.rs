//! Runs that follow the clock.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::{FakeCloud, NOW, RunSeed};

/// Created for 2 s, queued for 3 s, initializing for 5 s, running for 20 s and processing for
/// 10 s: 40 s in all.
fn seed() -> RunSeed {
    let seconds = Duration::from_secs;
    RunSeed::timed()
        .created_for(seconds(2))
        .queued_for(seconds(3))
        .initializing_for(seconds(5))
        .running_for(seconds(20))
        .processing_for(seconds(10))
}

/// Returns the run of `seed`, which was added at `NOW`, after a number of milliseconds.
fn after(milliseconds: i64, seed: RunSeed) -> Run {
    let mut run = seed.into_run(1, NOW);
    run.catch_up(NOW + TimeDelta::milliseconds(milliseconds));
    run
}

/// Returns the statuses of a run with the seconds after `NOW` at which it entered each.
fn history(run: &Run) -> Vec<(&str, i64)> {
    let statuses = run.history();
    statuses.map(|entry| (entry.status.as_str(), (entry.entered - NOW).num_seconds())).collect()
}

const WAY: [(&str, i64); 6] = [
    ("created", 0),
    ("queued", 2),
    ("initializing", 5),
    ("running", 10),
    ("processing_metrics", 30),
    ("completed", 40),
];

#[test]
fn timed_run_enters_each_status_at_its_moment() {
    for (place, (status, second)) in WAY.into_iter().enumerate().skip(1) {
        let run = after(second * 1_000 - 1, seed());
        assert_eq!(history(&run), WAY[..place], "just before {status}");
        let run = after(second * 1_000, seed());
        assert_eq!(history(&run), WAY[..=place], "{status}");
    }
}

#[test]
fn timed_run_is_the_same_however_often_it_is_looked_at() {
    let mut often = seed().into_run(1, NOW);
    for milliseconds in (0..90_000).step_by(700) {
        often.catch_up(NOW + TimeDelta::milliseconds(milliseconds));
    }
    let once = after(90_000, seed());
    assert_eq!(often.json(), once.json());
    assert_eq!(once.json()["ended"], "2026-06-30T12:05:40Z");
    assert_eq!(once.json()["execution_duration"], 20);
}

#[test]
fn statuses_of_no_length_are_in_the_history() {
    let zero = Duration::ZERO;
    let hasty = seed().created_for(zero).queued_for(zero).initializing_for(zero);
    let run = hasty.clone().into_run(1, NOW);
    let begun = [("created", 0), ("queued", 0), ("initializing", 0), ("running", 0)];
    assert_eq!(history(&run), begun);
    let run = hasty.running_for(zero).processing_for(zero).into_run(1, NOW);
    assert_eq!(history(&run), WAY.map(|(status, _)| (status, 0)));
    assert_eq!(run.json()["result"], "passed");
    assert_eq!(run.json()["ended"], run.json()["created"]);
}

#[test]
fn result_is_that_of_the_seed_and_shows_at_the_end() {
    for result in [RunResult::Passed, RunResult::Failed, RunResult::Error] {
        let seed = seed().result(result.clone());
        assert_eq!(after(39_999, seed.clone()).json()["result"], Value::Null);
        let run = after(40_000, seed).json();
        assert_eq!(run["result"], result.as_str());
        assert_eq!(run["status"], "completed");
    }
}

#[test]
fn execution_duration_grows_while_the_run_runs() {
    let seen = [9, 10, 17, 29, 30, 50].map(|second| {
        let run = after(second * 1_000, seed()).json();
        assert_eq!(run["estimated_duration"], 20);
        run["execution_duration"].clone()
    });
    assert_eq!(seen, [0, 0, 7, 19, 20, 20]);
}

#[test]
fn planned_duration_counts_the_last_second_as_whole() {
    let seed = seed().running_for(Duration::from_millis(1_500));
    let run = after(11_499, seed.clone()).json();
    assert_eq!((&run["status"], &run["estimated_duration"]), (&json!("running"), &json!(2)));
    let run = after(11_500, seed).json();
    assert_eq!(run["status"], "processing_metrics");
    assert_eq!(run["execution_duration"], 1);
}

#[test]
fn cost_is_null_until_the_run_is_validated() {
    let total = |second: i64| {
        let seed = seed().vus(180, 0).cost(CostForm::Number);
        after(second * 1_000, seed).json()["cost"]["total_vuh"].clone()
    };
    assert_eq!(total(1), Value::Null);
    assert_eq!((total(2), total(15)), (json!(0.675), json!(0.675)));
}

#[test]
fn distribution_is_there_from_the_moment_that_the_run_runs() {
    let known = [2, 9, 10, 35, 99]
        .map(|second| after(second * 1_000, seed()).distribution_json().is_some());
    assert_eq!(known, [false, false, true, true, true]);
    let unknown = after(15_000, seed().distribution(false));
    assert_eq!(unknown.distribution_json(), None);
    assert!(RunSeed::queued().into_run(1, NOW).distribution_json().is_some());
}

#[test]
fn planned_abort_is_by_a_user_or_by_the_system() {
    let seven = Duration::from_secs(7);
    let by_user = after(99_000, seed().aborts_after(seven, Some("ada@example.com"))).json();
    let by_system = after(99_000, seed().aborts_after(seven, None)).json();
    for run in [&by_user, &by_system] {
        assert_eq!((&run["status"], &run["result"]), (&json!("aborted"), &json!("error")));
        assert_eq!(run["ended"], "2026-06-30T12:05:17Z");
        assert_eq!(run["execution_duration"], 7);
    }
    let extra = &by_user["status_details"]["extra"];
    assert_eq!((&extra["by_user"], &extra["code"]), (&json!("ada@example.com"), &Value::Null));
    let extra = &by_system["status_details"]["extra"];
    assert_eq!((&extra["by_user"], &extra["code"]), (&Value::Null, &json!(9_102)));
    assert!(extra["message"].is_string());
    assert_eq!(by_system["result_details"]["code"], 9_102);
}

#[test]
fn planned_abort_after_the_load_does_not_happen() {
    let status = |after_load| {
        let seed = seed().aborts_after(Duration::from_millis(after_load), None);
        after(99_000, seed).status().clone()
    };
    assert_eq!(status(20_000), RunStatus::Aborted);
    assert_eq!(status(20_001), RunStatus::Completed);
}

#[test]
fn stay_without_end_does_not_end() {
    let run = after(1 << 40, seed().queued_for(Duration::MAX));
    assert_eq!(run.status().clone(), RunStatus::Queued);
    let run = after(1 << 40, seed().running_for(Duration::MAX).vus(u32::MAX, u32::MAX));
    assert_eq!(run.status().clone(), RunStatus::Running);
    assert_eq!(run.json()["estimated_duration"], u32::MAX);
}

#[test]
fn time_of_creation_can_be_set() {
    let run = seed().created(NOW - TimeDelta::seconds(12)).into_run(1, NOW);
    assert_eq!((run.status().clone().as_str(), run.progress.execution_duration), ("running", 2));
}

#[test]
fn expiry_that_is_set_outlives_the_end() {
    let run = after(99_000, seed().retention_expiry(NOW)).json();
    assert_eq!((&run["status"], &run["retention_expiry"]), (&json!("completed"), &rfc(0)));
    let run = after(99_000, seed()).json();
    assert_eq!(run["retention_expiry"], "2026-07-30T12:05:40Z");
}

#[test]
fn stays_shape_the_history_of_a_run_that_has_ended() {
    let seconds = Duration::from_secs;
    let was = RunSeed::passed().created(NOW).created_for(seconds(2)).queued_for(seconds(3));
    let was = was.initializing_for(seconds(5)).running_for(seconds(20));
    let run = was.processing_for(seconds(10)).into_run(1, NOW);
    assert_eq!(history(&run), WAY);
    let stopped = |load| {
        let seed = RunSeed::aborted().running_for(seconds(60)).aborts_after(load, None);
        seed.into_run(1, NOW).json()
    };
    assert_eq!(stopped(seconds(7))["execution_duration"], 7);
    assert_eq!(stopped(seconds(61))["execution_duration"], 60);
    assert_eq!(stopped(seconds(61))["status_details"]["extra"]["code"], 9_102);
}

fn rfc(second: i64) -> Value {
    json!(crate::time::rfc3339(NOW + TimeDelta::seconds(second)))
}

async fn fake_with(seed: RunSeed) -> (FakeCloud, k6_cloud::Client, k6_cloud::TestRunId) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(seed);
    let client = fake.client().build().expect("complete");
    (fake, client, id)
}

#[tokio::test]
async fn every_request_sees_the_run_at_the_time_of_the_clock() {
    let (fake, client, id) = fake_with(seed()).await;
    let created = fake.run_json(id).expect("the run")["created"].clone();
    assert_eq!(created, rfc(0));
    fake.clock().advance(Duration::from_secs(10));
    let list = client.list_test_runs().send().await.expect("a page");
    assert_eq!(list.value[0].status, "running");
    fake.clock().advance(Duration::from_secs(7));
    let run = client.get_test_run(id).send().await.expect("the run");
    assert_eq!(run.execution_duration, 7);
    client.delete_test_run(id).send().await.expect_err("it runs");
    fake.clock().advance(Duration::from_secs(13));
    assert_eq!(fake.run_json(id).expect("the run")["status"], "processing_metrics");
    fake.clock().advance(Duration::from_secs(10));
    client.delete_test_run(id).send().await.expect("it has ended");
}

#[tokio::test]
async fn run_is_created_when_it_is_added() {
    let (fake, _client, _) = fake_with(seed()).await;
    fake.clock().advance(Duration::from_secs(100));
    let id = fake.add_run(seed());
    let run = fake.run_json(id).expect("the run");
    assert_eq!((&run["created"], &run["status"]), (&rfc(100), &json!("created")));
}

#[tokio::test]
async fn request_that_aborts_ends_the_course() {
    for second in [0, 2, 5, 10, 30] {
        let (fake, client, id) = fake_with(seed()).await;
        fake.clock().advance(Duration::from_secs(second));
        client.abort_test_run(id).send().await.expect("aborted");
        let aborted = fake.run_json(id).expect("the run");
        let second = i64::try_from(second).unwrap_or_default();
        assert_eq!((&aborted["status"], &aborted["ended"]), (&json!("aborted"), &rfc(second)));
        fake.clock().advance(Duration::from_secs(86_400));
        assert_eq!(fake.run_json(id), Some(aborted), "aborted at {second}");
    }
}

#[tokio::test]
async fn advanced_run_goes_on_by_the_clock_from_there() {
    let (fake, _client, id) = fake_with(seed()).await;
    fake.clock().advance(Duration::from_secs(6));
    assert_eq!(fake.advance_run(id), Some(RunStatus::Running));
    fake.clock().advance(Duration::from_secs(20));
    let run = fake.run_json(id).expect("the run");
    assert_eq!(run["status"], "processing_metrics");
    let entered = run["status_history"].as_array().expect("a list").iter();
    let entered: Vec<_> = entered.map(|status| status["entered"].clone()).collect();
    assert_eq!(entered, [0, 2, 5, 6, 26].map(rfc));
}

#[tokio::test]
async fn run_that_is_not_timed_stays_and_has_run_for_longer() {
    let (fake, _client, id) = fake_with(RunSeed::running().running_for(Duration::MAX)).await;
    let seconds = || fake.run_json(id).and_then(|run| run["execution_duration"].as_i64());
    let before = seconds().expect("a number");
    fake.clock().advance(Duration::from_secs(86_400));
    assert_eq!(seconds(), Some(before + 86_400));
    assert_eq!(fake.run_json(id).expect("the run")["status"], "running");
}

#[test]
fn runs_are_aborted_by_the_service_and_by_a_threshold_in_the_middle() {
    let seconds = Duration::from_secs;
    for (seed, result, code) in [
        (RunSeed::aborted_by_service(), "error", 9_102),
        (RunSeed::aborted_by_threshold(), "failed", 8_201),
    ] {
        let ended = seed.clone().running_for(seconds(100)).into_run(1, NOW);
        let mut started = seed.running_for(seconds(100)).into_started_run(1, NOW);
        started.catch_up(NOW + TimeDelta::hours(1));
        for run in [ended, started] {
            let statuses: Vec<_> = history(&run).into_iter().map(|(status, _)| status).collect();
            assert_eq!(statuses, ["created", "initializing", "running", "aborted"]);
            let run = run.json();
            assert_eq!((&run["result"], &run["execution_duration"]), (&json!(result), &json!(40)));
            assert_eq!(run["result_details"]["code"], code);
            let extra = &run["status_details"]["extra"];
            assert_eq!((&extra["by_user"], &extra["code"]), (&Value::Null, &json!(code)));
            assert!(extra["message"].is_string(), "{extra}");
        }
    }
}

#[test]
fn run_that_timed_out_has_a_result_that_the_description_does_not_have() {
    let mut run = RunSeed::timed_out().running_for(Duration::from_secs(9)).into_started_run(1, NOW);
    run.catch_up(NOW + TimeDelta::hours(1));
    let run = run.json();
    assert_eq!((&run["status"], &run["result"]), (&json!("completed"), &json!("timed_out")));
    assert_eq!(run["result_details"]["type"], "timed_out");
    assert!(!RunSeed::timed_out().to_run().verdict().is_passed());
}

//! The clock, and clients that cannot move it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use k6_cloud::Clock as _;
use k6_cloud_fake::{FakeClock, FakeCloud, Fault, NOW, RunSeed};

use crate::support::{get, request, send};

/// Polls a run until it has ended, at most `polls` times, and returns the statuses.
async fn poll(fake: &FakeCloud, path: &str, polls: usize) -> Vec<String> {
    let mut statuses: Vec<String> = Vec::new();
    for _ in 0..polls {
        let run = get(fake, path).await.json();
        let run = run["value"].as_array().map_or(&run, |runs| &runs[0]);
        let status = run["status"].as_str().expect("a status").to_owned();
        if statuses.last() != Some(&status) {
            statuses.push(status);
        }
        if !run["ended"].is_null() {
            return statuses;
        }
    }
    panic!("the run has not ended: {statuses:?}")
}

const ALL: [&str; 6] =
    ["created", "queued", "initializing", "running", "processing_metrics", "completed"];

#[tokio::test]
async fn runs_end_for_clients_that_cannot_move_the_clock() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("starts");
    let started = send(request(&fake, "POST", "load_tests/101/start")).await.json();
    let path = format!("test_runs/{}", started["id"]);
    assert_eq!(poll(&fake, &path, 7).await, ALL);
    // The same for a client that polls a list.
    let fake = FakeCloud::builder().runs(0).start().await.expect("starts");
    send(request(&fake, "POST", "load_tests/101/start")).await;
    assert_eq!(poll(&fake, "load_tests/101/test_runs", 7).await, ALL);
}

#[tokio::test]
async fn polls_do_not_move_a_clock_that_the_test_holds() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("starts");
    let id = fake.add_run(RunSeed::timed());
    let clock = fake.clock();
    let before = clock.time();
    for _ in 0..30 {
        assert_eq!(get(&fake, &format!("test_runs/{id}")).await.json()["status"], "created");
    }
    assert_eq!(clock.time(), before);
}

#[tokio::test]
async fn single_polls_do_not_move_the_clock() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("starts");
    for _ in 0..5 {
        let id = fake.add_run(RunSeed::timed());
        assert_eq!(get(&fake, &format!("test_runs/{id}")).await.json()["status"], "created");
    }
}

#[tokio::test]
async fn fakes_with_a_wall_clock_live_now() {
    let clock = FakeClock::wall_clock(1_000.0);
    let fake = FakeCloud::builder().runs(5).clock(clock).start().await.expect("starts");
    let newest = get(&fake, "test_runs?$skip=4").await.json()["value"][0]["created"].clone();
    let newest: DateTime<Utc> = newest.as_str().and_then(|time| time.parse().ok()).expect("a time");
    let age = Utc::now() - newest;
    assert!(age > TimeDelta::minutes(4) && age < TimeDelta::minutes(6), "{age}");
    let id = fake.add_run(RunSeed::timed().running_for(Duration::from_secs(30)));
    let ended = async {
        while fake.run_json(id).expect("the run")["ended"].is_null() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
    assert!(ended.is_ok(), "the clock ticks");
}

/// Sends requests that fail, with a pause after each, in several tasks at the same time.
async fn retry_at_the_same_time(fake: &FakeCloud, tasks: usize, pauses: &[u64]) -> Vec<Duration> {
    let clock = fake.clock();
    let tasks = (0..tasks).map(|_| async {
        for pause in pauses {
            assert_eq!(get(fake, "test_runs/900001").await.status, 503);
            clock.sleep(Duration::from_secs(*pause)).await;
        }
        clock.now()
    });
    futures_util::future::join_all(tasks).await
}

#[tokio::test]
async fn pauses_after_responses_at_the_same_time_overlap() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.inject(Fault::status(503));
    let ends = retry_at_the_same_time(&fake, 8, &[1, 2, 4, 8, 16, 30, 30, 30]).await;
    assert_eq!(ends, [Duration::from_secs(121); 8]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pauses_overlap_on_several_threads_too() {
    let fake = FakeCloud::builder().latency(Duration::from_millis(5)).start_on_thread();
    let fake = fake.expect("starts");
    fake.inject(Fault::status(503));
    let ends = retry_at_the_same_time(&fake, 8, &[10; 10]).await;
    let end = ends.iter().max().expect("eight ends");
    assert!(*end < Duration::from_secs(200), "{ends:?}");
}

#[tokio::test]
async fn retries_of_a_client_overlap() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.inject(Fault::status(503));
    let client = fake.client().build().expect("complete");
    let calls = (0..8).map(|_| client.get_test_run(900_001).send());
    for response in futures_util::future::join_all(calls).await {
        response.expect_err("no attempt succeeds");
    }
    let slept: Duration = fake.clock().slept().iter().sum();
    assert!(!slept.is_zero());
    let passed = (fake.clock().time() - NOW).to_std().expect("forward");
    assert!(passed * 3 < slept, "{passed:?} of {slept:?}");
}

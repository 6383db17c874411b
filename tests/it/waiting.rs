//! Waiting for a run: when it is polled, and how the wait ends.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use k6_cloud::prelude::*;
use k6_cloud::{AbortOutcome, Clock as _, RetryPolicy, RunUpdate, SystemClock, WatchTestRun};
use k6_cloud_fake::{FIRST_RUN_ID, FakeClock, FakeCloud, Fault, NOW, RunSeed};
use serde_json::{Value, json};

use crate::scripted::{self, Reply, Scripted};
use crate::stalled_download;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Fails the test if the wait does not end.
pub(crate) async fn ends<F: IntoFuture>(future: F) -> F::Output {
    let boxed = tokio::time::timeout(10 * SECOND, future.into_future());
    boxed.await.expect("an end within ten seconds")
}

/// Waits in real time until a condition holds, for ten seconds at most.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let looking = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(10 * SECOND, looking).await.expect(what);
}

/// Waits long enough for an unwanted request to be sent.
pub(crate) async fn quiet() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}

pub(crate) async fn fake_with(seed: RunSeed) -> (FakeCloud, Client, k6_cloud::TestRunId) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(seed);
    let client = fake.client().build().expect("complete");
    (fake, client, id)
}

/// Created for 2 s, queued for 3 s, initializing for 5 s, running for 20 s and processing for
/// 10 s: 40 s in all.
pub(crate) fn seed() -> RunSeed {
    RunSeed::timed()
        .created_for(2 * SECOND)
        .queued_for(3 * SECOND)
        .initializing_for(5 * SECOND)
        .running_for(20 * SECOND)
        .processing_for(10 * SECOND)
}

pub(crate) const WAY: [&str; 6] =
    ["created", "queued", "initializing", "running", "processing_metrics", "completed"];

pub(crate) fn gets(fake: &FakeCloud) -> usize {
    fake.requests().iter().filter(|request| request.method == "GET").count()
}

fn aborts(fake: &FakeCloud) -> usize {
    fake.requests().iter().filter(|request| request.path.ends_with("/abort")).count()
}

pub(crate) fn aborts_of(server: &Scripted) -> usize {
    server.lines().iter().filter(|line| line.ends_with("/abort")).count()
}

/// A run as the API writes it, with a history of statuses and the seconds at which each was
/// entered; the last one is the present one.
pub(crate) async fn run(history: &[(&str, i64)]) -> Value {
    let fake = FakeCloud::builder().start().await.expect("the fake starts");
    let mut run = fake.run_json(FIRST_RUN_ID).expect("a run");
    let entries: Vec<_> = history.iter().map(|status| entry(*status)).collect();
    let (present, _) = history.last().expect("a status");
    let ended = ["completed", "aborted"].contains(present);
    run["id"] = json!(1);
    run["status"] = json!(present);
    run["status_details"] = entries.last().expect("a status").clone();
    run["status_history"] = json!(entries);
    run["ended"] = if ended { json!(NOW) } else { Value::Null };
    run["result"] = if ended { json!("passed") } else { Value::Null };
    run["estimated_duration"] = json!(100);
    run["execution_duration"] = json!(0);
    run
}

pub(crate) fn entry((status, second): (&str, i64)) -> Value {
    json!({ "type": status, "entered": NOW + chrono::TimeDelta::seconds(second), "extra": null })
}

/// A server that sends these replies in order, a client that never retries, and its clock.
pub(crate) async fn scripted(
    replies: impl IntoIterator<Item = Reply>,
) -> (Scripted, Client, Arc<FakeClock>) {
    let server = Scripted::start(replies).await;
    let clock = FakeClock::stopped();
    let client = server.builder().retries(RetryPolicy::off()).clock(clock.clone()).build();
    (server, client.expect("complete"), Arc::new(clock))
}

fn seconds(clock: &FakeClock) -> Vec<f64> {
    clock.slept().iter().map(Duration::as_secs_f64).collect()
}

#[tokio::test]
async fn finished_run_takes_one_request_and_has_its_verdict() {
    let ada = "ada@example.com";
    let errored = |code| move |verdict: &Verdict| matches!(verdict, Verdict::Errored { code: Some(c), message: Some(_), .. } if *c == code);
    type Is = Box<dyn Fn(&Verdict) -> bool>;
    let cases: [(RunSeed, Is, i32); 6] = [
        (RunSeed::passed(), Box::new(Verdict::is_passed), 0),
        (RunSeed::failed(), Box::new(Verdict::is_failed), 99),
        (
            RunSeed::aborted().aborts_after(SECOND, Some(ada)),
            Box::new(
                |v| matches!(v, Verdict::Aborted { by: Some(by), .. } if by == "ada@example.com"),
            ),
            97,
        ),
        (RunSeed::aborted().aborts_after(SECOND, None), Box::new(errored(9_102)), 97),
        (RunSeed::invalid(), Box::new(errored(7_105)), 97),
        (RunSeed::passed().result(k6_cloud::RunResult::Error), Box::new(errored(8_314)), 97),
    ];
    for (seed, is, exit_code) in cases {
        let (fake, client, id) = fake_with(seed).await;
        let run = ends(client.wait_for_test_run(id)).await.expect("it has ended");
        assert_eq!((run.id, run.is_finished()), (id, true));
        let verdict = run.verdict();
        assert!(is(&verdict), "{verdict:?}");
        assert_eq!(verdict.exit_code(), exit_code, "{verdict}");
        let requests = fake.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert_eq!(requests[0].path, format!("/cloud/v6/test_runs/{id}"));
        assert!(fake.clock().slept().is_empty());
    }
}

#[tokio::test]
async fn run_is_waited_for_until_it_has_ended() {
    for (seed, exit_code, end) in [
        (seed(), 0, 40),
        (seed().result(k6_cloud::RunResult::Failed), 99, 40),
        (seed().aborts_after(7 * SECOND, Some("ada@example.com")), 97, 17),
        (seed().aborts_after(7 * SECOND, None), 97, 17),
    ] {
        let (fake, client, id) = fake_with(seed).await;
        let run = ends(client.wait_for_test_run(id)).await.expect("it ends");
        assert_eq!(run.verdict().exit_code(), exit_code);
        let took = fake.clock().now().as_secs();
        assert!((end..end + 10).contains(&took), "noticed after {took} s");
        assert_eq!(gets(&fake), fake.clock().slept().len() + 1, "a poll between the pauses");
        assert_eq!(aborts(&fake), 0);
    }
}

#[tokio::test]
async fn pauses_grow_while_nothing_changes_and_follow_the_estimate_under_load() {
    let seed = RunSeed::timed().created_for(Duration::ZERO).queued_for(60 * SECOND);
    let seed = seed.initializing_for(Duration::ZERO).running_for(400 * SECOND);
    let (fake, client, id) = fake_with(seed.processing_for(12 * SECOND)).await;
    ends(client.wait_for_test_run(id)).await.expect("it ends");
    let slept = seconds(&fake.clock());
    // Queued until 60.
    assert_eq!(slept[..8], [2.0, 3.0, 4.5, 6.75, 10.125, 15.0, 15.0, 15.0]);
    // Seen under load at 71.375, 101.375 and so on, by whole seconds: an eighth of the rest.
    assert_eq!(slept[8..13], [30.0; 5]);
    let eighths =
        [239, 209, 183, 160, 140, 123, 107, 94, 82, 72, 63].map(|rest| f64::from(rest) / 8.0);
    assert_eq!(slept[13..24], eighths);
    let rest = &slept[24..];
    let at_two = rest.iter().position(|pause| *pause == 2.0).expect("the shortest");
    assert!(rest[..at_two].is_sorted_by(|a, b| a > b), "{rest:?}");
    // The status changes when the load ends, and the pauses grow from the beginning again.
    assert!(rest.ends_with(&[2.0, 3.0, 4.5, 6.75]), "{rest:?}");
}

#[tokio::test]
async fn pauses_grow_under_load_where_nothing_is_estimated() {
    for estimate in [Value::Null, json!(-1)] {
        let (running, ended) = (run(&[("running", 0)]).await, run(&[("completed", 60)]).await);
        let mut running = running;
        running["estimated_duration"] = estimate;
        let polls = vec![Reply::json(200, &running); 7].into_iter();
        let (_server, client, clock) = scripted(polls.chain([Reply::json(200, &ended)])).await;
        ends(client.wait_for_test_run(1)).await.expect("it ends");
        assert_eq!(seconds(&clock), [2.0, 3.0, 4.5, 6.75, 10.125, 15.0, 15.0]);
    }
}

#[tokio::test]
async fn time_under_load_is_measured_if_the_run_does_not_tell_it() {
    // Every poll reports an execution time of zero.
    let mut running = run(&[("running", 0)]).await;
    running["estimated_duration"] = json!(80);
    let polls = vec![Reply::json(200, &running); 3].into_iter();
    let ended = Reply::json(200, &run(&[("completed", 60)]).await);
    let (_server, client, clock) = scripted(polls.chain([ended])).await;
    ends(client.wait_for_test_run(1)).await.expect("it ends");
    assert_eq!(seconds(&clock), [10.0, 70.0 / 8.0, 61.25 / 8.0]);
}

#[tokio::test]
async fn interval_is_kept_and_has_a_lower_bound() {
    for (asked, kept) in [
        (7 * SECOND, 7 * SECOND),
        (Duration::from_millis(100), Duration::from_millis(100)),
        (Duration::from_millis(99), Duration::from_millis(100)),
        (Duration::ZERO, Duration::from_millis(100)),
    ] {
        let (fake, client, id) = fake_with(seed()).await;
        ends(client.wait_for_test_run(id).interval(asked)).await.expect("it ends");
        let slept = fake.clock().slept();
        assert!(slept.iter().all(|pause| *pause == kept), "{asked:?}: {slept:?}");
        let least = (40 * SECOND).as_millis().div_ceil(kept.as_millis());
        assert_eq!(slept.len() as u128, least, "{asked:?}");
    }
}

#[tokio::test]
async fn timeout_has_the_last_known_run() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    let wait = client.wait_for_test_run(id).timeout(61 * SECOND).interval(10 * SECOND);
    let error = ends(wait).await.expect_err("it goes on");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.is_timeout() && !error.is_transient());
    let last = error.last_run().expect("the run");
    assert_eq!((last.id, last.status.as_str()), (id, "running"));
    let shown = error.to_string();
    assert!(shown.contains(&format!("test run {id} did not end within 61 s")), "{shown}");
    assert!(shown.contains("running") && !shown.contains("abort"), "{shown}");
    // The last pause is as long as the time left, and the last poll comes after it.
    let slept = fake.clock().slept();
    assert_eq!((slept.len(), slept.last()), (7, Some(&SECOND)));
    assert_eq!(fake.clock().now(), 61 * SECOND);
    assert_eq!(gets(&fake), 8);
    assert_eq!(aborts(&fake), 0, "abort_unfinished is not set");
}

#[tokio::test]
async fn timeout_of_zero_is_one_poll() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    let error = ends(client.wait_for_test_run(id).timeout(Duration::ZERO)).await;
    assert_eq!(error.expect_err("it goes on").kind(), ErrorKind::WaitTimeout);
    assert_eq!((gets(&fake), fake.clock().slept().len()), (1, 0));
    let id = fake.add_run(RunSeed::passed());
    ends(client.wait_for_test_run(id).timeout(Duration::ZERO)).await.expect("it has ended");
}

#[tokio::test]
async fn run_that_ends_just_at_the_timeout_is_a_success() {
    let (fake, client, id) = fake_with(seed()).await;
    let run = ends(client.wait_for_test_run(id).timeout(40 * SECOND)).await.expect("in time");
    assert!(run.verdict().is_passed());
    assert_eq!(fake.clock().now(), 40 * SECOND);
    let (_fake, client, id) = fake_with(seed()).await;
    let almost = Duration::from_millis(39_999);
    let error = ends(client.wait_for_test_run(id).timeout(almost)).await.expect_err("too late");
    assert_eq!(error.last_run().expect("the run").status, "processing_metrics");
}

#[tokio::test]
async fn timeout_begins_when_the_wait_is_first_polled() {
    let (fake, client, id) = fake_with(seed()).await;
    let wait = client.wait_for_test_run(id).timeout(10 * SECOND).into_future();
    fake.clock().advance(35 * SECOND);
    ends(wait).await.expect("it ends five seconds later");
}

#[tokio::test]
async fn poll_that_the_timeout_cuts_off_is_not_a_failure() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    // The second poll hangs when the time is over, and the third is the last.
    let server = Scripted::start([running.clone(), Reply::Hang, running]).await;
    let client = server.builder().clock(SystemClock::new()).build().expect("complete");
    let wait =
        client.wait_for_test_run(1).interval(Duration::from_millis(100)).tolerate(Duration::ZERO);
    let error = ends(wait.timeout(Duration::from_millis(300))).await.expect_err("it goes on");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
    assert_eq!(server.count(), 3);
    assert!(error.last_run().is_some());
}

#[tokio::test]
async fn wait_ends_if_the_server_hangs() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let server = Scripted::start([running, Reply::Hang]).await;
    let client = server.builder().clock(SystemClock::new()).build().expect("complete");
    let wait = client.wait_for_test_run(1).interval(Duration::from_millis(100));
    let begun = std::time::Instant::now();
    let wait = tokio::time::timeout(25 * SECOND, wait.timeout(Duration::from_millis(300)));
    let error = wait.await.expect("an end").expect_err("it hangs");
    // The last poll has ten seconds, although a call may take sixty.
    assert!(begun.elapsed() > 9 * SECOND && begun.elapsed() < 15 * SECOND, "{:?}", begun.elapsed());
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert_eq!(error.last_run().map(|run| run.status.as_str()), Some("running"));
    let source = error.get_ref().and_then(|e| e.downcast_ref::<Error>());
    assert_eq!(source.map(Error::kind), Some(ErrorKind::Timeout), "{error:?}");
}

#[tokio::test]
async fn timeout_of_a_run_that_was_never_seen_says_so() {
    let (server, client, _) = scripted([Reply::status(503)]).await;
    let wait = client.wait_for_test_run(7).timeout(5 * SECOND).tolerate(3600 * SECOND);
    let error = ends(wait).await.expect_err("503");
    assert_eq!((error.kind(), error.last_run().is_none()), (ErrorKind::WaitTimeout, true));
    assert!(error.to_string().contains("unknown"), "{error}");
    assert!(error.get_ref().is_some_and(|e| e.to_string().contains("503")));
    // At 0, 2 and 5.
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn failures_in_a_row_are_tolerated_and_forgotten_after_a_success() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let ended = Reply::json(200, &run(&[("running", 0), ("completed", 9)]).await);
    for failure in [
        Reply::status(503),
        Reply::status(500),
        Reply::status(429),
        Reply::status(408),
        Reply::Close,
        Reply::Truncated("{}".repeat(50)),
        // The page of a proxy, and a run that does not match the description.
        Reply::text(200, "<html>back soon</html>"),
        Reply::json(200, &json!({ "id": "x" })),
    ] {
        let (f, r) = (&failure, &running);
        let polls = [f, f, r, f, f, r, r, f, f, &ended].map(Reply::clone);
        let (server, client, _) = scripted(polls).await;
        // Polls fail for 2 seconds.
        let run = ends(client.wait_for_test_run(1).tolerate(5 * SECOND)).await;
        assert!(run.expect("they are tolerated").verdict().is_passed(), "{failure:?}");
        assert_eq!(server.count(), 10);

        let (server, client, _) = scripted([r, f, f, f, &ended].map(Reply::clone)).await;
        // At 0, 2 and 5 seconds after the first.
        let wait = client.wait_for_test_run(1).tolerate(5 * SECOND);
        let error = ends(wait).await.expect_err("too long");
        assert_eq!(server.count(), 4, "{failure:?}");
        assert!(error.is_transient() || error.kind() == ErrorKind::Decode, "{error}");
        assert_eq!(error.operation(), Some("wait_for_test_run"));
        assert_eq!(error.last_run().map(|run| run.status.as_str()), Some("running"));
    }
}

#[tokio::test]
async fn failures_are_tolerated_for_five_minutes_by_default() {
    let ended = Reply::json(200, &run(&[("completed", 9)]).await);
    // The pauses grow to 15 seconds: the 24th failure comes after 296 seconds, the 25th after 311.
    for (failures, tolerated) in [(24, true), (25, false)] {
        let polls = vec![Reply::status(503); failures].into_iter().chain([ended.clone()]);
        let (server, client, clock) = scripted(polls).await;
        let result = ends(client.wait_for_test_run(1)).await;
        assert_eq!((result.is_ok(), server.count()), (tolerated, 25));
        assert_eq!(seconds(&clock)[..7], [2.0, 3.0, 4.5, 6.75, 10.125, 15.0, 15.0]);
        assert_eq!(clock.now(), Duration::from_millis(311_375));
    }
    let (server, client, _) = scripted([Reply::status(503), ended]).await;
    let error = ends(client.wait_for_test_run(1).tolerate(Duration::ZERO)).await;
    assert_eq!(error.expect_err("503").kind(), ErrorKind::Server);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn refused_connections_are_tolerated_for_a_time() {
    for (tolerance, polls) in [(None, 25), (Some(3600 * SECOND), 245), (Some(SECOND), 2)] {
        let clock = FakeClock::stopped();
        let client = scripted::builder(&scripted::nobody().await);
        let client = client.retries(RetryPolicy::off()).clock(clock.clone()).build();
        let mut wait = client.expect("complete").wait_for_test_run(1);
        if let Some(tolerance) = tolerance {
            wait = wait.tolerate(tolerance);
        }
        let error = ends(wait).await.expect_err("connection refused");
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert_eq!(error.operation(), Some("wait_for_test_run"));
        assert_eq!(clock.slept().len() + 1, polls, "{tolerance:?}");
    }
}

#[tokio::test]
async fn tolerance_starts_again_after_a_success() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let ended = Reply::json(200, &run(&[("completed", 9)]).await);
    // More than an hour of failures in all, but never 5 minutes in a row.
    let outage = || vec![Reply::status(503); 24].into_iter().chain([running.clone()]);
    let polls = (0..15).flat_map(|_| outage()).chain([ended]);
    let (_server, client, clock) = scripted(polls).await;
    ends(client.wait_for_test_run(1)).await.expect("it ends");
    assert!(clock.now() > 3600 * SECOND, "{:?}", clock.now());
}

#[tokio::test]
async fn single_401_is_tried_again_before_it_ends_the_wait() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let ended = Reply::json(200, &run(&[("completed", 9)]).await);
    let (r, e, unauthenticated) = (&running, &ended, &Reply::status(401));
    let unavailable = &Reply::status(503);
    for (polls, outcome, requests) in [
        (vec![unauthenticated, e], None, 2),
        (vec![r, unauthenticated, r, unauthenticated, r, e], None, 6),
        (vec![r, unauthenticated, unauthenticated, e], Some(ErrorKind::Unauthenticated), 3),
        (vec![unauthenticated, unauthenticated, e], Some(ErrorKind::Unauthenticated), 2),
        (
            vec![r, unauthenticated, unavailable, unauthenticated, e],
            Some(ErrorKind::Unauthenticated),
            4,
        ),
    ] {
        let (server, client, _) = scripted(polls.into_iter().cloned()).await;
        let result = ends(client.wait_for_test_run(1)).await;
        assert_eq!((result.err().map(|error| error.kind()), server.count()), (outcome, requests));
    }
}

#[tokio::test]
async fn send_does_the_same_as_await() {
    let (fake, client, id) = fake_with(seed()).await;
    let sent = ends(client.wait_for_test_run(id).interval(SECOND).send()).await.expect("it ends");
    let awaited = ends(client.wait_for_test_run(id)).await.expect("it has ended");
    assert_eq!(sent, awaited);
    assert_eq!(gets(&fake), 41 + 1);
}

#[tokio::test]
async fn poll_counts_as_failed_after_the_clients_own_attempts() {
    let ended = Reply::json(200, &run(&[("completed", 9)]).await);
    let polls = vec![Reply::status(503); 3].into_iter().chain([ended]);
    let server = Scripted::start(polls).await;
    ends(server.client().wait_for_test_run(1).tolerate(Duration::ZERO))
        .await
        .expect("the fourth attempt");
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn retry_after_of_a_failed_poll_is_honoured() {
    let ended = Reply::json(200, &run(&[("completed", 9)]).await);
    let date = NOW + chrono::TimeDelta::seconds(50);
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (asked, own, pause) in
        [("42", Some(1), 42.0), ("1", Some(5), 5.0), ("42", None, 42.0), (&date, None, 50.0)]
    {
        for status in [429, 503] {
            let failed = Reply::status(status).header("retry-after", asked);
            let (_server, client, clock) = scripted([failed, ended.clone()]).await;
            let mut wait = client.wait_for_test_run(1);
            if let Some(own) = own {
                wait = wait.interval(own * SECOND);
            }
            ends(wait).await.expect("it has ended");
            assert_eq!(seconds(&clock), [pause], "{asked} {own:?} {status}");
        }
    }
    // The pause does not go past the end of the wait.
    let failed = Reply::status(503).header("retry-after", "3600");
    let (server, client, clock) = scripted([failed]).await;
    let error = ends(client.wait_for_test_run(1).timeout(60 * SECOND)).await.expect_err("503");
    assert_eq!((error.kind(), server.count()), (ErrorKind::WaitTimeout, 2));
    assert_eq!(seconds(&clock), [60.0]);
}

#[tokio::test]
async fn failure_that_does_not_pass_ends_the_wait_at_once() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    for (status, kind) in [
        (404, ErrorKind::NotFound),
        (403, ErrorKind::Forbidden),
        (400, ErrorKind::InvalidRequest),
        (302, ErrorKind::UnexpectedStatus),
    ] {
        let (server, client, clock) = scripted([Reply::rejected(status)]).await;
        let error = ends(client.wait_for_test_run(1)).await.expect_err("the poll fails");
        assert_eq!((error.kind(), error.last_run().is_none()), (kind, true));
        assert_eq!((server.count(), clock.slept().len()), (1, 0));
        let (_server, client, _) = scripted([running.clone(), Reply::rejected(status)]).await;
        // The same if a later poll fails.
        for timeout in [3600 * SECOND, Duration::ZERO] {
            let error = ends(client.wait_for_test_run(1).timeout(timeout)).await.expect_err("it");
            assert_eq!((error.kind(), error.last_run().is_some()), (kind, !timeout.is_zero()));
        }
    }
}

/// Drops a wait as soon as the fake has seen `polls` requests.
async fn drop_after(polls: usize, fake: &FakeCloud, wait: impl IntoFuture) {
    let mut wait = Box::pin(wait.into_future());
    tokio::select! {
        _ = &mut wait => panic!("the wait has ended"),
        () = until("polls", || gets(fake) >= polls) => {}
    }
}

#[tokio::test]
async fn dropping_the_wait_stops_the_requests() {
    for clock in [FakeClock::ticking(1_000.0), FakeClock::stopped()] {
        let fake = FakeCloud::builder().runs(0).clock(clock).start().await.expect("starts");
        let id = fake.add_run(RunSeed::running());
        let client = fake.client().build().expect("complete");
        drop_after(3, &fake, client.wait_for_test_run(id).interval(SECOND)).await;
        quiet().await;
        let seen = gets(&fake);
        quiet().await;
        assert_eq!((gets(&fake), aborts(&fake)), (seen, 0));
        // Dropping the client drops the last handle on the connections too.
        let mut watch = client.watch_test_run(id).interval(SECOND);
        ends(watch.next()).await.expect("an update").expect("a poll");
        drop(watch);
        quiet().await;
        let seen = gets(&fake);
        quiet().await;
        assert_eq!((gets(&fake), aborts(&fake)), (seen, 0));
    }
}

#[tokio::test]
async fn abort_unfinished_aborts_the_run_when_the_wait_is_dropped() {
    let fake = FakeCloud::builder().runs(0).clock(FakeClock::ticking(1_000.0)).start().await;
    let fake = fake.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let id = fake.add_run(RunSeed::running());
    let wait = client.wait_for_test_run(id).abort_unfinished(true);
    drop_after(1, &fake, wait).await;
    until("the run is aborted", || aborts(&fake) == 1).await;
    quiet().await;
    assert_eq!(aborts(&fake), 1, "once");
    assert_eq!(fake.run_json(id).expect("the run")["status"], "aborted");

    // A watch that is dropped after some update.
    let id = fake.add_run(RunSeed::running());
    let mut watch = client.watch_test_run(id).abort_unfinished(true);
    ends(watch.next()).await.expect("an update").expect("a poll");
    assert_eq!(aborts(&fake), 1);
    drop(watch);
    until("the run is aborted", || aborts(&fake) == 2).await;

    // A wait that was never polled aborts nothing.
    let id = fake.add_run(RunSeed::running());
    drop(client.wait_for_test_run(id).abort_unfinished(true).into_future());
    drop(client.watch_test_run(id).abort_unfinished(true));
    quiet().await;
    assert_eq!(aborts(&fake), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_that_is_dropped_outside_of_the_runtime_aborts_the_run() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    let mut watch = client.watch_test_run(id).abort_unfinished(true);
    ends(watch.next()).await.expect("an update").expect("a poll");
    std::thread::spawn(move || drop(watch)).join().expect("no panic");
    until("the run is aborted", || aborts(&fake) == 1).await;
}

#[test]
fn wait_that_outlives_its_runtime_is_dropped_quietly() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let watch: WatchTestRun = runtime.block_on(async {
        let (_fake, client, id) = fake_with(RunSeed::running()).await;
        let mut watch = client.watch_test_run(id).abort_unfinished(true);
        ends(watch.next()).await.expect("an update").expect("a poll");
        watch
    });
    drop(runtime);
    drop(watch);
}

#[tokio::test]
async fn abort_unfinished_aborts_the_run_after_a_timeout() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    let wait = client.wait_for_test_run(id).timeout(60 * SECOND).abort_unfinished(true);
    let error = ends(wait).await.expect_err("it goes on");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.to_string().ends_with("; it was aborted"), "{error}");
    // The wait awaits the abort, after the last poll, and then sees that the run has ended.
    assert!(matches!(error.abort_outcome(), Some(AbortOutcome::Ended)), "{error:?}");
    assert_eq!(error.last_run().expect("the run").status, "aborted");
    assert_eq!(fake.run_json(id).expect("the run")["status"], "aborted");
    let requests = fake.requests();
    let operations = requests.iter().rev().filter_map(|request| request.operation.as_deref());
    assert!(operations.take(2).eq(["get_test_run", "abort_test_run"]), "{requests:?}");
    quiet().await;
    assert_eq!(aborts(&fake), 1);
}

#[tokio::test]
async fn failed_abort_after_a_timeout_is_in_the_message() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let (server, client, _) = scripted([running, Reply::status(409)]).await;
    let wait = client.wait_for_test_run(1).timeout(Duration::ZERO).abort_unfinished(true);
    let error = ends(wait).await.expect_err("it goes on");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.to_string().contains("aborting it failed: abort_test_run: 409"), "{error}");
    let Some(AbortOutcome::Failed(failure)) = error.abort_outcome() else { panic!("{error:?}") };
    assert_eq!(failure.operation(), Some("abort_test_run"));
    assert_eq!(server.lines().last().map(String::as_str), Some("POST /cloud/v6/test_runs/1/abort"));
}

#[tokio::test]
async fn abort_unfinished_aborts_the_run_after_a_failure() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    for (abort, failure) in [(true, 404), (true, 503), (false, 404), (false, 503)] {
        let polls = [running.clone(), Reply::rejected(failure), Reply::status(204)];
        let (server, client, _) = scripted(polls).await;
        let wait = client.wait_for_test_run(1).tolerate(Duration::ZERO).abort_unfinished(abort);
        let error = ends(wait).await.expect_err("the poll fails");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(failure));
        assert_eq!(aborts_of(&server), usize::from(abort), "it is waited for");
        quiet().await;
        assert_eq!(aborts_of(&server), usize::from(abort));
    }
}

/// The response to an abort does not show that the run has ended.
#[tokio::test]
async fn abort_that_the_server_only_claims_is_not_an_end() {
    let page = "<html>please log in</html>";
    for (abort, failed) in [
        (Fault::response(200, "application/json", "{}"), None),
        (Fault::no_content(), None),
        (Fault::response(200, "text/html", page), Some(ErrorKind::Decode)),
        (Fault::status(409), Some(ErrorKind::Conflict)),
        (Fault::html(404), Some(ErrorKind::UnexpectedStatus)),
        (Fault::status(500), Some(ErrorKind::Server)),
    ] {
        let (fake, client, id) = fake_with(RunSeed::running()).await;
        fake.inject(abort.on("abort_test_run"));
        let wait = client.wait_for_test_run(id).timeout(60 * SECOND).abort_unfinished(true);
        let error = ends(wait).await.expect_err("it goes on");
        assert_eq!(error.kind(), ErrorKind::WaitTimeout, "{error}");
        match (error.abort_outcome(), failed) {
            (Some(AbortOutcome::Accepted), None) => {
                assert!(error.to_string().contains("its end was not seen"), "{error}");
            }
            (Some(AbortOutcome::Failed(failure)), Some(kind)) if failure.kind() == kind => {
                assert!(error.to_string().contains("aborting it failed: "), "{error}");
            }
            (outcome, _) => panic!("{outcome:?} {failed:?}"),
        }
        assert_eq!(error.last_run().expect("the run").status, "running");
    }
}

#[tokio::test]
async fn failed_wait_says_what_became_of_the_run() {
    for (abort, outcome) in [
        (None, "; the run was aborted"),
        (Some(Fault::status(500)), "; aborting the run failed: abort_test_run: 500"),
        (Some(Fault::response(200, "application/json", "{}")), "; the run is being aborted"),
    ] {
        let (fake, client, id) = fake_with(RunSeed::running()).await;
        if let Some(fault) = &abort {
            fake.inject(fault.clone().on("abort_test_run"));
        }
        // Only the second poll fails, and those after the abort do not.
        fake.inject(Fault::status(403).on("get_test_run").nth(1));
        let error = ends(client.wait_for_test_run(id).abort_unfinished(true)).await;
        let error = error.expect_err("403");
        assert!(error.is_forbidden() && error.to_string().contains(outcome), "{error}");
        assert_eq!(error.operation(), Some("wait_for_test_run"));
        let expected = match (error.abort_outcome().expect("an outcome"), abort.is_some()) {
            (AbortOutcome::Ended, false) => "aborted",
            (AbortOutcome::Failed(failure), true) if failure.status().is_some() => "running",
            (AbortOutcome::Accepted, true) => "running",
            (other, _) => panic!("{other:?}"),
        };
        assert_eq!(error.last_run().expect("the run").status, expected);
        assert_eq!(fake.run_json(id).expect("the run")["status"], expected);
        // Without the setting there is nothing to say.
        fake.inject(Fault::status(403).on("get_test_run"));
        let error = ends(client.wait_for_test_run(id)).await.expect_err("403");
        assert!(error.abort_outcome().is_none() && !error.to_string().contains("abort"), "{error}");
    }
}

#[tokio::test]
async fn run_that_ended_before_the_abort_has_ended() {
    let (fake, client, id) = fake_with(seed()).await;
    // The run takes 40 s, and polls fail from 5 s on.
    fake.inject(Fault::status(403).on("get_test_run").nth(1));
    fake.inject(Fault::status(409).on("abort_test_run"));
    let wait = client.wait_for_test_run(id).interval(35 * SECOND).abort_unfinished(true);
    let error = ends(wait).await.expect_err("403");
    assert!(matches!(error.abort_outcome(), Some(AbortOutcome::Ended)), "{error:?}");
    assert_eq!(error.last_run().expect("the run").status, "completed");
    assert!(error.to_string().contains("; the run has ended since then"), "{error}");
}

/// A gateway whose backend is away has a page for 404 too.
#[tokio::test]
async fn wait_tolerates_a_404_that_is_not_the_apis() {
    for page in [Fault::html(404), Fault::response(410, "application/json", "{\"message\": \"\"}")]
    {
        let (fake, client, id) = fake_with(seed()).await;
        fake.inject(page.on("get_test_run").first(3));
        let run = ends(client.wait_for_test_run(id)).await.expect("it ends");
        assert!(run.verdict().is_passed());
    }
}

#[tokio::test]
async fn run_that_has_ended_is_never_aborted() {
    let (fake, client, id) = fake_with(seed()).await;
    ends(client.wait_for_test_run(id).abort_unfinished(true)).await.expect("it ends");
    let id = fake.add_run(seed());
    let updates = client.watch_test_run(id).abort_unfinished(true).collect::<Vec<_>>();
    assert_eq!(ends(updates).await.len(), 6);
    // The same if the client has seen the end but has not yielded it yet.
    let mut watch = client.watch_test_run(id).abort_unfinished(true);
    ends(watch.next()).await.expect("an update").expect("a poll");
    drop(watch);
    quiet().await;
    assert_eq!(aborts(&fake), 0);
}

#[tokio::test]
async fn abort_goes_on_when_the_wait_is_dropped_meanwhile() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    let server = Scripted::start([running, Reply::status(503), Reply::status(204)]).await;
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(200));
    let client = server.builder().clock(SystemClock::new()).retries(policy).build();
    let client = client.expect("complete");
    let wait = client.wait_for_test_run(1).timeout(Duration::ZERO).abort_unfinished(true);
    let mut wait = wait.into_future();
    tokio::select! {
        _ = &mut wait => panic!("the abort is not waited for"),
        () = until("the abort", || aborts_of(&server) == 1) => {}
    }
    drop(wait);
    until("its second attempt", || aborts_of(&server) == 2).await;
    quiet().await;
    assert_eq!(aborts_of(&server), 2);
}

#[tokio::test]
async fn waits_at_once_do_not_disturb_each_other() {
    let (fake, client, id) = fake_with(seed()).await;
    let other = client.clone();
    let (one, two) =
        ends(async { tokio::join!(client.wait_for_test_run(id), other.wait_for_test_run(id)) })
            .await;
    assert!(one.expect("it ends").verdict().is_passed());
    assert!(two.expect("it ends").verdict().is_passed());
    let polls: Vec<_> = fake.requests();
    assert!(polls.len() >= 4 && aborts(&fake) == 0, "{polls:?}");
    // A wait that ends early does not affect the other.
    let id = fake.add_run(seed());
    let short = client.wait_for_test_run(id).timeout(5 * SECOND);
    let (short, long) = ends(async { tokio::join!(short, other.wait_for_test_run(id)) }).await;
    assert_eq!(short.expect_err("too short").kind(), ErrorKind::WaitTimeout);
    assert!(long.expect("it ends").verdict().is_passed());
}

#[tokio::test]
async fn wait_that_pauses_holds_no_permit() {
    let running = Reply::json(200, &run(&[("running", 0)]).await);
    for first in [running.clone(), Reply::status(503)] {
        let server = Scripted::start([first, running.clone()]).await;
        let client = server.builder().clock(SystemClock::new()).retries(RetryPolicy::off());
        let client = client.max_in_flight(1).build().expect("complete");
        let mut wait = pin!(client.wait_for_test_run(1).interval(3600 * SECOND).into_future());
        tokio::select! {
            _ = &mut wait => panic!("the wait has ended"),
            () = until("a poll", || server.count() == 1) => {}
        }
        // The poll gets its response while the wait is polled, and then the wait pauses.
        let others = async {
            quiet().await;
            for _ in 0..3 {
                client.get_test_run(2).send().await.expect("a run");
            }
        };
        tokio::select! {
            _ = &mut wait => panic!("the wait has ended"),
            () = ends(others) => {}
        }
        assert_eq!(server.count(), 4);
    }
}

#[tokio::test]
async fn wait_ends_in_time_without_a_permit() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::running());
    let client = fake.client().max_in_flight(1).build().expect("complete");
    // A script that is not read to its end keeps the only permit.
    let kept = stalled_download(&fake, &client).await;
    let error = ends(client.wait_for_test_run(id).timeout(60 * SECOND)).await;
    let error = error.expect_err("it goes on");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    let source = error.get_ref().expect("the last poll").to_string();
    assert!(source.contains("no permit"), "{source}");
    assert_eq!(gets(&fake), 1, "that of the script alone");
    drop(kept);
    ends(client.get_test_run(id)).await.expect("the permit is back");
}

#[test]
fn waits_can_be_spawned_and_sent() {
    fn everywhere<T: Send + Unpin + std::fmt::Debug + 'static>() {}
    everywhere::<k6_cloud::WaitForTestRun>();
    everywhere::<WatchTestRun>();
    everywhere::<RunUpdate>();
}

#[tokio::test]
async fn end_of_another_run_is_not_an_end() {
    let running = run(&[("created", 0), ("running", 1)]).await;
    let mut other = run(&[("created", 0), ("completed", 1)]).await;
    let end = Reply::json(200, &other);
    other["id"] = json!(2);
    let replies = [Reply::json(200, &running), Reply::json(200, &other), end];
    let (server, client, _) = scripted(replies).await;
    let run = ends(client.wait_for_test_run(1)).await.expect("it has ended");
    assert!(run.id == 1 && server.count() == 3, "{}", run.id);
    // The run after an abort is the same one.
    let (_server, client, _) =
        scripted([Reply::json(200, &running), Reply::status(204), Reply::json(200, &other)]).await;
    let wait = client.wait_for_test_run(1).timeout(Duration::ZERO).abort_unfinished(true);
    let error = ends(wait).await.expect_err("it goes on");
    assert!(matches!(error.abort_outcome(), Some(AbortOutcome::Accepted)), "{error}");
    assert!(error.last_run().is_some_and(|last| last.id == 1));
}

#[tokio::test]
async fn run_that_goes_on_after_an_abort_is_polled_for_ten_seconds() {
    let running = Reply::json(200, &run(&[("created", 0), ("running", 1)]).await);
    let (server, client, clock) = scripted([running.clone(), Reply::status(204), running]).await;
    let wait = client.wait_for_test_run(1).timeout(Duration::ZERO).abort_unfinished(true);
    let error = ends(wait).await.expect_err("it goes on");
    assert!(matches!(error.abort_outcome(), Some(AbortOutcome::Accepted)), "{error}");
    // Once before the abort, and after it at 0, 2, 4, 6 and 8 seconds.
    assert_eq!((server.count(), aborts_of(&server)), (1 + 1 + 5, 1));
    assert_eq!(clock.slept(), [2 * SECOND; 4]);
}

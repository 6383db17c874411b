//! Starts: one run for each, however often the request is sent; and handles of runs.

use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud::{Clock as _, RetryPolicy, RunReference};
use k6_cloud_fake::{FakeClock, FakeCloud, Fault, RunSeed};
use serde_json::json;

use crate::scripted::{Reply, Scripted};

const START: &str = "start_load_test";
const PATH: &str = "/cloud/v6/load_tests/101/start";

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    (fake, client)
}

/// The keys of the starts so far.
fn keys(fake: &FakeCloud) -> Vec<String> {
    let starts = fake.requests().into_iter().filter(|request| request.path == PATH);
    let key = |request: k6_cloud_fake::RecordedRequest| {
        request.header("k6-idempotency-key").unwrap_or_default().to_owned()
    };
    starts.map(key).collect()
}

async fn runs(client: &Client) -> usize {
    client.list_test_runs().send().await.expect("a page").value.len()
}

#[tokio::test]
async fn start_load_test_gives_a_handle() {
    let (fake, client) = fake().await;
    let run = client.start_load_test(101).await.expect("started");
    let requests = fake.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    let line = (request.method.as_str(), request.path.as_str(), &request.query);
    assert_eq!((line, request.body.len()), (("POST", PATH, &None), 0));
    let key = request.header("k6-idempotency-key").expect("a key");
    assert_eq!(key.len(), 36, "{key}");
    let started = run.run().expect("it was started");
    assert_eq!((started.test_id, started.status.as_str()), (101.into(), "created"));
    let page = run.page_url().expect("a start has it");
    assert!(page.ends_with(&run.id().to_string()), "{page}");
    let seen = client.get_test_run(run.id()).send().await.expect("the run");
    assert_eq!(*started, seen, "the same run in both responses");
    // Another start has another key, and begins another run.
    let other = client.start_load_test(101).await.expect("started");
    assert_ne!(other.id(), run.id());
    assert_ne!(keys(&fake)[0], keys(&fake)[1]);
}

#[tokio::test]
async fn handle_waits_watches_and_aborts() {
    let (fake, client) = fake().await;
    fake.next_start(RunSeed::timed().result(k6_cloud::RunResult::Failed));
    let run = client.start_load_test(101).await.expect("started");
    let mut updates = run.watch();
    let mut statuses = Vec::new();
    while let Some(update) = updates.try_next().await.expect("an update") {
        statuses.push(update.status);
    }
    assert_eq!((&statuses[0], statuses.last()), (&RunStatus::Created, Some(&RunStatus::Completed)));
    let ended = run.wait().await.expect("the run");
    assert_eq!((ended.id, ended.verdict().is_failed()), (run.id(), true));
    assert!(run.abort().await.expect_err("it has ended").is_conflict());

    let run = client.start_load_test(101).await.expect("started");
    run.abort().await.expect("aborted");
    assert_eq!(fake.run_json(run.id()).expect("the run")["status"], "aborted");
    assert!(matches!(run.wait().await.expect("the run").verdict(), Verdict::Aborted { .. }));

    // Dropping the handle does not end the run.
    let run = client.start_load_test(101).await.expect("started");
    let id = run.id();
    drop(run);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(fake.run_json(id).expect("the run")["status"], "created");
}

#[tokio::test]
async fn retried_start_begins_one_run() {
    for fault in [
        Fault::status(503),
        Fault::status(429),
        Fault::html(502),
        Fault::reset(),
        // From here on, faults after the run has begun.
        Fault::reset_after_headers(),
        Fault::truncate(),
        Fault::reset_mid_body(),
    ] {
        let (fake, client) = fake().await;
        fake.inject(fault.on(START).first(3));
        let run = client.start_load_test(101).await.expect("the fourth attempt");
        assert_eq!(
            (runs(&client).await, run.run().expect("it was started").test_id),
            (1, 101.into())
        );
        let keys = keys(&fake);
        assert_eq!(keys.len(), 4);
        assert!(keys[0].len() == 36 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    }
}

#[tokio::test]
async fn start_that_may_have_begun_a_run_says_so_and_how_to_go_on() {
    let (fake, client) = fake().await;
    fake.inject(Fault::reset_after_headers().on(START));
    let error = client.start_load_test(101).await.expect_err("no response");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::OutcomeUnknown, 4), "{error}");
    assert!(!error.is_transient());
    let key = error.idempotency_key().expect("the key").to_owned();
    assert!(keys(&fake).iter().all(|sent| *sent == key));
    assert!(error.to_string().contains(&key), "{error}");
    fake.clear_faults();
    let run = client.start_load_test(101).idempotency_key(&key).await.expect("started");
    assert_eq!(runs(&client).await, 1);
    assert_eq!(run.run().expect("it was started").test_id, 101);

    // The kind of the last failure does not matter.
    for fault in [Fault::status(429), Fault::status(503), Fault::html(504), Fault::reset()] {
        let (fake, client) = self::fake().await;
        fake.inject(Fault::truncate().on(START).first(1));
        fake.inject(fault.on(START));
        let error = client.start_load_test(101).await.expect_err("no response");
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    }
    let (fake, client) = self::fake().await;
    fake.inject(Fault::truncate().on(START).first(1).on(START));
    fake.inject(Fault::invalid_json().on(START));
    let error = client.start_load_test(101).await.expect_err("no JSON");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert!(error.to_string().contains("a run may have begun"), "{error}");
    assert_eq!(error.idempotency_key(), keys(&fake).first().map(String::as_str));

    // If no attempt can have begun a run, the error is the same as for other calls.
    let (fake, client) = self::fake().await;
    fake.inject(Fault::status(429).on(START));
    let error = client.start_load_test(101).await.expect_err("429");
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::RateLimited, true), "{error}");
    assert_eq!(runs(&client).await, 0);
}

/// A client whose retries could go on for hours.
fn patient(fake: &FakeCloud) -> Client {
    let policy = RetryPolicy::default()
        .max_attempts(1_000)
        .deadline(Duration::from_secs(36_000))
        .base_delay(Duration::from_secs(50))
        .max_delay(Duration::from_secs(50))
        .budget(1_000, 1.0);
    fake.client().jitter(|| 1.0).retries(policy).build().expect("complete")
}

#[tokio::test]
async fn start_is_not_retried_after_ten_minutes() {
    let (fake, _) = fake().await;
    fake.inject(Fault::reset_after_headers().on(START));
    let client = patient(&fake);
    let error = client.start_load_test(101).await.expect_err("no response");
    // One attempt every 50 seconds. An attempt at 600 seconds would be too late.
    assert_eq!((error.attempts(), keys(&fake).len()), (12, 12), "{error}");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!((fake.clock().now(), runs(&client).await), (Duration::from_secs(550), 1));
    // Other calls have no such limit.
    fake.clear_faults();
    fake.inject(Fault::reset().on("get_test_run").first(20));
    client.get_test_run(900_001).send().await.expect("the twenty-first attempt");
}

#[tokio::test]
async fn attempt_that_ends_after_ten_minutes_is_the_last() {
    let clock = FakeClock::stopped();
    let moved = clock.clone();
    // The first attempt takes longer than the API keeps the key.
    let server = Scripted::by(move |_| {
        moved.advance(Duration::from_secs(601));
        Reply::Close
    })
    .await;
    let policy = RetryPolicy::default().deadline(Duration::from_secs(36_000));
    let client = server.builder().clock(clock).jitter(|| 0.0).retries(policy);
    let client = client.build().expect("complete");
    let error = client.start_load_test(101).idempotency_key("ci-1").send().await;
    let error = error.expect_err("closed");
    assert_eq!((server.count(), error.kind()), (1, ErrorKind::OutcomeUnknown), "{error}");
}

#[tokio::test]
async fn retried_start_waits_for_its_permit_only_while_the_api_keeps_the_key() {
    let reply = |number| if number == 0 { Reply::status(503) } else { Reply::Hang };
    let (server, clock) = (Scripted::by(reply).await, FakeClock::stopped());
    let policy = RetryPolicy::default().deadline(Duration::from_secs(36_000));
    let client = server.builder().clock(clock.clone()).retries(policy).max_in_flight(1);
    let client = client.build().expect("complete");
    let start = tokio::spawn(client.start_load_test(101).into_future());
    // Takes the permit when the first attempt has ended, and keeps it.
    let other = client.clone();
    let other = tokio::spawn(async move { other.get_test_run(1).send().await });
    let start = tokio::time::timeout(Duration::from_secs(10), start).await.expect("an end");
    let error = start.expect("no panic").expect_err("no permit");
    assert_eq!((server.count(), error.kind()), (2, ErrorKind::OutcomeUnknown), "{error}");
    assert!((599..=600).contains(&clock.now().as_secs()), "{:?}", clock.now());
    other.abort();
}

#[tokio::test]
async fn own_key_is_sent_and_checked_first() {
    let (fake, client) = fake().await;
    let start = || client.start_load_test(101).idempotency_key("ci-1234");
    let (one, other) = (start().await.expect("started"), start().await.expect("started"));
    assert_eq!((one.id(), runs(&client).await), (other.id(), 1));
    assert_eq!(keys(&fake), ["ci-1234"; 2]);
    fake.clock().advance(Duration::from_secs(600));
    assert_ne!(start().await.expect("started").id(), one.id(), "the key is forgotten");
    fake.clear_requests();
    for key in ["", "a b", "\u{e9}", "a\nb", "0123456789012345678901234567890123456"] {
        let error = client.start_load_test(101).idempotency_key(key).await.expect_err(key);
        assert!(error.is_invalid_request(), "{error}");
        assert_eq!((error.operation(), error.attempts()), (Some("start_load_test"), 0));
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn start_of_a_missing_load_test_or_script_is_not_found() {
    let (fake, client) = fake().await;
    let error = client.start_load_test(1).await.expect_err("404");
    assert!(error.is_not_found() && error.operation() == Some(START), "{error}");
    let bare = client.create_load_test(5001, "Bare").await.expect("created");
    assert!(client.start_load_test(bare.id).await.expect_err("no script").is_not_found());
    assert_eq!(runs(&client).await, 0);
    drop(fake);
}

fn start_bodies(server: &Scripted) -> usize {
    server.lines().iter().filter(|line| line.ends_with("/start")).count()
}

/// A server that knows a load test and estimates a cost.
async fn estimating(vuh: f64) -> Scripted {
    let load_test = json!({
        "id": 101, "project_id": 5001, "name": "a", "baseline_test_run_id": null, "k6_version": 7,
        "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
    });
    let estimate = json!({
        "vuh_usage": vuh,
        "breakdown": {
            "protocol_vuh": vuh, "browser_vuh": 0, "base_total_vuh": vuh, "reduction_rate": 0,
            "reduction_rate_breakdown": null,
        },
    });
    Scripted::start([
        Reply::json(200, &load_test),
        Reply::json(200, &estimate),
        Reply::rejected(404),
    ])
    .await
}

#[tokio::test]
async fn max_vuh_is_checked_before_anything_is_started() {
    let options = json!({ "vus": 50, "duration": "10m", "cloud": { "projectID": 1, "note": "x" } });
    for (estimate, limit, allowed) in [
        (8.0, 8.0, true),
        (8.0, 8.5, true),
        (8.0, 7.9, false),
        (0.5, 0.0, false),
        (8.0, f64::INFINITY, true),
    ] {
        let server = estimating(estimate).await;
        let start = server.client().start_load_test(101).max_vuh(limit, &options);
        let error = start.await.expect_err("nothing is to be started here");
        assert_eq!(start_bodies(&server), usize::from(allowed), "{estimate} {limit}: {error}");
        let requests = server.requests();
        assert!(requests[0].starts_with("GET /cloud/v6/load_tests/101 "), "{requests:?}");
        assert!(requests[1].starts_with("POST /cloud/v6/validate_options "), "{requests:?}");
        let body = requests[1].split("\r\n\r\n").nth(1).unwrap_or_default();
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body, json!({ "project_id": 5001, "k6_version": 7, "options": options }));
        if allowed {
            assert!(error.is_not_found(), "{error}");
        } else {
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
            assert_eq!(error.operation(), Some("start_load_test"));
            let told = format!("{estimate} VUH, and max_vuh allows {limit}; nothing was started");
            assert!(error.to_string().contains(&told), "{error}");
        }
    }
    let server = estimating(1.0).await;
    let client = server.client();
    for start in [
        client.start_load_test(101).max_vuh(f64::NAN, &options),
        client.start_load_test(101).max_vuh(1.0, "no object"),
        client.start_load_test(101).max_vuh(1.0, json!([1])),
    ] {
        let error = start.await.expect_err("no check");
        assert!(error.is_invalid_request() && error.to_string().contains("max_vuh"), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn max_vuh_is_compared_with_the_estimate_of_the_api() {
    let (_fake, client) = fake().await;
    let options = json!({ "vus": 100, "duration": "1h" });
    let typed: types::Options = serde_json::from_value(options.clone()).expect("options");
    let estimate = client.validate_options(typed.clone()).project_id(5001).send().await;
    let estimate = estimate.expect("an estimate").vuh_usage.as_f64();
    assert!(estimate > 0.0);
    let error = client.start_load_test(101).max_vuh(estimate - 0.01, &options).await;
    assert_eq!(error.expect_err("too dear").kind(), ErrorKind::LimitExceeded);
    assert_eq!(runs(&client).await, 0);
    // Also with typed options.
    client.start_load_test(101).max_vuh(estimate, &typed).await.expect("started");
    assert_eq!(runs(&client).await, 1);
}

#[tokio::test]
async fn check_that_fails_starts_nothing() {
    let (fake, client) = fake().await;
    let error = client.start_load_test(1).max_vuh(1.0, json!({})).await.expect_err("404");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, Some("get_load_test")));
    assert_eq!(runs(&client).await, 0);
    drop(fake);
}

#[tokio::test]
async fn run_is_resumed_from_its_reference() {
    let (fake, client) = fake().await;
    let run = client.start_load_test(101).await.expect("started");
    let (id, page) = (run.id(), run.page_url().expect("a start has it").to_owned());
    let reference = run.detach();
    assert_eq!((reference.run_id(), reference.load_test_id()), (id, Some(101.into())));
    assert_eq!((reference.stack_id(), reference.page_url()), (fake.stack_id(), Some(&*page)));
    let text = serde_json::to_string(&reference).expect("JSON");
    assert!(!text.contains(fake.token()), "{text}");
    let read: RunReference = serde_json::from_str(&text).expect("a reference");
    assert_eq!(read, reference);
    // As in another process.
    fake.clock().advance(Duration::from_secs(5));
    let other = fake.client().build().expect("complete");
    let run = other.resume(&read).await.expect("the run");
    assert_eq!((run.id(), run.page_url(), run.reference()), (id, Some(&*page), reference.clone()));
    assert!(run.wait().await.expect("the run").verdict().is_passed());

    fake.clear_requests();
    let other = fake.client().stack_id(7).build().expect("complete");
    let error = other.resume(&read).await.expect_err("another stack");
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    let told = format!("stack {}, and the client is for stack 7", fake.stack_id());
    assert!(error.to_string().contains(&told), "{error}");
    assert!(fake.requests().is_empty());

    client.delete_test_run(id).send().await.expect("deleted");
    assert!(client.resume(&read).await.expect_err("deleted").is_not_found());
}

#[test]
fn reference_of_another_version_is_rejected() {
    let text = |version: u32| json!({ "version": version, "stack_id": 1, "load_test_id": 2, "run_id": 3, "page_url": "" });
    serde_json::from_value::<RunReference>(text(1)).expect("a reference");
    for version in [0, 2] {
        let error = serde_json::from_value::<RunReference>(text(version)).expect_err("unknown");
        assert!(error.to_string().contains(&format!("version {version}")), "{error}");
    }
}

#[tokio::test]
async fn resume_rejects_another_run() {
    let (fake, client) = fake().await;
    let started = client.start_load_test(101).await.expect("started");
    let reference = started.reference();
    fake.inject(Fault::edit_json(|run| run["id"] = json!(7)).on("get_test_run"));
    let error = client.resume(&reference).await.expect_err("another run");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("resume")));
    assert!(error.to_string().contains("about run 7, and not about run"), "{error}");
}

/// The API rejects the second request with its own error, whatever became of the first.
#[tokio::test]
async fn rejection_after_a_broken_start_has_its_own_kind() {
    let (fake, client) = fake().await;
    fake.inject(Fault::close().on(START).nth(0));
    fake.inject(Fault::status(403).on(START).nth(1));
    let error = client.start_load_test(101).await.expect_err("rejected");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Forbidden, 2), "{error}");
    assert!(error.to_string().contains(" (after 2 attempts)"), "{error}");
    assert!(error.idempotency_key().is_some());
}

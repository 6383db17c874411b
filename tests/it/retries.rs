//! Which requests are retried, how often, and after which pauses.

use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud::{Clock as _, RetryPolicy, RetryStop};
use k6_cloud_fake::FakeClock;
use serde_json::json;

use crate::scripted::{Reply, Scripted, builder, nobody};

fn conflict() -> Reply {
    Reply::json(409, &json!({ "error": { "code": "conflict", "message": "ended" } }))
}

/// Makes one call of each kind; `Ok` stands for success of any type.
#[expect(deprecated, reason = "deprecated calls are retried like others")]
async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    match operation {
        "get" => client.get_test_run(1).send().await.map(drop),
        "delete" => client.delete_test_run(1).send().await,
        "star" => client.star_test_run(1).send().await,
        "unstar" => client.unstar_test_run(1).send().await,
        "abort" => client.abort_test_run(1).send().await,
        "activate" => client.activate_schedule(1).send().await,
        "deactivate" => client.deactivate_schedule(1).send().await,
        "validate" => client.validate_options(types::Options::new()).send().await.map(drop),
        "create" => client.create_project("x").send().await.map(drop),
        "save" => client.save_test_run(1).send().await,
        "update" => client.update_test_run(1, "x").send().await,
        other => panic!("{other}"),
    }
}

const SAFE_TO_RETRY: [&str; 8] =
    ["get", "delete", "star", "unstar", "abort", "activate", "deactivate", "validate"];
const ONCE: [&str; 3] = ["save", "update", "create"];

#[tokio::test]
async fn only_safe_operations_are_retried() {
    use ErrorKind::{OutcomeUnknown, RateLimited, Server, Timeout, Transport};
    let faults = [
        // The reply, the kind after 4 attempts, and the attempts and kind of a call that is not safe
        // to retry.
        (Reply::status(408), Timeout, 1, OutcomeUnknown),
        (Reply::status(429), RateLimited, 4, RateLimited),
        (Reply::status(500), Server, 1, Server),
        (Reply::status(502), Server, 1, OutcomeUnknown),
        (Reply::status(503), Server, 1, Server),
        (Reply::status(504), Server, 1, OutcomeUnknown),
        (Reply::Close, Transport, 1, OutcomeUnknown),
    ];
    for (reply, kind, once, once_kind) in faults {
        for operation in SAFE_TO_RETRY.iter().chain(&ONCE) {
            let server = Scripted::start([reply.clone()]).await;
            let error = call(&server.client(), operation).await.expect_err("it always fails");
            let expected =
                if SAFE_TO_RETRY.contains(operation) { (4, kind) } else { (once, once_kind) };
            let shown = format!("{operation} {reply:?}: {error}");
            assert_eq!((server.count(), error.kind()), expected, "{shown}");
            assert_eq!(error.attempts() as usize, server.count(), "{shown}");
        }
    }
    for status in [400, 401, 403, 404, 409, 501, 505] {
        for operation in SAFE_TO_RETRY.iter().chain(&ONCE) {
            let server = Scripted::start([Reply::status(status)]).await;
            call(&server.client(), operation).await.expect_err("it always fails");
            assert_eq!(server.count(), 1, "{operation} {status}");
        }
    }
}

#[tokio::test]
async fn refused_connection_is_retried_for_every_call() {
    for operation in SAFE_TO_RETRY.iter().chain(&ONCE) {
        let client = builder(&nobody().await).build().expect("complete");
        let error = call(&client, operation).await.expect_err("connection refused");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4), "{operation}");
    }
}

#[tokio::test]
async fn call_succeeds_after_failures() {
    let failures = [Reply::status(503), Reply::Close, Reply::status(429), Reply::status(204)];
    for operation in ["delete", "star", "abort"] {
        let server = Scripted::start(failures.clone()).await;
        call(&server.client(), operation).await.expect("the fourth attempt");
        assert_eq!(server.count(), 4);
        let lines = server.lines();
        assert!(lines.iter().all(|line| *line == lines[0]), "{lines:?}");
        let heads = server.requests();
        assert!(heads.iter().all(|head| head.contains("authorization: Bearer ")), "{heads:?}");
    }
}

#[tokio::test]
async fn response_that_breaks_off_is_requested_again() {
    let page = json!({ "value": [] });
    let server =
        Scripted::start([Reply::Truncated(page.to_string()), Reply::json(200, &page)]).await;
    let page = server.client().list_test_runs().send().await.expect("the second attempt");
    assert!(page.value.is_empty());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn body_is_sent_again_whole() {
    let server = Scripted::start([Reply::status(429), Reply::status(204)]).await;
    call(&server.client(), "update").await.expect("the second attempt");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests[0] == requests[1] && requests[1].ends_with("{\"note\":\"x\"}"),
        "{requests:?}"
    );
}

#[tokio::test]
async fn pauses_grow_and_are_random() {
    for (drawn, expected) in [(1.0, [500, 1000, 2000]), (0.5, [250, 500, 1000]), (0.0, [0, 0, 0])] {
        let clock = FakeClock::stopped();
        let server = Scripted::start([Reply::status(503)]).await;
        let client = server.builder().clock(clock.clone()).jitter(move || drawn).build();
        call(&client.expect("complete"), "get").await.expect_err("it always fails");
        assert_eq!(clock.slept(), expected.map(Duration::from_millis));
    }
    // With the client's own jitter, pauses differ.
    let clock = FakeClock::stopped();
    let server = Scripted::start([Reply::status(503)]).await;
    let client = Client::builder().base_url(&server.base).token("t").stack_id(7);
    let client = client.clock(clock.clone()).build().expect("complete");
    for _ in 0..3 {
        call(&client, "get").await.expect_err("it always fails");
    }
    let slept = clock.slept();
    assert!(slept.iter().collect::<std::collections::BTreeSet<_>>().len() > 3, "{slept:?}");
}

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms() {
    let date = |clock: &FakeClock, seconds| {
        let date = clock.time() + chrono::TimeDelta::seconds(seconds);
        date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let clock = FakeClock::stopped();
    for (value, pause, told) in [
        ("7".to_owned(), 7_500, Some(7)),
        (date(&clock, 9), 9_500, Some(9)),
        (date(&clock, -9), 500, Some(0)),
        ("0".to_owned(), 500, Some(0)),
        ("soon".to_owned(), 500, None),
        ("-1".to_owned(), 500, None),
    ] {
        for status in [429, 503] {
            let clock = FakeClock::stopped();
            let reply = Reply::status(status).header("retry-after", value.clone());
            let server = Scripted::start([reply]).await;
            let policy = RetryPolicy::default().max_attempts(2);
            let client = server.builder().clock(clock.clone()).retries(policy).build();
            let error = call(&client.expect("complete"), "get").await.expect_err("it fails");
            assert_eq!(clock.slept(), [Duration::from_millis(pause)], "{status} {value}");
            // A date is compared to the clock when the error is made.
            let told = told.map(|told| {
                Duration::from_secs(told).saturating_sub(if value.contains(':') {
                    clock.now()
                } else {
                    Duration::ZERO
                })
            });
            assert_eq!(error.retry_after(), told, "{status} {value}");
        }
    }
}

#[tokio::test]
async fn pause_that_would_end_after_the_deadline_is_skipped() {
    let clock = FakeClock::stopped();
    let server = Scripted::start([Reply::status(429).header("retry-after", "121")]).await;
    let client = server.builder().clock(clock.clone()).build().expect("complete");
    let error = call(&client, "get").await.expect_err("429");
    assert_eq!((server.count(), clock.slept().len()), (1, 0));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(121)));

    let clock = FakeClock::stopped();
    let policy = RetryPolicy::default().max_attempts(100).deadline(Duration::from_secs(10));
    let server = Scripted::start([Reply::status(503)]).await;
    let client = server.builder().clock(clock.clone()).retries(policy).build().expect("complete");
    let error = call(&client, "get").await.expect_err("it always fails");
    // 0.5, 1, 2 and 4 seconds; 8 more would pass it.
    assert_eq!(error.elapsed(), Some(Duration::from_millis(7_500)));
    assert_eq!((server.count(), clock.now()), (5, Duration::from_millis(7_500)));
}

#[tokio::test]
async fn deadline_ends_the_last_attempt() {
    let server = Scripted::start([Reply::Close, Reply::Hang]).await;
    let policy = RetryPolicy::default().deadline(Duration::from_millis(100));
    let policy = policy.base_delay(Duration::from_millis(1));
    let client = server.builder().clock(k6_cloud::SystemClock::new()).retries(policy);
    let client = client.build().expect("complete");
    let call = call(&client, "get");
    let error = tokio::time::timeout(Duration::from_secs(10), call).await.expect("an end");
    assert!(error.expect_err("it hangs").is_timeout());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn first_attempt_has_the_whole_timeout() {
    let server = Scripted::start([Reply::Late(Duration::from_millis(200), 204)]).await;
    let policy = RetryPolicy::default().deadline(Duration::from_millis(20));
    let client = server.builder().clock(k6_cloud::SystemClock::new()).retries(policy);
    call(&client.build().expect("complete"), "star").await.expect("late and in time");
}

#[tokio::test]
async fn limits_can_be_set_for_some_calls() {
    let server = Scripted::start([Reply::status(503)]).await;
    let client = server.client();
    let once = client.with_retries(RetryPolicy::off()).expect("a policy");
    call(&once, "get").await.expect_err("503");
    assert_eq!(server.count(), 1);
    call(&client, "get").await.expect_err("503");
    assert_eq!(server.count(), 5);
    assert!(client.with_retries(RetryPolicy::default().max_attempts(0)).is_err());

    let server = Scripted::start([Reply::Hang]).await;
    let client = server.client().with_timeout(Duration::from_millis(50));
    let client = client.with_retries(RetryPolicy::off()).expect("a policy");
    let call = tokio::time::timeout(Duration::from_secs(10), call(&client, "get")).await;
    assert!(call.expect("an end").expect_err("it hangs").is_timeout());
}

#[tokio::test]
async fn error_is_transient_if_the_call_can_be_sent_again() {
    for (operation, status, transient) in [
        ("get", 503, true),
        ("get", 500, true),
        ("abort", 503, true),
        ("update", 503, false),
        ("update", 500, false),
        ("update", 502, false),
        ("update", 429, true),
        ("get", 404, false),
    ] {
        let server = Scripted::start([Reply::status(status)]).await;
        let error = call(&server.client(), operation).await.expect_err("it fails");
        assert_eq!(error.is_transient(), transient, "{operation} {status}");
    }
    let client = builder(&nobody().await).build().expect("complete");
    assert!(call(&client, "update").await.expect_err("connection refused").is_transient());
}

#[tokio::test]
async fn retries_can_be_turned_off() {
    let server = Scripted::start([Reply::status(429)]).await;
    let client = server.builder().retries(RetryPolicy::off()).build().expect("complete");
    call(&client, "get").await.expect_err("429");
    assert_eq!(server.count(), 1);
    let error = server.builder().retries(RetryPolicy::default().max_attempts(0)).build();
    assert_eq!(error.expect_err("no attempts").kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn outage_is_not_multiplied() {
    let server = Scripted::start([Reply::status(503)]).await;
    let client = server.client();
    for _ in 0..100 {
        call(&client.clone(), "get").await.expect_err("503");
    }
    // 100 calls, 20 retries from the full budget, and 19 that the calls earn: each adds a fifth of
    // a retry, except for the first, which finds the budget full.
    assert_eq!(server.count(), 100 + 20 + 19);
}

#[tokio::test]
async fn message_says_that_the_outcome_is_unknown() {
    let server = Scripted::start([Reply::Close]).await;
    let error = call(&server.client(), "save").await.expect_err("closed");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(!error.is_transient());
    assert!(error.to_string().contains("check before you send it again"), "{error}");

    let server = Scripted::start([Reply::Hang]).await;
    let client = server.builder().timeout(Duration::from_millis(80)).build().expect("complete");
    let error = call(&client, "update").await.expect_err("it hangs");
    assert_eq!((error.kind(), server.count()), (ErrorKind::OutcomeUnknown, 1));
}

#[tokio::test]
async fn rejection_after_a_broken_attempt_has_a_hint() {
    for (operation, status) in [("abort", 409), ("delete", 404)] {
        let rejection = if status == 409 { conflict() } else { Reply::rejected(404) };
        let server = Scripted::start([Reply::Close, rejection.clone()]).await;
        let error = call(&server.client(), operation).await.expect_err("rejected");
        assert_eq!(error.attempts(), 2);
        assert!(error.hint().is_some_and(|hint| hint.contains("earlier attempt")), "{error}");
        // After 429, no earlier attempt can have been carried out.
        let server = Scripted::start([Reply::status(429), rejection]).await;
        let error = call(&server.client(), operation).await.expect_err("rejected");
        assert_eq!((error.attempts(), error.hint()), (2, None));
    }
}

#[tokio::test]
async fn response_is_retried_too() {
    let server = Scripted::start([Reply::status(503), Reply::status(204)]).await;
    server.client().star_test_run(1).response().await.expect("the second attempt");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn permit_is_given_back_during_a_pause() {
    let clock = k6_cloud::SystemClock::new();
    let server = Scripted::by(|number| Reply::status(if number == 0 { 503 } else { 204 })).await;
    let policy = RetryPolicy::default()
        .base_delay(Duration::from_secs(3600))
        .deadline(Duration::from_secs(7200))
        .max_delay(Duration::from_secs(3600));
    let client = server.builder().clock(clock).retries(policy).max_in_flight(1).build();
    let client = client.expect("complete");
    let pausing = client.clone();
    let pausing = tokio::spawn(async move { call(&pausing, "star").await });
    while server.count() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let other = call(&client, "star");
    let other = tokio::time::timeout(Duration::from_secs(10), other).await;
    other.expect("it gets the permit").expect("starred");
    pausing.abort();
}

/// Deletes runs while a server fails its first 300 responses, and returns the errors.
async fn deletions(policy: RetryPolicy) -> Vec<Error> {
    use futures_util::StreamExt as _;
    let server = Scripted::by(|number| Reply::status(if number < 300 { 503 } else { 204 })).await;
    let client = server.builder().jitter(|| 0.0).retries(policy).build().expect("complete");
    let calls = (0..500).map(|id| client.delete_test_run(id).send());
    let results = futures_util::stream::iter(calls).buffer_unordered(8).collect::<Vec<_>>().await;
    results.into_iter().filter_map(Result::err).collect()
}

#[tokio::test]
async fn empty_budget_is_told_and_a_batch_job_has_a_larger_one() {
    let failed = deletions(RetryPolicy::default()).await;
    let stopped = failed.iter().filter(|e| e.retry_stop() == Some(RetryStop::BudgetEmpty));
    let stopped: Vec<_> = stopped.collect();
    assert!(stopped.len() > 100, "{} of {}", stopped.len(), failed.len());
    for error in stopped {
        let shown = error.to_string();
        assert!(shown.contains("not retried: the retry budget is empty"), "{shown}");
        assert!(shown.contains("RetryPolicy::budget"), "{shown}");
    }
    let failed = deletions(RetryPolicy::batch()).await;
    assert!(failed.is_empty(), "{} failed: {}", failed.len(), failed[0]);
}

#[tokio::test]
async fn error_says_why_there_was_no_further_attempt() {
    use k6_cloud::ScriptSource;
    let server = Scripted::start([Reply::status(503)]).await;
    let client = server.client();
    let stop = |error: Error| error.retry_stop();
    let call = || client.get_test_run(1).send();
    assert_eq!(stop(call().await.expect_err("503")), Some(RetryStop::MaxAttempts));
    let reader = ScriptSource::reader(&b"export default 1"[..]);
    let error = client.upload_load_test_script(1, reader).send().await.expect_err("503");
    assert_eq!(stop(error), Some(RetryStop::BodyCannotBeRepeated));
    let error = client.create_project("x").send().await.expect_err("503");
    assert_eq!(stop(error), None, "it is never retried");

    let server = Scripted::start([Reply::status(429).header("retry-after", "3600")]).await;
    let error = server.client().get_test_run(1).send().await.expect_err("429");
    assert!(error.to_string().contains("RetryPolicy::deadline"), "{error}");
    assert_eq!((error.attempts(), stop(error)), (1, Some(RetryStop::Deadline)));
    let server = Scripted::start([Reply::status(404)]).await;
    assert_eq!(stop(server.client().get_test_run(1).send().await.expect_err("404")), None);
}

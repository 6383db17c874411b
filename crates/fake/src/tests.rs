use std::time::Duration;

use super::*;

/// Returns a client without credentials. reqwest makes none without a provider of cryptography, even
/// if no TLS is used.
pub(crate) fn plain_http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

#[test]
fn builder_debug_hides_the_token() {
    let builder = FakeCloud::builder().token("hush");
    assert!(!format!("{builder:?}").contains("hush"));
}

#[tokio::test]
async fn client_has_the_address_and_credentials() {
    let fake = FakeCloud::builder().token("other").stack_id(7).start().await.expect("starts");
    let client = fake.client().build().expect("complete");
    let run = client.get_test_run(FIRST_RUN_ID).send().await.expect("the run");
    assert_eq!(run.id, FIRST_RUN_ID);
    let request = fake.requests().remove(0);
    assert_eq!(request.header("authorization"), Some("Bearer other"));
    assert_eq!(request.header("x-stack-id"), Some("7"));
}

#[tokio::test]
async fn latency_delays_each_answer_and_not_one_after_the_other() {
    let latency = Duration::from_millis(200);
    let fake = FakeCloud::builder().latency(latency).start().await.expect("starts");
    let client = fake.client().build().expect("complete");
    let start = std::time::Instant::now();
    let calls = (0..20).map(|_| client.list_test_runs().top(1).send());
    for response in futures_util::future::join_all(calls).await {
        response.expect("a page");
    }
    let took = start.elapsed();
    assert!(took >= latency && took < 15 * latency, "{took:?} for all");
}

#[tokio::test]
async fn request_that_is_not_waited_for_has_its_effect() {
    let fake = FakeCloud::builder().latency(Duration::from_secs(60)).start().await;
    let fake = fake.expect("starts");
    let id = fake.add_run(RunSeed::running());
    let client = fake.client().build().expect("complete");
    let call = tokio::spawn(async move { client.abort_test_run(id).send().await });
    let aborted = async {
        while fake.run_json(id).expect("the run")["status"] != "aborted" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let aborted = tokio::time::timeout(Duration::from_secs(10), aborted).await;
    assert!(aborted.is_ok(), "the abort is delayed like its response");
    assert!(!call.is_finished(), "the response was not delayed");
}

#[tokio::test]
async fn requests_change_runs_at_the_time_of_the_clock() {
    let clock = FakeClock::stopped();
    let fake = FakeCloud::builder().clock(clock.clone()).start().await.expect("starts");
    let client = fake.client().build().expect("complete");
    let ids = [0; 2].map(|_| fake.add_run(RunSeed::running()));
    fake.clock().advance(Duration::from_secs(600));
    client.abort_test_run(ids[0]).send().await.expect("aborted");
    clock.advance(Duration::from_secs(600));
    fake.advance_run(ids[1]);
    let entered = ids.map(|id| {
        let run = fake.run_json(id).expect("the run");
        run["status_details"]["entered"].clone()
    });
    assert_eq!(entered, ["2026-06-30T12:15:00Z", "2026-06-30T12:25:00Z"]);
}

#[tokio::test]
async fn fakes_of_one_builder_have_their_own_clocks() {
    let builder = FakeCloud::builder();
    let one = builder.clone().start().await.expect("starts");
    let other = builder.start().await.expect("starts");
    one.clock().advance(Duration::from_secs(1));
    assert_eq!(other.clock().time(), NOW);
}

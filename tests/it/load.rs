//! Many calls at once, calls that nobody waits for, and values of every kind.

use std::time::Duration;

use futures_util::future::join_all;
use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud};
use tokio::runtime::Handle;

use crate::stalled_download;

/// The project's checks run this under a limit of 1,024 file descriptors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_calls_at_once_succeed() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let calls = (0..5_000).map(|number| {
        let client = client.clone();
        tokio::spawn(async move {
            let id = FIRST_RUN_ID.get() + number % 12;
            client.get_test_run(id).send().await.map(|run| run.id == id)
        })
    });
    let mut failed = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        match call.await.expect("no panic") {
            Ok(right) => assert!(right, "the response of another call"),
            Err(error) => failed.push(error.to_string()),
        }
    }
    assert!(failed.is_empty(), "{} failed, the first: {}", failed.len(), failed[0]);
    assert_eq!(fake.requests().len(), 5_000);
}

#[tokio::test]
async fn permits_come_in_order() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().max_in_flight(1).build().expect("complete");
    let ids: Vec<_> = (0..12).map(|number| FIRST_RUN_ID.get() + number).collect();
    join_all(ids.iter().map(|id| client.get_test_run(*id).send())).await;
    let asked: Vec<_> = fake.requests().into_iter().map(|request| request.path).collect();
    let wanted: Vec<_> = ids.iter().map(|id| format!("/cloud/v6/test_runs/{id}")).collect();
    assert_eq!(asked, wanted);
}

#[tokio::test]
async fn dropped_calls_leave_nothing_behind() {
    let before = Handle::current().metrics().num_alive_tasks();
    {
        let fake = FakeCloud::builder().latency(Duration::from_millis(20)).start().await;
        let fake = fake.expect("the fake starts");
        let client = fake.client().max_in_flight(8).build().expect("complete");
        let mut dice = fastrand::Rng::with_seed(7);
        let calls = (0..1_000).map(|number| {
            // Some are dropped before they have a permit, some while they wait for the response, and
            // some while they read it.
            let patience = Duration::from_micros(dice.u64(0..60_000));
            let client = client.clone();
            async move {
                let call = async {
                    match number % 3 {
                        0 => client.get_test_run(FIRST_RUN_ID).send().await.map(drop),
                        1 => client.list_test_runs().top(2).collect_all(99).await.map(drop),
                        _ => client.get_test_run_script(FIRST_RUN_ID).await.map(drop),
                    }
                };
                tokio::time::timeout(patience, call).await.is_err()
            }
        });
        let dropped = join_all(calls).await.into_iter().filter(|dropped| *dropped).count();
        assert!(dropped > 500, "{dropped}");
        // All permits have been returned. A script that is not read to its end would keep one.
        let kept = (0..8).map(|_| stalled_download(&fake, &client));
        let kept = tokio::time::timeout(Duration::from_secs(10), join_all(kept)).await;
        kept.expect("eight permits");
    }
    let gone = async {
        while Handle::current().metrics().num_alive_tasks() > before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let left = || Handle::current().metrics().num_alive_tasks();
    let gone = tokio::time::timeout(Duration::from_secs(10), gone).await;
    assert!(gone.is_ok(), "{} tasks are left, {before} were there", left());
}

#[tokio::test]
async fn values_of_a_query_arrive_as_they_are() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let mut dice = fastrand::Rng::with_seed(11);
    let mut values: Vec<String> = [
        "",
        " ",
        "+",
        "%",
        "%00",
        "%2B",
        "&",
        "=",
        "a=b&c=d",
        "#",
        "?",
        "/",
        "..",
        "\\",
        "\"",
        "'",
        "\n",
        "\r\n",
        "\0",
        "\t",
        "\u{7f}",
        "\u{e9}",
        "\u{202e}",
        "\u{1f600}",
        "created desc,id",
    ]
    .map(str::to_owned)
    .into();
    for _ in 0..400 {
        values.push((0..dice.usize(1..20)).map(|_| dice.char(..)).collect());
    }
    for value in values {
        fake.clear_requests();
        let call = client.list_load_test_runs(101).orderby(value.as_str());
        // The API may reject it; the test is about the request.
        let _ = call.send().await;
        let requests = fake.requests();
        assert_eq!(requests.len(), 1, "{value:?}");
        assert_eq!(requests[0].query_value("$orderby").as_ref(), Some(&value));
        assert_eq!(requests[0].path, "/cloud/v6/load_tests/101/test_runs", "{value:?}");
    }
}

#[tokio::test]
async fn values_that_no_header_can_have_are_rejected() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    for value in ["a\r\nx: y", "a\nb", "a\rb", "\0", "\u{7f}"] {
        let error = client.authenticate(value).send().await.expect_err("not a header");
        assert!(error.is_invalid_request(), "{value:?}: {error}");
    }
    assert!(fake.requests().is_empty());
}

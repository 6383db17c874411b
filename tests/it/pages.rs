//! Lists over all their pages.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud};
use serde_json::json;

use crate::moving::{Moving, Quirks, run, template};
use crate::scripted::{self, Reply, Scripted};
use crate::{client_of, scripted::CANARY};

fn ids(runs: &[types::TestRun]) -> Vec<i64> {
    runs.iter().map(|run| run.id).collect()
}

/// Reads a list to its end; what came before an error comes with it.
async fn read(mut list: k6_cloud::RowStream<types::TestRun>) -> (Vec<i64>, Option<Error>) {
    let mut read = Vec::new();
    let all = async {
        loop {
            match list.try_next().await {
                Ok(Some(run)) => read.push(run.id),
                Ok(None) => return None,
                Err(error) => {
                    assert!(list.try_next().await.is_ok_and(|run| run.is_none()), "no end");
                    return Some(error);
                }
            }
        }
    };
    let error = tokio::time::timeout(Duration::from_secs(20), all).await.expect("an end");
    (read, error)
}

#[tokio::test]
async fn stream_reads_every_row_once_and_in_order() {
    let fake = FakeCloud::builder().runs(2_500).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let (runs, error) = read(client.list_test_runs().stream()).await;
    assert!(error.is_none(), "{error:?}");
    assert!(runs.into_iter().eq(FIRST_RUN_ID..FIRST_RUN_ID + 2_500));
    let queries: Vec<_> = fake.requests().into_iter().filter_map(|r| r.query).collect();
    assert_eq!(
        queries,
        [
            "%24count=true&%24skip=0&%24top=1000",
            // With the last row of the page before, to see that no row has moved.
            "%24count=true&%24skip=999&%24top=1000",
            "%24count=true&%24skip=1998&%24top=1000",
        ]
    );
}

#[tokio::test]
async fn filters_hold_for_every_page() {
    let fake = FakeCloud::builder().runs(60).load_tests(2).start().await.expect("it starts");
    let client = client_of(&fake);
    let list = client.list_load_test_runs(101).orderby("created desc").is_starred(false);
    let runs = list.clone().top(4).collect_all(100).await.expect("the runs");
    assert!(runs.len() > 8 && runs.iter().all(|run| run.test_id == 101 && !run.is_starred));
    assert!(runs.is_sorted_by(|a, b| a.created >= b.created));
    for request in fake.requests() {
        assert_eq!(request.path, "/cloud/v6/load_tests/101/test_runs");
        assert_eq!(request.query_value("$orderby").as_deref(), Some("created desc"));
        assert_eq!(request.query_value("is_starred").as_deref(), Some("false"));
    }
    let error = client.list_load_test_runs(9).collect_all(10).await.expect_err("no test 9");
    assert!(error.is_not_found() && error.operation() == Some("list_load_test_runs"), "{error}");
}

#[tokio::test]
async fn stream_is_lazy() {
    let fake = FakeCloud::builder().runs(100).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let mut runs = client.list_test_runs().top(10).stream();
    // The stream outlives the client.
    drop(client);
    tokio::task::yield_now().await;
    assert!(fake.requests().is_empty(), "a request before the first poll");
    for expected in [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2] {
        runs.try_next().await.expect("a page").expect("a run");
        assert_eq!(fake.requests().len(), expected);
    }
    drop(runs);
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn window_of_the_builder_is_that_of_the_whole() {
    let fake = FakeCloud::builder().runs(50).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let pages: Vec<_> =
        client.list_test_runs().skip(15).top(10).pages().try_collect().await.expect("pages");
    let sizes: Vec<_> = pages.iter().map(|page| page.rows.len()).collect();
    assert_eq!(sizes, [10, 10, 10, 5]);
    assert_eq!(pages[0].rows[0].id, FIRST_RUN_ID + 15);
    assert!(pages.iter().all(|page| page.count == Some(50) && page.moved.is_none()));
    assert!(pages.iter().all(|page| page.duplicates == 0));

    for top in [0, -1, 1001] {
        let error =
            client.list_test_runs().top(top).stream().try_next().await.expect_err("no page");
        assert!(error.is_invalid_request() && error.to_string().contains("top"), "{error}");
    }
    let error = client.list_test_runs().skip(-1).stream().try_next().await.expect_err("no page");
    assert!(error.is_invalid_request(), "{error}");
    for top in [1, 2, 3, 49, 50, 51] {
        let runs = client.list_test_runs().top(top).collect_all(50).await.expect("all");
        assert_eq!(ids(&runs), (FIRST_RUN_ID..FIRST_RUN_ID + 50).collect::<Vec<_>>(), "{top}");
    }
}

#[tokio::test]
async fn empty_list_is_one_empty_page() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let mut pages = client.list_test_runs().pages();
    let page = pages.try_next().await.expect("a page").expect("a page");
    assert_eq!((page.rows.len(), page.count), (0, Some(0)));
    assert!(pages.try_next().await.expect("the end").is_none());
    assert!(client.list_test_runs().collect_all(0).await.expect("nothing").is_empty());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn collect_all_holds_its_cap() {
    let fake = FakeCloud::builder().runs(30).start().await.expect("the fake starts");
    let client = client_of(&fake);
    assert_eq!(client.list_test_runs().top(7).collect_all(30).await.expect("all").len(), 30);
    fake.clear_requests();
    let error = client.list_test_runs().top(7).collect_all(29).await.expect_err("one too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains("30 rows") && error.to_string().contains("29"), "{error}");
    assert_eq!(fake.requests().len(), 1, "the count of the first page tells");
    // Where no count tells, the rows do.
    let server =
        Moving::with((0..30).collect(), Quirks { count: false, ..Quirks::default() }, |_, _| {});
    let server = server.await;
    let error = server.client().list_test_runs().top(7).collect_all(10).await.expect_err("more");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(server.windows().len(), 2);
}

#[tokio::test]
async fn empty_page_with_a_link_is_no_end() {
    let template = template().await;
    let page = |ids: &[i64], next: Option<i64>| {
        let rows: Vec<_> = ids.iter().map(|id| run(&template, *id)).collect();
        let mut page = json!({ "value": rows });
        if let Some(next) = next {
            page["@nextLink"] = json!(format!("?$skip={next}"));
        }
        Reply::json(200, &page)
    };
    let server = Scripted::start([
        page(&[1, 2], Some(10)),
        page(&[], Some(20)),
        page(&[], Some(30)),
        page(&[3], Some(40)),
        page(&[], None),
    ])
    .await;
    let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(runs, [1, 2, 3]);
    let skips: Vec<_> = server
        .lines()
        .iter()
        .filter_map(|line| Some(line.split_once("skip=")?.1.split('&').next()?.to_owned()))
        .collect();
    assert_eq!(skips, ["0", "10", "20", "30", "40"]);
}

#[tokio::test]
async fn link_that_leads_nowhere_is_an_error() {
    let template = template().await;
    for (rows, link, what) in [
        (2, "/cloud/v6/test_runs?$skip=0", "does not advance"),
        (2, "/cloud/v6/test_runs?$skip=-5", "does not advance"),
        (0, "/cloud/v6/test_runs?$skip=0", "does not advance"),
        (0, "/cloud/v6/test_runs?$cursor=abc", "does not say where"),
        (2, "/cloud/v6/test_runs?$skip=11", "leaves out"),
        (2, "http://[", "no address"),
    ] {
        let rows: Vec<_> = (0..rows).map(|id| run(&template, id)).collect();
        let page = json!({ "value": rows, "@nextLink": link });
        let server = Scripted::start([Reply::json(200, &page)]).await;
        let (_, error) = read(server.client().list_test_runs().top(10).stream()).await;
        let error = error.expect(what);
        assert_eq!(error.kind(), ErrorKind::Pagination, "{link}");
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!(server.count(), 1, "{link}");
    }
}

#[tokio::test]
async fn link_to_elsewhere_gets_nothing() {
    let other = Scripted::start([Reply::json(200, &json!({ "value": [] }))]).await;
    let port = other.base.rsplit(':').next().expect("a port").to_owned();
    for link in [
        format!("{}/cloud/v6/test_runs?$skip=1", other.base),
        format!("//127.0.0.1:{port}/cloud/v6/test_runs?$skip=1"),
        format!("http://localhost:{port}/cloud/v6/test_runs?$skip=1"),
        format!("https://user:{CANARY}@evil.example/?$skip=1"),
    ] {
        for concurrency in [1, 4] {
            let page = json!({
                "value": [run(&template().await, 1)], "@count": 50, "@nextLink": link
            });
            let server = Scripted::start([Reply::json(200, &page)]).await;
            let list = server.client().list_test_runs().top(1).stream().concurrency(concurrency);
            let (_, error) = read(list).await;
            let error = error.expect("another host");
            assert_eq!(error.kind(), ErrorKind::Pagination, "{link}");
            assert!(error.to_string().contains("where the token does not go"), "{error}");
            assert!(!format!("{error} {error:?}").contains(CANARY), "{error}");
            assert_eq!(server.count(), 1);
        }
    }
    assert_eq!(other.count(), 0, "the server's address was called");
}

#[tokio::test]
async fn failure_ends_the_stream_after_what_was_read() {
    let template = template().await;
    let rows: Vec<_> = (0..5).map(|id| run(&template, id)).collect();
    let page = json!({ "value": rows, "@nextLink": "?$skip=5", "@count": 20 });
    let server = Scripted::start([Reply::json(200, &page), Reply::status(404)]).await;
    for concurrency in [1, 3] {
        let list = server.client().list_test_runs().top(5).stream().concurrency(concurrency);
        let (runs, error) = read(list).await;
        if concurrency == 1 {
            assert_eq!(runs, [0, 1, 2, 3, 4]);
        }
        assert!(error.is_some_and(|error| error.is_not_found()));
    }
}

#[tokio::test]
async fn page_that_fails_for_a_while_is_asked_for_again() {
    let template = template().await;
    let page = json!({ "value": [run(&template, 1)] });
    let server = Scripted::start([Reply::status(503), Reply::Close, Reply::json(200, &page)]).await;
    let runs = server.client().list_test_runs().collect_all(9).await.expect("the third attempt");
    assert_eq!(ids(&runs), [1]);
}

#[tokio::test]
async fn rows_that_shift_come_once_and_none_is_left_out() {
    type Shift = fn(&mut Vec<i64>);
    let shifts: [(&str, Shift, Option<usize>); 6] = [
        ("three at the front", |rows| drop(rows.splice(0..0, [201, 202, 203])), Some(3)),
        ("a page and more at the front", |rows| drop(rows.splice(0..0, 200..225)), None),
        ("one goes at the front", |rows| drop(rows.drain(..1)), None),
        ("five go at the front", |rows| drop(rows.drain(0..5)), None),
        ("the last row read goes", |rows| drop(rows.drain(19..20)), None),
        // The count stays: only the rows tell.
        (
            "one goes at the front, one comes at the end",
            |rows| {
                rows.remove(0);
                rows.push(300);
            },
            None,
        ),
    ];
    for (name, shift, duplicates) in shifts {
        for concurrency in [1, 4] {
            let server = Moving::start((0..100).collect(), move |number, rows| {
                if number == 2 {
                    shift(rows);
                }
            })
            .await;
            let mut list =
                server.client().list_test_runs().top(10).stream().concurrency(concurrency);
            let mut read = Vec::new();
            while let Some(run) = list.try_next().await.expect("a row") {
                read.push(run.id);
            }
            let shown = format!("{name}, {concurrency} at a time: {:?}", server.windows());
            let unique: BTreeSet<_> = read.iter().copied().collect();
            assert_eq!(unique.len(), read.len(), "a row came twice: {shown}");
            // What was there all the time is there; that is all but the few that went.
            let missing: Vec<_> = (20..100).filter(|id| !unique.contains(id)).collect();
            assert!(missing.is_empty(), "{missing:?} missing: {shown}");
            let moved = list.moved().map(|moved| moved.to - moved.from);
            let expected = match name {
                "three at the front" => Some(3),
                "a page and more at the front" => Some(25),
                "one goes at the front" | "the last row read goes" => Some(-1),
                "five go at the front" => Some(-5),
                _ => None,
            };
            assert_eq!(moved, expected, "{shown}");
            if let (Some(duplicates), 1) = (duplicates, concurrency) {
                assert_eq!(list.duplicates(), duplicates, "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn list_that_runs_away_is_an_error() {
    // Each page shows other rows: nothing that was read is ever found again.
    let server = Moving::start((0..50).collect(), |number, rows| {
        let first = 1_000 * i64::try_from(number).expect("a small number");
        *rows = (first..first + 50).collect();
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().skip(20).top(10).stream()).await;
    // Going back ends at the row that the reading began with; from there it is the same again.
    assert!(runs.len() >= 10 && error.is_none(), "{error:?}");
    assert!(server.windows().len() < 50, "{:?}", server.windows());

    // Farther from the beginning than the reading goes back.
    let server = Moving::start((0..20_000).collect(), |number, rows| {
        if number > 5 {
            let first = 1_000_000 * i64::try_from(number).expect("a small number");
            *rows = (first..first + 20_000).collect();
        }
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().stream()).await;
    assert!(runs.iter().copied().eq(0..5_995), "{} rows", runs.len());
    let error = error.expect("rows between the pages are not known");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("faster than it can be read"), "{error}");
    assert_eq!(server.windows().len(), 10, "six pages, and once for each way back");
}

#[tokio::test]
async fn server_with_smaller_pages_is_followed() {
    for largest in [1, 2, 7, 10] {
        for concurrency in [1, 3] {
            let quirks = Quirks { largest, ..Quirks::default() };
            let server = Moving::with((0..40).collect(), quirks, |_, _| {}).await;
            let list = server.client().list_test_runs().stream().concurrency(concurrency);
            let (runs, error) = read(list).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!(runs, (0..40).collect::<Vec<_>>(), "{largest} {concurrency}");
            assert!(server.windows().len() <= 2 * 40 / largest + 6, "{:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn page_without_a_link_is_no_end_while_the_count_says_more() {
    for largest in [1000, 7, 1] {
        let quirks = Quirks { links: false, largest, ..Quirks::default() };
        let server = Moving::with((0..25).collect(), quirks, |_, _| {}).await;
        let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(runs, (0..25).collect::<Vec<_>>(), "{largest}");
    }
    // A count that is never reached is no reason to go on without rows.
    let page = json!({ "value": [run(&template().await, 1)], "@count": 9 });
    let server = Scripted::start([Reply::json(200, &page)]).await;
    let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
    assert_eq!((runs, error.is_none()), (vec![1], true));
    assert!(server.count() <= 3);
}

#[tokio::test]
async fn pages_are_read_ahead_in_order_and_no_more_than_set() {
    let quirks = Quirks { latency: Duration::from_millis(5), ..Quirks::default() };
    for concurrency in [1, 2, 8] {
        let server = Moving::with((0..400).collect(), quirks.clone(), |_, _| {}).await;
        let list = server.client().list_test_runs().top(10).stream().concurrency(concurrency);
        let (runs, error) = read(list).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(runs, (0..400).collect::<Vec<_>>());
        assert_eq!(server.most_in_flight.load(Ordering::SeqCst), concurrency);
        assert_eq!(server.windows().len(), 40, "a page was asked for twice, or for nothing");
    }
}

#[tokio::test]
async fn pages_ahead_keep_no_turn_from_others() {
    let quirks = Quirks { latency: Duration::from_millis(5), ..Quirks::default() };
    let server = Moving::with((0..200).collect(), quirks, |_, _| {}).await;
    let client = scripted::builder(&server.base).max_in_flight(2).build().expect("complete");
    let mut list = client.list_test_runs().top(10).stream().concurrency(8);
    let all = async {
        let mut read = 0;
        while list.try_next().await.expect("a row").is_some() {
            read += 1;
            if read % 7 == 0 {
                client.list_test_runs().top(1).send().await.expect("a turn");
            }
        }
        read
    };
    let read = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert_eq!(read.expect("every call gets its turn"), 200);
}

#[tokio::test]
async fn slow_reader_runs_into_no_timeout() {
    let server = Moving::start((0..100).collect(), |_, _| {}).await;
    let client = scripted::builder(&server.base).timeout(Duration::from_millis(250));
    let client = client.retries(k6_cloud::RetryPolicy::off()).build().expect("complete");
    let mut pages = client.list_test_runs().top(20).pages().concurrency(4);
    let mut read = 0;
    while let Some(page) = pages.try_next().await.expect("a page") {
        read += page.rows.len();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(read, 100);
}

#[tokio::test]
async fn rows_can_be_deleted_while_they_are_read() {
    for concurrency in [1, 3] {
        let deleted: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
        let gone = Arc::clone(&deleted);
        let server = Moving::start((0..3_000).collect(), move |_, rows| {
            let gone = gone.lock().expect("unpoisoned");
            rows.retain(|id| !gone.contains(id));
        })
        .await;
        let list = server.client().list_test_runs().top(100).stream();
        let mut list = list.concurrency(concurrency);
        let mut read = 0;
        while let Some(run) = list.try_next().await.expect("a row") {
            deleted.lock().expect("unpoisoned").insert(run.id);
            read += 1;
        }
        assert_eq!(read, 3_000);
    }
}

#[tokio::test]
async fn cap_counts_from_where_the_reading_begins() {
    let server = Moving::start((0..1_000).collect(), |_, _| {}).await;
    let client = server.client();
    let list = client.list_test_runs().skip(900);
    assert_eq!(list.clone().collect_all(100).await.expect("all").len(), 100);
    let error = list.collect_all(99).await.expect_err("one too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains("100 rows"), "{error}");
}

#[tokio::test]
async fn count_that_is_absurd_does_no_harm() {
    for count in [i64::MAX, 10_000_000_000, -1, i64::MIN] {
        let page = json!({ "value": [run(&template().await, 1)], "@count": count });
        let server = Scripted::start([Reply::json(200, &page)]).await;
        let client = server.client();
        let list = client.list_test_runs();
        let runs = list.clone().collect_all(usize::MAX).await.expect("all");
        assert_eq!(ids(&runs), [1], "{count}");
        let (runs, error) = read(list.stream().concurrency(8)).await;
        assert_eq!((runs, error.is_none()), (vec![1], true), "{count}");
    }
}

#[tokio::test]
async fn one_short_page_is_no_reason_to_read_row_by_row() {
    let template = template().await;
    let page = |ids: std::ops::Range<i64>, next: Option<i64>| {
        let rows: Vec<_> = ids.map(|id| run(&template, id)).collect();
        let mut page = json!({ "value": rows, "@count": 40 });
        if let Some(next) = next {
            page["@nextLink"] = json!(format!("?$skip={next}"));
        }
        Reply::json(200, &page)
    };
    let server =
        Scripted::start([page(0..1, Some(1)), page(0..20, Some(20)), page(19..40, None)]).await;
    let (runs, error) = read(server.client().list_test_runs().top(20).stream()).await;
    assert!(error.is_none(), "{error:?}");
    assert!(runs.into_iter().eq(0..40));
    let lines = server.lines();
    assert!(lines[1].ends_with("skip=0&%24top=21"), "{lines:?}");
}

#[tokio::test]
async fn nothing_goes_on_when_the_stream_is_dropped() {
    let quirks = Quirks { latency: Duration::from_millis(20), ..Quirks::default() };
    let server = Moving::with((0..400).collect(), quirks, |_, _| {}).await;
    let mut list = server.client().list_test_runs().top(10).stream().concurrency(4);
    for _ in 0..15 {
        list.try_next().await.expect("a page").expect("a run");
    }
    let asked = server.windows().len();
    assert!(asked <= 6, "{:?}", server.windows());
    drop(list);
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(server.windows().len(), asked, "it went on");

    // Nor does what waits for an answer.
    let quirks = Quirks { stall: Some(1), ..Quirks::default() };
    let server = Moving::with((0..400).collect(), quirks, |_, _| {}).await;
    let mut pages = server.client().list_test_runs().top(10).pages().concurrency(4);
    pages.try_next().await.expect("a page").expect("a page");
    let waiting = tokio::time::timeout(Duration::from_millis(100), pages.try_next()).await;
    assert!(waiting.is_err() && server.in_flight.load(Ordering::SeqCst) == 4);
    drop(pages);
    let idle = async {
        while server.in_flight.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), idle).await.expect("nothing is under way");
}

/// A list that is read while rows come and go and requests fail, at random: no row comes twice and
/// none is lost, or an error says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_schedules_lose_no_row() {
    // More of them in the project's own checks.
    let schedules = std::env::var("K6_CLOUD_SCHEDULES").ok().and_then(|n| n.parse().ok());
    let schedules: u64 = schedules.unwrap_or(200);
    let runs = stream::iter(0..schedules).map(schedule).buffer_unordered(4);
    let (mut errors, mut requests, mut injected) = (0, 0, 0);
    let mut runs = std::pin::pin!(runs);
    while let Some((error, seen, faults)) = runs.next().await {
        errors += u64::from(error);
        requests += seen;
        injected += faults;
    }
    println!("{schedules} schedules, {requests} requests, {injected} faults, {errors} errors");
    assert!(injected > 0 && errors * 20 < schedules, "{errors} of {schedules} ended with an error");
}

/// Returns whether the reading ended with an error, the requests, and the faults among them.
async fn schedule(seed: u64) -> (bool, usize, usize) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let (size, top) = (dice.i64(1..90), dice.i64(1..15));
    let concurrency = dice.usize(1..5);
    let moving = dice.usize(1..4);
    let gone: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
    let (went, mut next) = (Arc::clone(&gone), 10_000);
    let quirks = Quirks { faults: Some((seed, dice.u8(0..30))), ..Quirks::default() };
    let server = Moving::with((0..size).collect(), quirks, move |_, rows| {
        // Now and then some rows come and some go, anywhere.
        for _ in 0..dice.usize(0..moving) {
            if dice.bool() {
                rows.insert(dice.usize(0..=rows.len()), next);
                next += 1;
            } else if !rows.is_empty() {
                let id = rows.remove(dice.usize(0..rows.len()));
                went.lock().expect("unpoisoned").insert(id);
            }
        }
    })
    .await;
    let policy = k6_cloud::RetryPolicy::default().max_attempts(10).budget(1_000, 1.0);
    let client = scripted::builder(&server.base).retries(policy).jitter(|| 0.0).build();
    let client = client.expect("complete");
    let list = client.list_test_runs().top(top).stream().concurrency(concurrency);
    let (runs, error) = read(list).await;
    let unique: BTreeSet<_> = runs.iter().copied().collect();
    assert_eq!(unique.len(), runs.len(), "seed {seed}: a row came twice");
    if error.is_none() {
        let gone = gone.lock().expect("unpoisoned");
        let missing: Vec<_> =
            (0..size).filter(|id| !unique.contains(id) && !gone.contains(id)).collect();
        assert!(missing.is_empty(), "seed {seed}: {missing:?} missing: {:?}", server.windows());
    }
    (error.is_some(), server.windows().len(), server.injected.load(Ordering::SeqCst))
}

//! Lists over all their pages.

mod ahead;
mod changes;
mod ends;
mod links;
mod missing;
mod server;
mod short_pages;
mod unreadable;

use std::time::Duration;

use futures_util::TryStreamExt as _;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud};
use serde_json::json;

use crate::client_of;
use crate::moving::{Moving, Quirks, run, template};
use crate::scripted::{Reply, Scripted};

fn ids(runs: &[types::TestRun]) -> Vec<i64> {
    runs.iter().map(|run| run.id.get()).collect()
}

/// Reads a list to its end. Returns the ids of the rows, and the error that ended it.
async fn read(mut list: k6_cloud::RowStream<types::TestRun>) -> (Vec<i64>, Option<Error>) {
    let mut read = Vec::new();
    let all = async {
        loop {
            match list.try_next().await {
                Ok(Some(run)) => read.push(run.id.get()),
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
    assert!(runs.into_iter().eq(FIRST_RUN_ID.get()..FIRST_RUN_ID.get() + 2_500));
    let queries: Vec<_> = fake.requests().into_iter().filter_map(|r| r.query).collect();
    assert_eq!(
        queries,
        [
            "%24count=true&%24skip=0&%24top=1000",
            // Begins with the last row of the page before it, which shows that no row has moved.
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
async fn builder_sets_where_the_list_begins_and_the_size_of_pages() {
    let fake = FakeCloud::builder().runs(50).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let pages: Vec<_> =
        client.list_test_runs().skip(15).top(10).pages().try_collect().await.expect("pages");
    let sizes: Vec<_> = pages.iter().map(|page| page.rows.len()).collect();
    assert_eq!(sizes, [10, 10, 10, 5]);
    assert_eq!(pages[0].rows[0].id, FIRST_RUN_ID.get() + 15);
    assert!(pages.iter().all(|page| page.total == Some(50) && page.size_change.is_none()));
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
        assert_eq!(
            ids(&runs),
            (FIRST_RUN_ID.get()..FIRST_RUN_ID.get() + 50).collect::<Vec<_>>(),
            "{top}"
        );
    }
}

#[tokio::test]
async fn empty_list_is_one_empty_page() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let mut pages = client.list_test_runs().pages();
    let page = pages.try_next().await.expect("a page").expect("a page");
    assert_eq!((page.rows.len(), page.total), (0, Some(0)));
    assert!(pages.try_next().await.expect("the end").is_none());
    assert!(client.list_test_runs().collect_all(0).await.expect("nothing").is_empty());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn collect_all_keeps_its_cap() {
    let fake = FakeCloud::builder().runs(30).start().await.expect("the fake starts");
    let client = client_of(&fake);
    assert_eq!(client.list_test_runs().top(7).collect_all(30).await.expect("all").len(), 30);
    fake.clear_requests();
    let error = client.list_test_runs().top(7).collect_all(29).await.expect_err("one too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains("30 rows") && error.to_string().contains("29"), "{error}");
    assert_eq!(fake.requests().len(), 1, "the count of the first page is enough");
    // Without a count, the rows are counted.
    let server =
        Moving::with((0..30).collect(), Quirks { count: false, ..Quirks::default() }, |_, _| {});
    let server = server.await;
    let error = server.client().list_test_runs().top(7).collect_all(10).await.expect_err("more");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(server.windows().len(), 2);
}

#[tokio::test]
async fn failure_ends_the_stream_after_what_was_read() {
    let template = template().await;
    let rows: Vec<_> = (0..5).map(|id| run(&template, id)).collect();
    let page = json!({ "value": rows, "@nextLink": "?$skip=5", "@count": 20 });
    let server = Scripted::start([Reply::json(200, &page), Reply::rejected(404)]).await;
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
async fn page_that_fails_is_requested_again() {
    let template = template().await;
    let page = json!({ "value": [run(&template, 1)] });
    let server = Scripted::start([Reply::status(503), Reply::Close, Reply::json(200, &page)]).await;
    let runs = server.client().list_test_runs().collect_all(9).await.expect("the third attempt");
    assert_eq!(ids(&runs), [1]);
}

#[tokio::test]
async fn cap_counts_from_where_the_list_begins() {
    let server = Moving::start((0..1_000).collect(), |_, _| {}).await;
    let client = server.client();
    let list = client.list_test_runs().skip(900);
    assert_eq!(list.clone().collect_all(100).await.expect("all").len(), 100);
    let error = list.collect_all(99).await.expect_err("one too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains("100 rows"), "{error}");
}

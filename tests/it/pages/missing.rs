//! Servers that leave rows out.

use std::collections::BTreeSet;

use k6_cloud::SizeChange;
use k6_cloud::prelude::*;

use super::server::{ListServer, Page, runs};
use super::{ids, read};

#[tokio::test]
async fn rows_that_a_link_skips_are_read() {
    for (size, limit, top) in
        [(2_500, 100, 1000), (250, 100, 1000), (40, 7, 10), (40, 9, 10), (12, 1, 10)]
    {
        let rows = runs(0..size).await;
        for (has_count, concurrency, ends) in
            [(true, 1, true), (true, 4, true), (true, 1, false), (false, 1, true)]
        {
            let rows = rows.clone();
            // The link leads to where the requested rows end, whether they came or not.
            let server = ListServer::start(move |window| {
                let next = window.skip + window.top;
                let page = Page::of(window.of(&rows, limit));
                let page = if has_count { page.count(size) } else { page };
                // As long as rows are left, or always.
                let reached = window.skip + window.top.min(limit) >= size;
                if ends && reached { page } else { page.next(next) }
            })
            .await;
            let client = server.client();
            let list = client.list_test_runs().top(top).stream().concurrency(concurrency);
            let (runs, error) = read(list).await;
            let shown = format!("{size} {limit} {top} {has_count} {concurrency} {ends}");
            assert!(error.is_none(), "{shown}: {error:?}");
            assert_eq!(runs.len(), usize::try_from(size).expect("small"), "{shown}");
            assert!(runs.into_iter().eq(0..size), "{shown}");
            let pages = usize::try_from(size / (limit - 1).max(1)).expect("small");
            assert!(server.windows().len() <= 2 * pages + 12, "{shown}: {:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn rows_that_come_while_a_link_is_checked_hide_no_others() {
    // The second request checks the link of the first, and would find only rows that moved there.
    for new in [1, 9, 10, 15] {
        let rows = runs(0..60).await;
        let more = runs(100..100 + new).await;
        let server = ListServer::start(move |window| {
            let mut rows = rows.clone();
            if window.number > 0 {
                rows.splice(0..0, more.clone());
            }
            let size = i64::try_from(rows.len()).expect("small");
            let page = Page::of(window.of(&rows, 10)).count(size);
            page.next_within(window.skip + window.top, size)
        })
        .await;
        let (runs, error) = read(server.client().list_test_runs().top(50).stream()).await;
        assert!(error.is_none(), "{new}: {error:?}");
        let old = runs.into_iter().filter(|id| *id < 100);
        assert!(old.eq(0..60), "{new}: {:?}", server.windows());
    }
}

#[tokio::test]
async fn links_by_another_page_size_skip_nothing() {
    // The server links a page of 20 rows on, however many were asked for.
    for top in [5, 10, 20, 30] {
        let rows = runs(0..50).await;
        let server = ListServer::start(move |window| {
            Page::of(window.of(&rows, 1000)).next_within(window.skip + 20, 50)
        })
        .await;
        let (runs, error) = read(server.client().list_test_runs().top(top).stream()).await;
        assert!(error.is_none(), "{top}: {error:?}");
        // Without a link and a count, a page is the last.
        let last = server.windows().last().map(|(skip, top)| (skip + top).min(50));
        assert!(runs.into_iter().eq(0..last.expect("a request")), "{top}: {:?}", server.windows());
        assert!(last.is_some_and(|last| last > 30), "{top}: {:?}", server.windows());
    }
}

/// A list of 40 rows of which the server never gives some.
async fn gaps(
    missing: &'static [i64],
    count: impl Fn(usize) -> i64 + Send + Sync + 'static,
) -> ListServer {
    let rows = runs((0..40).filter(|id| !missing.contains(id))).await;
    ListServer::start(move |window| {
        let size = i64::try_from(rows.len()).expect("small");
        let page = window.of(&rows, 1000);
        let end = window.skip + i64::try_from(page.len()).expect("small");
        Page::of(page).count(count(window.number)).next_within(end, size)
    })
    .await
}

#[tokio::test]
async fn rows_that_never_come_are_an_error_after_the_last() {
    for concurrency in [1, 4] {
        let server = gaps(&[7, 19, 39], |_| 40).await;
        let client = server.client();
        let list = client.list_test_runs().top(10);
        let (runs, error) = read(list.clone().stream().concurrency(concurrency)).await;
        assert_eq!(runs, (0..39).filter(|id| ![7, 19].contains(id)).collect::<Vec<_>>());
        let error = error.expect("rows are missing");
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(error.to_string().contains("3 of 40 rows are missing"), "{error}");
        assert_eq!((error.operation(), error.row_index()), (Some("list_test_runs"), None));
        assert!(server.windows().len() <= 10, "{:?}", server.windows());

        let error = list.clone().pages().concurrency(concurrency).collect_all(40).await;
        let error = error.expect_err("rows are missing");
        assert!(
            error.kind() == ErrorKind::Pagination && error.to_string().contains("3 of 40"),
            "{error}"
        );
        // From where the reading begins.
        let error = list.skip(30).collect_all(40).await.expect_err("rows are missing");
        assert!(error.to_string().contains("3 of 10 rows"), "{error}");
    }
}

#[tokio::test]
async fn pages_come_before_the_error_of_missing_rows() {
    let server = gaps(&[5], |_| 40).await;
    let mut pages = server.client().list_test_runs().top(20).pages();
    let mut sizes = Vec::new();
    let error = loop {
        match pages.try_next().await {
            Ok(page) => sizes.push(page.expect("an error before the end").rows.len()),
            Err(error) => break error,
        }
    };
    assert_eq!(sizes, [20, 19]);
    assert!(error.kind() == ErrorKind::Pagination, "{error}");
    assert!(pages.try_next().await.expect("the end").is_none());
}

#[tokio::test]
async fn rows_may_be_missing_if_the_size_changed() {
    for count in
        [|number| if number == 0 { 41 } else { 40 }, |number| if number == 1 { 41 } else { 40 }]
    {
        let server = gaps(&[7], count).await;
        let client = server.client();
        let list = client.list_test_runs().top(10);
        let runs = list.clone().collect_all(50).await.expect("the list changed meanwhile");
        assert_eq!(runs.len(), 39);
    }
    let server = gaps(&[7], |number| if number == 0 { 41 } else { 40 }).await;
    let mut list = server.client().list_test_runs().top(10).stream();
    assert_eq!((list.total(), list.size_change()), (None, None));
    while list.try_next().await.expect("the list changed meanwhile").is_some() {}
    assert_eq!(list.total(), Some(40));
    let SizeChange { from, to, .. } = list.size_change().expect("another size");
    assert_eq!((from, to), (41, 40));
}

#[tokio::test]
async fn count_that_is_never_reached_is_an_error_after_few_requests() {
    let row = runs([1]).await;
    for (count, missing) in
        [(9, "8 of 9"), (10_000_000_000, "9999999999 of"), (i64::MAX, "rows are missing")]
    {
        let rows = row.clone();
        let server = ListServer::start(move |_| Page::of(rows.clone()).count(count)).await;
        let client = server.client();
        let list = client.list_test_runs().top(10);
        let (runs, error) = read(list.clone().stream().concurrency(8)).await;
        let error = error.expect("rows are missing");
        assert_eq!(runs, [1], "{count}");
        assert!(
            error.kind() == ErrorKind::Pagination && error.to_string().contains(missing),
            "{error}"
        );
        let before = server.windows().len();
        let (runs, _) = read(list.clone().stream()).await;
        assert_eq!(runs, [1], "{count}");
        assert!(server.windows().len() - before <= 4, "{:?}", server.windows());
        assert!(
            list.collect_all(usize::MAX)
                .await
                .is_err_and(|error| error.kind() == ErrorKind::Pagination)
        );
    }
    // A negative count says nothing.
    for count in [-1, i64::MIN] {
        let rows = row.clone();
        let server = ListServer::start(move |_| Page::of(rows.clone()).count(count)).await;
        let client = server.client();
        let list = client.list_test_runs();
        let mut rows = list.clone().stream();
        assert!(rows.try_next().await.is_ok_and(|row| row.is_some()) && rows.total().is_none());
        assert_eq!(ids(&list.collect_all(1).await.expect("all")), [1], "{count}");
    }
}

/// Rows that compare equal come in another order in each request.
async fn unstable(seed: u64, size: i64, ties: usize) -> ListServer {
    let rows = runs(0..size).await;
    ListServer::start(move |window| {
        let mut dice =
            fastrand::Rng::with_seed(seed * 1000 + u64::try_from(window.number).expect("small"));
        let mut rows = rows.clone();
        rows.chunks_mut(ties).for_each(|equal| dice.shuffle(equal));
        let page = window.of(&rows, 1000);
        let end = window.skip + i64::try_from(page.len()).expect("small");
        Page::of(page).count(size).next_within(end, size)
    })
    .await
}

#[tokio::test]
async fn unstable_order_loses_no_row_silently() {
    let (mut complete, mut missing) = (0, 0);
    for ties in [3, 7, 25, 100] {
        for seed in 0..15 {
            for concurrency in [1, 3] {
                let server = unstable(seed, 100, ties).await;
                let client = server.client();
                let list = client.list_test_runs().top(10);
                let (runs, error) = read(list.stream().concurrency(concurrency)).await;
                let unique: BTreeSet<_> = runs.iter().copied().collect();
                let shown = format!("seed {seed}, {ties} equal rows: {:?}", server.windows());
                assert_eq!(unique.len(), runs.len(), "a row came twice: {shown}");
                match error {
                    None => {
                        assert_eq!(unique.len(), 100, "rows were lost silently: {shown}");
                        complete += 1;
                    }
                    Some(error) => {
                        assert_eq!(error.kind(), ErrorKind::Pagination, "{error}");
                        missing += u32::from(error.to_string().contains("rows are missing"));
                    }
                }
            }
        }
    }
    assert!(complete > 0 && missing > 0, "{complete} {missing}");
}

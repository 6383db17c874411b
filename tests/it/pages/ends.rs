//! How lists end: with which page, with which error, and after how many requests.

use k6_cloud::ListPage;
use k6_cloud::prelude::*;

use super::read;
use super::server::{ListServer, Page, runs};

async fn pages_of(server: &ListServer) -> Vec<ListPage<types::TestRun>> {
    let mut pages = server.client().list_test_runs().top(10).pages();
    let mut read = Vec::new();
    while let Some(page) = pages.try_next().await.expect("a page") {
        read.push(page);
    }
    read
}

#[tokio::test]
async fn last_page_without_new_rows_is_not_a_page() {
    // The link of the last full page leads to where the list ends.
    let rows = runs(0..20).await;
    let server = ListServer::start(move |window| {
        let page = window.of(&rows, 1000);
        let end = window.skip + i64::try_from(page.len()).expect("small");
        let page = Page::of(page);
        if window.skip < 19 { page.next(end) } else { page }
    })
    .await;
    let sizes: Vec<_> = pages_of(&server).await.iter().map(|page| page.rows.len()).collect();
    assert_eq!(sizes, [10, 10], "{:?}", server.windows());
    assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11)]);
}

#[tokio::test]
async fn last_page_without_new_rows_tells_that_the_list_changed_its_size() {
    let rows = runs(0..20).await;
    let server = ListServer::start(move |window| {
        let count = if window.number < 2 { 21 } else { 20 };
        Page::of(window.of(&rows, 1000)).count(count)
    })
    .await;
    let pages = pages_of(&server).await;
    let sizes: Vec<_> = pages.iter().map(|page| page.rows.len()).collect();
    assert_eq!(sizes, [10, 10, 0], "{:?}", server.windows());
    let change = pages[2].size_change.expect("another size");
    assert_eq!((change.from, change.to), (21, 20));
}

#[tokio::test]
async fn list_that_vanishes_while_its_size_stays_ends_after_few_requests() {
    let rows = runs(0..10).await;
    let server = ListServer::start(move |window| {
        let rows = if window.number == 0 { rows.clone() } else { Vec::new() };
        Page::of(rows).count(20)
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
    assert!(runs.into_iter().eq(0..10));
    let error = error.expect("rows are missing");
    assert!(error.to_string().contains("10 of 20 rows are missing"), "{error}");
    // The page with an overlap of one row, and the page from the start.
    assert_eq!(server.windows(), [(0, 10), (9, 11), (0, 20)]);
}

#[tokio::test]
async fn full_pages_without_new_rows_end_the_list() {
    // Each page is the first one, whatever is asked for.
    let rows = runs(0..100).await;
    let server = ListServer::start(move |window| {
        let length = usize::try_from(window.top).expect("small");
        Page::of(rows[..length].to_vec()).count(50)
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
    assert!(runs.len() < 50, "{runs:?}");
    assert!(error.is_some_and(|error| error.kind() == ErrorKind::Pagination));
    assert!(server.windows().len() <= 4, "{:?}", server.windows());
}

#[tokio::test]
async fn rows_without_a_readable_id_continue_the_list() {
    // The last row of each page is in the next page too.
    let mut rows = runs(0..30).await;
    for at in [9, 19] {
        rows[at] = rows[at].replace(&format!("\"id\":{at},"), "");
        assert!(!rows[at].contains("\"id\":"), "{}", rows[at]);
    }
    let server = ListServer::start(move |window| Page::of(window.of(&rows, 1000)).count(30)).await;
    let mut list = server.client().list_test_runs().top(10).stream();
    let (mut read, mut unreadable) = (Vec::new(), Vec::new());
    loop {
        match list.try_next().await {
            Ok(Some(run)) => read.push(run.id),
            Ok(None) => break,
            Err(error) => unreadable.push((error.kind(), error.row_index())),
        }
    }
    assert!(read.into_iter().eq((0..30).filter(|id| ![9, 19].contains(id))));
    assert_eq!(unreadable, [(ErrorKind::Decode, Some(9)), (ErrorKind::Decode, Some(19))]);
    assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11)]);
}

#[tokio::test]
async fn list_ends_after_a_hundred_pages_without_a_new_row() {
    // With rows, the range that the first link passes over is checked once.
    for (shown, requests) in [(0, 100), (10, 1 + 100 + 1)] {
        let rows = runs(0..shown).await;
        let server = ListServer::start(move |window| {
            Page::of(window.of(&rows, 1000)).next(window.skip + window.top)
        })
        .await;
        let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
        assert!(runs.into_iter().eq(0..shown));
        let error = error.expect("a list without an end");
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(error.to_string().contains("100 pages in a row"), "{error}");
        assert_eq!(server.windows().len(), requests, "{:?}", server.windows());
    }
}

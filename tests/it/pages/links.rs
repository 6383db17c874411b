//! Next links, which are read and never followed, and where a list ends.

use std::sync::{Arc, Mutex};

use k6_cloud::prelude::*;
use serde_json::{Value, json};

use super::read;
use super::server::{ListServer, Page, Window, runs};
use crate::scripted::{CANARY, Reply, Scripted};

#[tokio::test]
async fn address_of_a_link_does_not_matter() {
    let other = Scripted::start([Reply::json(200, &json!({ "value": [] }))]).await;
    let port = other.base.rsplit(':').next().expect("a port").to_owned();
    let rows = runs(0..25).await;
    for link in [
        "http://api.k6.io/cloud/v6/test_runs?$skip=SKIP&$top=10".to_owned(),
        "https://api.k6.io/cloud/v6/test_runs?%24top=10&%24skip=SKIP".to_owned(),
        "https://api.k6.io:8443/cloud/v6/test_runs/?$skip=SKIP".to_owned(),
        "/cloud/v6/test_runs?$skip=SKIP".to_owned(),
        "test_runs/?$skip=SKIP#more".to_owned(),
        "?$skip=SKIP".to_owned(),
        "//gateway.example?$skip=SKIP".to_owned(),
        "http://[?$skip=SKIP".to_owned(),
        // Without a number, a link still says that there is more.
        "https://api.k6.io/cloud/v6/test_runs?cursor=abc".to_owned(),
        "https://api.k6.io/cloud/v6/test_runs?$skip=many".to_owned(),
        "more".to_owned(),
        format!("{}/cloud/v6/test_runs?$skip=SKIP", other.base),
        format!("http://localhost:{port}/cloud/v6/test_runs?$skip=SKIP"),
        format!("https://user:{CANARY}@evil.example/?$skip=SKIP"),
    ] {
        for (concurrency, has_count) in [(1, true), (4, true), (1, false)] {
            let (rows, template) = (rows.clone(), link.clone());
            let server = ListServer::start(move |window| {
                let rows_of_page = window.of(&rows, 1000);
                let end = window.skip + i64::try_from(rows_of_page.len()).expect("small");
                let page = Page::of(rows_of_page);
                let page = if has_count { page.count(25) } else { page };
                let link = template.replace("SKIP", &end.to_string());
                if end < 25 { page.link(link) } else { page }
            })
            .await;
            let list = server.client().list_test_runs().top(10).stream().concurrency(concurrency);
            let (runs, error) = read(list).await;
            assert!(error.is_none(), "{link}: {error:?}");
            assert_eq!(runs, (0..25).collect::<Vec<_>>(), "{link}");
            assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11)], "{link}");
        }
    }
    assert_eq!(other.count(), 0, "a link was followed");
}

#[tokio::test]
async fn absent_null_and_empty_links_end_the_list() {
    let rows = runs(0..4).await;
    for link in [None, Some(Value::Null), Some(json!("")), Some(json!(" "))] {
        let (rows, last) = (rows.clone(), link.clone());
        let server = ListServer::start(move |window| {
            let page = Page::of(window.of(&rows, 1000));
            match &last {
                _ if window.skip == 0 => page.next(2),
                Some(link) => page.link(link.clone()),
                None => page,
            }
        })
        .await;
        let (runs, error) = read(server.client().list_test_runs().top(2).stream()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!((runs, server.windows().len()), (vec![0, 1, 2, 3], 2), "{link:?}");
    }
}

#[tokio::test]
async fn link_that_leads_nowhere_is_an_error_after_the_rows_of_its_page() {
    let rows = runs(0..2).await;
    for (count, link, what) in [
        (2, "/cloud/v6/test_runs?$skip=0", "does not advance"),
        (2, "/cloud/v6/test_runs?$skip=-5", "does not advance"),
        (0, "/cloud/v6/test_runs?$skip=0", "does not advance"),
        (0, "/cloud/v6/test_runs?$cursor=abc", "does not say where"),
        (0, "/cloud/v6/test_runs?$skip=11", "leaves out"),
    ] {
        let rows = rows[..count].to_vec();
        let server = ListServer::start(move |_| Page::of(rows.clone()).link(link)).await;
        let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
        let error = error.expect(what);
        assert_eq!((error.kind(), runs.len()), (ErrorKind::Pagination, count), "{link}");
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!(server.windows().len(), 1, "{link}");
    }
}

#[tokio::test]
async fn list_with_as_many_rows_as_its_count_is_complete() {
    type Link = fn(Window, i64) -> Option<String>;
    let links: [(&str, Link); 8] = [
        ("none", |_, _| None),
        ("empty", |_, _| Some(String::new())),
        ("to the end", |_, end| Some(format!("?$skip={end}"))),
        ("to itself", |window, _| Some(format!("?$skip={}", window.skip))),
        ("past the end", |window, _| Some(format!("?$skip={}", window.skip + window.top))),
        ("far away", |_, _| Some("?$skip=1000000".to_owned())),
        ("to the start", |_, _| Some("?$skip=0".to_owned())),
        ("without a number", |_, _| Some("?cursor=abc".to_owned())),
    ];
    let rows = runs(0..30).await;
    for (what, link) in links {
        for size in [0_i64, 1, 10, 25, 30] {
            for concurrency in [1, 4] {
                let rows = rows[..usize::try_from(size).expect("small")].to_vec();
                let server = ListServer::start(move |window| {
                    let page = window.of(&rows, 1000);
                    let end = window.skip + i64::try_from(page.len()).expect("small");
                    let page = Page::of(page).count(size);
                    // Only the last page has an odd link, or all pages where that is the same.
                    match link(window, end) {
                        _ if end < size => page.next(end),
                        Some(link) => page.link(link),
                        None => page,
                    }
                })
                .await;
                let list = server.client().list_test_runs().top(10).stream();
                let (runs, error) = read(list.concurrency(concurrency)).await;
                assert!(error.is_none(), "{what} {size}: {error:?}");
                assert_eq!(runs, (0..size).collect::<Vec<_>>(), "{what}");
                let pages = usize::try_from(size).expect("small").div_ceil(10).max(1);
                assert_eq!(server.windows().len(), pages, "{what} {size}");
            }
        }
    }
}

#[tokio::test]
async fn list_whose_links_never_end_is_complete_by_its_count() {
    let rows = runs(0..25).await;
    for skip in [0, 3, 25, 40] {
        let rows = rows.clone();
        let server = ListServer::start(move |window| {
            Page::of(window.of(&rows, 1000)).count(25).next(window.skip + window.top)
        })
        .await;
        let (runs, error) =
            read(server.client().list_test_runs().skip(skip).top(10).stream()).await;
        assert!(error.is_none(), "{skip}: {error:?}");
        assert_eq!(runs, (skip..25).collect::<Vec<_>>());
        assert!(server.windows().len() <= 3, "{:?}", server.windows());
    }
}

#[tokio::test]
async fn empty_page_with_a_link_is_not_the_end() {
    // A server that counts rows that it does not show: only these are shown.
    let shown = [(0, 1), (1, 2), (35, 3), (37, 4), (58, 5)];
    for count in [None, Some(5)] {
        let rows = runs(1..6).await;
        let server = ListServer::start(move |window| {
            let inside = |at: i64| (window.skip..window.skip + window.top).contains(&at);
            let shown = shown.iter().filter(|(at, _)| inside(*at));
            let page = Page::of(shown.map(|(_, id)| rows[*id - 1].clone()).collect());
            let next = window.skip + window.top;
            match count {
                // The count tells the end, and the links do not.
                Some(count) => page.count(count).next(next),
                None => page.next_within(next, 60),
            }
        })
        .await;
        let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(runs, [1, 2, 3, 4, 5]);
        let windows: Vec<_> = server.windows();
        let pages = [(10, 10), (20, 10), (30, 10), (40, 10), (50, 10)];
        // The range that the first link passes over is checked once.
        assert_eq!(windows[..2], [(0, 10), (2, 8)]);
        assert_eq!(windows[2..], pages);
    }
}

#[tokio::test]
async fn links_that_never_end_without_a_count_end_with_an_error() {
    let rows = Arc::new(Mutex::new(runs(0..25).await));
    let server = ListServer::start(move |window| {
        let rows = rows.lock().expect("unpoisoned");
        Page::of(window.of(&rows, 1000)).next(window.skip + window.top)
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
    assert_eq!(runs, (0..25).collect::<Vec<_>>());
    let error = error.expect("an end that the server does not say");
    assert!(
        error.kind() == ErrorKind::Pagination && error.to_string().contains("no new row"),
        "{error}"
    );
    assert!(server.windows().len() < 120, "{}", server.windows().len());
}

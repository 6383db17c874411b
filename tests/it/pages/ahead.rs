//! Pages that are requested early.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::read;
use crate::moving::{Moving, Quirks};
use crate::scripted;

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
        assert_eq!(server.windows().len(), 40, "a page was requested twice, or for nothing");
    }
}

#[tokio::test]
async fn dropped_next_loses_no_row() {
    let quirks = Quirks { latency: Duration::from_millis(5), ..Quirks::default() };
    for concurrency in [1, 4] {
        let server = Moving::with((0..100).collect(), quirks.clone(), |_, _| {}).await;
        let mut list = server.client().list_test_runs().top(10).stream().concurrency(concurrency);
        let (mut read, mut dropped) = (Vec::new(), 0);
        loop {
            match tokio::time::timeout(Duration::from_millis(1), list.try_next()).await {
                Ok(row) => match row.expect("a row") {
                    Some(row) => read.push(row.id.get()),
                    None => break,
                },
                Err(_) => dropped += 1,
            }
        }
        assert_eq!(read, (0..100).collect::<Vec<_>>());
        assert!(dropped > 0, "nothing was dropped");
        assert_eq!(server.windows().len(), 10, "a page was requested again");
    }
}

#[tokio::test]
async fn early_requests_keep_no_permit_from_other_calls() {
    let quirks = Quirks { latency: Duration::from_millis(5), ..Quirks::default() };
    let server = Moving::with((0..200).collect(), quirks, |_, _| {}).await;
    let client = scripted::builder(&server.base).max_in_flight(2).build().expect("complete");
    let mut list = client.list_test_runs().top(10).stream().concurrency(8);
    let all = async {
        let mut read = 0;
        while list.try_next().await.expect("a row").is_some() {
            read += 1;
            if read % 7 == 0 {
                client.list_test_runs().top(1).send().await.expect("a permit");
            }
        }
        read
    };
    let read = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert_eq!(read.expect("every call gets a permit"), 200);
}

#[tokio::test]
async fn slow_reader_gets_no_timeout() {
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
async fn dropping_the_stream_cancels_its_requests() {
    let quirks = Quirks { latency: Duration::from_millis(20), ..Quirks::default() };
    let server = Moving::with((0..400).collect(), quirks, |_, _| {}).await;
    let mut list = server.client().list_test_runs().top(10).stream().concurrency(4);
    for _ in 0..15 {
        list.try_next().await.expect("a page").expect("a run");
    }
    let requests = server.windows().len();
    assert!(requests <= 6, "{:?}", server.windows());
    drop(list);
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(server.windows().len(), requests, "another request was sent");

    // Requests that wait for their response are cancelled too.
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
    tokio::time::timeout(Duration::from_secs(10), idle).await.expect("no request is left");
}

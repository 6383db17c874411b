//! Lists whose rows come and go while they are read.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt as _, stream};
use k6_cloud::prelude::*;

use super::read;
use crate::moving::{Moving, Quirks};
use crate::raw::plain_http;
use crate::scripted;

#[tokio::test]
async fn rows_that_move_come_once_and_none_is_lost() {
    type Shift = fn(&mut Vec<i64>);
    let shifts: [(&str, Shift, Option<usize>); 6] = [
        ("three at the front", |rows| drop(rows.splice(0..0, [201, 202, 203])), Some(3)),
        ("a page and more at the front", |rows| drop(rows.splice(0..0, 200..225)), None),
        ("one goes at the front", |rows| drop(rows.drain(..1)), None),
        ("five go at the front", |rows| drop(rows.drain(0..5)), None),
        ("the last row read goes", |rows| drop(rows.drain(19..20)), None),
        // The count stays the same. Only the rows show the change.
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
            // All rows came that were there all the time.
            let missing: Vec<_> = (20..100).filter(|id| !unique.contains(&(*id).into())).collect();
            assert!(missing.is_empty(), "{missing:?} missing: {shown}");
            let size_change = list.size_change().map(|change| change.to - change.from);
            let expected = match name {
                "three at the front" => Some(3),
                "a page and more at the front" => Some(25),
                "one goes at the front" | "the last row read goes" => Some(-1),
                "five go at the front" => Some(-5),
                _ => None,
            };
            assert_eq!(size_change, expected, "{shown}");
            if let (Some(duplicates), 1) = (duplicates, concurrency) {
                assert_eq!(list.duplicates(), duplicates, "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn list_that_changes_too_fast_is_an_error() {
    // Each page shows other rows, so that no row is ever found again.
    let server = Moving::start((0..50).collect(), |number, rows| {
        let first = 1_000 * i64::try_from(number).expect("a small number");
        *rows = (first..first + 50).collect();
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().skip(20).top(10).stream()).await;
    // Going back ends at the first row of the list. From there it is read again.
    assert!(runs.len() >= 10 && error.is_none(), "{error:?}");
    assert!(server.windows().len() < 50, "{:?}", server.windows());

    // So far from the first row that going back does not reach it.
    let server = Moving::start((0..20_000).collect(), |number, rows| {
        if number > 5 {
            let first = 1_000_000 * i64::try_from(number).expect("a small number");
            *rows = (first..first + 20_000).collect();
        }
    })
    .await;
    let (runs, error) = read(server.client().list_test_runs().stream()).await;
    assert!(runs.iter().copied().eq(0..5_995), "{} rows", runs.len());
    let error = error.expect("rows may be lost");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("faster than it can be read"), "{error}");
    assert_eq!(server.windows().len(), 10, "six pages, and one for each way back");
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
            deleted.lock().expect("unpoisoned").insert(run.id.get());
            read += 1;
        }
        assert_eq!(read, 3_000);
    }
}

/// Rows come and go and requests fail at random while a list is read. No row comes twice, and none
/// is lost without an error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_schedules_lose_no_row() {
    // The project's checks run more of them.
    let schedules = std::env::var("K6_CLOUD_SCHEDULES").ok().and_then(|n| n.parse().ok());
    let schedules: u64 = schedules.unwrap_or(200);
    let runs = stream::iter(0..schedules).map(|seed| tokio::spawn(schedule(seed)));
    let runs = runs.buffer_unordered(4);
    let (mut errors, mut requests, mut injected) = (0, 0, 0);
    let mut runs = std::pin::pin!(runs);
    while let Some(run) = runs.next().await {
        let (error, seen, faults) = run.expect("no row is lost");
        errors += u64::from(error);
        requests += seen;
        injected += faults;
    }
    println!("{schedules} schedules, {requests} requests, {injected} faults, {errors} errors");
    assert!(injected > 0 && errors * 20 < schedules, "{errors} of {schedules} ended with an error");
}

/// Returns whether the list ended with an error, and how many requests and faults there were.
async fn schedule(seed: u64) -> (bool, usize, usize) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let (size, top) = (dice.i64(1..90), dice.i64(1..15));
    let concurrency = dice.usize(1..5);
    let moving = dice.usize(1..4);
    let gone: Arc<Mutex<BTreeSet<i64>>> = Arc::default();
    let (went, mut next) = (Arc::clone(&gone), 10_000);
    let quirks = Quirks { faults: Some((seed, dice.u8(0..30))), ..Quirks::default() };
    let server = Moving::with((0..size).collect(), quirks, move |_, rows| {
        // A few rows come or go, anywhere in the list.
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
    // A client of its own would read the system's certificates, which takes longer than the schedule.
    let http = plain_http().tls_danger_accept_invalid_certs(true).build().expect("an HTTP client");
    let client = scripted::builder(&server.base).reqwest_client(http);
    let client = client.retries(policy).jitter(|| 0.0).build();
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

//! Watching a run: which statuses it yields, and when.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use k6_cloud::prelude::*;
use k6_cloud::{RunUpdate, WatchTestRun};
use k6_cloud_fake::{NOW, RunSeed};
use serde_json::{Value, json};

use crate::scripted::Reply;
use crate::waiting::{
    SECOND, WAY, aborts_of, ends, entry, fake_with, gets, quiet, run, scripted, seed,
};

fn statuses(updates: &[RunUpdate]) -> Vec<&str> {
    updates.iter().map(|update| update.status.as_str()).collect()
}

/// Reads a watch to its end, and checks its progress.
async fn all(watch: WatchTestRun) -> Vec<RunUpdate> {
    let read = watch.map(|update| update.expect("no failure")).collect::<Vec<_>>();
    let updates = ends(read).await;
    assert!(updates.iter().all(|update| (0.0..=1.0).contains(&update.progress)));
    assert!(updates.is_sorted_by(|a, b| a.progress <= b.progress), "progress goes back");
    assert_eq!(updates.last().map(|update| update.progress), Some(1.0));
    updates
}

#[tokio::test]
async fn watch_yields_every_status_once_and_in_order() {
    for interval in [100, 1_000, 7_000, 35_000, 3_600_000] {
        let (fake, client, id) = fake_with(seed()).await;
        let watch = client.watch_test_run(id).interval(Duration::from_millis(interval));
        let updates = all(watch).await;
        assert_eq!(statuses(&updates), WAY, "by {interval} ms");
        assert!(updates.iter().all(|update| update.is_change && update.run.id == id));
        let entered: Vec<_> =
            updates.iter().map(|update| (*update.entered - NOW).num_seconds()).collect();
        assert_eq!(entered, [0, 2, 5, 10, 30, 40]);
        assert!(updates[5].run.verdict().is_passed());
        // No request is sent after the end.
        assert_eq!(gets(&fake), fake.clock().slept().len() + 1);
    }
}

#[tokio::test]
async fn watch_of_a_run_that_has_ended_is_one_poll() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    let updates = all(client.watch_test_run(id).every_poll(true)).await;
    assert_eq!(
        statuses(&updates),
        ["created", "initializing", "running", "processing_metrics", "completed"]
    );
    assert_eq!(gets(&fake), 1);
    assert!(updates.windows(2).all(|two| Arc::ptr_eq(&two[0].run, &two[1].run)));
}

#[tokio::test]
async fn watch_yields_who_ended_the_run() {
    let seed = seed().aborts_after(7 * SECOND, Some("ada@example.com"));
    let (_fake, client, id) = fake_with(seed).await;
    let updates = all(client.watch_test_run(id)).await;
    let last = updates.last().expect("an update");
    assert_eq!(last.status, RunStatus::Aborted);
    let by = last.extra.as_ref().and_then(|extra| extra.by_user.as_deref());
    assert_eq!(by, Some("ada@example.com"));
}

#[tokio::test]
async fn watch_yields_statuses_between_polls() {
    let zero = Duration::ZERO;
    let seed = seed().created_for(zero).queued_for(zero).initializing_for(zero);
    let (fake, client, id) = fake_with(seed.running_for(zero).processing_for(zero)).await;
    assert_eq!(statuses(&all(client.watch_test_run(id)).await), WAY);
    assert_eq!(gets(&fake), 1);
}

/// Watches a run whose polls return `polls` in order, and returns the updates.
async fn watched(polls: &[Value]) -> Vec<RunUpdate> {
    let (server, client, _) = scripted(polls.iter().map(|run| Reply::json(200, run))).await;
    let updates = all(client.watch_test_run(1)).await;
    assert_eq!(server.count(), polls.len(), "the watch ends with the run");
    updates
}

#[tokio::test]
async fn watch_follows_a_history_that_is_not_as_it_should_be() {
    let (created, queued, init) = (("created", 0), ("queued", 2), ("initializing", 5));
    let (running, done) = (("running", 10), ("completed", 40));
    // Each poll: the history, and the current status if it is not the last one of the history.
    type Poll = (Vec<(&'static str, i64)>, Option<(&'static str, i64)>);
    let end: Poll = (vec![created, queued, init, running, done], None);
    let cases: [(&str, Vec<Poll>, &[&str]); 11] = [
        (
            "an unknown status",
            vec![
                (vec![created, ("warming", 3)], None),
                (vec![created, ("warming", 3), ("cooling", 4), done], None),
            ],
            &["created", "warming", "cooling", "completed"],
        ),
        (
            "a history that lags behind",
            vec![
                (vec![created], Some(queued)),
                (vec![created, queued], Some(init)),
                (vec![created, queued, init], Some(running)),
                (vec![created, queued, init, running], Some(done)),
            ],
            &["created", "queued", "initializing", "running", "completed"],
        ),
        (
            "no history at all",
            vec![(vec![], Some(queued)), (vec![], Some(running)), (vec![], Some(done))],
            &["queued", "running", "completed"],
        ),
        (
            "a history that is ahead",
            vec![(vec![created, queued, init], Some(queued)), end.clone()],
            &["created", "queued", "initializing", "running", "completed"],
        ),
        (
            "a time that is corrected to a later one",
            vec![
                (vec![created], Some(("initializing", 5))),
                (vec![created, ("initializing", 6), running], None),
                end.clone(),
            ],
            &["created", "initializing", "running", "completed"],
        ),
        (
            "a time that is corrected to an earlier one",
            vec![
                (vec![created], Some(("initializing", 9))),
                (vec![created, ("initializing", 5), ("running", 8)], None),
                (vec![created, ("initializing", 5), ("running", 8), done], None),
            ],
            &["created", "initializing", "running", "completed"],
        ),
        (
            "a status that is entered again",
            vec![
                (vec![created, queued], None),
                (vec![created, queued, init, ("queued", 7)], None),
                (vec![created, queued, init, ("queued", 7), ("initializing", 8), done], None),
            ],
            &["created", "queued", "initializing", "queued", "initializing", "completed"],
        ),
        (
            "a history that becomes shorter",
            vec![
                (vec![created, queued, init, running], None),
                (vec![created, queued], None),
                (vec![running], None),
                (vec![running, done], None),
            ],
            &["created", "queued", "initializing", "running", "completed"],
        ),
        (
            "a history that is written anew",
            vec![
                (vec![created, queued], None),
                (vec![("created", 1), ("initializing", 4), running], None),
                (vec![done], None),
            ],
            &["created", "queued", "initializing", "running", "completed"],
        ),
        (
            "an end before what came before it",
            vec![(vec![created, queued, running], None), (vec![("aborted", 3)], None)],
            &["created", "queued", "running", "aborted"],
        ),
        (
            "the same status twice",
            vec![(vec![created, queued, queued, ("queued", 3)], None), end.clone()],
            &["created", "queued", "initializing", "running", "completed"],
        ),
    ];
    for (what, polls, expected) in cases {
        let mut runs = Vec::new();
        for (history, present) in polls {
            let present = present.or(history.last().copied()).expect("a status");
            let mut seen = run(&[present]).await;
            seen["status_history"] = history.into_iter().map(entry).collect();
            runs.push(seen);
        }
        let updates = watched(&runs).await;
        assert_eq!(statuses(&updates), expected, "{what}");
        assert!(updates.iter().all(|update| update.is_change), "{what}");
    }
}

#[tokio::test]
async fn watch_ends_after_the_final_status_if_the_history_lacks_it() {
    for (end, ended) in [("completed", false), ("aborted", false), ("timed_out", true)] {
        let history = [("created", 0), ("running", 10)];
        let mut last = run(&history).await;
        last["status"] = json!(end);
        last["ended"] = if ended { json!(NOW) } else { Value::Null };
        let updates = watched(&[run(&history).await, last]).await;
        assert_eq!(statuses(&updates), ["created", "running", end]);
    }
}

#[tokio::test]
async fn unknown_status_is_waited_through() {
    let mut hibernating = run(&[("created", 0), ("hibernating", 3)]).await;
    hibernating["ended"] = Value::Null;
    let mut ended = hibernating.clone();
    ended["ended"] = json!(NOW);
    ended["result"] = json!("passed");
    let polls = [&hibernating, &hibernating, &ended].map(|run| Reply::json(200, run));
    let (server, client, _) = scripted(polls.clone()).await;
    let run = ends(client.wait_for_test_run(1)).await.expect("it has ended");
    assert_eq!((run.verdict().exit_code(), server.count()), (98, 3));
    // The last update always has the run as it ended.
    let (_server, client, _) = scripted(polls).await;
    let updates = all(client.watch_test_run(1)).await;
    assert_eq!(statuses(&updates), ["created", "hibernating", "hibernating"]);
    assert!(!updates[2].is_change && updates[2].run.is_finished());
}

#[tokio::test]
async fn every_poll_yields_an_update_with_its_progress() {
    let seed = RunSeed::timed().created_for(Duration::ZERO).queued_for(2 * SECOND);
    let seed = seed.initializing_for(2 * SECOND).running_for(10 * SECOND);
    let (fake, client, id) = fake_with(seed.processing_for(2 * SECOND)).await;
    let updates = all(client.watch_test_run(id).interval(SECOND).every_poll(true)).await;
    let seen: Vec<_> = updates
        .iter()
        .map(|update| {
            let percent = (update.progress * 1_000.0).round() / 10.0;
            (update.status.as_str(), update.is_change, percent)
        })
        .collect();
    let running = (0..10).map(|s| ("running", s == 0, (f64::from(s) * 95.0).round() / 10.0));
    let mut expected = vec![
        ("created", true, 0.0),
        ("queued", true, 0.0),
        ("queued", false, 0.0),
        ("initializing", true, 0.0),
        ("initializing", false, 0.0),
    ];
    expected.extend(running);
    expected.extend([
        ("processing_metrics", true, 95.0),
        ("processing_metrics", false, 95.0),
        ("completed", true, 100.0),
    ]);
    assert_eq!(seen, expected);
    // Only the first poll yields two updates.
    assert_eq!(gets(&fake), updates.len() - 1);

    let id = fake.add_run(self::seed());
    let updates = all(client.watch_test_run(id).interval(SECOND)).await;
    assert!(updates.iter().all(|update| update.is_change));
}

#[tokio::test]
async fn progress_never_goes_back() {
    let seen = |estimate: i64, elapsed: i64| async move {
        let mut run = run(&[("running", 0)]).await;
        run["estimated_duration"] = json!(estimate);
        run["execution_duration"] = json!(elapsed);
        Reply::json(200, &run)
    };
    let polls = [
        seen(100, 50).await,
        // The estimate grows, the elapsed time shrinks, and both have impossible values.
        seen(1_000, 51).await,
        seen(100, 10).await,
        seen(0, -5).await,
        seen(-1, i64::MAX).await,
        seen(100, i64::MAX).await,
        Reply::json(200, &run(&[("running", 0), ("queued", 99)]).await),
        Reply::json(200, &run(&[("running", 0), ("queued", 99), ("aborted", 100)]).await),
    ];
    let (_server, client, _) = scripted(polls).await;
    let updates = all(client.watch_test_run(1).every_poll(true).interval(SECOND / 10)).await;
    let progress: Vec<_> = updates.iter().map(|update| update.progress).collect();
    assert_eq!(progress, [0.475, 0.475, 0.475, 0.475, 0.475, 0.95, 0.95, 1.0]);
}

#[tokio::test]
async fn watch_sends_nothing_before_it_is_polled_and_nothing_ahead() {
    let (fake, client, id) = fake_with(seed()).await;
    let mut watch = client.watch_test_run(id).interval(SECOND);
    quiet().await;
    assert_eq!(fake.requests().len(), 0);
    ends(watch.try_next()).await.expect("a poll").expect("an update");
    quiet().await;
    assert_eq!(fake.requests().len(), 1);
    let mut none = 0;
    while ends(watch.try_next()).await.expect("a poll").is_some() {
        none += 1;
    }
    assert_eq!(none, 5);
    // It keeps returning the end.
    assert!(ends(watch.try_next()).await.expect("the end").is_none());
    assert!(ends(watch.next()).await.is_none());
}

#[tokio::test]
async fn watch_yields_one_error_and_ends() {
    let running = Reply::json(200, &run(&[("created", 0), ("running", 1)]).await);
    let cases = [
        (Reply::rejected(404), ErrorKind::NotFound, 2),
        // The 25th failure in a row is the first after 5 minutes.
        (Reply::status(503), ErrorKind::Server, 1 + 25),
    ];
    for (failure, kind, polls) in cases {
        let (server, client, _) = scripted([running.clone(), failure]).await;
        let updates: Vec<_> = ends(client.watch_test_run(1).collect::<Vec<_>>()).await;
        assert_eq!(updates.len(), 3, "{updates:?}");
        let error = updates[2].as_ref().expect_err("it fails");
        assert_eq!((error.kind(), server.count()), (kind, polls));
        assert_eq!(error.operation(), Some("watch_test_run"));
        assert_eq!(error.last_run().map(|run| run.status.as_str()), Some("running"));
        assert!(updates[..2].iter().all(Result::is_ok));
    }
    let (server, client, _) = scripted([running]).await;
    let watch = client.watch_test_run(1).timeout(10 * SECOND).abort_unfinished(true);
    let updates: Vec<_> = ends(watch.collect::<Vec<_>>()).await;
    let kinds: Vec<_> =
        updates.iter().map(|update| update.as_ref().err().map(Error::kind)).collect();
    assert_eq!(kinds, [None, None, Some(ErrorKind::WaitTimeout)]);
    assert_eq!(aborts_of(&server), 1);
}

#[tokio::test]
async fn final_status_has_its_own_time_and_extra_if_the_history_was_rewritten() {
    for history in [&[("aborted", 3)][..], &[("created", 1), ("aborted", 3)]] {
        let first = run(&[("created", 0), ("running", 10)]).await;
        let mut last = run(history).await;
        last["ended"] = entry(("aborted", 60))["entered"].clone();
        last["status_history"][history.len() - 1]["extra"] =
            json!({ "by_user": "ada@example.com" });
        let updates = watched(&[first, last]).await;
        assert_eq!(statuses(&updates), ["created", "running", "aborted"]);
        assert_eq!((*updates[2].entered - NOW).num_seconds(), 3);
        let by = updates[2].extra.as_ref().and_then(|extra| extra.by_user.as_deref());
        assert_eq!(by, Some("ada@example.com"));
    }
}

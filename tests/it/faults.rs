//! A table of faults, each tried with every operation that it concerns.

use std::io::Write as _;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use k6_cloud::ErrorKind::{
    Connect, Decode, LimitExceeded, OutcomeUnknown, Pagination, RateLimited, Server, Timeout,
    Transport, UnexpectedStatus,
};
use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeCloud, Fault, RunSeed};
use serde_json::json;

use crate::scripted::CANARY;

/// What a row of the table expects.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// The call succeeds.
    Good,
    Bad(ErrorKind),
}

use Outcome::{Bad, Good};

/// A row: its name, the fault, the operations to try it with, the outcome, the number of requests
/// that the server gets, and the time that passes on the client's clock, in milliseconds.
type Row = (&'static str, fn() -> Fault, &'static [&'static str], Outcome, usize, u64);

const READS: &[&str] =
    &["get_test_run", "list_test_runs", "get_test_run_distribution", "get_test_run_script"];
const JSON_READS: &[&str] = &["get_test_run", "list_test_runs", "get_test_run_distribution"];
const RETRY_SAFE: &[&str] = &[
    "get_test_run",
    "list_test_runs",
    "get_test_run_distribution",
    "get_test_run_script",
    "star_test_run",
    "unstar_test_run",
];
const ONCE: &[&str] = &["save_test_run", "unsave_test_run", "update_test_run"];
const ALL: &[&str] = &[
    "get_test_run",
    "list_test_runs",
    "get_test_run_distribution",
    "get_test_run_script",
    "star_test_run",
    "unstar_test_run",
    "save_test_run",
    "unsave_test_run",
    "update_test_run",
    "delete_test_run",
];
const LISTS: &[&str] = &["stream"];

/// The pauses between four attempts in all, in milliseconds.
const PAUSES: u64 = 500 + 1_000 + 2_000;

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Connections that break.
    ("close, always", Fault::close, RETRY_SAFE, Bad(Transport), 4, PAUSES),
    ("close, always, not safe to retry", Fault::close, ONCE, Bad(OutcomeUnknown), 1, 0),
    ("close, once", || Fault::close().first(1), RETRY_SAFE, Good, 2, 500),
    ("close, three times", || Fault::close().first(3), RETRY_SAFE, Good, 4, PAUSES),
    ("reset, always", Fault::reset, RETRY_SAFE, Bad(Transport), 4, PAUSES),
    ("reset, always, not safe to retry", Fault::reset, ONCE, Bad(OutcomeUnknown), 1, 0),
    ("reset, once", || Fault::reset().first(1), RETRY_SAFE, Good, 2, 500),
    ("reset after headers, always", Fault::reset_after_headers, READS, Bad(Transport), 4, PAUSES),
    ("reset after headers, once", || Fault::reset_after_headers().first(1), READS, Good, 2, 500),
    ("reset mid-body, always", Fault::reset_mid_body, READS, Bad(Transport), 4, PAUSES),
    ("reset mid-body, once", || Fault::reset_mid_body().first(1), READS, Good, 2, 500),
    ("truncated length, always", Fault::truncate, READS, Bad(Transport), 4, PAUSES),
    ("truncated length, once", || Fault::truncate().first(1), READS, Good, 2, 500),
    ("truncated chunks, always", Fault::truncate_chunks, READS, Bad(Transport), 4, PAUSES),
    ("truncated chunks, once", || Fault::truncate_chunks().first(1), READS, Good, 2, 500),
    // Responses that are not as described.
    ("invalid JSON", Fault::invalid_json, JSON_READS, Bad(Decode), 1, 0),
    ("HTML with 200", || Fault::html(200), READS, Bad(Decode), 1, 0),
    ("HTML with 200, to a script", || Fault::html(200), &["get_test_run_script"], Bad(Decode), 1, 0),
    ("HTML with 502, always", || Fault::html(502), RETRY_SAFE, Bad(Server), 4, PAUSES),
    ("HTML with 502, once", || Fault::html(502).first(1), RETRY_SAFE, Good, 2, 500),
    ("HTML with 502, not safe to retry", || Fault::html(502), ONCE, Bad(OutcomeUnknown), 1, 0),
    ("HTML with 503, not safe to retry", || Fault::html(503), ONCE, Bad(Server), 1, 0),
    ("HTML with 504, not safe to retry", || Fault::html(504), ONCE, Bad(OutcomeUnknown), 1, 0),
    ("wrong content type of JSON", || Fault::content_type("text/plain"), JSON_READS, Good, 1, 0),
    ("wrong content type of a script", || Fault::content_type("text/html"), &["get_test_run_script"], Bad(Decode), 1, 0),
    ("204 for 200", Fault::no_content, READS, Bad(Decode), 1, 0),
    ("HTML with 200 for 204", || Fault::html(200), ONCE, Bad(Decode), 1, 0),
    ("an error with 200", || Fault::status(200), ALL, Bad(Decode), 1, 0),
    ("a list without rows", || Fault::response(200, "application/json", "{}"), JSON_READS, Bad(Decode), 1, 0),
    ("200 with an object for 204", || Fault::response(200, "application/json", "{}"), ONCE, Good, 1, 0),
    ("HTML with 404", || Fault::html(404), ALL, Bad(UnexpectedStatus), 1, 0),
    ("another shape", || Fault::edit_json(|run| *run = json!([1])), JSON_READS, Bad(Decode), 1, 0),
    ("null for a number", || Fault::edit_json(|run| run["id"] = json!(null)), &["get_test_run"], Bad(Decode), 1, 0),
    ("unknown keys", || Fault::edit_json(|run| run["new"] = json!({"x": 1})), JSON_READS, Good, 1, 0),
    // Servers that are slow.
    ("slow headers", || Fault::slow(Duration::from_secs(30)), RETRY_SAFE, Bad(Timeout), 4, PAUSES),
    ("slow headers, once", || Fault::slow(Duration::from_secs(30)).first(1), RETRY_SAFE, Good, 2, 500),
    ("slow headers, not safe to retry", || Fault::slow(Duration::from_secs(30)), ONCE, Bad(OutcomeUnknown), 1, 0),
    ("slow body", || Fault::slow_body(Duration::from_secs(9)), READS, Bad(Timeout), 4, PAUSES),
    ("slow body, once", || Fault::slow_body(Duration::from_secs(9)).first(1), READS, Good, 2, 500),
    // Servers that are overloaded.
    ("429 without Retry-After", || Fault::rate_limited(None), ALL, Bad(RateLimited), 4, PAUSES),
    ("429 in seconds", || Fault::rate_limited(Some("5")), ALL, Bad(RateLimited), 4, 16_500),
    ("429 in seconds, once", || Fault::rate_limited(Some("5")).first(1), ALL, Good, 2, 5_500),
    ("429 with a date", || Fault::rate_limited(Some("Tue, 30 Jun 2026 12:05:20 GMT")).first(1), ALL, Good, 2, 20_500),
    ("429 with a date that has passed", || Fault::rate_limited(Some("Tue, 30 Jun 2020 12:05:20 GMT")).first(1), ALL, Good, 2, 500),
    ("429 with garbage", || Fault::rate_limited(Some("later, please")).first(1), ALL, Good, 2, 500),
    ("429 for too long", || Fault::rate_limited(Some("86400")), ALL, Bad(RateLimited), 1, 0),
    ("408, not safe to retry", || Fault::status(408), ONCE, Bad(OutcomeUnknown), 1, 0),
    ("500 in a burst of two", || Fault::status(500).first(2), RETRY_SAFE, Good, 3, 1_500),
    ("503 in a burst of three", || Fault::status(503).first(3), RETRY_SAFE, Good, 4, PAUSES),
    ("504, always", || Fault::status(504), RETRY_SAFE, Bad(Server), 4, PAUSES),
    ("501, always", || Fault::status(501), RETRY_SAFE, Bad(Server), 1, 0),
    // Servers that redirect, and lists with wrong links.
    ("redirect to another host, 302", || Fault::redirect(302, "http://127.0.0.2:9/"), ALL, Bad(UnexpectedStatus), 1, 0),
    ("redirect to another host, 307", || Fault::redirect(307, "http://127.0.0.2:9/"), ALL, Bad(UnexpectedStatus), 1, 0),
    ("redirect to another host, 308", || Fault::redirect(308, "http://127.0.0.2:9/"), ALL, Bad(UnexpectedStatus), 1, 0),
    ("next link to another host", || Fault::next_link("http://127.0.0.2:9/?$skip=10"), LISTS, Good, 3, 0),
    ("next link of another scheme", || Fault::next_link("https://127.0.0.1/?$skip=10"), LISTS, Good, 3, 0),
    ("next link to another port", || Fault::next_link("http://127.0.0.1:1/?$skip=10"), LISTS, Good, 3, 0),
    ("next link that loops", || Fault::next_link("/cloud/v6/test_runs?$skip=0"), LISTS, Bad(Pagination), 1, 0),
    ("next link backwards", || Fault::next_link("/cloud/v6/test_runs?$skip=3").nth(1), LISTS, Bad(Pagination), 2, 0),
    ("next link past rows", || Fault::next_link("/cloud/v6/test_runs?$skip=25"), LISTS, Good, 3, 0),
    ("next link that is not a URL", || Fault::next_link("http://["), LISTS, Good, 3, 0),
    ("empty page with a link", || Fault::empty_page().nth(1), LISTS, Good, 4, 0),
    ("rows arrive while the list is read", || Fault::rows_arrive(4).nth(1), LISTS, Good, 3, 0),
    ("more rows arrive than were read", || Fault::rows_arrive(14).nth(1), LISTS, Good, 5, 0),
    ("rows vanish while the list is read", || Fault::rows_vanish(4).nth(1), LISTS, Good, 4, 0),
    ("the list vanishes while it is read", || Fault::rows_vanish(100).nth(1), LISTS, Good, 3, 0),
    // Responses that are large.
    ("oversized, announced", || Fault::oversized(200_000), READS, Bad(LimitExceeded), 1, 0),
    ("oversized, in chunks", || Fault::padded(200_000), READS, Bad(LimitExceeded), 1, 0),
    ("gzip that was not requested", gzip_bomb, JSON_READS, Bad(Decode), 1, 0),
    ("large and within the cap", || Fault::padded(20_000), JSON_READS, Good, 1, 0),
];

/// A megabyte of spaces in a kilobyte.
fn gzip_bomb() -> Fault {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&[b' '; 1024 * 1024]).expect("written to memory");
    let body = gzip.finish().expect("written to memory");
    assert!(body.len() < 2_000, "{}", body.len());
    Fault::response(200, "application/json", body).header("content-encoding", "gzip")
}

#[expect(deprecated, reason = "deprecated calls fail and are retried like others")]
async fn call(
    client: &Client,
    operation: &str,
    id: impl Into<k6_cloud::TestRunId>,
) -> Result<(), Error> {
    match operation {
        "get_test_run" => client.get_test_run(id).send().await.map(drop),
        "list_test_runs" => client.list_test_runs().send().await.map(drop),
        "get_test_run_distribution" => client.get_test_run_distribution(id).send().await.map(drop),
        "get_test_run_script" => client.get_test_run_script(id).await.map(drop),
        "star_test_run" => client.star_test_run(id).send().await,
        "unstar_test_run" => client.unstar_test_run(id).send().await,
        "save_test_run" => client.save_test_run(id).send().await,
        "unsave_test_run" => client.unsave_test_run(id).send().await,
        "delete_test_run" => client.delete_test_run(id).send().await,
        "update_test_run" => client.update_test_run(id, "x").send().await,
        "stream" => client.list_test_runs().top(10).collect_all(1_000).await.map(drop),
        other => panic!("{other}"),
    }
}

async fn check(row: &Row, operation: &str) -> Result<(), String> {
    let (name, fault, _, outcome, requests, millis) = row;
    let fake = FakeCloud::builder().token(CANARY).runs(25).start().await.expect("it starts");
    let id = fake.add_run(RunSeed::passed());
    let client = fake
        .client()
        .jitter(|| 1.0)
        // Short only in tests of the timeout, because the machine may be slow too.
        .timeout(Duration::from_millis(if name.starts_with("slow") { 2_500 } else { 30_000 }))
        .max_body_bytes(100_000)
        .build()
        .expect("complete");
    fake.inject(fault());
    let result = call(&client, operation, id).await;
    let got = result.as_ref().map_or_else(|error| Bad(error.kind()), |()| Good);
    let seen = fake.requests().len();
    let passed: Duration = fake.clock().slept().iter().sum();
    let shown = format!("{name}, {operation}: {result:?}, {seen} requests, {passed:?}");
    if (got, seen, passed) != (*outcome, *requests, Duration::from_millis(*millis)) {
        return Err(shown);
    }
    if let Err(error) = &result {
        if error.attempts() as usize != seen && error.kind() != Pagination {
            return Err(format!("{} attempts counted: {shown}", error.attempts()));
        }
        let all = crate::errors::shown(error);
        if all.contains(CANARY) || error.to_string().contains('\n') {
            return Err(format!("the error shows the token or a line break: {all}"));
        }
    }
    // Afterwards the client works as before.
    fake.clear_faults();
    client.list_test_runs().top(1).send().await.map_err(|e| format!("{e}, after {shown}"))?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_has_the_outcome_of_the_table() {
    let start = Instant::now();
    let rows = TABLE.iter().flat_map(|row| row.2.iter().map(move |operation| (row, *operation)));
    let rows: Vec<_> = rows.collect();
    let cases = rows.len();
    let checks = rows.into_iter().map(|(row, operation)| check(row, operation));
    // Not all at once: a busy machine must not cause timeouts.
    let results: Vec<_> = stream::iter(checks).buffer_unordered(24).collect().await;
    let wrong: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} rows, {cases} cases, {:?}", TABLE.len(), start.elapsed());
}

#[tokio::test]
async fn client_survives_refused_connections() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let get = || client.get_test_run(k6_cloud_fake::FIRST_RUN_ID).send();
    get().await.expect("the run");
    fake.refuse_connections().await;
    let error = get().await.expect_err("connection refused");
    assert_eq!((error.kind(), error.attempts()), (Connect, 4));
    assert_eq!(fake.requests().len(), 1);
    fake.accept_connections().await;
    get().await.expect("the run");
}

//! Comparisons with a baseline, and the trend of a load test.

use k6_cloud::metrics::{Baseline, ComparedNumber, Comparison, Direction, RunSummary};
use k6_cloud::{ErrorKind, LoadTestId, RetryPolicy, TestRunId};
use k6_cloud_fake::{FakeCloud, Fault, NOW, RunSeed};
use serde_json::json;

const TEST: LoadTestId = LoadTestId::new(555);

/// A run of the load test, so many hours before now.
fn run(seed: RunSeed, hours: i64) -> RunSeed {
    seed.test_id(TEST).created(NOW - chrono::TimeDelta::hours(hours))
}

#[tokio::test]
async fn comparison_says_what_got_better_and_worse() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let before = fake.add_run(run(RunSeed::passed(), 5).p95(200.0).error_share(0.02));
    let after = fake.add_run(run(RunSeed::passed(), 4).p95(300.0).error_share(0.01));
    let summary = client.summarize_test_run(after).await.expect("a summary");
    let baseline = client.summarize_baseline(&summary, Baseline::Run(before)).await;
    let baseline = baseline.expect("a summary").expect("a baseline");
    let comparison = summary.compare(&baseline);
    assert_eq!((comparison.run, comparison.baseline), (after, before));
    let change = |what: ComparedNumber| {
        let found = comparison.changes.iter().find(|change| change.what == what);
        let change = found.unwrap_or_else(|| panic!("no {what} in {comparison}"));
        (change.percent.map(f64::round), change.direction)
    };
    assert_eq!(change(ComparedNumber::P95Duration), (Some(50.0), Direction::Worse));
    assert_eq!(change(ComparedNumber::Failures), (Some(-50.0), Direction::Better));
    assert_eq!(change(ComparedNumber::ChecksPassed).1, Direction::Better);
    assert_eq!(change(ComparedNumber::RequestsPerSecond), (Some(0.0), Direction::Same));
    let (plain, markdown) = (comparison.to_string(), comparison.to_markdown());
    assert!(plain.contains("+50.0 %") && plain.contains("worse"), "{plain}");
    assert!(
        markdown.contains("| `p95 of duration` | 200 ms | 300 ms | +50.0 % | worse |"),
        "{markdown}"
    );
    assert!(comparison.colored().to_string().contains("\u{1b}[31m"));
    let same = summary.compare(&summary);
    assert!(same.changes.iter().all(|change| change.direction == Direction::Same), "{same}");
    let json = serde_json::to_value(&comparison).expect("JSON");
    assert_eq!(json["changes"][0]["unit"], "count");
    assert_eq!(json["changes"][0]["what"], "requests");
    let read: Comparison = serde_json::from_value(json).expect("a comparison");
    assert_eq!(read, comparison);
    let json = serde_json::to_value(&summary).expect("JSON");
    let read: RunSummary = serde_json::from_value(json).expect("a summary");
    assert_eq!(read, summary);
}

#[tokio::test]
async fn baselines_are_found() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let starred = fake.add_run(run(RunSeed::passed(), 9).starred(true));
    let passed = fake.add_run(run(RunSeed::passed(), 8));
    fake.add_run(run(RunSeed::failed(), 7));
    fake.add_run(run(RunSeed::aborted(), 6));
    let this = fake.add_run(run(RunSeed::passed(), 5).starred(true));
    fake.add_run(run(RunSeed::passed(), 4));
    let summary = client.summarize_test_run(this).await.expect("a summary");
    for (baseline, expected) in [
        (Baseline::LastPassed, passed),
        (Baseline::Starred, starred),
        (Baseline::Run(passed), passed),
    ] {
        let found = client.summarize_baseline(&summary, baseline).send().await.expect("a summary");
        assert_eq!(found.expect("a run").run.id, expected, "{baseline:?}");
    }
    let first = client.summarize_test_run(starred).await.expect("a summary");
    let none = client.summarize_baseline(&first, Baseline::LastPassed).await.expect("a list");
    assert_eq!(none, None);
    let missing = client.summarize_baseline(&first, Baseline::Run(1.into())).await;
    assert_eq!(missing.expect_err("no such run").kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn trend_has_a_row_for_each_run_in_three_requests() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().retries(RetryPolicy::off()).build().expect("complete");
    let ids: Vec<TestRunId> = (0..4)
        .map(|number| {
            let p95 = 100.0 + 50.0 * f64::from(number);
            fake.add_run(run(RunSeed::passed(), 9 - i64::from(number)).p95(p95).error_share(0.01))
        })
        .collect();
    let trend = client.trend_of_load_test(TEST, 3).await.expect("a trend");
    assert_eq!(fake.requests().len(), 3);
    let rows: Vec<_> = trend.rows.iter().map(|row| (row.run, row.p95.map(f64::round))).collect();
    assert_eq!(rows, [(ids[1], Some(150.0)), (ids[2], Some(200.0)), (ids[3], Some(250.0))]);
    assert!(trend.rows.iter().all(|row| row.requests_per_second > Some(1.0)));
    assert!(trend.to_string().contains("250 ms"), "{trend}");

    fake.inject(Fault::status(503).on("query_load_test").first(1));
    let partial = client.trend_of_load_test(TEST, 3).await.expect("a trend");
    assert_eq!((partial.rows.len(), partial.missing.len()), (3, 1));
    fake.inject(Fault::status(503).on("query_load_test"));
    let error = client.trend_of_load_test(TEST, 3).await.expect_err("nothing");
    assert_eq!(error.kind(), ErrorKind::Server);
}

#[tokio::test]
async fn value_without_its_run_is_missing_in_the_trend() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let vector = json!({ "status": "success", "data": { "result": [
        { "metric": {}, "values": [1_684_949_420, "7"] },
    ] } });
    fake.inject(Fault::response(200, "application/json", vector.to_string()));
    let trend = client.trend_of_load_test(TEST, 3).await.expect("a trend");
    assert_eq!((trend.rows.len(), trend.missing.len()), (0, 3), "{trend:?}");
}

/// A server may ignore the filters of a list.
#[tokio::test]
async fn baseline_is_what_was_asked_for_even_if_the_list_is_not_filtered() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let earlier = fake.add_run(run(RunSeed::passed(), 5).starred(true));
    let present = fake.add_run(run(RunSeed::passed(), 4));
    let later = fake.add_run(run(RunSeed::passed(), 3));
    let rows: Vec<_> =
        [later, present, earlier].iter().map(|id| fake.run_json(*id).expect("a run")).collect();
    let page = json!({ "value": rows });
    fake.inject(
        Fault::response(200, "application/json", page.to_string()).on("list_load_test_runs"),
    );
    let summary = client.summarize_test_run(present).await.expect("a summary");
    for baseline in [Baseline::LastPassed, Baseline::Starred] {
        let found = client.summarize_baseline(&summary, baseline).await.expect("a list");
        assert_eq!(found.expect("a run").run.id, earlier, "{baseline:?}");
    }
}

/// Replaces a sample that has a label by many, each with a value of its own.
fn multiply(answer: &mut serde_json::Value, count: usize) {
    let Some(samples) = answer["data"]["result"].as_array_mut() else { return };
    for label in ["name", "check"] {
        let Some(at) = samples.iter().position(|sample| sample["metric"][label].is_string()) else {
            continue;
        };
        let sample = samples.swap_remove(at);
        samples.extend((0..count).map(|number| {
            let mut sample = sample.clone();
            sample["metric"][label] = json!(format!("{label} {number}"));
            sample
        }));
    }
}

#[tokio::test]
async fn thousands_of_names_are_summarized_and_compared_in_linear_time() {
    const NAMES: usize = 10_000;
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let run = fake.add_run(run(RunSeed::passed(), 5));
    fake.inject(Fault::edit_json(|answer| multiply(answer, NAMES)));
    let started = std::time::Instant::now();
    let summary = client.summarize_test_run(run).await.expect("a summary");
    let names = summary.http.as_ref().map(|http| http.by_name.len());
    assert!(names.is_some_and(|names| names >= NAMES), "{names:?}");
    let comparison = summary.compare(&summary);
    assert!(comparison.changes.len() > NAMES, "{}", comparison.changes.len());
    // Quadratic time would be minutes.
    let taken = started.elapsed();
    assert!(taken.as_secs() < 30, "{taken:?}");
}

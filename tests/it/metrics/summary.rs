//! Summaries of runs: what they read, what they say, and what faults leave of them.

use std::time::Duration;

use k6_cloud::metrics::RunSummary;
use k6_cloud::{Client, ErrorKind, RetryPolicy};
use k6_cloud_fake::{FakeCloud, Fault, RunSeed};
use serde_json::json;

struct Setup {
    fake: FakeCloud,
    client: Client,
}

impl Setup {
    async fn new() -> Self {
        let fake = FakeCloud::start().await.expect("the fake starts");
        let client = fake.client().retries(RetryPolicy::off()).build().expect("complete");
        Self { fake, client }
    }

    async fn summarize(&self, seed: RunSeed) -> RunSummary {
        let run = self.fake.add_run(seed);
        self.client.summarize_test_run(run).send().await.expect("a summary")
    }
}

fn seed() -> RunSeed {
    RunSeed::passed().running_for(Duration::from_secs(600)).vus(50, 0)
}

fn with_thresholds(seed: RunSeed, thresholds: serde_json::Value) -> RunSeed {
    seed.property("options", json!({ "thresholds": thresholds }))
}

#[tokio::test]
async fn summary_has_the_numbers_of_an_http_run_in_20_requests() {
    let setup = Setup::new().await;
    let summary = setup.summarize(seed().p95(320.0).error_share(0.01)).await;
    assert_eq!(setup.fake.requests().len(), 20);
    assert_eq!((&summary.missing[..], &summary.warnings[..]), (&[][..], &[][..]));

    let http = summary.http.as_ref().expect("requests");
    let total = &http.total;
    assert_eq!(summary.run.load_seconds, Some(600.0));
    let requests = total.requests.expect("a number");
    assert!((requests - 12_000.0).abs() < 20.0, "{requests}");
    assert_eq!(total.requests_per_second, Some(requests / 600.0));
    assert!(http.peak_requests_per_second > total.requests_per_second);
    let share = total.failure_share.expect("a share");
    assert!((share - 0.01).abs() < 1e-3, "{share}");
    let duration = &total.duration;
    assert!((duration.p95.expect("p95") - 320.0).abs() < 1e-6);
    let ordered =
        [duration.min, duration.med, duration.p90, duration.p95, duration.p99, duration.max];
    assert!(ordered.iter().all(Option::is_some) && ordered.is_sorted(), "{ordered:?}");
    assert!(duration.avg > duration.min && duration.stddev > Some(0.0));

    assert_eq!(http.by_name.len(), 3);
    let of_names: f64 = http.by_name.iter().filter_map(|named| named.stats.requests).sum();
    assert_eq!(of_names, requests);
    let worst = http.by_name.iter().map(|named| named.stats.failure_share);
    assert!(worst.is_sorted_by(|a, b| a >= b));

    let checks = summary.checks.as_ref().expect("checks");
    assert_eq!(checks.failing.len(), 1);
    assert_eq!(checks.failing[0].name, "status is 200");
    assert!(summary.load.iterations > Some(3_000.0) && summary.load.max_vus == Some(50));
    assert!(summary.load.data_received_bytes > summary.load.data_sent_bytes);
    assert_eq!(summary.generators.as_ref().map(|generators| generators.count), Some(2));
}

#[tokio::test]
async fn mean_and_deviation_of_all_follow_from_the_groups() {
    let setup = Setup::new().await;
    let summary = setup.summarize(seed()).await;
    let run = summary.run.id;
    let total = &summary.http.as_ref().expect("requests").total.duration;
    let duration = || k6_cloud::metrics::HTTP_REQ_DURATION;
    for (query, value) in [
        (duration().avg(), total.avg),
        (duration().stddev(), total.stddev),
        (duration().min(), total.min),
        (duration().max(), total.max),
    ] {
        let asked =
            setup.client.query_aggregate(run, query).send().await.expect("a value")[0].value;
        let value = value.expect("known");
        // The groups have whole requests, and the fake weights them by shares.
        assert!((asked / value - 1.0).abs() < 1e-3, "{asked} {value}");
    }
}

#[tokio::test]
async fn checks_are_counted_and_the_failing_are_named() {
    let setup = Setup::new().await;
    let seed = seed().check("ok", 100, 0).check("half", 50, 50).check("bad", 0, 10);
    let summary = setup.summarize(seed).await;
    let checks = summary.checks.expect("checks");
    assert_eq!((checks.passed, checks.total), (Some(150.0), Some(210.0)));
    let failing: Vec<_> =
        checks.failing.iter().map(|check| (&*check.name, check.passed, check.total)).collect();
    assert_eq!(failing, [("bad", 0.0, 10.0), ("half", 50.0, 100.0)]);
    let all: Vec<_> = checks.by_name.iter().map(|check| &*check.name).collect();
    assert_eq!(all, ["bad", "half", "ok"]);
}

#[tokio::test]
async fn thresholds_are_judged_by_their_values() {
    let setup = Setup::new().await;
    let thresholds = json!({
        "http_req_duration": ["p(95)<500", { "threshold": "med<10", "abortOnFail": true }],
        "http_req_duration{method:POST}": ["avg<10000"],
        "http_req_failed": ["rate<0.05"],
        "http_reqs": ["count>100", "rate>1"],
        "checks": ["rate>0.5"],
        "vus": ["value>=1"],
        "never_observed": ["avg<1"],
        "http_req_waiting": ["p(99.9)>0", "nonsense"],
    });
    let summary = setup.summarize(with_thresholds(seed().p95(400.0), thresholds)).await;
    let found: Vec<_> = summary
        .thresholds
        .iter()
        .map(|t| (&*t.metric, &*t.expression, t.value.is_some(), t.held))
        .collect();
    assert_eq!(
        found,
        [
            ("checks", "rate>0.5", true, Some(true)),
            ("http_req_duration", "p(95)<500", true, Some(true)),
            ("http_req_duration", "med<10", true, Some(false)),
            ("http_req_duration{method:POST}", "avg<10000", true, Some(true)),
            ("http_req_failed", "rate<0.05", true, Some(true)),
            ("http_req_waiting", "p(99.9)>0", true, Some(true)),
            ("http_req_waiting", "nonsense", false, None),
            ("http_reqs", "count>100", true, Some(true)),
            ("http_reqs", "rate>1", true, Some(true)),
            ("never_observed", "avg<1", false, Some(true)),
            ("vus", "value>=1", true, Some(true)),
        ]
    );
    let p95 = &summary.thresholds[1];
    assert!((p95.headroom_percent.expect("headroom") - 20.0).abs() < 1e-6, "{p95:?}");
    assert!(summary.thresholds[2].abort_on_fail);
    assert_eq!(summary.thresholds_held(), (9, 11));
    // The run passed, whatever the computed value says.
    assert!(summary.run.outcome.is_passed());
    assert!(summary.warnings.iter().any(|w| w.contains("1 of its thresholds")), "{summary}");
}

#[tokio::test]
async fn failed_run_breaches_its_threshold_and_a_contradiction_is_said() {
    let setup = Setup::new().await;
    let summary = setup.summarize(RunSeed::failed()).await;
    assert_eq!(summary.thresholds.len(), 1);
    assert_eq!(summary.thresholds[0].held, Some(false), "{summary}");
    assert_eq!(summary.warnings, [""; 0]);
    let summary = setup.summarize(RunSeed::failed().p95(100.0)).await;
    assert!(summary.run.outcome.is_failed());
    assert!(summary.warnings[0].contains("all of them look held"), "{summary}");
}

#[tokio::test]
async fn busy_load_generators_are_a_warning() {
    let setup = Setup::new().await;
    let summary = setup.summarize(seed().generator_cpu(97.0)).await;
    assert!(summary.warnings[0].contains("1 of 2 load generators"), "{summary}");
    assert!(summary.to_string().contains("warning: 1 of 2"), "{summary}");
}

#[tokio::test]
async fn browser_vitals_are_read_where_the_run_has_browsers() {
    let setup = Setup::new().await;
    let summary = setup.summarize(seed().vus(50, 5)).await;
    let browser = summary.other.browser.as_ref().expect("vitals");
    assert!(browser.lcp > browser.fcp && browser.cls < Some(1.0), "{browser:?}");
    assert_eq!((&summary.other.websocket, &summary.other.grpc), (&None, &None));
    assert!(summary.to_string().contains("browser (p75)"));
}

#[tokio::test]
async fn run_that_goes_on_has_numbers_with_a_warning() {
    let setup = Setup::new().await;
    let run = setup.fake.add_run(RunSeed::timed().running_for(Duration::from_secs(600)));
    setup.fake.clock().advance(Duration::from_secs(117));
    let summary = setup.client.summarize_test_run(run).await.expect("a summary");
    assert_eq!((summary.run.is_final, summary.run.load_seconds), (false, Some(100.0)));
    let early = summary.http.expect("requests").total.requests;
    assert!(summary.warnings[0].contains("has not ended (it is running)"));
    setup.fake.clock().advance(Duration::from_secs(100));
    let later = setup.client.summarize_test_run(run).await.expect("a summary");
    assert!(later.http.expect("requests").total.requests > early);

    let queued = setup.summarize(RunSeed::queued()).await;
    assert_eq!((queued.http, queued.checks, queued.generators), (None, None, None));
}

#[tokio::test]
async fn faults_leave_the_rest_and_are_said() {
    for (name, fault, missing, has_http) in [
        ("no list", Fault::status(503).on("list_run_metrics"), "list of metrics", true),
        ("no values", Fault::status(500).on("query_aggregate"), "p95 of duration", false),
        ("forbidden", Fault::status(403).on("query_aggregate"), "checks", false),
        ("first only", Fault::status(500).on("query_aggregate").first(1), "", true),
        ("one of them", Fault::status(502).on("query_aggregate").nth(7), "", true),
    ] {
        let setup = Setup::new().await;
        setup.fake.inject(fault);
        let summary = setup.summarize(seed()).await;
        assert_eq!(summary.http.is_some(), has_http, "{name}: {summary}");
        assert!(!summary.missing.is_empty(), "{name}");
        let found = summary.missing.iter().any(|m| m.what.contains(missing) && !m.why.is_empty());
        assert!(found, "{name}: {:?}", summary.missing);
        assert!(summary.to_string().contains("not read: "), "{name}");
        assert!(summary.to_markdown().contains("Not read: "), "{name}");
    }
    let setup = Setup::new().await;
    let run = setup.fake.add_run(seed());
    setup.fake.inject(Fault::status(503).on("get_test_run"));
    let error = setup.client.summarize_test_run(run).await.expect_err("no run");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Server, Some("get_test_run")));
}

#[tokio::test]
async fn reports_are_aligned_neutral_and_without_colour() {
    let setup = Setup::new().await;
    let evil = "a|b`c @team\u{202e}\n[x](http://y) <img>";
    let seed = seed().check(evil, 1, 1).p95(600.0);
    let summary = setup.summarize(seed.note("x")).await;
    let (plain, markdown) = (summary.to_string(), summary.to_markdown());
    assert!(!plain.contains(['\u{1b}', '\u{202e}']), "{plain}");
    assert!(markdown.contains("``a\\|b`c @team [x](http://y) <img>``"), "{markdown}");
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.iter().all(|row| row.ends_with('|')), "{markdown}");
    let colored = summary.colored().to_string();
    assert!(colored.contains("\u{1b}[31m") && colored.contains("\u{1b}[1mTest run"), "{colored}");
    let json = serde_json::to_value(&summary).expect("JSON");
    assert_eq!(json["run"]["outcome"]["verdict"], "passed");
    assert_eq!(json["http"]["by_name"][0]["duration"]["p90"], serde_json::Value::Null);
    assert!(json["http"]["total"]["duration"]["p95"].is_f64());
}

//! The eight endpoints with each method of each type, against the fake.

use std::time::Duration;

use k6_cloud::metrics::{
    CHECKS, Counter, DATA_SENT, HTTP_REQ_DURATION, HTTP_REQ_FAILED, HTTP_REQS, MetricType,
    Observations, RawQuery, Runs, Selector, Trend, VUS,
};
use k6_cloud::{Client, ErrorKind, TestRunId};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, RunSeed};

use crate::{only_request, raw, rejected};

/// A metric and a method of its type.
fn fitting() -> Vec<(MetricType, &'static str, RawQuery)> {
    use MetricType as Of;
    let five = Duration::from_secs(5);
    let all = Observations::All;
    vec![
        (Of::Counter, "increase", HTTP_REQS.increase().into()),
        (Of::Counter, "rate", HTTP_REQS.rate().into()),
        (Of::Counter, "value", HTTP_REQS.value().into()),
        (Of::Counter, "cumrate", HTTP_REQS.cumulative_rate().into()),
        (Of::Counter, "max_rate(5)", HTTP_REQS.max_rate(five).into()),
        (Of::Gauge, "last", VUS.last().into()),
        (Of::Gauge, "min", VUS.min().into()),
        (Of::Gauge, "max", VUS.max().into()),
        (Of::Gauge, "avg", VUS.avg().into()),
        (Of::Gauge, "last_time", VUS.last_time().into()),
        (Of::Rate, "ratio", CHECKS.ratio().into()),
        (Of::Rate, "increase_total", CHECKS.increase(all).into()),
        (Of::Rate, "increase_nz", CHECKS.increase(Observations::NonZero).into()),
        (Of::Rate, "increase_z", CHECKS.increase(Observations::Zero).into()),
        (Of::Rate, "rate_total", CHECKS.rate(all).into()),
        (Of::Rate, "rate_nz", CHECKS.rate(Observations::NonZero).into()),
        (Of::Rate, "rate_z", CHECKS.rate(Observations::Zero).into()),
        (Of::Rate, "value_total", CHECKS.value(all).into()),
        (Of::Rate, "value_nz", CHECKS.value(Observations::NonZero).into()),
        (Of::Rate, "value_z", CHECKS.value(Observations::Zero).into()),
        (Of::Trend, "histogram_min", HTTP_REQ_DURATION.min().into()),
        (Of::Trend, "histogram_max", HTTP_REQ_DURATION.max().into()),
        (Of::Trend, "histogram_avg", HTTP_REQ_DURATION.avg().into()),
        (Of::Trend, "histogram_stddev", HTTP_REQ_DURATION.stddev().into()),
        (Of::Trend, "histogram_quantile(0.95)", HTTP_REQ_DURATION.quantile(0.95).into()),
        (Of::Trend, "histogram_count_increase", HTTP_REQ_DURATION.count_increase().into()),
        (Of::Trend, "histogram_count_value", HTTP_REQ_DURATION.count_value().into()),
    ]
}

/// Returns how many series each of the three endpoints returns, after checking their values.
async fn results(client: &Client, run: TestRunId, query: &RawQuery) -> [usize; 3] {
    let step = Duration::from_secs(300);
    let range = client.query_range(run, query.clone()).step(step).send().await.expect("a range");
    let points = range.iter().flat_map(|series| &series.points);
    assert!(points.clone().all(|point| point.value.is_finite()), "{query}");
    assert!(range.iter().all(|series| series.points.len() == 6), "{query}: {range:?}");
    let aggregate = client.query_aggregate(run, query.clone()).send().await.expect("a vector");
    let of_runs = client.query_load_test(FIRST_LOAD_TEST_ID, Runs::ids([run]), query.clone());
    let of_runs = of_runs.send().await.expect("a vector");
    assert_eq!(aggregate, of_runs, "{query}");
    assert!(of_runs.iter().all(|sample| sample.test_run_id() == Some(run)), "{query}");
    [range.len(), aggregate.len(), of_runs.len()]
}

/// Sends the methods of a type to each endpoint, for a metric of each type.
async fn check_methods_of(of: MetricType) {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed());
    let client = fake.client().build().expect("complete");
    let methods = fitting().into_iter().filter(|(kind, ..)| *kind == of);
    let mut count = 0;
    for (kind, method, query) in methods {
        count += 1;
        assert_eq!(query.query(), method);
        assert_eq!(results(&client, run, &query).await, [1, 1, 1], "{query}");
        for (of_other, metric) in [
            (MetricType::Counter, "http_reqs"),
            (MetricType::Gauge, "vus"),
            (MetricType::Rate, "checks"),
            (MetricType::Trend, "http_req_duration"),
        ] {
            if of_other != kind {
                let query = RawQuery::new(method, metric);
                assert_eq!(results(&client, run, &query).await, [0, 0, 0], "{query}");
            }
        }
    }
    assert!(count >= 5, "{of}");
}

#[tokio::test]
async fn methods_of_a_counter_fit_no_other_type() {
    check_methods_of(MetricType::Counter).await;
}

#[tokio::test]
async fn methods_of_a_gauge_fit_no_other_type() {
    check_methods_of(MetricType::Gauge).await;
}

#[tokio::test]
async fn methods_of_a_rate_fit_no_other_type() {
    check_methods_of(MetricType::Rate).await;
}

#[tokio::test]
async fn methods_of_a_trend_fit_no_other_type() {
    check_methods_of(MetricType::Trend).await;
}

#[tokio::test]
async fn groups_labels_and_aggregators_choose_the_series() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed().vus(50, 0).error_share(0.02));
    let client = fake.client().build().expect("complete");
    let ask = |query: RawQuery| client.query_aggregate(run, query).send();

    let by_name = ask(HTTP_REQS.increase().by(["name", "status"]).into()).await.expect("groups");
    assert_eq!(by_name.len(), 6);
    let whole = ask(HTTP_REQS.increase().into()).await.expect("a value")[0].value;
    assert_eq!(by_name.iter().map(|sample| sample.value).sum::<f64>(), whole);
    let failed = ask(HTTP_REQS.label_matches("status", "5..").increase().into()).await;
    let failed = failed.expect("a value")[0].value;
    let succeeded = ask(HTTP_REQS.label_not_matches("status", r"5\d\d").increase().into()).await;
    assert_eq!(failed + succeeded.expect("a value")[0].value, whole);
    let ratio = ask(HTTP_REQ_FAILED.ratio().into()).await.expect("a value")[0].value;
    assert!((ratio - 0.02).abs() < 1e-3 && (ratio - failed / whole).abs() < 1e-9, "{ratio}");

    let vus = ask(VUS.last().by(["instance_id"]).sum().into()).await.expect("a value");
    assert_eq!((vus.len(), vus[0].value), (1, 50.0));
    let means = ask(HTTP_REQS.rate().by(["name", "method"]).avg().by(["method"]).into()).await;
    let means = means.expect("groups");
    let methods: Vec<_> = means.iter().map(|sample| sample.label("method")).collect();
    assert_eq!(methods, ["GET", "POST"]);
    let none = ask(HTTP_REQS.label("name", "it's \"nothing\", {}").increase().into()).await;
    assert_eq!(none.expect("an empty result"), []);
}

#[tokio::test]
async fn numbers_are_plausible() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    for seed in [RunSeed::passed(), RunSeed::failed(), RunSeed::passed().p95(123.0)] {
        let run = fake.add_run(seed.running_for(Duration::from_secs(600)));
        let ask = async |query: RawQuery| {
            client.query_aggregate(run, query).send().await.expect("a vector")[0].value
        };
        let requests = ask(HTTP_REQS.increase().into()).await;
        let rate = ask(HTTP_REQS.rate().into()).await;
        assert!((requests - rate * 600.0).abs() < 1e-6, "requests are rate times time");
        assert!(ask(HTTP_REQS.max_rate(Duration::from_secs(5)).into()).await > rate);
        let mut last = ask(HTTP_REQ_DURATION.min().into()).await;
        for q in [0.0, 0.5, 0.9, 0.95, 0.99, 1.0] {
            let value = ask(HTTP_REQ_DURATION.quantile(q).into()).await;
            assert!(value >= last, "{q}");
            last = value;
        }
        assert_eq!(last, ask(HTTP_REQ_DURATION.max().into()).await);
        let step = Duration::from_secs(7);
        let range = client.query_range(run, HTTP_REQS.increase()).step(step).send().await;
        let points = &range.expect("a range")[0].points;
        assert_eq!(points.len(), 86);
        assert_eq!(points.iter().map(|point| point.value).sum::<f64>(), requests);
        let apart = (*points[1].time - *points[0].time).num_seconds();
        assert_eq!(apart, 7);
    }
}

#[tokio::test]
async fn window_is_a_part_of_the_run() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed().running_for(Duration::from_secs(600)));
    let client = fake.client().build().expect("complete");
    let found = client.get_test_run(run).await.expect("a run");
    let running = found.status_history.iter().find(|status| status.type_ == "running");
    let start = running.expect("it ran").entered;
    let middle = k6_cloud::wire::Timestamp::from(*start + Duration::from_secs(300));
    async fn count(query: k6_cloud::metrics::QueryAggregate) -> f64 {
        query.send().await.expect("a vector")[0].value
    }
    let ask = || client.query_aggregate(run, DATA_SENT.increase());
    let (first, second) = (count(ask().end(middle)).await, count(ask().start(middle)).await);
    assert_eq!(first + second, count(ask()).await);
    let step = Duration::from_secs(60);
    let range = client.query_range(run, DATA_SENT.increase()).start(start).end(middle).step(step);
    assert_eq!(range.send().await.expect("a range")[0].points.len(), 5);
}

#[tokio::test]
async fn metrics_series_and_labels_are_listed() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed().check("it's \"ok\"", 9, 1));
    let client = fake.client().build().expect("complete");
    let metrics = client.list_run_metrics(run).await.expect("metrics");
    let duration = metrics.iter().find(|metric| metric.name == "http_req_duration");
    let duration = duration.expect("every run has it");
    assert_eq!((&duration.kind, duration.test_run_id), (&MetricType::Trend, Some(run)));
    assert_eq!(duration.origin, "builtin");

    for list in [
        client.list_load_test_metrics(FIRST_LOAD_TEST_ID),
        client.list_load_test_metrics(FIRST_LOAD_TEST_ID).runs(Runs::last(5)),
        client.list_load_test_metrics(FIRST_LOAD_TEST_ID).runs(Runs::ids([run])),
    ] {
        let metrics = list.await.expect("metrics");
        assert!(metrics.is_sorted_by(|a, b| a.name < b.name));
        let checks = metrics.iter().find(|metric| metric.name == "checks").expect("checks");
        assert!(checks.kind == MetricType::Rate && checks.labels.contains(&"check".to_owned()));
    }

    let series =
        client.list_series(run, [HTTP_REQS.label("method", "POST")]).await.expect("series");
    assert!(!series.is_empty() && series.iter().all(|labels| labels["method"] == "POST"));
    let both =
        client.list_series(run, [Selector::new("checks"), VUS.into()]).await.expect("series");
    assert_eq!(both.len(), 3);
    let labels = client.list_series_labels(run).matching(VUS).await.expect("labels");
    assert_eq!(labels, ["__name__", "instance_id", "scenario", "test_run_id"]);
    let values = client.list_label_values(run, "check").matching("checks").await.expect("values");
    assert_eq!(values, ["it's \"ok\""]);
    let all = client.list_label_values(run, "__name__").await.expect("values");
    assert!(all.len() > 10);
}

#[tokio::test]
async fn request_line_is_as_the_service_wants_it() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed());
    let client = fake.client().build().expect("complete");
    let query =
        HTTP_REQ_DURATION.label("name", "a, (b)='c'").quantile(0.95).by(["status", "method"]);
    let call = client.query_range(run, query).step(Duration::from_secs(5));
    let time = "2026-06-30T12:00:00Z".parse::<k6_cloud::wire::Timestamp>().expect("a time");
    call.start(time).end(time).send().await.expect("a range");
    let request = only_request(&fake, &[("accept", "application/json")]);
    assert_eq!(
        request.path,
        format!(
            "/cloud/v5/test_runs/{run}/query_range_k6(query='histogram_quantile(0.95)%20by%20(status,\
             method)',metric='http_req_duration%7Bname=%22a,%20(b)=''c''%22%7D',step=5,\
             start=2026-06-30T12:00:00Z,end=2026-06-30T12:00:00Z)"
        )
    );
}

#[tokio::test]
async fn query_that_cannot_be_meant_is_not_sent() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    let second = Duration::from_secs(1);
    let range = |step| client.query_range(1, HTTP_REQS.rate()).step(step).send();
    let max_rate = |window| client.query_aggregate(1, HTTP_REQS.max_rate(window)).send();
    let of_runs = |runs| client.query_load_test(1, runs, HTTP_REQS.rate()).send();
    let quantile = client.query_aggregate(1, HTTP_REQ_DURATION.quantile(95.0)).send();
    for (error, what) in [
        (range(Duration::ZERO).await.err(), "the step must be"),
        (range(second / 2).await.err(), "the step must be"),
        (max_rate(second * 3 / 2).await.err(), "the window of max_rate"),
        (max_rate(Duration::ZERO).await.err(), "the window of max_rate"),
        (of_runs(Runs::last(0)).await.err(), "the number of runs"),
        (of_runs(Runs::ids([] as [TestRunId; 0])).await.err(), "the list of runs is empty"),
        (quantile.await.err(), "from 0 to 1"),
        (client.list_series(1, Vec::<Selector>::new()).send().await.err(), "at least one"),
    ] {
        let error = error.expect(what);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn fake_rejects_what_the_service_rejects() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed());
    let client = fake.client().build().expect("complete");
    let get = async |path: &str| {
        let request = raw::request(&fake, "GET", "");
        let url = format!("{}/cloud/v5/test_runs/{run}/{path}", fake.base_url());
        let (client, request) = request.build_split();
        let mut request = request.expect("a request");
        *request.url_mut() = url.parse().expect("a URL");
        client.execute(request).await.expect("a response").status().as_u16()
    };
    let good = "query_aggregate_k6(query='rate',metric='http_reqs')";
    assert_eq!(get(good).await, 200);
    for bad in [
        "query_aggregate_k6(query='rate%20by%20(a%2Cb)',metric='http_reqs')",
        "query_aggregate_k6(query='rate',metric='http_reqs',start='2026-06-30T12:00:00Z')",
        "query_aggregate_k6(query='p95',metric='http_reqs')",
        "query_aggregate_k6(query='rate')",
        "query_aggregate_k6?query='rate'&metric='http_reqs'",
        "query_range_k6(query='rate',metric='http_reqs',step=0)",
        "query_range_k6(query='rate',metric='http_reqs{')",
        "series",
    ] {
        assert_eq!(get(bad).await, 400, "{bad}");
    }
    let missing = client.query_aggregate(1, HTTP_REQS.rate()).send().await;
    let (status, error) = rejected(missing);
    assert_eq!((status, error.operation()), (404, Some("query_aggregate")));
}

#[tokio::test]
async fn run_without_load_has_no_series() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    for seed in [RunSeed::queued(), RunSeed::invalid()] {
        let run = fake.add_run(seed);
        assert_eq!(client.list_run_metrics(run).await.expect("a list"), []);
        let query = Trend::new("http_req_duration").median();
        assert_eq!(client.query_aggregate(run, query).await.expect("a vector"), []);
        assert_eq!(client.query_range(run, Counter::new("x").rate()).await.expect("a range"), []);
    }
}

//! Reports of runs that end in different ways.

use k6_cloud::logs::LogLevel;
use k6_cloud::metrics::{ComparedNumber, Direction, Unit};
use k6_cloud::wire::Timestamp;
use k6_gate::report::{
    ApiReason, BaselineRun, ChangeRow, CheckRow, ComparisonTable, Conclusion, DurationNumbers,
    LoadNumbers, NamedId, Report, ReportedRun, RequestNumbers, RequestRow, RuleRow, ScriptError,
    ScriptLocation, SeriesPoint, ThresholdRow,
};

/// Texts that would damage a report that does not escape them.
pub(crate) const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>",
    "a|b\\|c` `` ``` [x](https://evil.example) ![i](https://evil.example/i.png) @team #1 **b** ~~s~~",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{0}\r\nsecond line\n::error::injected\n##[error]injected ##vso[x]",
    "\u{202e}reversed\u{202c} \u{2066}isolated\u{2069} \u{200b}hidden\u{feff} \u{61c}\u{e0041}\u{fffe}",
    "]]> --> &amp; &#60; \"double\" 'single' </style></title></svg> {{x}} ${y} %0A %25",
    "名前の長いテスト名前の長いテスト名前の長いテスト名前の長いテスト名前の長いテスト \u{1f469}\u{200d}\u{1f4bb}\u{1f469}\u{200d}\u{1f4bb} e\u{301}",
    "EOF\nrun_id=666\nverdict=passed\nurl<<x\nx",
    "",
];

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn named<Id: From<i64>>(id: i64, name: &str) -> Option<NamedId<Id>> {
    Some(NamedId { id: id.into(), name: Some(name.to_owned()) })
}

fn url(run: i64) -> Option<String> {
    Some(format!("https://acme.grafana.net/a/k6-app/runs/{run}"))
}

fn requests(name: &str, count: f64, failures: f64, p95: f64) -> RequestRow {
    RequestRow { name: name.to_owned(), numbers: numbers(count, failures, p95) }
}

fn numbers(count: f64, failures: f64, p95: f64) -> RequestNumbers {
    RequestNumbers {
        requests: Some(count),
        failures: Some(failures),
        failure_share: Some(failures / count),
        requests_per_second: Some(count / 1800.0),
        duration_ms: DurationNumbers {
            min: Some(p95 * 0.2),
            avg: Some(p95 * 0.55),
            med: Some(p95 * 0.5),
            p90: Some(p95 * 0.85),
            p95: Some(p95),
            p99: Some(p95 * 1.6),
            max: Some(p95 * 4.2),
        },
    }
}

fn threshold(
    metric: &str,
    expression: &str,
    value: f64,
    unit: Unit,
    headroom: f64,
) -> ThresholdRow {
    ThresholdRow {
        metric: metric.to_owned(),
        expression: expression.to_owned(),
        value: Some(value),
        unit: Some(unit),
        held: Some(headroom >= 0.0),
        headroom_percent: Some(headroom),
        ..ThresholdRow::default()
    }
}

fn change(
    what: ComparedNumber,
    unit: Unit,
    before: f64,
    after: f64,
    direction: Direction,
) -> ChangeRow {
    let percent = Some((after - before) / before * 100.0);
    ChangeRow { what, unit, before, after, percent, direction }
}

/// Makes values for half an hour of load: the load rises for 5 minutes, stays, and falls for 5 minutes.
fn over_time(value: impl Fn(f64, f64) -> Option<f64>) -> Vec<SeriesPoint> {
    let start = time("2026-06-30T12:01:00Z");
    let points = (0..=30).map(|index| {
        let minutes = f64::from(index);
        let load = (minutes / 5.0).min((30.0 - minutes) / 5.0).clamp(0.0, 1.0);
        // The same waves in each run of the tests.
        let wave = (minutes * 2.1).sin() * 0.6 + (minutes * 5.3).sin() * 0.4;
        let at = *start + chrono::TimeDelta::minutes(index.into());
        SeriesPoint { at: at.into(), value: value(load, wave) }
    });
    points.collect()
}

fn with_series(mut report: Report, p95: f64, failures: f64) -> Report {
    report.series.p95_ms =
        over_time(|load, wave| Some(p95 * (0.45 + 0.5 * load + 0.08 * wave * load)));
    report.series.requests_per_second = over_time(|load, wave| Some(24.0 * load + wave * load));
    report.series.vus = over_time(|load, _| Some((50.0 * load).round()));
    report.series.failures_per_second =
        over_time(|load, wave| Some((failures * load * (0.6 + wave)).max(0.0)));
    report
}

fn checkout(verdict: Conclusion, exit_code: u8, reason: &str) -> Report {
    let mut report = Report::new(verdict, exit_code, reason);
    report.stack = named(7, "acme");
    report.project = named(12, "Shop");
    report.load_test = named(42, "Checkout");
    report.script_version = Some("4f1c2ab".to_owned());
    report.run = Some(ReportedRun {
        id: 1001.into(),
        url: url(1001),
        status: "completed".to_owned(),
        result: Some("passed".to_owned()),
        started_by: Some("ada@example.com".to_owned()),
        created: time("2026-06-30T12:00:00Z"),
        ended: Some(time("2026-06-30T12:31:20Z")),
    });
    report.load = LoadNumbers {
        seconds: Some(1800.0),
        max_vus: Some(50),
        vuh: Some(25.0),
        iterations: Some(12_000.0),
        data_sent_bytes: Some(18_400_000.0),
        data_received_bytes: Some(412_000_000.0),
        peak_requests_per_second: Some(31.2),
        checks: Some(48_000.0),
        checks_passed: Some(48_000.0),
    };
    report
}

/// A run that passed, with rules, a baseline and charts.
pub(crate) fn passed() -> Report {
    let mut report = checkout(Conclusion::Passed, 0, "passed");
    report.total = Some(numbers(36_000.0, 72.0, 412.0));
    report.thresholds = vec![
        threshold("http_req_duration", "p(95)<500", 412.0, Unit::Milliseconds, 17.6),
        threshold("http_req_duration{name:login}", "avg<400", 205.5, Unit::Milliseconds, 48.6),
        threshold("http_req_failed", "rate<0.01", 0.002, Unit::Share, 80.0),
    ];
    report.rules = vec![
        RuleRow {
            name: "max-p95".to_owned(),
            limit: "500ms".to_owned(),
            value: Some(412.0),
            unit: Some(Unit::Milliseconds),
            held: Some(true),
            note: None,
        },
        RuleRow {
            name: "max-regression p95".to_owned(),
            limit: "10%".to_owned(),
            value: Some(0.0273),
            unit: Some(Unit::Share),
            held: Some(true),
            note: Some("p95 was 401 ms in run 998".to_owned()),
        },
    ];
    report.checks = vec![
        CheckRow { name: "status is 200".to_owned(), passed: 36_000.0, total: 36_000.0 },
        CheckRow { name: "cart has items".to_owned(), passed: 12_000.0, total: 12_000.0 },
    ];
    report.requests = vec![
        requests("POST https://shop.example/api/v2/orders", 12_000.0, 60.0, 503.0),
        requests("GET https://shop.example/api/v2/products/{id}", 12_000.0, 12.0, 388.0),
        requests("login", 12_000.0, 0.0, 205.0),
    ];
    report.comparison = Some(ComparisonTable {
        baseline: BaselineRun {
            id: 998.into(),
            url: url(998),
            created: Some(time("2026-06-29T12:00:00Z")),
        },
        changes: vec![
            change(ComparedNumber::P95Duration, Unit::Milliseconds, 401.0, 412.0, Direction::Worse),
            change(
                ComparedNumber::RequestsPerSecond,
                Unit::PerSecond,
                19.8,
                20.0,
                Direction::Better,
            ),
            change(ComparedNumber::Failures, Unit::Share, 0.0021, 0.002, Direction::Better),
            change(ComparedNumber::Iterations, Unit::Count, 12_000.0, 12_000.0, Direction::Same),
        ],
    });
    with_series(report, 412.0, 0.08)
}

/// A run that breached a threshold and a rule.
pub(crate) fn failed() -> Report {
    let message = "p(95) of http_req_duration went over 500 ms";
    let reason = format!("a threshold was breached: {message} (code 8201)");
    let mut report = checkout(Conclusion::ThresholdsFailed, 99, &reason);
    report.api = Some(ApiReason { code: Some(8201), message: Some(message.to_owned()), by: None });
    if let Some(run) = &mut report.run {
        run.result = Some("failed".to_owned());
    }
    report.total = Some(numbers(36_000.0, 864.0, 687.0));
    report.load.checks_passed = Some(47_124.0);
    report.thresholds = vec![
        ThresholdRow {
            abort_on_fail: true,
            ..threshold("http_req_duration", "p(95)<500", 687.0, Unit::Milliseconds, -37.4)
        },
        threshold("http_req_failed", "rate<0.05", 0.024, Unit::Share, 52.0),
        ThresholdRow {
            metric: "queue_wait{queue:orders}".to_owned(),
            expression: "p(99.9)<2000".to_owned(),
            note: Some("the metric could not be read: 503 Service Unavailable".to_owned()),
            ..ThresholdRow::default()
        },
    ];
    report.rules = vec![
        RuleRow {
            name: "max-regression p95".to_owned(),
            limit: "10%".to_owned(),
            value: Some(0.6675),
            unit: Some(Unit::Share),
            held: Some(false),
            note: Some("p95 was 412 ms in run 1000".to_owned()),
        },
        RuleRow {
            name: "max-error-share".to_owned(),
            limit: "5%".to_owned(),
            value: Some(0.024),
            unit: Some(Unit::Share),
            held: Some(true),
            note: None,
        },
    ];
    report.checks = vec![
        CheckRow { name: "status is 200".to_owned(), passed: 35_136.0, total: 36_000.0 },
        CheckRow { name: "cart has items".to_owned(), passed: 11_988.0, total: 12_000.0 },
    ];
    report.requests = vec![
        requests("POST https://shop.example/api/v2/orders", 12_000.0, 840.0, 1270.0),
        requests("GET https://shop.example/api/v2/products/{id}", 12_000.0, 24.0, 388.0),
        requests("login", 12_000.0, 0.0, 205.0),
    ];
    report.comparison = Some(ComparisonTable {
        baseline: BaselineRun { id: 1000.into(), url: url(1000), created: None },
        changes: vec![
            change(ComparedNumber::P95Duration, Unit::Milliseconds, 412.0, 687.0, Direction::Worse),
            change(ComparedNumber::RequestsPerSecond, Unit::PerSecond, 20.0, 20.0, Direction::Same),
            change(ComparedNumber::Failures, Unit::Share, 0.002, 0.024, Direction::Worse),
            change(
                ComparedNumber::MeanDuration,
                Unit::Milliseconds,
                340.0,
                312.0,
                Direction::Better,
            ),
            change(ComparedNumber::Requests, Unit::Count, 35_000.0, 36_000.0, Direction::Neutral),
        ],
    });
    report.notices = vec![
        "2 of 3 load generators were above 80 % CPU, up to 93 %: the durations may be too long"
            .to_owned(),
    ];
    with_series(report, 687.0, 0.9)
}

/// A run whose script failed, with its exceptions.
pub(crate) fn errored() -> Report {
    let message = "the script threw during setup";
    let reason = format!("failed with an error: {message} (code 8314)");
    let mut report = checkout(Conclusion::Errored, 97, &reason);
    report.api = Some(ApiReason { code: Some(8314), message: Some(message.to_owned()), by: None });
    if let Some(run) = &mut report.run {
        run.result = Some("error".to_owned());
    }
    let frame = "\n\tat login (file:///home/ci/shop/tests/login.js:12:14(9))";
    report.script_errors = vec![
        ScriptError {
            level: LogLevel::Error,
            text: format!("TypeError: Cannot read property 'token' of undefined{frame}"),
            count: 12_000,
            first: time("2026-06-30T12:01:03.25Z"),
            last: time("2026-06-30T12:30:59Z"),
            load_zones: vec!["amazon:de:frankfurt".to_owned(), "amazon:ie:dublin".to_owned()],
            location: Some(ScriptLocation {
                file: "tests/login.js".to_owned(),
                line: 12,
                column: 14,
            }),
        },
        ScriptError {
            level: LogLevel::Error,
            text: "login failed with the status 503".to_owned(),
            count: 1,
            first: time("2026-06-30T12:00:58Z"),
            last: time("2026-06-30T12:00:58Z"),
            load_zones: Vec::new(),
            location: None,
        },
    ];
    report
}

/// A run that goes on, because the gate was interrupted.
pub(crate) fn cut_off() -> Report {
    let mut report = checkout(
        Conclusion::CutOff,
        105,
        "interrupted: run 1001 goes on; run `k6-gate watch 1001` to follow it",
    );
    if let Some(run) = &mut report.run {
        (run.status, run.result, run.ended) = ("running".to_owned(), None, None);
    }
    report.load = LoadNumbers { seconds: Some(412.0), max_vus: Some(50), ..LoadNumbers::default() };
    report.total = Some(RequestNumbers { requests: Some(8_100.0), ..RequestNumbers::default() });
    report.notices = vec![
        "the run has not ended (it is running): the numbers will change".to_owned(),
        "p95 of duration could not be read: the request timed out after 30 s".to_owned(),
    ];
    let points = over_time(|load, wave| Some(24.0 * load + wave * load));
    report.series.requests_per_second = points.into_iter().take(8).collect();
    for point in &mut report.series.requests_per_second[4..6] {
        point.value = None;
    }
    report
}

/// A start that failed.
pub(crate) fn not_started() -> Report {
    let reason = "the run was not started: the estimate of 120 VUH is more than --max-vuh 50";
    let mut report = Report::new(Conclusion::NotStarted, 97, reason);
    report.load_test = Some(NamedId { id: 42.into(), name: None });
    report
}

/// A failed run whose texts attack each format.
pub(crate) fn hostile() -> Report {
    let joined = HOSTILE.join("\n");
    let mut report = failed();
    report.reason = joined.clone();
    report.api =
        Some(ApiReason { code: None, message: Some(joined.clone()), by: Some(joined.clone()) });
    report.stack = named(7, HOSTILE[0]);
    report.project = named(12, HOSTILE[1]);
    report.load_test = named(42, HOSTILE[2]);
    report.script_version = Some(HOSTILE[3].to_owned());
    if let Some(run) = &mut report.run {
        run.url = Some("javascript:alert(1)//\n::error::injected".to_owned());
        run.status = HOSTILE[4].to_owned();
        run.result = Some(HOSTILE[6].to_owned());
        run.started_by = Some(HOSTILE[5].to_owned());
    }
    report.thresholds = HOSTILE
        .iter()
        .map(|text| ThresholdRow {
            metric: (*text).to_owned(),
            expression: (*text).to_owned(),
            value: Some(f64::INFINITY),
            held: Some(false),
            headroom_percent: Some(f64::MIN),
            note: Some((*text).to_owned()),
            ..ThresholdRow::default()
        })
        .collect();
    report.rules = HOSTILE
        .iter()
        .map(|text| RuleRow {
            name: (*text).to_owned(),
            limit: (*text).to_owned(),
            value: Some(f64::NAN),
            held: Some(false),
            note: Some((*text).to_owned()),
            ..RuleRow::default()
        })
        .collect();
    report.checks = HOSTILE
        .iter()
        .map(|text| CheckRow { name: (*text).to_owned(), passed: 1e300, total: f64::INFINITY })
        .collect();
    report.requests = HOSTILE.iter().map(|text| requests(text, 1e300, 1e299, 1e250)).collect();
    if let Some(comparison) = &mut report.comparison {
        comparison.baseline.url = Some("https://x.example/)[a](https://evil.example".to_owned());
        for (change, text) in comparison.changes.iter_mut().zip(HOSTILE) {
            change.what = ComparedNumber::RequestP95(text.to_owned());
            change.after = -1e200;
        }
    }
    report.script_errors = HOSTILE
        .iter()
        .map(|text| ScriptError {
            level: LogLevel::Fatal,
            text: (*text).to_owned(),
            count: u64::MAX,
            first: time("2026-06-30T12:00:00Z"),
            last: time("2026-06-30T12:00:00Z"),
            load_zones: vec![(*text).to_owned()],
            location: Some(ScriptLocation { file: (*text).to_owned(), line: 0, column: u32::MAX }),
        })
        .collect();
    report.notices = HOSTILE.iter().map(ToString::to_string).collect();
    report.series.p95_ms[3].value = Some(f64::INFINITY);
    report.series.p95_ms[9].value = Some(1e300);
    report.series.vus[5].value = Some(-1e300);
    report.series.failures_per_second.clear();
    report
}

/// Returns all samples with their names.
pub(crate) fn all() -> [(&'static str, Report); 6] {
    [
        ("passed", passed()),
        ("failed", failed()),
        ("errored", errored()),
        ("cut_off", cut_off()),
        ("not_started", not_started()),
        ("hostile", hostile()),
    ]
}

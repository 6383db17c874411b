//! Summaries and comparisons as texts.

mod markdown;
mod terminal;

pub use self::terminal::Colored;
use super::compare::Comparison;
use super::summary::{DurationStats, HttpSummary, RunSummary};
use super::text::{self, Table, milliseconds, number, or_dash, share};
use super::threshold::Threshold;

/// How many characters of the outcome, with the API's message, a report has at most.
const MAX_OUTCOME: usize = 300;

/// How many names of requests and checks a report has at most.
const MAX_ROWS: usize = 20;

/// The lines at the top of a report: what, and the value.
fn overview(summary: &RunSummary) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    let mut load = vec![or_dash(summary.run.load_seconds, text::seconds)];
    load.extend(summary.load.max_vus.map(|vus| format!("{vus} VUs")));
    load.extend(summary.load.iterations.map(|count| format!("{} iterations", number(count))));
    lines.push(("load", load.join(", ")));
    if let Some(http) = &summary.http {
        let total = &http.total;
        lines.push((
            "requests",
            format!(
                "{} ({}/s, peak {}/s in 5 s)",
                or_dash(total.requests, number),
                or_dash(total.requests_per_second, number),
                or_dash(http.peak_requests_per_second, number)
            ),
        ));
        let failed = or_dash(total.failures, number);
        lines.push(("failures", format!("{failed} ({})", or_dash(total.failure_share, share))));
        lines.push(("duration", durations(&total.duration)));
    }
    if let Some(checks) = &summary.checks {
        let (passed, total) = (or_dash(checks.passed, number), or_dash(checks.total, number));
        lines.push((
            "checks",
            format!("{passed} of {total} passed ({})", or_dash(checks.share(), share)),
        ));
    }
    let (held, all) = summary.thresholds_held();
    if all > 0 {
        lines.push(("thresholds", format!("{held} of {all} held")));
    }
    let (sent, received) = (summary.load.data_sent_bytes, summary.load.data_received_bytes);
    if sent.is_some() || received.is_some() {
        let (sent, received) = (or_dash(sent, text::bytes), or_dash(received, text::bytes));
        lines.push(("data", format!("{sent} sent, {received} received")));
    }
    lines.extend(other_protocols(summary));
    if let Some(generators) = &summary.generators {
        let (cpu, count) = (number(generators.max_cpu_percent), generators.count);
        lines.push(("load generators", format!("{count}, at most {cpu} % CPU")));
    }
    lines
}

fn durations(duration: &DurationStats) -> String {
    let parts = [
        ("min", duration.min),
        ("avg", duration.avg),
        ("med", duration.med),
        ("p90", duration.p90),
        ("p95", duration.p95),
        ("p99", duration.p99),
        ("max", duration.max),
        ("deviation", duration.stddev),
    ];
    let parts =
        parts.iter().map(|(name, value)| format!("{name} {}", or_dash(*value, milliseconds)));
    parts.collect::<Vec<_>>().join(", ")
}

fn other_protocols(summary: &RunSummary) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(websocket) = &summary.other.websocket {
        lines.push((
            "WebSocket",
            format!(
                "{} sessions, {} messages sent, {} received, connecting p95 {}",
                or_dash(websocket.sessions, number),
                or_dash(websocket.messages_sent, number),
                or_dash(websocket.messages_received, number),
                or_dash(websocket.connecting_p95, milliseconds)
            ),
        ));
    }
    if let Some(grpc) = &summary.other.grpc {
        let (avg, p95) = (or_dash(grpc.avg, milliseconds), or_dash(grpc.p95, milliseconds));
        let requests = or_dash(grpc.requests, number);
        lines.push(("gRPC", format!("{requests} requests, avg {avg}, p95 {p95}")));
    }
    if let Some(browser) = &summary.other.browser {
        lines.push((
            "browser (p75)",
            format!(
                "LCP {}, FCP {}, CLS {}, TTFB {}, INP {}",
                or_dash(browser.lcp, milliseconds),
                or_dash(browser.fcp, milliseconds),
                or_dash(browser.cls, number),
                or_dash(browser.ttfb, milliseconds),
                or_dash(browser.inp, milliseconds)
            ),
        ));
    }
    lines
}

/// Requests by name, worst first. `name` makes a name fit to be shown.
fn requests(http: &HttpSummary, name: fn(&str) -> String) -> Table {
    let mut table = Table::new([
        "request",
        "count",
        "failures",
        "per s",
        "min",
        "avg",
        "p95",
        "p99",
        "max",
        "deviation",
    ]);
    for named in http.by_name.iter().take(MAX_ROWS) {
        let (stats, duration) = (&named.stats, &named.stats.duration);
        table.row([
            name(&named.name),
            or_dash(stats.requests, number),
            or_dash(stats.failure_share, share),
            or_dash(stats.requests_per_second, number),
            or_dash(duration.min, milliseconds),
            or_dash(duration.avg, milliseconds),
            or_dash(duration.p95, milliseconds),
            or_dash(duration.p99, milliseconds),
            or_dash(duration.max, milliseconds),
            or_dash(duration.stddev, milliseconds),
        ]);
    }
    table
}

fn failing_checks(summary: &RunSummary, name: fn(&str) -> String) -> Table {
    let mut table = Table::new(["failing check", "passed", "of"]);
    let failing = summary.checks.iter().flat_map(|checks| &checks.failing);
    for check in failing.take(MAX_ROWS) {
        table.row([name(&check.name), number(check.passed), number(check.total)]);
    }
    table
}

fn thresholds(summary: &RunSummary, name: fn(&str) -> String) -> Table {
    let mut table = Table::new(["threshold", "value", "headroom", "", "note"]);
    for threshold in &summary.thresholds {
        table.row([
            name(&format!("{} {}", threshold.metric, threshold.expression)),
            or_dash(threshold.value, number),
            or_dash(threshold.headroom_percent, text::change),
            judgement(threshold).to_owned(),
            threshold.note.as_deref().map(text::line).unwrap_or_default(),
        ]);
    }
    table
}

fn judgement(threshold: &Threshold) -> &'static str {
    match threshold.held {
        Some(true) => "held",
        Some(false) => "breached",
        None => "unknown",
    }
}

fn changes(comparison: &Comparison, name: fn(&str) -> String) -> Table {
    let mut table = Table::new(["compared", "before", "after", "change", ""]);
    for change in &comparison.changes {
        table.row([
            name(&change.what.to_string()),
            change.unit.show(change.before),
            change.unit.show(change.after),
            or_dash(change.percent, text::change),
            change.direction.as_str().to_owned(),
        ]);
    }
    table
}

/// How many rows were left out of the tables, as a line.
fn left_out(summary: &RunSummary) -> Option<String> {
    let names = summary.http.as_ref().map_or(0, |http| http.by_name.len());
    let checks = summary.checks.as_ref().map_or(0, |checks| checks.failing.len());
    let (names, checks) = (names.saturating_sub(MAX_ROWS), checks.saturating_sub(MAX_ROWS));
    (names + checks > 0)
        .then(|| format!("not shown: {names} more names, {checks} more failing checks"))
}

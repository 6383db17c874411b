//! What all forms of a report share: marks and facts, as data that a writer has yet to escape.

use std::fmt;

use k6_cloud::TestRunId;
use k6_cloud::metrics::text::{bytes, milliseconds, number, seconds, share};
use k6_cloud::wire::Timestamp;

use super::model::{
    CheckRow, Conclusion, CreatedResource, NamedId, Report, ReportedRun, RequestNumbers,
    ThresholdRow,
};

/// How many characters are shown of a name or a message.
const LONGEST: usize = 300;

/// How a row or a verdict is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Good,
    Bad,
    /// It did not decide the verdict, or nothing is known of it.
    Doubtful,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Our own words and numbers.
    Plain(String),
    /// A text from the script, the service or the command line, on one line.
    Data(String),
    /// A link to one of our pages.
    Link { text: String, url: String },
}

/// A line about the run: what, and the value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) parts: Vec<Part>,
}

/// Returns a text on one line, at a length that is shown.
pub(super) fn data(text: &str) -> String {
    let text = visible_text::line(text, LONGEST);
    if text.is_empty() { "(empty)".to_owned() } else { text }
}

/// Returns an address if it can be a link: of the web, and without characters that no address has.
pub(super) fn link(url: Option<&str>) -> Option<&str> {
    let fits = |url: &&str| {
        (url.starts_with("https://") || url.starts_with("http://"))
            && url
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"\"'<>`()[]|\\{}^*".contains(&byte))
    };
    url.filter(fits)
}

/// Returns a time in UTC to the minute.
pub(super) fn minute(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

pub(super) fn dash() -> String {
    "-".to_owned()
}

pub(super) fn known(value: Option<f64>, show: fn(f64) -> String) -> String {
    value.map_or_else(dash, show)
}

impl Conclusion {
    /// Returns the words of a headline.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::ThresholdsFailed => "thresholds failed",
            Self::RulesFailed => "rules of the gate failed",
            Self::Aborted => "aborted",
            Self::Errored => "failed with an error",
            Self::Unknown => "outcome unknown",
            Self::NotStarted => "not started",
            Self::CutOff => "cut off",
            Self::Running => "still running",
        }
    }

    pub(super) fn mark(self) -> Mark {
        match self {
            Self::Passed => Mark::Good,
            Self::ThresholdsFailed
            | Self::RulesFailed
            | Self::Aborted
            | Self::Errored
            | Self::NotStarted => Mark::Bad,
            Self::Unknown | Self::CutOff | Self::Running => Mark::Doubtful,
        }
    }
}

impl Report {
    /// Returns the name of the load test, or what else the report is about.
    pub(super) fn subject(&self) -> String {
        match &self.load_test {
            Some(NamedId { name: Some(name), .. }) => data(name),
            Some(NamedId { id, .. }) => format!("load test {id}"),
            None => "load test".to_owned(),
        }
    }

    /// Returns how a threshold counts. If the run passed, a value that looks breached does not: it comes
    /// from a histogram, and the run's result is the verdict.
    pub(super) fn threshold_mark(&self, row: &ThresholdRow) -> Mark {
        match row.held {
            Some(true) => Mark::Good,
            Some(false) if !self.thresholds_passed() => Mark::Bad,
            _ => Mark::Doubtful,
        }
    }

    /// Returns how a check counts. If the run passed, its thresholds tolerate a check that failed.
    pub(super) fn check_mark(&self, row: &CheckRow) -> Mark {
        match row.passed >= row.total {
            true => Mark::Good,
            false if self.thresholds_passed() => Mark::Doubtful,
            false => Mark::Bad,
        }
    }

    fn thresholds_passed(&self) -> bool {
        matches!(self.verdict, Conclusion::Passed | Conclusion::RulesFailed)
    }

    /// Returns what is known of the run, a line each.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let names = [
            ("Load test", self.load_test.as_ref().map(NamedId::parts)),
            ("Project", self.project.as_ref().map(NamedId::parts)),
            ("Stack", self.stack.as_ref().map(NamedId::parts)),
        ];
        for (label, parts) in names {
            facts.extend(parts.map(|parts| Fact { label, parts }));
        }
        if let Some(run) = &self.run {
            facts.push(Fact { label: "Run", parts: run.parts() });
            if let Some(starter) = &run.started_by {
                facts.push(Fact { label: "Started by", parts: vec![Part::Data(data(starter))] });
            }
        }
        if !self.created.is_empty() {
            let created = self.created.iter().map(|resource| match resource {
                CreatedResource::Project => "the project",
                CreatedResource::LoadTest => "the load test",
            });
            let created = created.collect::<Vec<_>>().join(" and ");
            facts.push(Fact { label: "Created", parts: vec![Part::Plain(created)] });
        }
        if let Some(version) = &self.script_version {
            facts.push(Fact { label: "Script", parts: vec![Part::Data(data(version))] });
        }
        let plain = |(label, text)| Fact { label, parts: vec![Part::Plain(text)] };
        facts.extend(self.numbers().into_iter().map(plain));
        facts
    }

    fn request_lines(&self, total: &RequestNumbers) -> Vec<(&'static str, String)> {
        let (load, mut lines) = (&self.load, Vec::new());
        let mut requests = known(total.requests, number);
        let per_second = total.requests_per_second.map(|rate| format!("{}/s", number(rate)));
        let peak = load.peak_requests_per_second;
        let peak = peak.map(|rate| format!("peak {}/s", number(rate)));
        let rates: Vec<String> = per_second.into_iter().chain(peak).collect();
        if !rates.is_empty() {
            requests.push_str(&format!(" ({})", rates.join(", ")));
        }
        lines.push(("Requests", requests));
        if total.failures.or(total.failure_share).is_some() {
            let count = known(total.failures, number);
            lines.push(("Failures", format!("{count} ({})", known(total.failure_share, share))));
        }
        let duration = &total.duration_ms;
        let quantiles = [
            ("avg", duration.avg),
            ("med", duration.med),
            ("p90", duration.p90),
            ("p95", duration.p95),
            ("p99", duration.p99),
            ("max", duration.max),
        ];
        let quantiles = quantiles
            .iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", milliseconds((*value)?))));
        let quantiles: Vec<_> = quantiles.collect();
        if !quantiles.is_empty() {
            lines.push(("Duration", quantiles.join(", ")));
        }
        lines
    }

    fn numbers(&self) -> Vec<(&'static str, String)> {
        let (load, mut lines) = (&self.load, Vec::new());
        let parts: Vec<String> = [
            load.seconds.map(seconds),
            load.max_vus.map(|vus| format!("{vus} VUs")),
            load.vuh.map(|vuh| format!("{} VUH", number(vuh))),
            load.iterations.map(|count| format!("{} iterations", number(count))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(estimate) = &self.estimate {
            let (vuh, limit) = (number(estimate.vuh), number(estimate.max_vuh));
            lines.push(("Estimate", format!("{vuh} VUH, at most {limit} permitted")));
        }
        if !parts.is_empty() {
            lines.push(("Load", parts.join(", ")));
        }
        lines.extend(self.total.iter().flat_map(|total| self.request_lines(total)));
        if let Some((passed, total)) = load.checks_passed.zip(load.checks) {
            let part = known(Some(passed / total).filter(|part| part.is_finite()), share);
            lines.push((
                "Checks",
                format!("{} of {} passed ({part})", number(passed), number(total)),
            ));
        }
        if let Some((sent, received)) = load.data_sent_bytes.zip(load.data_received_bytes) {
            lines.push(("Data", format!("{} sent, {} received", bytes(sent), bytes(received))));
        }
        lines
    }
}

pub(super) fn run_link(id: TestRunId, url: Option<&str>) -> Part {
    match link(url) {
        Some(url) => Part::Link { text: id.to_string(), url: url.to_owned() },
        None => Part::Plain(id.to_string()),
    }
}

impl<Id: fmt::Display> NamedId<Id> {
    /// Returns the same with the id as a string, for a list of different resources.
    pub(super) fn with_any_id(&self) -> NamedId<String> {
        NamedId { id: self.id.to_string(), name: self.name.clone() }
    }

    fn parts(&self) -> Vec<Part> {
        match &self.name {
            Some(name) => vec![Part::Data(data(name)), Part::Plain(format!(" ({})", self.id))],
            None => vec![Part::Plain(self.id.to_string())],
        }
    }
}

impl ReportedRun {
    fn parts(&self) -> Vec<Part> {
        let mut parts = vec![run_link(self.id, self.url.as_deref())];
        let lasted = self.ended.map(|ended| (*ended - *self.created).as_seconds_f64());
        let lasted = lasted.map(|lasted| format!(", took {}", seconds(lasted)));
        let created = minute(self.created);
        parts.push(Part::Plain(format!(", started {created}{}, ", lasted.unwrap_or_default())));
        parts.push(Part::Data(data(&self.status)));
        parts
    }
}

//! What CI systems read from a job: annotations, outputs and variables.

use std::fmt::Write as _;

use super::model::{Conclusion, Report, ScriptError};
use super::shown::{Mark, data, link};
use super::tables::Cell;
use crate::log_text::without_commands;

/// GitHub shows at most 10 errors and 10 warnings of a step.
const MOST_ANNOTATIONS: usize = 9;

/// How many of them are errors of the script, so that breaches have some too.
const MOST_SCRIPT_ERRORS: usize = 5;

/// Returns workflow commands of GitHub Actions, a line each: the verdict as an error or a notice, each
/// breach as an error, and each notice as a warning.
pub fn github_annotations(report: &Report) -> String {
    let mut out = String::new();
    let subject = format!("k6: {}", report.subject());
    let kind = match report.verdict {
        Conclusion::Passed | Conclusion::Running if report.exit_code == 0 => "notice",
        _ => "error",
    };
    let url = link(report.run.as_ref().and_then(|run| run.url.as_deref()));
    let address = url.map(|url| format!("\n{url}")).unwrap_or_default();
    let message = format!("{}: {}{address}", report.verdict.title(), data(&report.reason));
    command(&mut out, kind, &subject, &message);
    for error in report.script_errors.iter().take(MOST_SCRIPT_ERRORS) {
        script_error(&mut out, &subject, error);
    }
    let mut breaches = Vec::new();
    for grid in [report.threshold_grid(), report.rule_grid()] {
        for row in grid.rows.iter().filter(|row| row.contains(&Cell::Mark(Mark::Bad))) {
            let cells = grid.columns.iter().zip(row).skip(1);
            let cells = cells.filter(|(_, cell)| !["", "-"].contains(&cell.text()));
            let cells: Vec<_> =
                cells.map(|(column, cell)| format!("{} {}", column.name, cell.text())).collect();
            breaches.push(cells.join(", "));
        }
    }
    let left = MOST_ANNOTATIONS - report.script_errors.len().min(MOST_SCRIPT_ERRORS);
    for breach in breaches.iter().take(left) {
        command(&mut out, "error", &subject, breach);
    }
    for notice in report.notices.iter().take(MOST_ANNOTATIONS) {
        command(&mut out, "warning", &subject, &data(notice));
    }
    out
}

fn command(out: &mut String, kind: &str, title: &str, message: &str) {
    let message = escaped(message);
    let title = property(title);
    // Writing to a string does not fail.
    let _ = writeln!(out, "::{kind} title={title}::{message}");
}

/// Writes an error of the script, beside its line if the repository has it.
fn script_error(out: &mut String, subject: &str, error: &ScriptError) {
    let place = error.location.as_ref().map(|place| {
        let (line, column) = (place.line, place.column);
        format!("file={},line={line},col={column},", property(&place.file))
    });
    let count = if error.count == 1 { String::new() } else { format!("{} times: ", error.count) };
    let lines: Vec<_> = error.text.lines().map(data).collect();
    let (place, title) = (place.unwrap_or_default(), property(subject));
    let message = escaped(&format!("{count}{}", lines.join("\n")));
    // Writing to a string does not fail.
    let _ = writeln!(out, "::error {place}title={title}::{message}");
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

fn escaped(text: &str) -> String {
    // `##[` is a command wherever it stands.
    let text = without_commands(text);
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The outputs of a step, and the variables of GitLab.
struct Variables {
    run_id: String,
    url: String,
    verdict: &'static str,
    p95: String,
}

impl Variables {
    fn of(report: &Report) -> Self {
        let run = report.run.as_ref();
        let p95 = report.p95_ms().filter(|value| value.is_finite());
        Self {
            run_id: run.map(|run| run.id.to_string()).unwrap_or_default(),
            // An address that is a link has no line breaks.
            url: link(run.and_then(|run| run.url.as_deref())).unwrap_or_default().to_owned(),
            verdict: report.verdict.as_str(),
            p95: p95
                .map(|value| ((value * 1000.0).round() / 1000.0).to_string())
                .unwrap_or_default(),
        }
    }
}

/// Returns the lines for `$GITHUB_OUTPUT`: `run_id`, `url`, `verdict` and `p95`, in milliseconds. What
/// is not known is empty.
pub fn github_outputs(report: &Report) -> String {
    let Variables { run_id, url, verdict, p95 } = Variables::of(report);
    format!("run_id={run_id}\nurl={url}\nverdict={verdict}\np95={p95}\n")
}

/// Returns the lines of a dotenv report of GitLab: `K6_RUN_ID`, `K6_URL`, `K6_VERDICT` and `K6_P95`, in
/// milliseconds. What is not known is empty.
pub fn gitlab_dotenv(report: &Report) -> String {
    let Variables { run_id, url, verdict, p95 } = Variables::of(report);
    format!("K6_RUN_ID={run_id}\nK6_URL={url}\nK6_VERDICT={verdict}\nK6_P95={p95}\n")
}

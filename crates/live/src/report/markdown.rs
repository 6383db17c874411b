//! The report as Markdown, to attach to an issue.

use std::fmt::Write as _;

use visible_text::line;

use super::{Checked, Outcome, Report};
use crate::finding::Finding;

/// The longest text in a cell.
const MAX_CELL: usize = 200;

pub(crate) fn of(report: &Report) -> String {
    let mut text = String::from("# Check of the live service\n\n");
    let differing = report.operations.iter().filter(|one| one.outcome == Outcome::Differs).count();
    let described =
        report.operations.iter().filter(|one| one.outcome == Outcome::AsDescribed).count();
    let unchecked = report.operations.len() - differing - described;
    let requests: u64 = report.operations.iter().map(|one| one.requests).sum();
    let _ = writeln!(
        text,
        "k6-cloud {}, description {}, {}, {}. {requests} requests: {described} operations as described, \
         {differing} with differences, {unchecked} not checked.\n\n\
         Values are replaced by their types. Names, emails, scripts, notes, ids and addresses are left out.\n",
        report.client, report.description, report.service, report.date
    );
    for left in &report.left {
        let _ = writeln!(text, "**Not removed:** {}\n", cell(left));
    }
    if differing > 0 {
        text.push_str("## Differences\n\n");
        for checked in report.operations.iter().filter(|one| one.outcome == Outcome::Differs) {
            differences(&mut text, checked);
        }
    }
    text.push_str(
        "## Operations\n\n| operation | request | requests | result |\n|---|---|---:|---|\n",
    );
    for checked in &report.operations {
        let _ = writeln!(
            text,
            "| `{}` | `{} {}` | {} | {} |",
            checked.operation,
            checked.method,
            checked.path,
            checked.requests,
            cell(&result(checked))
        );
    }
    text
}

fn result(checked: &Checked) -> String {
    let result = match checked.outcome {
        Outcome::AsDescribed => "as described".to_owned(),
        Outcome::Differs if checked.findings.len() == 1 => "1 difference".to_owned(),
        Outcome::Differs => format!("{} differences", checked.findings.len()),
        Outcome::NotChecked => "not checked".to_owned(),
    };
    match &checked.note {
        Some(note) => format!("{result}; {note}"),
        None => result,
    }
}

fn differences(text: &mut String, checked: &Checked) {
    let _ = writeln!(
        text,
        "### `{}`\n\n| location | kind | expected | found | first seen with | times |\n|---|---|---|---|---|---:|",
        checked.operation
    );
    for finding in &checked.findings {
        let Finding { kind, pointer, expected, found, request, times, .. } = finding;
        let location =
            if pointer.is_empty() { "the response".to_owned() } else { format!("`{pointer}`") };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {times} |",
            cell(&location),
            kind.name(),
            cell(expected),
            cell(found),
            cell(request)
        );
    }
    text.push('\n');
}

/// Returns a text that stays in its cell.
fn cell(text: &str) -> String {
    line(text, MAX_CELL).replace('|', "\\|").replace('<', "&lt;")
}

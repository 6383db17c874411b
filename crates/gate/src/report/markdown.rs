//! The report in Markdown, for the summary of a job or a comment on a pull request.
//!
//! Texts of the script, the service and the command line stand in code spans: they cannot become links,
//! mentions or markup.

use std::fmt::Write as _;

use k6_cloud::metrics::text::{code_cell, code_span};

use super::model::{Conclusion, Report};
use super::shown::{Mark, Part, data};
use super::tables::{Cell, Grid, Kind};

/// A comment on GitHub has at most 65,536 characters.
pub const COMMENT_BYTES: usize = 60_000;
/// GitHub drops a step's summary of somewhat less than 1 MiB without a word, so this is 1 KiB less.
pub const STEP_SUMMARY_BYTES: usize = 1024 * 1024 - 1024;

/// How many rows of a table are open; the others are folded.
const OPEN_ROWS: usize = 20;
/// The numbers of rows that are tried until the report is short enough.
const ROWS: [usize; 7] = [1_000, 300, 100, 20, 5, 1, 0];

/// Returns the report in Markdown, in at most `limit` bytes. Rows that do not fit are left out, and the
/// titles of tables say so. If nothing fits, the report is empty.
pub fn render(report: &Report, limit: usize) -> String {
    let pages = ROWS.iter().map(|rows| page(report, *rows));
    let mut shorter = pages.chain([headline(report)]);
    shorter.find(|text| text.len() <= limit).unwrap_or_default()
}

fn page(report: &Report, rows: usize) -> String {
    let mut out = headline(report);
    let facts = report.facts();
    if !facts.is_empty() {
        out.push_str("\n| | |\n|---|---|\n");
    }
    for fact in facts {
        // Writing to a string does not fail.
        let _ = writeln!(out, "| {} | {} |", fact.label, text(&fact.parts, code_cell));
    }
    for grid in report.grids(rows) {
        table(&mut out, &grid);
    }
    let (notices, more) = report.notices.split_at(report.notices.len().min(rows));
    if !report.notices.is_empty() {
        out.push_str("\n#### Notices\n\n");
    }
    for notice in notices {
        let _ = writeln!(out, "- {}", code_span(&data(notice)));
    }
    if !more.is_empty() {
        let _ = writeln!(out, "- and {} more", more.len());
    }
    out
}

fn headline(report: &Report) -> String {
    let (icon, title) = (icon(report.verdict), report.verdict.title());
    let subject = match &report.load_test {
        Some(named) if named.name.is_some() => code_span(&report.subject()),
        _ => report.subject(),
    };
    let mut out = format!("### {icon} k6 {subject}: {title}\n");
    if report.reason != title {
        let _ = writeln!(out, "\n> {}", code_span(&data(&report.reason)));
    }
    out
}

fn icon(verdict: Conclusion) -> &'static str {
    match verdict {
        Conclusion::Passed => "\u{2705}",
        Conclusion::ThresholdsFailed | Conclusion::RulesFailed => "\u{274c}",
        Conclusion::Aborted | Conclusion::Errored | Conclusion::NotStarted => "\u{1f6d1}",
        Conclusion::Unknown | Conclusion::CutOff => "\u{2753}",
        Conclusion::Running => "\u{23f3}",
    }
}

fn text(parts: &[Part], code: fn(&str) -> String) -> String {
    let parts = parts.iter().map(|part| match part {
        Part::Plain(text) => text.clone(),
        Part::Data(text) => code(text),
        Part::Link { text, url } => format!("[{text}]({url})"),
    });
    parts.collect()
}

fn table(out: &mut String, grid: &Grid) {
    let _ = writeln!(out, "\n#### {}", text(&grid.title, code_span));
    let (open, folded) = grid.rows.split_at(grid.rows.len().min(OPEN_ROWS));
    if !open.is_empty() {
        rows(out, grid, open);
    }
    if !folded.is_empty() {
        let _ = write!(out, "\n<details><summary>{} more</summary>\n", folded.len());
        rows(out, grid, folded);
        out.push_str("\n</details>\n");
    }
}

fn rows(out: &mut String, grid: &Grid, rows: &[Vec<Cell>]) {
    let names: Vec<_> = grid.columns.iter().map(|column| column.name).collect();
    let rule = grid.columns.iter().map(|column| match column.kind {
        Kind::Number | Kind::Extra => "---:",
        Kind::Mark | Kind::Name | Kind::Note => "---",
    });
    let rule: Vec<_> = rule.collect();
    let _ = write!(out, "\n| {} |\n|{}|\n", names.join(" | "), rule.join("|"));
    for row in rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Mark(Mark::Good) => "\u{2705}".to_owned(),
        Cell::Mark(Mark::Bad) => "\u{274c}".to_owned(),
        Cell::Mark(Mark::Doubtful) => "\u{26a0}\u{fe0f}".to_owned(),
        Cell::Plain(text) => text.clone(),
        Cell::Data(text) if text.is_empty() => String::new(),
        Cell::Data(text) => code_cell(text),
    }
}

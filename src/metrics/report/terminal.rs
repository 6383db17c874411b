//! Reports for a terminal.

use std::fmt;

use super::super::compare::Comparison;
use super::super::summary::RunSummary;
use super::super::text::{Table, line, one_line};
use super::{MAX_OUTCOME, changes, failing_checks, left_out, overview, requests, thresholds};

/// A report with colours, from [`RunSummary::colored`] and [`Comparison::colored`].
#[derive(Clone, Debug)]
pub struct Colored(String);

impl fmt::Display for Colored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl RunSummary {
    /// Returns the report of `Display` with colours, by ANSI escapes.
    pub fn colored(&self) -> Colored {
        Colored(colored(&self.to_string()))
    }
}

impl Comparison {
    /// Returns the table of `Display` with colours, by ANSI escapes.
    pub fn colored(&self) -> Colored {
        Colored(colored(&self.to_string()))
    }
}

/// Colours lines that end with a judgement, the first line and warnings.
fn colored(report: &str) -> String {
    let mut out = String::new();
    for (index, row) in report.lines().enumerate() {
        // Only the columns after the name are ours.
        let ends = |word: &str| row.trim_end().ends_with(&format!("  {word}"));
        let code = if index == 0 {
            "1"
        } else if ends("breached") || ends("worse") {
            "31"
        } else if ends("held") || ends("better") {
            "32"
        } else if row.starts_with("  warning: ") || row.starts_with("  not read: ") {
            "33"
        } else {
            ""
        };
        match code {
            "" => out.push_str(row),
            code => out.push_str(&format!("\u{1b}[{code}m{row}\u{1b}[0m")),
        }
        out.push('\n');
    }
    out
}

impl fmt::Display for RunSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = one_line(&self.run.outcome.to_string(), MAX_OUTCOME);
        writeln!(formatter, "Test run {}: {outcome}", self.run.id)?;
        for (what, value) in overview(self) {
            writeln!(formatter, "  {what:<16}{value}")?;
        }
        let http = self.http.iter().map(|http| requests(http, line));
        let tables = http.chain([failing_checks(self, line), thresholds(self, line)]);
        for table in tables.filter(|table: &Table| !table.is_empty()) {
            write!(formatter, "\n{}", table.plain())?;
        }
        let notes = self.warnings.iter().map(|warning| format!("warning: {warning}"));
        let missing = self
            .missing
            .iter()
            .map(|missing| format!("not read: {} ({})", missing.what, missing.why));
        let notes: Vec<String> = left_out(self).into_iter().chain(notes).chain(missing).collect();
        if !notes.is_empty() {
            writeln!(formatter)?;
        }
        for note in notes {
            writeln!(formatter, "  {note}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "Test run {} compared with {}", self.run, self.baseline)?;
        formatter.write_str(&changes(self, line).plain())
    }
}

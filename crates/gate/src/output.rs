//! What the program writes to its standard streams.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::log_text::log_line;

/// Writes our own text, or a document that a program reads, to standard output.
///
/// # Errors
///
/// If it cannot be written, such as to a full disk. It is no error if the other end of a pipe is closed:
/// nobody reads the text then.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    unless_closed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Whether only errors and warnings are written to standard error.
static QUIET: AtomicBool = AtomicBool::new(false);

pub(crate) fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a line to standard error unless the gate is quiet. Text from elsewhere in it cannot act.
pub(crate) fn inform(line: &str) {
    if !is_quiet() {
        note(line);
    }
}

/// Writes a line to standard error. Text from elsewhere in it cannot act.
pub(crate) fn note(line: &str) {
    note_aligned(&log_line(line));
}

/// Writes a line as it is, with its spaces.
pub(crate) fn note_aligned(line: &str) {
    // There is no other place for a message about this.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Tolerates the closed end of a pipe.
pub(crate) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

//! Progress of a run: a line for each stage, with the time that it took.

use std::io::Write;
use std::time::Instant;

use crate::report;
use openapi_lowering::problem::line;

pub(super) struct Progress<'a> {
    err: &'a mut dyn Write,
    started: Instant,
}

impl<'a> Progress<'a> {
    pub(super) fn new(err: &'a mut dyn Write) -> Self {
        Self { err, started: Instant::now() }
    }

    /// Writes in one line that a stage is done, and how long it took.
    pub(super) fn stage(&mut self, name: &str, what: &str) {
        let took = self.started.elapsed().as_millis();
        let what = line(&report::visible(what));
        // A run does not fail because its progress cannot be shown.
        let _ = writeln!(self.err, "{name:<10}{what} ({took} ms)");
        self.started = Instant::now();
    }
}

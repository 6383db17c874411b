//! Programs that run while a test sends them signals.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Ended, Gate};

/// How long a test waits for something that should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

impl Gate {
    /// Starts the program.
    pub(crate) fn spawn(&self, line: &str) -> Running {
        let mut command = self.command(line);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Running { child: child.expect("it starts") }
    }

    /// Waits until there were this many requests of an operation.
    pub(crate) fn wait_for(&self, operation: &str, count: usize) {
        let start = Instant::now();
        while self.count(operation) < count {
            assert!(start.elapsed() < PATIENCE, "no {operation} in {:?}", self.fake.requests());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A program that runs. It is killed if a test fails.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Sends a signal, such as `INT`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for the end. Fails if the program takes longer than the operation that an interrupt should
    /// have cut off.
    pub(crate) fn end(mut self) -> Ended {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("its status") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let (mut stdout, mut stderr) = (String::new(), String::new());
        let (out, err) = (self.child.stdout.take(), self.child.stderr.take());
        out.expect("piped").read_to_string(&mut stdout).expect("UTF-8");
        err.expect("piped").read_to_string(&mut stderr).expect("UTF-8");
        Ended { code: status.code().expect("an exit code"), stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

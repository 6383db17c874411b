//! The program, the fake that it talks to, and a folder for its files.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use k6_cloud_fake::{FakeCloud, FakeCloudBuilder};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Gate {
    pub(crate) fake: FakeCloud,
    folder: TempDir,
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command without the settings of this process.
pub(crate) fn bare(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_k6-gate"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", folder.path());
    // Windows finds its sockets and its configuration folder by these.
    for name in ["SystemRoot", "APPDATA"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("XDG_CONFIG_HOME", folder.path()).env("APPDATA", folder.path());
    command.current_dir(folder.path()).stdin(Stdio::null());
    command
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// Each poll of a run moves the clock of the fake to the next status.
    pub(crate) fn with(set: impl FnOnce(FakeCloudBuilder) -> FakeCloudBuilder) -> Self {
        let builder = set(FakeCloud::builder().runs(0));
        let fake = builder.start_on_thread().expect("the fake starts");
        Self { fake, folder: TempDir::new().expect("a folder") }
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = bare(&self.folder);
        command
            .env("K6_CLOUD_HOST_V6", self.fake.base_url())
            .env("K6_CLOUD_TOKEN", self.fake.token())
            .env("K6_CLOUD_STACK_URL", self.fake.stack_url())
            .args(line.split_whitespace());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, line: &str) -> Ended {
        self.command(line).output().expect("it runs").into()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).expect("JSON")
    }

    /// Returns how many requests of an operation there were.
    pub(crate) fn count(&self, operation: &str) -> usize {
        let requests = self.fake.requests();
        requests.iter().filter(|request| request.operation.as_deref() == Some(operation)).count()
    }

    pub(crate) fn status(&self, run: k6_cloud::TestRunId) -> String {
        let run = self.fake.run_json(run).expect("the run");
        run["status"].as_str().expect("a status").to_owned()
    }
}

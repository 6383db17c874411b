//! The programs of tests, run with one mistake after the other.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wait_timeout::ChildExt as _;

use crate::area::{Area, Suite};
use crate::build::cargo;
use crate::switch;

/// The tests of an area, compiled with all mistakes.
pub(crate) struct Programs {
    switch: PathBuf,
    reached: PathBuf,
    programs: Vec<Program>,
    /// The quickest first.
    tests: Vec<Test>,
}

struct Program {
    file: PathBuf,
    /// Where its tests expect to run.
    folder: PathBuf,
}

struct Test {
    program: usize,
    name: String,
    /// How long it takes without a mistake.
    time: Duration,
    /// The mistakes whose code it reaches.
    reaches: BTreeSet<u32>,
}

/// What the tests say of a mistake.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// The name of a test that fails.
    Seen(String),
    /// How many tests run its code without seeing it.
    Missed(usize),
}

impl Programs {
    pub(crate) fn build(scratch: &Path, area: Area) -> Result<Self, String> {
        let mut command = cargo(scratch);
        command.args(["test", "--no-run", "--message-format", "json", "--lib"]);
        command.args(["--package", area.package()]).args(area.features());
        for suite in &area.suites()[1..] {
            command.args(["--test", suite.target]);
        }
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not run: {error}"))?;
        if !output.status.success() {
            return Err("the tests do not compile".to_owned());
        }
        let messages = String::from_utf8_lossy(&output.stdout).into_owned();
        let built: Vec<Value> =
            messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let programs = area.suites().iter().map(|suite| Program::of(suite, &built));
        let reached = scratch.join("target/reached");
        let programs = programs.collect::<Result<_, _>>()?;
        Ok(Self { switch: switch(scratch), reached, programs, tests: Vec::new() })
    }

    /// Runs each test without a mistake, and records which code it reaches.
    pub(crate) fn record(&mut self) -> Result<(), String> {
        const LIMIT: Duration = Duration::from_secs(300);
        let text = self.reached.to_str().ok_or("the folder's name is not UTF-8")?;
        for (program, found) in self.programs.iter().enumerate() {
            for name in found.list()? {
                self.turn(text)?;
                std::fs::write(&self.reached, "").map_err(|error| error.to_string())?;
                let started = Instant::now();
                if !found.passes(&name, LIMIT)? {
                    println!("left out: {name} fails without a mistake");
                    continue;
                }
                let time = started.elapsed();
                let lines = std::fs::read_to_string(&self.reached).unwrap_or_default();
                let reaches = lines.lines().filter_map(|line| line.parse().ok()).collect();
                self.tests.push(Test { program, name, time, reaches });
            }
        }
        self.turn("0")?;
        self.tests.sort_by_key(|test| test.time);
        let seconds: f64 = self.tests.iter().map(|test| test.time.as_secs_f64()).sum();
        println!("{} tests take {seconds:.0} s", self.tests.len());
        Ok(())
    }

    /// Runs the tests that reach a mistake until one of them fails.
    pub(crate) fn see(&self, number: u32) -> Result<Outcome, String> {
        let mut tried = 0;
        for test in self.tests.iter().filter(|test| test.reaches.contains(&number)) {
            let program = &self.programs[test.program];
            // A mistake may make a test wait for ever.
            let limit = test.time * 5 + Duration::from_secs(8);
            self.turn(&number.to_string())?;
            let passes = program.passes(&test.name, limit)?;
            self.turn("0")?;
            // A test that fails now and then has seen nothing.
            if !passes && program.passes(&test.name, limit)? {
                return Ok(Outcome::Seen(test.name.clone()));
            }
            tried += 1;
        }
        Ok(Outcome::Missed(tried))
    }

    fn turn(&self, to: &str) -> Result<(), String> {
        std::fs::write(&self.switch, to).map_err(|error| error.to_string())
    }
}

impl Program {
    fn of(suite: &Suite, built: &[Value]) -> Result<Self, String> {
        let found = built.iter().find(|message| {
            message["profile"]["test"] == true
                && message["target"]["name"] == suite.target
                && message["executable"].is_string()
        });
        let found = found
            .ok_or_else(|| format!("{} has no program of tests {}", suite.package, suite.target))?;
        let file = PathBuf::from(found["executable"].as_str().unwrap_or_default());
        let manifest = PathBuf::from(found["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { file, folder })
    }

    fn list(&self) -> Result<Vec<String>, String> {
        let output = Command::new(&self.file)
            .args(["--list", "--format", "terse"])
            .output()
            .map_err(|error| format!("{}: {error}", self.file.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
    }

    fn passes(&self, test: &str, limit: Duration) -> Result<bool, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.file.display());
        // A mistake may also take all memory.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 16000000; exec \"$@\"", "sh"]).arg(&self.file);
        command.args(["--exact", test]).current_dir(&self.folder).env("RUST_BACKTRACE", "0");
        command.env("CARGO_MANIFEST_DIR", &self.folder).process_group(0);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
        if let Some(status) = child.wait_timeout(limit).map_err(failed)? {
            return Ok(status.success());
        }
        // The test may have started programs.
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        child.wait().map_err(failed)?;
        Ok(false)
    }
}

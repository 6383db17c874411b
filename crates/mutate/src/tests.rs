//! The programs of tests, run with one mistake after the other.

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
    programs: Vec<Program>,
}

struct Program {
    name: String,
    file: PathBuf,
    /// Where its tests expect to run.
    folder: PathBuf,
    filter: &'static [&'static str],
    /// How long it takes without a mistake.
    time: Duration,
}

impl Programs {
    /// Builds the tests, and runs them without a mistake.
    pub(crate) fn build(scratch: &Path, area: Area) -> Result<Self, String> {
        let mut packages: Vec<_> = area.suites().iter().map(|suite| suite.package).collect();
        packages.dedup();
        let packages = packages.iter().flat_map(|package| ["--package", package]);
        let output = cargo(scratch)
            .args(["test", "--no-run", "--message-format", "json"])
            .args(packages)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo does not run: {error}"))?;
        if !output.status.success() {
            return Err("the tests do not compile".to_owned());
        }
        let messages = String::from_utf8_lossy(&output.stdout).into_owned();
        let built: Vec<Value> =
            messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let switch = switch(scratch);
        let _ = std::fs::remove_file(&switch);
        let mut programs = Vec::new();
        for suite in area.suites() {
            let mut program = Program::of(suite, &built)?;
            let started = Instant::now();
            if !program.passes(Duration::from_secs(600))? {
                return Err(format!("{} fails without a mistake", program.name));
            }
            program.time = started.elapsed();
            println!("{} takes {:.1} s", program.name, program.time.as_secs_f64());
            programs.push(program);
        }
        Ok(Self { switch, programs })
    }

    /// Returns which program sees a mistake.
    pub(crate) fn see(&self, number: u32) -> Result<Option<&str>, String> {
        std::fs::write(&self.switch, number.to_string()).map_err(|error| error.to_string())?;
        let mut seen = None;
        for program in &self.programs {
            // A mistake may make a test wait for ever.
            if !program.passes(program.time * 4 + Duration::from_secs(10))? {
                seen = Some(program.name.as_str());
                break;
            }
        }
        let _ = std::fs::remove_file(&self.switch);
        Ok(seen)
    }
}

impl Program {
    fn of(suite: &Suite, built: &[Value]) -> Result<Self, String> {
        let name = format!("{} {} {}", suite.package, suite.target, suite.filter.join(" "));
        let found = built.iter().find(|message| {
            let id = message["package_id"].as_str().unwrap_or_default();
            let of_package = id.contains(&format!("{}@", suite.package))
                || id.contains(&format!("/{}#", suite.package))
                || message["manifest_path"].as_str().is_some_and(|path| {
                    std::fs::read_to_string(path)
                        .is_ok_and(|text| text.contains(&format!("name = \"{}\"", suite.package)))
                });
            of_package
                && message["profile"]["test"] == true
                && message["target"]["name"] == suite.target
                && message["executable"].is_string()
        });
        let found = found.ok_or_else(|| format!("there is no program of tests {name}"))?;
        let file = PathBuf::from(found["executable"].as_str().unwrap_or_default());
        let manifest = PathBuf::from(found["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { name, file, folder, filter: suite.filter, time: Duration::ZERO })
    }

    fn passes(&self, limit: Duration) -> Result<bool, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.file.display());
        let mut command = Command::new(&self.file);
        command.args(self.filter).current_dir(&self.folder).env("RUST_BACKTRACE", "0");
        command.env("CARGO_MANIFEST_DIR", &self.folder);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
        if let Some(status) = child.wait_timeout(limit).map_err(failed)? {
            return Ok(status.success());
        }
        child.kill().and_then(|()| child.wait()).map_err(failed)?;
        Ok(false)
    }
}

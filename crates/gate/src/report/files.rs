//! Where reports are written.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::model::Report;
use super::{ci, html, json, junit, markdown};

/// The options of a command that writes reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportFiles {
    /// Writes the report in Markdown. In GitHub Actions, the job's summary gets it too.
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Writes the report in JUnit's XML format.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Writes the report as JSON; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Writes the report as a page with charts.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Writes variables for later jobs of GitLab CI.
    #[arg(long, value_name = "FILE")]
    pub dotenv: Option<PathBuf>,
}

/// Where GitHub Actions wants reports. They are written without being asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CiFiles {
    /// The summary of the step: `GITHUB_STEP_SUMMARY`.
    pub step_summary: Option<PathBuf>,
    /// The outputs of the step: `GITHUB_OUTPUT`.
    pub outputs: Option<PathBuf>,
    /// Whether standard output may have annotations: `GITHUB_ACTIONS` is `true`.
    pub annotations: bool,
}

/// A report that could not be written.
#[derive(Debug)]
pub struct WriteFailure {
    /// The file.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
    /// Whether an option asked for the report. Otherwise the CI system did.
    pub asked_for: bool,
}

impl fmt::Display for WriteFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the report {} could not be written: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for WriteFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl CiFiles {
    /// Reads the environment.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let given = |name: &str| lookup(name).filter(|value| !value.is_empty());
        Self {
            step_summary: given("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            outputs: given("GITHUB_OUTPUT").map(PathBuf::from),
            annotations: given("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
        }
    }
}

impl ReportFiles {
    /// Returns whether standard output is taken by JSON, so that nothing else may be written there.
    pub fn takes_stdout(&self) -> bool {
        self.json.as_deref() == Some(Path::new("-"))
    }

    /// Writes all reports that are asked for, and those that the CI system wants. A file is replaced
    /// as a whole; the files of the CI system are appended to. If one cannot be written, the others
    /// are, and the failures are returned.
    pub fn write(
        &self,
        report: &Report,
        ci: &CiFiles,
        stdout: &mut dyn Write,
    ) -> Vec<WriteFailure> {
        let mut writing = Writing::default();
        if let Some(path) = &self.summary {
            let text = markdown::render(report, markdown::COMMENT_BYTES);
            writing.done(path, replace(path, &text));
        }
        if let Some(path) = &self.junit {
            writing.done(path, junit::render(report).and_then(|text| replace(path, &text)));
        }
        if let Some(path) = &self.html {
            writing.done(path, replace(path, &html::render(report)));
        }
        if let Some(path) = &self.dotenv {
            writing.done(path, replace(path, &ci::gitlab_dotenv(report)));
        }
        if let Some(path) = &self.json {
            let written = json::render(report).map_err(io::Error::from).and_then(|text| match self
                .takes_stdout()
            {
                true => stdout.write_all(text.as_bytes()),
                false => replace(path, &text),
            });
            writing.done(path, written);
        }
        if let Some(path) = &ci.step_summary {
            writing.offered(path, append_summary(path, report));
        }
        if let Some(path) = &ci.outputs {
            writing.offered(path, append(path, &ci::github_outputs(report)));
        }
        if ci.annotations && !self.takes_stdout() {
            let written = stdout.write_all(ci::github_annotations(report).as_bytes());
            writing.offered(Path::new("-"), written);
        }
        writing.failures
    }
}

#[derive(Default)]
struct Writing {
    failures: Vec<WriteFailure>,
}

impl Writing {
    fn done(&mut self, path: &Path, result: io::Result<()>) {
        self.add(path, result, true);
    }

    fn offered(&mut self, path: &Path, result: io::Result<()>) {
        self.add(path, result, false);
    }

    fn add(&mut self, path: &Path, result: io::Result<()>, asked_for: bool) {
        let path = path.to_owned();
        self.failures.extend(result.err().map(|error| WriteFailure { path, error, asked_for }));
    }
}

/// Replaces a file as a whole: others see the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A device such as /dev/stdout cannot be replaced.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".k6-gate-");
    // By default the file is for its owner only, but other jobs and users read reports.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|failure| failure.error)?;
    Ok(())
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// Appends to the step's summary. GitHub drops a summary that is too long as a whole, so this one takes
/// what others left.
fn append_summary(path: &Path, report: &Report) -> io::Result<()> {
    let taken = File::open(path).and_then(|file| file.metadata()).map_or(0, |found| found.len());
    let taken = usize::try_from(taken).unwrap_or(usize::MAX);
    let left = markdown::STEP_SUMMARY_BYTES.saturating_sub(taken).saturating_sub(1);
    let text = markdown::render(report, left.saturating_sub(1));
    match text.is_empty() {
        true => Err(io::Error::other("the summary of this step is full (1 MiB)")),
        // The last line of another step's text may have no end.
        false => append(path, &format!("\n{text}")),
    }
}

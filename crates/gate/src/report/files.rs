//! Where reports are written.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::model::Report;
use super::{ci, html, json, junit, markdown};
use crate::log_text::log_line;

/// The exit code of a gate that could not write a report.
const NOT_WRITTEN: u8 = 104;

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
        match self.path == Path::new("-") {
            true => write!(formatter, "standard output could not be written: {}", self.error),
            false => {
                let path = log_line(&self.path.display().to_string());
                write!(formatter, "the report {path} could not be written: {}", self.error)
            }
        }
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

    /// Checks before a run that all reports can be written after it, and creates missing folders.
    /// `outputs` are other files that the command writes, and `inputs` those that it reads.
    ///
    /// # Errors
    ///
    /// A sentence that names the option.
    pub fn probe(&self, outputs: &[(&str, &Path)], inputs: &[(&str, &Path)]) -> Result<(), String> {
        let reports = self.all().filter(|(form, path)| !form.is_stdout(path));
        let reports = reports.map(|(form, path)| (form.option(), path));
        let mut seen: Vec<(&str, PathBuf)> = Vec::new();
        for (option, path) in inputs {
            seen.extend(whole_file::destination(path).ok().map(|place| (*option, place)));
        }
        for (option, path) in reports.chain(outputs.iter().copied()) {
            let shown = log_line(&path.display().to_string());
            let failed = |error| format!("{option} {shown} cannot be written: {error}");
            if !whole_file::is_replaceable(path) {
                // Several reports may go to one stream.
                whole_file::probe(path).map_err(failed)?;
                continue;
            }
            let place = whole_file::destination(path).map_err(failed)?;
            if let Some((other, _)) = seen.iter().find(|(_, other)| *other == place) {
                return Err(format!("{option} and {other} have the same path, {shown}"));
            }
            whole_file::probe(path).map_err(failed)?;
            seen.push((option, place));
        }
        Ok(())
    }

    /// Writes all reports that are asked for. A file is replaced as a whole. If one cannot be written,
    /// the others are, the report does not pass, and the failures are returned.
    pub fn write(&self, report: &mut Report, stdout: &mut dyn Write) -> Vec<WriteFailure> {
        let (files, streams): (Vec<_>, Vec<_>) =
            self.all().partition(|(form, path)| form.is_file(path));
        let mut failures = Vec::new();
        for (form, path) in files {
            let written =
                form.render(report).and_then(|text| whole_file::write(path, text.as_bytes()));
            failures.extend(failure(path, written));
        }
        for failure in &failures {
            report.add_failure(failure);
        }
        let in_files = failures.len();
        // What a stream has got cannot be taken back, so the streams come last.
        for (form, path) in streams {
            let text = form.render(report);
            let written = text.and_then(|text| match form.is_stdout(path) {
                true => stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()),
                false => whole_file::write(path, text.as_bytes()),
            });
            failures.extend(failure(path, written));
        }
        for failure in failures.iter().skip(in_files) {
            report.add_failure(failure);
        }
        if !failures.is_empty() {
            self.write_files_again(report);
        }
        failures
    }

    /// Adds a failure to the report, and to the files that have it already.
    pub(crate) fn rewrite(&self, report: &mut Report, failure: &WriteFailure) {
        report.add_failure(failure);
        self.write_files_again(report);
    }

    /// Writes the files with the exit code of the process. What fails now has failed before.
    fn write_files_again(&self, report: &Report) {
        for (form, path) in self.all().filter(|(form, path)| form.is_file(path)) {
            let _ = form.render(report).and_then(|text| whole_file::write(path, text.as_bytes()));
        }
    }

    /// Returns all reports that are asked for, with their paths.
    fn all(&self) -> impl Iterator<Item = (Form, &Path)> {
        let all = [
            (Form::Summary, &self.summary),
            (Form::Junit, &self.junit),
            (Form::Html, &self.html),
            (Form::Dotenv, &self.dotenv),
            (Form::Json, &self.json),
        ];
        all.into_iter().filter_map(|(form, path)| Some((form, path.as_deref()?)))
    }
}

/// The form of a report.
#[derive(Clone, Copy, Debug)]
enum Form {
    Summary,
    Junit,
    Html,
    Dotenv,
    Json,
}

impl Form {
    fn option(self) -> &'static str {
        match self {
            Self::Summary => "--summary",
            Self::Junit => "--junit",
            Self::Html => "--html",
            Self::Dotenv => "--dotenv",
            Self::Json => "--json",
        }
    }

    fn is_stdout(self, path: &Path) -> bool {
        matches!(self, Self::Json) && path == Path::new("-")
    }

    fn is_file(self, path: &Path) -> bool {
        !self.is_stdout(path) && whole_file::is_replaceable(path)
    }

    fn render(self, report: &Report) -> io::Result<String> {
        match self {
            Self::Summary => Ok(markdown::render(report, markdown::COMMENT_BYTES)),
            Self::Junit => junit::render(report),
            Self::Html => Ok(html::render(report)),
            Self::Dotenv => Ok(ci::gitlab_dotenv(report)),
            Self::Json => json::render(report).map_err(io::Error::from),
        }
    }
}

impl Report {
    /// Notes that the report could not be written somewhere. The gate does not pass then.
    fn add_failure(&mut self, failure: &WriteFailure) {
        if self.exit_code == 0 {
            self.exit_code = NOT_WRITTEN;
            self.reason = format!("{}, but {failure}", self.reason);
        }
        self.notices.push(failure.to_string());
    }
}

impl CiFiles {
    /// Writes what the CI system wants. Its files are appended to. `stdout` is for annotations, unless
    /// something else takes it.
    pub fn write(&self, report: &Report, stdout: Option<&mut dyn Write>) -> Vec<WriteFailure> {
        let mut failures = Vec::new();
        let mut add = |path: &Path, written| {
            let failure = failure(path, written);
            failures.extend(failure.map(|failure| WriteFailure { asked_for: false, ..failure }));
        };
        if let Some(path) = &self.step_summary {
            add(path, append_summary(path, report));
        }
        if let Some(path) = &self.outputs {
            add(path, append(path, &ci::github_outputs(report)));
        }
        if let Some(stdout) = stdout.filter(|_| self.annotations) {
            let text = ci::github_annotations(report);
            add(Path::new("-"), stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
        }
        failures
    }
}

fn failure(path: &Path, written: io::Result<()>) -> Option<WriteFailure> {
    let error = written.err()?;
    Some(WriteFailure { path: path.to_owned(), error, asked_for: true })
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

//! `cargo xtask update-spec`: the stages in order.

mod base;
mod check;
mod compared;
mod gate;
mod generate;
mod limits;
mod obstacles;
mod outputs;
mod progress;
mod stages;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::attempt;
use crate::fetch::{self, Known, PUBLISHED, Source};
use crate::removals;
use crate::report::{self, Base, Report};
use crate::write::{Provenance, sha256, write};
use compared::{Compared, next_version, warnings};
use gate::{Accept, FailOn};
pub(crate) use limits::Limits;
use openapi_lowering::lower::Note;
use openapi_lowering::problem::{Problem, Problems};
use outputs::{adopted, of_reports, relative};
use progress::Progress;
use stages::{New, OldSide, run_stages};

/// Takes the published description through all stages into `openapi/`.
///
/// Reports what changed since the vendored description, which changes break users, and which
/// version of the crate they ask for.
///
/// Exit codes: 0 fresh or written; 4 stale, with --check; 1 error, a change that --fail-on names, or
/// a change of servers or security that is not accepted. With 1 or 4 only the reports are written.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct UpdateSpec {
    /// The description: an https address or a file. By default the address where the API's owner
    /// publishes it; with --check the vendored file.
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) from: Option<String>,
    /// The base of the comparison: a folder with published.yaml and overlay.yaml, or a git revision.
    /// By default the vendored description as it is before the run.
    #[arg(long, value_name = "FOLDER|REVISION")]
    pub(crate) base: Option<String>,
    /// Write only the reports, and exit with 4 if a file would change.
    #[arg(long)]
    pub(crate) check: bool,
    /// Run every stage and compile the generated client in a scratch folder; adopt nothing.
    #[arg(long = "try", conflicts_with = "check")]
    pub(crate) attempt: bool,
    /// Another overlay for --try, instead of openapi/overlay.yaml.
    #[arg(long, value_name = "FILE", requires = "attempt")]
    pub(crate) overlay: Option<PathBuf>,
    /// Fail, with exit code 1, if a change is this severe or more.
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Adopt changes that need a decision.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) accept: Vec<Accept>,
    /// Write a report in Markdown, for a pull request.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write a report in JSON, with all details.
    #[arg(long, value_name = "FILE")]
    pub(crate) report_json: Option<PathBuf>,
    /// Add the changes to CHANGELOG.md, under "Unreleased" and "API description".
    #[arg(long, conflicts_with_all = ["check", "attempt"])]
    pub(crate) changelog: bool,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// The workspace to maintain; by default the one that xtask was built in.
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub(crate) root: Option<PathBuf>,
}

/// How a run that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that was to do is done.
    Done,
    /// With `--check`: a file would change.
    Stale,
}

/// What a run reads.
struct Input {
    root: PathBuf,
    source: Source,
    published: Vec<u8>,
    etag: Option<String>,
    overlay_file: PathBuf,
    overlay: Vec<u8>,
    base: Option<base::Files>,
    limits: Limits,
}

impl Input {
    fn openapi(&self) -> PathBuf {
        self.root.join("openapi")
    }

    /// The base, unless it is equal to the new description.
    fn different_base(&self) -> Option<&base::Files> {
        let same = |base: &&base::Files| {
            (&base.published, &base.overlay) == (&self.published, &self.overlay)
        };
        self.base.as_ref().filter(|base| !same(base))
    }
}

impl UpdateSpec {
    /// Runs the stages. Progress goes to `err`, results to `out`.
    pub(crate) fn run(
        &self,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Outcome, Problems> {
        let mut progress = Progress::new(err);
        let input = self.read(&mut progress)?;
        let (new, old) = run_stages(&input, &mut progress)?;
        let announced = self.announced(&new, &mut progress)?;
        let compared = compare(&input, &new, old, &mut progress);
        let reports = self.report(&input, &new, &compared, out, &mut progress)?;
        if self.attempt {
            attempt::compile(&input.root, &new.code)?;
            progress.stage("compile", "the generated client compiles");
            let summary = &new.ready.summary;
            let version = report::visible(&summary.version);
            let (operations, schemas) = (summary.operations, summary.schemas);
            print(out, &format!("{version}: {operations} operations, {schemas} schemas\n"))?;
        }
        let outputs = adopted(&input, &new)?;
        let mut outcome = Outcome::Done;
        if self.check {
            for remark in removals::remarks(&input.root, &announced)? {
                progress.stage("removals", &remark);
            }
            for line in check::findings(&outputs, &input.root, &self.fix()) {
                outcome = Outcome::Stale;
                print(out, &format!("{line}\n"))?;
            }
            progress.stage("check", if outcome == Outcome::Done { "fresh" } else { "stale" });
        }
        let passed = self.pass(&new, &compared);
        if self.check || self.attempt || passed.is_err() {
            write(&reports.files)?;
            passed?;
        } else {
            // The reports belong to what is written: all of it or none.
            let files = [outputs, reports.changelog.into_iter().collect(), reports.files].concat();
            let written = write(&files)?;
            let names: Vec<_> = written.iter().map(|path| relative(path, &input.root)).collect();
            let names = if names.is_empty() { "nothing changed".into() } else { names.join(", ") };
            progress.stage("write", &names);
        }
        Ok(outcome)
    }

    /// Reads the description, the overlay and the base.
    fn read(&self, progress: &mut Progress<'_>) -> Result<Input, Problem> {
        let root = match &self.root {
            Some(root) => root.clone(),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        };
        let openapi = root.join("openapi");
        let source = match (&self.from, self.check) {
            (Some(from), _) => Source::new(from)?,
            (None, true) => Source::File(openapi.join("published.yaml")),
            (None, false) => Source::new(PUBLISHED)?,
        };
        let base = match &self.base {
            Some(base) => Some(base::named(base, &root, &self.limits)?),
            None => base::vendored(&root, &self.limits)?,
        };
        let fetched = source.fetch(&self.limits, known(&source, &openapi))?;
        let (published, etag) = (fetched.bytes, fetched.etag);
        let how = if fetched.is_unchanged { ", not changed since the last time" } else { "" };
        progress.stage("fetch", &format!("{} bytes from {}{how}", published.len(), source.name()));
        let overlay_file = match &self.overlay {
            Some(file) => file.clone(),
            None => openapi.join("overlay.yaml"),
        };
        let overlay = fetch::read(&overlay_file, &self.limits)?;
        let limits = self.limits.clone();
        Ok(Input { root, source, published, etag, overlay_file, overlay, base, limits })
    }

    /// Reads the announced removals. An older description that is tried may not know of them yet.
    fn announced(
        &self,
        new: &New,
        progress: &mut Progress<'_>,
    ) -> Result<Vec<removals::Announced>, Problem> {
        match removals::announced(&new.ready.lowered.document) {
            Err(problem) if self.attempt => {
                progress.stage("removals", &problem.to_string());
                Ok(Vec::new())
            }
            announced => announced,
        }
    }

    /// Prints the report, and returns the files that were asked for.
    fn report(
        &self,
        input: &Input,
        new: &New,
        compared: &Compared,
        out: &mut dyn Write,
        progress: &mut Progress<'_>,
    ) -> Result<Reports, Problem> {
        let version = &new.ready.summary.version;
        let differs = input.different_base().is_some();
        let base = match &input.base {
            None => Base::Missing,
            Some(base) => Base::Known {
                name: base.name.clone(),
                version: if differs { &compared.version } else { version }.clone(),
                problem: compared.problem.as_ref().map(ToString::to_string),
            },
        };
        let warnings = match &input.base {
            Some(base) if differs => {
                warnings(&compared.version, version, base.published == input.published)
            }
            _ => Vec::new(),
        };
        for warning in &warnings {
            progress.stage("warning", warning);
        }
        let versions = next_version(&input.root, compared.findings.severity());
        let today = chrono::Utc::now().date_naive();
        let deprecations = report::deprecations(&new.ready.lowered.document, today);
        let of_fake = outputs::code_of_fake(&input.root);
        let in_fake = |id: &str| of_fake.contains(&format!("{id:?}"));
        let operations = report::operations(&new.document, &new.unnamed, in_fake);
        let notes = &new.ready.lowered.notes;
        let is_new = |note: &&Note| differs && !compared.notes.contains(note);
        let new_notes: Vec<_> = notes.iter().filter(is_new).collect();
        let report = Report {
            summary: &new.ready.summary,
            base: &base,
            findings: &compared.findings,
            warnings: &warnings,
            versions: versions.as_ref(),
            deprecations: &deprecations,
            unmatched: &new.applied.unmatched,
            unnamed: &new.unnamed,
            operations: &operations,
            notes,
            new_notes: &new_notes,
        };
        print(out, &report.to_terminal())?;
        of_reports(self, input, &report)
    }

    /// Rejects what needs a decision. A try adopts nothing, so it needs none.
    fn pass(&self, new: &New, compared: &Compared) -> Result<(), Problem> {
        if let Some(first) = new.applied.unmatched.first().filter(|_| self.check) {
            let fix = "with --check every action must match";
            return Err(Problem::new("overlay.yaml", first, fix));
        }
        let all = [Accept::Security];
        let accepted = if self.attempt { &all[..] } else { &self.accept };
        gate::pass(&compared.findings, accepted, self.fail_on)
    }

    /// The arguments with which the stale files are written.
    fn fix(&self) -> String {
        match &self.from {
            Some(from) => format!(" --from {from}"),
            None => " --from openapi/published.yaml".to_owned(),
        }
    }
}

/// Returns the vendored description, if it is what the same address sent the last time.
fn known(source: &Source, openapi: &Path) -> Option<Known> {
    let Source::Address(url) = source else { return None };
    let provenance = Provenance::read(&openapi.join("provenance.toml"))?;
    let bytes = std::fs::read(openapi.join("published.yaml")).ok()?;
    // The name in the provenance has no query.
    let is_same = url.query().is_none()
        && provenance.source == source.name()
        && provenance.sha256.published == sha256(&bytes);
    provenance.etag.filter(|_| is_same).map(|etag| Known { bytes, etag })
}

/// The files that report a run.
struct Reports {
    files: Vec<crate::write::Output>,
    changelog: Option<crate::write::Output>,
}

fn compare(
    input: &Input,
    new: &New,
    old: Option<OldSide>,
    progress: &mut Progress<'_>,
) -> Compared {
    let listing = input.base.as_ref().and_then(|base| base.listing.as_deref());
    let compared = Compared::of(old, (&new.document, &new.ready, &new.surface), listing);
    progress.stage("compare", &format!("{} changes", compared.findings.changes.len()));
    compared
}

fn print(out: &mut dyn Write, text: &str) -> Result<(), Problem> {
    write!(out, "{text}")
        .map_err(|error| Problem::new("output", error.to_string(), "check where it goes"))
}

#[cfg(test)]
mod tests;

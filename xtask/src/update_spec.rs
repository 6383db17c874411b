//! `cargo xtask update-spec`: the stages in order.

mod base;
mod check;
mod compared;
mod gate;
mod stages;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use crate::attempt;
use crate::fetch::{self, PUBLISHED, Source};
use crate::removals;
use crate::report::{self, Base, Report};
use crate::write::{Digests, Output, Provenance, canonical, sha256, write};
use compared::{Compared, next_version, warnings};
use gate::{Accept, FailOn};
use openapi_lowering::parse::parse;
use openapi_lowering::problem::{Place, Problem, plain};
use stages::{Overlaid, as_far_as_it_goes, both, generated, overlaid, ready};

/// Takes the published description through all stages into `openapi/`.
///
/// Says what changed against the description that is there, what of it breaks, and which version
/// of the crate it asks for.
///
/// Exit codes: 0 fresh or written, 4 stale (with --check), 1 error, a change that --fail-on names,
/// or a change of servers or security that is not accepted. With any but 0, nothing is written but
/// the reports.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct UpdateSpec {
    /// Where the description is read: an https address or a file. By default the address where
    /// the API's owner publishes it; with --check the vendored file.
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) from: Option<String>,
    /// What it is compared with: a folder with published.yaml and overlay.yaml, or a git revision.
    /// By default the vendored description as it is before the run.
    #[arg(long, value_name = "FOLDER|REVISION")]
    pub(crate) base: Option<String>,
    /// Write nothing but the reports, and exit with 4 when a file would change.
    #[arg(long)]
    pub(crate) check: bool,
    /// Run every stage and compile the generated client, in a scratch folder; touch nothing.
    #[arg(long = "try", conflicts_with = "check")]
    pub(crate) attempt: bool,
    /// Fail, with exit code 1, when a change weighs so much or more.
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Adopt changes that never go through by themselves.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) accept: Vec<Accept>,
    /// Write a report in Markdown, for a pull request.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write a report in JSON, with all that there is.
    #[arg(long, value_name = "FILE")]
    pub(crate) report_json: Option<PathBuf>,
    /// Add the changes to CHANGELOG.md, under "Unreleased" and "API description".
    #[arg(long, conflicts_with_all = ["check", "attempt"])]
    pub(crate) changelog: bool,
    /// The workspace to maintain; by default the one that xtask was built in.
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub(crate) root: Option<PathBuf>,
}

/// How a run ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing was or is to be done, or everything was.
    Done,
    /// With `--check`: a file would change.
    Stale,
}

impl UpdateSpec {
    /// Runs the stages; progress goes to `err`, results to `out`.
    pub(crate) fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Problem> {
        let root = match &self.root {
            Some(root) => root.clone(),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        };
        let openapi = root.join("openapi");
        let vendored = openapi.join("published.yaml");
        let mut progress = Progress { err, started: Instant::now() };

        let source = match (&self.from, self.check) {
            (Some(from), _) => Source::new(from)?,
            (None, true) => Source::File(vendored.clone()),
            (None, false) => Source::new(PUBLISHED)?,
        };
        let base = match &self.base {
            Some(base) => Some(base::named(base, &root)?),
            None => base::vendored(&root)?,
        };
        let published = source.fetch()?;
        progress.stage("fetch", &format!("{} bytes from {}", published.len(), source.name()));
        let overlay_file = openapi.join("overlay.yaml");
        let overlay = fetch::read(&overlay_file)?;

        // The base goes through the same stages beside, unless it is the same.
        let other =
            base.as_ref().filter(|base| (&base.published, &base.overlay) != (&published, &overlay));
        let (made, old) = both(
            || -> Result<_, Problem> {
                let document = parse(&published, &source.name())?;
                progress.stage("parse", &counted(&document));
                let published_ids = operation_ids(&document);
                let made = overlaid(document, &overlay, &overlay_file)?;
                let (actions, unmatched) = (made.applied.actions, &made.applied.unmatched);
                let what = format!("{actions} actions, {} match nothing", unmatched.len());
                progress.stage("overlay", &what);
                let ready = ready(&made.document)?;
                progress.stage("lower", &format!("{} lossy steps", ready.lowered.notes.len()));
                let unnamed = unnamed(&published_ids, &operation_ids(&made.document));
                Ok((made, ready, unnamed))
            },
            || other.map(|base| as_far_as_it_goes(&base.name, &base.published, &base.overlay)),
        )?;
        let (Overlaid { document, applied }, ready, unnamed) = made?;
        let (operations, schemas) = (ready.summary.operations, ready.summary.schemas);
        progress.stage("preflight", &format!("{operations} operations, {schemas} schemas"));
        let announced = removals::announced(&ready.lowered.document)?;

        let (old_document, old_ready) = match old {
            Some((document, ready)) => (document, Some(ready)),
            None => (None, None),
        };
        let old_client = old_ready.as_ref().and_then(|ready| ready.as_ref().ok());
        let old_client = old_client.map(|ready| &ready.client);
        // Of equal bytes the surface is equal.
        let to_generate = old_client.filter(|client| **client != ready.client);
        let (surface, old_surface) =
            both(|| generated(&ready.client), || to_generate.map(|client| generated(client)))?;
        let surface = surface?;
        let listing = surface.listing();
        progress.stage("generate", &format!("{} public items", listing.lines().count() - 1));

        let compared = Compared::of(
            (other.is_some()).then_some((old_document, old_ready, old_surface)),
            (&document, &ready, &surface),
            base.as_ref().and_then(|base| base.listing.as_deref()),
        );
        let Compared { findings, notes: old_notes, problem, version: old_version } = &compared;
        progress.stage("compare", &format!("{} changes", findings.changes.len()));

        let version = &ready.summary.version;
        let known = match &base {
            None => Base::Missing,
            Some(base) => Base::Known {
                name: base.name.clone(),
                version: if other.is_some() { old_version } else { version }.clone(),
                problem: problem.as_ref().map(ToString::to_string),
            },
        };
        let warnings = match &base {
            Some(base) if other.is_some() => {
                warnings(old_version, version, base.published == published)
            }
            _ => Vec::new(),
        };
        for warning in &warnings {
            progress.stage("warning", warning);
        }
        let versions = next_version(&root, findings.severity());
        let today = chrono::Utc::now().date_naive();
        let deprecations = report::deprecations(&ready.lowered.document, today);
        let new_notes: Vec<_> = match other {
            Some(_) => {
                ready.lowered.notes.iter().filter(|note| !old_notes.contains(note)).collect()
            }
            None => Vec::new(),
        };
        let report = Report {
            summary: &ready.summary,
            base: &known,
            findings,
            warnings: &warnings,
            versions: versions.as_ref(),
            deprecations: &deprecations,
            unmatched: &applied.unmatched,
            unnamed: &unnamed,
            notes: &ready.lowered.notes,
            new_notes: &new_notes,
        };
        print(out, &report.to_terminal())?;
        let mut reports = Vec::new();
        if let Some(path) = &self.report {
            let bytes = report.to_markdown().into_bytes();
            reports.push(Output { path: path.clone(), bytes });
        }
        if let Some(path) = &self.report_json {
            let bytes = format!("{:#}\n", report.to_json()).into_bytes();
            reports.push(Output { path: path.clone(), bytes });
        }

        if self.attempt {
            attempt::compile(&root, &ready.client)?;
            progress.stage("compile", "the generated client compiles");
            let version = report::visible(version);
            print(out, &format!("{version}: {operations} operations, {schemas} schemas\n"))?;
        }
        let changelog_file = root.join("CHANGELOG.md");
        let changelog = match self.changelog && report.differs() {
            true => Some(Output {
                bytes: report.in_changelog(&read_text(&changelog_file)?).into_bytes(),
                path: changelog_file,
            }),
            false => None,
        };

        let provenance_file = openapi.join("provenance.toml");
        let provenance = Provenance {
            source: source_name(&source, &vendored, &provenance_file),
            version: version.clone(),
            sha256: Digests {
                published: sha256(&published),
                overlay: sha256(&overlay),
                lowered: sha256(&ready.client),
            },
        };
        // The provenance is moved last: until it is, its digests tell that the others are new.
        let mut outputs = vec![
            Output { path: vendored, bytes: published },
            Output {
                path: root.join("crates/fake/openapi/overlaid.json"),
                bytes: canonical(&document),
            },
            Output { path: openapi.join("lowered.json"), bytes: ready.client.clone() },
            Output { path: root.join("tests/golden/surface.txt"), bytes: listing.into_bytes() },
            Output { path: provenance_file, bytes: provenance.to_bytes()? },
        ];
        let mut outcome = Outcome::Done;
        if self.check {
            for remark in removals::remarks(&root, &announced)? {
                progress.stage("removals", &remark);
            }
            for line in check::findings(&outputs, &root, &self.mend()) {
                outcome = Outcome::Stale;
                print(out, &format!("{line}\n"))?;
            }
            progress.stage("check", if outcome == Outcome::Done { "fresh" } else { "stale" });
        }
        // A try adopts nothing.
        let all = [Accept::Security];
        let accepted = if self.attempt { &all[..] } else { &self.accept };
        let unused = applied.unmatched.first().filter(|_| self.check).map(|first| {
            Problem::new("overlay.yaml", first, "with --check every action must match")
        });
        let refused = unused.map_or(Ok(()), Err);
        let refused = refused.and_then(|()| gate::pass(findings, accepted, self.fail_on));
        if self.check || self.attempt || refused.is_err() {
            write(&reports)?;
            refused?;
        } else {
            // The reports belong to what is written: all of it or none.
            outputs.extend(changelog);
            outputs.extend(reports);
            let written = write(&outputs)?;
            let names: Vec<_> = written.iter().map(|path| relative(path, &root)).collect();
            let names = if names.is_empty() { "nothing changed".into() } else { names.join(", ") };
            progress.stage("write", &names);
        }
        Ok(outcome)
    }

    /// The arguments with which the stale files are written.
    fn mend(&self) -> String {
        match &self.from {
            Some(from) => format!(" --from {from}"),
            None => " --from openapi/published.yaml".to_owned(),
        }
    }
}

/// Reads a text that may be missing.
fn read_text(path: &Path) -> Result<String, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => {
            let mend = "make it a readable text";
            Err(Problem::new(path.display().to_string(), error.to_string(), mend))
        }
    }
}

/// The name of the source for the provenance. The vendored file has come from where its
/// provenance says: reading it again is no new source.
fn source_name(source: &Source, vendored: &Path, provenance: &Path) -> String {
    let same = match source {
        Source::Address(_) => false,
        Source::File(path) => match (path.canonicalize(), vendored.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        },
    };
    let known = Provenance::read(provenance).filter(|_| same).map(|known| known.source);
    known.unwrap_or_else(|| source.name())
}

fn counted(document: &Value) -> String {
    let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or("none");
    let openapi = document.get("openapi").and_then(Value::as_str).unwrap_or("none");
    format!("OpenAPI {openapi}, version {version}")
}

/// The operationIds by the place of their operation.
fn operation_ids(document: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return found;
    };
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                let place = Place::root().at("paths").at(path).at(method);
                found.insert(place.to_string(), id.to_owned());
            }
        }
    }
    found
}

fn unnamed(
    published: &BTreeMap<String, String>,
    overlaid: &BTreeMap<String, String>,
) -> Vec<String> {
    let kept = published.iter().filter(|(place, id)| overlaid.get(*place) == Some(*id));
    kept.map(|(place, id)| format!("{id} at {place}")).collect()
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn print(out: &mut dyn Write, text: &str) -> Result<(), Problem> {
    write!(out, "{text}")
        .map_err(|error| Problem::new("output", error.to_string(), "check where it goes"))
}

struct Progress<'a> {
    err: &'a mut dyn Write,
    started: Instant,
}

impl Progress<'_> {
    /// Says in one line that a stage is done, and how long it took.
    fn stage(&mut self, name: &str, what: &str) {
        let took = self.started.elapsed().as_millis();
        let what = plain(&report::visible(what));
        // Progress is not worth failing for.
        let _ = writeln!(self.err, "{name:<10}{what} ({took} ms)");
        self.started = Instant::now();
    }
}

#[cfg(test)]
mod tests;

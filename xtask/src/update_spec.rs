//! `cargo xtask update-spec`: the stages in order.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::Value;

use crate::attempt;
use crate::fetch::{self, PUBLISHED, Source};
use crate::generate::generate;
use crate::lower::lower;
use crate::overlay;
use crate::parse::parse;
use crate::preflight::{self, Summary};
use crate::problem::{Place, Problem};
use crate::removals;
use crate::report::Report;
use crate::surface;
use crate::write::{Digests, Output, Provenance, canonical, sha256, write};

/// Takes the published description through all stages into `openapi/`.
///
/// Exit codes: 0 fresh or written, 4 stale (with --check), 1 error.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct UpdateSpec {
    /// Where the description is read: an https address or a file. By default the address where
    /// the API's owner publishes it; with --check the vendored file.
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) from: Option<String>,
    /// Write nothing, and exit with 4 when a file would change.
    #[arg(long)]
    pub(crate) check: bool,
    /// Run every stage and compile the generated client, in a scratch folder; touch nothing.
    #[arg(long = "try", conflicts_with = "check")]
    pub(crate) attempt: bool,
    /// Write a report in Markdown.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
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
        let published = source.fetch()?;
        progress.stage("fetch", &format!("{} bytes from {}", published.len(), source.name()));

        let mut document = parse(&published, &source.name())?;
        progress.stage("parse", &counted(&document));

        let published_ids = operation_ids(&document);
        let overlay_file = openapi.join("overlay.yaml");
        let overlay = fetch::read(&overlay_file)?;
        let applied = overlay::apply(&overlay, &overlay_file, &mut document)?;
        let unnamed = unnamed(&published_ids, &operation_ids(&document));
        progress.stage(
            "overlay",
            &format!("{} actions, {} match nothing", applied.actions, applied.unmatched.len()),
        );
        if self.check
            && let Some(first) = applied.unmatched.first()
        {
            let mend = "with --check every action must match";
            return Err(Problem::new("overlay.yaml", first, mend));
        }

        let lowered = lower(&document)?;
        progress.stage("lower", &format!("{} lossy steps", lowered.notes.len()));

        let mut summary = preflight::check(&lowered.document)?;
        // As the owner counts them: the lowering makes components of types written in place.
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        summary.schemas = schemas.map_or(0, serde_json::Map::len);
        let Summary { version, operations, schemas } = &summary;
        progress.stage("preflight", &format!("{operations} operations, {schemas} schemas"));
        let announced = removals::announced(&lowered.document)?;

        let client = canonical(&lowered.document);
        let code = generated(&client)?;
        let lines = code.lines().count();
        let listing = surface::list(&code)?;
        progress.stage("generate", &format!("{lines} lines"));

        let report = Report {
            summary: &summary,
            lines,
            unmatched: &applied.unmatched,
            unnamed: &unnamed,
            notes: &lowered.notes,
        };
        if self.attempt {
            attempt::compile(&root, &client)?;
            progress.stage("compile", "the generated client compiles");
            say(
                out,
                &format!("{version}: {operations} operations, {schemas} schemas, {lines} lines"),
            )?;
        }

        let provenance_file = openapi.join("provenance.toml");
        let provenance = Provenance {
            source: source_name(&source, &vendored, &provenance_file),
            version: version.clone(),
            sha256: Digests {
                published: sha256(&published),
                overlay: sha256(&overlay),
                lowered: sha256(&client),
            },
        };
        // The provenance is moved last: until it is, its digests tell that the others are new.
        let mut outputs = vec![
            Output { path: vendored, bytes: published },
            Output { path: openapi.join("overlaid.json"), bytes: canonical(&document) },
            Output { path: openapi.join("client.json"), bytes: client },
            Output { path: root.join("tests/golden/surface.txt"), bytes: listing.into_bytes() },
            Output { path: provenance_file, bytes: provenance.to_bytes()? },
        ];
        let report = self
            .report
            .clone()
            .map(|path| Output { path, bytes: report.to_markdown().into_bytes() });
        let mut outcome = Outcome::Done;
        if (self.check || self.attempt)
            && let Some(report) = &report
        {
            write(std::slice::from_ref(report))?;
        }
        if self.check {
            for remark in removals::remarks(&root, &announced)? {
                progress.stage("removals", &remark);
            }
            for output in outputs.iter().filter(|output| output.is_stale()) {
                outcome = Outcome::Stale;
                let name = relative(&output.path, &root);
                say(
                    out,
                    &format!("{name} is stale: run `cargo xtask update-spec{}`", self.mend()),
                )?;
            }
            progress.stage("check", if outcome == Outcome::Done { "fresh" } else { "stale" });
        } else if !self.attempt {
            // The report belongs to what is written: all of it or none.
            outputs.extend(report);
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

/// Generates the client as build.rs will; a panic of the generator is an error like any other.
fn generated(client: &[u8]) -> Result<String, Problem> {
    let mend = "correct the description with an overlay action, or add a rule to xtask/src/lower";
    let text = String::from_utf8_lossy(client);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| generate(&text)));
    std::panic::set_hook(hook);
    match result {
        Ok(Ok(code)) => Ok(code),
        Ok(Err(error)) => Err(Problem::new("generate", error, mend)),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it panicked");
            Err(Problem::new("generate", format!("the generator gave up: {message}"), mend))
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

fn say(out: &mut dyn Write, line: &str) -> Result<(), Problem> {
    writeln!(out, "{line}")
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
        let what: String = what.chars().filter(|c| !c.is_control()).collect();
        // Progress is not worth failing for.
        let _ = writeln!(self.err, "{name:<10}{what} ({took} ms)");
        self.started = Instant::now();
    }
}

#[cfg(test)]
mod tests;

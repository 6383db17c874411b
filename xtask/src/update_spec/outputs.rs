//! The files that a run may write.

use std::path::Path;

use super::stages::New;
use super::{Input, Reports, UpdateSpec};
use crate::fetch::Source;
use crate::report::Report;
use crate::write::{Digests, Output, Provenance, canonical, sha256};
use openapi_lowering::problem::Problem;

/// The files that adopt a description.
pub(super) fn adopted(input: &Input, new: &New) -> Result<Vec<Output>, Problem> {
    let (openapi, root) = (input.openapi(), &input.root);
    let vendored = openapi.join("published.yaml");
    let provenance_file = openapi.join("provenance.toml");
    let provenance = Provenance {
        source: source_name(&input.source, &vendored, &provenance_file),
        version: new.ready.summary.version.clone(),
        etag: etag(input, &provenance_file),
        sha256: Digests {
            published: sha256(&input.published),
            overlay: sha256(&input.overlay),
            lowered: sha256(&new.ready.client),
        },
    };
    let output = |path, bytes| Output { path, bytes };
    // The provenance is moved last: until then its digests show that the other files are new.
    Ok(vec![
        output(vendored, input.published.clone()),
        output(root.join("crates/fake/openapi/overlaid.json"), canonical(&new.document)),
        output(openapi.join("lowered.json"), new.ready.client.clone()),
        output(root.join("src/prebuilt.rs"), new.code.clone().into_bytes()),
        output(root.join("tests/golden/surface.txt"), new.surface.listing().into_bytes()),
        output(provenance_file, provenance.to_bytes()?),
    ])
}

/// The reports that the arguments ask for.
pub(super) fn of_reports(
    task: &UpdateSpec,
    input: &Input,
    report: &Report<'_>,
) -> Result<Reports, Problem> {
    let markdown = task
        .report
        .iter()
        .map(|path| Output { path: path.clone(), bytes: report.to_markdown().into_bytes() });
    let json = task.report_json.iter().map(|path| Output {
        path: path.clone(),
        bytes: format!("{:#}\n", report.to_json()).into_bytes(),
    });
    let path = input.root.join("CHANGELOG.md");
    let changelog = match task.changelog && report.differs() {
        true => {
            let bytes = report.in_changelog(&read_text(&path)?).into_bytes();
            Some(Output { path, bytes })
        }
        false => None,
    };
    Ok(Reports { files: markdown.chain(json).collect(), changelog })
}

pub(super) fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Reads a text file that may be missing.
fn read_text(path: &Path) -> Result<String, Problem> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => {
            let fix = "make it readable and run the command again";
            Err(Problem::new(path.display().to_string(), error.to_string(), fix))
        }
    }
}

/// The server's name for the description. While the description stays, so does the name, because servers
/// may have several for the same bytes.
fn etag(input: &Input, provenance: &Path) -> Option<String> {
    let known = Provenance::read(provenance)
        .filter(|known| known.sha256.published == sha256(&input.published));
    known.map_or_else(|| input.etag.clone(), |known| known.etag.or_else(|| input.etag.clone()))
}

/// The name of the source for the provenance. The vendored file came from where its provenance
/// says, so reading it again is not a new source.
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

/// The code of the fake's operations. It has the names of those that the fake serves; without it the
/// fake serves none.
pub(super) fn code_of_fake(root: &Path) -> String {
    let entries = std::fs::read_dir(root.join("crates/fake/src/operations"));
    let files = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

//! The base: the description that a new one is compared with.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Limits;
use crate::fetch;
use openapi_lowering::problem::Problem;

/// The files of a base.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Files {
    /// Where they come from, for the reader.
    pub(super) name: String,
    pub(super) published: Vec<u8>,
    pub(super) overlay: Vec<u8>,
    /// The committed listing of its surface, where there is one.
    pub(super) listing: Option<String>,
}

/// Reads the vendored description as it is on disk; none on the first run.
pub(super) fn vendored(root: &Path, limits: &Limits) -> Result<Option<Files>, Problem> {
    let openapi = root.join("openapi");
    if !openapi.join("published.yaml").exists() {
        return Ok(None);
    }
    let listing = std::fs::read_to_string(root.join("tests/golden/surface.txt")).ok();
    let files = folder(&openapi, "the vendored description", limits)?;
    Ok(Some(Files { listing, ..files }))
}

/// Reads the base that was asked for: a folder if there is one of that name, or else a revision.
pub(super) fn named(base: &str, root: &Path, limits: &Limits) -> Result<Files, Problem> {
    let path = Path::new(base);
    if path.is_dir() {
        return folder(path, base, limits);
    }
    revision(base, root, limits)
}

fn folder(path: &Path, name: &str, limits: &Limits) -> Result<Files, Problem> {
    Ok(Files {
        name: name.to_owned(),
        published: fetch::read(&path.join("published.yaml"), limits)?,
        overlay: fetch::read(&path.join("overlay.yaml"), limits)?,
        listing: None,
    })
}

/// Reads the files as they were at a revision of the repository.
fn revision(name: &str, root: &Path, limits: &Limits) -> Result<Files, Problem> {
    let fix = "give --base a folder with published.yaml and overlay.yaml, or a git revision";
    let problem = |what: &str| Problem::new(format!("--base {name}"), what, fix);
    // What begins with a hyphen would be an option, and what has a colon a file.
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == ':';
    if name.is_empty() || name.starts_with('-') || name.contains(odd) {
        return Err(problem("this is neither a folder nor the name of a revision"));
    }
    let git = |arguments: &[&str]| -> Result<Option<Vec<u8>>, Problem> {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
        let output = output.map_err(|error| problem(&format!("git does not run: {error}")))?;
        Ok(output.status.success().then_some(output.stdout))
    };
    if git(&["rev-parse", "--git-dir"])?.is_none() {
        return Err(problem("there is no such folder, and the workspace is not a git repository"));
    }
    let commit = format!("{name}^{{commit}}");
    let commit = git(&["rev-parse", "--verify", "--quiet", &commit])?;
    let commit = commit.and_then(|id| String::from_utf8(id).ok());
    let commit = commit.ok_or_else(|| problem("there is no such folder or revision"))?;
    // The bytes as they are committed, without what a checkout may do to them.
    let read = |file: &str| git(&["cat-file", "blob", &format!("{}:./{file}", commit.trim())]);
    let file = |file: &str| match read(file)? {
        None => Err(problem(&format!("the revision has no {file}"))),
        Some(bytes) if bytes.len() > limits.bytes() => Err(limits.too_large(file)),
        Some(bytes) => Ok(bytes),
    };
    let listing = read("tests/golden/surface.txt")?;
    Ok(Files {
        name: name.to_owned(),
        published: file("openapi/published.yaml")?,
        overlay: file("openapi/overlay.yaml")?,
        listing: listing.and_then(|bytes| String::from_utf8(bytes).ok()),
    })
}

/// The version that a description gives itself.
pub(super) fn version(document: &Value) -> String {
    let version = document.pointer("/info/version").and_then(Value::as_str);
    version.unwrap_or("unknown").to_owned()
}

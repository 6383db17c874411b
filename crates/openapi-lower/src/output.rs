//! Files: rendered, compared, and replaced as a whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use openapi_lowering::problem::Problem;
use serde_json::Value;

use crate::arguments::{Format, is_standard};

/// Returns the document with a final newline.
pub(crate) fn render(document: &Value, format: Format) -> Result<Vec<u8>, Problem> {
    let rendered = match format {
        Format::Json => serde_json::to_string_pretty(document).map_err(|error| error.to_string()),
        Format::Yaml => serde_yaml::to_string(document).map_err(|error| error.to_string()),
    };
    let mut text = rendered.map_err(|error| {
        Problem::new("the result", error, "write it in the other format with --format")
    })?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text.into_bytes())
}

pub(crate) fn is_up_to_date(path: &Path, bytes: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|found| found == bytes)
}

/// Writes to standard output, or replaces a file whose bytes differ.
///
/// A new file is complete on disk before it is moved into place, so that nobody sees half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if is_standard(path) {
        let mut output = std::io::stdout().lock();
        let written = output.write_all(bytes).and_then(|()| output.flush());
        return written.map_err(|error| {
            Problem::new("standard output", error.to_string(), "check what reads it")
        });
    }
    if is_up_to_date(path, bytes) {
        return Ok(());
    }
    replace(path, bytes).map_err(|error| {
        let fix = "name a file in a folder that exists and is writable";
        Problem::new(path.display().to_string(), error.to_string(), fix)
    })
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A link stays, and what it leads to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    // The message about a temporary file would name that file.
    std::fs::metadata(&folder)?;
    let mut file = tempfile::Builder::new().prefix(".openapi-lower-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    set_permissions(file.path(), &path)?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private. The new file has the permissions of the old one, or those that
/// everybody can read.
fn set_permissions(file: &Path, old: &Path) -> std::io::Result<()> {
    if let Ok(metadata) = std::fs::metadata(old) {
        return std::fs::set_permissions(file, metadata.permissions());
    }
    readable_by_all(file)
}

#[cfg(unix)]
fn readable_by_all(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

//! The file by which one job hands a run to another.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use k6_cloud::RunReference;

/// Reads a file that [`write`] wrote.
///
/// # Errors
///
/// A sentence for the user.
pub(crate) fn read(path: &Path) -> Result<RunReference, String> {
    let shown = path.display();
    let text = fs::read(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    serde_json::from_slice(&text).map_err(|error| {
        format!("{shown} is not a file that `k6-gate run --detach` wrote: {error}")
    })
}

/// Writes a file, which is complete as soon as it has its name.
///
/// # Errors
///
/// A sentence for the user.
pub(crate) fn write(path: &Path, run: &RunReference) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    let text = serde_json::to_vec(run).map_err(|error| failed(error.into()))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file =
        tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(&text).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Checks that a file can be written later, after something that cannot be undone.
///
/// # Errors
///
/// A sentence for the user.
pub(crate) fn check_writable(path: &Path) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let probe = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    match probe {
        Ok(_) if path.is_dir() => Err(format!("{} is a folder", path.display())),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{} cannot be written: {error}", path.display())),
    }
}

//! The file by which one job hands a run to another.

use std::path::Path;
use std::{fs, io};

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
    let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let text = serde_json::to_vec(run).map_err(|error| failed(error.into()))?;
    whole_file::write(path, &text).map_err(failed)
}

#![doc = include_str!("../README.md")]

mod all;
mod target;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use self::all::{FileError, write_all};
use self::target::Target;

/// Writes a file as a whole, or writes to a device, a pipe or a socket.
///
/// The folder must exist; [`probe`] creates it. A path that leads to the standard output or the standard
/// error of this process, such as `/dev/stdout`, is written to that stream.
///
/// # Errors
///
/// If the file cannot be written. The old file is then as it was.
pub fn write(path: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    match Target::of(path.as_ref())? {
        Target::File(path) => {
            let file = stage(&path, bytes)?;
            persist(file, &path)
        }
        target => target.write_to(bytes),
    }
}

/// Writes a file like [`write()`], unless it has these bytes already. Returns whether it was written.
///
/// # Errors
///
/// If the file cannot be written. The old file is then as it was.
pub fn write_if_changed(path: impl AsRef<Path>, bytes: &[u8]) -> io::Result<bool> {
    let path = path.as_ref();
    if has_bytes(path, bytes) {
        return Ok(false);
    }
    write(path, bytes).map(|()| true)
}

/// Returns whether a regular file has exactly these bytes. Devices and pipes are never read.
pub fn has_bytes(path: impl AsRef<Path>, bytes: &[u8]) -> bool {
    let path = path.as_ref();
    let is_alike = |found: fs::Metadata| found.is_file() && found.len() == bytes.len() as u64;
    path.metadata().is_ok_and(is_alike) && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Returns whether a path is for a file that [`write()`] replaces as a whole, and not for a device, a pipe, a
/// socket or a standard stream, which get all that is written to them.
pub fn is_replaceable(path: impl AsRef<Path>) -> bool {
    matches!(Target::of(path.as_ref()), Ok(Target::File(_)) | Err(_))
}

/// Checks that a path can be written later, and creates the folders that are missing.
///
/// Nothing else is left behind. If the check fails, the folders that it created are removed.
///
/// # Errors
///
/// If the path could not be written.
pub fn probe(path: impl AsRef<Path>) -> io::Result<()> {
    let path = match Target::of(path.as_ref())? {
        Target::File(path) => path,
        target => return target.probe(),
    };
    let folder = folder_of(&path);
    let created = create_folders(folder)?;
    let probed = temporary_in(folder).map(drop);
    if probed.is_err() {
        remove_folders(&created);
    }
    probed
}

/// Returns the path that a file written to `path` has in the end: links are followed, and a relative path
/// is made absolute. Two paths with the same result are the same file.
///
/// # Errors
///
/// If the path cannot be followed, such as links in a circle.
pub fn destination(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = target::followed(path.as_ref())?;
    // The file may not exist yet, and neither may its folders.
    let mut missing = Vec::new();
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    loop {
        match existing.canonicalize() {
            Ok(found) => return Ok(missing.iter().rev().fold(found, |path, name| path.join(name))),
            Err(error) => match (existing.parent(), existing.file_name()) {
                (Some(parent), Some(name)) => {
                    missing.push(name);
                    existing = parent;
                }
                _ => return Err(error),
            },
        }
    }
}

/// Writes a new file beside its place.
fn stage(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = temporary_in(folder_of(path))?;
    file.write_all(bytes)?;
    if let Ok(old) = path.metadata() {
        target::keep_owner(file.as_file(), &old);
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Moves a new file to its place.
fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map_err(|failure| failure.error)?;
    // The name is safe once the folder is. Not every system can sync a folder.
    if let Ok(folder) = File::open(folder_of(path)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Creates a temporary file with the permissions of any new file. By default, it would be private.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    // Otherwise the message names the temporary file.
    let open = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    let file = tempfile::Builder::new().prefix(".").suffix(".tmp").make_in(folder, open)?;
    let (file, path) = file.into_parts();
    Ok(NamedTempFile::from_parts(file, path))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Creates the folders that are missing, and returns them, the outermost first.
fn create_folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let missing = folder.ancestors().take_while(|folder| {
        !folder.as_os_str().is_empty() && matches!(folder.try_exists(), Ok(false))
    });
    let mut missing: Vec<_> = missing.map(Path::to_owned).collect();
    missing.reverse();
    if let Err(error) = fs::create_dir_all(folder) {
        remove_folders(&missing);
        return Err(error);
    }
    Ok(missing)
}

/// Removes folders that are empty. One that is in use by now stays.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

#[cfg(test)]
mod tests;

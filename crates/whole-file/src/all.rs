//! Several files, or none.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::target::Target;
use crate::{destination, has_bytes, persist, stage, write};

/// A file that could not be written.
#[derive(Debug)]
pub struct FileError {
    /// The path as it was given.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
}

impl FileError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { path: path.to_owned(), error }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be written: {}", self.path.display(), self.error)
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// A new file that waits for its name.
struct Staged<'a> {
    given: &'a Path,
    path: PathBuf,
    file: NamedTempFile,
}

/// A file that has its name, and what was there before.
struct Moved {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

/// Writes those files that do not have their bytes yet, or none, and returns their paths.
///
/// All new files are complete on the disk before the first gets its name. If one cannot be moved, the
/// files that were moved before it get their old bytes back. Devices and pipes are written to last,
/// because that cannot be undone.
///
/// # Errors
///
/// If a file cannot be written, or if two paths are the same file. All files are then as they were, unless
/// the error is about one that could not be restored.
pub fn write_all<P: AsRef<Path>, B: AsRef<[u8]>>(
    files: &[(P, B)],
) -> Result<Vec<PathBuf>, FileError> {
    let (mut staged, mut devices, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for (given, bytes) in files {
        let (given, bytes) = (given.as_ref(), bytes.as_ref());
        match Target::of(given).map_err(FileError::at(given))? {
            Target::File(path) => {
                let place = destination(&path).map_err(FileError::at(given))?;
                if seen.contains(&place) {
                    let twice = io::Error::other("two of the files have this path");
                    return Err(FileError { path: given.to_owned(), error: twice });
                }
                seen.push(place);
                if !has_bytes(&path, bytes) {
                    let file = stage(&path, bytes).map_err(FileError::at(given))?;
                    staged.push(Staged { given, path, file });
                }
            }
            target => devices.push((given, target, bytes)),
        }
    }
    let mut written: Vec<_> = staged.iter().map(|staged| staged.given.to_owned()).collect();
    let mut moved = Vec::new();
    for Staged { given, path, file } in staged {
        let before = std::fs::read(&path).ok();
        match persist(file, &path) {
            Ok(()) => moved.push(Moved { path, before }),
            Err(error) => return Err(restored(&moved, FileError::at(given)(error))),
        }
    }
    for (given, target, bytes) in devices {
        if let Err(error) = target.write_to(bytes) {
            return Err(restored(&moved, FileError::at(given)(error)));
        }
        written.push(given.to_owned());
    }
    Ok(written)
}

/// Restores all files, and returns the error that matters: that of a file that is not as it was.
fn restored(moved: &[Moved], error: FileError) -> FileError {
    let mut error = error;
    for Moved { path, before } in moved.iter().rev() {
        let restored = match before {
            Some(bytes) => write(path, bytes),
            None => std::fs::remove_file(path),
        };
        if let Err(failure) = restored {
            error = FileError::at(path)(failure);
        }
    }
    error
}

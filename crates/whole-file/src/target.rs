//! What a path leads to.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many links are followed, as Linux does.
const MAX_LINKS: usize = 40;

/// What a path leads to.
pub(crate) enum Target {
    /// A regular file, or none yet. Links have been followed.
    File(PathBuf),
    /// A device or a pipe.
    Device(PathBuf),
    #[cfg(unix)]
    Socket(PathBuf),
    /// The standard output of this process, whatever it is.
    Stdout,
    /// The standard error of this process, whatever it is.
    Stderr,
}

impl Target {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let found = match path.metadata() {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return followed(path).map(Self::File);
            }
            Err(error) => return Err(error),
        };
        if found.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if let Some(stream) = stream(&found) {
            return Ok(stream);
        }
        if found.is_file() {
            return followed(path).map(Self::File);
        }
        #[cfg(unix)]
        if std::os::unix::fs::FileTypeExt::is_socket(&found.file_type()) {
            return Ok(Self::Socket(path.to_owned()));
        }
        Ok(Self::Device(path.to_owned()))
    }

    /// Writes to what cannot be replaced.
    pub(crate) fn write_to(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::File(path) | Self::Device(path) => {
                OpenOptions::new().write(true).open(path)?.write_all(bytes)
            }
            #[cfg(unix)]
            Self::Socket(path) => std::os::unix::net::UnixStream::connect(path)?.write_all(bytes),
            Self::Stdout => {
                let mut stream = io::stdout().lock();
                stream.write_all(bytes).and_then(|()| stream.flush())
            }
            Self::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    /// Checks that it may be written to, without opening it: a pipe would wait for its reader.
    pub(crate) fn probe(&self) -> io::Result<()> {
        match self {
            #[cfg(unix)]
            Self::File(path) | Self::Device(path) | Self::Socket(path) => {
                Ok(rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?)
            }
            #[cfg(not(unix))]
            Self::File(_) | Self::Device(_) => Ok(()),
            Self::Stdout | Self::Stderr => Ok(()),
        }
    }
}

/// Returns the standard stream that is the same file. A shell may have led it to a regular file, which
/// must not be replaced under the stream.
#[cfg(unix)]
fn stream(found: &Metadata) -> Option<Target> {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    let is_same = |stream: std::os::fd::BorrowedFd<'_>| {
        let owned = stream.try_clone_to_owned();
        let stream = owned.and_then(|owned| fs::File::from(owned).metadata());
        stream.is_ok_and(|stream| (stream.dev(), stream.ino()) == (found.dev(), found.ino()))
    };
    match () {
        () if is_same(io::stdout().as_fd()) => Some(Target::Stdout),
        () if is_same(io::stderr().as_fd()) => Some(Target::Stderr),
        () => None,
    }
}

#[cfg(not(unix))]
fn stream(_: &Metadata) -> Option<Target> {
    None
}

/// Follows the links at the end of a path, also to a file that does not exist yet.
pub(crate) fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if !is_link {
            return Ok(path);
        }
        let target = fs::read_link(&path)?;
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::Error::other("there are too many symbolic links"))
}

/// Gives a new file the owner of the old one, if this process may.
#[cfg(unix)]
pub(crate) fn keep_owner(file: &fs::File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_same = file.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (old.uid(), old.gid()));
    if !is_same {
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
pub(crate) fn keep_owner(_: &fs::File, _: &Metadata) {}

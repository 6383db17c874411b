//! The scripts of test runs and load tests: downloaded, and uploaded.

mod create;
mod download;
mod form;
mod source;
mod upload;

use bytes::Bytes;

pub use self::create::CreateLoadTest;
pub use self::download::{LoadTestScript, TestRunScript, Written};
pub use self::source::ScriptSource;
pub use self::upload::UploadLoadTestScript;

const JAVASCRIPT: &str = "text/javascript";
const ARCHIVE: &str = "application/x-tar";
/// Where a tar archive has its magic bytes, and which.
const MAGIC: (usize, &[u8]) = (257, b"ustar");

/// A script that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Script {
    /// A single file of JavaScript.
    JavaScript(String),
    /// A k6 archive, which is a tar file: the script with the files that it needs.
    Archive(Bytes),
}

impl Script {
    /// Returns which kind of script it is.
    pub fn kind(&self) -> ScriptKind {
        match self {
            Self::JavaScript(_) => ScriptKind::JavaScript,
            Self::Archive(_) => ScriptKind::Archive,
        }
    }

    /// Returns the script as it came.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::JavaScript(text) => text.as_bytes(),
            Self::Archive(bytes) => bytes,
        }
    }
}

/// The kinds of [`Script`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptKind {
    /// A single file of JavaScript, `.js`.
    JavaScript,
    /// A k6 archive, `.tar`.
    Archive,
}

impl ScriptKind {
    /// Returns the media type by which scripts of this kind are asked for.
    fn media_type(self) -> &'static str {
        match self {
            Self::JavaScript => JAVASCRIPT,
            Self::Archive => ARCHIVE,
        }
    }

    /// Returns the extension that files of this kind have: `js` or `tar`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::JavaScript => "js",
            Self::Archive => "tar",
        }
    }
}

/// Whether these are the first bytes of a tar archive.
fn is_archive(head: &[u8]) -> bool {
    head.get(MAGIC.0..).is_some_and(|rest| rest.starts_with(MAGIC.1))
}

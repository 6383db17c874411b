//! Scripts of test runs and load tests: downloads and uploads.

mod create;
mod download;
mod form;
mod kind;
mod source;
mod upload;

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub use self::create::CreateLoadTest;
pub use self::download::{ScriptDownload, WrittenScript};
pub(crate) use self::source::Reader;
pub use self::source::ScriptSource;
pub use self::upload::UploadLoadTestScript;

const JAVASCRIPT: &str = "text/javascript";
const ARCHIVE: &str = "application/x-tar";

/// A script that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Script {
    /// A single file of JavaScript.
    JavaScript(String),
    /// A k6 archive: a tar file with the script and the files that it needs, perhaps compressed.
    Archive(Bytes),
}

impl Script {
    /// Returns the kind of the script.
    pub fn kind(&self) -> ScriptKind {
        match self {
            Self::JavaScript(_) => ScriptKind::JavaScript,
            Self::Archive(_) => ScriptKind::Archive,
        }
    }

    /// Returns the bytes of the script.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::JavaScript(text) => text.as_bytes(),
            Self::Archive(bytes) => bytes,
        }
    }
}

/// The kinds of [`Script`]. Serializes as `javascript` or `archive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ScriptKind {
    /// A single file of JavaScript, `.js`.
    JavaScript,
    /// A k6 archive, `.tar`.
    Archive,
}

impl ScriptKind {
    /// Returns the media type of scripts of this kind.
    fn media_type(self) -> &'static str {
        match self {
            Self::JavaScript => JAVASCRIPT,
            Self::Archive => ARCHIVE,
        }
    }

    /// Returns the file extension: `js` or `tar`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::JavaScript => "js",
            Self::Archive => "tar",
        }
    }
}

impl fmt::Display for ScriptKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::JavaScript => "a JavaScript file",
            Self::Archive => "a k6 archive",
        })
    }
}

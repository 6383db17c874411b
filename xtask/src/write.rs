//! The write stage: what is written, and its digests.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use openapi_lowering::problem::Problem;

/// A file with the bytes that it shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

impl Output {
    /// Whether the file does not have these bytes already.
    pub(crate) fn is_stale(&self) -> bool {
        !whole_file::has_bytes(&self.path, &self.bytes)
    }
}

/// Writes the files that are stale, or none of them, and returns their paths.
pub(crate) fn write(outputs: &[Output]) -> Result<Vec<PathBuf>, Problem> {
    let files: Vec<_> = outputs.iter().map(|output| (&output.path, &output.bytes)).collect();
    whole_file::write_all(&files).map_err(|failure| {
        let fix = "make the folder writable and try again";
        Problem::new(failure.path.display().to_string(), failure.error.to_string(), fix)
    })
}

/// A document as canonical JSON: keys sorted, two spaces, LF, final newline.
pub(crate) fn canonical(document: &Value) -> Vec<u8> {
    // `Value`'s map is sorted as long as no crate turns on serde_json's `preserve_order`; the
    // test below would notice.
    let mut text = format!("{document:#}").into_bytes();
    text.push(b'\n');
    text
}

/// Where the vendored description comes from, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provenance {
    /// The address, or the name of the file.
    pub(crate) source: String,
    /// The description's own version.
    pub(crate) version: String,
    /// The address's name for the published description, by which it can say that nothing has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    pub(crate) sha256: Digests,
}

/// SHA-256 of each file, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digests {
    pub(crate) published: String,
    pub(crate) overlay: String,
    pub(crate) lowered: String,
}

impl Provenance {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Problem> {
        let table = toml::to_string(self).map_err(|error| {
            Problem::new("provenance.toml", error.to_string(), "correct xtask/src/write.rs")
        })?;
        let head = "# Written by `cargo xtask update-spec`; not edited by hand.\n";
        Ok(format!("{head}{table}").into_bytes())
    }

    /// Reads the file; none, or one that does not parse, is none.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        toml::from_str(&std::fs::read_to_string(path).ok()?).ok()
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Output, canonical, sha256, write};

    #[test]
    fn canonical_json_is_sorted() {
        let text = canonical(&json!({"b": 1, "a": {"d": [], "c": 2}}));
        let expected = "{\n  \"a\": {\n    \"c\": 2,\n    \"d\": []\n  },\n  \"b\": 1\n}\n";
        assert_eq!(String::from_utf8_lossy(&text), expected);
    }

    #[test]
    fn equal_bytes_are_not_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = Output { path: folder.path().join("a"), bytes: b"x".to_vec() };
        assert_eq!(write(std::slice::from_ref(&output)), Ok(vec![output.path.clone()]));
        assert_eq!(write(&[output]), Ok(vec![]));
    }

    #[test]
    fn failure_of_one_file_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = folder.path().join("a");
        std::fs::write(&first, "old").expect("writes");
        let outputs = [
            Output { path: first.clone(), bytes: b"new".to_vec() },
            Output { path: folder.path().join("missing/b"), bytes: b"new".to_vec() },
        ];
        assert!(write(&outputs).is_err());
        assert_eq!(std::fs::read(&first).expect("reads"), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn pipe_is_written_to_and_stays() {
        use std::os::unix::fs::FileTypeExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.md");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        let reader = std::thread::spawn({
            let path = path.clone();
            move || std::fs::read(path).expect("reads")
        });
        let outputs = [Output { path: path.clone(), bytes: b"new".to_vec() }];
        assert_eq!(write(&outputs), Ok(vec![path.clone()]));
        assert!(path.symlink_metadata().expect("a pipe").file_type().is_fifo());
        assert_eq!(reader.join().expect("the reader"), b"new");
    }

    #[test]
    fn digest_is_the_usual_one() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
}

//! The options in a k6 archive.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The file with the options that k6 has found in the script.
const METADATA: &str = "metadata.json";
/// The first bytes of a compressed archive.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// How much of an archive is read at most. The metadata comes first.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
struct Metadata {
    options: Option<Map<String, Value>>,
}

/// Returns the options in an archive, if it has any; `None` if the bytes are not an archive, such as a
/// script in JavaScript.
pub(super) fn options(bytes: &[u8]) -> Option<Option<Map<String, Value>>> {
    // A file in JavaScript does not read as a tar file.
    read(unpacked(bytes)).ok()
}

/// Returns whether two scripts do the same: equal bytes, or archives with equal files and options. The
/// times in an archive, and what it says of the machine, differ each time it is made.
pub(crate) fn same_script(one: &[u8], other: &[u8]) -> bool {
    let of_archive = |bytes| Some((options(bytes)?, files(unpacked(bytes)).ok()?));
    let is_equal = |one, other| of_archive(one).is_some_and(|one| Some(one) == of_archive(other));
    one == other || is_equal(one, other)
}

/// Returns the files of an archive, without the metadata.
fn files(content: impl Read) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(content).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        if path != Path::new(METADATA) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(path, bytes);
        }
    }
    Ok(files)
}

fn unpacked(bytes: &[u8]) -> impl Read + '_ {
    let content: Box<dyn Read + '_> = match bytes.starts_with(GZIP) {
        true => Box::new(GzDecoder::new(bytes)),
        false => Box::new(bytes),
    };
    content.take(MOST_BYTES)
}

fn read(content: impl Read) -> io::Result<Option<Map<String, Value>>> {
    let mut archive = tar::Archive::new(content);
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.path()?.as_ref() == Path::new(METADATA) {
            let metadata: Metadata = serde_json::from_reader(entry)?;
            return Ok(metadata.options);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, text.as_bytes()).expect("appended");
        }
        builder.into_inner().expect("an archive")
    }

    fn compressed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("compressed");
        encoder.finish().expect("compressed")
    }

    fn vus(content: &[u8]) -> Option<i64> {
        options(content)??.get("vus")?.as_i64()
    }

    #[test]
    fn archives_with_equal_files_are_the_same_script() {
        let metadata = |machine| format!(r#"{{"options": {{"vus": 7}}, "pwd": "{machine}"}}"#);
        let of = |metadata: &str, data| archive(&[("metadata.json", metadata), ("data", data)]);
        let one = of(&metadata("a"), "x");
        assert!(same_script(&one, &of(&metadata("b"), "x")));
        assert!(same_script(&one, &compressed(&of(&metadata("b"), "x"))));
        assert!(!same_script(&one, &of(&metadata("a"), "y")));
        assert!(!same_script(&one, &of(r#"{"options": {"vus": 8}}"#, "x")));
        assert!(same_script(b"a", b"a") && !same_script(b"a", b"b") && !same_script(b"a", &one));
    }

    #[test]
    fn options_are_those_of_the_metadata() {
        let metadata = r#"{"type": "js", "options": {"vus": 7, "duration": "1m"}}"#;
        let plain = archive(&[("metadata.json", metadata), ("data", "export default () => {}")]);
        assert_eq!(vus(&plain), Some(7));
        assert_eq!(vus(&compressed(&plain)), Some(7));
        let last = archive(&[("data", "metadata.json"), ("metadata.json", metadata)]);
        assert_eq!(vus(&last), Some(7));
        for (name, content) in [
            ("empty", Vec::new()),
            ("JavaScript", b"export const options = { vus: 7 };".repeat(50)),
            ("cut off", plain[..300].to_vec()),
            ("cut off, compressed", compressed(&plain)[..40].to_vec()),
            ("without metadata", archive(&[("data", "x")])),
            ("without options", archive(&[("metadata.json", "{}")])),
            ("not JSON", archive(&[("metadata.json", "vus: 7")])),
            ("elsewhere", archive(&[("files/metadata.json", metadata)])),
        ] {
            assert_eq!(vus(&content), None, "{name}");
        }
        assert_eq!(options(b"export const options = { vus: 7 };"), None);
        assert_eq!(options(&archive(&[("data", "x")])), Some(None));
    }
}

//! The script of a test run or a load test: one JavaScript file, or a k6 archive.

use serde_json::{Value, json};

use super::run::Run;

/// The form in which a script is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptKind {
    /// One file, served as `text/javascript`.
    JavaScript,
    /// A k6 archive, served as `application/x-tar`.
    Archive,
    /// These bytes with this content type, whatever they are.
    Raw {
        /// The `Content-Type` that the bytes are served with.
        content_type: String,
        /// The bytes.
        body: Vec<u8>,
    },
}

const BLOCK: usize = 512;

/// The media type of one file.
pub(super) const JAVASCRIPT: &str = "text/javascript";

/// The media type of a k6 archive.
pub(super) const TAR: &str = "application/x-tar";

impl ScriptKind {
    /// Returns the script that an upload is: whatever is no tar archive is taken for JavaScript.
    pub(super) fn uploaded(body: &[u8]) -> Self {
        let is_tar = body.get(257..262) == Some(b"ustar");
        let content_type = if is_tar { TAR } else { JAVASCRIPT };
        Self::Raw { content_type: content_type.to_owned(), body: body.to_vec() }
    }

    /// Returns the content type.
    pub(super) fn content_type(&self) -> &str {
        match self {
            Self::JavaScript => JAVASCRIPT,
            Self::Archive => TAR,
            Self::Raw { content_type, .. } => content_type,
        }
    }

    /// Returns the bytes of the script of a load test, with `options` where they are made here.
    pub(super) fn bytes(&self, load_test: i64, options: &Value) -> Vec<u8> {
        match self {
            Self::JavaScript => javascript(load_test, options).into_bytes(),
            Self::Archive => archive(load_test, options),
            Self::Raw { body, .. } => body.clone(),
        }
    }
}

impl Run {
    /// Returns the content type and the bytes of the run's script.
    pub(super) fn script_bytes(&self) -> (&str, Vec<u8>) {
        (self.script.content_type(), self.script.bytes(self.test_id, &self.options()))
    }
}

fn javascript(load_test: i64, options: &Value) -> String {
    format!(
        "import http from 'k6/http';\n\n\
         export const options = {options};\n\n\
         export default function () {{\n  \
         http.get('https://shop.example.com/load-tests/{load_test}');\n}}\n",
    )
}

fn archive(load_test: i64, options: &Value) -> Vec<u8> {
    let metadata = json!({
        "type": "js",
        "options": options,
        "filename": "file:///main.js",
        "pwd": "file:///",
        "env": {},
        "k6version": "1.3.0",
        "goos": "linux",
    });
    let script = javascript(load_test, options);
    tar(&[
        ("metadata.json", metadata.to_string().as_bytes()),
        ("data", script.as_bytes()),
        ("file/main.js", script.as_bytes()),
    ])
}

/// Returns a ustar archive of `files`, whose names have 100 bytes at most.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        archive.extend_from_slice(&header(name, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    // Two empty blocks mark the end.
    archive.resize(archive.len() + 2 * BLOCK, 0);
    archive
}

fn header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, field: &[u8]| {
        for (slot, byte) in header.iter_mut().skip(at).zip(field) {
            *slot = *byte;
        }
    };
    put(0, name.get(..100).unwrap_or(name).as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The checksum is taken with its own field full of spaces.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (slot, byte) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *slot = byte;
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octal(field: &[u8]) -> usize {
        let digits: String = field
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        usize::from_str_radix(&digits, 8).expect("an octal field")
    }

    #[test]
    fn tar_is_made_of_blocks_and_ends_with_two_empty_ones() {
        let archive = tar(&[("a", b"one"), ("b", &[7; 513])]);
        assert_eq!(archive.len(), BLOCK * (2 + 3 + 2));
        assert!(archive[BLOCK * 5..].iter().all(|byte| *byte == 0));
        assert_eq!(&archive[BLOCK..BLOCK + 3], b"one");
        assert_eq!(archive[BLOCK * 2], b'b');
    }

    #[test]
    fn tar_header_has_its_size_magic_and_checksum() {
        let archive = tar(&[("metadata.json", b"{}")]);
        assert!(archive.starts_with(b"metadata.json\0"));
        assert_eq!(octal(&archive[124..136]), 2);
        assert_eq!(&archive[257..265], b"ustar\x0000");
        let sum: usize = archive[..BLOCK]
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                let byte = if (148..156).contains(&at) { b' ' } else { *byte };
                usize::from(byte)
            })
            .sum();
        assert_eq!(octal(&archive[148..156]), sum);
    }

    #[test]
    fn tar_of_nothing_is_the_end_alone() {
        assert_eq!(tar(&[]), vec![0; 2 * BLOCK]);
    }
}

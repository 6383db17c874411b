//! The scripts of test runs and load tests: one JavaScript file, or a k6 archive.

pub(crate) mod options;
pub(crate) mod tar;

use std::borrow::Cow;
use std::io::Read as _;

use axum::body::Bytes;
use flate2::read::MultiGzDecoder;
use k6_cloud::ScriptKind;
use serde_json::{Value, json};

/// The media type of a JavaScript file.
pub(crate) const JAVASCRIPT: &str = "text/javascript";

/// The media type of a k6 archive.
pub(crate) const TAR: &str = "application/x-tar";

/// A script as the fake stores it.
#[derive(Clone, Debug)]
pub(crate) enum StoredScript {
    /// The fake writes it from the options of the run.
    Made(ScriptKind),
    /// These bytes.
    Uploaded { content_type: Cow<'static, str>, body: Bytes },
}

/// The largest archive that is unpacked from gzip.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

impl StoredScript {
    /// Takes an upload: a tar archive, packed with gzip or not, or a script in UTF-8. Otherwise
    /// says what the upload should have been.
    pub(crate) fn upload(body: Bytes) -> Result<Self, &'static str> {
        let content_type = if body.is_empty() {
            return Err("the script is empty");
        } else if is_archive(&body) {
            TAR
        } else if std::str::from_utf8(&body).is_ok() {
            JAVASCRIPT
        } else {
            return Err("the script must be JavaScript in UTF-8, or a k6 archive");
        };
        Ok(Self::Uploaded { content_type: content_type.into(), body })
    }

    /// Returns the options in the `metadata.json` of an uploaded archive. Those of a JavaScript
    /// file are only known to a JavaScript engine, which the fake does not have.
    pub(crate) fn archived_options(&self) -> Option<Value> {
        let Self::Uploaded { body, .. } = self else { return None };
        let unpacked = unpack(body);
        let metadata = tar::find(unpacked.as_deref().unwrap_or(body), "metadata.json")?;
        let mut metadata: Value = serde_json::from_slice(metadata).ok()?;
        Some(metadata["options"].take()).filter(Value::is_object)
    }

    /// Returns the content type.
    pub(crate) fn content_type(&self) -> &str {
        match self {
            Self::Made(ScriptKind::Archive) => TAR,
            Self::Made(_) => JAVASCRIPT,
            Self::Uploaded { content_type, .. } => content_type,
        }
    }

    /// Returns the bytes. If the fake writes them, it takes `options` for the script's options.
    pub(crate) fn bytes(&self, load_test: i64, options: &Value) -> Vec<u8> {
        match self {
            Self::Made(ScriptKind::Archive) => archive(load_test, options),
            Self::Made(_) => javascript(load_test, options).into_bytes(),
            Self::Uploaded { body, .. } => body.to_vec(),
        }
    }
}

fn is_archive(body: &[u8]) -> bool {
    tar::is_tar(body) || unpack(body).is_some_and(|unpacked| tar::is_tar(&unpacked))
}

/// Unpacks gzip, `None` if the body is anything else.
fn unpack(body: &[u8]) -> Option<Vec<u8>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(body).take(MAX_UNPACKED).read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
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
    tar::pack(&[
        ("metadata.json", metadata.to_string().as_bytes()),
        ("data", script.as_bytes()),
        ("file/main.js", script.as_bytes()),
    ])
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn upload(body: &[u8]) -> Result<StoredScript, &'static str> {
        StoredScript::upload(Bytes::copy_from_slice(body))
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).expect("written to memory");
        encoder.finish().expect("finished")
    }

    #[test]
    fn uploads_are_told_apart_by_their_content() {
        let archive = archive(1, &json!({ "vus": 3 }));
        let content_type =
            |body: &[u8]| upload(body).map(|script| script.content_type().to_owned());
        assert_eq!(content_type(&archive).as_deref(), Ok(TAR));
        assert_eq!(content_type(&gzip(&archive)).as_deref(), Ok(TAR));
        assert_eq!(content_type("// größer".as_bytes()).as_deref(), Ok(JAVASCRIPT));
        assert!(content_type(b"\xff\xfe").is_err());
        assert!(content_type(&gzip(b"// a")).is_err());
        assert!(content_type(&gzip(&archive)[..40]).is_err());
    }

    #[test]
    fn options_of_an_archive_are_those_of_its_metadata() {
        let options = json!({ "vus": 3, "duration": "1m" });
        let archive = archive(1, &options);
        for body in [archive.clone(), gzip(&archive)] {
            assert_eq!(
                upload(&body).expect("an archive").archived_options(),
                Some(options.clone())
            );
        }
        for body in [b"export const options = {}".to_vec(), tar::pack(&[("data", b"{}")])] {
            assert_eq!(upload(&body).expect("a script").archived_options(), None);
        }
    }
}

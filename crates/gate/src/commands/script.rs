//! The script of a load test: from a file, from standard input, or from the service.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use k6_cloud::{Client, LoadTestId, ScriptSource};
use serde_json::{Map, Value};

use super::{archive, is_missing, literal};
use crate::exit::{Ending, with_causes};

/// The script as it was given.
#[derive(Clone, Debug)]
pub(super) struct GivenScript {
    /// What messages call it.
    shown: String,
    source: Content,
}

#[derive(Clone, Debug)]
enum Content {
    File(std::path::PathBuf),
    /// The bytes, and the name of the file that they are from.
    Bytes(Vec<u8>, Option<String>),
}

/// Returns whether the path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Checks a script without reading it.
pub(super) fn check(path: &Path) -> Result<(), Ending> {
    if is_stdin(path) {
        return Ok(());
    }
    let shown = path.display();
    // Opening a pipe would wait for its writer.
    let opened = path.metadata().and_then(|found| match found.is_file() {
        true => File::open(path).map(|_| found),
        false => Ok(found),
    });
    match opened {
        Ok(metadata) if metadata.is_dir() => {
            Err(Ending::settings(format!("the script {shown} is a folder")))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(Ending::settings(format!("the script {shown} cannot be read: {error}"))),
    }
}

impl GivenScript {
    /// Opens a script. With `keep`, its bytes are read now, and exactly these are uploaded later.
    pub(super) async fn open(path: &Path, keep: bool) -> Result<Self, Ending> {
        let is_stdin = is_stdin(path);
        let shown = match is_stdin {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        if !is_stdin && !keep {
            return Ok(Self { shown, source: Content::File(path.to_owned()) });
        }
        let failed = |error: io::Error| {
            Ending::settings(format!("the script {shown} cannot be read: {error}"))
        };
        let bytes = read(path.to_owned(), is_stdin).await.map_err(failed)?;
        if bytes.is_empty() {
            return Err(Ending::settings(format!("the script {shown} is empty")));
        }
        let name = path.file_name().filter(|_| !is_stdin);
        let name = name.map(|name| name.to_string_lossy().into_owned());
        Ok(Self { shown, source: Content::Bytes(bytes, name) })
    }

    /// Returns what is uploaded.
    pub(super) fn to_source(&self) -> ScriptSource {
        match &self.source {
            Content::File(path) => ScriptSource::path(path),
            Content::Bytes(bytes, name) => {
                let source = ScriptSource::bytes(bytes.clone());
                match name {
                    Some(name) => source.file_name(name),
                    None => source,
                }
            }
        }
    }

    /// Returns the options of a script that was kept.
    pub(super) fn options(&self) -> Result<Map<String, Value>, Ending> {
        let bytes = match &self.source {
            Content::Bytes(bytes, _) => bytes.as_slice(),
            Content::File(_) => &[],
        };
        options(bytes, &self.shown)
    }
}

/// Reads a file in a thread, which is left alone if the gate is interrupted meanwhile.
async fn read(path: std::path::PathBuf, is_stdin: bool) -> io::Result<Vec<u8>> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = match is_stdin {
            true => io::stdin().lock().read_to_end(&mut bytes),
            false => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
        };
        let _ = sender.send(read.map(|_| bytes));
    });
    receiver.await.map_err(io::Error::other)?
}

/// Returns the options of the script that a load test has now.
pub(super) async fn stored_options(
    client: &Client,
    load_test: LoadTestId,
) -> Result<Map<String, Value>, Ending> {
    let shown = format!("of load test {load_test}");
    match client.get_load_test_script(load_test).send().await {
        Ok(script) => options(script.as_bytes(), &shown),
        Err(error) if is_missing(&error) => Err(unknown(&shown, "it has no script")),
        Err(error) => {
            let ending = Ending::not_started(&error);
            let reason = format!("the script {shown} could not be read: {}", with_causes(&error));
            Err(Ending { reason, ..ending })
        }
    }
}

fn options(bytes: &[u8], shown: &str) -> Result<Map<String, Value>, Ending> {
    if let Some(options) = archive::options(bytes) {
        return options.ok_or_else(|| unknown(shown, "the archive has no options"));
    }
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|_| unknown(shown, "it is neither a k6 archive nor text"))?;
    literal::options(text).map_err(|why| unknown(shown, &why))
}

/// Returns the ending for options that cannot be read.
fn unknown(shown: &str, why: &str) -> Ending {
    Ending::settings(format!(
        "--max-vuh needs the options of the script {shown}, but {why}: run `k6 inspect SCRIPT > \
         options.json` and add --options options.json, or give an archive that `k6 archive` made; \
         nothing was uploaded or started"
    ))
}

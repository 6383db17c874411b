//! The script of a load test: from a file, from standard input, or from the service.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use k6_cloud::{Client, LoadTestId, ProjectId, ScriptSource};
use serde_json::{Map, Value};

use super::{archive, is_missing, literal};
use crate::exit::{Ending, with_causes};

/// The script as it was given.
#[derive(Clone, Debug)]
pub(super) struct GivenScript {
    /// What messages call it.
    shown: String,
    /// Exactly these are uploaded.
    bytes: Vec<u8>,
    /// The name of the file that they are from.
    file_name: Option<String>,
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
    /// Reads a script. It must be one that can run alone.
    pub(super) async fn open(path: &Path) -> Result<Self, Ending> {
        let is_stdin = is_stdin(path);
        let shown = match is_stdin {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        let failed = |error: io::Error| {
            Ending::settings(format!("the script {shown} cannot be read: {error}"))
        };
        let bytes = read(path.to_owned(), is_stdin).await.map_err(failed)?;
        if bytes.trim_ascii().is_empty() {
            return Err(Ending::settings(format!("the script {shown} is empty")));
        }
        let file_name = path.file_name().filter(|_| !is_stdin);
        let file_name = file_name.map(|name| name.to_string_lossy().into_owned());
        let script = Self { shown, bytes, file_name };
        script.check_files()?;
        Ok(script)
    }

    /// Returns an error if the script needs other files. They are not uploaded with it.
    fn check_files(&self) -> Result<(), Ending> {
        if archive::options(&self.bytes).is_some() {
            return Ok(());
        }
        let found = std::str::from_utf8(&self.bytes).ok().and_then(literal::local_file);
        let Some((path, line)) = found else { return Ok(()) };
        let shown = &self.shown;
        Err(Ending::settings(format!(
            "the script {shown} needs {path} (line {line}), but only the script itself would be uploaded: make \
             an archive with `k6 archive {shown} -O archive.tar`, and give that; or bundle the script and \
             its modules into one file"
        )))
    }

    /// Returns what is uploaded.
    pub(super) fn to_source(&self) -> ScriptSource {
        let source = ScriptSource::bytes(self.bytes.clone());
        match &self.file_name {
            Some(name) => source.file_name(name),
            None => source,
        }
    }

    /// Returns the name and the project in the options, as far as there are any that can be read.
    pub(super) fn names(&self) -> ScriptNames {
        self.options().map_or_else(|_| ScriptNames::default(), |options| ScriptNames::of(&options))
    }

    /// Returns the options of the script.
    pub(super) fn options(&self) -> Result<Map<String, Value>, Ending> {
        options(&self.bytes, &self.shown)
    }
}

/// What the options of a script say of its load test: `cloud`, or `ext.loadimpact` in old scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ScriptNames {
    pub(super) name: Option<String>,
    pub(super) project: Option<ProjectId>,
}

impl ScriptNames {
    fn of(options: &Map<String, Value>) -> Self {
        let old = options.get("ext").and_then(|ext| ext.get("loadimpact"));
        let sections: Vec<&Value> = [options.get("cloud"), old].into_iter().flatten().collect();
        let name = sections.iter().find_map(|section| section.get("name")?.as_str());
        let project = sections.iter().find_map(|section| match section.get("projectID")? {
            Value::Number(id) => id.as_i64(),
            Value::String(id) => id.parse().ok(),
            _ => None,
        });
        Self {
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
            // The tool writes 0 if there is none.
            project: project.filter(|id| *id > 0).map(ProjectId::new),
        }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ScriptNames;

    #[test]
    fn names_are_those_of_the_options() {
        for (options, name, project) in [
            (json!({"cloud": {"name": "A", "projectID": 7}}), Some("A"), Some(7)),
            (json!({"ext": {"loadimpact": {"name": "B", "projectID": "8"}}}), Some("B"), Some(8)),
            (
                json!({"cloud": {"name": "A"}, "ext": {"loadimpact": {"name": "B", "projectID": 8}}}),
                Some("A"),
                Some(8),
            ),
            (json!({"cloud": {"name": "", "projectID": 0}}), None, None),
            (json!({"cloud": null, "ext": 7}), None, None),
            (json!({}), None, None),
        ] {
            let found = ScriptNames::of(options.as_object().expect("an object"));
            assert_eq!(found.name.as_deref(), name, "{options}");
            assert_eq!(found.project, project.map(Into::into), "{options}");
        }
    }
}

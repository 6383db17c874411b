//! The configuration file of the k6 command-line tool: where it is, and what is taken from it.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value};

use super::settings::{OneLine, Source, Sourced};
use super::{CONFIG_FILE_VARIABLE, DEFAULT_BASE_URL, go_duration};
use crate::Error;
use crate::secret::Secret;

const TOKEN_KEY: &str = "collectors.cloud.token";
const STACK_ID_KEY: &str = "collectors.cloud.stackID";
const BASE_URL_KEY: &str = "collectors.cloud.hostv6";
const TIMEOUT_KEY: &str = "collectors.cloud.timeout";

/// The largest file that is read, in bytes; the tool's own has a few hundred.
const LARGEST: u64 = 1024 * 1024;

/// A configuration file that is yet to be read.
#[derive(Clone, Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    named_by: NamedBy,
}

/// Who says that the file is there, which tells what it means when it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NamedBy {
    Code,
    Variable,
    Nobody,
}

/// What a file sets, not checked beyond its types.
#[derive(Debug, Default)]
pub(super) struct FileSettings {
    pub(super) token: Option<Sourced<Secret>>,
    pub(super) stack_id: Option<Sourced<String>>,
    pub(super) base_url: Option<Sourced<String>>,
    pub(super) timeout: Option<Sourced<Duration>>,
}

/// The kinds of operating systems that have their own place for configuration files.
#[derive(Clone, Copy)]
enum Os {
    Windows,
    Apple,
    Unix,
}

impl Os {
    fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_vendor = "apple") {
            Self::Apple
        } else {
            Self::Unix
        }
    }
}

impl ConfigFile {
    /// A file that must be there.
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, named_by: NamedBy::Code }
    }

    /// Finds the place of the file by the environment; `None` when that knows no home.
    pub(super) fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        Self::find_on(Os::current(), variable)
    }

    /// As Go's `os.UserConfigDir`, but for a relative `XDG_CONFIG_HOME`, which the standard says
    /// to ignore and Go refuses.
    fn find_on(os: Os, variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let variable = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = variable(CONFIG_FILE_VARIABLE) {
            return Some(Self { path, named_by: NamedBy::Variable });
        }
        let folder = match os {
            Os::Windows => variable("AppData")?,
            Os::Apple => variable("HOME")?.join("Library/Application Support"),
            Os::Unix => match variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute()) {
                Some(folder) => folder,
                None => variable("HOME")?.join(".config"),
            },
        };
        let path = folder.join("k6").join("config.json");
        Some(Self { path, named_by: NamedBy::Nobody })
    }

    /// Reads what the file sets: nothing when it is not there and nobody says that it is.
    pub(super) fn read(&self) -> Result<FileSettings, Error> {
        let path = OneLine(&self.path);
        let bytes = match read_limited(&self.path) {
            Ok(bytes) => bytes,
            // A home that is a file, such as /dev/null, has no folders.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                let message = match self.named_by {
                    NamedBy::Nobody => return Ok(FileSettings::default()),
                    NamedBy::Variable => format!(
                        "{CONFIG_FILE_VARIABLE} names {path}, which is not there: correct the \
                         variable or unset it"
                    ),
                    NamedBy::Code => format!(
                        "configuration file {path} is not there: give \
                         ClientBuilder::config_file_at the path of one"
                    ),
                };
                return Err(Error::configuration(message).with_source(error));
            }
            Err(error) => {
                let message = format!(
                    "configuration file {path} cannot be read: make it a file that this user \
                     may read"
                );
                return Err(Error::configuration(message).with_source(error));
            }
        };
        if bytes.len() as u64 > LARGEST {
            return Err(Error::configuration(format!(
                "configuration file {path} is larger than 1 MiB: name the one of the k6 \
                 command-line tool"
            )));
        }
        parse(&bytes, &self.path)
    }
}

/// Reads a byte more than is allowed at most, which tells that there are more.
fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the file's text. No message repeats any of it: whatever is there may be the token.
fn parse(bytes: &[u8], path: &Path) -> Result<FileSettings, Error> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::configuration(format!(
            "configuration file {} is no JSON at line {line}, column {column}: correct or remove \
             it",
            OneLine(path)
        ))
        .with_source(error)
    })?;
    let shown = OneLine(path);
    let Some(root) = section(Some(&document), &shown)? else {
        return Ok(FileSettings::default());
    };
    let Some(collectors) = section(root.get("collectors"), &format_args!("collectors in {shown}"))?
    else {
        return Ok(FileSettings::default());
    };
    let cloud = collectors.get("cloud");
    let Some(keys) = section(cloud, &format_args!("collectors.cloud in {shown}"))? else {
        return Ok(FileSettings::default());
    };
    let cloud = Cloud { keys, path };
    Ok(FileSettings {
        token: cloud.take(
            TOKEN_KEY,
            |value| text(value).map(Secret::new),
            "give the API token as a text, such as glsa_ followed by letters and digits",
        )?,
        // What is no whole number is refused where all stack ids are checked.
        stack_id: cloud.take(
            STACK_ID_KEY,
            |value| match value {
                Value::Number(id) => Ok(id.to_string()),
                value => text(value).map(str::to_owned),
            },
            "give the numeric id of a Grafana stack, such as 123456",
        )?,
        base_url: cloud.take(
            BASE_URL_KEY,
            |value| text(value).map(str::to_owned),
            &format!("give an address such as {DEFAULT_BASE_URL}"),
        )?,
        timeout: cloud.take(
            TIMEOUT_KEY,
            |value| {
                let duration = match value {
                    Value::Number(number) => go_duration::from_milliseconds(number),
                    value => go_duration::parse(text(value)?),
                };
                duration.ok_or("no duration, or a negative or endless one")
            },
            "give a duration such as \"1m30s\", or a number of milliseconds",
        )?,
    })
}

/// The keys under `collectors.cloud`.
struct Cloud<'a> {
    keys: &'a Map<String, Value>,
    path: &'a Path,
}

impl Cloud<'_> {
    /// Returns what stands at a key, `None` when nothing does; `mend` says what should.
    fn take<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Value) -> Result<T, &'static str>,
        mend: &str,
    ) -> Result<Option<Sourced<T>>, Error> {
        let name = key.rsplit('.').next().unwrap_or(key);
        let Some(value) = self.keys.get(name).filter(|value| is_set(value)) else {
            return Ok(None);
        };
        let source = Source::File { path: self.path.to_owned(), key };
        match read(value) {
            Ok(value) => Ok(Some(Sourced { value, source })),
            Err(shape) => Err(Error::configuration(format!("{source} is {shape}: {mend}"))),
        }
    }
}

/// Returns the keys of an object, `None` when there is none.
fn section<'a>(
    value: Option<&'a Value>,
    what: &dyn fmt::Display,
) -> Result<Option<&'a Map<String, Value>>, Error> {
    match value.filter(|value| is_set(value)) {
        None => Ok(None),
        Some(Value::Object(keys)) => Ok(Some(keys)),
        Some(other) => Err(Error::configuration(format!(
            "{what} is {}, not an object: correct it, or remove it and run `k6 cloud login`",
            kind(other)
        ))),
    }
}

fn text(value: &Value) -> Result<&str, &'static str> {
    value.as_str().ok_or_else(|| kind(value))
}

/// Says what a value is, and nothing of what is in it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn is_set(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

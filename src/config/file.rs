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

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use super::{ConfigFile, FileSettings, NamedBy, Os, Source, parse};
    use crate::{Error, ErrorKind};

    const CANARY: &str = "glsa_canary";
    const PATH: &str = "/path/config.json";

    fn read(text: &str) -> Result<FileSettings, Error> {
        parse(text.as_bytes(), Path::new(PATH))
    }

    fn cloud(keys: &str) -> Result<FileSettings, Error> {
        read(&format!(r#"{{"collectors": {{"cloud": {{{keys}}}}}}}"#))
    }

    fn refusal(read: Result<FileSettings, Error>) -> String {
        let error = read.expect_err("must be refused");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let message = error.to_string();
        assert!(!message.contains('\n') && message.contains(PATH), "{message}");
        let shown = format!("{error:?} {message}");
        assert!(!shown.contains(CANARY), "shows the token: {shown}");
        message
    }

    fn find(os: Os, variables: &[(&str, &str)]) -> Option<(PathBuf, NamedBy)> {
        let file = ConfigFile::find_on(os, |wanted| {
            let (_, value) = variables.iter().find(|(name, _)| *name == wanted)?;
            Some(OsString::from(value))
        })?;
        Some((file.path, file.named_by))
    }

    #[test]
    fn every_key_is_read_with_its_source() {
        let file = cloud(
            r#""token": "glsa_canary", "stackID": 12, "hostv6": "https://k6.example",
               "timeout": "1m30s", "a_new_key": [1]"#,
        )
        .expect("right");
        assert!(!format!("{file:?}").contains(CANARY));
        let from = |key| Source::File { path: PATH.into(), key };
        let token = file.token.expect("a token");
        assert_eq!((token.value.expose(), token.source), (CANARY, from("collectors.cloud.token")));
        let id = file.stack_id.expect("an id");
        assert_eq!((id.value.as_str(), id.source), ("12", from("collectors.cloud.stackID")));
        let url = file.base_url.expect("an address");
        assert_eq!(url.value, "https://k6.example");
        assert_eq!(url.source, from("collectors.cloud.hostv6"));
        let timeout = file.timeout.expect("a duration");
        assert_eq!(timeout.value, Duration::from_secs(90));
        assert_eq!(timeout.source, from("collectors.cloud.timeout"));
    }

    #[test]
    fn both_forms_of_stack_id_and_timeout_are_read() {
        let file = cloud(r#""stackID": "12", "timeout": 1500"#).expect("right");
        assert_eq!(file.stack_id.expect("an id").value, "12");
        assert_eq!(file.timeout.expect("a duration").value, Duration::from_millis(1500));
    }

    #[test]
    fn null_and_empty_count_as_not_set() {
        for text in [
            "null",
            "{}",
            r#"{"collectors": null}"#,
            r#"{"collectors": {"influxdb": [1]}}"#,
            r#"{"collectors": {"cloud": null}}"#,
            r#"{"collectors": {"cloud": {"token": null, "stackID": "", "hostv6": "",
                "timeout": null}}}"#,
            r#"{"collectors": {"cloud": {"token": "", "stackID": null, "hostv6": null,
                "timeout": ""}}}"#,
        ] {
            let file = read(text).expect(text);
            let unset = file.token.is_none()
                && file.stack_id.is_none()
                && file.base_url.is_none()
                && file.timeout.is_none();
            assert!(unset, "{text}: {file:?}");
        }
    }

    #[test]
    fn wrong_type_is_refused_with_its_key() {
        for (keys, start) in [
            (
                r#""token": ["glsa_canary"]"#,
                "collectors.cloud.token in /path/config.json is a list",
            ),
            (r#""token": 12"#, "collectors.cloud.token in /path/config.json is a number"),
            (
                r#""stackID": true"#,
                "collectors.cloud.stackID in /path/config.json is true or false",
            ),
            (
                r#""hostv6": {"x": "glsa_canary"}"#,
                "collectors.cloud.hostv6 in /path/config.json is an",
            ),
            (r#""timeout": []"#, "collectors.cloud.timeout in /path/config.json is a list"),
        ] {
            let message = refusal(cloud(keys));
            assert!(message.starts_with(start) && message.contains(": give "), "{message}");
        }
        for (text, start) in [
            (r#"["glsa_canary"]"#, "/path/config.json is a list, not an object"),
            (r#"{"collectors": "glsa_canary"}"#, "collectors in /path/config.json is a text"),
            (
                r#"{"collectors": {"cloud": 1}}"#,
                "collectors.cloud in /path/config.json is a number",
            ),
        ] {
            let message = refusal(read(text));
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn bad_duration_is_refused() {
        for value in [r#""glsa_canary""#, r#""10""#, r#""-1s""#, "-1", "1e300"] {
            let message = refusal(cloud(&format!(r#""timeout": {value}"#)));
            assert!(
                message.starts_with("collectors.cloud.timeout in /path/config.json is no duration")
                    && message.contains("1m30s"),
                "{message}"
            );
        }
    }

    #[test]
    fn syntax_error_is_placed_without_an_excerpt() {
        for (text, place) in [
            ("{\n  \"token\": \"glsa_canary\",\n  glsa_canary\n}", "line 3, column 3"),
            ("{\"glsa_canary\": \"glsa_canary", "line 1, column 28"),
            ("", "line 1, column 0"),
            ("{} glsa_canary", "line 1, column 4"),
        ] {
            let message = refusal(read(text));
            assert!(message.contains(place) && message.contains("no JSON"), "{message}");
        }
        assert!(refusal(parse(b"{\"\xff\": 1}", Path::new(PATH))).contains("no JSON"));
        assert!(refusal(read(&"[".repeat(100_000))).contains("no JSON"));
    }

    #[test]
    fn default_place_is_that_of_the_operating_system() {
        let variables =
            [("HOME", "/home/me"), ("AppData", "/me/roaming"), ("XDG_CONFIG_HOME", "/xdg")];
        for (os, path) in [
            (Os::Unix, "/xdg/k6/config.json"),
            (Os::Apple, "/home/me/Library/Application Support/k6/config.json"),
            (Os::Windows, "/me/roaming/k6/config.json"),
        ] {
            assert_eq!(find(os, &variables), Some((path.into(), NamedBy::Nobody)));
            assert_eq!(find(os, &[]), None);
        }
        for ignored in ["", "relative"] {
            let variables = [("HOME", "/home/me"), ("XDG_CONFIG_HOME", ignored)];
            let found = find(Os::Unix, &variables).map(|(path, _)| path);
            assert_eq!(found, Some("/home/me/.config/k6/config.json".into()), "{ignored}");
        }
        // Here, the way of the builder takes one of the three.
        assert!(ConfigFile::find(|_| Some("/home/me".into())).is_some());
    }

    #[test]
    fn variable_names_the_file_unless_it_is_empty() {
        let named = find(Os::Unix, &[("HOME", "/home/me"), ("K6_CONFIG", "mine.json")]);
        assert_eq!(named, Some(("mine.json".into(), NamedBy::Variable)));
        let named = find(Os::Unix, &[("HOME", "/home/me"), ("K6_CONFIG", "")]);
        assert_eq!(named, Some(("/home/me/.config/k6/config.json".into(), NamedBy::Nobody)));
    }
}

//! The configuration file of the k6 command-line tool: its location, and the keys that the client
//! reads.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::CONFIG_FILE_VARIABLE;
use super::layer::{Cause, FileProblem, Layer, Setting};
use super::settings::{OneLine, SettingSource};

const TOKEN_KEY: &str = "collectors.cloud.token";
const STACK_ID_KEY: &str = "collectors.cloud.stackID";
const STACK_URL_KEY: &str = "collectors.cloud.stackURL";
const BASE_URL_KEY: &str = "collectors.cloud.hostv6";
const TIMEOUT_KEY: &str = "collectors.cloud.timeout";
const PROJECT_ID_KEY: &str = "collectors.cloud.projectID";
const DEFAULT_PROJECT_ID_KEY: &str = "collectors.cloud.defaultProjectID";

/// The largest file that is read, in bytes. The tool's own has a few hundred.
const MAX_SIZE: u64 = 1024 * 1024;

/// A configuration file that has not been read yet.
#[derive(Clone, Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    named_by: NamedBy,
}

/// Who set the path. That decides which problems with the file are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NamedBy {
    Code,
    Variable,
    Default,
}

/// The kinds of operating systems that have their own folder for configuration files.
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
    /// Returns the file at a path that is set in code.
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, named_by: NamedBy::Code }
    }

    /// Finds the file from the environment. Returns `None` if the environment has no home folder.
    pub(super) fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        Self::find_on(Os::current(), variable)
    }

    /// Does the same as Go's `os.UserConfigDir`, except that a relative `XDG_CONFIG_HOME` is
    /// ignored, as its specification says. Go rejects it.
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
        Some(Self { path, named_by: NamedBy::Default })
    }

    /// Reads the settings of the file. A file that does not exist has no settings. It is an error
    /// only if its path was set.
    pub(super) fn read(&self) -> Result<Layer, FileProblem> {
        let path = OneLine(&self.path);
        let always = self.named_by == NamedBy::Code;
        let bytes = match read_limited(&self.path) {
            Ok(bytes) => bytes,
            // A home that is a file, such as /dev/null, has no folders.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return self.missing(error);
            }
            Err(error) => {
                return Err(FileProblem {
                    what: format!("configuration file {path} cannot be read"),
                    fix: "make it a file that this user may read",
                    cause: Cause::Io(error),
                    always,
                });
            }
        };
        if bytes.len() as u64 > MAX_SIZE {
            return Err(FileProblem {
                what: format!("configuration file {path} is larger than 1 MiB"),
                fix: "give the path of the k6 command-line tool's file",
                cause: Cause::Nothing,
                always,
            });
        }
        parse(&bytes, &self.path).map_err(|problem| FileProblem { always, ..problem })
    }

    fn missing(&self, error: io::Error) -> Result<Layer, FileProblem> {
        let path = OneLine(&self.path);
        let (what, fix) = match self.named_by {
            NamedBy::Default => return Ok(Layer::default()),
            NamedBy::Variable => (
                format!("{CONFIG_FILE_VARIABLE} gives the path {path}, which does not exist"),
                "correct the variable or unset it",
            ),
            NamedBy::Code => (
                format!("configuration file {path} does not exist"),
                "give ClientBuilder::config_file_at the path of a file",
            ),
        };
        // A path that was set must exist, even if the file is not needed.
        Err(FileProblem { what, fix, cause: Cause::Io(error), always: true })
    }
}

/// Reads up to one byte more than permitted, to detect a file that is too large.
fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the content of the file. Messages show none of it, because it may be the token.
fn parse(bytes: &[u8], path: &Path) -> Result<Layer, FileProblem> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // A syntax error quotes nothing of the file.
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        FileProblem {
            what: format!(
                "configuration file {} is not JSON at line {line}, column {column} ({reason})",
                OneLine(path)
            ),
            fix: "correct or remove it",
            cause: Cause::Json(error),
            always: false,
        }
    })?;
    let shown = OneLine(path);
    let Some(root) = section(Some(&document), &shown)? else {
        return Ok(Layer::default());
    };
    let collectors = section(get(root, "collectors"), &format_args!("collectors in {shown}"))?;
    let Some(collectors) = collectors else {
        return Ok(Layer::default());
    };
    let cloud = get(collectors, "cloud");
    let Some(keys) = section(cloud, &format_args!("collectors.cloud in {shown}"))? else {
        return Ok(Layer::default());
    };
    let setting = |key: &'static str, read: fn(&Value) -> Result<String, &'static str>| {
        let name = key.rsplit('.').next().unwrap_or(key);
        let source = SettingSource::File { path: path.to_owned(), key };
        get(keys, name).map(|value| Setting::new(read(value), source))
    };
    Ok(Layer {
        token: setting(TOKEN_KEY, string),
        stack_id: setting(STACK_ID_KEY, string_or_number),
        stack: setting(STACK_URL_KEY, string),
        base_url: setting(BASE_URL_KEY, string),
        timeout: setting(TIMEOUT_KEY, string_or_number),
        default_project_id: setting(PROJECT_ID_KEY, string_or_number)
            .or_else(|| setting(DEFAULT_PROJECT_ID_KEY, string_or_number)),
        ..Layer::default()
    })
}

/// Returns the value of a key, `None` if it is not set. Keys match without regard to case, as they
/// do in the tool; a key in the tool's own case comes first.
fn get<'a>(keys: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    keys.get(name).filter(|value| is_set(value)).or_else(|| {
        let mut others = keys.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        others.find_map(|(_, value)| Some(value).filter(|value| is_set(value)))
    })
}

/// Returns the keys of an object, `None` if it is not set.
fn section<'a>(
    value: Option<&'a Value>,
    what: &dyn fmt::Display,
) -> Result<Option<&'a Map<String, Value>>, FileProblem> {
    match value.filter(|value| is_set(value)) {
        None => Ok(None),
        Some(Value::Object(keys)) => Ok(Some(keys)),
        Some(other) => Err(FileProblem {
            what: format!("{what} {} and not an object", kind(other)),
            fix: "correct it, or remove it and run `k6 cloud login`",
            cause: Cause::Nothing,
            always: false,
        }),
    }
}

fn string(value: &Value) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or_else(|| kind(value))
}

fn string_or_number(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::Number(number) => Ok(number.to_string()),
        value => string(value),
    }
}

/// Names the type of a value, without showing the value.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "is null",
        Value::Bool(_) => "is true or false",
        Value::Number(_) => "is a number",
        Value::String(_) => "is a string",
        Value::Array(_) => "is a list",
        Value::Object(_) => "is an object",
    }
}

/// The tool writes null for a key that is not set.
fn is_set(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use super::super::layer::{FileProblem, Layer, Setting};
    use super::{ConfigFile, NamedBy, Os, SettingSource, parse};

    const CANARY: &str = "canary";
    const PATH: &str = "/path/config.json";

    fn read(text: &str) -> Result<Layer, FileProblem> {
        parse(text.as_bytes(), Path::new(PATH))
    }

    fn cloud(keys: &str) -> Layer {
        read(&format!(r#"{{"collectors": {{"cloud": {{{keys}}}}}}}"#)).expect(keys)
    }

    fn problem(read: Result<Layer, FileProblem>) -> String {
        let problem = read.expect_err("a problem");
        assert!(!format!("{problem:?}").contains(CANARY), "shows the token: {problem:?}");
        let message = problem.into_error("", "").to_string();
        assert!(!message.contains('\n') && message.contains(PATH), "{message}");
        message
    }

    fn text(setting: Option<&Setting>) -> Result<&str, &'static str> {
        setting.expect("a setting").text()
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
        let layer = cloud(
            r#""token": "canary", "stackID": 12, "stackURL": "https://shop.grafana.net",
               "hostv6": "https://k6.example", "timeout": "1m30s", "defaultProjectID": 5001,
               "a_new_key": [1]"#,
        );
        assert!(!format!("{layer:?}").contains(CANARY));
        for (setting, expected, key) in [
            (&layer.token, CANARY, "collectors.cloud.token"),
            (&layer.stack_id, "12", "collectors.cloud.stackID"),
            (&layer.stack, "https://shop.grafana.net", "collectors.cloud.stackURL"),
            (&layer.base_url, "https://k6.example", "collectors.cloud.hostv6"),
            (&layer.timeout, "1m30s", "collectors.cloud.timeout"),
            (&layer.default_project_id, "5001", "collectors.cloud.defaultProjectID"),
        ] {
            assert_eq!(text(setting.as_ref()), Ok(expected));
            let source = setting.as_ref().map(|setting| &setting.source);
            assert_eq!(source, Some(&SettingSource::File { path: PATH.into(), key }));
        }
    }

    #[test]
    fn project_comes_before_the_default_project() {
        let layer = cloud(r#""defaultProjectID": 1, "projectID": "2""#);
        assert_eq!(text(layer.default_project_id.as_ref()), Ok("2"));
        let layer = cloud(r#""defaultProjectID": 1, "projectID": null"#);
        assert_eq!(text(layer.default_project_id.as_ref()), Ok("1"));
    }

    #[test]
    fn numbers_and_strings_are_read_alike() {
        let layer = cloud(r#""stackID": "12", "timeout": 1500, "projectID": "5001""#);
        assert_eq!(text(layer.stack_id.as_ref()), Ok("12"));
        assert_eq!(text(layer.timeout.as_ref()), Ok("1500"));
        assert_eq!(text(layer.default_project_id.as_ref()), Ok("5001"));
    }

    #[test]
    fn keys_match_without_regard_to_case() {
        let layer = read(
            r#"{"Collectors": {"CLOUD": {"Token": "canary", "stackId": 12, "HOSTV6": "a",
                "stackurl": "b", "TimeOut": 1, "defaultProjectId": 5001}}}"#,
        )
        .expect("right");
        assert_eq!(text(layer.token.as_ref()), Ok(CANARY));
        assert_eq!(text(layer.stack_id.as_ref()), Ok("12"));
        assert_eq!(text(layer.base_url.as_ref()), Ok("a"));
        assert_eq!(text(layer.stack.as_ref()), Ok("b"));
        assert_eq!(text(layer.timeout.as_ref()), Ok("1"));
        assert_eq!(text(layer.default_project_id.as_ref()), Ok("5001"));
        // The source has the key in the tool's case.
        let key = "collectors.cloud.stackID";
        let source = layer.stack_id.map(|setting| setting.source);
        assert_eq!(source, Some(SettingSource::File { path: PATH.into(), key }));
    }

    #[test]
    fn key_in_the_case_of_the_tool_comes_first_if_it_is_set() {
        let layer = cloud(r#""STACKID": 1, "stackID": 2, "stackid": 3"#);
        assert_eq!(text(layer.stack_id.as_ref()), Ok("2"));
        let layer = cloud(r#""STACKID": "", "stackID": null, "stackid": 3"#);
        assert_eq!(text(layer.stack_id.as_ref()), Ok("3"));
    }

    #[test]
    fn null_and_empty_count_as_not_set() {
        for text in [
            "null",
            "{}",
            r#"{"collectors": null}"#,
            r#"{"collectors": {"influxdb": [1]}}"#,
            r#"{"collectors": {"cloud": null}}"#,
            r#"{"collectors": {"cloud": {"token": null, "stackID": "", "stackURL": null,
                "hostv6": "", "timeout": null, "projectID": "", "defaultProjectID": null}}}"#,
            r#"{"collectors": {"cloud": {"token": "", "stackID": null, "stackURL": "",
                "hostv6": null, "timeout": "", "projectID": null, "defaultProjectID": ""}}}"#,
        ] {
            let layer = read(text).expect(text);
            let unset = layer.token.is_none()
                && layer.stack_id.is_none()
                && layer.stack.is_none()
                && layer.base_url.is_none()
                && layer.timeout.is_none()
                && layer.default_project_id.is_none();
            assert!(unset, "{text}: {layer:?}");
        }
    }

    #[test]
    fn wrong_type_of_a_key_is_told_without_its_value() {
        let layer = cloud(
            r#""token": ["canary"], "stackID": true, "hostv6": {"x": "canary"}, "timeout": [],
               "stackURL": 7, "projectID": false"#,
        );
        assert_eq!(text(layer.token.as_ref()), Err("is a list"));
        assert_eq!(text(layer.stack_id.as_ref()), Err("is true or false"));
        assert_eq!(text(layer.base_url.as_ref()), Err("is an object"));
        assert_eq!(text(layer.timeout.as_ref()), Err("is a list"));
        assert_eq!(text(layer.stack.as_ref()), Err("is a number"));
        assert_eq!(text(layer.default_project_id.as_ref()), Err("is true or false"));
    }

    #[test]
    fn wrong_type_of_a_section_is_a_problem_of_the_file() {
        for (text, start) in [
            (r#"["canary"]"#, "/path/config.json is a list and not an object"),
            (r#"{"collectors": "canary"}"#, "collectors in /path/config.json is a string"),
            (
                r#"{"collectors": {"cloud": 1}}"#,
                "collectors.cloud in /path/config.json is a number",
            ),
        ] {
            let message = problem(read(text));
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn syntax_error_has_its_line_and_no_excerpt() {
        for (text, location) in [
            ("{\n  \"token\": \"canary\",\n  canary\n}", "line 3, column 3"),
            ("{\"canary\": \"canary", "line 1, column 18"),
            ("", "line 1, column 0"),
            ("{} canary", "line 1, column 4"),
        ] {
            let message = problem(read(text));
            assert!(message.contains(location) && message.contains("not JSON"), "{message}");
        }
        assert!(problem(parse(b"{\"\xff\": 1}", Path::new(PATH))).contains("not JSON"));
        assert!(problem(read(&"[".repeat(100_000))).contains("not JSON"));
    }

    #[test]
    fn default_path_depends_on_the_operating_system() {
        let variables =
            [("HOME", "/home/me"), ("AppData", "/me/roaming"), ("XDG_CONFIG_HOME", "/xdg")];
        for (os, path) in [
            (Os::Unix, "/xdg/k6/config.json"),
            (Os::Apple, "/home/me/Library/Application Support/k6/config.json"),
            (Os::Windows, "/me/roaming/k6/config.json"),
        ] {
            assert_eq!(find(os, &variables), Some((path.into(), NamedBy::Default)));
            assert_eq!(find(os, &[]), None);
        }
        for ignored in ["", "relative"] {
            let variables = [("HOME", "/home/me"), ("XDG_CONFIG_HOME", ignored)];
            let found = find(Os::Unix, &variables).map(|(path, _)| path);
            assert_eq!(found, Some("/home/me/.config/k6/config.json".into()), "{ignored}");
        }
        // The builder takes the path of the system that the test runs on.
        assert!(ConfigFile::find(|_| Some("/home/me".into())).is_some());
    }

    #[test]
    fn variable_names_the_file_unless_it_is_empty() {
        let named = find(Os::Unix, &[("HOME", "/home/me"), ("K6_CONFIG", "mine.json")]);
        assert_eq!(named, Some(("mine.json".into(), NamedBy::Variable)));
        let named = find(Os::Unix, &[("HOME", "/home/me"), ("K6_CONFIG", "")]);
        assert_eq!(named, Some(("/home/me/.config/k6/config.json".into(), NamedBy::Default)));
    }
}

//! The settings of a client, from code, the environment and the configuration file of the k6
//! command-line tool.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use k6_cloud::{Client, ClientBuilder, ErrorKind, SettingSource};
use k6_cloud_fake::FakeCloud;
use serde_json::{Value, json};

use crate::only_request;

/// A folder for one test. Dropping it removes the folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("k6-cloud-config-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// Writes a file, and makes its parent folders.
    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Writes a configuration file with these keys for the cloud.
    pub(crate) fn config(&self, cloud: Value) -> PathBuf {
        self.write("config.json", json!({ "collectors": { "cloud": cloud } }).to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If this fails, the folder stays among the temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn env<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |wanted| {
        variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
    }
}

fn from_file(path: &Path, key: &'static str) -> SettingSource {
    SettingSource::File { path: path.to_owned(), key }
}

fn message_of(builder: ClientBuilder) -> String {
    let error = builder.build().expect_err("must fail");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    assert!(!format!("{message} {error:?}").contains("canary"), "shows a value: {error:?}");
    message
}

#[tokio::test]
async fn file_gives_all_settings() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(json!({
        "token": fake.token(),
        "stackID": fake.stack_id(),
        "hostv6": fake.base_url(),
        "timeout": "1m30s",
        "defaultProjectID": 5_001,
        "another": {},
    }));
    let client = Client::builder().config_file_at(&path).build().expect("complete");
    client.list_test_runs().send().await.expect("a page");
    only_request(&fake, &[]);

    let settings = client.settings();
    assert_eq!(settings.stack_id(), fake.stack_id());
    assert_eq!(settings.base_url(), fake.base_url());
    assert_eq!(settings.timeout(), Duration::from_secs(90));
    assert_eq!(settings.default_project_id(), Some(5_001.into()));
    let project = from_file(&path, "collectors.cloud.defaultProjectID");
    assert_eq!(settings.default_project_id_source(), &project);
    assert_eq!(settings.token_source(), &from_file(&path, "collectors.cloud.token"));
    assert_eq!(settings.stack_id_source(), &from_file(&path, "collectors.cloud.stackID"));
    assert_eq!(settings.base_url_source(), &from_file(&path, "collectors.cloud.hostv6"));
    assert_eq!(settings.timeout_source(), &from_file(&path, "collectors.cloud.timeout"));
}

#[tokio::test]
async fn environment_takes_precedence_over_the_file_in_any_order() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(json!({
        "token": "of-the-file",
        "stackID": (fake.stack_id().get() + 1).to_string(),
        "hostv6": "http://127.0.0.1:9",
        "timeout": 1,
        "projectID": 1,
    }));
    let (stack, base) = (fake.stack_id().to_string(), fake.base_url());
    let variables = [
        ("K6_CLOUD_TOKEN", fake.token()),
        ("K6_CLOUD_STACK_ID", &stack),
        ("K6_CLOUD_HOST_V6", &base),
        ("K6_CLOUD_TIMEOUT", "30s"),
        ("K6_CLOUD_PROJECT_ID", "5001"),
        ("K6_CONFIG", path.to_str().expect("Unicode")),
    ];
    let variables = env(&variables);
    for builder in [
        Client::builder().lookup(&variables).config_file_with(&variables),
        Client::builder().config_file_with(&variables).lookup(&variables),
    ] {
        let client = builder.build().expect("complete");
        fake.clear_requests();
        client.list_test_runs().send().await.expect("a page");
        only_request(&fake, &[]);
        let settings = client.settings();
        for (source, variable) in [
            (settings.token_source(), "K6_CLOUD_TOKEN"),
            (settings.stack_id_source(), "K6_CLOUD_STACK_ID"),
            (settings.base_url_source(), "K6_CLOUD_HOST_V6"),
            (settings.timeout_source(), "K6_CLOUD_TIMEOUT"),
            (settings.default_project_id_source(), "K6_CLOUD_PROJECT_ID"),
        ] {
            assert_eq!(source, &SettingSource::Environment { variable });
        }
    }
}

#[tokio::test]
async fn code_takes_precedence_over_environment_and_file_in_any_order() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(json!({
        "token": "of-the-file", "stackID": 1, "hostv6": "http://127.0.0.1:9", "timeout": "1ms",
        "projectID": 1,
    }));
    let variables = [
        ("K6_CLOUD_TOKEN", "of-the-environment"),
        ("K6_CLOUD_STACK_ID", "2"),
        ("K6_CLOUD_HOST_V6", "http://127.0.0.1:10"),
        ("K6_CLOUD_TIMEOUT", "2ms"),
        ("K6_CLOUD_PROJECT_ID", "2"),
    ];
    let others = |builder: ClientBuilder| builder.lookup(env(&variables)).config_file_at(&path);
    let code = |builder: ClientBuilder| {
        builder
            .token(fake.token())
            .stack_id(fake.stack_id())
            .base_url(fake.base_url())
            .timeout(Duration::from_secs(20))
            .default_project_id(5_001)
    };
    for builder in [others(code(Client::builder())), code(others(Client::builder()))] {
        let client = builder.build().expect("complete");
        fake.clear_requests();
        client.list_test_runs().send().await.expect("a page");
        only_request(&fake, &[]);
        let settings = client.settings();
        assert_eq!(settings.timeout(), Duration::from_secs(20));
        for source in [
            settings.token_source(),
            settings.stack_id_source(),
            settings.base_url_source(),
            settings.timeout_source(),
            settings.default_project_id_source(),
        ] {
            assert_eq!(source, &SettingSource::Explicit);
        }
    }
}

#[tokio::test]
async fn sources_complete_each_other() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    // The file that `k6 cloud login` writes in the home folder.
    let home = folder.0.to_str().expect("Unicode");
    let text = json!({ "collectors": { "cloud": { "token": fake.token(), "stackID": null } } });
    let mut path = PathBuf::new();
    for name in
        ["k6/config.json", ".config/k6/config.json", "Library/Application Support/k6/config.json"]
    {
        let written = folder.write(name, text.to_string());
        if cfg!(target_vendor = "apple") || name.starts_with(if cfg!(windows) { "k6" } else { "." })
        {
            path = written;
        }
    }
    let stack = fake.stack_id().to_string();
    let variables = [("K6_CLOUD_STACK_ID", stack.as_str()), ("HOME", home), ("AppData", home)];
    let variables = env(&variables);
    let client = Client::builder()
        .base_url(fake.base_url())
        .lookup(&variables)
        .config_file_with(&variables)
        .build()
        .expect("complete");
    client.list_test_runs().send().await.expect("a page");
    only_request(&fake, &[]);
    let settings = client.settings();
    assert_eq!(settings.token_source(), &from_file(&path, "collectors.cloud.token"));
    assert_eq!(settings.stack_id_source().to_string(), "K6_CLOUD_STACK_ID");
    assert_eq!(settings.base_url_source(), &SettingSource::Explicit);
    assert_eq!(settings.timeout_source(), &SettingSource::Default);
}

#[tokio::test]
async fn timeout_of_the_file_ends_a_call_that_hangs() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    let folder = Folder::new();
    let path = folder.config(json!({ "hostv6": format!("http://{address}"), "timeout": 50 }));
    let builder = Client::builder().token("canary").stack_id(7).config_file_at(&path);
    let client = builder.build().expect("complete");
    let start = Instant::now();
    let error = client.get_test_run(1).send().await.expect_err("nobody responds");
    assert!(error.is_timeout(), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30), "the default limit was kept");
}

#[test]
fn timeout_of_the_file_is_read_as_the_tool_reads_it() {
    let folder = Folder::new();
    for (value, expected) in [
        (json!("1m30s"), Duration::from_secs(90)),
        (json!("10"), Duration::from_millis(10)),
        (json!(1500), Duration::from_millis(1500)),
        (json!(0.5), Duration::from_micros(500)),
        (json!("1d"), Duration::from_secs(86_400)),
        (json!("1d2h"), Duration::from_secs(93_600)),
    ] {
        let path = folder.config(json!({ "TimeOut": value }));
        let builder = Client::builder().token("canary").stack_id(7).config_file_at(&path);
        let client = builder.build().expect("complete");
        assert_eq!(client.settings().timeout(), expected, "{value}");
        let source = from_file(&path, "collectors.cloud.timeout");
        assert_eq!(client.settings().timeout_source(), &source);
    }
}

#[test]
fn stack_of_a_source_does_not_mix_with_that_of_another() {
    let folder = Folder::new();
    let path = folder.config(json!({ "token": "canary", "stackID": 7, "stackURL": "shop" }));
    let builder = || Client::builder().config_file_at(&path);
    // The id and the address in one file belong together.
    assert_eq!(builder().build().expect("complete").settings().stack_id(), 7);
    let variables = [("K6_CLOUD_STACK_URL", "https://other.grafana.net")];
    let message = message_of(builder().lookup(env(&variables)));
    assert!(message.starts_with("K6_CLOUD_STACK_URL gives a stack without its id"), "{message}");
    let variables = [("K6_CLOUD_STACK_ID", "8")];
    let client = builder().lookup(env(&variables)).build().expect("complete");
    assert_eq!(client.settings().stack_id(), 8);

    let path = folder.config(json!({ "token": "canary", "stackURL": "shop" }));
    let message = message_of(Client::builder().config_file_at(&path));
    let start = format!("collectors.cloud.stackURL in {} gives a stack", path.display());
    assert!(message.starts_with(&start) && message.contains("connect().await"), "{message}");
}

#[test]
fn first_of_several_files_takes_precedence() {
    let folder = Folder::new();
    let write = |name, cloud: Value| {
        folder.write(name, json!({ "collectors": { "cloud": cloud } }).to_string())
    };
    let first = write("first.json", json!({ "stackID": 1 }));
    let second = write("second.json", json!({ "stackID": 2, "token": "canary" }));
    let builder = Client::builder().config_file_at(first).config_file_at(&second);
    let client = builder.build().expect("complete");
    assert_eq!(client.settings().stack_id(), 1);
    let from_second = from_file(&second, "collectors.cloud.token");
    assert_eq!(client.settings().token_source(), &from_second);
}

#[test]
fn missing_file_is_an_error_only_if_somebody_gave_its_path() {
    let folder = Folder::new();
    let home = folder.0.to_str().expect("Unicode").to_owned();
    let missing = folder.0.join("none.json");
    let named = missing.to_str().expect("Unicode");
    let complete = || Client::builder().token("canary").stack_id(7);

    let homes = [("HOME", home.as_str()), ("AppData", home.as_str())];
    assert!(complete().config_file_with(env(&homes)).build().is_ok());
    assert!(complete().config_file_with(env(&[])).build().is_ok(), "no home, no file");
    let file = folder.write("file", "");
    let file = file.to_str().expect("Unicode");
    let homes = [("HOME", file), ("AppData", file)];
    assert!(complete().config_file_with(env(&homes)).build().is_ok(), "a home that is a file");

    let message = message_of(complete().config_file_with(env(&[("K6_CONFIG", named)])));
    assert!(message.starts_with(&format!("K6_CONFIG gives the path {named}, which")), "{message}");
    let message = message_of(complete().config_file_at(&missing));
    assert!(message.contains(named) && message.contains("does not exist"), "{message}");
}

/// Files without readable settings, each with a part of the expected message.
fn unreadable_files(folder: &Folder) -> [(PathBuf, &'static str); 4] {
    let large = format!("{{}}{}", " ".repeat(1024 * 1024 - 1));
    [
        // A folder cannot be read, like a file without read permission.
        (folder.0.clone(), "cannot be read"),
        (folder.write("large.json", large), "larger than 1 MiB"),
        (folder.write("syntax.json", "{\n\"token\": canary}"), "not JSON at line 2, column 10"),
        (folder.write("section.json", r#"{"collectors": ["canary"]}"#), "is a list and not an"),
    ]
}

#[test]
fn unreadable_file_is_an_error_if_code_gives_its_path() {
    let folder = Folder::new();
    let complete = || Client::builder().token("canary").stack_id(7);
    for (path, what) in unreadable_files(&folder) {
        let message = message_of(complete().config_file_at(&path));
        let named = path.to_str().expect("Unicode");
        assert!(message.contains(named) && message.contains(what), "{message}");
    }
    let largest = folder.write("largest.json", format!("{{}}{}", " ".repeat(1024 * 1024 - 2)));
    assert!(complete().config_file_at(largest).build().is_ok());
}

#[test]
fn unreadable_file_of_the_environment_is_an_error_only_if_it_is_needed() {
    let folder = Folder::new();
    for (path, what) in unreadable_files(&folder) {
        let named = path.to_str().expect("Unicode");
        let file = ("K6_CONFIG", named);
        let (token, stack) = (("K6_CLOUD_TOKEN", "canary"), ("K6_CLOUD_STACK_ID", "7"));
        let builder = |variables: &[(&str, &str)]| {
            let variables = env(variables);
            Client::builder().lookup(&variables).config_file_with(&variables)
        };
        let client = builder(&[file, token, stack]).build().expect("complete");
        assert_eq!(client.settings().stack_id(), 7);
        assert!(builder(&[file]).token("canary").stack_id(7).build().is_ok());

        let message = message_of(builder(&[file, stack]));
        assert!(message.starts_with("no API token, and "), "{message}");
        assert!(message.contains(named) && message.contains(what), "{message}");
        assert!(message.ends_with(", or set K6_CLOUD_TOKEN"), "{message}");
        let message = message_of(builder(&[file, token]));
        assert!(message.starts_with("no stack id, and "), "{message}");
        assert!(message.contains(named) && message.contains(what), "{message}");
        let message = message_of(builder(&[file, stack, ("K6_CLOUD_TOKEN", "")]));
        let start = "no API token: K6_CLOUD_TOKEN is set but empty, and ";
        assert!(message.starts_with(start) && message.contains(what), "{message}");
    }
}

#[test]
fn unreadable_file_in_the_default_folder_is_an_error_only_if_it_is_needed() {
    let folder = Folder::new();
    let home = folder.0.to_str().expect("Unicode");
    for name in
        ["k6/config.json", ".config/k6/config.json", "Library/Application Support/k6/config.json"]
    {
        std::fs::create_dir_all(folder.0.join(name)).expect("a folder");
    }
    let homes = [("HOME", home), ("AppData", home)];
    let builder = || Client::builder().config_file_with(env(&homes));
    assert!(builder().token("canary").stack_id(7).build().is_ok());
    assert!(message_of(builder().token("canary")).contains("cannot be read"));
}

#[test]
fn error_of_a_value_in_the_file_names_its_key() {
    let folder = Folder::new();
    let complete = json!({ "token": "canary", "stackID": 7 });
    for (key, value, what) in [
        ("token", json!("canary\n"), "ends with a line break"),
        ("token", json!(["canary"]), "is a list"),
        ("stackID", json!("canary"), "is not a positive whole number"),
        ("stackID", json!(7.5), "is not a positive whole number"),
        ("stackID", json!(-7), "is not a positive whole number"),
        ("stackID", json!(0), "is 0"),
        ("stackID", json!({}), "is an object"),
        ("hostv6", json!("canary"), "is not an address"),
        ("hostv6", json!("http://canary.example"), "is plain http"),
        ("timeout", json!("canary"), "is not a duration"),
        ("timeout", json!("0s"), "is 0: give a duration"),
        ("timeout", json!(-1), "is not a duration"),
        ("timeout", json!(1e300), "is not a duration"),
        ("timeout", json!([]), "is a list"),
        ("projectID", json!("canary"), "is not a positive whole number"),
        ("defaultProjectID", json!(0), "is 0"),
        ("defaultProjectID", json!(true), "is true or false"),
    ] {
        let mut cloud = complete.clone();
        cloud[key] = value;
        let path = folder.config(cloud);
        let message = message_of(Client::builder().config_file_at(&path));
        let start = format!("collectors.cloud.{key} in {} {what}", path.display());
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn wrong_value_in_the_file_is_not_an_error_if_code_sets_another() {
    let folder = Folder::new();
    for wrong in [
        json!({ "token": "canary\n", "stackID": 0, "hostv6": "-", "timeout": 0, "projectID": 0 }),
        json!({ "token": 7, "stackID": [], "hostv6": {}, "timeout": true, "projectID": "x" }),
    ] {
        let path = folder.config(wrong);
        let builder = Client::builder()
            .token("canary")
            .stack_id(7)
            .base_url("http://127.0.0.1:9")
            .timeout(Duration::from_secs(1))
            .default_project_id(5_001);
        assert!(builder.config_file_at(path).build().is_ok());
    }
}

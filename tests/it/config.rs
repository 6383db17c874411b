//! Where a client's settings come from: code, the environment, the configuration file of the k6
//! command-line tool.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use k6_cloud::{Client, ClientBuilder, ErrorKind, Source};
use k6_cloud_fake::FakeCloud;
use serde_json::{Value, json};

use crate::only_request;

/// A folder of its own for a test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("k6-cloud-config-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// Writes a file, and the folders that it is in.
    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Writes a configuration file with these keys for the cloud.
    fn config(&self, cloud: Value) -> PathBuf {
        self.write("config.json", json!({ "collectors": { "cloud": cloud } }).to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the folder for what is temporary.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn env<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |wanted| {
        variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
    }
}

fn from_file(path: &Path, key: &'static str) -> Source {
    Source::File { path: path.to_owned(), key }
}

fn refusal(builder: ClientBuilder) -> String {
    let error = builder.build().expect_err("must be refused");
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
        "another": {},
    }));
    let client = Client::builder().config_file_at(&path).build().expect("complete");
    client.list_test_runs().send().await.expect("a page");
    only_request(&fake, &[]);

    let settings = client.settings();
    assert_eq!(settings.stack_id(), fake.stack_id());
    assert_eq!(settings.base_url(), fake.base_url());
    assert_eq!(settings.timeout(), Duration::from_secs(90));
    assert_eq!(settings.token_source(), &from_file(&path, "collectors.cloud.token"));
    assert_eq!(settings.stack_id_source(), &from_file(&path, "collectors.cloud.stackID"));
    assert_eq!(settings.base_url_source(), &from_file(&path, "collectors.cloud.hostv6"));
    assert_eq!(settings.timeout_source(), &from_file(&path, "collectors.cloud.timeout"));
}

#[tokio::test]
async fn environment_beats_the_file_in_any_order() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(json!({
        "token": "of-the-file",
        "stackID": (fake.stack_id() + 1).to_string(),
        "hostv6": "http://127.0.0.1:9",
    }));
    let (stack, base) = (fake.stack_id().to_string(), fake.base_url());
    let variables = [
        ("K6_CLOUD_TOKEN", fake.token()),
        ("K6_CLOUD_STACK_ID", &stack),
        ("K6_CLOUD_HOST_V6", &base),
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
        ] {
            assert_eq!(source, &Source::Environment { variable });
        }
    }
}

#[tokio::test]
async fn code_beats_environment_and_file_in_any_order() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(json!({
        "token": "of-the-file", "stackID": 1, "hostv6": "http://127.0.0.1:9", "timeout": "1ms",
    }));
    let variables = [
        ("K6_CLOUD_TOKEN", "of-the-environment"),
        ("K6_CLOUD_STACK_ID", "2"),
        ("K6_CLOUD_HOST_V6", "http://127.0.0.1:10"),
    ];
    let places = |builder: ClientBuilder| builder.lookup(env(&variables)).config_file_at(&path);
    let code = |builder: ClientBuilder| {
        builder
            .token(fake.token())
            .stack_id(fake.stack_id())
            .base_url(fake.base_url())
            .timeout(Duration::from_secs(20))
    };
    for builder in [places(code(Client::builder())), code(places(Client::builder()))] {
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
        ] {
            assert_eq!(source, &Source::Explicit);
        }
    }
}

#[tokio::test]
async fn places_fill_each_others_gaps() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let folder = Folder::new();
    // Found below the home, as after `k6 cloud login`.
    let home = folder.0.to_str().expect("Unicode");
    let text = json!({ "collectors": { "cloud": { "token": fake.token(), "stackID": null } } });
    let mut path = PathBuf::new();
    for place in
        ["k6/config.json", ".config/k6/config.json", "Library/Application Support/k6/config.json"]
    {
        let written = folder.write(place, text.to_string());
        if cfg!(target_vendor = "apple")
            || place.starts_with(if cfg!(windows) { "k6" } else { "." })
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
    assert_eq!(settings.base_url_source(), &Source::Explicit);
    assert_eq!(settings.timeout_source(), &Source::Default);
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
fn first_of_several_files_comes_first() {
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
fn missing_file_is_an_error_only_when_it_is_named() {
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

    let message = refusal(complete().config_file_with(env(&[("K6_CONFIG", named)])));
    assert!(message.starts_with(&format!("K6_CONFIG names {named}, which")), "{message}");
    let message = refusal(complete().config_file_at(&missing));
    assert!(message.contains(named) && message.contains("not there"), "{message}");
}

#[test]
fn bad_file_is_refused_even_when_all_is_set() {
    let folder = Folder::new();
    let complete = || Client::builder().token("canary").stack_id(7);
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    let large = folder.write("large.json", padded(1024 * 1024 + 1));
    let syntax = folder.write("syntax.json", "{\n\"token\": canary}");
    for (path, what) in [
        (&folder.0, "cannot be read"),
        (&large, "larger than 1 MiB"),
        (&syntax, "no JSON at line 2, column 10"),
    ] {
        let message = refusal(complete().config_file_at(path));
        let named = path.to_str().expect("Unicode");
        assert!(message.contains(named) && message.contains(what), "{message}");
        // The way over the variable is no other.
        assert_eq!(refusal(complete().config_file_with(env(&[("K6_CONFIG", named)]))), message);
    }
    let largest = folder.write("largest.json", padded(1024 * 1024));
    assert!(complete().config_file_at(largest).build().is_ok());
}

#[test]
fn bad_value_of_the_file_is_refused_with_its_key() {
    let folder = Folder::new();
    let complete = json!({ "token": "canary", "stackID": 7 });
    for (key, value, what) in [
        ("token", json!("canary\n"), "ends with a line break"),
        ("token", json!(["canary"]), "is a list"),
        ("stackID", json!("canary"), "is no whole number"),
        ("stackID", json!(7.5), "is no whole number"),
        ("stackID", json!(-7), "is no whole number"),
        ("stackID", json!(0), "is 0"),
        ("stackID", json!({}), "is an object"),
        ("hostv6", json!("canary"), "is no address"),
        ("hostv6", json!("http://canary.example"), "is plain http"),
        ("timeout", json!("canary"), "is no duration"),
        ("timeout", json!("0s"), "must be longer than nothing"),
    ] {
        let mut cloud = complete.clone();
        cloud[key] = value;
        let path = folder.config(cloud);
        let message = refusal(Client::builder().config_file_at(&path));
        let start = format!("collectors.cloud.{key} in {} {what}", path.display());
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn bad_value_of_the_file_does_no_harm_where_code_wins() {
    let folder = Folder::new();
    let path =
        folder.config(json!({ "token": "canary\n", "stackID": 0, "hostv6": "-", "timeout": 0 }));
    let builder = Client::builder()
        .token("canary")
        .stack_id(7)
        .base_url("http://127.0.0.1:9")
        .timeout(Duration::from_secs(1));
    assert!(builder.config_file_at(path).build().is_ok());
}

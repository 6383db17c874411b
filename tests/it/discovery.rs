//! Looking up a stack by its slug or address.

use k6_cloud::prelude::*;
use k6_cloud::{
    ClientBuilder, PROJECT_ID_VARIABLE, STACK_ID_VARIABLE, STACK_URL_VARIABLE, SettingSource,
    TOKEN_VARIABLE,
};
use k6_cloud_fake::{FakeCloud, Fault};

use crate::config::Folder;

/// A builder without a stack.
fn builder(fake: &FakeCloud) -> ClientBuilder {
    Client::builder().base_url(fake.base_url()).token(fake.token()).clock(fake.clock())
}

#[tokio::test]
async fn connect_finds_the_stack_by_slug_and_by_address() {
    for name in [
        "fake",
        "fake.grafana.net",
        "https://fake.grafana.net/",
        "https://fake.grafana.net/a/k6-app/projects/1?orgId=1",
        "http://fake.grafana.net",
    ] {
        let fake = FakeCloud::builder().stack_id(77).start().await.expect("the fake starts");
        let client = builder(&fake).stack(name).connect().await.expect("found");
        assert_eq!(client.settings().stack_id(), 77);
        assert_eq!(client.settings().default_project_id(), Some(5_001.into()));
        let source = client.settings().stack_id_source();
        assert_eq!(
            source,
            &SettingSource::Api { stack_url: "https://fake.grafana.net".to_owned() }
        );
        assert_eq!(client.settings().default_project_id_source(), source);
        client.list_test_runs().send().await.expect("a page");
        let sent: Vec<_> = fake.requests();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].path, "/cloud/v6/auth");
        assert_eq!(sent[0].header("x-stack-url"), Some("https://fake.grafana.net"));
        assert_eq!(sent[0].header("x-stack-id"), None);
        assert_eq!(sent[1].header("x-stack-id"), Some("77"));
        assert_eq!(sent[1].header("x-stack-url"), None);
    }
}

#[tokio::test]
async fn connect_keeps_the_settings_of_the_builder() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let builder = builder(&fake).stack("fake").user_agent("bot/1.2").max_body_bytes(10);
    // The limit also holds for the response of the lookup.
    let error = builder.clone().connect().await.expect_err("more than 10 bytes");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    let client = builder.max_body_bytes(100).connect().await.expect("found");
    let error = client.list_test_runs().send().await.expect_err("more than 100 bytes");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    for request in fake.requests() {
        let agent = request.header("user-agent").unwrap_or_default();
        assert!(agent.starts_with("bot/1.2 "), "{agent}");
    }
}

#[tokio::test]
async fn connect_prefers_the_name_in_code_to_an_id_in_the_environment() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let environment = |name: &str| match name {
        TOKEN_VARIABLE => Some(fake.token().to_owned()),
        // Not used, so that its value is not even checked.
        STACK_ID_VARIABLE => Some("another".to_owned()),
        _ => None,
    };
    let builder = Client::builder().base_url(fake.base_url());
    let client = builder.lookup(environment).stack("fake").connect().await.expect("found");
    assert_eq!(client.settings().stack_id(), fake.stack_id());
    let source = SettingSource::Environment { variable: TOKEN_VARIABLE };
    assert_eq!(client.settings().token_source(), &source);
}

#[tokio::test]
async fn connect_with_an_id_sends_nothing() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().connect().await.expect("complete");
    assert_eq!(client.settings().stack_id(), fake.stack_id());
    assert_eq!(client.settings().stack_id_source(), &SettingSource::Explicit);
    assert_eq!(client.settings().default_project_id(), None);
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn connect_without_a_usable_stack_is_an_error() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    for (builder, message) in [
        (fake.client().stack("fake"), "stack and stack_id are both set"),
        (builder(&fake), "no stack id: set K6_CLOUD_STACK_ID"),
        (builder(&fake).stack("ftp://fake.grafana.net"), "stack is neither an https nor"),
        (Client::builder().stack("fake"), "no API token"),
    ] {
        let error = builder.connect().await.expect_err(message);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(message), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn connect_tells_an_unknown_token_from_another_stack() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let error = builder(&fake).token("canary").stack("fake").connect().await;
    let error = error.expect_err("not the token");
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(!format!("{error} {error:?}").contains("canary"));

    let error = builder(&fake).stack("other").connect().await.expect_err("another stack");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.operation(), Some("authenticate"));
    assert_eq!(
        error.hint(),
        Some("check that the token is for that stack, and that its address is right")
    );
}

#[tokio::test]
async fn connect_retries() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    fake.inject(Fault::status(503).on("authenticate").first(2));
    builder(&fake).stack("fake").connect().await.expect("found");
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn connect_fails_if_the_id_is_not_positive() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    for id in [0, -1] {
        fake.clear_faults();
        fake.inject(Fault::edit_json(move |body| body["stack_id"] = id.into()));
        let error = builder(&fake).stack("fake").connect().await.expect_err("no id");
        assert_eq!(error.kind(), ErrorKind::Decode);
        let shown = error.to_string();
        assert!(shown.contains("authenticate") && shown.contains(&id.to_string()), "{shown}");
    }
}

#[tokio::test]
async fn connect_looks_up_the_stack_of_the_environment() {
    let fake = FakeCloud::builder().stack_id(77).start().await.expect("the fake starts");
    let environment = |project: &'static str| {
        let token = fake.token().to_owned();
        move |name: &str| match name {
            TOKEN_VARIABLE => Some(token.clone()),
            STACK_URL_VARIABLE => Some("http://fake.grafana.net/a/k6-app".to_owned()),
            PROJECT_ID_VARIABLE => Some(project.to_owned()),
            _ => None,
        }
    };
    let builder = || Client::builder().base_url(fake.base_url());
    let client = builder().lookup(environment("")).connect().await.expect("found");
    let api = SettingSource::Api { stack_url: "https://fake.grafana.net".to_owned() };
    let settings = client.settings();
    assert_eq!((settings.stack_id(), settings.stack_id_source()), (77.into(), &api));
    assert_eq!(settings.default_project_id(), Some(5_001.into()));
    assert_eq!(settings.default_project_id_source(), &api);

    // A project that the environment sets is kept.
    let client = builder().lookup(environment("7")).connect().await.expect("found");
    let settings = client.settings();
    assert_eq!((settings.stack_id(), settings.default_project_id()), (77.into(), Some(7.into())));
    let source = SettingSource::Environment { variable: PROJECT_ID_VARIABLE };
    assert_eq!(settings.default_project_id_source(), &source);

    let wrong = |name: &str| Some("glsa_canary".to_owned()).filter(|_| name == STACK_URL_VARIABLE);
    let error = builder().token(fake.token()).lookup(wrong).connect().await.expect_err("no stack");
    assert!(error.to_string().starts_with("K6_CLOUD_STACK_URL is neither"), "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn connect_looks_up_the_stack_of_the_file() {
    let fake = FakeCloud::builder().stack_id(77).start().await.expect("the fake starts");
    let folder = Folder::new();
    let path = folder.config(serde_json::json!({
        "token": fake.token(), "hostv6": fake.base_url(), "stackURL": "fake", "defaultProjectID": 7,
    }));
    let builder = || Client::builder().config_file_at(&path);
    let client = builder().connect().await.expect("found");
    let settings = client.settings();
    assert_eq!((settings.stack_id(), settings.default_project_id()), (77.into(), Some(7.into())));

    // The file's project does not belong to a stack that code sets.
    let client = builder().stack("https://fake.grafana.net").connect().await.expect("found");
    let settings = client.settings();
    assert_eq!(
        (settings.stack_id(), settings.default_project_id()),
        (77.into(), Some(5_001.into()))
    );
}

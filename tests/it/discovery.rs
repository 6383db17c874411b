//! From the name of a stack to a client of it.

use k6_cloud::prelude::*;
use k6_cloud::{ClientBuilder, STACK_ID_VARIABLE, Source, TOKEN_VARIABLE};
use k6_cloud_fake::{FakeCloud, Fault};

/// A builder that knows no stack id.
fn builder(fake: &FakeCloud) -> ClientBuilder {
    Client::builder().base_url(fake.base_url()).token(fake.token()).clock(fake.clock())
}

#[tokio::test]
async fn connect_finds_the_stack_by_slug_and_by_address() {
    for name in ["fake", "fake.grafana.net", "https://fake.grafana.net/"] {
        let fake = FakeCloud::builder().stack_id(77).start().await.expect("the fake starts");
        let client = builder(&fake).stack(name).connect().await.expect("found");
        assert_eq!(client.settings().stack_id(), 77);
        assert_eq!(client.settings().default_project_id(), Some(5_001));
        let source = client.settings().stack_id_source();
        assert_eq!(source, &Source::Api { stack_url: "https://fake.grafana.net".to_owned() });
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
async fn connect_keeps_what_the_builder_says() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let builder = builder(&fake).stack("fake").user_agent("bot/1.2").max_body_bytes(10);
    // The cap holds for the answer that finds the stack, too.
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
async fn connect_prefers_the_name_to_an_id_that_is_not_set_in_code() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let environment = |name: &str| match name {
        TOKEN_VARIABLE => Some(fake.token().to_owned()),
        // Not even its form counts.
        STACK_ID_VARIABLE => Some("another".to_owned()),
        _ => None,
    };
    let builder = Client::builder().base_url(fake.base_url());
    let client = builder.lookup(environment).stack("fake").connect().await.expect("found");
    assert_eq!(client.settings().stack_id(), fake.stack_id());
    let source = Source::Environment { variable: TOKEN_VARIABLE };
    assert_eq!(client.settings().token_source(), &source);
}

#[tokio::test]
async fn connect_with_an_id_sends_nothing() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().connect().await.expect("complete");
    assert_eq!(client.settings().stack_id(), fake.stack_id());
    assert_eq!(client.settings().stack_id_source(), &Source::Explicit);
    assert_eq!(client.settings().default_project_id(), None);
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn connect_refuses_what_it_cannot_ask_for() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    for (builder, message) in [
        (fake.client().stack("fake"), "stack and stack_id are both set"),
        (builder(&fake), "no stack id: set K6_CLOUD_STACK_ID"),
        (builder(&fake).stack("http://fake.grafana.net"), "stack is no https address"),
        (Client::builder().stack("fake"), "no API token"),
    ] {
        let error = builder.connect().await.expect_err(message);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(message), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn connect_tells_unknown_tokens_from_other_stacks() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let error = builder(&fake).token("canary").stack("fake").connect().await;
    let error = error.expect_err("not the token");
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(!format!("{error} {error:?}").contains("canary"));

    let error = builder(&fake).stack("other").connect().await.expect_err("another stack");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.operation(), Some("authenticate"));
    assert_eq!(error.hint(), Some("is the token for that stack, and is its address right?"));
}

#[tokio::test]
async fn connect_asks_again_when_the_api_fails() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    fake.inject(Fault::status(503).on("authenticate").first(2));
    builder(&fake).stack("fake").connect().await.expect("found");
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn connect_refuses_an_id_that_no_stack_has() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    for id in [0, -1] {
        fake.clear_faults();
        fake.inject(Fault::spoil(move |body| body["stack_id"] = id.into()));
        let error = builder(&fake).stack("fake").connect().await.expect_err("no id");
        assert_eq!(error.kind(), ErrorKind::Decode);
        let shown = error.to_string();
        assert!(shown.contains("authenticate") && shown.contains(&id.to_string()), "{shown}");
    }
}

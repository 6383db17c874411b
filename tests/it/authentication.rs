//! The operation that looks up a stack.

use k6_cloud::prelude::*;
use k6_cloud_fake::FakeCloud;

use crate::client_of;

#[tokio::test]
async fn authenticate_reads_stack_and_default_project() {
    let fake = FakeCloud::builder().stack_id(77).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let found = client.authenticate(fake.stack_url()).send().await.expect("found");
    assert_eq!((found.stack_id, found.default_project_id), (77.into(), 5_001.into()));
    let request = fake.requests().remove(0);
    let line = (&*request.method, &*request.path, request.query.as_deref());
    assert_eq!(line, ("GET", "/cloud/v6/auth", None));
    assert_eq!(request.header("x-stack-url"), Some("https://fake.grafana.net"));
    let bearer = format!("Bearer {}", fake.token());
    assert_eq!(request.header("authorization"), Some(&*bearer));
    assert_eq!(request.header("x-stack-id"), None, "the client sends the id of its own stack");
    let project = client.get_project(found.default_project_id).send().await;
    assert!(project.expect("the project").is_default);
    let id = fake.requests().pop().expect("a request").header("x-stack-id").map(str::to_owned);
    assert_eq!(id.as_deref(), Some("77"), "other requests send no stack id");
}

#[tokio::test]
async fn authenticate_for_another_stack_is_403() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = client_of(&fake);
    let error = client.authenticate("https://other.grafana.net").send().await;
    let error = error.expect_err("another stack");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Forbidden, Some("error")));
    // The hint does not name the client's own stack, whose id was not sent.
    assert_eq!(
        error.hint(),
        Some("check that the token is for that stack, and that its address is right")
    );
}

#[tokio::test]
async fn authenticate_with_an_unknown_token_is_401() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = fake.client().token("canary").build().expect("complete");
    let error = client.authenticate(fake.stack_url()).send().await;
    let error = error.expect_err("not the token");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("error")));
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[tokio::test]
async fn authenticate_rejects_line_breaks_in_the_address() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = client_of(&fake);
    for url in ["https://fake.grafana.net\r\nx-evil: 1", "https://fake.grafana.net\n"] {
        let error = client.authenticate(url).send().await.expect_err("no header");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    assert!(fake.requests().is_empty());
}

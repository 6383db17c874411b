//! Projects and load tests that exist after a call.

use k6_cloud::prelude::*;
use k6_cloud::{EnsureOutcome, LoadTestId, Script, ScriptSource};
use k6_cloud_fake::{
    CannedResponse, FIRST_PROJECT_ID, FakeCloud, Fault, LoadTestSeed, ProjectSeed,
};
use serde_json::json;

const JS: &str = "export default function () {}\n";
const OTHER: &str = "export default function () { /* other */ }\n";
const LIST: &str = "list_project_load_tests";

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    (fake, client)
}

/// Returns the operations of the requests so far, and forgets the requests.
fn operations(fake: &FakeCloud) -> Vec<String> {
    let requests = fake.requests();
    fake.clear_requests();
    requests.into_iter().filter_map(|request| request.operation).collect()
}

/// Makes the next list empty, as if the resource were created just afterwards.
fn empty_list(fake: &FakeCloud, operation: &str, times: u64) {
    let empty = CannedResponse::json(200, &json!({ "value": [] }));
    fake.respond(empty.on(operation).first(times));
}

async fn script(client: &Client, load_test: LoadTestId) -> String {
    match client.get_load_test_script(load_test).await.expect("a script") {
        Script::JavaScript(text) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn project_is_created_once_and_then_found() {
    let (fake, client) = fake().await;
    let created = client.ensure_project("Basket").await.expect("created");
    assert_eq!((created.outcome, &*created.value.name), (EnsureOutcome::Created, "Basket"));
    assert_eq!(operations(&fake), ["list_projects", "create_project"]);
    let found = client.ensure_project("Basket").send().await.expect("found");
    assert_eq!((found.outcome, found.value.id), (EnsureOutcome::Found, created.value.id));
    assert_eq!(operations(&fake), ["list_projects"]);
    assert_eq!(created.outcome.to_string(), "created");
}

#[tokio::test]
async fn project_that_somebody_else_creates_meanwhile_is_found() {
    let (fake, client) = fake().await;
    let id = fake.add_project(ProjectSeed::new("Basket"));
    empty_list(&fake, "list_projects", 1);
    let found = client.ensure_project("Basket").await.expect("found");
    assert_eq!((found.outcome, found.value.id), (EnsureOutcome::Found, id));
    assert_eq!(operations(&fake), ["list_projects", "create_project", "list_projects"]);
}

#[tokio::test]
async fn project_whose_creation_was_not_confirmed_is_found() {
    let (fake, client) = fake().await;
    fake.inject(Fault::reset_after_headers().on("create_project").first(1));
    let found = client.ensure_project("Basket").await.expect("found");
    assert_eq!(found.value.name, "Basket");
    let again = client.ensure_project("Basket").await.expect("found");
    assert_eq!(again.value.id, found.value.id);
}

#[tokio::test]
async fn name_that_is_taken_but_not_listed_is_an_error_with_a_hint() {
    let (fake, client) = fake().await;
    fake.add_project(ProjectSeed::new("Basket"));
    empty_list(&fake, "list_projects", 9);
    let error = client.ensure_project("Basket").await.expect_err("taken");
    assert!(error.is_conflict());
    let hint = error.hint().expect("a hint");
    assert!(hint.starts_with("the list has no project of exactly this name"), "{hint}");
    fake.add_load_test(LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID));
    empty_list(&fake, LIST, 9);
    let ensure = client.ensure_load_test(FIRST_PROJECT_ID, "Login").script(ScriptSource::bytes(JS));
    let error = ensure.await.expect_err("taken");
    assert!(error.is_conflict() && error.to_string().contains("capital letters"), "{error}");
}

#[tokio::test]
async fn row_with_another_name_does_not_count() {
    let (fake, client) = fake().await;
    // As if the server ignored the filter.
    let rows = client.list_projects().send().await.expect("a page").value;
    let rows = CannedResponse::json(200, &json!({ "value": rows }));
    fake.respond(rows.on("list_projects").first(1));
    let created = client.ensure_project("Basket").await.expect("created");
    assert_eq!((created.outcome, &*created.value.name), (EnsureOutcome::Created, "Basket"));
    let other = fake.add_load_test(
        LoadTestSeed::new("Search").project_id(created.value.id).script_bytes(OTHER),
    );
    let rows = client.list_project_load_tests(created.value.id).send().await.expect("a page").value;
    fake.respond(CannedResponse::json(200, &json!({ "value": rows })).on(LIST).first(1));
    let ensure = client.ensure_load_test(created.value.id, "Login").script(ScriptSource::bytes(JS));
    let ensured = ensure.await.expect("created");
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    assert_ne!(ensured.value.id, other);
    assert_eq!(script(&client, other).await, OTHER);
}

#[tokio::test]
async fn load_test_is_created_then_unchanged_then_updated() {
    let (fake, client) = fake().await;
    let ensure = |text: &'static str| {
        client.ensure_load_test(FIRST_PROJECT_ID, "Login").script(ScriptSource::bytes(text)).send()
    };
    let created = ensure(JS).await.expect("created");
    assert_eq!(created.outcome, EnsureOutcome::Created);
    assert_eq!(operations(&fake), [LIST, "create_load_test"]);
    let id = created.value.id;

    let same = ensure(JS).await.expect("found");
    assert_eq!((same.outcome, same.value.id), (EnsureOutcome::Unchanged, id));
    assert_eq!(operations(&fake), [LIST, "get_load_test_script"]);

    let updated = ensure(OTHER).await.expect("updated");
    assert_eq!((updated.outcome, updated.value.id), (EnsureOutcome::Updated, id));
    assert_eq!(operations(&fake), [LIST, "get_load_test_script", "upload_load_test_script"]);
    assert_eq!(script(&client, id).await, OTHER);

    let found = client.ensure_load_test(FIRST_PROJECT_ID, "Login").await.expect("found");
    assert_eq!((found.outcome, found.value.id), (EnsureOutcome::Found, id));

    // A script that begins like the stored one, and one with which the stored one begins.
    for text in ["export default function () { /* other */ }\n// more\n", OTHER] {
        let updated = ensure(text).await.expect("updated");
        assert_eq!(updated.outcome, EnsureOutcome::Updated);
        assert_eq!(script(&client, id).await, text);
    }
}

/// A pipe can be read only once, so it cannot be compared first.
#[cfg(unix)]
#[tokio::test]
async fn script_from_a_pipe_is_uploaded() {
    let (fake, client) = fake().await;
    let seed = LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID).script_bytes(JS);
    let id = fake.add_load_test(seed);
    let pipe = std::env::temp_dir().join(format!("k6-cloud-ensure-{}", std::process::id()));
    let _ = std::fs::remove_file(&pipe);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let writer = pipe.clone();
    let writer = std::thread::spawn(move || std::fs::write(writer, OTHER));
    let ensure =
        client.ensure_load_test(FIRST_PROJECT_ID, "Login").script(ScriptSource::path(&pipe));
    let ensured = tokio::time::timeout(std::time::Duration::from_secs(20), ensure.send()).await;
    // Lets an open pipe that nobody writes to any more end, so that the test does not hang.
    drop(std::fs::OpenOptions::new().read(true).write(true).open(&pipe));
    assert_eq!(ensured.expect("in time").expect("updated").outcome, EnsureOutcome::Updated);
    assert_eq!(script(&client, id).await, OTHER);
    writer.join().expect("no panic").expect("written");
    std::fs::remove_file(pipe).expect("removed");
}

#[tokio::test]
async fn script_that_cannot_be_compared_is_uploaded() {
    let (fake, client) = fake().await;
    let seed = LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID).without_script();
    let id = fake.add_load_test(seed);
    let ensure = |script: ScriptSource| {
        client.ensure_load_test(FIRST_PROJECT_ID, "Login").script(script).send()
    };
    // It has no script yet.
    let updated = ensure(ScriptSource::bytes(JS)).await.expect("updated");
    assert_eq!(updated.outcome, EnsureOutcome::Updated);
    // A reader can be read only once.
    let updated = ensure(ScriptSource::reader(OTHER.as_bytes())).await.expect("updated");
    assert_eq!(updated.outcome, EnsureOutcome::Updated);
    assert_eq!(script(&client, id).await, OTHER);
    // The response is not a script.
    fake.inject(Fault::html(200).on("get_load_test_script").first(1));
    let updated = ensure(ScriptSource::bytes(OTHER)).await.expect("updated");
    assert_eq!(updated.outcome, EnsureOutcome::Updated);
    let missing = ensure(ScriptSource::path("/no/such/file.js")).await.expect_err("no file");
    assert_eq!(missing.kind(), ErrorKind::Read);
    assert!(missing.to_string().contains("/no/such/file.js"), "{missing}");
    assert_eq!(script(&client, id).await, OTHER);
}

#[tokio::test]
async fn load_test_that_somebody_else_creates_meanwhile_is_updated() {
    let (fake, client) = fake().await;
    let seed = LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID).script_bytes(OTHER);
    let id = fake.add_load_test(seed);
    empty_list(&fake, LIST, 1);
    let ensure = client.ensure_load_test(FIRST_PROJECT_ID, "Login").script(ScriptSource::bytes(JS));
    let updated = ensure.await.expect("updated");
    assert_eq!((updated.outcome, updated.value.id), (EnsureOutcome::Updated, id));
    assert_eq!(script(&client, id).await, JS);

    // The creation succeeds, but its response is lost.
    fake.inject(Fault::reset_after_headers().on("create_load_test").first(1));
    let ensure =
        client.ensure_load_test(FIRST_PROJECT_ID, "Search").script(ScriptSource::bytes(JS));
    let found = ensure.await.expect("found");
    assert_eq!(script(&client, found.value.id).await, JS);
    let tests = client.list_project_load_tests(FIRST_PROJECT_ID).name("Search").send().await;
    assert_eq!(tests.expect("a page").value.len(), 1);
}

#[tokio::test]
async fn version_of_k6_is_updated_only_if_it_differs() {
    let (fake, client) = fake().await;
    let seed = LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID).k6_version(1);
    fake.add_load_test(seed);
    let ensure =
        |version| client.ensure_load_test(FIRST_PROJECT_ID, "Login").k6_version(version).send();
    assert_eq!(ensure(1).await.expect("found").outcome, EnsureOutcome::Unchanged);
    assert_eq!(operations(&fake), [LIST]);
    let updated = ensure(2).await.expect("updated");
    assert_eq!((updated.outcome, updated.value.k6_version), (EnsureOutcome::Updated, Some(2)));
    assert_eq!(operations(&fake), [LIST, "update_load_test", "get_load_test"]);
}

#[tokio::test]
async fn rejected_creation_is_not_hidden_by_the_list() {
    for rejection in [Fault::status(400), Fault::status(403), Fault::status(404)] {
        let (fake, client) = fake().await;
        fake.inject(rejection.clone().on("create_load_test"));
        fake.inject(Fault::status(500).on(LIST).nth(1));
        let ensure = client.ensure_load_test(FIRST_PROJECT_ID, "Search").send();
        let error = ensure.await.expect_err("rejected");
        assert_eq!(error.operation(), Some("create_load_test"), "{error}");
        // The API has said that there is no load test, so that the list is not read again.
        assert_eq!(operations(&fake), [LIST, "create_load_test"]);

        fake.inject(rejection.on("create_project"));
        let error = client.ensure_project("Basket").await.expect_err("rejected");
        assert_eq!(error.operation(), Some("create_project"), "{error}");
        assert_eq!(operations(&fake), ["list_projects", "create_project"]);
    }
}

#[tokio::test]
async fn error_of_the_creation_comes_before_that_of_the_list() {
    for (failure, kind) in [
        (Fault::status(409), ErrorKind::Conflict),
        (Fault::close(), ErrorKind::OutcomeUnknown),
        (Fault::html(200), ErrorKind::Decode),
    ] {
        let (fake, client) = fake().await;
        fake.inject(failure.clone().on("create_load_test"));
        fake.inject(Fault::status(403).on(LIST).nth(1));
        let ensure = client.ensure_load_test(FIRST_PROJECT_ID, "Search").send();
        let error = ensure.await.expect_err("it fails");
        assert_eq!((error.kind(), error.operation()), (kind, Some("create_load_test")), "{error}");
        let hint = error.hint().expect("a hint");
        assert!(hint.contains("the list cannot be read: list_project_load_tests: 403"), "{hint}");
        assert_eq!(operations(&fake), [LIST, "create_load_test", LIST]);

        fake.inject(failure.on("create_project"));
        fake.inject(Fault::status(403).on("list_projects").nth(1));
        let error = client.ensure_project("Basket").await.expect_err("it fails");
        assert_eq!((error.kind(), error.operation()), (kind, Some("create_project")), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("list_projects: 403")), "{error}");
    }
}

/// A page of a proxy does not show whether the creation was carried out. The list does.
#[tokio::test]
async fn creation_with_an_unreadable_response_is_looked_up() {
    let (fake, client) = fake().await;
    fake.inject(Fault::edit_json(|project| *project = json!({})).on("create_project"));
    let found = client.ensure_project("Basket").await.expect("found");
    assert_eq!(found.outcome, EnsureOutcome::Found);
    assert_eq!(operations(&fake), ["list_projects", "create_project", "list_projects"]);
    // It was not carried out.
    fake.inject(Fault::html(200).on("create_load_test"));
    let error = client.ensure_load_test(FIRST_PROJECT_ID, "Search").await.expect_err("a page");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("create_load_test")));
    assert_eq!(operations(&fake), [LIST, "create_load_test", LIST]);
    // Only a name that is taken, and yet not in the list, is a reason to check its spelling.
    assert!(!error.to_string().contains("capital letters"), "{error}");
}

//! Load tests: the request on the wire, the typed response, and what it changes.
#![expect(deprecated, reason = "a baseline is served as long as the API has it")]

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use k6_cloud::prelude::*;
use k6_cloud::{LoadTestId, ProjectId, ScriptKind, ScriptSource};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, NOW, RunSeed};
use serde_json::{Value, json};

use crate::{assert_line, client_of, only_request, raw};

/// The projects of the load tests 101, 102 and 103.
const PROJECTS: [ProjectId; 3] =
    [ProjectId::new(5_003), ProjectId::new(5_001), ProjectId::new(5_002)];

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

/// Returns the status, code and target of the error of a call that must fail.
fn failure<T>(result: Result<T, Error>) -> (u16, String, String) {
    let error = result.err().expect("the call must fail");
    let status = error.status().map_or(0, |status| status.as_u16());
    (status, error.code().unwrap_or("").to_owned(), error.target().unwrap_or("").to_owned())
}

fn not_found() -> (u16, String, String) {
    (404, "not_found".into(), "".into())
}

fn conflict() -> (u16, String, String) {
    (409, "conflict".into(), "".into())
}

/// The body of a form with these parts, and its content type.
fn form(parts: &[(&str, &str)]) -> (String, &'static str) {
    let mut body = String::new();
    for (name, content) in parts {
        body.push_str(&format!(
            "--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n"
        ));
    }
    (body + "--limit--\r\n", "multipart/form-data; boundary=limit")
}

/// Sends a form that creates a load test. It may have mistakes that the client never makes.
async fn send_form(
    fake: &FakeCloud,
    project: ProjectId,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> raw::Response {
    let request = raw::request(fake, "POST", &format!("/projects/{project}/load_tests"));
    raw::send(request.header("content-type", content_type).body(body)).await
}

async fn send_parts(fake: &FakeCloud, project: ProjectId, parts: &[(&str, &str)]) -> raw::Response {
    let (body, content_type) = form(parts);
    send_form(fake, project, content_type, body).await
}

/// Downloads the script of a load test with any `Accept` header.
async fn script(fake: &FakeCloud, id: i64, accept: &str) -> raw::Response {
    let request = raw::request(fake, "GET", &format!("/load_tests/{id}/script"));
    raw::send(request.header("accept", accept)).await
}

#[tokio::test]
async fn list_load_tests_orders_filters_and_streams() {
    let fake = FakeCloud::builder().load_tests(25).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let list = client.list_load_tests().orderby("project_id,id desc").skip(1).top(3).count(true);
    let page = list.send().await.expect("a page");
    assert_line(
        &fake,
        "GET",
        "/cloud/v6/load_tests",
        Some("%24count=true&%24orderby=project_id%2Cid+desc&%24skip=1&%24top=3"),
    );
    only_request(&fake, &[("accept", "application/json")]);
    assert_eq!(page.count, Some(25));
    let found: Vec<_> = page.value.iter().map(|test| (test.project_id, test.id)).collect();
    assert_eq!(found, [120, 117, 114].map(|id| (5_001.into(), id.into())));
    assert!(page.next_link.is_some_and(|link| link.contains("skip=4")));

    let named = client.list_load_tests().name("Load test 107").send().await.expect("a page");
    let [test] = &named.value[..] else { panic!("not one: {named:?}") };
    assert_eq!((test.id, test.baseline_test_run_id, test.k6_version), (107.into(), None, Some(2)));

    let all: Vec<_> = client.list_load_tests().top(10).stream().try_collect().await.expect("all");
    assert!(all.iter().map(|test: &types::LoadTest| test.id).eq(101..126));

    let rejected = client.list_load_tests().orderby("k6_version").send().await;
    assert_eq!(failure(rejected), (400, "validation_error".into(), "$orderby".into()));
}

#[tokio::test]
async fn list_project_load_tests_returns_those_of_the_project() {
    let fake = FakeCloud::builder().load_tests(25).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let list = client.list_project_load_tests(5_002).orderby("name desc").top(2);
    let page = list.send().await.expect("a page");
    let path = "/cloud/v6/projects/5002/load_tests";
    assert_line(&fake, "GET", path, Some("%24orderby=name+desc&%24top=2"));
    let names: Vec<_> = page.value.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["Load test 124", "Load test 121"]);

    let all = client.list_project_load_tests(5_002).top(3).collect_all(100).await;
    let all = all.expect("all of them");
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|test| test.project_id == 5_002));
    let other = client.list_project_load_tests(5_002).name("Load test 101").send().await;
    assert_eq!(other.expect("a page").value, []);
    let rejected = client.list_project_load_tests(5_002).orderby("title").send().await;
    assert_eq!(failure(rejected), (400, "validation_error".into(), "$orderby".into()));
    assert_eq!(failure(client.list_project_load_tests(9).send().await), not_found());
}

#[tokio::test]
async fn get_load_test_returns_the_one_with_the_id() {
    let (fake, client) = fake().await;
    let test = client.get_load_test(102).send().await.expect("the load test");
    assert_line(&fake, "GET", "/cloud/v6/load_tests/102", None);
    assert_eq!(
        (test.id, test.project_id, test.name.as_str()),
        (102.into(), 5_001.into(), "Load test 102")
    );
    assert_eq!(failure(client.get_load_test(9).send().await), not_found());
}

#[tokio::test]
async fn update_load_test_tells_absent_from_null() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed().test_id(101));
    let update = || client.update_load_test(101);
    fake.clock().advance(std::time::Duration::from_secs(60));
    update().name("Checkout").k6_version(1).send().await.expect("changed");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("PATCH", "/cloud/v6/load_tests/101"));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(body, json!({ "name": "Checkout", "k6_version": 1 }));
    let test = client.get_load_test(101).send().await.expect("the load test");
    assert_eq!((test.name.as_str(), test.k6_version), ("Checkout", Some(1)));
    assert_eq!(*test.updated, NOW + chrono::TimeDelta::minutes(1));

    update().baseline_test_run_id(run).send().await.expect("changed");
    // The description allows null here, but the service does not.
    let null = update().k6_version(None).send().await;
    assert_eq!(failure(null), (400, "validation_error".into(), "k6_version".into()));
    let body = fake.requests().pop().expect("a request").body;
    assert_eq!(body, br#"{"k6_version":null}"#);
    let test = client.get_load_test(101).send().await.expect("the load test");
    assert_eq!((test.k6_version, test.baseline_test_run_id), (Some(1), Some(run)));
    client.delete_test_run(run).send().await.expect("deleted");
    let test = client.get_load_test(101).send().await.expect("the load test");
    assert_eq!(test.baseline_test_run_id, None);
}

#[tokio::test]
async fn update_load_test_rejects_a_name_that_is_taken() {
    let (fake, client) = fake().await;
    client.create_load_test(PROJECTS[0], "Basket").send().await.expect("created");
    let rename = |id: LoadTestId, name: &str| client.update_load_test(id).name(name).send();
    assert_eq!(failure(rename(101.into(), "Basket").await), conflict());
    rename(102.into(), "Basket").await.expect("the name is free in another project");
    rename(101.into(), "Load test 101").await.expect("its own name");
    assert_eq!(failure(rename(9.into(), "Basket").await), not_found());
    let long = "x".repeat(301);
    assert_eq!(
        failure(rename(101.into(), &long).await),
        (400, "validation_error".into(), "name".into())
    );
    let other = fake.add_run(RunSeed::passed().test_id(102));
    let rejected = client.update_load_test(101).baseline_test_run_id(other).send().await;
    let target = "baseline_test_run_id".to_owned();
    assert_eq!(failure(rejected), (400, "validation_error".into(), target));
}

#[tokio::test]
async fn delete_load_test_deletes_its_runs_unless_one_is_running() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed());
    client.delete_load_test(FIRST_LOAD_TEST_ID).send().await.expect("deleted");
    assert_line(&fake, "DELETE", "/cloud/v6/load_tests/101", None);
    assert_eq!(fake.run_json(run), None);
    assert_eq!(failure(client.get_load_test(101).send().await), not_found());
    assert_eq!(failure(client.list_load_test_runs(101).send().await), not_found());
    assert_eq!(failure(client.delete_load_test(101).send().await), not_found());

    let run = fake.add_run(RunSeed::running().test_id(102));
    assert_eq!(failure(client.delete_load_test(102).send().await), conflict());
    client.delete_load_test(103).send().await.expect("a run of another load test does not matter");
    client.abort_test_run(run).send().await.expect("aborted");
    client.delete_load_test(102).send().await.expect("deleted");
    let left = client.list_load_tests().collect_all(10).await.expect("the load tests");
    assert_eq!(left, []);
}

#[tokio::test]
async fn move_load_test_moves_its_runs() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed());
    let to = |id: LoadTestId, project: ProjectId| client.move_load_test(id, project).send();
    to(101.into(), 5_001.into()).await.expect("moved");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("PUT", "/cloud/v6/load_tests/101/move"));
    assert_eq!(request.body, br#"{"project_id":5001}"#);
    let test = client.get_load_test(101).send().await.expect("the load test");
    assert_eq!((test.project_id, *test.updated), (5_001.into(), NOW));
    assert_eq!(client.get_test_run(run).send().await.expect("the run").project_id, 5_001);
    let next = fake.add_run(RunSeed::running());
    assert_eq!(fake.run_json(next).expect("the run")["project_id"], 5_001);

    to(101.into(), 5_001.into()).await.expect("it is there already");
    assert_eq!(failure(to(101.into(), 9.into()).await), not_found());
    assert_eq!(failure(to(9.into(), 5_001.into()).await), not_found());
    client.create_load_test(5_002, "Load test 101").send().await.expect("created");
    assert_eq!(failure(to(101.into(), 5_002.into()).await), conflict());
}

#[tokio::test]
async fn get_load_test_script_returns_the_accepted_type() {
    let (fake, client) = fake().await;
    let download = client.get_load_test_script(101).accept(ScriptKind::JavaScript);
    let downloaded = download.send().await.expect("the script");
    assert_line(&fake, "GET", "/cloud/v6/load_tests/101/script", None);
    only_request(&fake, &[("accept", "text/javascript")]);
    assert!(downloaded.as_bytes().starts_with(b"import http from 'k6/http';"));
    let response = script(&fake, 101, "text/javascript").await;
    assert_eq!((response.status, &*response.content_type), (200, "text/javascript"));
    assert_eq!(response.body, downloaded.as_bytes());

    for (accept, is_served) in [
        ("*/*", true),
        ("text/*", true),
        ("application/x-tar, text/javascript;q=0.5", true),
        ("application/x-tar, */*;q=0.1", true),
        ("TEXT/JavaScript ; charset=utf-8", true),
        ("application/x-tar", false),
        ("application/json", true),
        ("application/*", true),
        ("nonsense", true),
        ("*/*, text/javascript;q=0", false),
    ] {
        let response = script(&fake, 101, accept).await;
        assert_eq!(response.status, if is_served { 200 } else { 406 }, "{accept}");
        if !is_served {
            let not_acceptable = (406, "not_acceptable".into(), "".into());
            assert_eq!(response.failure(), not_acceptable, "{accept}");
        }
    }
    assert_eq!(failure(client.get_load_test_script(9).send().await), not_found());
}

#[tokio::test]
async fn upload_load_test_script_replaces_the_script() {
    let (fake, client) = fake().await;
    let tar = format!("{}ustar{}", "x".repeat(257), "\0".repeat(250));
    for (source, content_type, other) in [
        ("// größer\n".to_owned(), "text/javascript", "application/x-tar"),
        (tar, "application/x-tar", "text/javascript"),
        ("x".repeat(600), "text/javascript", "application/x-tar"),
    ] {
        fake.clear_requests();
        let upload = client.upload_load_test_script(101, ScriptSource::bytes(source.clone()));
        upload.send().await.expect("replaced");
        let request = only_request(&fake, &[("content-type", "application/octet-stream")]);
        assert_eq!((&*request.method, &*request.path), ("PUT", "/cloud/v6/load_tests/101/script"));
        assert_eq!(request.body, source.as_bytes());
        let response = script(&fake, 101, "*/*").await;
        assert_eq!((response.status, &*response.content_type), (200, content_type));
        assert_eq!(response.body, source.as_bytes());
        assert_eq!(script(&fake, 101, other).await.status, 406);
    }
    let missing = client.upload_load_test_script(9, ScriptSource::bytes("a")).send().await;
    assert_eq!(failure(missing), not_found());
    let empty = client.upload_load_test_script(101, ScriptSource::bytes("")).send().await;
    assert_eq!(failure(empty), (400, "validation_error".into(), "body".into()));
}

#[tokio::test]
async fn form_of_another_client_creates_a_load_test() {
    let (fake, client) = fake().await;
    let script = "export default () => {};\r\n--lim\r\n";
    let parts = [("name", "Größe ☕"), ("script", script), ("k6_version", "2")];
    let created = send_parts(&fake, 5_002.into(), &parts).await;
    assert_eq!(created.status, 201);
    let [request] = &fake.requests()[..] else { panic!("{:?}", fake.requests()) };
    let (body, content_type) = form(&parts);
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/projects/5002/load_tests"));
    assert_eq!(request.header("content-type"), Some(content_type));
    assert_eq!(request.body, body.as_bytes());
    let test: types::LoadTest = serde_json::from_value(created.json()).expect("a load test");
    assert_eq!(
        (test.id, test.project_id, test.name.as_str()),
        (104.into(), 5_002.into(), "Größe ☕")
    );
    assert_eq!((test.k6_version, *test.created, *test.updated), (Some(2), NOW, NOW));
    let listed = client.list_project_load_tests(5_002).collect_all(9).await.expect("a list");
    assert_eq!(listed.last(), Some(&test));
    let stored = client.get_load_test_script(104).send().await.expect("the script");
    assert_eq!(stored.as_bytes(), script.as_bytes());
    let runs = client.list_load_test_runs(104).send().await.expect("a list of no runs");
    assert_eq!(runs.value, []);
    assert_eq!(send_parts(&fake, 5_002.into(), &parts).await.failure(), conflict());
}

#[tokio::test]
async fn load_test_created_without_a_script_has_none() {
    let (_fake, client) = fake().await;
    let test = client.create_load_test(5_001, "Basket").send().await.expect("created");
    assert_eq!(test.k6_version, Some(2));
    let get = || client.get_load_test_script(test.id).send();
    assert_eq!(failure(get().await), not_found());
    let start = || client.start_load_test(test.id).send();
    assert_eq!(failure(start().await), not_found());
    let script = ScriptSource::bytes("// a");
    client.upload_load_test_script(test.id, script).send().await.expect("uploaded");
    assert_eq!(get().await.expect("the script").as_bytes(), b"// a");
    start().await.expect("started");
}

#[tokio::test]
async fn rejected_form_names_what_is_wrong() {
    let (fake, client) = fake().await;
    let long = "ö".repeat(300);
    let allowed = send_parts(&fake, 5_001.into(), &[("name", &long)]).await;
    assert_eq!(allowed.status, 201, "300 characters are allowed");
    let longer = "x".repeat(301);
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[], "name"),
        (&[("script", "// a")], "name"),
        (&[("name", "")], "name"),
        (&[("name", &longer)], "name"),
        (&[("name", "a"), ("k6_version", "newest")], "k6_version"),
        (&[("name", "a"), ("title", "b")], "title"),
        (&[("name", "a"), ("name", "b")], "name"),
    ];
    for (parts, target) in cases {
        let rejected = send_parts(&fake, 5_001.into(), parts).await.failure();
        assert_eq!(rejected, (400, "validation_error".into(), target.into()), "{parts:?}");
    }
    let (body, content_type) = form(&[("name", "a")]);
    for (content_type, body, target) in [
        ("multipart/form-data", &*body, "Content-Type"),
        ("multipart/form-data; boundary=other", &body, "body"),
        (content_type, &body[..60], "body"),
        (content_type, "", "body"),
    ] {
        let rejected =
            send_form(&fake, 5_001.into(), content_type, body.to_owned()).await.failure();
        assert_eq!(rejected, (400, "validation_error".into(), target.into()), "{content_type}");
    }
    let json = send_form(&fake, 5_001.into(), "application/json", "{}".to_owned()).await;
    assert_eq!(json.status, 415);
    assert_eq!(send_parts(&fake, 9.into(), &[("name", "a")]).await.failure(), not_found());
    assert_eq!(client.list_load_tests().collect_all(9).await.expect("a list").len(), 4);
}

/// Returns the operation and kind of each error, for all operations on load tests and schedules.
async fn failures(client: &Client) -> Vec<(Option<&'static str>, ErrorKind)> {
    macro_rules! failures {
        ($($operation:ident($($argument:expr),*),)*) => {
            vec![$(
                match client.$operation($($argument),*).send().await {
                    Ok(_) => panic!("{} succeeds", stringify!($operation)),
                    Err(error) => (error.operation(), error.kind()),
                },
            )*]
        };
    }
    failures![
        list_load_tests(),
        list_project_load_tests(5_001),
        get_load_test(101),
        update_load_test(101),
        delete_load_test(101),
        move_load_test(101, 5_001),
        get_load_test_script(101),
        upload_load_test_script(101, ScriptSource::bytes("// a")),
        start_load_test(101),
        create_load_test(5_001, "Basket"),
        validate_options(types::Options::new().extra("vus", 1)),
        list_schedules(),
        get_schedule(701),
        delete_schedule(701),
        activate_schedule(701),
        deactivate_schedule(701),
        get_load_test_schedule(101),
        set_load_test_schedule(101, NOW),
    ]
}

#[tokio::test]
async fn wrong_token_and_stack_are_typed_errors_of_each_operation() {
    let (fake, client) = fake().await;
    let unknown = fake.client().token("another").build().expect("complete");
    let elsewhere = fake.client().stack_id(fake.stack_id().get() + 1).build().expect("complete");
    for (client, expected) in
        [(unknown, ErrorKind::Unauthenticated), (elsewhere, ErrorKind::Forbidden)]
    {
        let failures = failures(&client).await;
        let others: Vec<_> = failures.iter().filter(|(_, kind)| *kind != expected).collect();
        assert!(others.is_empty(), "not {expected:?}: {others:?}");
        let named: BTreeSet<_> = failures.iter().map(|(operation, _)| operation).collect();
        assert_eq!(named.len(), 18, "the operation is not named");
    }
    // None of them has changed anything.
    assert_eq!(client.list_load_tests().collect_all(9).await.expect("a list").len(), 3);
    assert_eq!(client.list_test_runs().send().await.expect("a list").value, []);
    assert_eq!(client.list_schedules().send().await.expect("a list").value, []);
}

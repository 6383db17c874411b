//! Load tests: the request on the wire, the typed answer, and what it changes.
#![expect(deprecated, reason = "a baseline is served as long as the API has it")]

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use k6_cloud::StatusCode;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, NOW, RunSeed};
use serde_json::{Value, json};

use crate::{assert_line, client_of, only_request};

/// The projects of the load tests 101, 102 and 103.
const PROJECTS: [i64; 3] = [5_003, 5_001, 5_002];

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

/// What the API calls the failure of a call that must fail.
fn failure<T>(result: Result<T, Error>) -> (u16, String, String) {
    let error = result.err().expect("the call must be refused");
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

async fn create(
    client: &Client,
    project: i64,
    parts: &[(&str, &str)],
) -> Result<types::LoadTest, Error> {
    let (body, content_type) = form(parts);
    client.send_load_test_form().id(project).content_type(content_type).body(body).call().await
}

async fn bytes(stream: k6_cloud::ByteStream) -> Vec<u8> {
    let chunks: Vec<_> = stream.into_inner().try_collect().await.expect("the script arrives");
    chunks.concat()
}

#[tokio::test]
async fn list_load_tests_orders_filters_and_streams() {
    let fake = FakeCloud::builder().load_tests(25).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let list = client.list_load_tests().orderby("project_id,id desc").skip(1).top(3).count(true);
    let page = list.call().await.expect("a page");
    assert_line(
        &fake,
        "GET",
        "/cloud/v6/load_tests",
        Some("%24count=true&%24orderby=project_id%2Cid+desc&%24skip=1&%24top=3"),
    );
    only_request(&fake, &[("accept", "application/json")]);
    assert_eq!(page.count, Some(25));
    let found: Vec<_> = page.value.iter().map(|test| (test.project_id, test.id)).collect();
    assert_eq!(found, [(5_001, 120), (5_001, 117), (5_001, 114)]);
    assert!(page.next_link.is_some_and(|link| link.contains("skip=4")));

    let named = client.list_load_tests().name("Load test 107").call().await.expect("a page");
    let [test] = &named.value[..] else { panic!("not one: {named:?}") };
    assert_eq!((test.id, test.baseline_test_run_id, test.k6_version), (107, None, None));

    let all: Vec<_> = client.list_load_tests().top(10).stream().try_collect().await.expect("all");
    assert!(all.iter().map(|test: &types::LoadTest| test.id).eq(101..126));

    let refused = client.list_load_tests().orderby("k6_version").call().await;
    assert_eq!(failure(refused), (400, "validation_error".into(), "$orderby".into()));
}

#[tokio::test]
async fn list_project_load_tests_is_of_one_project() {
    let fake = FakeCloud::builder().load_tests(25).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let list = client.list_project_load_tests().id(5_002).orderby("name desc").top(2);
    let page = list.call().await.expect("a page");
    let path = "/cloud/v6/projects/5002/load_tests";
    assert_line(&fake, "GET", path, Some("%24orderby=name+desc&%24top=2"));
    let names: Vec<_> = page.value.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["Load test 124", "Load test 121"]);

    let all = client.list_project_load_tests().id(5_002).top(3).collect_all(100).await;
    let all = all.expect("all of them");
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|test| test.project_id == 5_002));
    let other = client.list_project_load_tests().id(5_002).name("Load test 101").call().await;
    assert_eq!(other.expect("a page").value, []);
    let refused = client.list_project_load_tests().id(5_002).orderby("title").call().await;
    assert_eq!(failure(refused), (400, "validation_error".into(), "$orderby".into()));
    assert_eq!(failure(client.list_project_load_tests().id(9).call().await), not_found());
}

#[tokio::test]
async fn get_load_test_is_the_one_of_its_id() {
    let (fake, client) = fake().await;
    let test = client.get_load_test().id(102).call().await.expect("the load test");
    assert_line(&fake, "GET", "/cloud/v6/load_tests/102", None);
    assert_eq!((test.id, test.project_id, test.name.as_str()), (102, 5_001, "Load test 102"));
    assert_eq!(failure(client.get_load_test().id(9).call().await), not_found());
}

#[tokio::test]
async fn update_load_test_tells_absent_from_null() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed().test_id(101));
    let patch = |patch: types::builder::PatchLoadTest| {
        let call = client.update_load_test().id(101).body(patch);
        async { call.call().await }
    };
    let new = types::PatchLoadTest::builder;
    fake.clock().advance(std::time::Duration::from_secs(60));
    patch(new().name("Checkout".to_owned()).k6_version(3)).await.expect("changed");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("PATCH", "/cloud/v6/load_tests/101"));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(body, json!({ "name": "Checkout", "k6_version": 3 }));
    let test = client.get_load_test().id(101).call().await.expect("the load test");
    assert_eq!((test.name.as_str(), test.k6_version), ("Checkout", Some(3)));
    assert_eq!(*test.updated, NOW + chrono::TimeDelta::minutes(1));

    let baseline = new().baseline_test_run_id(run);
    patch(baseline).await.expect("changed");
    patch(new().k6_version(None)).await.expect("changed");
    let body = fake.requests().pop().expect("a request").body;
    assert_eq!(body, br#"{"k6_version":null}"#);
    let test = client.get_load_test().id(101).call().await.expect("the load test");
    assert_eq!((test.k6_version, test.baseline_test_run_id), (None, Some(run)));
    client.delete_test_run().id(run).call().await.expect("deleted");
    let test = client.get_load_test().id(101).call().await.expect("the load test");
    assert_eq!(test.baseline_test_run_id, None);
}

#[tokio::test]
async fn update_load_test_is_refused_for_a_name_that_is_taken() {
    let (fake, client) = fake().await;
    create(&client, PROJECTS[0], &[("name", "Basket")]).await.expect("created");
    let rename = |id: i64, name: &str| {
        let body = types::PatchLoadTest::builder().name(name.to_owned());
        let call = client.update_load_test().id(id).body(body);
        async { call.call().await }
    };
    assert_eq!(failure(rename(101, "Basket").await), conflict());
    rename(102, "Basket").await.expect("the name is free in another project");
    rename(101, "Load test 101").await.expect("its own name");
    assert_eq!(failure(rename(9, "Basket").await), not_found());
    let long = "x".repeat(301);
    assert_eq!(failure(rename(101, &long).await), (400, "validation_error".into(), "name".into()));
    let other = fake.add_run(RunSeed::passed().test_id(102));
    let body = types::PatchLoadTest::builder().baseline_test_run_id(other);
    let refused = client.update_load_test().id(101).body(body).call().await;
    let target = "baseline_test_run_id".to_owned();
    assert_eq!(failure(refused), (400, "validation_error".into(), target));
}

#[tokio::test]
async fn delete_load_test_takes_its_runs_along_and_none_that_goes_on() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed());
    client.delete_load_test().id(FIRST_LOAD_TEST_ID).call().await.expect("deleted");
    assert_line(&fake, "DELETE", "/cloud/v6/load_tests/101", None);
    assert_eq!(fake.run_json(run), None);
    assert_eq!(failure(client.get_load_test().id(101).call().await), not_found());
    assert_eq!(failure(client.list_load_test_runs().id(101).call().await), not_found());
    assert_eq!(failure(client.delete_load_test().id(101).call().await), not_found());

    let run = fake.add_run(RunSeed::running().test_id(102));
    assert_eq!(failure(client.delete_load_test().id(102).call().await), conflict());
    client.delete_load_test().id(103).call().await.expect("another is not in the way");
    client.abort_test_run().id(run).call().await.expect("aborted");
    client.delete_load_test().id(102).call().await.expect("deleted");
    let left = client.list_load_tests().collect_all(10).await.expect("the load tests");
    assert_eq!(left, []);
}

#[tokio::test]
async fn move_load_test_takes_its_runs_along() {
    let (fake, client) = fake().await;
    let run = fake.add_run(RunSeed::passed());
    let to = |id: i64, project: i64| {
        let body = types::MoveLoadTest::builder().project_id(project);
        let call = client.move_load_test().id(id).body(body);
        async { call.call().await }
    };
    to(101, 5_001).await.expect("moved");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("PUT", "/cloud/v6/load_tests/101/move"));
    assert_eq!(request.body, br#"{"project_id":5001}"#);
    let test = client.get_load_test().id(101).call().await.expect("the load test");
    assert_eq!((test.project_id, *test.updated), (5_001, NOW));
    assert_eq!(client.get_test_run().id(run).call().await.expect("the run").project_id, 5_001);
    let next = fake.add_run(RunSeed::running());
    assert_eq!(fake.run_json(next).expect("the run")["project_id"], 5_001);

    to(101, 5_001).await.expect("it is there already");
    assert_eq!(failure(to(101, 9).await), not_found());
    assert_eq!(failure(to(9, 5_001).await), not_found());
    create(&client, 5_002, &[("name", "Load test 101")]).await.expect("created");
    assert_eq!(failure(to(101, 5_002).await), conflict());
}

#[tokio::test]
async fn get_load_test_script_is_of_the_type_that_is_accepted() {
    let (fake, client) = fake().await;
    let get = |accept: &str| {
        let call = client.get_load_test_script().id(101).accept(accept);
        async { call.response().await }
    };
    let answer = get("text/javascript").await.expect("the script");
    assert_line(&fake, "GET", "/cloud/v6/load_tests/101/script", None);
    only_request(&fake, &[("accept", "text/javascript")]);
    assert_eq!(answer.headers()["content-type"], "text/javascript");
    let script = bytes(answer.into_inner()).await;
    assert!(script.starts_with(b"import http from 'k6/http';"));

    for (accept, is_served) in [
        ("*/*", true),
        ("text/*", true),
        ("application/x-tar, text/javascript;q=0.5", true),
        ("application/x-tar, */*;q=0.1", true),
        ("TEXT/JavaScript ; charset=utf-8", true),
        ("application/x-tar", false),
        ("application/json", false),
        ("application/*", false),
        ("*/*, text/javascript;q=0", false),
        ("nonsense", false),
    ] {
        let answer = get(accept).await;
        assert_eq!(answer.is_ok(), is_served, "{accept}");
        if !is_served {
            assert_eq!(failure(answer), (406, "not_acceptable".into(), "".into()), "{accept}");
        }
    }
    let missing = client.get_load_test_script().id(9).accept("*/*").call().await;
    assert_eq!(failure(missing), not_found());
}

#[tokio::test]
async fn send_load_test_script_replaces_the_script() {
    let (fake, client) = fake().await;
    let tar = format!("{}ustar{}", "x".repeat(257), "\0".repeat(250));
    for (script, content_type, other) in [
        ("// größer\n".to_owned(), "text/javascript", "application/x-tar"),
        (tar, "application/x-tar", "text/javascript"),
        ("x".repeat(600), "text/javascript", "application/x-tar"),
    ] {
        fake.clear_requests();
        let send = client.send_load_test_script().id(101).body(script.clone());
        send.call().await.expect("replaced");
        let request = only_request(&fake, &[("content-type", "application/octet-stream")]);
        assert_eq!((&*request.method, &*request.path), ("PUT", "/cloud/v6/load_tests/101/script"));
        assert_eq!(request.body, script.as_bytes());
        let get = client.get_load_test_script().id(101).accept("*/*");
        let answer = get.response().await.expect("the script");
        assert_eq!(answer.headers()["content-type"], content_type);
        assert_eq!(bytes(answer.into_inner()).await, script.as_bytes());
        let refused = client.get_load_test_script().id(101).accept(other).call().await;
        assert_eq!(failure(refused).0, 406);
    }
    let missing = client.send_load_test_script().id(9).body("a").call().await;
    assert_eq!(failure(missing), not_found());
    let empty = client.send_load_test_script().id(101).body("").call().await;
    assert_eq!(failure(empty), (400, "validation_error".into(), "body".into()));
}

#[tokio::test]
async fn send_load_test_form_creates_a_load_test() {
    let (fake, client) = fake().await;
    let script = "export default () => {};\r\n--lim\r\n";
    let parts = [("name", "Größe ☕"), ("script", script), ("k6_version", "2")];
    let (body, content_type) = form(&parts);
    let send = client.send_load_test_form().id(5_002).content_type(content_type).body(body.clone());
    let answer = send.response().await.expect("created");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let request = only_request(&fake, &[("content-type", content_type)]);
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/projects/5002/load_tests"));
    assert_eq!(request.body, body.as_bytes());
    let test = answer.into_inner();
    assert_eq!((test.id, test.project_id, test.name.as_str()), (104, 5_002, "Größe ☕"));
    assert_eq!((test.k6_version, *test.created, *test.updated), (Some(2), NOW, NOW));
    let listed = client.list_project_load_tests().id(5_002).collect_all(9).await.expect("a list");
    assert_eq!(listed.last(), Some(&test));
    let stored = client.get_load_test_script().id(104).accept("*/*").call().await;
    assert_eq!(bytes(stored.expect("the script")).await, script.as_bytes());
    let runs = client.list_load_test_runs().id(104).call().await.expect("a list of no runs");
    assert_eq!(runs.value, []);
    assert_eq!(failure(create(&client, 5_002, &parts).await), conflict());
}

#[tokio::test]
async fn send_load_test_form_without_a_script_has_none() {
    let (_fake, client) = fake().await;
    let test = create(&client, 5_001, &[("name", "Basket")]).await.expect("created");
    assert_eq!(test.k6_version, None);
    let get = || client.get_load_test_script().id(test.id).accept("*/*").call();
    assert_eq!(failure(get().await), not_found());
    let start = || client.send_load_test_start().id(test.id).call();
    assert_eq!(failure(start().await), not_found());
    client.send_load_test_script().id(test.id).body("// a").call().await.expect("uploaded");
    assert_eq!(bytes(get().await.expect("the script")).await, b"// a");
    start().await.expect("started");
}

#[tokio::test]
async fn send_load_test_form_names_what_is_wrong() {
    let (_fake, client) = fake().await;
    let long = "ö".repeat(300);
    create(&client, 5_001, &[("name", &long)]).await.expect("300 characters are allowed");
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
        let refused = failure(create(&client, 5_001, parts).await);
        assert_eq!(refused, (400, "validation_error".into(), target.into()), "{parts:?}");
    }
    let send = |content_type: &str, body: &str| {
        let call = client.send_load_test_form().id(5_001).content_type(content_type);
        let call = call.body(body.to_owned());
        async move { call.call().await }
    };
    let (body, content_type) = form(&[("name", "a")]);
    for (content_type, body, target) in [
        ("application/json", "{}", "Content-Type"),
        ("multipart/form-data", &body, "Content-Type"),
        ("multipart/form-data; boundary=other", &body, "body"),
        (content_type, &body[..60], "body"),
        (content_type, "", "body"),
    ] {
        let refused = failure(send(content_type, body).await);
        assert_eq!(refused, (400, "validation_error".into(), target.into()), "{content_type}");
    }
    assert_eq!(failure(create(&client, 9, &[("name", "a")]).await), not_found());
    assert_eq!(client.list_load_tests().collect_all(9).await.expect("a list").len(), 4);
}

/// How each of the operations on load tests and schedules fails.
async fn failures(client: &Client) -> Vec<(Option<&'static str>, ErrorKind)> {
    macro_rules! failures {
        ($($operation:ident $(.$set:ident($value:expr))*,)*) => {
            vec![$(
                match client.$operation()$(.$set($value))*.call().await {
                    Ok(_) => panic!("{} succeeds", stringify!($operation)),
                    Err(error) => (error.operation(), error.kind()),
                },
            )*]
        };
    }
    let (body, content_type) = form(&[("name", "Basket")]);
    let options: types::Options = serde_json::from_value(json!({ "vus": 1 })).expect("options");
    failures![
        list_load_tests,
        list_project_load_tests.id(5_001),
        get_load_test.id(101),
        update_load_test.id(101),
        delete_load_test.id(101),
        move_load_test.id(101).body(types::MoveLoadTest::builder().project_id(5_001)),
        get_load_test_script.id(101).accept("*/*"),
        send_load_test_script.id(101).body("// a"),
        send_load_test_start.id(101),
        send_load_test_form.id(5_001).content_type(content_type).body(body),
        validate_options.body(types::ValidateOptionsRequest::builder().options(options)),
        list_schedules,
        get_schedule.id(701),
        delete_schedule.id(701),
        activate_schedule.id(701),
        deactivate_schedule.id(701),
        get_load_test_schedule.id(101),
        set_load_test_schedule.id(101).body(types::CreateScheduleRequest::builder().starts(NOW)),
    ]
}

#[tokio::test]
async fn refused_tokens_and_stacks_are_typed_for_each_operation() {
    let (fake, client) = fake().await;
    let unknown = fake.client().token("another").build().expect("complete");
    let elsewhere = fake.client().stack_id(fake.stack_id() + 1).build().expect("complete");
    for (client, expected) in
        [(unknown, ErrorKind::Unauthenticated), (elsewhere, ErrorKind::Forbidden)]
    {
        let failures = failures(&client).await;
        let others: Vec<_> = failures.iter().filter(|(_, kind)| *kind != expected).collect();
        assert!(others.is_empty(), "not {expected:?}: {others:?}");
        let named: BTreeSet<_> = failures.iter().map(|(operation, _)| operation).collect();
        assert_eq!(named.len(), 18, "the operation is not named");
    }
    // None of them has had an effect.
    assert_eq!(client.list_load_tests().collect_all(9).await.expect("a list").len(), 3);
    assert_eq!(client.list_test_runs().call().await.expect("a list").value, []);
    assert_eq!(client.list_schedules().call().await.expect("a list").value, []);
}

//! Projects and their limits: the requests on the wire, the typed responses, and the conflicts.

use k6_cloud::ProjectId;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, NOW, RunSeed};
use serde_json::json;

use crate::{assert_line, assert_sent, client_of};

const DEFAULT: ProjectId = ProjectId::new(5_001);
const SHOP: ProjectId = ProjectId::new(5_002);

async fn start() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

async fn create(client: &Client, name: &str) -> Result<types::Project, Error> {
    client.create_project(name).send().await
}

async fn rename(client: &Client, id: ProjectId, name: &str) -> Result<(), Error> {
    client.update_project(id, name).send().await
}

fn names(projects: &[types::Project]) -> Vec<&str> {
    projects.iter().map(|project| &*project.name).collect()
}

#[tokio::test]
async fn list_projects_pages_counts_and_orders() {
    let (fake, client) = start().await;
    let page = client.list_projects().count(true).orderby("name desc").top(2).send().await;
    let page = page.expect("a page");
    let query = Some("%24count=true&%24orderby=name+desc&%24top=2");
    assert_line(&fake, "GET", "/cloud/v6/projects", query);
    assert_eq!((names(&page.value), page.count), (vec!["Shop", "Search"], Some(3)));
    assert!(page.next_link.is_some_and(|link| link.contains("skip=2")));
    let page = client.list_projects().orderby("name desc").skip(2).send().await.expect("a page");
    assert_eq!(
        (names(&page.value), page.count, page.next_link),
        (vec!["Default project"], None, None)
    );

    let page = client.list_projects().orderby("created desc").send().await.expect("a page");
    assert!(page.value.is_sorted_by(|a, b| a.created > b.created));
    let error = client.list_projects().orderby("id").send().await.expect_err("no such order");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("$orderby")));
    let error = client.list_projects().top(1_001).send().await.expect_err("1000 at most");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("$top")));
}

#[tokio::test]
async fn list_projects_filters_by_name() {
    let (fake, client) = start().await;
    create(&client, "Shop 2").await.expect("created");
    fake.clear_requests();
    let page = client.list_projects().name("Shop").send().await.expect("a page");
    assert_line(&fake, "GET", "/cloud/v6/projects", Some("name=Shop"));
    assert_eq!(names(&page.value), ["Shop"]);
    fake.clear_requests();
    let page = client.list_projects().name_search("sHOP").send().await.expect("a page");
    assert_line(&fake, "GET", "/cloud/v6/projects", Some("name_search=sHOP"));
    assert_eq!(names(&page.value), ["Shop", "Shop 2"]);
    let none = client.list_projects().name("Shop").name_search("2").send().await.expect("a page");
    assert!(none.value.is_empty());
    let long = "n".repeat(256);
    let error = client.list_projects().name(long).send().await.expect_err("255 at most");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("name")));
}

#[tokio::test]
async fn list_projects_streams_every_page() {
    let (fake, client) = start().await;
    for number in 0..8 {
        create(&client, &format!("Project {number}")).await.expect("created");
    }
    fake.clear_requests();
    let mut rows = client.list_projects().orderby("name").top(3).stream();
    let mut seen = Vec::new();
    while let Some(project) = rows.try_next().await.expect("a row") {
        seen.push(project);
    }
    assert_eq!(seen.len(), 11);
    assert!(seen.is_sorted_by(|a, b| a.name < b.name));
    assert!(fake.requests().len() >= 4, "not in pages");
    let all = client.list_projects().collect_all(11).await.expect("all rows");
    assert_eq!(all.len(), 11);
    let error = client.list_projects().collect_all(10).await.expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[tokio::test]
async fn create_project_gives_it_an_id() {
    let (fake, client) = start().await;
    fake.clock().advance(std::time::Duration::from_secs(60));
    let response = client.create_project("Warehouse \u{2713}").response().await.expect("created");
    assert_eq!(response.status(), 201);
    assert_sent(&fake, "POST", "/cloud/v6/projects", json!({ "name": "Warehouse \u{2713}" }));
    let project = response.into_inner();
    assert_eq!((project.id, &*project.name), (5_004.into(), "Warehouse \u{2713}"));
    assert!(!project.is_default && project.labels.is_empty());
    let now = NOW + chrono::Duration::seconds(60);
    assert_eq!((*project.created, *project.updated), (now, now));
    fake.clear_requests();
    let read = client.get_project(project.id).send().await.expect("the project");
    assert_line(&fake, "GET", "/cloud/v6/projects/5004", None);
    assert_eq!(read, project);
    let limits = client.get_project_limits(project.id).send().await.expect("its limits");
    assert_eq!((limits.project_id, limits.vuh_max_per_month), (project.id, None));
}

#[tokio::test]
async fn create_project_errors_are_typed() {
    let (_fake, client) = start().await;
    let error = create(&client, "Shop").await.expect_err("a taken name");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    for name in [String::new(), "n".repeat(256)] {
        let error = create(&client, &name).await.expect_err("no name");
        assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("name")));
    }
    create(&client, &"\u{e9}".repeat(255)).await.expect("characters are counted, not bytes");
    assert_eq!(client.list_projects().send().await.expect("a page").value.len(), 4);
}

#[tokio::test]
async fn create_project_is_limited_to_1000() {
    let (_fake, client) = start().await;
    for number in 0..997 {
        create(&client, &format!("Project {number}")).await.expect("created");
    }
    let error = create(&client, "One more").await.expect_err("1001 projects");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    client.delete_project(SHOP).send().await.expect("deleted");
    assert_eq!(create(&client, "One more").await.expect("created").id, 6_001);
    let page = client.list_projects().count(true).send().await.expect("a page");
    assert_eq!((page.value.len(), page.count, page.next_link), (1_000, Some(1_000), None));
}

#[tokio::test]
async fn get_project_reads_the_default_one() {
    let (fake, client) = start().await;
    let project = client.get_project(DEFAULT).send().await.expect("the project");
    assert_line(&fake, "GET", "/cloud/v6/projects/5001", None);
    assert!(project.is_default && project.grafana_folder_uid.is_some());
    assert!(project.created <= project.updated && *project.updated < NOW);
    let error = client.get_project(1).send().await.expect_err("no such project");
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("not_found")));
}

#[tokio::test]
async fn update_project_renames_it() {
    let (fake, client) = start().await;
    rename(&client, SHOP, "Web shop").await.expect("renamed");
    assert_sent(&fake, "PATCH", "/cloud/v6/projects/5002", json!({ "name": "Web shop" }));
    let project = client.get_project(SHOP).send().await.expect("the project");
    assert_eq!((&*project.name, *project.updated), ("Web shop", NOW));
    assert!(project.created < project.updated);
    rename(&client, SHOP, "Web shop").await.expect("its own name is free");
    create(&client, "Shop").await.expect("the old name is free");

    let error = rename(&client, SHOP, "Search").await.expect_err("a taken name");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    let error = rename(&client, SHOP, "").await.expect_err("no name");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("name")));
    let error = rename(&client, 1.into(), "New").await.expect_err("no project");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn delete_project_deletes_its_runs() {
    let (fake, client) = start().await;
    let run = fake.add_run(RunSeed::passed().test_id(FIRST_LOAD_TEST_ID));
    let id = client.get_test_run(run).send().await.expect("the run").project_id;
    assert_ne!(id, DEFAULT);
    fake.clear_requests();
    client.delete_project(id).send().await.expect("deleted");
    assert_line(&fake, "DELETE", &format!("/cloud/v6/projects/{id}"), None);
    let error = client.get_project(id).send().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = client.get_project_limits(id).send().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = client.get_test_run(run).send().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = client.delete_project(id).send().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(create(&client, "New").await.expect("created").id, 5_004, "an id is given twice");
}

#[tokio::test]
async fn delete_project_while_a_test_runs_is_409() {
    let (fake, client) = start().await;
    let run = fake.add_run(RunSeed::running().test_id(FIRST_LOAD_TEST_ID));
    let id = client.get_test_run(run).send().await.expect("the run").project_id;
    let error = client.delete_project(id).send().await.expect_err("a test runs");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    client.get_project(id).send().await.expect("it is still there");
    client.abort_test_run(run).send().await.expect("aborted");
    client.delete_project(id).send().await.expect("deleted");
    // The default project cannot be deleted, since `authenticate` returns it.
    let error = client.delete_project(DEFAULT).send().await.expect_err("the default one");
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn update_project_limits_tells_null_from_absent() {
    let (fake, client) = start().await;
    let request = types::PatchProjectLimitsRequest::new;
    let path = "/cloud/v6/projects/5002/limits";
    for (body, sent, limits) in [
        (
            request().vuh_max_per_month(500).vu_max_per_test(Some(200)),
            json!({ "vuh_max_per_month": 500, "vu_max_per_test": 200 }),
            [Some(500), Some(200), None, None],
        ),
        (
            request().vu_browser_max_per_test(10).duration_max_per_test(3_600),
            json!({ "vu_browser_max_per_test": 10, "duration_max_per_test": 3600 }),
            [Some(500), Some(200), Some(10), Some(3_600)],
        ),
        (request(), json!({}), [Some(500), Some(200), Some(10), Some(3_600)]),
        (
            request().vu_max_per_test(None).duration_max_per_test(60),
            json!({ "vu_max_per_test": null, "duration_max_per_test": 60 }),
            [Some(500), None, Some(10), Some(60)],
        ),
    ] {
        fake.clear_requests();
        client.update_project_limits(SHOP).body(body).send().await.expect("changed");
        assert_sent(&fake, "PATCH", path, sent);
        fake.clear_requests();
        let read = client.get_project_limits(SHOP).send().await.expect("the limits");
        assert_line(&fake, "GET", path, None);
        let got = [
            read.vuh_max_per_month,
            read.vu_max_per_test,
            read.vu_browser_max_per_test,
            read.duration_max_per_test,
        ];
        assert_eq!((read.project_id, got), (SHOP, limits));
    }
    let other = client.get_project_limits(DEFAULT).send().await.expect("the limits");
    assert_eq!(other.vuh_max_per_month, None, "another project is changed");

    let call = client.update_project_limits(SHOP).vu_max_per_test(0).duration_max_per_test(-1);
    let error = call.send().await;
    let error = error.expect_err("from 1");
    assert_eq!((error.kind(), error.details().len()), (ErrorKind::InvalidRequest, 2));
    let error = client.update_project_limits(1).send().await;
    assert_eq!(error.expect_err("no project").kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn list_project_limits_keeps_the_projects_asked_for() {
    let (fake, client) = start().await;
    client.update_project_limits(SHOP).vu_max_per_test(7).send().await.expect("changed");
    fake.clear_requests();
    let page = client.list_project_limits().project_id_in([5003, 5002, 1]).count(true).send().await;
    let page = page.expect("a page");
    let query = Some("%24count=true&project_id_in=5003%2C5002%2C1");
    assert_line(&fake, "GET", "/cloud/v6/project-limits", query);
    let found: Vec<_> =
        page.value.iter().map(|row| (row.project_id, row.vu_max_per_test)).collect();
    assert_eq!((found, page.count), (vec![(SHOP, Some(7)), (5_003.into(), None)], Some(2)));

    let ids = |count: i64| (0..count).map(ProjectId::new);
    for count in [31, 0] {
        let error = client.list_project_limits().project_id_in(ids(count)).send().await;
        let error = error.expect_err("too many ids, or none");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{count}");
        assert!(error.target().is_some_and(|at| at.starts_with("project_id_in")), "{error}");
    }
    client.list_project_limits().project_id_in(ids(30)).send().await.expect("30 ids");
}

#[tokio::test]
async fn list_project_limits_streams_every_page() {
    let (fake, client) = start().await;
    for number in 0..4 {
        create(&client, &format!("Project {number}")).await.expect("created");
    }
    fake.clear_requests();
    let mut rows = client.list_project_limits().top(3).stream();
    let mut seen = Vec::new();
    while let Some(limits) = rows.try_next().await.expect("a row") {
        seen.push(limits.project_id);
    }
    assert_eq!(seen, (5_001..5_008).collect::<Vec<_>>());
    assert!(fake.requests().len() >= 3, "not in pages");
    let all = client.list_project_limits().collect_all(7).await.expect("all rows");
    assert_eq!(all.len(), 7);
}

//! Label keys and labels: the requests on the wire, the typed responses, and the limits.

use k6_cloud::prelude::*;
use k6_cloud::{LabelKeyId, ProjectId};
use k6_cloud_fake::FakeCloud;
use serde_json::json;

use crate::{assert_line, assert_sent, client_of};

const SHOP: ProjectId = ProjectId::new(5_002);
const SEARCH: ProjectId = ProjectId::new(5_003);

async fn start() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

async fn create(client: &Client, names: &[&str]) -> Vec<LabelKeyId> {
    let created = client.create_label_keys(names.iter().copied()).send().await.expect("created");
    created.value.iter().map(|key| key.id).collect()
}

async fn put(client: &Client, project: ProjectId, pairs: &[(&str, &str)]) -> Result<(), Error> {
    let label = |(key, value): &(&str, &str)| types::ProjectLabelPutItem::new(*value).key(*key);
    let labels = pairs.iter().map(label);
    client.replace_project_labels(project, labels).send().await.map(drop)
}

async fn names(client: &Client) -> Vec<String> {
    let list = client.list_label_keys().send().await.expect("a list");
    list.value.into_iter().map(|key| key.key).collect()
}

async fn labels_of(client: &Client, project: ProjectId) -> Vec<(String, String)> {
    let list = client.list_project_labels(project).send().await.expect("a list");
    list.value.into_iter().map(|label| (label.key, label.value)).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn create_label_keys_gives_ids_and_lists_them() {
    let (fake, client) = start().await;
    let described = types::LabelKeyCreateItem::new("team").description("Who looks after it");
    let plain = types::LabelKeyCreateItem::new("tier");
    let response = client.create_label_keys([described, plain]).response().await.expect("created");
    assert_eq!(response.status(), 201);
    let request = fake.requests().remove(0);
    let sent: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
    let team = json!({ "key": "team", "description": "Who looks after it" });
    assert_eq!(sent["value"][0], team);
    assert_eq!(sent["value"][1]["key"], "tier");
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/labels"));
    let created = response.into_inner().value;
    assert_eq!(created[0].description.as_deref(), Some("Who looks after it"));
    assert_eq!((&*created[1].key, &created[1].description), ("tier", &None));
    assert!(created[0].id < created[1].id);

    fake.clear_requests();
    let listed = client.list_label_keys().send().await.expect("a list").value;
    assert_line(&fake, "GET", "/cloud/v6/labels", None);
    assert_eq!(listed, created);
}

#[tokio::test]
async fn create_label_keys_creates_all_or_none() {
    let (_fake, client) = start().await;
    create(&client, &["team"]).await;
    let error = client.create_label_keys(["tier", "team"]).send().await;
    let error = error.expect_err("a taken key");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    let error = client.create_label_keys(["tier", "tier"]).send().await;
    let error = error.expect_err("a key twice");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.1.key")));
    let error = client.create_label_keys(["tier", "a b", "50%"]).send().await;
    let error = error.expect_err("no keys");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.1.key")));
    assert_eq!(error.details().len(), 2);
    let error = client.create_label_keys([""; 0]).send().await.expect_err("nothing");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value")));
    assert_eq!(names(&client).await, ["team"]);
}

#[tokio::test]
async fn create_label_keys_is_limited_to_100() {
    let (_fake, client) = start().await;
    let many: Vec<String> = (0..101).map(|number| format!("key-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    create(&client, &many[..98]).await;
    let error = client.create_label_keys(many[98..].iter().copied()).send().await;
    assert_eq!(error.expect_err("101 keys").kind(), ErrorKind::Conflict);
    let ids = create(&client, &many[98..100]).await;
    let error = client.create_label_keys(many[100..].iter().copied()).send().await;
    assert_eq!(error.expect_err("101 keys").kind(), ErrorKind::Conflict);
    client.delete_label_key(ids[0]).send().await.expect("deleted");
    let again = create(&client, &many[100..]).await;
    assert!(!ids.contains(&again[0]), "an id is given twice");
}

#[tokio::test]
async fn update_label_key_tells_null_from_absent() {
    let (fake, client) = start().await;
    let id = create(&client, &["team", "tier"]).await[0];
    let path = format!("/cloud/v6/labels/{id}");
    let request = types::LabelKeyPatchRequest::new;
    for (body, sent, key, description) in [
        (request().description("A"), json!({ "description": "A" }), "team", Some("A")),
        (request().key("squad"), json!({ "key": "squad" }), "squad", Some("A")),
        (request(), json!({}), "squad", Some("A")),
        (
            request().key("squad").description(None),
            json!({ "key": "squad", "description": null }),
            "squad",
            None,
        ),
        (request().key(None), json!({ "key": null }), "squad", None),
    ] {
        fake.clear_requests();
        let response = client.update_label_key(id).body(body).send().await.expect("changed");
        assert_sent(&fake, "PATCH", &path, sent);
        assert_eq!((response.id, &*response.key), (id, key));
        assert_eq!(response.description.as_deref(), description);
    }
    assert_eq!(names(&client).await, ["squad", "tier"]);
}

#[tokio::test]
async fn update_label_key_renames_the_labels_of_projects() {
    let (_fake, client) = start().await;
    let id = create(&client, &["team"]).await[0];
    put(&client, SHOP, &[("team", "a")]).await.expect("labelled");
    client.update_label_key(id).key("squad").send().await.expect("renamed");
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[("squad", "a")]));
}

#[tokio::test]
async fn update_label_key_errors_are_typed() {
    let (_fake, client) = start().await;
    let id = create(&client, &["team", "tier"]).await[0];
    let update = async |id: LabelKeyId, key: &str| {
        client.update_label_key(id).key(key).send().await.expect_err(key)
    };
    let error = update(id, "tier").await;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    let error = update(id, "a;b").await;
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("key")));
    assert_eq!(update(1.into(), "new").await.kind(), ErrorKind::NotFound);
    assert_eq!(names(&client).await, ["team", "tier"]);
}

#[tokio::test]
async fn delete_label_key_deletes_its_labels() {
    let (fake, client) = start().await;
    let id = create(&client, &["team", "tier"]).await[0];
    for project in [SHOP, SEARCH] {
        put(&client, project, &[("team", "a"), ("tier", "1")]).await.expect("labelled");
    }
    fake.clear_requests();
    client.delete_label_key(id).send().await.expect("deleted");
    assert_line(&fake, "DELETE", &format!("/cloud/v6/labels/{id}"), None);
    assert_eq!(names(&client).await, ["tier"]);
    // A new key with the same name is another key.
    create(&client, &["team"]).await;
    for project in [SHOP, SEARCH] {
        assert_eq!(labels_of(&client, project).await, pairs(&[("tier", "1")]));
    }
    let error = client.delete_label_key(id).send().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn replace_project_labels_replaces_them_all() {
    let (fake, client) = start().await;
    let ids = create(&client, &["team", "tier"]).await;
    put(&client, SHOP, &[("team", "a"), ("tier", "1")]).await.expect("labelled");
    fake.clear_requests();
    let label = types::ProjectLabelPutItem::new("b").key_id(ids[0]);
    let response = client.replace_project_labels(SHOP, [label]).send().await;
    let response = response.expect("replaced").value;
    let request = fake.requests().remove(0);
    let line = (&*request.method, &*request.path);
    assert_eq!(line, ("PUT", &*format!("/cloud/v6/projects/{SHOP}/labels")));
    let sent: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(
        (&sent["value"][0]["key_id"], &sent["value"][0]["value"]),
        (&json!(ids[0]), &json!("b"))
    );
    assert_eq!((response.len(), response[0].key_id), (1, ids[0]));
    assert_eq!((&*response[0].key, &*response[0].value), ("team", "b"));

    fake.clear_requests();
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[("team", "b")]));
    assert_line(&fake, "GET", &format!("/cloud/v6/projects/{SHOP}/labels"), None);
    let project = client.get_project(SHOP).send().await.expect("the project");
    assert_eq!(project.labels.into_iter().collect::<Vec<_>>(), pairs(&[("team", "b")]));
    assert_eq!(labels_of(&client, SEARCH).await, pairs(&[]));
    put(&client, SHOP, &[]).await.expect("without labels");
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[]));
    assert_eq!(names(&client).await, ["team", "tier"]);
}

#[tokio::test]
async fn replace_project_labels_errors_are_typed() {
    let (_fake, client) = start().await;
    let id = create(&client, &["team"]).await[0];
    put(&client, SHOP, &[("team", "a")]).await.expect("labelled");
    let error = put(&client, 1.into(), &[("team", "b")]).await.expect_err("no project 1");
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("not_found")));
    let error = put(&client, SHOP, &[("tier", "b")]).await.expect_err("no key tier");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.0.key")));
    let label = types::ProjectLabelPutItem::new;
    let neither = label("b");
    let both = label("b").key("team").key_id(id);
    let unknown = label("b").key_id(1);
    let spaced = label("a b").key_id(id);
    for (label, kind, target) in [
        (neither, ErrorKind::InvalidRequest, Some("value.0")),
        (both, ErrorKind::InvalidRequest, Some("value.0")),
        (unknown, ErrorKind::InvalidRequest, Some("value.0.key_id")),
        (spaced, ErrorKind::InvalidRequest, Some("value.0.value")),
    ] {
        let error = client.replace_project_labels(SHOP, [label]).send().await;
        let error = error.expect_err("rejected");
        assert_eq!((error.kind(), error.target()), (kind, target), "{error}");
    }
    let twice = put(&client, SHOP, &[("team", "b"), ("team", "c")]).await.expect_err("twice");
    assert_eq!((twice.kind(), twice.target()), (ErrorKind::InvalidRequest, Some("value.1.key")));
    let many = put(&client, SHOP, &[("team", "b"); 31]).await.expect_err("31 labels");
    assert_eq!((many.kind(), many.target()), (ErrorKind::InvalidRequest, Some("value")));
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[("team", "a")]));
}

#[tokio::test]
async fn labels_are_limited_to_500_different_pairs() {
    let (_fake, client) = start().await;
    let names: Vec<String> = (0..30).map(|number| format!("key-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    create(&client, &names).await;
    let mut projects = Vec::new();
    for number in 0..18 {
        let project = client.create_project(format!("Project {number}")).send().await;
        projects.push(project.expect("created").id);
    }
    let values: Vec<String> = (0..16).map(|number| format!("value-{number}")).collect();
    fn all<'a>(names: &[&'a str], value: &'a str) -> Vec<(&'a str, &'a str)> {
        names.iter().map(|name| (*name, value)).collect()
    }
    for (project, value) in projects.iter().zip(&values) {
        put(&client, *project, &all(&names, value)).await.expect("480 pairs");
    }
    // Pairs that another project also has count once.
    put(&client, projects[16], &all(&names, &values[0])).await.expect("480 pairs");
    put(&client, projects[16], &all(&names[..20], "new")).await.expect("500 pairs");
    let error = put(&client, projects[16], &all(&names[..21], "new")).await.expect_err("501 pairs");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("conflict")));
    assert_eq!(labels_of(&client, projects[16]).await.len(), 20);
    // The labels of a deleted project or key no longer count.
    client.delete_project(projects[0]).send().await.expect("deleted");
    put(&client, projects[16], &all(&names, "new")).await.expect("480 pairs");
    put(&client, projects[17], &all(&names[..20], "other")).await.expect("500 pairs");
    let first = client.list_label_keys().send().await.expect("a list").value.remove(0);
    client.delete_label_key(first.id).send().await.expect("deleted");
    put(&client, projects[17], &all(&names[1..], "other")).await.expect("493 pairs");
}

#[tokio::test]
async fn delete_project_label_keeps_the_key() {
    let (fake, client) = start().await;
    create(&client, &["team", "tier"]).await;
    for project in [SHOP, SEARCH] {
        put(&client, project, &[("team", "a"), ("tier", "1")]).await.expect("labelled");
    }
    fake.clear_requests();
    client.delete_project_label(SHOP, "team").send().await.expect("deleted");
    assert_line(&fake, "DELETE", &format!("/cloud/v6/projects/{SHOP}/labels/team"), None);
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[("tier", "1")]));
    assert_eq!(labels_of(&client, SEARCH).await.len(), 2);
    assert_eq!(names(&client).await, ["team", "tier"]);
    for (project, key) in [(SHOP, "team"), (SHOP, "other"), (1.into(), "team")] {
        let error = client.delete_project_label(project, key).send().await;
        assert_eq!(error.expect_err(key).kind(), ErrorKind::NotFound);
    }
    let error = client.list_project_labels(1).send().await.expect_err("no project");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn key_stays_one_segment_of_the_path() {
    let (fake, client) = start().await;
    // Valid keys with characters that have a meaning in a URL.
    let odd = [
        "a/b", "../x", "/", "..a", "a..", "...", "a?b", "a#b", "a&b=c", "{key}", "k\u{e9}y", ":",
        "@", "~", "+", "a,b",
    ];
    create(&client, &odd).await;
    for key in odd {
        put(&client, SHOP, &[(key, "v")]).await.expect("labelled");
        fake.clear_requests();
        let deleted = client.delete_project_label(SHOP, key).send().await;
        deleted.unwrap_or_else(|error| panic!("{key}: {error}"));
        let request = fake.requests().remove(0);
        let rest = request.path.strip_prefix(&format!("/cloud/v6/projects/{SHOP}/labels/"));
        assert!(rest.is_some_and(|rest| !rest.contains('/')), "{key}: {}", request.path);
        assert_eq!((&*request.method, request.query), ("DELETE", None), "{key}");
        assert_eq!(labels_of(&client, SHOP).await, pairs(&[]), "{key}");
    }
    // Strings that cannot be keys are sent too. The server has no label with such a key.
    for key in ["a b", "%2e%2e", "%2E", "%", "a;b", "a\nb"] {
        fake.clear_requests();
        let error = client.delete_project_label(SHOP, key).send().await.expect_err(key);
        assert_eq!(error.kind(), ErrorKind::NotFound, "{key}: {error}");
        assert!(error.message().is_some_and(|text| text.contains("has no label")), "{error}");
    }
}

#[tokio::test]
async fn key_that_would_change_the_path_is_not_sent() {
    let (fake, client) = start().await;
    create(&client, &["..", "."]).await;
    put(&client, SHOP, &[("..", "v"), (".", "w")]).await.expect("labelled");
    fake.clear_requests();
    for key in ["..", ".", "", "\\", "a\\b", "..\\..", ".\\"] {
        let error = client.delete_project_label(SHOP, key).send().await.expect_err("rejected");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{key:?}");
        let response = client.delete_project_label(SHOP, key).response().await;
        assert!(response.is_err(), "{key:?}");
    }
    assert!(fake.requests().is_empty());
    assert_eq!(labels_of(&client, SHOP).await.len(), 2);
    // To remove such a label, leave it out of the new list.
    put(&client, SHOP, &[(".", "w")]).await.expect("replaced");
    assert_eq!(labels_of(&client, SHOP).await, pairs(&[(".", "w")]));
}

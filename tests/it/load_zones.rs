//! Load zones: the requests on the wire, the typed responses, and the relation to projects.

use k6_cloud::prelude::*;
use k6_cloud::{LoadZoneId, ProjectId};
use k6_cloud_fake::{FakeCloud, LoadZoneSeed};
use serde_json::json;

use crate::{assert_line, assert_sent, client_of};

const SHOP: ProjectId = ProjectId::new(5_002);
const SEARCH: ProjectId = ProjectId::new(5_003);

async fn start() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

async fn projects_of(client: &Client, zone: LoadZoneId) -> Vec<ProjectId> {
    let list = client.list_load_zone_allowed_projects(zone).send().await.expect("a list");
    list.value.iter().map(|project| project.id).collect()
}

async fn zones_of(client: &Client, project: ProjectId) -> Vec<LoadZoneId> {
    let list = client.list_project_allowed_load_zones(project).send().await.expect("a list");
    list.value.iter().map(|zone| zone.id).collect()
}

#[tokio::test]
async fn list_load_zones_reads_public_and_private_ones() {
    let (fake, client) = start().await;
    let own = LoadZoneSeed::private("berlin-dc").name("Berlin").runner_image("example.org/k6:1");
    let own = fake.add_load_zone(own.available(false));
    let other = fake.add_load_zone(LoadZoneSeed::private("paris-dc"));
    let list = client.list_load_zones().send().await.expect("a list").value;
    assert_line(&fake, "GET", "/cloud/v6/load_zones", None);
    assert!(list.is_sorted_by_key(|zone| zone.id));
    assert_eq!(list.iter().filter(|zone| zone.public).count(), 8);
    let frankfurt = list.iter().find(|zone| zone.k6_load_zone_id == "amazon:de:frankfurt");
    let frankfurt = frankfurt.expect("the zone");
    assert!(frankfurt.available && frankfurt.custom_load_runner_image.is_none());
    assert_eq!(frankfurt.name, "Frankfurt, Germany");
    let berlin = list.iter().find(|zone| zone.id == own).expect("the zone");
    assert!(!berlin.available && !berlin.public);
    assert_eq!((&*berlin.name, &*berlin.k6_load_zone_id), ("Berlin", "berlin-dc"));
    assert_eq!(berlin.custom_load_runner_image.as_deref(), Some("example.org/k6:1"));
    let paris = list.iter().find(|zone| zone.id == other).expect("the zone");
    assert!(paris.available && paris.name == "paris-dc");
}

#[tokio::test]
async fn list_load_zones_filters_by_the_id_of_scripts() {
    let (fake, client) = start().await;
    let id = "amazon:br:sao paulo";
    let list = client.list_load_zones().k6_load_zone_id(id).send().await.expect("a list").value;
    let found: Vec<_> = list.iter().map(|zone| &*zone.k6_load_zone_id).collect();
    assert_eq!(found, [id]);
    let query = Some("k6_load_zone_id=amazon%3Abr%3Asao+paulo");
    assert_line(&fake, "GET", "/cloud/v6/load_zones", query);
    let list = client.list_load_zones().k6_load_zone_id("amazon").send().await.expect("a list");
    assert!(list.value.is_empty(), "a part of the id is enough");
}

#[tokio::test]
async fn allowed_lists_are_about_private_zones_only() {
    let (fake, client) = start().await;
    let private = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let public = fake.add_load_zone(LoadZoneSeed::public("amazon:fr:paris"));
    fake.clear_requests();
    assert_eq!(projects_of(&client, private).await, [0; 0]);
    let path = format!("/cloud/v6/load_zones/{private}/allowed_projects");
    assert_line(&fake, "GET", &path, None);
    assert_eq!(projects_of(&client, public).await, [0; 0]);

    let new = client.create_project("Checkout").send().await.expect("created").id;
    fake.clear_requests();
    let zones = zones_of(&client, new).await;
    assert_line(&fake, "GET", &format!("/cloud/v6/projects/{new}/allowed_load_zones"), None);
    assert_eq!(zones, [0; 0]);
}

#[tokio::test]
async fn replace_load_zone_allowed_projects_is_seen_from_the_projects() {
    let (fake, client) = start().await;
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let replace = async |ids: &[ProjectId]| {
        let call = client.replace_load_zone_allowed_projects(zone, ids.iter().copied());
        call.send().await.expect("replaced").value
    };
    let named = replace(&[SEARCH, SHOP, SHOP]).await;
    let path = format!("/cloud/v6/load_zones/{zone}/allowed_projects");
    let body = json!({ "value": [{ "id": 5003 }, { "id": SHOP }, { "id": SHOP }] });
    assert_sent(&fake, "PUT", &path, body);
    let named: Vec<_> = named.iter().map(|project| (project.id, &*project.name)).collect();
    assert_eq!(named, [(SHOP, "Shop"), (SEARCH, "Search")]);
    assert!(zones_of(&client, SHOP).await.contains(&zone));
    assert!(!zones_of(&client, 5_001.into()).await.contains(&zone));
    // Projects that the new list leaves out lose access.
    replace(&[5_001.into()]).await;
    assert!(!zones_of(&client, SHOP).await.contains(&zone));
    assert_eq!(projects_of(&client, zone).await, [5_001]);
    replace(&[]).await;
    assert_eq!(projects_of(&client, zone).await, [0; 0]);
}

#[tokio::test]
async fn replace_project_allowed_load_zones_is_seen_from_the_zones() {
    let (fake, client) = start().await;
    let own = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let other = fake.add_load_zone(LoadZoneSeed::private("paris-dc"));
    let call = client.replace_project_allowed_load_zones(SHOP, [own, other]);
    let response = call.send().await.expect("replaced").value;
    let body = json!({ "value": [{ "id": own }, { "id": other }] });
    assert_sent(&fake, "PUT", &format!("/cloud/v6/projects/{SHOP}/allowed_load_zones"), body);
    assert_eq!(response.iter().map(|zone| zone.id).collect::<Vec<_>>(), [own, other]);
    assert!(response.iter().all(|zone| !zone.public) && response[0].k6_load_zone_id == "berlin-dc");
    assert_eq!(projects_of(&client, own).await, [SHOP]);
    assert_eq!(zones_of(&client, SHOP).await, [own, other]);
    assert_eq!(
        zones_of(&client, 5_001.into()).await,
        [] as [LoadZoneId; 0],
        "another project is not changed"
    );
    let public = client.list_load_zones().send().await.expect("a list").value[0].id;
    let call = client.replace_project_allowed_load_zones(SHOP, [public]);
    let error = call.send().await.expect_err("a public zone");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.0.id")));
}

#[tokio::test]
async fn unknown_zones_and_projects_are_404() {
    let (_fake, client) = start().await;
    let zone = client.list_load_zone_allowed_projects(1).send().await.expect_err("no zone");
    let project = client.list_project_allowed_load_zones(1).send().await;
    let project = project.expect_err("no project");
    let put_zone = client.replace_load_zone_allowed_projects(1, [0; 0]);
    let put_zone = put_zone.send().await.expect_err("no zone");
    let put_project = client.replace_project_allowed_load_zones(1, [0; 0]);
    let put_project = put_project.send().await.expect_err("no project");
    for error in [zone, project, put_zone, put_project] {
        assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("not_found")));
    }
}

#[tokio::test]
async fn lists_with_unknown_ids_change_nothing() {
    let (fake, client) = start().await;
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let call = client.replace_load_zone_allowed_projects(zone, [SHOP, 7.into(), 8.into()]);
    let error = call.send().await.expect_err("no project 7");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.1.id")));
    assert_eq!(error.details().len(), 2);
    assert_eq!(projects_of(&client, zone).await, [0; 0]);
    let before = zones_of(&client, SHOP).await;
    let call = client.replace_project_allowed_load_zones(SHOP, [1]);
    let error = call.send().await.expect_err("no zone 1");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value.0.id")));
    assert_eq!(zones_of(&client, SHOP).await, before);
    let call = client.replace_load_zone_allowed_projects(zone, [SHOP; 501]);
    let error = call.send().await.expect_err("500 at most");
    assert_eq!((error.kind(), error.target()), (ErrorKind::InvalidRequest, Some("value")));
}

#[tokio::test]
async fn deleted_project_is_in_no_zone() {
    let (fake, client) = start().await;
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let call = client.replace_load_zone_allowed_projects(zone, [SHOP]);
    call.send().await.expect("replaced");
    client.delete_project(SHOP).send().await.expect("deleted");
    assert_eq!(projects_of(&client, zone).await, [0; 0]);
    let gone = client.list_project_allowed_load_zones(SHOP).send().await;
    assert_eq!(gone.expect_err("no project").kind(), ErrorKind::NotFound);
}

/// Lists that come whole are streamed like those in pages.
#[tokio::test]
async fn every_list_can_be_streamed() {
    let (fake, client) = start().await;
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin-dc"));
    let allowed = [types::AllowedProjectToUpdate::new(SHOP)];
    client.replace_load_zone_allowed_projects(zone, allowed).send().await.expect("allowed");
    client.create_label_keys([types::LabelKeyCreateItem::new("team")]).send().await.expect("a key");
    let labels = [types::ProjectLabelPutItem::new("web").key("team".to_owned())];
    client.replace_project_labels(SHOP, labels).send().await.expect("a label");

    macro_rules! streamed {
        ($($call:expr,)*) => {$(
            let whole = $call.send().await.expect("a list").value;
            assert!(!whole.is_empty());
            let mut rows = Vec::new();
            let mut stream = $call.stream().concurrency(3);
            while let Some(row) = stream.try_next().await.expect("a row") {
                rows.push(row);
            }
            assert_eq!(rows, whole);
            assert_eq!($call.collect_all(100).await.expect("all"), whole);
            let mut pages = $call.pages();
            assert_eq!(pages.try_next().await.expect("a page").expect("one").rows, whole);
            assert!(pages.try_next().await.expect("no more").is_none());
            let error = $call.collect_all(whole.len() - 1).await.expect_err("too many");
            assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        )*};
    }
    streamed! {
        client.list_load_zones(),
        client.list_load_zone_allowed_projects(zone),
        client.list_project_allowed_load_zones(SHOP),
        client.list_label_keys(),
        client.list_project_labels(SHOP),
    }
    let one = client.list_load_zones().k6_load_zone_id("amazon:de:frankfurt");
    assert_eq!(one.collect_all(1).await.expect("one").len(), 1);
}

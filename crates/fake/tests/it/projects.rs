//! Projects: their limits, labels and load zones.

use k6_cloud_fake::{FakeCloud, LoadZoneSeed, ProjectSeed};
use serde_json::json;

use crate::support::{get, json, raw};

#[tokio::test]
async fn only_private_zones_are_allowed_to_single_projects() {
    let fake = FakeCloud::start().await.expect("starts");
    let project = json(&fake, "POST", "projects", json!({ "name": "New" })).await.json();
    let zones = format!("projects/{}/allowed_load_zones", project["id"]);
    let none = json!({ "value": [] });
    assert_eq!(get(&fake, &zones).await.json(), none);
    let public = get(&fake, "load_zones").await.json()["value"][0]["id"].clone();
    let projects = format!("load_zones/{public}/allowed_projects");
    assert_eq!(get(&fake, &projects).await.json(), none);
    let private = fake.add_load_zone(LoadZoneSeed::private("berlin"));
    assert_eq!(get(&fake, &zones).await.json(), none);
    let body = json!({ "value": [{ "id": private }] });
    let changed = json(&fake, "PUT", &zones, body).await.json();
    assert_eq!(changed["value"][0]["k6_load_zone_id"], "berlin");
    assert_eq!(get(&fake, &zones).await.json(), changed);
    let projects_of_private = format!("load_zones/{private}/allowed_projects");
    let projects_of_private = get(&fake, &projects_of_private).await.json();
    assert_eq!(projects_of_private["value"][0]["name"], "New");
    // A public zone cannot be allowed or forbidden.
    let body = json!({ "value": [{ "id": public }] });
    assert_eq!(json(&fake, "PUT", &zones, body).await.error(400).1, "value.0.id");
    let body = json!({ "value": [{ "id": project["id"] }] });
    json(&fake, "PUT", &projects, body).await.error(400);
}

#[tokio::test]
async fn runner_images_belong_to_private_zones_only() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.add_load_zone(LoadZoneSeed::private("berlin").runner_image("example.org/k6"));
    fake.add_load_zone(LoadZoneSeed::public("paris").runner_image("example.org/k6"));
    let image = |zone: &str| {
        let path = format!("load_zones?k6_load_zone_id={zone}");
        let fake = &fake;
        async move { get(fake, &path).await.json()["value"][0]["custom_load_runner_image"].clone() }
    };
    assert_eq!(image("berlin").await, "example.org/k6");
    assert_eq!(image("paris").await, json!(null));
}

#[tokio::test]
async fn unknown_and_repeated_label_keys_are_invalid() {
    let fake = FakeCloud::start().await.expect("starts");
    let project = fake.add_project(ProjectSeed::new("New").label("team", "a"));
    let path = format!("projects/{project}/labels");
    let before = get(&fake, &path).await.json();
    assert_eq!(before, json!({ "value": [{ "key": "team", "value": "a" }] }));
    for (labels, target) in [
        (json!([{ "key": "tier", "value": "a" }]), "value.0.key"),
        (json!([{ "key_id": 1, "value": "a" }]), "value.0.key_id"),
        (json!([{ "key": "team", "value": "b" }, { "key": "a", "value": "b" }]), "value.1.key"),
        (json!([{ "key": "team", "value": "b" }, { "key": "team", "value": "c" }]), "value.1.key"),
    ] {
        let rejected = json(&fake, "PUT", &path, json!({ "value": labels })).await;
        assert_eq!(rejected.error(400).1, target, "{labels}");
        assert_eq!(get(&fake, &path).await.json(), before);
    }
    let labels = json!({ "value": [{ "key": "team", "value": "a" }] });
    json(&fake, "PUT", "projects/1/labels", labels).await.error(404);
}

#[tokio::test]
async fn limits_are_integers_of_64_bits_however_they_are_written() {
    let fake = FakeCloud::start().await.expect("starts");
    let limits = "projects/5001/limits";
    for (body, expected) in [
        ("{\"vu_max_per_test\": 200.0}", json!(200)),
        ("{\"vu_max_per_test\": 9223372036854775807}", json!(i64::MAX)),
        ("{\"vu_max_per_test\": 3e2}", json!(300)),
    ] {
        assert_eq!(raw(&fake, "PATCH", limits, body).await.status, 204, "{body}");
        assert_eq!(get(&fake, limits).await.json()["vu_max_per_test"], expected, "{body}");
    }
    for body in [
        "{\"vu_max_per_test\": 9223372036854775808}",
        "{\"vu_max_per_test\": 1e300}",
        "{\"vu_max_per_test\": 0.5}",
    ] {
        assert_eq!(raw(&fake, "PATCH", limits, body).await.error(400).1, "vu_max_per_test");
        assert_eq!(get(&fake, limits).await.json()["vu_max_per_test"], 300, "{body}");
    }
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin"));
    let path = format!("load_zones/{zone}/allowed_projects");
    let allowed = raw(&fake, "PUT", &path, "{\"value\": [{\"id\": 5001.0}]}").await.json();
    assert_eq!(allowed["value"][0]["id"], 5001);
}

#[tokio::test]
async fn first_projects_have_folders() {
    let fake = FakeCloud::start().await.expect("starts");
    let projects = get(&fake, "projects").await.json();
    let rows = projects["value"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["is_default"]), (3, &json!(true)));
    assert!(rows.iter().all(|row| row["grafana_folder_uid"].is_string()), "{projects}");
}

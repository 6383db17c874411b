//! Load zones.

use k6_cloud_fake::{FakeCloud, LoadZoneSeed};

use super::Description;

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::start().await.expect("the fake starts");
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin").runner_image("example.org/k6"));
    let projects = format!("/load_zones/{zone}/allowed_projects");
    let zones = "/projects/5001/allowed_load_zones";
    let id: &'static str = format!(r#"{{ "value": [{{ "id": {zone} }}] }}"#).leak();
    let project = r#"{ "value": [{ "id": 5001 }] }"#;
    let unknown = r#"{ "value": [{ "id": 1 }, { "id": 2 }] }"#;
    for request in [
        ("GET", "/load_zones", ""),
        ("GET", "/load_zones?k6_load_zone_id=berlin", ""),
        ("GET", "/load_zones?id=1", ""),
        ("GET", &projects, ""),
        ("PUT", &projects, project),
        ("PUT", &projects, unknown),
        ("GET", &projects, ""),
        ("GET", zones, ""),
        ("PUT", zones, id),
        ("PUT", zones, unknown),
        ("GET", zones, ""),
        ("GET", "/load_zones/1/allowed_projects", ""),
        ("PUT", "/load_zones/1/allowed_projects", project),
        ("GET", "/projects/1/allowed_load_zones", ""),
        ("PUT", "/projects/1/allowed_load_zones", id),
    ] {
        description.check_as(&fake, fake.token(), fake.stack_id(), request).await;
    }
    for request in [
        ("GET", "/load_zones", ""),
        ("GET", &*projects, ""),
        ("PUT", &projects, project),
        ("GET", zones, ""),
        ("PUT", zones, id),
    ] {
        description.check_common(&fake, request).await;
    }
    description.assert_all_seen("load_zones");
}

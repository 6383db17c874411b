//! Label keys and labels.

use k6_cloud_fake::FakeCloud;

use super::Description;

const KEYS: &str = r#"{ "value": [{ "key": "team" }, { "key": "tier", "description": "A" }] }"#;
const LABELS: &str = r#"{ "value": [{ "key_id": 301, "value": "a" }] }"#;

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::start().await.expect("the fake starts");
    let (token, stack) = (fake.token(), fake.stack_id());
    let labels = "/projects/5001/labels";
    let requests = [
        ("GET", "/labels", ""),
        ("POST", "/labels", KEYS),
        ("GET", "/labels", ""),
        ("POST", "/labels", KEYS),
        ("POST", "/labels", r#"{ "value": [] }"#),
        ("PATCH", "/labels/301", r#"{ "description": null }"#),
        ("PATCH", "/labels/301", ""),
        ("PATCH", "/labels/301", r#"{ "key": "tier" }"#),
        ("PATCH", "/labels/301", r#"{ "id": 1 }"#),
        ("PATCH", "/labels/1", "{}"),
        ("GET", labels, ""),
        ("PUT", labels, LABELS),
        ("GET", labels, ""),
        ("PUT", labels, r#"{ "value": [{ "value": "a" }] }"#),
        ("PUT", labels, r#"{ "value": [{ "key_id": 1, "value": "a" }] }"#),
        ("GET", "/projects/1/labels", ""),
        ("PUT", "/projects/1/labels", LABELS),
        ("DELETE", "/projects/5001/labels/team", ""),
        ("DELETE", "/projects/5001/labels/team", ""),
        ("DELETE", "/labels/301", ""),
        ("DELETE", "/labels/301", ""),
    ];
    for request in requests {
        description.check_as(&fake, token, stack, request).await;
    }

    // More pairs than allowed: 30 for each project, with different values.
    let mut keys = (0..30).map(|at| format!(r#"{{ "key": "k{at}" }}"#)).collect::<Vec<_>>();
    let all = format!(r#"{{ "value": [{}] }}"#, keys.join(","));
    description.check_as(&fake, token, stack, ("POST", "/labels", all.leak())).await;
    for project in 0..17 {
        let name = format!(r#"{{ "name": "P{project}" }}"#);
        description.check_as(&fake, token, stack, ("POST", "/projects", name.leak())).await;
        for (at, key) in keys.iter_mut().enumerate() {
            *key = format!(r#"{{ "key": "k{at}", "value": "v{project}" }}"#);
        }
        let path = format!("/projects/{}/labels", 5_004 + project);
        let all = format!(r#"{{ "value": [{}] }}"#, keys.join(","));
        description.check_as(&fake, token, stack, ("PUT", &path, all.leak())).await;
    }
    description.seen.retain(|(operation, _)| operation != "create_project");

    for request in [
        ("GET", "/labels", ""),
        ("POST", "/labels", KEYS),
        ("PATCH", "/labels/302", "{}"),
        ("DELETE", "/labels/302", ""),
        ("GET", labels, ""),
        ("PUT", labels, LABELS),
        ("DELETE", "/projects/5001/labels/tier", ""),
    ] {
        description.check_common(&fake, request).await;
    }
    description.assert_all_seen("labels");
}

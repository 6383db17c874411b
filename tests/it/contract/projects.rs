//! Projects and their limits.

use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, RunSeed};

use super::Description;

const NAME: &str = r#"{ "name": "Checkout" }"#;
const LIMITS: &str = r#"{ "vu_max_per_test": 5, "vuh_max_per_month": null }"#;

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::running().test_id(FIRST_LOAD_TEST_ID));
    let project = fake.run_json(run).expect("the run")["project_id"].clone();
    let busy = format!("/projects/{project}");
    for request in [
        ("POST", "/projects", NAME),
        ("POST", "/projects", NAME),
        ("POST", "/projects", r#"{ "name": "" }"#),
        ("GET", "/projects", ""),
        ("GET", "/projects?$count=true&$top=2&$orderby=name%20desc,created", ""),
        ("GET", "/projects?$orderby=id", ""),
        ("GET", "/projects?name_search=check", ""),
        ("GET", "/projects/5004", ""),
        ("GET", "/projects/1", ""),
        ("PATCH", "/projects/5004", r#"{ "name": "Basket" }"#),
        ("PATCH", "/projects/5004", r#"{ "name": "Shop" }"#),
        ("PATCH", "/projects/5004", r#"{ "is_default": true }"#),
        ("PATCH", "/projects/1", NAME),
        ("GET", "/projects/5004/limits", ""),
        ("GET", "/projects/1/limits", ""),
        ("PATCH", "/projects/5004/limits", LIMITS),
        ("PATCH", "/projects/5004/limits", r#"{ "vu_max_per_test": 0 }"#),
        ("PATCH", "/projects/1/limits", LIMITS),
        ("GET", "/projects/5004/limits", ""),
        ("GET", "/project-limits", ""),
        ("GET", "/project-limits?project_id_in=5001,5004&$top=1&$count=true", ""),
        ("GET", "/project-limits?project_id_in=a", ""),
        ("DELETE", "/projects/5004", ""),
        ("DELETE", "/projects/5004", ""),
        ("DELETE", &busy, ""),
    ] {
        description.check_as(&fake, fake.token(), fake.stack_id(), request).await;
    }
    for request in [
        ("POST", "/projects", NAME),
        ("GET", "/projects", ""),
        ("GET", "/projects/5001", ""),
        ("PATCH", "/projects/5001", NAME),
        ("DELETE", "/projects/5001", ""),
        ("GET", "/projects/5001/limits", ""),
        ("PATCH", "/projects/5001/limits", LIMITS),
        ("GET", "/project-limits", ""),
    ] {
        description.check_common(&fake, request).await;
    }
    description.assert_all_seen("projects");
}

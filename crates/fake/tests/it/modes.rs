//! Strict and lenient fakes.

use k6_cloud_fake::FakeCloud;

use crate::support::{get, raw, request, send};

#[tokio::test]
async fn unknown_query_parameters_are_ignored_unless_the_fake_is_strict() {
    let lenient = FakeCloud::builder().lenient().start().await.expect("starts");
    let strict = FakeCloud::start().await.expect("starts");
    for path in [
        "load_tests?project_id=5001",
        "load_tests?$filter=name",
        "load_zones?id=1",
        "test_runs?$orderby=created",
        "test_runs/900001?expand=all",
    ] {
        assert_eq!(get(&lenient, path).await.status, 200, "{path}");
        get(&strict, path).await.error(400);
    }
    let plain = get(&lenient, "load_tests").await.json();
    assert_eq!(get(&lenient, "load_tests?project_id=5001").await.json(), plain);
    // What the service checks is checked in both modes.
    for path in ["load_tests?$top=1001", "load_tests?$orderby=size", "test_runs?$skip=a"] {
        get(&lenient, path).await.error(400);
        get(&strict, path).await.error(400);
    }
}

#[tokio::test]
async fn ids_in_a_list_may_be_separated_or_repeated() {
    for fake in [FakeCloud::builder(), FakeCloud::builder().lenient()] {
        let fake = fake.start().await.expect("starts");
        let comma = get(&fake, "project-limits?project_id_in=5001,5003").await.json();
        let repeated = get(&fake, "project-limits?project_id_in=5001&project_id_in=5003").await;
        assert_eq!(repeated.json(), comma);
        assert_eq!(comma["value"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn empty_objects_start_a_load_test() {
    let fake = FakeCloud::start().await.expect("starts");
    assert_eq!(raw(&fake, "POST", "load_tests/101/start", "{}").await.status, 200);
    assert_eq!(send(request(&fake, "POST", "load_tests/101/start")).await.status, 200);
    raw(&fake, "POST", "load_tests/101/start", "{\"vus\": 1}").await.error(400);
    let lenient = FakeCloud::builder().lenient().start().await.expect("starts");
    let reply = raw(&lenient, "POST", "load_tests/101/start", "{\"vus\": 1}").await;
    assert_eq!(reply.status, 200);
}

//! Strict and lenient fakes.

use k6_cloud_fake::FakeCloud;
use serde_json::json;

use crate::support::{create, get, json, raw, request, send, upload};

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

#[tokio::test]
async fn unknown_properties_and_parts_are_ignored_alike() {
    let (strict, lenient) = (FakeCloud::builder(), FakeCloud::builder().lenient());
    for (fake, is_strict) in [(strict, true), (lenient, false)] {
        let fake = fake.start().await.expect("starts");
        let options = json!({ "vus": 1, "duration": "1s", "unknown": 1 });
        let validated =
            json(&fake, "POST", "validate_options", json!({ "options": options })).await;
        assert_eq!(validated.status, 200, "options are open");
        let project = json(&fake, "POST", "projects", json!({ "name": "a", "nme": "b" })).await;
        let labels = json!({ "value": [{ "key": "team", "colour": "red" }] });
        let labels = json(&fake, "POST", "labels", labels).await;
        let form = create(&fake, &[("name", b"a"), ("nme", b"b")]).await;
        for (reply, target) in [(project, "nme"), (labels, "value.0.colour"), (form, "nme")] {
            if is_strict {
                assert_eq!(reply.error(400).1, target);
            } else {
                assert_eq!(reply.status, 201, "{target}");
            }
        }
        // The description closes this object.
        let closed =
            json(&fake, "PATCH", "projects/5001", json!({ "name": "c", "nme": "b" })).await;
        assert_eq!(closed.error(400).1, "nme");
    }
}

#[tokio::test]
async fn bodies_are_required_as_the_published_description_says() {
    for fake in [FakeCloud::builder(), FakeCloud::builder().lenient()] {
        let fake = fake.start().await.expect("starts");
        let key = fake.add_label_key("team");
        for (path, status) in [
            (format!("labels/{key}"), 200),
            ("load_tests/101".to_owned(), 204),
            ("projects/5001/limits".to_owned(), 204),
            ("projects/5001".to_owned(), 400),
            ("test_runs/900001".to_owned(), 400),
        ] {
            let before = get(&fake, &path).await.body;
            let reply = send(request(&fake, "PATCH", &path)).await;
            assert_eq!(reply.status, status, "{path}");
            if status == 204 {
                let kept = |body: &[u8]| {
                    let mut json: serde_json::Value = serde_json::from_slice(body).expect("JSON");
                    json["updated"].take();
                    json
                };
                assert_eq!(kept(&get(&fake, &path).await.body), kept(&before), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn empty_scripts_are_rejected_alike() {
    let fake = FakeCloud::start().await.expect("starts");
    let form = create(&fake, &[("name", b"a"), ("script", b"")]).await;
    assert_eq!(form.error(400).2, "the script is empty");
    assert_eq!(upload(&fake, 101, b"").await.error(400).2, "the script is empty");
}

#[tokio::test]
async fn headline_of_a_400_is_the_deepest_mismatch_of_the_arm_that_fits_best() {
    let fake = FakeCloud::start().await.expect("starts");
    let starts = "2026-07-01T00:00:00Z";
    for (body, target) in [
        (json!({ "frequency": "weekly" }), "recurrence_rule.frequency"),
        (json!({ "frequency": "WEEKLY", "byday": ["MO", "XX"] }), "recurrence_rule.byday.1"),
        (json!({ "frequency": "WEEKLY", "interval": "1" }), "recurrence_rule.interval"),
        (json!({}), "recurrence_rule.frequency"),
        (json!("weekly"), "recurrence_rule"),
    ] {
        let body = json!({ "starts": starts, "recurrence_rule": body });
        let reply = json(&fake, "POST", "load_tests/101/schedule", body.clone()).await;
        let (_, found, message) = reply.error(400);
        assert_eq!(found, target, "{body}: {message}");
        assert!(message.starts_with(target), "{message}");
        assert!(!message.contains("null") && !message.contains(" more"), "{message}");
    }
    let several = json!({ "recurrence_rule": { "frequency": "weekly" }, "starts": 1 });
    let (_, target, message) =
        json(&fake, "POST", "load_tests/101/schedule", several).await.error(400);
    assert_eq!(target, "recurrence_rule.frequency");
    assert!(message.ends_with("and 1 more"), "{message}");
}

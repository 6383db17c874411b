//! Load tests, their scripts, and the runs that they start.

use std::time::Duration;

use k6_cloud_fake::{FakeCloud, LoadTestSeed, NOW, RunSeed};
use serde_json::{Value, json};

use crate::support::{archive, create, get, json, raw, request, send, upload};

async fn script(fake: &FakeCloud, accept: &str) -> (u16, String) {
    let request = request(fake, "GET", "load_tests/102/script").header("accept", accept);
    let reply = send(request).await;
    (reply.status, reply.content_type)
}

#[tokio::test]
async fn scripts_are_served_whatever_else_is_accepted() {
    let fake = FakeCloud::start().await.expect("starts");
    let (javascript, tar) = ("text/javascript", "application/x-tar");
    for (stored, other) in [(javascript, tar), (tar, javascript)] {
        if stored == tar {
            upload(&fake, 102, &archive(&json!({}))).await;
        }
        for accept in [
            "application/json",
            "*/*",
            "text/html, image/png",
            stored,
            &format!("{other}, {stored};q=0.5"),
            &format!("{other}, */*;q=0.1"),
            &format!("application/json, {other};q=0"),
        ] {
            assert_eq!(script(&fake, accept).await, (200, stored.to_owned()), "{accept}");
        }
        for accept in [
            other,
            &format!("{other}, application/json"),
            &format!("*/*, {stored};q=0"),
            &format!("{other}, {stored};q=0"),
        ] {
            assert_eq!(script(&fake, accept).await.0, 406, "{accept}");
        }
    }
}

#[tokio::test]
async fn k6_versions_are_the_offered_ones() {
    let fake = FakeCloud::start().await.expect("starts");
    let created = create(&fake, &[("name", b"a")]).await;
    assert_eq!((created.status, &created.json()["k6_version"]), (201, &json!(2)));
    let created = create(&fake, &[("name", b"b"), ("k6_version", b"1")]).await;
    assert_eq!(created.json()["k6_version"], 1);
    for version in ["999", "0", "-1"] {
        let rejected = create(&fake, &[("name", b"c"), ("k6_version", version.as_bytes())]).await;
        assert_eq!(rejected.error(400).1, "k6_version", "{version}");
    }
    for version in [json!(999), Value::Null] {
        let body = json!({ "k6_version": version });
        let rejected = json(&fake, "PATCH", "load_tests/101", body).await;
        assert_eq!(rejected.error(400).1, "k6_version", "{version}");
        assert_eq!(get(&fake, "load_tests/101").await.json()["k6_version"], 2);
    }
    let body = json!({ "options": { "vus": 1, "duration": "1s" }, "k6_version": 999 });
    assert_eq!(json(&fake, "POST", "validate_options", body).await.error(400).1, "k6_version");
}

#[tokio::test]
async fn scripts_must_be_utf_8_or_an_archive() {
    let fake = FakeCloud::start().await.expect("starts");
    upload(&fake, 101, b"").await.error(400);
    for script in [&b"\xff\xfe"[..], &b"\x1f\x8b\x08"[..], &b"// \xc3"[..]] {
        assert_eq!(upload(&fake, 101, script).await.error(400).0, "validation_error");
        let form = create(&fake, &[("name", b"a"), ("script", script)]).await;
        let (code, target, _) = form.error(400);
        assert_eq!((code.as_str(), target.as_str()), ("validation_error", "script"));
    }
    for script in ["// größer ☕".as_bytes(), &archive(&json!({}))] {
        assert_eq!(upload(&fake, 101, script).await.status, 204);
        assert_eq!(get(&fake, "load_tests/101/script").await.body, script);
    }
}

#[tokio::test]
async fn uploads_do_not_count_as_updates() {
    let fake = FakeCloud::start().await.expect("starts");
    let before = get(&fake, "load_tests/101").await.json();
    fake.clock().advance(Duration::from_secs(60));
    assert_eq!(upload(&fake, 101, b"// a").await.status, 204);
    assert_eq!(get(&fake, "load_tests/101").await.json(), before);
    let renamed = json(&fake, "PATCH", "load_tests/101", json!({ "name": "a" })).await;
    assert_eq!(renamed.status, 204);
    let updated = get(&fake, "load_tests/101").await.json()["updated"].clone();
    assert_eq!(updated, "2026-06-30T12:06:00Z");
    assert_ne!(updated, before["updated"]);
}

/// Starts a load test, and returns its run as it is when it generates load.
async fn running(fake: &FakeCloud, load_test: impl std::fmt::Display) -> Value {
    let started =
        send(request(fake, "POST", &format!("load_tests/{load_test}/start"))).await.json();
    let id = started["id"].as_i64().expect("an id");
    fake.clock().advance(Duration::from_secs(18));
    fake.run_json(id).expect("the run")
}

#[tokio::test]
async fn runs_have_the_options_of_an_archive() {
    let fake = FakeCloud::start().await.expect("starts");
    let options = json!({
        "scenarios": {
            "pages": {
                "executor": "constant-vus", "vus": 5, "duration": "1m",
                "options": { "browser": { "type": "chromium" } },
            },
            "calls": { "executor": "constant-vus", "vus": 20, "duration": "90s" },
        },
        "cloud": { "distribution": { "a": { "loadZone": "amazon:jp:tokyo", "percent": 100 } } },
    });
    upload(&fake, 101, &archive(&options)).await;
    let run = running(&fake, 101).await;
    assert_eq!(run["options"], options);
    assert_eq!((&run["max_vus"], &run["max_browser_vus"]), (&json!(25), &json!(5)));
    assert_eq!(run["estimated_duration"], 90);
    let zones = json!([{ "load_zone": "amazon:jp:tokyo", "percent": 100 }]);
    assert_eq!(run["distribution"], zones);
    // What the test has planned wins.
    fake.next_start(RunSeed::failed().vus(3, 0));
    let run = running(&fake, 101).await;
    assert_eq!((&run["max_vus"], &run["estimated_duration"]), (&json!(3), &json!(90)));
}

#[tokio::test]
async fn runs_of_javascript_have_the_options_that_the_test_gives() {
    let fake = FakeCloud::start().await.expect("starts");
    let options = json!({ "vus": 7, "duration": "2m" });
    let seed = LoadTestSeed::new("Basket").script_bytes("// a").options(options.clone());
    let run = fake.add_load_test(seed);
    let run = running(&fake, run).await;
    assert_eq!((&run["options"], &run["max_vus"]), (&options, &json!(7)));
    assert_eq!(run["estimated_duration"], 120);
    let zones = json!([{ "load_zone": "amazon:us:ashburn", "percent": 100 }]);
    assert_eq!(run["distribution"], zones);
}

#[tokio::test]
async fn runs_with_invalid_options_are_aborted_with_the_reason() {
    let fake = FakeCloud::start().await.expect("starts");
    raw(&fake, "PATCH", "projects/5003/limits", "{\"vu_max_per_test\": 100}").await;
    upload(&fake, 101, &archive(&json!({ "vus": 330, "duration": "1m" }))).await;
    let project = get(&fake, "load_tests/101").await.json()["project_id"].clone();
    assert_eq!(project, 5003, "the load test is in the limited project");
    let run = running(&fake, 101).await;
    assert_eq!((&run["status"], &run["result"]), (&json!("aborted"), &json!("error")));
    let message =
        "the VU count of this test (330 VUs) exceeds the maximum for the project (100 VUs)";
    assert_eq!(run["result_details"]["message"], message);
}

#[tokio::test]
async fn new_rows_have_at_most_six_decimals() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.clock().advance(Duration::from_nanos(123_456_789));
    let created = create(&fake, &[("name", b"a")]).await.json();
    assert_eq!(created["created"], "2026-06-30T12:05:00.123456Z");
    let run = send(request(&fake, "POST", "load_tests/101/start")).await.json();
    assert_eq!(run["created"], "2026-06-30T12:05:00.123456Z");
    // The lists of the service are inclusive at the shown time.
    let list = get(&fake, "test_runs?created_after=2026-06-30T12:05:00.123456Z").await.json();
    assert_eq!(list["value"][0]["id"], run["id"]);
    let added = fake.add_run(RunSeed::running().created(NOW + Duration::from_nanos(1_999)));
    assert_eq!(fake.run_json(added).expect("the run")["created"], "2026-06-30T12:05:00.000001Z");
}

//! The validation of options.

use k6_cloud_fake::{CostForm, FakeCloud, LoadZoneSeed, ProjectSeed};
use serde_json::{Value, json};

use crate::support::{Reply, json};

async fn validate(fake: &FakeCloud, project: impl serde::Serialize, options: Value) -> Reply {
    let body = json!({ "project_id": project, "options": options, "is_local_execution": true });
    json(fake, "POST", "validate_options", body).await
}

#[tokio::test]
async fn amounts_are_numbers_unless_the_test_wants_strings() {
    let options = json!({ "vus": 50, "duration": "1h" });
    let fake = FakeCloud::start().await.expect("starts");
    let cost = validate(&fake, 5001, options.clone()).await.json();
    assert_eq!(cost["vuh_usage"], json!(37.5));
    let breakdown = cost["breakdown"].as_object().expect("an object");
    for (name, amount) in breakdown.iter().filter(|(name, _)| !name.ends_with("breakdown")) {
        assert!(amount.is_number(), "{name}: {amount}");
    }
    assert_eq!(breakdown["reduction_rate_breakdown"], json!({ "local_run": 25 }));
    let fake = FakeCloud::builder().validation_cost(CostForm::String).start().await;
    let cost = validate(&fake.expect("starts"), 5001, options).await.json();
    assert_eq!(
        (&cost["vuh_usage"], &cost["breakdown"]["base_total_vuh"]),
        (&json!("37.50"), &json!("50.00"))
    );
}

#[tokio::test]
async fn exceeded_limits_are_named_with_both_numbers() {
    let fake = FakeCloud::start().await.expect("starts");
    let limits = ProjectSeed::new("Limited").max_vus(100).max_browser_vus(2);
    let project = fake.add_project(limits.max_duration(std::time::Duration::from_secs(60)));
    let browser = json!({ "scenarios": { "a": {
        "executor": "constant-vus", "vus": 3, "duration": "1m",
        "options": { "browser": { "type": "chromium" } },
    } } });
    let cases = [
        (
            json!({ "vus": 330, "duration": "1m" }),
            "the VU count of this test (330 VUs) exceeds the maximum for the project (100 VUs)",
        ),
        (
            browser,
            "the browser VU count of this test (3 browser VUs) exceeds the maximum for the project \
             (2 browser VUs)",
        ),
        (
            json!({ "vus": 1, "duration": "2m" }),
            "the duration of this test (120 seconds) exceeds the maximum for the project (60 seconds)",
        ),
    ];
    for (options, message) in cases {
        let (code, target, got) = validate(&fake, project, options).await.error(400);
        assert_eq!(
            (code.as_str(), target.as_str(), got.as_str()),
            ("validation_error", "options", message)
        );
    }
    let both = validate(&fake, project, json!({ "vus": 330, "duration": "2m" })).await;
    assert_eq!(both.json()["error"]["details"].as_array().map(Vec::len), Some(2));
    assert_eq!(validate(&fake, project, json!({ "vus": 100, "duration": "1m" })).await.status, 200);
}

#[tokio::test]
async fn load_zones_must_be_usable_and_add_up_to_100() {
    let fake = FakeCloud::start().await.expect("starts");
    let zone = fake.add_load_zone(LoadZoneSeed::private("berlin"));
    let options = |shares: &[(&str, u32)]| {
        let shares = shares.iter().enumerate().map(|(at, (zone, percent))| {
            (at.to_string(), json!({ "loadZone": zone, "percent": percent }))
        });
        let shares: serde_json::Map<String, Value> = shares.collect();
        json!({ "vus": 1, "duration": "1s", "cloud": { "distribution": shares } })
    };
    let public = ("amazon:de:frankfurt", 60);
    for (shares, target) in [
        (&[("atlantis", 100)][..], "options.cloud.distribution.0.loadZone"),
        (&[public, ("berlin", 40)], "options.cloud.distribution.1.loadZone"),
        (&[public, ("amazon:ie:dublin", 10)], "options.cloud.distribution"),
        (&[public, ("amazon:ie:dublin", 50)], "options.cloud.distribution"),
    ] {
        let (code, found, _) = validate(&fake, 5001, options(shares)).await.error(400);
        assert_eq!((code.as_str(), found.as_str()), ("validation_error", target), "{shares:?}");
    }
    let allowed = json!({ "value": [{ "id": zone }] });
    json(&fake, "PUT", "projects/5001/allowed_load_zones", allowed).await;
    let shares = options(&[public, ("berlin", 40)]);
    assert_eq!(validate(&fake, 5001, shares.clone()).await.status, 200);
    validate(&fake, 5002, shares).await.error(400);
}

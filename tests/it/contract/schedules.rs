//! Schedules of load tests.

use k6_cloud_fake::{FakeCloud, Fault};

use super::Description;

const RULE: &str = r#"{
    "starts": "2026-07-31T06:00:00+02:00",
    "recurrence_rule": {
        "frequency": "MONTHLY", "interval": 2, "byday": null, "until": "2028-01-01T00:00:00Z"
    }
}"#;

const CRON: &str = r#"{
    "starts": "2026-06-01T00:00:00Z",
    "recurrence_rule": null,
    "cron": { "schedule": "30 6 * * 1-5", "time_zone": "Europe/Lisbon" }
}"#;

const ONCE: &str = r#"{ "starts": "2026-06-01T00:00:00Z" }"#;

const BOTH: &str = r#"{
    "starts": "2026-06-01T00:00:00Z",
    "recurrence_rule": { "frequency": "DAILY" },
    "cron": { "schedule": "30 6 * * 1-5", "time_zone": "Europe/Lisbon" }
}"#;

/// One good request for each operation. The first schedule has the id 701.
const GOOD: &[(&str, &str, &str)] = &[
    ("POST", "/load_tests/101/schedule", RULE),
    ("GET", "/load_tests/101/schedule", ""),
    ("GET", "/schedules?$count=true&$top=1", ""),
    ("GET", "/schedules/701", ""),
    ("POST", "/schedules/701/deactivate", ""),
    ("POST", "/schedules/701/activate", ""),
    ("DELETE", "/schedules/701", ""),
];

/// Requests for other forms of schedules, and requests that fail, after `GOOD`.
const OTHERS: &[(&str, &str, &str)] = &[
    ("POST", "/load_tests/101/schedule", CRON),
    ("POST", "/load_tests/102/schedule", ONCE),
    ("GET", "/schedules?$top=1", ""),
    ("GET", "/schedules", ""),
    ("POST", "/schedules/702/deactivate", ""),
    ("GET", "/schedules/702", ""),
    // Its only run was in the past.
    ("POST", "/schedules/703/activate", ""),
    ("GET", "/schedules?$top=5000", ""),
    ("POST", "/load_tests/101/schedule", BOTH),
    ("POST", "/load_tests/9/schedule", RULE),
    ("GET", "/load_tests/103/schedule", ""),
    ("GET", "/schedules/9", ""),
    ("POST", "/schedules/9/deactivate", ""),
    ("POST", "/schedules/9/activate", ""),
    ("DELETE", "/schedules/9", ""),
];

#[tokio::test]
async fn all_responses_follow_the_description() {
    let mut description = Description::read();
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let (token, stack) = (fake.token(), fake.stack_id());
    for request in GOOD {
        description.check_as(&fake, "another", stack, *request).await;
        description.check_as(&fake, token, stack.get() + 1, *request).await;
        fake.inject(Fault::status(500).first(1));
        description.check_as(&fake, token, stack, *request).await;
        description.check_as(&fake, token, stack, *request).await;
    }
    for request in OTHERS {
        description.check_as(&fake, token, stack, *request).await;
    }
    description.assert_all_seen("schedules");
}

//! Schedules.

use std::time::Duration;

use k6_cloud_fake::{FakeCloud, NOW, ScheduleSeed};
use serde_json::{Value, json};

use crate::support::{get, json, request, send};

const PATH: &str = "load_tests/102/schedule";

fn cron(schedule: &str) -> Value {
    json!({
        "starts": "2026-07-01T00:00:00Z",
        "cron": { "schedule": schedule, "time_zone": "UTC" },
    })
}

#[tokio::test]
async fn schedules_that_are_set_again_keep_their_id_and_are_active() {
    let fake = FakeCloud::start().await.expect("starts");
    let first = json(&fake, "POST", PATH, cron("0 6 * * *")).await.json();
    let path = format!("schedules/{}", first["id"]);
    assert_eq!(send(request(&fake, "POST", &format!("{path}/deactivate"))).await.status, 204);
    assert_eq!(get(&fake, &path).await.json()["deactivated"], true);
    let again = json(&fake, "POST", PATH, cron("0 7 * * *")).await.json();
    assert_eq!((&again["id"], &again["deactivated"]), (&first["id"], &json!(false)));
    assert_eq!(again["cron"]["schedule"], "0 7 * * *");
    assert_eq!(get(&fake, &path).await.json(), again);
    let other = json(&fake, "POST", "load_tests/101/schedule", cron("0 7 * * *")).await.json();
    assert_ne!(other["id"], first["id"]);
}

#[tokio::test]
async fn cron_aliases_are_accepted() {
    let fake = FakeCloud::start().await.expect("starts");
    for alias in ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"] {
        let reply = json(&fake, "POST", PATH, cron(alias)).await;
        assert_eq!(reply.status, 200, "{alias}");
        assert_eq!(reply.json()["cron"]["schedule"], alias);
    }
    for schedule in ["@reboot", "@every 1h", "0 0 * * * *", "* * * *"] {
        let rejected = json(&fake, "POST", PATH, cron(schedule)).await;
        assert_eq!(rejected.error(400).1, "cron.schedule", "{schedule}");
    }
}

#[tokio::test]
async fn weekdays_are_for_weekly_rules_only() {
    let fake = FakeCloud::start().await.expect("starts");
    for frequency in ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] {
        let rule = json!({ "frequency": frequency, "byday": ["MO"] });
        let body = json!({ "starts": "2026-07-01T00:00:00Z", "recurrence_rule": rule });
        let reply = json(&fake, "POST", PATH, body).await;
        if frequency == "WEEKLY" {
            assert_eq!(reply.json()["recurrence_rule"]["interval"], 1);
        } else {
            assert_eq!(reply.error(400).1, "recurrence_rule.byday", "{frequency}");
        }
    }
}

#[tokio::test]
async fn expired_schedules_cannot_be_deactivated_or_activated() {
    let fake = FakeCloud::start().await.expect("starts");
    let id = fake.add_schedule(102, ScheduleSeed::once(NOW + Duration::from_secs(60)));
    let path = format!("schedules/{id}");
    fake.clock().advance(Duration::from_secs(61));
    assert_eq!(send(request(&fake, "POST", &format!("{path}/deactivate"))).await.status, 204);
    assert_eq!(get(&fake, &path).await.json()["deactivated"], false);
    send(request(&fake, "POST", &format!("{path}/activate"))).await.error(409);
}

//! Schedules of load tests.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, NOW, USER};
use serde_json::{Value, json};

use crate::{assert_line, client_of, only_request};

const DAY: Duration = Duration::from_secs(86_400);

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).load_tests(5).start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

async fn set(
    client: &Client,
    load_test: impl Into<LoadTestId>,
    body: Value,
) -> Result<types::Schedule, Error> {
    let body: types::CreateScheduleRequest = serde_json::from_value(body).expect("a request");
    let call = client.set_load_test_schedule(load_test, body.starts);
    call.recurrence_rule(body.recurrence_rule).cron(body.cron).send().await
}

/// Every day at six, from the day after the fake's clock starts.
async fn set_daily(client: &Client, load_test: impl Into<LoadTestId>) -> types::Schedule {
    let rule = json!({ "frequency": "DAILY" });
    let body = json!({ "starts": "2026-07-01T06:00:00Z", "recurrence_rule": rule });
    set(client, load_test, body).await.expect("set")
}

fn next(schedule: &types::Schedule) -> Option<String> {
    schedule.next_run.as_ref().map(|next| next.format("%m-%d %H:%M").to_string())
}

async fn get(client: &Client, id: ScheduleId) -> types::Schedule {
    client.get_schedule(id).send().await.expect("the schedule")
}

#[tokio::test]
async fn set_load_test_schedule_sends_a_rule_and_returns_the_schedule() {
    let (fake, client) = fake().await;
    let rule = types::ScheduleRecurrenceRule::new(types::Frequency::Weekly)
        .interval(2)
        .byday([types::Weekday::Mo, types::Weekday::Fr])
        .count(10);
    let call = client.set_load_test_schedule(102, NOW + chrono::TimeDelta::hours(1));
    let schedule = call.recurrence_rule(rule).send().await.expect("set");
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!((&*request.method, &*request.path), ("POST", "/cloud/v6/load_tests/102/schedule"));
    let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(sent["starts"], "2026-06-30T13:05:00Z");
    let rule = &sent["recurrence_rule"];
    assert_eq!((&rule["frequency"], &rule["byday"]), (&json!("WEEKLY"), &json!(["MO", "FR"])));
    assert_eq!((&rule["interval"], &rule["count"]), (&json!(2), &json!(10)));

    assert_eq!((schedule.load_test_id, schedule.deactivated), (102.into(), false));
    assert_eq!(*schedule.starts, NOW + chrono::TimeDelta::hours(1));
    assert_eq!(schedule.created_by.as_deref(), Some(USER));
    assert_eq!(schedule.cron, None);
    let shown = schedule.recurrence_rule.as_ref().expect("the rule");
    assert_eq!((&shown.frequency, shown.interval), (&types::Frequency::Weekly, Some(2)));
    assert_eq!(shown.byday, Some(vec![types::Weekday::Mo, types::Weekday::Fr]));
    assert_eq!((shown.count, &shown.until), (Some(10), &None));
    // The last day of June 2026 is a Tuesday.
    assert_eq!(next(&schedule).as_deref(), Some("07-03 13:05"));
    assert_eq!(get(&client, schedule.id).await, schedule);
}

#[tokio::test]
async fn set_load_test_schedule_takes_a_cron_expression() {
    let (fake, client) = fake().await;
    let cron = json!({ "schedule": "15 2 * * 1-5", "time_zone": "America/New_York" });
    let body = json!({ "starts": "2026-06-01T00:00:00Z", "cron": cron });
    let schedule = set(&client, 101, body).await.expect("set");
    let sent: Value = serde_json::from_slice(&only_request(&fake, &[]).body).expect("JSON");
    assert_eq!(sent["cron"], cron);
    let shown = schedule.cron.as_ref().expect("the expression");
    assert_eq!((&*shown.schedule, &*shown.time_zone), ("15 2 * * 1-5", "America/New_York"));
    assert_eq!(schedule.recurrence_rule, None);
    assert_eq!(next(&schedule).as_deref(), Some("07-01 06:15"));
    fake.clock().advance(3 * DAY);
    assert_eq!(next(&get(&client, schedule.id).await).as_deref(), Some("07-06 06:15"));
}

#[tokio::test]
async fn set_load_test_schedule_replaces_the_schedule_and_keeps_its_id() {
    let (_fake, client) = fake().await;
    let old = set_daily(&client, 101).await;
    let other = set_daily(&client, 102).await;
    client.deactivate_schedule(old.id).send().await.expect("switched off");
    let new = set(&client, 101, json!({ "starts": "2026-08-01T00:00:00Z" })).await.expect("set");
    assert!(new.id == old.id && !new.deactivated, "{new:?}");
    assert_eq!((&new.recurrence_rule, next(&new).as_deref()), (&None, Some("08-01 00:00")));
    let all = client.list_schedules().collect_all(9).await.expect("the schedules");
    assert_eq!(all, [new, other]);
}

#[tokio::test]
async fn set_load_test_schedule_names_what_is_wrong() {
    let (_fake, client) = fake().await;
    // The server has to see the values that the client does not know.
    let client = client.with_unknown_values();
    let rule = json!({ "frequency": "DAILY" });
    let cron = |schedule: &str, zone: &str| json!({ "schedule": schedule, "time_zone": zone });
    let starts = "2026-07-01T00:00:00Z";
    let cases = [
        (json!({ "recurrence_rule": rule, "cron": cron("0 6 * * *", "UTC") }), "cron"),
        (json!({ "cron": cron("0 6 * *", "UTC") }), "cron.schedule"),
        (json!({ "cron": cron("0 25 * * *", "UTC") }), "cron.schedule"),
        (json!({ "cron": cron("0 6 * * *", "Mars/Olympus") }), "cron.time_zone"),
        (json!({ "recurrence_rule": { "frequency": "SECONDLY" } }), "recurrence_rule.frequency"),
        (
            json!({ "recurrence_rule": { "frequency": "DAILY", "interval": 0 } }),
            "recurrence_rule.interval",
        ),
        (
            json!({ "recurrence_rule": { "frequency": "DAILY", "count": 0 } }),
            "recurrence_rule.count",
        ),
    ];
    for (mut body, target) in cases {
        body["starts"] = json!(starts);
        let error = set(&client, 101, body.clone()).await.expect_err("rejected");
        assert!(error.is_invalid_request(), "{body}: {error}");
        let targets = error.details().iter().filter_map(|detail| detail.target.as_deref());
        assert!(targets.chain(error.target()).any(|found| found == target), "{body}: {error:?}");
    }
    let error = set(&client, 9, json!({ "starts": starts })).await.expect_err("no load test 9");
    assert!(error.is_not_found(), "{error}");
    assert_eq!(client.list_schedules().collect_all(9).await.expect("none"), []);
}

#[tokio::test]
async fn get_load_test_schedule_is_404_without_one() {
    let (fake, client) = fake().await;
    let schedule = set_daily(&client, 103).await;
    fake.clear_requests();
    let of_test = client.get_load_test_schedule(103).send().await.expect("the schedule");
    assert_line(&fake, "GET", "/cloud/v6/load_tests/103/schedule", None);
    assert_eq!(of_test, schedule);
    for id in [101, 9] {
        let error = client.get_load_test_schedule(id).send().await.expect_err("none");
        assert!(error.is_not_found(), "{error}");
    }
    client.delete_load_test(103).send().await.expect("deleted");
    let error = client.get_schedule(schedule.id).send().await.expect_err("gone with it");
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn list_schedules_pages_and_streams() {
    let (fake, client) = fake().await;
    for load_test in 101..106 {
        set_daily(&client, load_test).await;
    }
    fake.clear_requests();
    let page = client.list_schedules().skip(1).top(2).count(true).send().await.expect("a page");
    let query = "%24count=true&%24skip=1&%24top=2";
    assert_line(&fake, "GET", "/cloud/v6/schedules", Some(query));
    assert_eq!((page.value.len(), page.count), (2, Some(5)));
    assert!(page.next_link.is_some_and(|link| link.contains("skip=3")));
    let all: Vec<_> = client.list_schedules().top(2).stream().try_collect().await.expect("all");
    assert!(all.iter().map(|schedule: &types::Schedule| schedule.load_test_id).eq(101..106));
    let error = client.list_schedules().top(1_001).send().await.expect_err("too many");
    assert!(error.is_invalid_request() && error.target() == Some("$top"), "{error}");
}

#[tokio::test]
async fn get_schedule_tells_the_next_run_by_the_clock() {
    let (fake, client) = fake().await;
    let body = json!({
        "starts": "2026-08-31T06:00:00Z", "recurrence_rule": { "frequency": "MONTHLY" },
    });
    let schedule = set(&client, 101, body).await.expect("set");
    fake.clear_requests();
    let mut seen = vec![next(&get(&client, schedule.id).await)];
    assert_line(&fake, "GET", &format!("/cloud/v6/schedules/{}", schedule.id), None);
    for days in [63, 30, 31] {
        fake.clock().advance(days * DAY);
        seen.push(next(&get(&client, schedule.id).await));
    }
    let seen: Vec<_> = seen.iter().map(|next| next.as_deref().expect("a run")).collect();
    assert_eq!(seen, ["08-31 06:00", "09-30 06:00", "10-31 06:00", "11-30 06:00"]);
    let error = client.get_schedule(9).send().await.expect_err("no schedule 9");
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn delete_schedule_leaves_the_load_test() {
    let (fake, client) = fake().await;
    let id = set_daily(&client, 101).await.id;
    fake.clear_requests();
    client.delete_schedule(id).send().await.expect("deleted");
    assert_line(&fake, "DELETE", &format!("/cloud/v6/schedules/{id}"), None);
    let again = client.delete_schedule(id).send().await.expect_err("gone");
    assert!(again.is_not_found(), "{again}");
    client.get_load_test(101).send().await.expect("the load test");
}

#[tokio::test]
async fn schedule_is_deactivated_and_activated() {
    let (fake, client) = fake().await;
    let schedule = set_daily(&client, 101).await;
    let id = schedule.id;
    fake.clear_requests();
    client.deactivate_schedule(id).send().await.expect("switched off");
    assert_line(&fake, "POST", &format!("/cloud/v6/schedules/{id}/deactivate"), None);
    let off = get(&client, id).await;
    assert_eq!((off.deactivated, off.next_run), (true, None));
    client.deactivate_schedule(id).send().await.expect("off already");

    fake.clear_requests();
    client.activate_schedule(id).send().await.expect("switched on");
    assert_line(&fake, "POST", &format!("/cloud/v6/schedules/{id}/activate"), None);
    assert_eq!(get(&client, id).await, schedule);
    for missing in
        [client.activate_schedule(9).send().await, client.deactivate_schedule(9).send().await]
    {
        let error = missing.expect_err("no schedule 9");
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn expired_schedule_cannot_be_activated() {
    let (fake, client) = fake().await;
    let starts = "2026-07-01T06:00:00Z";
    let rule = |rest: Value| {
        let mut rule = json!({ "frequency": "DAILY" });
        rule.as_object_mut().expect("an object").extend(rest.as_object().cloned().expect("one"));
        json!({ "starts": starts, "recurrence_rule": rule })
    };
    let bodies = [
        json!({ "starts": starts }),
        rule(json!({ "count": 1 })),
        rule(json!({ "until": "2026-07-01T07:00:00Z" })),
    ];
    let mut ids = Vec::new();
    for (load_test, body) in (101..).zip(bodies) {
        let schedule = set(&client, load_test, body).await.expect("set");
        assert_eq!(next(&schedule).as_deref(), Some("07-01 06:00"));
        // A deactivated schedule expires all the same.
        client.deactivate_schedule(schedule.id).send().await.expect("switched off");
        ids.push(schedule.id);
    }
    // The clock now shows the exact time of the only run.
    fake.clock().advance(Duration::from_secs((17 * 60 + 55) * 60));
    for id in ids {
        assert_eq!(get(&client, id).await.next_run, None);
        let error = client.activate_schedule(id).send().await.expect_err("it has expired");
        assert!(error.is_conflict() && error.code() == Some("conflict"), "{error}");
        assert!(get(&client, id).await.deactivated);
    }
    let later = json!({ "starts": "2027-01-01T00:00:00Z" });
    let new = set(&client, 101, later).await.expect("the new one replaces it");
    assert_eq!(next(&new).as_deref(), Some("01-01 00:00"));
}

/// A frequency that a user has mistyped.
#[tokio::test]
async fn value_that_is_not_known_is_not_sent_unless_the_caller_insists() {
    use k6_cloud::types::{Frequency, ScheduleRecurrenceRule, Weekday};

    let (fake, client) = fake().await;
    let id = FIRST_LOAD_TEST_ID;
    let starts: Timestamp = "2026-07-01T06:00:00Z".parse().expect("a time");
    let weekly = || ScheduleRecurrenceRule::new(Frequency::Weekly);
    for rule in [
        ScheduleRecurrenceRule::new(Frequency::from("dayly")),
        ScheduleRecurrenceRule::new("dayly"),
        weekly().byday([Weekday::Mo, Weekday::from("Tuesday")]),
    ] {
        let call = client.set_load_test_schedule(id, starts).recurrence_rule(rule.clone());
        let error = call.send().await.expect_err("not known");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
        let told = error.to_string();
        assert!(told.contains("is not a known") && told.contains("with_unknown_values"), "{told}");
        assert!(told.contains("HOURLY, DAILY, ") || told.contains("MO, TU, "), "{told}");
        assert!(fake.requests().is_empty());
        // The server has the last word.
        let insisting = client.with_unknown_values();
        let call = insisting.set_load_test_schedule(id, starts).recurrence_rule(rule);
        let error = call.send().await.expect_err("the server does not know it either");
        assert_eq!(
            (error.status().map(|s| s.as_u16()), error.attempts()),
            (Some(400), 1),
            "{error}"
        );
        assert_eq!(fake.requests().len(), 1);
        fake.clear_requests();
    }
    let call = client.set_load_test_schedule(id, starts).recurrence_rule(weekly());
    call.send().await.expect("a known value");
    assert_eq!(Frequency::KNOWN.len(), 5);
    assert!(!Frequency::from("dayly").is_known() && Frequency::from("DAILY").is_known());
}

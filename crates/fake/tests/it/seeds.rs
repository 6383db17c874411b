//! What tests put into a fake, and fakes without a runtime.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use k6_cloud::ScriptKind;
use k6_cloud_fake::{
    FIRST_PROJECT_ID, FIRST_RUN_ID, FakeCloud, LoadTestSeed, ProjectSeed, RunSeed, ScheduleSeed,
};
use serde_json::json;

use crate::support::get;

#[tokio::test]
async fn projects_have_the_name_labels_and_limits_of_their_seed() {
    let fake = FakeCloud::start().await.expect("starts");
    let seed = ProjectSeed::new("Checkout").label("team", "web").label("tier", "1");
    let seed = seed.max_vus(100).max_browser_vus(5).max_vuh_per_month(900);
    let id = fake.add_project(seed.max_duration(Duration::from_secs(600)).grafana_folder_uid("f"));
    let project = get(&fake, &format!("projects/{id}")).await.json();
    assert_eq!(
        (&project["name"], &project["grafana_folder_uid"]),
        (&json!("Checkout"), &json!("f"))
    );
    assert_eq!(project["labels"], json!({ "team": "web", "tier": "1" }));
    let limits = get(&fake, &format!("projects/{id}/limits")).await.json();
    let expected = json!({
        "project_id": id, "vu_max_per_test": 100, "vu_browser_max_per_test": 5,
        "duration_max_per_test": 600, "vuh_max_per_month": 900,
    });
    assert_eq!(limits, expected);
    let keys = get(&fake, "labels").await.json();
    assert_eq!(keys["value"].as_array().map(Vec::len), Some(2));
    assert_eq!(fake.add_label_key("team").get(), keys["value"][0]["id"]);
    assert_eq!(fake.add_project(ProjectSeed::new("Fixed").id(9)), 9);
    assert_eq!(get(&fake, "projects/9").await.json()["name"], "Fixed");
}

#[tokio::test]
async fn load_tests_and_schedules_are_those_of_their_seeds() {
    let fake = FakeCloud::start().await.expect("starts");
    let project = fake.add_project(ProjectSeed::new("Checkout"));
    let seed = LoadTestSeed::new("Basket").project_id(project).k6_version(1);
    let id = fake.add_load_test(seed.script(ScriptKind::Archive));
    let load_test = get(&fake, &format!("load_tests/{id}")).await.json();
    assert_eq!((&load_test["name"], &load_test["project_id"]), (&json!("Basket"), &json!(project)));
    assert_eq!(load_test["k6_version"], 1);
    let script = get(&fake, &format!("load_tests/{id}/script")).await;
    assert_eq!(script.content_type, "application/x-tar");
    let empty = fake.add_load_test(LoadTestSeed::new("Empty").without_script());
    get(&fake, &format!("load_tests/{empty}/script")).await.error(404);
    assert_eq!(
        get(&fake, &format!("load_tests/{empty}")).await.json()["project_id"],
        FIRST_PROJECT_ID.get()
    );
    let runs = get(&fake, &format!("load_tests/{empty}/test_runs")).await.json();
    assert_eq!(runs["value"], json!([]));

    let schedule = fake.add_schedule(id, ScheduleSeed::cron("@daily", "Europe/Berlin"));
    let shown = get(&fake, &format!("load_tests/{id}/schedule")).await.json();
    assert_eq!(
        (&shown["id"], &shown["next_run"]),
        (&json!(schedule), &json!("2026-06-30T22:00:00Z"))
    );
    let rule = json!({ "frequency": "WEEKLY", "byday": ["MO"] });
    let seed = ScheduleSeed::recurrence_rule(rule).deactivated();
    assert_eq!(fake.add_schedule(id, seed), schedule, "it replaces the first");
    let shown = get(&fake, &format!("schedules/{schedule}")).await.json();
    assert_eq!((&shown["deactivated"], &shown["cron"]), (&json!(true), &json!(null)));
}

#[tokio::test]
#[should_panic(
    expected = "the service would reject this schedule: \"@often\" is not a cron expression"
)]
async fn schedules_that_the_service_rejects_panic() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.add_schedule(101, ScheduleSeed::cron("@often", "UTC"));
}

#[tokio::test]
#[should_panic(expected = "there is no project 7: add it first")]
async fn load_tests_of_no_project_panic() {
    let fake = FakeCloud::start().await.expect("starts");
    fake.add_load_test(LoadTestSeed::new("Lost").project_id(7));
}

#[tokio::test]
async fn seed_makes_the_run_that_a_client_reads() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("starts");
    let client = fake.client().build().expect("complete");
    for seed in [
        RunSeed::passed(),
        RunSeed::failed().note("a"),
        RunSeed::aborted(),
        RunSeed::invalid(),
        RunSeed::running(),
        RunSeed::timed(),
    ] {
        let seed = seed.project_id(5001);
        let id = fake.add_run(seed.clone().id(FIRST_RUN_ID));
        let read = client.get_test_run(id).send().await.expect("the run");
        assert_eq!(json!(read), json!(seed.to_run()));
    }
}

#[test]
fn fakes_start_without_a_runtime_and_stop_when_they_are_dropped() {
    let fake = FakeCloud::start_on_thread().expect("starts");
    let address = fake.base_url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("connects");
    let head = format!(
        "GET /cloud/v6/test_runs/{FIRST_RUN_ID} HTTP/1.1\r\nhost: {address}\r\n\
         authorization: Bearer {}\r\nx-stack-id: {}\r\nconnection: close\r\n\r\n",
        fake.token(),
        fake.stack_id()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("received");
    assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
    assert_eq!(fake.requests()[0].status, Some(200));
    let id = fake.add_run(RunSeed::timed());
    fake.clock().advance(Duration::from_secs(7_200));
    assert_eq!(fake.run_json(id).expect("the run")["status"], "completed");
    drop(fake);
    let start = std::time::Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(10), "the server has not stopped");
        std::thread::sleep(Duration::from_millis(5));
    }
}

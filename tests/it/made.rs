//! Values that tests of other code can make without a server.

use k6_cloud::metrics::RunSummary;
use k6_cloud::prelude::*;
use k6_cloud::{EnsureOutcome, Ensured, ErrorDetail, ListPage, RunNames, RunUpdate, ScriptKind};
use k6_cloud_fake::{FakeCloud, LoadTestSeed, NOW, ProjectSeed, RunSeed, ScheduleSeed};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[test]
fn results_of_calls_can_be_made() {
    let run = RunSeed::failed().to_run();
    let update = RunUpdate::new(run.clone());
    assert_eq!((update.status, update.progress), (RunStatus::Completed, 1.0));
    assert!(update.is_change && update.run.id == run.id);
    let update = RunUpdate::new(RunSeed::running().to_run());
    assert!(update.progress < 1.0 && update.status == RunStatus::Running);
    let summary = RunSummary::new(&run);
    assert!(summary.run.outcome.is_failed() && summary.http.is_none());
    assert!(summary.to_string().contains("failed") || !summary.to_string().is_empty());
    let page = ListPage::new([run], Some(7));
    assert_eq!((page.rows.len(), page.total, page.duplicates), (1, Some(7), 0));
    let project = ProjectSeed::new("Shop").id(7).to_project();
    let ensured = Ensured::new(project, EnsureOutcome::Created);
    assert_eq!((ensured.value.name.as_str(), ensured.outcome), ("Shop", EnsureOutcome::Created));
}

#[tokio::test]
async fn seeds_make_what_a_client_reads() {
    let fake = FakeCloud::start().await.expect("starts");
    let client = fake.client().build().expect("complete");
    let seed = ProjectSeed::new("Shop").id(5_077).label("team", "web");
    let id = fake.add_project(seed.clone());
    assert_eq!(client.get_project(id).await.expect("a project").name, seed.to_project().name);
    assert_eq!(client.get_project(id).await.expect("a project").labels, seed.to_project().labels);
    let seed = LoadTestSeed::new("Checkout").id(177).k6_version(2);
    let id = fake.add_load_test(seed.clone());
    assert_eq!(client.get_load_test(id).await.expect("a load test"), seed.to_load_test());
    let seed = ScheduleSeed::cron("0 3 * * *", "Europe/Berlin").starts(NOW);
    fake.add_schedule(k6_cloud_fake::FIRST_LOAD_TEST_ID, seed.clone());
    let read = client.get_load_test_schedule(k6_cloud_fake::FIRST_LOAD_TEST_ID).await;
    let (read, made) = (read.expect("a schedule"), seed.to_schedule());
    assert_eq!((read.cron, read.starts, read.next_run), (made.cron, made.starts, made.next_run));
}

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
    let json = serde_json::to_string(&value).expect("serializes");
    assert_eq!(serde_json::from_str::<T>(&json).expect(&json), value);
}

#[test]
fn what_serializes_can_be_read_back() {
    for kind in [ErrorKind::NotFound, ErrorKind::OutcomeUnknown, ErrorKind::Decode] {
        round_trip(kind);
    }
    let mut detail = ErrorDetail::new("blank", "must not be empty");
    detail.target = Some("name".to_owned());
    round_trip(detail);
    for kind in [ScriptKind::JavaScript, ScriptKind::Archive] {
        round_trip(kind);
    }
    round_trip(RunNames::default());
    for seed in [RunSeed::passed(), RunSeed::failed(), RunSeed::errored(), RunSeed::aborted()] {
        let run = seed.to_run();
        round_trip(run.verdict());
        round_trip(RunSummary::new(&run));
    }
}

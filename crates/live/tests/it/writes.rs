//! The life of a load test, and what is left of it.

use std::sync::Arc;
use std::time::Duration;

use k6_cloud_fake::{FIRST_PROJECT_ID, FakeCloud, Fault};
use k6_cloud_live::{Description, Found, Kind, Options, Outcome, Report};

use crate::support::{Proxy, check_by, fake, listed, service};

fn options(may_run: bool) -> Options {
    Options {
        only: vec!["authenticate".to_owned()],
        allow_writes: Some(FIRST_PROJECT_ID.to_string()),
        allow_run: may_run,
        ..Options::default()
    }
}

/// The names of all load tests, and the number of runs.
async fn state(fake: &FakeCloud) -> (Vec<String>, usize) {
    let client = fake.client().build().expect("a client");
    let load_tests = client.list_load_tests().collect_all(1000).await.expect("load tests");
    let runs = client.list_test_runs().collect_all(1000).await.expect("runs");
    (load_tests.into_iter().map(|load_test| load_test.name).collect(), runs.len())
}

fn outcome(report: &Report, operation: &str) -> (Outcome, Option<String>) {
    let checked =
        report.operations.iter().find(|checked| checked.operation == operation).expect(operation);
    (checked.outcome, checked.note.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn life_of_a_load_test_leaves_nothing() {
    for may_run in [false, true] {
        let fake = FakeCloud::builder()
            .lenient()
            .clock(k6_cloud_fake::FakeClock::ticking(5.0))
            .start()
            .await;
        let fake = fake.expect("starts");
        let before = state(&fake).await;
        let Found { report, .. } = check_by(&fake, &fake.base_url(), &options(may_run)).await;
        assert_eq!(listed(&report), "", "differences");
        assert_eq!(report.left, Vec::<String>::new());
        assert_eq!(state(&fake).await, before);
        for operation in [
            "create_load_test",
            "upload_load_test_script",
            "validate_options",
            "set_load_test_schedule",
            "activate_schedule",
            "deactivate_schedule",
            "delete_schedule",
            "update_load_test",
            "replace_project_labels",
            "delete_load_test",
        ] {
            assert_eq!(outcome(&report, operation), (Outcome::AsDescribed, None), "{operation}");
        }
        let started =
            fake.requests().iter().filter(|request| request.path.ends_with("/start")).count();
        assert_eq!(started, usize::from(may_run), "starts");
        for operation in [
            "start_load_test",
            "star_test_run",
            "unstar_test_run",
            "update_test_run",
            "abort_test_run",
            "delete_test_run",
        ] {
            let expected = match may_run {
                true => (Outcome::AsDescribed, None),
                false => (Outcome::NotChecked, Some("it needs a run: --allow-run".to_owned())),
            };
            assert_eq!(outcome(&report, operation), expected, "{operation}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_without_permission() {
    let fake = fake().await;
    check_by(&fake, &fake.base_url(), &Options::default()).await;
    let requests = fake.requests();
    assert!(requests.iter().all(|request| request.method == "GET"));
    // Nor in a project that is not there.
    let description = Description::vendored().expect("a description");
    let unknown = Options { allow_writes: Some("77".to_owned()), ..options(true) };
    let checked =
        k6_cloud_live::check(&description, &service(&fake, &fake.base_url()), &unknown).await;
    let message = checked.expect_err("no such project");
    assert!(message.contains("the token can read no project"), "{message}");
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_removed_after_any_failure() {
    for operation in [
        "create_load_test",
        "upload_load_test_script",
        "validate_options",
        "set_load_test_schedule",
        "deactivate_schedule",
        "update_load_test",
        "replace_project_labels",
        "start_load_test",
        "star_test_run",
    ] {
        let fake = fake().await;
        let before = state(&fake).await;
        fake.inject(Fault::status(500).on(operation));
        let Found { report, .. } = check_by(&fake, &fake.base_url(), &options(true)).await;
        let failed = report
            .findings()
            .any(|(id, finding)| id == operation && finding.kind == Kind::ClientError);
        assert!(failed, "{operation}: {}", listed(&report));
        assert_eq!(report.left, Vec::<String>::new(), "{operation}");
        assert_eq!(state(&fake).await, before, "{operation}");
        fake.clear_faults();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_removed_after_an_interrupt() {
    // At any time: also when the load test was made, and the response had not arrived.
    for delay in [0, 5, 20, 60, 120, 250] {
        let fake = FakeCloud::builder()
            .lenient()
            .latency(Duration::from_millis(20))
            .start()
            .await
            .expect("starts");
        let before = state(&fake).await;
        let begun = Arc::new(tokio::sync::Notify::new());
        let signal = Arc::clone(&begun);
        let proxy = Proxy::start(
            &fake,
            Arc::new(move |asked| {
                if asked.method == "POST" {
                    signal.notify_one();
                }
            }),
            Arc::new(|_, _| {}),
        )
        .await;
        let interrupted = async {
            begun.notified().await;
            tokio::time::sleep(Duration::from_millis(delay)).await;
        };
        let description = Description::vendored().expect("a description");
        let service = service(&fake, &proxy.base_url);
        let found =
            k6_cloud_live::check_until(&description, &service, &options(true), interrupted).await;
        let report = found.expect("it can be checked").report;
        assert_eq!(report.left, Vec::<String>::new(), "{delay} ms");
        assert_eq!(state(&fake).await, before, "{delay} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_removed_is_named() {
    let fake = fake().await;
    fake.inject(Fault::status(500).on("delete_load_test"));
    let Found { report, .. } = check_by(&fake, &fake.base_url(), &options(false)).await;
    assert_eq!(report.left.len(), 1);
    let (names, _) = state(&fake).await;
    let left =
        names.iter().find(|name| name.starts_with("k6-cloud check-live")).expect("it is left");
    assert!(report.left[0].contains(left.as_str()), "{:?}", report.left);
    assert!(
        report.to_markdown().contains("**Not removed:** the load test"),
        "{}",
        report.to_markdown()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_without_effect_are_differences() {
    let fake = fake().await;
    let proxy = Proxy::rewriting(&fake, |asked, answer| {
        // The name stays as it was.
        if asked.method == "GET"
            && asked.path.matches('/').count() == 4
            && asked.path.contains("/load_tests/")
        {
            let mut body = answer.json();
            if let Some(name) = body["name"].as_str() {
                body["name"] = name.replace(" (renamed)", "").into();
                answer.set(&body);
            }
        }
    })
    .await;
    let Found { report, .. } = check_by(&fake, &proxy.base_url, &options(false)).await;
    let found = report.findings().find(|(_, finding)| finding.kind == Kind::Effect);
    assert_eq!(
        found.map(|(operation, _)| operation),
        Some("update_load_test"),
        "{}",
        listed(&report)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deletion_without_effect_is_a_difference_and_is_tried_again() {
    let fake = fake().await;
    let before = state(&fake).await;
    fake.inject(Fault::no_content().on("delete_load_test").first(1));
    let Found { report, .. } = check_by(&fake, &fake.base_url(), &options(false)).await;
    let found: Vec<_> =
        report.findings().filter(|(_, finding)| finding.kind == Kind::Effect).collect();
    assert!(matches!(found[..], [("delete_load_test", _)]), "{}", listed(&report));
    assert_eq!(report.left, Vec::<String>::new());
    assert_eq!(state(&fake).await, before);
}

//! Handles of runs that are known by their id, and the names that belong to runs.

use k6_cloud::metrics::HTTP_REQ_DURATION;
use k6_cloud::prelude::*;
use k6_cloud::{STACK_ID_VARIABLE, STACK_URL_VARIABLE, TOKEN_VARIABLE};
use k6_cloud_fake::{FakeCloud, RunSeed};

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    (fake, client)
}

#[tokio::test]
async fn handle_by_id_does_what_that_of_a_start_does() {
    let (fake, client) = fake().await;
    let run = client.test_run(fake.add_run(RunSeed::timed()));
    assert_eq!(fake.request_count(), 0, "it sends nothing");
    assert_eq!(run.get().await.expect("the run").id, run.id());
    let mut updates = run.watch();
    let mut last = None;
    while let Some(update) = updates.try_next().await.expect("an update") {
        last = Some(update.status);
    }
    assert_eq!(last, Some(RunStatus::Completed));
    assert!(run.wait().await.expect("the run").verdict().is_passed());
    assert!(run.abort().await.expect_err("it has ended").is_conflict());
    let summary = run.summarize().await.expect("a summary");
    assert_eq!(summary.run.id, run.id());
    assert!(!run.metrics().send().await.expect("metrics").is_empty());
    let p95 = HTTP_REQ_DURATION.quantile(0.95);
    assert!(!run.query_aggregate(p95.clone()).send().await.expect("a value").is_empty());
    assert!(!run.query_range(p95).send().await.expect("series").is_empty());
    run.script().await.expect("a script");
    let nobody = client.test_run(1);
    assert!(nobody.get().await.expect_err("no such run").is_not_found());
}

#[tokio::test]
async fn page_is_known_if_the_address_of_the_stack_is() {
    let (fake, client) = fake().await;
    assert_eq!(client.test_run(7).page_url(), None);
    let builder = Client::builder().base_url(fake.base_url()).token(fake.token());
    let client = builder.stack("fake").connect().await.expect("found");
    let run = client.test_run(7);
    let page = run.page_url();
    assert_eq!(page, Some("https://fake.grafana.net/a/k6-app/runs/7"));
    // It is the page that a start returns.
    let started = client.start_load_test(101).await.expect("started");
    assert_eq!(client.test_run(started.id()).page_url(), started.page_url());
}

#[test]
fn address_of_the_stack_comes_from_the_source_of_its_id() {
    let lookup = |name: &str, stack: &str| match name {
        TOKEN_VARIABLE => Some("token".to_owned()),
        STACK_ID_VARIABLE => Some("12".to_owned()),
        STACK_URL_VARIABLE => Some(stack.to_owned()),
        _ => None,
    };
    let build = |stack: &'static str| {
        Client::builder().lookup(move |name| lookup(name, stack)).build().expect("complete")
    };
    let client = build("shop.grafana.net/a/k6-app");
    assert_eq!(client.settings().stack_url(), Some("https://shop.grafana.net"));
    // A wrong address beside an id is no reason to fail.
    for stack in ["", "417205", "glsa_canary"] {
        assert_eq!(build(stack).settings().stack_url(), None, "{stack:?}");
    }
    // The id in code may be that of another stack.
    let client = Client::builder().lookup(|name| lookup(name, "shop")).stack_id(7).build();
    assert_eq!(client.expect("complete").settings().stack_url(), None);
}

#[tokio::test]
async fn names_are_looked_up_once_and_may_be_gone() {
    let (fake, client) = fake().await;
    let id = fake.add_run(RunSeed::passed());
    let run = client.get_test_run(id).send().await.expect("the run");
    let project = client.get_project(run.project_id).send().await.expect("the project").name;
    let load_test = client.get_load_test(run.test_id).send().await.expect("the load test").name;
    let before = fake.request_count();
    let mut names = client.resource_names();
    for _ in 0..2 {
        let names = names.of_run(&run).await.expect("names");
        assert_eq!(names.project.as_deref(), Some(&*project));
        assert_eq!(names.load_test.as_deref(), Some(&*load_test));
        assert_eq!(fake.request_count() - before, 2);
    }
    assert_eq!(names.project(9).await.expect("none"), None);
    assert_eq!(names.load_test(9).await.expect("none"), None);
    assert_eq!(names.load_test(9).await.expect("none"), None);
    assert_eq!(fake.request_count() - before, 4);
}

//! Calls own what they need: they can be spawned, stored and returned.

use std::future::IntoFuture;

use k6_cloud::builder;
use k6_cloud::metrics::{
    HTTP_REQS, ListLabelValues, ListLoadTestMetrics, ListRunMetrics, ListSeries, ListSeriesLabels,
    QueryAggregate, QueryLoadTest, QueryRange, Runs, SummarizeBaseline, SummarizeTestRun,
    TrendOfLoadTest,
};
use k6_cloud::prelude::*;
use k6_cloud::{
    CreateLoadTest, EnsureLoadTest, EnsureProject, OperationExt, RequestCall, ScriptDownload,
    StartLoadTest, UploadLoadTestScript, WaitForTestRun,
};
use k6_cloud_fake::{FakeCloud, RunSeed};

use crate::client_of;

/// Returns a call whose client goes out of scope here.
fn call_of(client: Client, id: TestRunId) -> builder::GetTestRun {
    client.get_test_run(id)
}

#[tokio::test]
async fn calls_are_spawned_stored_and_returned() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let run = fake.add_run(RunSeed::passed());
    let call = call_of(client_of(&fake), run);
    let stored = vec![call.clone(), call];
    let tasks: Vec<_> = stored.into_iter().map(|call| tokio::spawn(call.send())).collect();
    for task in tasks {
        assert_eq!(task.await.expect("no panic").expect("the run").id, run);
    }
    let awaited = tokio::spawn(call_of(client_of(&fake), run).into_future());
    assert_eq!(awaited.await.expect("no panic").expect("the run").id, run);
    let rate = client_of(&fake).query_aggregate(run, HTTP_REQS.rate());
    assert!(tokio::spawn(rate.send()).await.expect("no panic").is_ok());
    let handle = client_of(&fake).test_run(run);
    let summary = tokio::spawn(handle.summarize().send());
    drop(handle);
    assert_eq!(summary.await.expect("no panic").expect("a summary").run.id, run);
    let list = client_of(&fake).list_load_test_runs(fake_test(&fake, run));
    let rows = tokio::spawn(async move { list.stream().try_next().await });
    assert!(rows.await.expect("no panic").expect("a row").is_some());
}

fn fake_test(fake: &FakeCloud, run: TestRunId) -> i64 {
    fake.run_json(run).expect("the run")["test_id"].as_i64().expect("an id")
}

/// Calls of every kind; that generated ones are, `Operation` demands of each.
#[test]
fn every_call_owns_what_it_needs() {
    fn is_owned<T: IntoFuture<IntoFuture: Send + 'static> + Send + 'static>() {}
    is_owned::<builder::GetTestRun>();
    is_owned::<builder::ListTestRuns>();
    is_owned::<RequestCall>();
    is_owned::<StartLoadTest>();
    is_owned::<WaitForTestRun>();
    is_owned::<ScriptDownload>();
    is_owned::<CreateLoadTest>();
    is_owned::<UploadLoadTestScript>();
    is_owned::<EnsureLoadTest>();
    is_owned::<EnsureProject>();
    is_owned::<ListRunMetrics>();
    is_owned::<ListLoadTestMetrics>();
    is_owned::<ListSeries>();
    is_owned::<ListSeriesLabels>();
    is_owned::<ListLabelValues>();
    is_owned::<QueryRange>();
    is_owned::<QueryAggregate>();
    is_owned::<QueryLoadTest>();
    is_owned::<SummarizeTestRun>();
    is_owned::<SummarizeBaseline>();
    is_owned::<TrendOfLoadTest>();
    fn is_operation<O: OperationExt + 'static>() {}
    is_operation::<builder::UpdateTestRun>();
    let _ = Runs::last(1);
}

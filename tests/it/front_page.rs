//! The test that README.md shows. The package k6-cloud does not depend on the fake, so that the
//! documentation cannot compile it.

use std::time::Duration;

use k6_cloud::RunResult;
use k6_cloud_fake::{FakeCloud, Fault, RunSeed};

/// The code under test.
async fn exit_code(
    client: &k6_cloud::Client,
    run: k6_cloud::TestRunId,
) -> Result<i32, k6_cloud::Error> {
    Ok(client.wait_for_test_run(run).await?.verdict().exit_code())
}

#[tokio::test]
async fn breached_threshold_fails_the_build() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeCloud::start().await?;
    let hour = RunSeed::timed().running_for(Duration::from_secs(3600));
    let run = fake.add_run(hour.result(RunResult::Failed));
    fake.inject(Fault::status(503).on("get_test_run").first(2));

    assert_eq!(exit_code(&fake.client().build()?, run).await?, 99);
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
    Ok(())
}

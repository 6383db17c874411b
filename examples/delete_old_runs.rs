//! Deletes the runs of a load test, or of all, that are older than a number of days. Starred runs are kept.
//!
//! ```sh
//! cargo run --example delete_old_runs                  # 30 days, with a fake
//! cargo run --example delete_old_runs -- 101 90        # load test 101, 90 days
//! cargo run --example delete_old_runs -- all 90        # all load tests of all projects
//! ```

mod support;

use chrono::{DateTime, Days, Utc};
use k6_cloud::prelude::*;

/// Deletes the runs that were created before a time, and returns how many. Starred runs and runs
/// that have not ended are kept.
async fn delete_old_runs(
    client: &Client,
    load_test: LoadTestId,
    before: DateTime<Utc>,
) -> Result<usize, Error> {
    let old = client
        .list_load_test_runs(load_test)
        .created_before(before)
        .is_starred(false)
        .collect_all(100_000)
        .await?;
    let mut deleted = 0;
    for run in old {
        match client.delete_test_run(run.id).send().await {
            Ok(()) => deleted += 1,
            Err(error) => match error.kind() {
                // Somebody else has deleted it.
                ErrorKind::NotFound => {}
                // It has not ended.
                ErrorKind::Conflict => {}
                _ => return Err(error),
            },
        }
    }
    Ok(deleted)
}

/// Deletes the old runs of all load tests of all projects. Returns how many were deleted, and the load tests
/// for which that failed.
async fn delete_everywhere(
    client: &Client,
    before: DateTime<Utc>,
) -> Result<(usize, Vec<(LoadTestId, Error)>), Error> {
    let (mut deleted, mut failed) = (0, Vec::new());
    let mut load_tests = client.list_load_tests().stream();
    while let Some(load_test) = load_tests.try_next().await? {
        match delete_old_runs(client, load_test.id, before).await {
            Ok(runs) => deleted += runs,
            // One load test that fails, such as one that you may not change, does not keep the others.
            Err(error) => failed.push((load_test.id, error)),
        }
    }
    Ok((deleted, failed))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let load_test = arguments.next().unwrap_or_else(|| "101".to_owned());
    let days = arguments.next().map_or(Ok(30), |days| days.parse())?;
    let connected = support::connect(200).await?;

    let before = connected.now() - Days::new(days);
    let (deleted, failed) = if load_test == "all" {
        delete_everywhere(&connected.client, before).await?
    } else {
        (delete_old_runs(&connected.client, load_test.parse()?, before).await?, Vec::new())
    };
    println!("load test {load_test}: deleted {deleted} runs from before {}", before.date_naive());
    for (load_test, error) in &failed {
        eprintln!("load test {load_test}: {error}");
    }
    if failed.is_empty() { Ok(()) } else { Err("not all runs were deleted".into()) }
}

//! Deletes the runs of a load test that are older than a number of days. Starred runs are kept.
//!
//! ```sh
//! cargo run --example delete_old_runs                  # 30 days, with a fake
//! cargo run --example delete_old_runs -- 101 90        # load test 101, 90 days
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

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let load_test = arguments.next().map_or(Ok(101.into()), |id| id.parse())?;
    let days = arguments.next().map_or(Ok(30), |days| days.parse())?;
    let connected = support::connect(200).await?;

    let before = connected.now() - Days::new(days);
    let deleted = delete_old_runs(&connected.client, load_test, before).await?;
    println!("load test {load_test}: deleted {deleted} runs from before {}", before.date_naive());
    Ok(())
}

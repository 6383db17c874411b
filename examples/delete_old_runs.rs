//! Deletes the runs of a load test that are older than a number of days. Starred runs are kept.
//!
//! ```sh
//! cargo run --example delete_old_runs                  # 30 days, with a fake
//! cargo run --example delete_old_runs -- 101 90        # load test 101, 90 days
//! ```

mod support;

use chrono::Days;
use k6_cloud::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let load_test = arguments.next().map_or(Ok(101), |id| id.parse())?;
    let days = arguments.next().map_or(Ok(30), |days| days.parse())?;
    let connected = support::connect(200).await?;
    let client = &connected.client;

    // Collected first: deleting while reading would move the rows.
    let old = client
        .list_load_test_runs(load_test)
        .created_before(connected.now() - Days::new(days))
        .is_starred(false)
        .collect_all(100_000)
        .await?;
    let (mut deleted, mut kept) = (0, 0);
    for run in &old {
        match client.delete_test_run(run.id).send().await {
            Ok(()) => deleted += 1,
            // Somebody else has deleted it.
            Err(error) if error.kind() == ErrorKind::NotFound => deleted += 1,
            // It is running.
            Err(error) if error.kind() == ErrorKind::Conflict => kept += 1,
            Err(error) => return Err(error.into()),
        }
    }
    println!("load test {load_test}: {deleted} runs deleted, {kept} still running");
    Ok(())
}

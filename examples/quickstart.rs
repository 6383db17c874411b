//! Lists, inspects and stars test runs.
//!
//! Without a token it starts an in-process fake of the API with some 2,500 runs. With
//! `K6_CLOUD_TOKEN` and `K6_CLOUD_STACK_ID` set it talks to Grafana Cloud k6, and leaves everything
//! there as it was.

use std::collections::BTreeMap;
use std::error::Error;

use k6_cloud::prelude::*;
use k6_cloud_fake::FakeCloud;

const MOST_RUNS: usize = 3_000;
const ROWS: usize = 10;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, fake) =
        if std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|token| !token.is_empty()) {
            println!("Talking to the real API: {} is set.\n", k6_cloud::TOKEN_VARIABLE);
            (Client::from_env()?, None)
        } else {
            let fake = FakeCloud::builder().runs(2_500).load_tests(7).start().await?;
            println!(
                "No {} is set: talking to a fake of the API at {}.\n",
                k6_cloud::TOKEN_VARIABLE,
                fake.base_url()
            );
            (fake.client().build()?, Some(fake))
        };

    // List: rows over all pages, each requested when it is needed.
    let mut list = client.list_test_runs().stream();
    let mut runs = Vec::new();
    while runs.len() < MOST_RUNS
        && let Some(run) = list.try_next().await?
    {
        runs.push(run);
    }
    let total = list.total();
    println!("{} of {} test runs:", runs.len(), total.unwrap_or(runs.len() as i64));
    let mut by_result: BTreeMap<&str, usize> = BTreeMap::new();
    for run in &runs {
        *by_result
            .entry(run.result.as_ref().map_or("no result yet", RunResult::as_str))
            .or_default() += 1;
    }
    for (result, count) in &by_result {
        println!("  {count:>6}  {result}");
    }

    runs.sort_by_key(|run| std::cmp::Reverse(run.created));
    println!("\nThe newest:");
    println!(
        "{:>8}  {:>9}  {:<20}  {:<18}  {:<6}  {:>8}  {:>8}",
        "run", "load test", "created", "status", "result", "seconds", "VUH"
    );
    for run in runs.iter().take(ROWS) {
        println!(
            "{:>8}  {:>9}  {:<20}  {:<18}  {:<6}  {:>8}  {:>8}",
            run.id,
            run.test_id,
            run.created.format("%Y-%m-%d %H:%M:%S"),
            run.status,
            run.result.as_ref().map_or("-", RunResult::as_str),
            run.execution_duration,
            run.cost
                .as_ref()
                .map_or_else(|| "-".to_owned(), |cost| format!("{:.2}", cost.total_vuh)),
        );
    }

    // Inspect one of them: the newest without a star, or else the newest.
    let newest = runs.iter().find(|run| !run.is_starred).or(runs.first());
    let Some(id) = newest.map(|run| run.id) else {
        println!("\nThis stack has no test runs yet.");
        return Ok(());
    };
    let run = client.get_test_run(id).send().await?;
    println!("\nRun {id} of load test {}:", run.test_id);
    println!(
        "  started by  {}",
        run.started_by.as_deref().unwrap_or("a stack token or a schedule")
    );
    println!("  note        {}", if run.note.is_empty() { "-" } else { run.note.as_str() });
    for status in &run.status_history {
        println!("  {}  {}", status.entered.format("%H:%M:%S"), status.type_);
    }

    // Star the run, check, and restore the star.
    client.star_test_run(id).send().await?;
    let starred = client.get_test_run(id).send().await;
    if !run.is_starred {
        // Restored before anything else can fail.
        client.unstar_test_run(id).send().await?;
    }
    println!("\nStarred run {id}: is_starred was then {}.", starred?.is_starred);
    if !run.is_starred {
        println!("Removed the star again.");
    }
    drop(fake);
    Ok(())
}

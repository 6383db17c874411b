//! Lists the latest runs of a load test that did not pass.
//!
//! ```sh
//! cargo run --example recent_failures          # with a fake that has many runs
//! cargo run --example recent_failures -- 25    # 25 instead of 10
//! K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=... cargo run --example recent_failures -- LOAD_TEST_ID 25
//! ```

use std::error::Error;

use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud};

const WANTED: usize = 10;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, load_test, _fake) =
        if std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|token| !token.is_empty()) {
            let id = arguments.next().ok_or("usage: recent_failures LOAD_TEST_ID [COUNT]")?;
            (Client::from_env()?, id.parse()?, None)
        } else {
            let fake = FakeCloud::builder().runs(2_500).start().await?;
            println!("No {} is set: asking a fake of the API.\n", k6_cloud::TOKEN_VARIABLE);
            (fake.client().build()?, FIRST_LOAD_TEST_ID, Some(fake))
        };
    let wanted = arguments.next().map_or(Ok(WANTED), |count| count.parse())?;

    // Pages are requested when they are needed, so that small ones suffice.
    let list = client.list_load_test_runs(load_test).orderby("created desc").top(50);
    let mut runs = list.stream();
    let (mut checked, mut found) = (0, 0);
    println!(
        "{:>8}  {:<16}  {:<32}  {:>8}  {:>8}  started by",
        "run", "created", "verdict", "duration", "VUH"
    );
    while found < wanted {
        let Some(run) = runs.try_next().await? else { break };
        checked += 1;
        let verdict = run.verdict();
        if !run.is_finished() || verdict.is_passed() {
            continue;
        }
        found += 1;
        println!(
            "{:>8}  {:<16}  {:<32}  {:>8}  {:>8}  {}",
            run.id,
            run.created.format("%Y-%m-%d %H:%M"),
            shortened(&verdict.to_string(), 32),
            format!("{}:{:02}", run.execution_duration / 60, run.execution_duration % 60),
            run.cost.as_ref().map_or("-".to_owned(), |cost| format!("{:.2}", cost.total_vuh)),
            run.started_by.as_deref().unwrap_or("-"),
        );
    }
    let all = runs.total().unwrap_or(checked);
    println!("\nThat is {found} of {checked} runs checked; load test {load_test} has {all}.");
    Ok(())
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 3).chain("...".chars()).collect()
}

//! Prints the runs of the last week that did not pass, as lines with links for a chat.
//!
//! ```sh
//! cargo run --example post_failed_runs                                  # with a fake
//! cargo run --example post_failed_runs -- https://shop.grafana.net      # for links to this stack
//! ```

mod support;

use std::collections::HashMap;

use chrono::Days;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stack = std::env::args().nth(1).unwrap_or_else(|| "https://shop.grafana.net".to_owned());
    let connected = support::connect(200).await?;
    let client = &connected.client;

    let tests = client.list_load_tests().collect_all(10_000).await?;
    let names: HashMap<i64, String> = tests.into_iter().map(|test| (test.id, test.name)).collect();

    let mut runs = client.list_test_runs().created_after(connected.now() - Days::new(7)).stream();
    while let Some(run) = runs.try_next().await? {
        let verdict = run.verdict();
        if run.is_finished() && !verdict.is_passed() {
            let name = names.get(&run.test_id).map_or("a deleted load test", String::as_str);
            println!("- {name}: {verdict} <{stack}/a/k6-app/runs/{}>", run.id);
        }
    }
    Ok(())
}

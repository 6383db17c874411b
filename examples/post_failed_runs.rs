//! Posts the runs of the last week that did not pass to a chat, as lines with links.
//!
//! ```sh
//! cargo run --example post_failed_runs            # prints the message; with a fake
//! CHAT_WEBHOOK=https://... cargo run --example post_failed_runs
//! ```
//!
//! The links need the address of the stack: set `K6_CLOUD_STACK_URL` instead of `K6_CLOUD_STACK_ID`.

mod support;

use chrono::{DateTime, Utc};
use k6_cloud::prelude::*;

/// Writes a line for each run since a time that has ended and did not pass.
async fn failed_runs(client: &Client, since: DateTime<Utc>) -> Result<String, Error> {
    let mut message = String::new();
    let mut names = client.resource_names();
    let mut runs = client.list_test_runs().created_after(since).stream();
    while let Some(run) = runs.try_next().await? {
        let verdict = run.verdict();
        if !run.is_finished() || verdict.is_passed() {
            continue;
        }
        let name = names.load_test(run.test_id).await?;
        let name = name.unwrap_or_else(|| format!("load test {}, deleted", run.test_id));
        let handle = client.test_run(run.id);
        let page = handle.page_url();
        let page = page.map_or_else(|| format!("run {}", run.id), str::to_owned);
        message += &format!("- {name}: {verdict} ({page})\n");
    }
    Ok(message)
}

/// Posts a message to an incoming webhook, as Slack and Mattermost have them.
async fn post(webhook: &str, message: &str) -> Result<(), reqwest::Error> {
    let body = serde_json::json!({ "text": message });
    let response = reqwest::Client::new().post(webhook).json(&body).send().await?;
    response.error_for_status().map(drop)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let connected = support::connect(200).await?;
    let since = connected.now() - chrono::Days::new(7);
    let message = failed_runs(&connected.client, since).await?;
    match std::env::var("CHAT_WEBHOOK") {
        _ if message.is_empty() => println!("All runs have passed."),
        Ok(webhook) => post(&webhook, &message).await?,
        Err(_) => print!("{message}"),
    }
    Ok(())
}

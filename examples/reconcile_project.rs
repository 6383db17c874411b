//! Brings a project to a described state: it exists, and so do its load tests, with their scripts and a
//! schedule. A second run changes nothing.
//!
//! ```sh
//! cargo run --example reconcile_project
//! ```

mod support;

use chrono::Utc;
use k6_cloud::ScriptSource;
use k6_cloud::prelude::*;

const PROJECT: &str = "shop";
const WANTED: [(&str, &str); 2] = [
    (
        "checkout",
        "import http from 'k6/http';\nexport default () => http.get('https://test.k6.io');\n",
    ),
    ("search", "export default function () {}\n"),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let connected = support::connect(0).await?;
    let client = &connected.client;
    for round in 1..=2 {
        println!("round {round}");
        reconcile(client, connected.now()).await?;
    }
    Ok(())
}

async fn reconcile(client: &Client, start: chrono::DateTime<Utc>) -> Result<(), Error> {
    let project = client.ensure_project(PROJECT).send().await?;
    println!("  project {} is {}: {}", project.value.name, project.value.id, project.outcome);

    for (name, script) in WANTED {
        let test = client.ensure_load_test(project.value.id, name);
        let test = test.script(ScriptSource::bytes(script)).send().await?;
        println!("  load test {name}: {}", test.outcome);
        let nightly = types::ScheduleCron::new("0 2 * * *", "UTC");
        client.set_load_test_schedule(test.value.id, start).cron(nightly).send().await?;
    }
    Ok(())
}

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
    let found = client.list_projects().name(PROJECT).stream().try_next().await?;
    let project = match found {
        Some(project) => project,
        None => client.create_project(PROJECT).send().await?,
    };
    println!("  project {} is {}", project.name, project.id);

    for (name, script) in WANTED {
        let found =
            client.list_project_load_tests(project.id).name(name).stream().try_next().await?;
        let id = match found {
            Some(test) => {
                client.upload_load_test_script(test.id, ScriptSource::bytes(script)).send().await?;
                println!("  load test {name}: script replaced");
                test.id
            }
            None => {
                let created =
                    client.create_load_test(project.id, name).script(ScriptSource::bytes(script));
                println!("  load test {name}: created");
                created.send().await?.id
            }
        };
        let nightly = types::ScheduleCron::new("0 2 * * *", "UTC");
        client.set_load_test_schedule(id, start).cron(nightly).send().await?;
    }
    Ok(())
}

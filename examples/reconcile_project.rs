//! Brings a project to a described state: it exists, and so do its load tests, with their scripts and
//! schedules. A second run changes nothing.
//!
//! ```sh
//! cargo run --example reconcile_project
//! ```

mod support;

use k6_cloud::ScriptSource;
use k6_cloud::prelude::*;

/// A load test as it should be.
struct Wanted {
    name: &'static str,
    script: &'static str,
    /// When it runs, in UTC.
    cron: &'static str,
}

/// Creates what is missing and updates what differs. The first run of a new schedule is after
/// `start`.
async fn reconcile(
    client: &Client,
    project: &str,
    wanted: &[Wanted],
    start: Timestamp,
) -> Result<(), Error> {
    let project = client.ensure_project(project).send().await?;
    println!("project {}: {}", project.value.name, project.outcome);
    for Wanted { name, script, cron } in wanted {
        let test = client.ensure_load_test(project.value.id, *name);
        let test = test.script(ScriptSource::bytes(*script)).send().await?;
        println!("load test {name}: {}", test.outcome);

        let scheduled = match client.get_load_test_schedule(test.value.id).send().await {
            Ok(schedule) => schedule.cron,
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        if scheduled.is_none_or(|found| found.schedule != *cron || found.time_zone != "UTC") {
            let wanted = types::ScheduleCron::new(*cron, "UTC");
            client.set_load_test_schedule(test.value.id, start).cron(wanted).send().await?;
            println!("schedule of {name}: set to {cron}");
        }
    }
    Ok(())
}

const SHOP: [Wanted; 2] = [
    Wanted {
        name: "checkout",
        script: "import http from 'k6/http';\n\
                 export default () => http.get('https://test.k6.io');\n",
        cron: "0 2 * * *",
    },
    Wanted { name: "search", script: "export default function () {}\n", cron: "30 2 * * 1-5" },
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let connected = support::connect(0).await?;
    for round in 1..=2 {
        println!("round {round}");
        reconcile(&connected.client, "shop", &SHOP, connected.now().into()).await?;
    }
    Ok(())
}

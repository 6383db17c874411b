//! Prints what a run comes to in numbers, and compares it with the last run before it that passed.
//!
//! ```sh
//! cargo run --example run_summary                  # a failed run of a fake
//! cargo run --example run_summary -- --markdown    # the same as a comment for a pull request
//! K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=... cargo run --example run_summary -- RUN_ID
//! ```

use std::error::Error;
use std::io::IsTerminal as _;

use k6_cloud::metrics::Baseline;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeCloud, NOW, RunSeed};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (flags, ids): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let markdown = flags.iter().any(|flag| flag == "--markdown");
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, run, _fake) =
        if std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|token| !token.is_empty()) {
            let id = ids.first().ok_or("usage: run_summary [--markdown] RUN_ID")?;
            (Client::from_env()?, id.parse()?, None)
        } else {
            let fake = FakeCloud::start().await?;
            eprintln!("{} is not set: this is a run of a fake API.\n", k6_cloud::TOKEN_VARIABLE);
            let run = failed_run(&fake);
            (fake.client().build()?, run, Some(fake))
        };

    let summary = client.summarize_test_run(run).send().await?;
    let baseline = client.summarize_baseline(&summary, Baseline::LastPassed).send().await?;
    let comparison = baseline.map(|baseline| summary.compare(&baseline));
    if markdown {
        println!("{}", summary.to_markdown());
        comparison.iter().for_each(|comparison| println!("{}", comparison.to_markdown()));
    } else if std::io::stdout().is_terminal() {
        println!("{}", summary.colored());
        comparison.iter().for_each(|comparison| println!("{}", comparison.colored()));
    } else {
        println!("{summary}");
        comparison.iter().for_each(|comparison| println!("{comparison}"));
    }
    let trend = client.trend_of_load_test(summary.run.test_id, 5).send().await?;
    println!("{}", if markdown { trend.to_markdown() } else { trend.to_string() });
    Ok(())
}

/// Adds a run that passed, and the one after it that is slower and fails.
fn failed_run(fake: &FakeCloud) -> TestRunId {
    let options = json!({
        "vus": 50,
        "duration": "30m",
        "thresholds": {
            "http_req_duration": ["p(95)<500", "avg<400"],
            "http_req_failed": ["rate<0.01"],
            "checks": ["rate>0.95"],
        },
    });
    let run = |seed: RunSeed, hours| {
        let created = NOW - chrono::TimeDelta::hours(hours);
        fake.add_run(seed.test_id(42).created(created).property("options", options.clone()))
    };
    run(RunSeed::passed().p95(412.0).error_share(0.002), 26);
    let slower = RunSeed::failed().p95(687.0).error_share(0.024);
    run(slower.check("status is 200", 35_136, 864).check("cart has items", 11_988, 12), 2)
}

//! Adds up the cost of a stack's runs by load test, and draws bars.
//!
//! ```sh
//! cargo run --example cost_report
//! ```

mod support;

use std::collections::BTreeMap;

use k6_cloud::prelude::*;

const BAR: f64 = 40.0;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let support::Connected { client, fake: _fake } = support::connect(2_500).await?;

    let mut costs: BTreeMap<i64, Vuh> = BTreeMap::new();
    let mut runs = client.list_test_runs().stream().concurrency(8);
    while let Some(run) = runs.try_next().await? {
        if let Some(cost) = run.cost {
            *costs.entry(run.test_id).or_default() += cost.total_vuh;
        }
    }
    let largest = costs.values().max().map_or(1.0, |most| most.as_f64().max(1.0));
    for (test, cost) in &costs {
        let bar = "#".repeat((cost.as_f64() / largest * BAR).round() as usize);
        println!("load test {test:>5} {:>10.1} VUH  {bar}", cost.as_f64());
    }
    let total: Vuh = costs.values().sum();
    println!("total {total:>22.1} VUH");
    Ok(())
}

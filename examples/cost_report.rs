//! Adds up the cost of a stack's runs by load test, and draws a chart.
//!
//! ```sh
//! cargo run --example cost_report                   # prints bars; with a fake
//! cargo run --example cost_report -- costs.svg      # draws them
//! ```

mod support;

use std::collections::BTreeMap;

use k6_cloud::prelude::*;
use plotters::prelude::*;

/// Returns the cost of all runs, by the ids of their load tests.
async fn costs(client: &Client) -> Result<BTreeMap<LoadTestId, Vuh>, Error> {
    let mut costs: BTreeMap<LoadTestId, Vuh> = BTreeMap::new();
    // Eight pages are requested at a time.
    let mut runs = client.list_test_runs().stream().concurrency(8);
    while let Some(run) = runs.try_next().await? {
        if let Some(cost) = run.cost {
            *costs.entry(run.test_id).or_default() += cost.total_vuh;
        }
    }
    Ok(costs)
}

/// Draws a bar for each load test as SVG.
fn draw(file: &str, costs: &BTreeMap<LoadTestId, Vuh>) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(file, (960, 540)).into_drawing_area();
    area.fill(&WHITE)?;
    let most = costs.values().max().map_or(1.0, |most| most.as_f64().max(1.0));
    let count = costs.len().max(1) as f64;
    let mut chart = ChartBuilder::on(&area)
        .caption("VUH by load test", ("sans-serif", 22))
        .margin(20)
        .x_label_area_size(30)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..count, 0.0..most * 1.1)?;
    chart.configure_mesh().disable_x_mesh().disable_x_axis().draw()?;
    for (position, (load_test, vuh)) in costs.iter().enumerate() {
        let left = position as f64;
        let bar = [(left + 0.1, 0.0), (left + 0.9, vuh.as_f64())];
        let name = Text::new(load_test.to_string(), (left + 0.1, -most * 0.02), ("sans-serif", 16));
        chart.draw_series([Rectangle::new(bar, BLUE.mix(0.6).filled())])?;
        chart.plotting_area().draw(&name)?;
    }
    area.present()?;
    Ok(())
}

/// Prints the same bars.
fn print(costs: &BTreeMap<LoadTestId, Vuh>) {
    const WIDTH: f64 = 40.0;
    let most = costs.values().max().map_or(1.0, |most| most.as_f64().max(1.0));
    for (load_test, vuh) in costs {
        let bar = "#".repeat((vuh.as_f64() / most * WIDTH).round() as usize);
        println!("load test {load_test:>5} {:>10.1} VUH  {bar}", vuh.as_f64());
    }
    println!("total {:>22.1} VUH", costs.values().sum::<Vuh>());
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let support::Connected { client, fake: _fake } = support::connect(2_500).await?;
    let costs = costs(&client).await?;
    print(&costs);
    if let Some(file) = std::env::args().nth(1) {
        draw(&file, &costs)?;
        println!("{file}");
    }
    Ok(())
}

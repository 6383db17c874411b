//! Draws the p95 of durations and the requests per second of a run over time, as SVG.
//!
//! ```sh
//! cargo run --example run_plot -- run.svg          # a run of a fake
//! K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=... cargo run --example run_plot -- run.svg RUN_ID
//! ```

use std::error::Error;
use std::time::Duration;

use k6_cloud::metrics::{HTTP_REQ_DURATION, HTTP_REQS, Series};
use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeCloud, RunSeed};
use plotters::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "run.svg".to_owned());
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, run, _fake) =
        if std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|token| !token.is_empty()) {
            let id = arguments.next().ok_or("usage: run_plot FILE RUN_ID")?;
            (Client::from_env()?, id.parse()?, None)
        } else {
            let fake = FakeCloud::start().await?;
            eprintln!("{} is not set: this is a run of a fake API.", k6_cloud::TOKEN_VARIABLE);
            let run = fake.add_run(RunSeed::passed().running_for(Duration::from_secs(600)));
            (fake.client().build()?, run, Some(fake))
        };

    let step = Duration::from_secs(5);
    let p95 = client.query_range(run, HTTP_REQ_DURATION.quantile(0.95)).step(step).send().await?;
    let rate = client.query_range(run, HTTP_REQS.rate()).step(step).send().await?;

    let area = SVGBackend::new(&file, (960, 540)).into_drawing_area();
    area.fill(&WHITE)?;
    let (upper, lower) = area.split_vertically(270);
    draw(&upper, "p95 of http_req_duration, ms", &p95, &RED)?;
    draw(&lower, "requests per second", &rate, &BLUE)?;
    area.present()?;
    println!("{file}");
    Ok(())
}

/// Draws the first series over the seconds since its first value.
fn draw(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    title: &str,
    series: &[Series],
    color: &RGBColor,
) -> Result<(), Box<dyn Error>> {
    let points = series.first().map_or(&[][..], |series| &series.points);
    let start = points.first().map(|point| *point.time).unwrap_or_default();
    let points: Vec<(f64, f64)> = points
        .iter()
        .filter(|point| point.value.is_finite())
        .map(|point| ((*point.time - start).num_milliseconds() as f64 / 1000.0, point.value))
        .collect();
    let end = points.last().map_or(1.0, |(seconds, _)| seconds.max(1.0));
    let top = points.iter().map(|(_, value)| *value).fold(0.001, f64::max) * 1.1;
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..end, 0.0..top)?;
    chart.configure_mesh().x_desc("seconds").draw()?;
    chart.draw_series(LineSeries::new(points, color))?;
    Ok(())
}

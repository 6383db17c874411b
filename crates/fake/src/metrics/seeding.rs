//! What tests set of a run's metrics, and the runs that the metrics are of.

use super::{MetricsRun, MetricsSeed, Runs};
use k6_cloud::RunResult;

use crate::run::Run;
use crate::run::seed::RunSeed;
use crate::store::Store;

impl RunSeed {
    /// Sets the 0.95 quantile of the duration of all HTTP requests, in milliseconds. By default it is
    /// below the bound of the run's threshold if the run passes, and above it if the run fails.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use k6_cloud::metrics::HTTP_REQ_DURATION;
    /// use k6_cloud_fake::{FakeCloud, RunSeed};
    ///
    /// let fake = FakeCloud::start().await?;
    /// let run = fake.add_run(RunSeed::failed().p95(812.0).error_share(0.02));
    /// let client = fake.client().build()?;
    /// let p95 = client.query_aggregate(run, HTTP_REQ_DURATION.quantile(0.95)).send().await?;
    /// assert!((p95[0].value - 812.0).abs() < 1e-6);
    /// # Ok(()) }
    /// ```
    pub fn p95(mut self, milliseconds: f64) -> Self {
        self.metrics_mut().p95 = Some(milliseconds);
        self
    }

    /// Sets the share of HTTP requests that fail, from 0 to 1. By default it is below 0.5 % if the run
    /// passes, and some per cent if the run fails.
    pub fn error_share(mut self, share: f64) -> Self {
        self.metrics_mut().error_share = Some(share);
        self
    }

    /// Adds a check, by how often it passes and fails in the whole run. By default there are two, one
    /// of which fails when a request fails.
    pub fn check(mut self, name: &str, passed: u64, failed: u64) -> Self {
        self.metrics_mut().checks.push((name.to_owned(), passed, failed));
        self
    }

    /// Sets the CPU load of the busier of the two load generators, in per cent. By default it is
    /// between 35 and 55.
    pub fn generator_cpu(mut self, percent: f64) -> Self {
        self.metrics_mut().generator_cpu = Some(percent);
        self
    }

    fn metrics_mut(&mut self) -> &mut MetricsSeed {
        &mut self.details.metrics
    }
}

impl MetricsRun {
    fn of(run: &Run) -> Self {
        let fails = run.progress.planned_result == RunResult::Failed;
        Self { json: run.json(), fails, seed: run.details.metrics.clone() }
    }
}

impl Runs for Store {
    fn run(&self, id: i64) -> Option<MetricsRun> {
        self.get(id).map(MetricsRun::of)
    }

    fn last_runs(&self, load_test: i64, count: usize) -> Option<Vec<MetricsRun>> {
        let ids = self.newest_of(load_test, count)?;
        Some(ids.into_iter().filter_map(|id| self.run(id)).collect())
    }
}

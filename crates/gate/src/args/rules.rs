//! The rules of the gate.

use std::time::Duration;

use clap::Args;
use k6_cloud::TestRunId;

use crate::units::{
    RegressionLimit, WrittenLimit, parse_duration_limit, parse_regression, parse_share_limit,
};

/// The rules of the gate, beside the thresholds of the script.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleOptions {
    /// Fails if the p95 of the duration of HTTP requests is longer, such as 500ms.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_limit)]
    #[arg(allow_hyphen_values = true)]
    pub max_p95: Option<WrittenLimit<Duration>>,
    /// Fails if a larger share of HTTP requests failed, such as 1%.
    #[arg(long, value_name = "PERCENT", value_parser = parse_share_limit)]
    #[arg(allow_hyphen_values = true)]
    pub max_error_share: Option<WrittenLimit<f64>>,
    /// Fails if a number is worse than in the baseline by more than this, such as p95:10%, or
    /// errors:5%+0.1pp, which permits 0.1 percentage points more (p95:10%+20ms, rps:10%+2/s). Metrics: avg,
    /// med, p90, p95, p99, max, errors, rps, checks. May be repeated.
    #[arg(long, value_name = "METRIC:PERCENT", value_parser = parse_regression)]
    #[arg(value_delimiter = ',', allow_hyphen_values = true)]
    pub max_regression: Vec<WrittenLimit<RegressionLimit>>,
    /// The run to compare with. The default is the last run before it that passed.
    #[arg(long, value_name = "RUN")]
    pub baseline: Option<TestRunId>,
    /// Lets no rule hold for a run with fewer HTTP requests: it is not judged then.
    #[arg(long, value_name = "N")]
    pub min_requests: Option<u64>,
    /// Compares the run for --max-regression even if its load differs from that of the baseline: in VUs,
    /// duration or load zones by more than 10 %, or in the script.
    #[arg(long, requires = "max_regression")]
    pub compare_unlike_loads: bool,
}

impl RuleOptions {
    /// Returns whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.max_p95.is_none() && self.max_error_share.is_none() && self.max_regression.is_empty()
    }
}

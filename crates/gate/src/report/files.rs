//! Where reports are written.

use std::path::PathBuf;

/// The options of a command that writes reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportFiles {
    /// Writes the report in Markdown. In GitHub Actions, the job's summary gets it too.
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Writes the report in JUnit's XML format.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Writes the report as JSON; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Writes the report as a page with charts.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Writes variables for later jobs of GitLab CI.
    #[arg(long, value_name = "FILE")]
    pub dotenv: Option<PathBuf>,
}

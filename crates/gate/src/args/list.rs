//! The arguments of `list`.

use clap::{Args, Subcommand};
use k6_cloud::{LoadTestId, ProjectId};

/// What to list.
#[derive(Clone, Debug, Subcommand)]
pub enum ListCommand {
    /// Lists projects by name.
    Projects(ListOptions),
    /// Lists load tests by name.
    Tests {
        /// Lists only those of this project.
        #[arg(long, value_name = "ID")]
        project_id: Option<ProjectId>,
        /// How to list.
        #[command(flatten)]
        options: ListOptions,
    },
    /// Lists runs, the newest first.
    Runs {
        /// Lists only those of this load test.
        #[arg(long, value_name = "ID")]
        load_test: Option<LoadTestId>,
        /// How to list.
        #[command(flatten)]
        options: ListOptions,
    },
}

/// How to list.
#[derive(Clone, Debug, Args)]
pub struct ListOptions {
    /// How many rows to list at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Prints JSON.
    #[arg(long)]
    pub json: bool,
}

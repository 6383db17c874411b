//! Runs a load test in Grafana Cloud k6 from a pipeline, and passes or fails with it.
//!
//! This is the library behind the program `k6-gate`.

pub mod args;
mod cancel;
mod commands;
mod connect;
mod delivery;
mod draft;
mod exit;
mod follow;
pub mod manual;
mod numbers;
mod output;
mod progress;
pub mod report;
mod rules;
mod state;
mod table;
pub mod units;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::cancel::Interrupts;
use crate::exit::Exit;

/// Runs the program with the arguments of the process, and returns its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_error = error.use_stderr();
            // Nobody reads the message if it cannot be written.
            let _ = error.print();
            return if is_error {
                ExitCode::from(Exit::Settings.code(false))
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let code = runtime.and_then(|runtime| {
        runtime.block_on(async {
            // From now on, signals do not end the process.
            let interrupts = Interrupts::listen()?;
            Ok(commands::execute(&cli.general, cli.command, &interrupts).await)
        })
    });
    match code {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::note(&format!("error: the program could not be set up: {error}"));
            ExitCode::from(Exit::ApiError.code(false))
        }
    }
}

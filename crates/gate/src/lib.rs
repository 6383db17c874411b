#![doc = include_str!("../README.md")]

pub mod args;
mod cancel;
mod commands;
mod connect;
mod delivery;
mod draft;
mod exit;
mod follow;
mod loads;
mod log_text;
mod logs;
pub mod manual;
mod numbers;
mod output;
mod progress;
pub mod report;
mod rules;
mod state;
mod table;
pub mod units;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::cancel::Interrupts;
use crate::exit::Exit;

/// Runs the program with the arguments of the process, and returns its exit code.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::end(&error, &arguments)),
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

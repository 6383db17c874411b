//! The tasks of maintainers: `cargo xtask update-spec` maintains `openapi/`, `cargo xtask mutate` tries
//! whether tests see mistakes, and `cargo xtask check-live` compares the service with what we know of it.

mod attempt;
mod check_live;
mod client;
#[cfg(test)]
mod corpus;
mod diff;
mod fetch;
mod ids;
pub mod manifest;
mod mutate;
mod removals;
mod report;
mod surface;
mod update_spec;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use openapi_lowering::problem::{Problem, Problems};

use check_live::CheckLive;
use mutate::Mutate;
use update_spec::{Outcome, UpdateSpec};

/// The tasks of maintainers of the k6-cloud crate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    UpdateSpec(UpdateSpec),
    Mutate(Mutate),
    CheckLive(CheckLive),
}

/// The generator recurses along the description; a deep one must not overflow the stack.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// The most problems that are printed.
const MOST_PROBLEMS: usize = 500;

/// Runs the command of the program's arguments.
pub fn run() -> ExitCode {
    let task = match Cli::parse().command {
        Task::UpdateSpec(task) => task,
        Task::Mutate(task) => return ended(task.run()),
        Task::CheckLive(task) => return ended(task.run()),
    };
    // Colours go where the stream shows them and NO_COLOR or CLICOLOR_FORCE allow it.
    let run = move || task.run(&mut anstream::stdout(), &mut std::io::stderr());
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    let panicked = || Problem::new("xtask", "it panicked", "report it with the description").into();
    let result: Result<Outcome, Problems> = match thread {
        Ok(thread) => thread.join().unwrap_or_else(|_| Err(panicked())),
        Err(error) => Err(Problem::new("xtask", error.to_string(), "free some memory").into()),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Stale) => ExitCode::from(4),
        Err(problems) => {
            let count = problems.iter().count();
            for problem in problems.iter().take(MOST_PROBLEMS) {
                eprintln!("error: {problem}");
            }
            if count > MOST_PROBLEMS {
                let left = count - MOST_PROBLEMS;
                eprintln!("error: there are {left} more problems: fix these first");
            }
            ExitCode::FAILURE
        }
    }
}

/// Returns the exit code of a program that a task started.
fn ended(code: Result<ExitCode, Problem>) -> ExitCode {
    code.unwrap_or_else(|problem| {
        eprintln!("error: {problem}");
        ExitCode::FAILURE
    })
}

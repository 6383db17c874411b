//! `openapi-lower`: lowers OpenAPI 3.1 and 3.2 descriptions to 3.0.3.

mod arguments;
mod bundle;
mod output;
mod report;
mod run;
mod yaml;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

/// Something is wrong with the input, or a file cannot be read or written.
const FAILED: u8 = 1;
/// As clap exits.
const WRONG_ARGUMENTS: u8 = 2;
/// With `--check`, the output file is not what would be written.
const STALE: u8 = 4;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(problem) = run::check(&arguments) {
        eprintln!("error: {problem}");
        return ExitCode::from(WRONG_ARGUMENTS);
    }
    match run::run(&arguments) {
        Ok(run::Done::Fresh) => ExitCode::SUCCESS,
        Ok(run::Done::Stale) => ExitCode::from(STALE),
        Err(problems) => {
            for problem in problems.iter() {
                eprintln!("error: {problem}");
            }
            let count = problems.iter().count();
            if count > 1 {
                eprintln!("{count} problems; nothing was written");
            }
            ExitCode::from(FAILED)
        }
    }
}

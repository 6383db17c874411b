//! `cargo xtask mutate AREA --seed N`: makes random mistakes in an area, and tells which of them no test
//! sees.
//!
//! All mistakes are compiled into one copy of the workspace, each behind a switch. The tests of the area
//! are built once, and run once for each mistake. A mistake that does not compile is left out.

mod area;
mod build;
mod sites;
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::area::Area;
use crate::sites::Site;

/// Makes random mistakes in an area, and tells which of them no test sees.
#[derive(Parser)]
#[command(name = "cargo xtask mutate", bin_name = "cargo xtask mutate")]
struct Arguments {
    /// The area: pages, retry, wait, run, start, ensure, errors, gate, diff or faithful.
    area: Area,
    /// The seed that chooses the mistakes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many mistakes are made.
    #[arg(long, default_value_t = 50)]
    count: usize,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(4),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many mistakes no test has seen.
fn run(arguments: &Arguments) -> Result<usize, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().map_err(|error| error.to_string())?;
    let scratch = root.join("target/mutate/workspace");
    build::copy(&root, &scratch)?;

    let mut found = sites::of_area(&scratch, arguments.area)?;
    let all = found.len();
    fastrand::Rng::with_seed(arguments.seed).shuffle(&mut found);
    // More than are wanted: some do not compile.
    found.truncate(arguments.count * 3 / 2);
    let mut chosen = build::compiling(&scratch, arguments.area, found)?;
    chosen.truncate(arguments.count);
    println!(
        "{}: {} of {all} possible mistakes, seed {}",
        arguments.area,
        chosen.len(),
        arguments.seed
    );

    let programs = tests::Programs::build(&scratch, arguments.area)?;
    let mut missed = 0;
    for site in &chosen {
        match programs.see(site.number)? {
            Some(by) => println!("seen    {site}   [{by}]"),
            None => {
                missed += 1;
                println!("MISSED  {site}");
            }
        }
    }
    let seen = chosen.len() - missed;
    println!(
        "{}: {seen} of {} seen, {:.0} %",
        arguments.area,
        chosen.len(),
        share(seen, chosen.len())
    );
    Ok(missed)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}

impl std::fmt::Display for Site {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, file, line, what, .. } = self;
        write!(formatter, "{number:3} {}:{line}: {what}", file.display())
    }
}

/// The file that tells the tests' programs which mistake is on.
fn switch(scratch: &Path) -> PathBuf {
    scratch.join("target/mutation")
}

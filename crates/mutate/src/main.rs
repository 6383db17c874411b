//! `cargo xtask mutate AREA.. --seed N`: makes random mistakes in areas, and tells which of them no test
//! sees.
//!
//! All mistakes that the areas can have are compiled into one copy of the workspace, each behind a switch.
//! Each test runs once without a mistake, to find out which code it reaches. Then, for each mistake that a
//! seed chooses, the tests that reach it run until one fails. A mistake that does not compile is left out.

mod area;
mod build;
mod explained;
mod sites;
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::area::Area;
use crate::explained::Explained;
use crate::sites::Site;
use crate::tests::{Outcome, Programs};

/// Makes random mistakes in areas, and tells which of them no test sees.
#[derive(Parser)]
#[command(name = "cargo xtask mutate", bin_name = "cargo xtask mutate")]
struct Arguments {
    /// Areas of one crate: pages, retry, wait, run, start, ensure and errors; or gate; or diff; or faithful.
    #[arg(required = true)]
    areas: Vec<Area>,
    /// The seeds that choose the mistakes.
    #[arg(long, default_value = "1", value_delimiter = ',')]
    seed: Vec<u64>,
    /// How many mistakes are made in each area.
    #[arg(long, default_value_t = 50)]
    count: usize,
    /// Only compiles, for a run later.
    #[arg(long)]
    no_run: bool,
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
    let first = arguments.areas[0];
    if let Some(other) = arguments.areas.iter().find(|area| area.package() != first.package()) {
        return Err(format!("{first} and {other} are not in one crate: try one after the other"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().map_err(|error| error.to_string())?;
    let scratch = root.join("target/mutate").join(first.package());
    let explained = Explained::read(&root.join("crates/mutate/explained.txt"))?;

    // All areas of a crate are compiled, so that another choice compiles nothing.
    let sites = sites::of_areas(&root, &first.of_one_crate())?;
    let sites = build::compiling(&root, &scratch, sites)?;
    let mut programs = Programs::build(&scratch, first)?;
    if arguments.no_run {
        return Ok(0);
    }
    programs.record()?;

    let mut table = Vec::new();
    let mut known: BTreeMap<u32, Outcome> = BTreeMap::new();
    let mut missed_in_all = 0;
    for &area in &arguments.areas {
        for &seed in &arguments.seed {
            let mut chosen: Vec<_> = sites.iter().filter(|site| site.area == area).collect();
            let all = chosen.len();
            fastrand::Rng::with_seed(seed).shuffle(&mut chosen);
            chosen.truncate(arguments.count);
            let mut counts = Counts::default();
            println!("\n{area}, seed {seed}: {} of {all} possible mistakes", chosen.len());
            for site in &chosen {
                let outcome = match known.get(&site.number) {
                    Some(outcome) => outcome.clone(),
                    None => programs.see(site.number)?,
                };
                println!("{}", counts.add(site, &outcome, &explained));
                known.insert(site.number, outcome);
            }
            missed_in_all += counts.missed;
            table.push((area, seed, counts));
        }
    }
    println!("\narea      seed  made  seen  explained  missed  caught");
    for (area, seed, counts) in table {
        println!("{:9} {seed:4}  {counts}", area.to_string());
    }
    Ok(missed_in_all)
}

#[derive(Default)]
struct Counts {
    seen: usize,
    explained: usize,
    missed: usize,
}

impl Counts {
    /// Counts a mistake, and returns the line that tells it.
    fn add(&mut self, site: &Site, outcome: &Outcome, explained: &Explained) -> String {
        match (outcome, explained.reason(site)) {
            (Outcome::Seen(by), _) => {
                self.seen += 1;
                format!("seen    {site}   [{by}]")
            }
            (Outcome::Missed(_), Some(reason)) => {
                self.explained += 1;
                format!("same    {site}   [{reason}]")
            }
            (Outcome::Missed(0), None) => {
                self.missed += 1;
                format!("MISSED  {site}   [no test reaches it]")
            }
            (Outcome::Missed(tests), None) => {
                self.missed += 1;
                format!("MISSED  {site}   [{tests} tests reach it]")
            }
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seen, explained, missed } = self;
        let made = seen + explained + missed;
        // What no test can see counts neither as caught nor as missed.
        let counted = (seen + missed).max(1);
        let share = 100.0 * *seen as f64 / counted as f64;
        write!(formatter, "{made:4}  {seen:4}  {explained:9}  {missed:6}  {share:4.0} %")
    }
}

impl std::fmt::Display for Site {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, file, line, what, .. } = self;
        write!(formatter, "{number:4} {}:{line}: {what}", file.display())
    }
}

/// The file that tells the tests' programs which mistake is on.
fn switch(scratch: &Path) -> PathBuf {
    scratch.join("target/mutation")
}

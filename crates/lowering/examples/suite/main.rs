//! Measures the lowering, and other converters, against the JSON-Schema-Test-Suite.
//!
//! ```sh
//! suite SUITE SCHEMA [--failures FILE] [--write FOLDER] [--converted NAME=FOLDER]...
//! ```
//!
//! `SUITE` is the folder of the suite, and `SCHEMA` the file of the official schema of OpenAPI 3.0.
//! `.ci/suite` fetches both and runs this program.

mod cases;
mod convert;
mod judge;
mod tally;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cases::{Case, Direction};
use convert::Converter;
use judge::Official;
use tally::{Fault, Tally, file_name, run};

/// The most inputs of each fault that are listed.
const MOST_LISTED: usize = 15;

struct Arguments {
    suite: PathBuf,
    schema: PathBuf,
    failures: Option<PathBuf>,
    write: Option<PathBuf>,
    converted: Vec<Converter>,
}

fn main() -> ExitCode {
    match run_all() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether the goals hold.
fn run_all() -> Result<bool, Box<dyn Error>> {
    let arguments = arguments(std::env::args().skip(1))?;
    let cases = cases::read(&arguments.suite)?;
    if let Some(folder) = &arguments.write {
        write(folder, &cases)?;
        return Ok(true);
    }
    let official = Official::new(serde_json::from_slice(&fs::read(&arguments.schema)?)?)?;
    let instances: usize = cases.iter().map(|case| case.instances.len()).sum();
    println!("{} schemas, {instances} instances\n", cases.len());
    // Panics are counted; their messages are listed with the failures.
    std::panic::set_hook(Box::new(|_| {}));
    let mut converters = Converter::ours();
    converters.extend(arguments.converted);
    let mut failures = String::new();
    let mut missed = Vec::new();
    println!("{}", HEAD.join("\n"));
    for converter in &converters {
        let tallies = Direction::BOTH
            .map(|direction| (direction, run(converter, &cases, direction, &official)));
        for line in lines(converter.name(), &tallies) {
            println!("{line}");
        }
        for (direction, tally) in &tallies {
            let name = format!("{}, {}", converter.name(), direction.name());
            let _ = writeln!(failures, "## {name}\n{}", tally.smallest(MOST_LISTED));
            if converter.is_ours() {
                let goals = goals(tally, converter.is_faithful());
                missed.extend(goals.map(|goal| format!("{name}: {goal}")));
            }
        }
    }
    if let Some(file) = &arguments.failures {
        fs::write(file, failures)?;
    }
    println!();
    for goal in &missed {
        println!("not reached: {goal}");
    }
    Ok(missed.is_empty())
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut places = Vec::new();
    let (mut failures, mut write, mut converted) = (None, None, Vec::new());
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--failures" => failures = Some(value()?.into()),
            "--write" => write = Some(value()?.into()),
            "--converted" => {
                let value = value()?;
                let (name, folder) = value.split_once('=').ok_or("write NAME=FOLDER")?;
                converted.push(Converter::Folder { name: name.into(), folder: folder.into() });
            }
            option if option.starts_with('-') => {
                return Err(format!("there is no option {option}"));
            }
            _ => places.push(PathBuf::from(argument)),
        }
    }
    let [suite, schema] = <[PathBuf; 2]>::try_from(places)
        .map_err(|_| "name the folder of the suite and the file of the schema")?;
    Ok(Arguments { suite, schema, failures, write, converted })
}

/// Writes the descriptions, for another converter to read.
fn write(folder: &Path, cases: &[Case]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (index, case) in cases.iter().enumerate() {
        for direction in Direction::BOTH {
            let file = folder.join(format!("{}.json", file_name(index, direction)));
            fs::write(file, case.document(direction).to_string())?;
        }
    }
    Ok(())
}

const HEAD: [&str; 2] = [
    "| converter | lowered | rejected | output is valid 3.0 | same | valid → rejected | by progenitor | accepts more (without a note) | cannot be evaluated |",
    "|---|---|---|---|---|---|---|---|---|",
];

/// One line, or one for each direction if they differ.
fn lines(name: &str, tallies: &[(Direction, Tally); 2]) -> Vec<String> {
    let [read, sent] = tallies.each_ref().map(|(_, tally)| line(tally));
    if read == sent {
        return vec![format!("| {name} {read}")];
    }
    vec![format!("| {name}, responses {read}"), format!("| {name}, requests {sent}")]
}

fn line(tally: &Tally) -> String {
    let rejected: Vec<_> =
        tally.rejected_for.iter().map(|(keyword, count)| format!("`{keyword}` {count}")).collect();
    let rejected = if rejected.is_empty() || rejected.len() > 8 {
        (tally.schemas - tally.lowered).to_string()
    } else {
        rejected.join(", ")
    };
    let whole = match tally.count(Fault::WholeNumber) {
        0 => String::new(),
        count => format!(" + {count} (`1.0`)"),
    };
    format!(
        "| {} | {rejected} | {} | {} | {}{whole} | {} | {} ({}) | {} |",
        tally.lowered,
        tally.lowered - tally.count(Fault::InvalidOutput),
        tally.exact,
        tally.count(Fault::NowRejected),
        tally.count(Fault::NowRejectedByGenerator),
        tally.accepts_more,
        tally.count(Fault::Silent),
        tally.count(Fault::CannotRun),
    )
}

/// Returns the goals that a run did not reach.
fn goals(tally: &Tally, is_faithful: bool) -> impl Iterator<Item = String> {
    let valid = if is_faithful { Fault::NowRejected } else { Fault::NowRejectedByGenerator };
    let goals = [
        (Fault::Panic, "nothing panics"),
        (Fault::Rejected, "only references to other documents are rejected"),
        (Fault::InvalidOutput, "every output is valid"),
        (Fault::CannotRun, "every output can be evaluated"),
        (valid, "valid instances stay valid"),
        (Fault::Silent, "a note says which instances become valid"),
        (Fault::SilentWholeNumber, "a note says that 1.0 is not an integer"),
        (Fault::NotIdempotent, "lowering again changes nothing"),
        (Fault::NoteOutOfSource, "notes point into the source"),
        (Fault::NoteOutOfResult, "notes point into the result"),
    ];
    let found = goals.map(|(fault, goal)| (tally.count(fault), goal));
    let missed = found.into_iter().filter(|(count, _)| *count > 0);
    missed.map(|(count, goal)| format!("{goal}: not so {count} times"))
}

//! Time and memory of `update-spec` on each row of the table of hostile inputs.
//!
//! `cargo bench -p xtask --bench descriptions --profile dev` measures the build that maintainers
//! run. An argument chooses the rows whose group or name has it in it; `-v` shows what is said.

#[path = "../tests/hostile/table/mod.rs"]
mod table;

use std::time::Duration;

use table::Workspace;

/// What each row may take.
const MOST_TIME: Duration = Duration::from_secs(2);
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// How many of the slowest and of the greatest are shown.
const SHOWN: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let verbose = arguments.iter().any(|argument| argument == "-v");
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let seed = Workspace::seeded();
    let mut figures = Vec::new();
    for (group, rows) in table::groups() {
        for row in rows {
            let name = format!("{group}: {}", row.name);
            if wanted.is_some_and(|wanted| !name.contains(wanted.as_str())) {
                continue;
            }
            let workspace = Workspace::like(&seed);
            let from = workspace.give(&row.input);
            let run = workspace.run(&from);
            if verbose {
                let last: String =
                    run.err.lines().last().unwrap_or_default().chars().take(600).collect();
                println!(
                    "{name}\t{:?}\t{} ms\t{} MiB\t{last}",
                    run.code,
                    run.took.as_millis(),
                    mib(run.peak)
                );
            }
            figures.push((name, run.took, run.peak));
        }
    }
    figures.sort_by_key(|(_, took, _)| std::cmp::Reverse(*took));
    println!("{} rows; the slowest:", figures.len());
    show(&figures);
    let over =
        |(_, took, peak): &&(String, Duration, u64)| *took > MOST_TIME || *peak > MOST_MEMORY;
    let over = figures.iter().filter(over).count();
    figures.sort_by_key(|(_, _, peak)| std::cmp::Reverse(*peak));
    println!("the greatest:");
    show(&figures);
    println!("{over} take more than {MOST_TIME:?} or {} MiB", mib(MOST_MEMORY));
    if over > 0 {
        std::process::exit(1);
    }
}

fn show(figures: &[(String, Duration, u64)]) {
    for (name, took, peak) in figures.iter().take(SHOWN) {
        println!("{:>6} ms {:>5} MiB  {name}", took.as_millis(), mib(*peak));
    }
}

fn mib(bytes: u64) -> u64 {
    bytes / 1024 / 1024
}

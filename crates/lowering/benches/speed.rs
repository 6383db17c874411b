//! How long a description of 1 MB takes, in each profile.
//!
//! `cargo bench -p openapi-lowering --bench speed` fails if one takes too long.

mod description;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use description::{PROFILES, description, lowered};

const MOST_TIME: Duration = Duration::from_millis(500);
/// The best of several runs is compared with the limit: others may use the machine too.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let text = description();
    let mut failed = false;
    for profile in PROFILES {
        let runs = (0..RUNS).map(|_| {
            let start = Instant::now();
            let lowered = lowered(&text, profile);
            (start.elapsed(), lowered.notes.len())
        });
        let Some((time, notes)) = runs.min() else { continue };
        println!("{} bytes, {profile:?}: {time:.0?}, {notes} notes", text.len());
        failed |= time > MOST_TIME;
    }
    if failed {
        println!("more than {MOST_TIME:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

//! The peak of the heap for a description of 1 MB, in each profile.
//!
//! `cargo bench -p openapi-lowering --bench heap` fails if one takes too much.

mod description;

use std::process::ExitCode;

use description::{PROFILES, description, lowered};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const MOST_MIB: f32 = 64.0;

fn main() -> ExitCode {
    let text = description();
    let mut failed = false;
    for profile in PROFILES {
        HEAP.reset_peak_usage();
        let before = HEAP.current_usage_as_mb();
        let notes = lowered(&text, profile).notes.len();
        let mib = HEAP.peak_usage_as_mb() - before;
        println!("{} bytes, {profile:?}: {mib:.0} MiB, {notes} notes", text.len());
        failed |= mib > MOST_MIB;
    }
    if failed {
        println!("more than {MOST_MIB} MiB");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

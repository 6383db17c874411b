//! Whatever a description holds: it is refused, or lowered to a document that lowers to itself.
#![no_main]

#[path = "../../xtask/src/lower/mod.rs"]
mod lower;
#[path = "../../xtask/src/parse.rs"]
mod parse;
#[path = "../../xtask/src/preflight/mod.rs"]
mod preflight;
#[path = "../../xtask/src/problem.rs"]
mod problem;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(document) = parse::parse(data, "fuzz.yaml") else { return };
    let Ok(lowered) = lower::lower(&document) else { return };
    let again = lower::lower(&lowered.document);
    assert!(
        again.as_ref().is_ok_and(|again| again.document == lowered.document),
        "lowering again: {:?}",
        again.map(|again| again.document)
    );
    let _ = preflight::check(&lowered.document);
});

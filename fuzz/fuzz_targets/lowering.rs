//! Every description is rejected, or lowered to a document that lowers to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_lowering::{lower, parse, preflight};

fuzz_target!(|data: &[u8]| {
    let Ok(document) = parse::parse(data, "fuzz.yaml") else { return };
    let options = lower::Options::new(lower::Profile::Tolerant);
    let Ok(lowered) = lower::lower(&document, &options) else { return };
    let again = lower::lower(&lowered.document, &options);
    assert!(
        again.as_ref().is_ok_and(|again| again.document == lowered.document),
        "lowering again: {:?}",
        again.map(|again| again.document)
    );
    let _ = preflight::check(&lowered, &options);
});

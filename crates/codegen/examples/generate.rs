//! Generates the client from a lowered description: `generate LOWERED CLIENT`.
//!
//! `.ci/hermetic` runs it in two workspaces and compares what they write.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [lowered, client] = arguments.as_slice() else {
        eprintln!("usage: generate LOWERED CLIENT");
        return ExitCode::from(2);
    };
    let generated = std::fs::read_to_string(lowered)
        .map_err(|error| format!("cannot read {}: {error}", lowered.display()))
        .and_then(|text| k6_cloud_codegen::generate(&text))
        .and_then(|code| {
            std::fs::write(client, code)
                .map_err(|error| format!("cannot write {}: {error}", client.display()))
        });
    match generated {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

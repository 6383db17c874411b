//! `generate LOWERED CLIENT` generates the client from a lowered description, and `generate --same A B`
//! exits with 1 unless two clients have the same syntax.
//!
//! `.ci/hermetic` runs it with several versions of the dependencies.

use std::path::Path;
use std::process::ExitCode;

use quote::ToTokens as _;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let done = match arguments.as_slice() {
        [mode, a, b] if mode == "--same" => same(a.as_ref(), b.as_ref()),
        [lowered, client] => generate(lowered.as_ref(), client.as_ref()),
        _ => {
            eprintln!("usage: generate LOWERED CLIENT, or generate --same CLIENT CLIENT");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(lowered: &Path, client: &Path) -> Result<(), String> {
    let code = k6_cloud_codegen::generate(&read(lowered)?)
        .map_err(|error| format!("{}: {error}", lowered.display()))?;
    std::fs::write(client, code)
        .map_err(|error| format!("cannot write {}: {error}", client.display()))
}

/// Compares tokens: another version of the printer may break lines elsewhere.
fn same(a: &Path, b: &Path) -> Result<(), String> {
    let tokens = |path: &Path| -> Result<Vec<String>, String> {
        let file = syn::parse_file(&read(path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(file.items.iter().map(|item| item.to_token_stream().to_string()).collect())
    };
    let (a, b) = (tokens(a)?, tokens(b)?);
    match a.iter().zip(&b).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("the clients differ:\n{}\n{}", beginning(a), beginning(b))),
        None if a.len() != b.len() => Err("one client has more items than the other".to_owned()),
        None => Ok(()),
    }
}

fn beginning(item: &str) -> String {
    item.chars().take(200).collect()
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}

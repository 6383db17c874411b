//! The action for GitHub: its script passes inputs on as they are, and its outputs exist.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory as _;
use k6_gate::args::Cli;
use k6_gate::report::ci;

use crate::samples::{self, HOSTILE};

fn action() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../action.yml");
    std::fs::read_to_string(path).expect("the action")
}

/// Returns the variables with inputs, as pairs of the variable and the input.
fn variables(action: &str) -> Vec<(&str, &str)> {
    let lines = action.lines().filter_map(|line| {
        let (variable, input) = line.trim().split_once(": ${{ inputs.")?;
        Some((variable, input.strip_suffix(" }}")?))
    });
    lines.collect()
}

/// Returns the keys directly below a section.
fn keys<'a>(action: &'a str, section: &str) -> BTreeSet<&'a str> {
    let rest = action.split_once(&format!("\n{section}:\n")).expect("the section").1;
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with(' '));
    let lines = lines.filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    lines.filter(|key| !key.starts_with(' ')).collect()
}

#[test]
fn every_input_is_an_option_and_every_output_is_written() {
    let action = action();
    let variables = variables(&action);
    let inputs: BTreeSet<_> = variables.iter().map(|pair| pair.1).collect();
    assert_eq!(inputs, keys(&action, "inputs"), "every input is used");
    let cli = Cli::command();
    let run = cli.find_subcommand("run").expect("run");
    let options: BTreeSet<_> = run.get_arguments().filter_map(|option| option.get_long()).collect();
    for (variable, input) in variables {
        let Some(name) = variable.strip_prefix("OPTION_") else { continue };
        let option = name.to_ascii_lowercase().replace('_', "-");
        assert_eq!(option, input);
        assert!(options.contains(&*option), "--{option}");
    }
    let text = ci::github_outputs(&samples::passed());
    let outputs: BTreeSet<_> =
        text.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert_eq!(outputs, keys(&action, "outputs"));
}

/// Runs the last script of the action with a program that prints its arguments.
#[cfg(unix)]
fn arguments(environment: &[(&str, &str)]) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let gate = folder.path().join("gate");
    std::fs::write(&gate, "#!/bin/sh\nprintf '%s\\0' \"$@\" \"token=$K6_CLOUD_TOKEN\"\n")
        .expect("written");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&gate, mode).expect("a program");
    let action = action();
    let script = action.rsplit_once("run: |\n").expect("a script").1;
    assert!(!script.contains("${{"), "no input becomes a part of the script");
    let script = format!("set -eo pipefail\n{script}");
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-c", &script]).env_remove("K6_CLOUD_TOKEN");
    let empty = variables(&action);
    command.envs(empty.iter().map(|pair| (pair.0, "")));
    let output = command.envs(environment.iter().copied()).env("GATE", &gate).output();
    let output = output.expect("bash runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn script_passes_each_input_as_one_argument() {
    assert_eq!(arguments(&[]), ["run", "token="]);
    let found = arguments(&[
        ("OPTION_LOAD_TEST", "101"),
        ("OPTION_MAX_ERROR_SHARE", "1%"),
        ("INPUT_TOKEN", "secret"),
        ("INPUT_ARGUMENTS", "--k6-exit-codes\n\n--key=a b\n"),
        ("INPUT_SCRIPT", "-odd name.js"),
    ]);
    assert_eq!(
        found,
        [
            "run",
            "--load-test=101",
            "--max-error-share=1%",
            "--k6-exit-codes",
            "--key=a b",
            "--",
            "-odd name.js",
            "token=secret",
        ]
    );
    // Other variables of the workflow are not options. With the first one, nothing would be tested.
    let leaked = [("OPTION_FAKE", "passed"), ("OPTION_K6_EXIT_CODES", "x"), ("OPTION_KEY", "x")];
    assert_eq!(arguments(&leaked), ["run", "token="]);
    // Variables cannot have this character.
    for text in HOSTILE.iter().filter(|text| !text.is_empty() && !text.contains('\0')) {
        let found = arguments(&[("OPTION_NAME", text)]);
        assert_eq!(found, ["run".to_owned(), format!("--name={text}"), "token=".to_owned()]);
    }
    let found = arguments(&[("OPTION_NAME", "$(touch x) `id` ; exit 3 \" '")]);
    assert_eq!(found[1], "--name=$(touch x) `id` ; exit 3 \" '");
}

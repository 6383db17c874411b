//! What the compiler says to a program that mixes up ids.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Wrong calls, with the type that is given and the type that is needed.
const WRONG: [(&str, &str, &str); 8] = [
    ("client.get_test_run(run.test_id)", "LoadTestId", "TestRunId"),
    ("client.abort_test_run(run.project_id)", "ProjectId", "TestRunId"),
    ("client.delete_load_test(run.id)", "TestRunId", "LoadTestId"),
    ("client.start_load_test(run.id)", "TestRunId", "LoadTestId"),
    ("client.wait_for_test_run(run.test_id)", "LoadTestId", "TestRunId"),
    ("client.get_project(&run.test_id)", "LoadTestId", "ProjectId"),
    ("client.list_project_limits().project_id_in([run.id])", "TestRunId", "ProjectId"),
    (
        "client.validate_options(run.options.clone()).project_id(run.test_id)",
        "LoadTestId",
        "ProjectId",
    ),
];

/// Compiles a program, and returns the errors by their lines.
fn errors(program: &str) -> BTreeMap<u64, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let scratch = tempfile::tempdir().expect("a folder");
    let write = |file: &str, text: &str| {
        let path = scratch.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).expect("Cargo.lock");
    write("Cargo.lock", &lock);
    let path = toml_string(root);
    write(
        "Cargo.toml",
        &format!(
            "[workspace]\n[package]\nname = \"wrong\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [dependencies]\nk6-cloud = {{ path = {path}, default-features = false }}\n"
        ),
    );
    write("src/main.rs", program);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["check", "--quiet", "--offline", "--message-format", "json"]);
    command.current_dir(scratch.path()).env("CARGO_TARGET_DIR", root.join("target/try"));
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let output = command.output().expect("cargo runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut found: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for message in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let message = &message["message"];
        let spans = message["spans"].as_array().into_iter().flatten();
        let mut own =
            spans.filter(|span| span["file_name"] == "src/main.rs" && span["is_primary"] == true);
        if message["level"] == "error"
            && let Some(line) = own.next().and_then(|span| span["line_start"].as_u64())
        {
            let rendered = message["rendered"].as_str().unwrap_or_default().to_owned();
            found.entry(line).or_default().push(rendered);
        }
    }
    assert!(!found.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    found
}

fn toml_string(path: &Path) -> String {
    serde_json::to_string(&path.display().to_string()).expect("a string")
}

#[test]
fn wrong_id_is_an_error_that_names_both_types() {
    let mut program = String::from(
        "#![allow(unused)]\nuse k6_cloud::prelude::*;\n\
         fn wrong(client: Client, run: types::TestRun) {\n",
    );
    for (call, ..) in WRONG {
        program.push_str(&format!("    let _ = {call};\n"));
    }
    program.push_str("}\nfn main() {}\n");
    let errors = errors(&program);
    let lines: Vec<u64> = errors.keys().copied().collect();
    let expected: Vec<u64> = (4..).take(WRONG.len()).collect();
    assert_eq!(lines, expected, "{errors:#?}");
    for ((call, given, needed), found) in WRONG.iter().zip(errors.values()) {
        let text = found.concat();
        assert!(text.contains(given) && text.contains(needed), "{call}:\n{text}");
    }
}

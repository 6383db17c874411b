//! The exit codes of the program, and what it prints where.

use std::path::Path;
use std::process::{Command, Output};

fn run(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("update-spec")
        .arg("--root")
        .arg(root)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .envs(environment.iter().copied())
        .output()
        .expect("xtask runs")
}

fn update_spec(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(root, arguments, &[]);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A workspace with the vendored description, which is still to be taken through the stages.
fn workspace() -> tempfile::TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir_all(root.join("openapi")).expect("creates");
    std::fs::create_dir_all(root.join("src")).expect("creates");
    std::fs::create_dir_all(root.join("tests/golden")).expect("creates");
    std::fs::create_dir_all(root.join("crates/fake/openapi")).expect("creates");
    for file in ["published.yaml", "overlay.yaml"] {
        let file = Path::new("openapi").join(file);
        std::fs::copy(source.join(&file), root.join(&file)).expect("copies");
    }
    folder
}

#[test]
fn exit_codes_tell_fresh_stale_and_failed_apart() {
    let folder = workspace();
    let root = folder.path();
    let vendored = root.join("openapi/published.yaml").display().to_string();

    assert_eq!(update_spec(root, &["--check"]).0, Some(4), "nothing is written yet");
    assert_eq!(update_spec(root, &["--from", &vendored]).0, Some(0));
    assert_eq!(update_spec(root, &["--check"]).0, Some(0));

    let (code, message) = update_spec(root, &["--from", "missing.yaml"]);
    assert_eq!(code, Some(1));
    assert!(message.starts_with("error: missing.yaml: "), "{message}");

    std::fs::write(root.join("bomb.yaml"), format!("a: {}", "[".repeat(50_000))).expect("writes");
    let bomb = root.join("bomb.yaml").display().to_string();
    let (code, message) = update_spec(root, &["--from", &bomb]);
    assert_eq!(code, Some(1), "{message}");
}

#[test]
fn exit_codes_tell_of_changes_that_weigh_too_much() {
    let folder = workspace();
    let root = folder.path();
    let vendored = root.join("openapi/published.yaml");
    let text = std::fs::read_to_string(&vendored).expect("reads");
    let vendored = vendored.display().to_string();
    assert_eq!(update_spec(root, &["--from", &vendored]).0, Some(0));

    let given = root.join("given.yaml");
    let from = given.display().to_string();
    let newer = text.replace("version: 1.12.0", "version: 1.13.0");
    std::fs::write(&given, newer.replace("is_starred", "has_star")).expect("writes");
    let check = ["--from", &from, "--check"];
    assert_eq!(update_spec(root, &check).0, Some(4), "it is not adopted");
    let (code, message) = update_spec(root, &["--from", &from, "--fail-on", "breaking"]);
    assert_eq!(code, Some(1), "{message}");
    let last = message.lines().last().expect("a line");
    assert!(last.starts_with("error: --fail-on breaking: "), "{message}");
    assert_eq!(update_spec(root, &["--check"]).0, Some(0), "nothing was written");

    std::fs::write(&given, newer.replace("url: https://api", "url: https://other"))
        .expect("writes");
    let report = root.join("report.json").display().to_string();
    let (code, message) = update_spec(root, &["--from", &from, "--report-json", &report]);
    assert_eq!(code, Some(1), "{message}");
    assert!(message.contains("--accept security"), "{message}");
    let report = std::fs::read_to_string(report).expect("the report is there all the same");
    assert!(report.contains("\"needs_acceptance\": true"), "{report}");
    assert_eq!(update_spec(root, &["--from", &from, "--accept", "security"]).0, Some(0));

    for wrong in [["--accept", "all"], ["--fail-on", "text"]] {
        assert_eq!(update_spec(root, &wrong).0, Some(2), "the command line is wrong");
    }
}

#[test]
fn colours_are_for_terminals_and_on_demand() {
    let folder = workspace();
    let root = folder.path();
    let vendored = root.join("openapi/published.yaml").display().to_string();
    let text = std::fs::read_to_string(&vendored).expect("reads");
    let given = root.join("given.yaml").display().to_string();
    std::fs::write(&given, text.replace("is_starred", "has_star")).expect("writes");
    let check = ["--from", &given, "--check"];
    let shown = |environment: &[(&str, &str)]| {
        String::from_utf8(run(root, &check, environment).stdout).expect("UTF-8")
    };
    assert!(shown(&[]).contains("breaking  "), "no terminal, no colours: {}", shown(&[]));
    assert!(!shown(&[]).contains('\u{1b}'));
    assert!(shown(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!shown(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

//! The exit codes of the program.

use std::path::Path;
use std::process::Command;

fn update_spec(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("update-spec")
        .arg("--root")
        .arg(root)
        .args(arguments)
        .output()
        .expect("xtask runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn exit_codes_tell_fresh_stale_and_failed_apart() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir_all(root.join("openapi")).expect("creates");
    std::fs::create_dir_all(root.join("tests/golden")).expect("creates");
    for file in ["published.yaml", "overlay.yaml"] {
        let file = Path::new("openapi").join(file);
        std::fs::copy(source.join(&file), root.join(&file)).expect("copies");
    }
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

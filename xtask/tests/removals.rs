//! What the program says about operations that are to be removed, and what it rejects.

use std::path::Path;
use std::process::Command;

const DESCRIPTION: &str = "\
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /save: {post: {operationId: save, deprecated: true, responses: {'204': {description: Done}}}}
  /star: {post: {operationId: star, responses: {'204': {description: Done}}}}
";

/// A workspace whose overlay says this of `save`.
fn workspace(extensions: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for sub in ["openapi", "src", "tests/golden", "crates/fake/openapi"] {
        std::fs::create_dir_all(folder.path().join(sub)).expect("creates");
    }
    let overlay = format!(
        "overlay: 1.1.0\ninfo: {{title: t, version: 1.0.0}}\nactions:\n  - \
         {{target: \"$.paths['/save'].post\", description: why, update: {{{extensions}}}}}\n"
    );
    std::fs::write(folder.path().join("openapi/overlay.yaml"), overlay).expect("writes");
    std::fs::write(folder.path().join("given.yaml"), DESCRIPTION).expect("writes");
    folder
}

fn update_spec(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("update-spec").arg("--root").arg(root).args(arguments);
    let output = command.output().expect("xtask runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn due_removal_is_reported_and_makes_nothing_stale() {
    let folder = workspace("x-replacement: star, x-removal-date: 2020-02-29");
    let given = folder.path().join("given.yaml").display().to_string();
    let (code, errors) = update_spec(folder.path(), &["--from", &given]);
    assert_eq!(code, Some(0), "{errors}");

    let (code, errors) = update_spec(folder.path(), &["--check"]);
    assert_eq!(code, Some(0), "{errors}");
    let due = "openapi/removals.toml: save was to be removed on 2020-02-29, which has passed";
    assert!(errors.contains(due), "{errors}");

    let entry = "[[removal]]\noperation = \"save\"\nannounced = 2020-02-29\n\
                 acknowledged = 2020-03-01\nreason = \"It is still there.\"\n";
    std::fs::write(folder.path().join("openapi/removals.toml"), entry).expect("writes");
    let (code, errors) = update_spec(folder.path(), &["--check"]);
    assert_eq!((code, errors.contains("removal")), (Some(0), false), "{errors}");
}

#[test]
fn missing_replacement_is_an_error_before_anything_is_written() {
    let folder = workspace("x-replacement: stra");
    let given = folder.path().join("given.yaml").display().to_string();
    let (code, errors) = update_spec(folder.path(), &["--from", &given]);
    assert_eq!(code, Some(1), "{errors}");
    let error = "error: /paths/~1save/post/x-replacement: \"stra\" is not another operation: name \
                 one by its operationId, as the overlay sets it\n";
    assert!(errors.ends_with(error), "{errors}");
    assert!(!folder.path().join("openapi/lowered.json").exists());
}

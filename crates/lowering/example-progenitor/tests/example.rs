//! Runs the example.

use std::process::Command;

#[test]
fn client_reads_a_nullable_union() {
    let run = Command::new(env!("CARGO_BIN_EXE_openapi-lowering-example"))
        .env("NO_PROXY", "*")
        .output()
        .expect("the example runs");
    let output = String::from_utf8_lossy(&run.stdout);
    let expected = "Middlemarch, borrowed by Dorothea\nKubla Khan, borrowed by nobody\n";
    assert_eq!(output, expected, "{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success());
}

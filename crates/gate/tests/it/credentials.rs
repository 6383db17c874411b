//! A missing token never passes.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ended, Gate, bare};

const RUN: &[&str] = &["run", "--load-test", "101", "--json", "report.json"];

/// Variables with values that give no token.
const SETTINGS_WITHOUT_A_TOKEN: [(&str, Option<(&str, &str)>); 8] = [
    ("unset", None),
    ("empty", Some(("K6_CLOUD_TOKEN", ""))),
    ("blank", Some(("K6_CLOUD_TOKEN", "  "))),
    ("line break", Some(("K6_CLOUD_TOKEN", "\n"))),
    ("file without a token", Some(("K6_CONFIG", "no-token.json"))),
    ("file with an empty token", Some(("K6_CONFIG", "empty-token.json"))),
    ("file that does not exist", Some(("K6_CONFIG", "no-such-file.json"))),
    ("file that is not JSON", Some(("K6_CONFIG", "broken.json"))),
];

#[test]
fn run_without_a_token_fails_and_names_the_variable() {
    for (name, variable) in SETTINGS_WITHOUT_A_TOKEN {
        let folder = TempDir::new().expect("a folder");
        for (file, text) in [
            ("no-token.json", r#"{"collectors": {"cloud": {"stackID": 4242}}}"#),
            ("empty-token.json", r#"{"collectors": {"cloud": {"token": "", "stackID": 4242}}}"#),
            ("broken.json", "{"),
        ] {
            std::fs::write(folder.path().join(file), text).expect("written");
        }
        let mut command = bare(&folder);
        // Nothing must be sent, so that nothing listens there.
        command.env("K6_CLOUD_HOST_V6", "http://127.0.0.1:9").env("K6_CLOUD_STACK_ID", "4242");
        command.envs(variable);
        let ended: Ended = command.args(RUN).output().expect("it runs").into();
        assert_eq!(ended.code, 104, "{name}: {ended:?}");
        let text = std::fs::read(folder.path().join("report.json")).expect("a report");
        let report: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(report["verdict"], "not_started", "{name}");
        let reason = report["reason"].as_str().expect("a reason");
        let expected =
            if name == "file that does not exist" { "K6_CONFIG" } else { "K6_CLOUD_TOKEN" };
        assert!(reason.contains(expected), "{name}: {reason}");
        assert!(!reason.contains("ClientBuilder"), "{name}: {reason}");
    }
}

#[test]
fn missing_stack_fails_too() {
    let folder = TempDir::new().expect("a folder");
    let mut command = bare(&folder);
    command.env("K6_CLOUD_TOKEN", "0f9c36d2e1").args(RUN);
    let ended: Ended = command.output().expect("it runs").into();
    assert_eq!(ended.code, 104, "{ended:?}");
    let shown = format!("{}{}", ended.stdout, ended.stderr);
    assert!(shown.contains("K6_CLOUD_STACK_ID"), "{shown}");
    assert!(!shown.contains("0f9c36d2e1"), "{shown}");
}

#[test]
fn every_command_needs_a_token() {
    for line in [
        "run --load-test 101",
        "run --resume run.json",
        "report 7",
        "watch 7",
        "abort 7",
        "compare 7 8",
        "list projects",
        "list tests",
        "list runs --json",
    ] {
        let folder = TempDir::new().expect("a folder");
        let reference = r#"{"version":1,"stack_id":1,"load_test_id":1,"run_id":1,"page_url":""}"#;
        std::fs::write(folder.path().join("run.json"), reference).expect("written");
        for (flag, expected) in [(None, 104), (Some("--k6-exit-codes"), 255)] {
            let mut command = bare(&folder);
            command.args(line.split(' ')).args(flag);
            let ended: Ended = command.output().expect("it runs").into();
            assert_eq!(ended.code, expected, "{line}: {ended:?}");
            let shown = format!("{}{}", ended.stdout, ended.stderr);
            assert!(shown.contains("no API token: set K6_CLOUD_TOKEN"), "{line}: {shown}");
        }
    }
}

#[test]
fn fake_needs_the_flag_and_ignores_the_environment() {
    let gate = Gate::new();
    // A run of the fake takes some seconds.
    std::thread::scope(|scope| {
        for (result, code) in [("passed", 0), ("failed", 99), ("aborted", 97), ("errored", 97)] {
            let gate = &gate;
            scope.spawn(move || {
                let file = format!("{result}.json");
                let ended = gate.run(&format!("run --fake={result} --load-test 7 --json {file}"));
                assert_eq!(ended.code, code, "{ended:?}");
                let report = gate.json(&file);
                let notice = report["notices"][0].as_str().expect("a notice");
                assert!(notice.contains("fake: nothing was tested"), "{notice}");
            });
        }
    });
    assert_eq!(gate.fake.request_count(), 0, "the real settings are not used");
}

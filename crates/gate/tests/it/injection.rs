//! Text from elsewhere in what the program prints.

use k6_cloud_fake::{CannedResponse, Fault, LoadTestSeed, RunSeed};
use serde_json::json;

use crate::support::{Ended, Gate};

const NAME: &str = "N\n::error::pwned\r\n##[error]x\u{1b}[31m\u{202e}##vso[a]%0A::warning::y";

/// Fails if anything acts. GitHub reads a command at the beginning of a line, or `##[` anywhere.
fn is_clean(text: &str, what: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{what}: {line:?}");
        assert!(!line.contains("##"), "{what}: {line:?}");
        assert!(!line.chars().any(visible_text::is_hidden), "{what}: {line:?}");
        assert!(!line.contains("%0A"), "{what}: {line:?}");
    }
}

fn ended_is_clean(ended: &Ended, what: &str) {
    is_clean(&ended.stderr, what);
    is_clean(&ended.stdout, what);
}

#[test]
fn names_cannot_act_in_a_log() {
    let gate = Gate::new();
    gate.fake.add_load_test(LoadTestSeed::new(NAME).id(150));
    gate.fake.add_run(RunSeed::passed().test_id(150));
    for line in [
        "run --load-test 150 --poll-interval 100ms",
        "list tests",
        "list tests --json",
        "list runs",
        "list runs --json",
        "run --load-test 150 --detach run.json",
    ] {
        let ended = gate.run(line);
        assert_eq!(ended.code, 0, "{line}: {ended:?}");
        ended_is_clean(&ended, line);
        assert!(ended.stdout.contains("pwned") || ended.stderr.contains("pwned"), "{line}");
    }
    // The data is the same for programs.
    let tests = gate.run("list tests --json").stdout;
    let tests: serde_json::Value = serde_json::from_str(&tests).expect("JSON");
    assert!(tests.as_array().expect("rows").iter().any(|test| test["name"] == NAME));
}

#[test]
fn arguments_cannot_act_in_a_log() {
    let gate = Gate::new();
    gate.write("checkout.js", "export default function () {}");
    for arguments in [
        &["run", "--name", NAME, "--project", NAME, "checkout.js"][..],
        &["run", "--name", "X", NAME],
        &["run", "--resume", NAME],
        &["run", "--load-test", NAME],
        &["run", "--load-test", "101", "--junit", "checkout.js/\n::error::pwned"],
        &[NAME],
        &["fake", NAME],
    ] {
        let output = gate.command("").args(arguments).args(["--poll-interval", "100ms"]).output();
        let ended = Ended::from(output.expect("it runs"));
        ended_is_clean(&ended, &format!("{arguments:?}"));
        assert!(ended.stderr.contains("pwned") || ended.stdout.contains("pwned"), "{ended:?}");
    }
}

#[test]
fn messages_of_the_api_cannot_act_in_a_log() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::passed());
    let body = json!({ "error": { "code": NAME, "message": NAME } });
    for operation in ["list_projects", "get_test_run", "start_load_test"] {
        let response = CannedResponse::json(403, &body);
        gate.fake.respond(response.on(operation));
    }
    for line in [
        "list projects".to_owned(),
        format!("abort {run}"),
        format!("report {run}"),
        format!("compare {run} {run}"),
        "run --load-test 101".to_owned(),
    ] {
        let ended = gate.run(&line);
        assert_ne!(ended.code, 0, "{line}: {ended:?}");
        ended_is_clean(&ended, &line);
    }
    let fault = Fault::edit_json(|run| {
        run["status_details"] = json!({"type": NAME, "entered": "2026-01-01T00:00:00Z"})
    });
    gate.fake.clear_faults();
    gate.fake.inject(fault.on("get_test_run"));
    ended_is_clean(&gate.run("run --load-test 101 --poll-interval 100ms --timeout 1s"), "status");
}

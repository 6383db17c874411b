//! The logs of a run, beside its progress and in reports.

use std::process::Command;
use std::time::Duration;

use k6_cloud_fake::{Fault, RunSeed};

use crate::support::{Ended, Gate};

const RUN: &str = "run --load-test 101 --poll-interval 100ms --json report.json";

/// Runs the program with the logs of the fake.
fn run(gate: &Gate, line: &str) -> Ended {
    command(gate, line).output().expect("it runs").into()
}

fn command(gate: &Gate, line: &str) -> Command {
    let mut command = gate.command(line);
    command.env("K6_CLOUD_LOGS_TAIL_URL", gate.fake.logs_url());
    command
}

/// A run with an error of its script, and with lines of all kinds.
fn errored() -> RunSeed {
    let seed = RunSeed::errored()
        .log(Duration::from_secs(1), "debug", "a detail")
        .log(Duration::from_secs(2), "info", "hello")
        .log(Duration::from_secs(3), "warning", "slow");
    let exception = "TypeError: x\n\tat setup (file:///checkout.js:3:7(2))\n";
    let seed = (0..40).fold(seed, |seed, n| {
        seed.log(Duration::from_secs(4) + Duration::from_millis(n), "error", exception)
    });
    let seed = seed.log(Duration::from_secs(5), "error", "another");
    seed.log(Duration::from_secs(6), "error", "another")
}

#[test]
fn report_of_a_failed_run_has_the_errors_of_its_script() {
    let gate = Gate::new();
    gate.write("checkout.js", "export default function () {}");
    gate.fake.next_start(errored());
    let ended = run(
        &gate,
        "run --create --name Checkout checkout.js --poll-interval 100ms --json report.json --junit k6.xml --summary k6.md",
    );
    assert_eq!(ended.code, 97, "{ended:?}");
    let report = gate.json("report.json");
    let errors = report["script_errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert_eq!(errors[0]["count"], 40);
    assert_eq!(errors[0]["level"], "error");
    assert_ne!(errors[0]["first"], errors[0]["last"]);
    assert_eq!(errors[0]["load_zones"][0], "amazon:de:frankfurt");
    let place = &errors[0]["location"];
    assert_eq!((place["file"].as_str(), place["line"].as_u64()), (Some("checkout.js"), Some(3)));
    assert_eq!(
        (errors[1]["text"].as_str(), errors[1]["count"].as_u64()),
        (Some("another"), Some(2))
    );
    // The exception is the first table everywhere.
    let markdown = gate.text("k6.md");
    let first = markdown.split("\n#### ").nth(1).expect("a section");
    assert!(first.starts_with("Errors in the logs") && first.contains("TypeError"), "{markdown}");
    assert!(gate.text("k6.xml").contains("<system-err>"));
    assert!(ended.stdout.contains("TypeError"), "{}", ended.stdout);
    // Without --show-logs there are no lines beside the progress.
    assert!(!ended.stderr.contains("TypeError"), "{}", ended.stderr);
}

#[test]
fn lines_are_shown_beside_the_progress() {
    for (option, shown, hidden) in [
        (
            "--show-logs",
            &["another", "TypeError: x at setup"][..],
            &["slow", "hello", "a detail"][..],
        ),
        ("--show-logs=error", &["another"], &["slow"]),
        ("--show-logs=warning", &["another", "slow"], &["hello"]),
        ("--show-logs=info", &["another", "slow", "hello"], &["a detail"]),
        ("--show-logs=debug", &["another", "slow", "hello", "a detail"], &[]),
        ("--show-logs=info --quiet", &[], &["another", "hello"]),
    ] {
        let gate = Gate::new();
        gate.fake.next_start(errored());
        let ended = run(&gate, &format!("{RUN} {option}"));
        assert_eq!(ended.code, 97, "{option}: {ended:?}");
        for text in shown {
            assert!(ended.stderr.contains(text), "{option}: {text} in {}", ended.stderr);
        }
        for text in hidden {
            assert!(!ended.stderr.contains(text), "{option}: {text} in {}", ended.stderr);
        }
        let report = gate.json("report.json");
        assert_eq!(report["script_errors"][0]["count"], 40, "{option}");
        assert_eq!(report["script_errors"].as_array().map(Vec::len), Some(2), "{option}");
    }
    // A run that passed is no report of errors.
    let gate = Gate::new();
    let line = RunSeed::passed().log(Duration::from_secs(1), "error", "only a line");
    gate.fake.next_start(line);
    let ended = run(&gate, &format!("{RUN} --show-logs"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("only a line"), "{}", ended.stderr);
    assert_eq!(gate.json("report.json")["script_errors"].as_array().map(Vec::len), Some(0));
}

#[test]
fn logs_are_not_read_if_nobody_wants_them() {
    let gate = Gate::new();
    gate.fake.next_start(errored());
    let ended = run(&gate, &format!("{RUN} --show-logs=none"));
    assert_eq!(ended.code, 97, "{ended:?}");
    assert_eq!(gate.count("tail_logs"), 0);
    assert_eq!(gate.json("report.json")["script_errors"].as_array().map(Vec::len), Some(0));
}

#[test]
fn report_of_a_run_that_has_ended_reads_its_errors() {
    let gate = Gate::new();
    let failed = gate.fake.add_run(errored());
    let passed = gate.fake.add_run(RunSeed::passed().log(Duration::ZERO, "error", "x"));
    let ended = run(&gate, &format!("report {failed} --json report.json"));
    assert_eq!(ended.code, 97, "{ended:?}");
    assert_eq!(gate.json("report.json")["script_errors"][0]["count"], 40);
    let ended = run(&gate, &format!("report {passed} --json report.json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.json("report.json")["script_errors"].as_array().map(Vec::len), Some(0));
}

#[test]
fn logs_never_change_the_verdict() {
    for fault in [
        Fault::status(401),
        Fault::status(403),
        Fault::status(500),
        Fault::html(200),
        Fault::close(),
        Fault::logs_break_after(0),
    ] {
        let gate = Gate::new();
        let name = format!("{fault:?}");
        gate.fake.inject(fault.on("tail_logs"));
        gate.fake.next_start(RunSeed::passed());
        let ended = run(&gate, &format!("{RUN} --show-logs"));
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
        assert_eq!(gate.json("report.json")["verdict"], "passed");
        gate.fake.next_start(errored());
        let ended = run(&gate, RUN);
        assert_eq!(ended.code, 97, "{name}: {ended:?}");
    }
    let gate = Gate::new();
    gate.fake.inject(Fault::status(403).on("tail_logs"));
    gate.fake.next_start(errored());
    let ended = run(&gate, &format!("{RUN} --show-logs"));
    assert!(ended.stderr.contains("the logs could not be read"), "{}", ended.stderr);
    let notices = gate.json("report.json")["notices"].to_string();
    assert!(notices.contains("the logs could not be read"), "{notices}");
}

#[test]
fn logs_without_an_address_are_not_missed() {
    let gate = Gate::new();
    gate.fake.next_start(errored());
    let ended = gate.run(RUN);
    assert_eq!(ended.code, 97, "{ended:?}");
    assert!(!gate.json("report.json")["notices"].to_string().contains("logs"));
    gate.fake.next_start(errored());
    let ended = gate.run(&format!("{RUN} --show-logs"));
    assert!(ended.stderr.contains("K6_CLOUD_LOGS_TAIL_URL"), "{}", ended.stderr);
}

#[test]
fn lines_cannot_act_in_a_log() {
    let gate = Gate::new();
    let text = "a\n::error::pwned\r\n##[error]x\u{1b}[31m\u{202e}##vso[a]%0A::warning::y";
    gate.fake.next_start(RunSeed::errored().log(Duration::from_secs(1), "error", text));
    let mut command = command(&gate, &format!("{RUN} --show-logs=debug"));
    let ended: Ended = command.env("GITHUB_ACTIONS", "true").output().expect("it runs").into();
    assert!(ended.stderr.contains("pwned") && ended.stdout.contains("pwned"), "{ended:?}");
    for line in ended.stderr.lines().chain(ended.stdout.lines()) {
        let own = line.starts_with("::error title=") || line.starts_with("::notice title=");
        let own = own || line.starts_with("::warning title=");
        assert!(own || !line.trim_start().starts_with("::"), "{line:?}");
        assert!(!line.contains("##") && !line.contains("::error::pwned"), "{line:?}");
        assert!(!line.chars().any(visible_text::is_hidden), "{line:?}");
    }
}

//! The exit codes, in both forms.

use k6_cloud_fake::{Fault, RunSeed};
use serde_json::{Value, json};

use crate::support::Gate;

const RUN: &str = "run --load-test 101 --poll-interval 100ms --json report.json";

struct Case {
    name: &'static str,
    seed: RunSeed,
    /// Makes the API fail.
    fault: Option<fn() -> Fault>,
    /// More arguments.
    arguments: &'static str,
    code: i32,
    /// With `--k6-exit-codes`.
    k6_code: i32,
    verdict: &'static str,
}

impl Case {
    fn new(
        name: &'static str,
        seed: RunSeed,
        code: i32,
        k6_code: i32,
        verdict: &'static str,
    ) -> Self {
        Self { name, seed, fault: None, arguments: "", code, k6_code, verdict }
    }

    fn with(self, arguments: &'static str) -> Self {
        Self { arguments, ..self }
    }

    fn fault(self, fault: fn() -> Fault) -> Self {
        Self { fault: Some(fault), ..self }
    }
}

fn cases() -> Vec<Case> {
    let passed = RunSeed::passed;
    let aborted = || RunSeed::aborted().property("result", Value::Null);
    let slow = || RunSeed::passed().p95(900.0).error_share(0.2);
    let limits = "--max-p95 500ms --max-error-share 1%";
    vec![
        Case::new("passed", passed(), 0, 0, "passed"),
        Case::new("threshold breached", RunSeed::failed(), 99, 99, "thresholds_failed"),
        Case::new("errors", RunSeed::errored(), 97, 97, "errored"),
        Case::new("invalid options", RunSeed::invalid(), 97, 97, "errored"),
        Case::new("aborted without a result", aborted(), 97, 0, "aborted"),
        Case::new(
            "unknown result",
            passed().property("result", json!("inconclusive")),
            98,
            0,
            "unknown",
        ),
        Case::new("rules held", passed().p95(300.0).error_share(0.001), 0, 0, "passed")
            .with(limits),
        Case::new("p95 above its limit", slow(), 99, 99, "rules_failed").with("--max-p95 500ms"),
        Case::new("errors above their limit", slow(), 99, 99, "rules_failed")
            .with("--max-error-share 1%"),
        Case::new("aborted, and a rule breached", aborted().p95(900.0), 97, 99, "aborted")
            .with("--max-p95 500ms"),
        Case::new("rule that cannot be judged", passed(), 98, 98, "unknown")
            .with("--max-p95 500ms")
            .fault(|| Fault::status(403).on("query_aggregate")),
        Case::new("first run without a baseline", passed(), 0, 0, "passed")
            .with("--max-regression p95:10%"),
        Case::new("baseline that does not exist", passed(), 2, 255, "not_started")
            .with("--baseline 7"),
        Case::new("start rejected", passed(), 2, 255, "not_started")
            .fault(|| Fault::status(403).on("start_load_test")),
        Case::new("token rejected", passed(), 2, 255, "not_started")
            .fault(|| Fault::status(401).on("get_load_test")),
        Case::new("service out of order", passed(), 1, 255, "not_started")
            .fault(|| Fault::status(500).on("get_load_test")),
        Case::new("404 of a proxy", passed(), 1, 255, "not_started")
            .fault(|| Fault::html(404).on("get_load_test")),
        Case::new("too many requests", passed(), 1, 255, "not_started")
            .fault(|| Fault::rate_limited(Some("0")).on("get_load_test")),
        Case::new("start whose response is not readable", passed(), 98, 98, "unknown")
            .fault(|| Fault::html(200).on("start_load_test")),
        Case::new("run that cannot be followed", passed(), 98, 98, "unknown")
            .fault(|| Fault::status(403).on("get_test_run")),
        Case::new("run that goes on for too long", RunSeed::running(), 105, 105, "cut_off")
            .with("--timeout 500ms --on-cancel leave"),
        Case::new("too long, and aborted", RunSeed::running(), 105, 105, "aborted")
            .with("--timeout 500ms"),
        Case::new("detached", RunSeed::running(), 0, 0, "running").with("--detach run.json"),
        Case::new("file that cannot be written", passed(), 104, 104, "not_started")
            .with("--detach options.json/run.json"),
        Case::new("key that is too long", passed(), 104, 104, "not_started")
            .with("--key 0123456789012345678901234567890123456789"),
        Case::new("costs above their limit", passed(), 99, 99, "not_started")
            .with("--max-vuh 0 --options options.json"),
    ]
}

#[test]
fn exit_code_follows_from_what_happened() {
    for case in cases() {
        for (flag, expected) in [("", case.code), ("--k6-exit-codes", case.k6_code)] {
            let gate = Gate::new();
            gate.write("options.json", r#"{"vus": 50, "duration": "10m"}"#);
            gate.fake.next_start(case.seed.clone());
            if let Some(fault) = case.fault {
                gate.fake.inject(fault());
            }
            let ended = gate.run(&format!("{RUN} {} {flag}", case.arguments));
            assert_eq!(ended.code, expected, "{} {flag}: {ended:?}", case.name);
            let report = gate.json("report.json");
            assert_eq!(report["verdict"], case.verdict, "{}: {report:#}", case.name);
            assert_eq!(report["exit_code"], expected, "{}", case.name);
        }
    }
}

#[test]
fn load_test_that_does_not_exist_is_rejected() {
    let gate = Gate::new();
    let ended = gate.run("run --load-test 7 --json report.json");
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(gate.json("report.json")["reason"], "there is no load test 7 in this stack");
    assert_eq!(gate.count("start_load_test"), 0);
}

#[test]
fn wrong_arguments_are_settings() {
    let gate = Gate::new();
    for (line, part) in [
        ("run", "nothing to run: add --load-test ID"),
        ("run --load-test 101 --max-p95 500", "it has no unit"),
        ("run --load-test 101 --key=", "0 characters"),
        ("run --name Login no-such-file.js", "the script no-such-file.js cannot be read"),
        ("run --resume no-such-file.json", "no-such-file.json cannot be read"),
        ("run --resume report.json", "report.json is not a file that `k6-gate run --detach` wrote"),
        ("run --name Login empty.js --max-vuh 5", "the script empty.js is empty"),
        ("run --name Login env.js --max-vuh 5", "--max-vuh needs the options of the script env.js"),
        ("run --load-test 101 --max-vuh 5 --options report.json", "k6 inspect"),
        ("frobnicate", "unrecognized subcommand"),
        ("fake --prot 1", "unknown argument \"--prot\""),
    ] {
        gate.write("report.json", "[]");
        gate.write("empty.js", "");
        gate.write("env.js", "export const options = { vus: __ENV.VUS };");
        let ended = gate.run(line);
        assert_eq!(ended.code, 104, "{line}: {ended:?}");
        let shown = format!("{}{}", ended.stdout, ended.stderr);
        assert!(
            shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(part),
            "{line}: {shown}"
        );
        assert_eq!(gate.count("start_load_test"), 0, "{line}");
    }
    for line in ["--help", "--version", "run --help", "fake --help"] {
        assert_eq!(gate.run(line).code, 0, "{line}");
    }
}

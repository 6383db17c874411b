//! Interrupts at any moment. There is always a report, and the run is aborted or left as asked.

use std::time::Duration;

use k6_cloud_fake::{FIRST_RUN_ID, Fault, RunSeed};
use serde_json::Value;

use crate::support::{Ended, Gate};

const RUN: &str = "run --load-test 101 --poll-interval 100ms --json report.json --junit junit.xml";
/// Longer than a test waits, so that a test fails if an interrupt does not cut a request off.
const STUCK: Duration = Duration::from_secs(120);

/// Starts the program, and sends a signal as soon as an operation is under way.
fn interrupted(gate: &Gate, line: &str, operation: &str, count: usize, signal: &str) -> Ended {
    let running = gate.spawn(line);
    gate.wait_for(operation, count);
    running.signal(signal);
    running.end()
}

fn report(gate: &Gate) -> Value {
    assert!(gate.text("junit.xml").contains("<testsuite"), "JUnit is written too");
    gate.json("report.json")
}

#[test]
fn before_the_start_nothing_is_started() {
    for signal in ["INT", "TERM"] {
        for operation in ["authenticate", "get_load_test", "get_project"] {
            let gate = Gate::new();
            gate.fake.inject(Fault::slow(STUCK).on(operation));
            let ended = interrupted(&gate, RUN, operation, 1, signal);
            assert_eq!(ended.code, 105, "{operation}: {ended:?}");
            let report = report(&gate);
            assert_eq!(report["verdict"], "not_started", "{operation}");
            assert_eq!(report["reason"], "interrupted before the start: no run was started");
            assert_eq!(gate.count("start_load_test"), 0, "{operation}");
        }
    }
}

#[test]
fn during_the_start_the_run_is_known_first() {
    for (action, code, verdict, status) in
        [("abort", 105, "aborted", "aborted"), ("leave", 105, "cut_off", "created")]
    {
        let gate = Gate::new();
        gate.fake.next_start(RunSeed::new(k6_cloud::RunStatus::Created));
        gate.fake.inject(Fault::slow(Duration::from_millis(700)).on("start_load_test"));
        let line = format!("{RUN} --on-cancel {action}");
        let ended = interrupted(&gate, &line, "start_load_test", 1, "INT");
        assert_eq!(ended.code, code, "{action}: {ended:?}");
        let report = report(&gate);
        assert_eq!(report["verdict"], verdict, "{report:#}");
        assert_eq!(report["run"]["id"], FIRST_RUN_ID.get(), "{report:#}");
        assert_eq!(gate.status(FIRST_RUN_ID), status);
    }
}

#[test]
fn during_the_wait_the_run_is_aborted_or_left() {
    // By default, a run that was started here is aborted.
    for (option, signal, code, verdict, status) in [
        ("", "INT", 105, "aborted", "aborted"),
        ("--on-cancel abort", "TERM", 105, "aborted", "aborted"),
        ("--on-cancel leave", "INT", 105, "cut_off", "running"),
        ("--on-cancel leave", "TERM", 105, "cut_off", "running"),
    ] {
        let gate = Gate::new();
        gate.fake.next_start(RunSeed::running());
        let ended = interrupted(&gate, &format!("{RUN} {option}"), "get_test_run", 3, signal);
        assert_eq!(ended.code, code, "{option} {signal}: {ended:?}");
        let report = report(&gate);
        assert_eq!(report["verdict"], verdict, "{report:#}");
        assert_eq!(report["run"]["id"], FIRST_RUN_ID.get());
        assert_eq!(gate.status(FIRST_RUN_ID), status, "{option} {signal}");
    }
}

#[test]
fn run_of_somebody_else_is_left_unless_asked() {
    for (option, code, status) in [("", 105, "running"), ("--on-cancel abort", 105, "aborted")] {
        let gate = Gate::new();
        let run = gate.fake.add_run(RunSeed::running());
        let line =
            format!("watch {run} --poll-interval 100ms --json report.json --junit junit.xml");
        let ended = interrupted(&gate, &format!("{line} {option}"), "get_test_run", 3, "INT");
        assert_eq!(ended.code, code, "{option}: {ended:?}");
        assert_eq!(gate.status(run), status, "{option}");
        assert_eq!(report(&gate)["run"]["id"], run.get());
    }
}

#[test]
fn during_the_report_the_verdict_stays() {
    for (rule, code, verdict) in [("", 0, "passed"), ("--max-p95 900ms", 98, "unknown")] {
        let gate = Gate::new();
        gate.fake.next_start(RunSeed::passed());
        gate.fake.inject(Fault::slow(STUCK).on("list_run_metrics"));
        let line = format!("{RUN} {rule}");
        let ended = interrupted(&gate, &line, "list_run_metrics", 1, "INT");
        assert_eq!(ended.code, code, "{rule}: {ended:?}");
        let report = report(&gate);
        assert_eq!(report["verdict"], verdict, "{report:#}");
        let notices = report["notices"].to_string();
        assert!(notices.contains("interrupted: not all numbers were read"), "{notices}");
        assert_eq!(gate.count("abort_test_run"), 0, "the run has ended");
    }
}

#[test]
fn second_interrupt_leaves_at_once() {
    // While the run is being aborted.
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    gate.fake.inject(Fault::slow(STUCK).on("abort_test_run"));
    let running = gate.spawn(RUN);
    gate.wait_for("get_test_run", 3);
    running.signal("INT");
    gate.wait_for("abort_test_run", 1);
    running.signal("INT");
    let ended = running.end();
    assert_eq!(ended.code, 105, "{ended:?}");
    let left = report(&gate);
    assert_eq!(left["verdict"], "cut_off");
    let reason = left["reason"].as_str().expect("a reason");
    let told = "interrupted twice while k6-gate was telling run 900001 to abort: it may go on";
    assert_eq!(reason, told);

    // After the abort was accepted, and before the end was seen.
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    let running = gate.spawn(RUN);
    gate.wait_for("get_test_run", 3);
    gate.fake.inject(Fault::slow(STUCK).on("get_test_run"));
    running.signal("INT");
    gate.wait_for("abort_test_run", 1);
    std::thread::sleep(Duration::from_millis(500));
    running.signal("TERM");
    let ended = running.end();
    assert_eq!(ended.code, 105, "{ended:?}");
    let left = report(&gate);
    let told = "interrupted twice: k6-gate told run 900001 to abort, and its end was not seen: it \
                may go on";
    assert_eq!(left["reason"], told);
    let all = format!("{left} {}", ended.stdout);
    assert!(!all.contains("left as it was") && !all.contains("aborted the run"), "{all}");

    // While the start is on its way.
    let gate = Gate::new();
    gate.fake.inject(Fault::slow(STUCK).on("start_load_test"));
    let running = gate.spawn(RUN);
    gate.wait_for("start_load_test", 1);
    running.signal("INT");
    // Signals of the same kind that arrive together count as one.
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    let ended = running.end();
    assert_eq!(ended.code, 105, "{ended:?}");
    assert_eq!(report(&gate)["verdict"], "cut_off");
}

#[test]
fn run_that_ends_before_it_is_aborted_keeps_its_verdict() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::failed());
    // The abort comes too late: the run is over.
    gate.fake.inject(Fault::status(409).on("abort_test_run"));
    let ended = interrupted(&gate, RUN, "get_test_run", 2, "INT");
    assert_eq!(ended.code, 99, "{ended:?}");
    assert_eq!(report(&gate)["verdict"], "thresholds_failed");
}

#[test]
fn interrupted_lists_and_fakes_end() {
    let gate = Gate::new();
    gate.fake.inject(Fault::slow(STUCK).on("list_projects"));
    let ended = interrupted(&gate, "list projects", "list_projects", 1, "INT");
    assert_eq!(ended.code, 105, "{ended:?}");
}

#[test]
fn before_a_run_of_somebody_else_is_read_it_is_aborted_only_if_asked() {
    let state = |gate: &Gate, run: k6_cloud::TestRunId| {
        let stack = gate.fake.stack_id();
        let reference = format!(
            r#"{{"version":1,"stack_id":{stack},"load_test_id":101,"run_id":{run},"page_url":""}}"#
        );
        gate.write("run.json", &reference);
    };
    for (option, code, verdict, status) in
        [("", 105, "cut_off", "running"), ("--on-cancel abort", 105, "aborted", "aborted")]
    {
        for command in ["watch 900001", "run --resume run.json"] {
            let gate = Gate::new();
            let run = gate.fake.add_run(RunSeed::running());
            assert_eq!(run, FIRST_RUN_ID);
            state(&gate, run);
            gate.fake.inject(Fault::slow(STUCK).on("get_test_run").first(1));
            let line = format!("{command} --json report.json --junit junit.xml {option}");
            let ended = interrupted(&gate, &line, "get_test_run", 1, "TERM");
            assert_eq!(ended.code, code, "{command} {option}: {ended:?}");
            assert_eq!(report(&gate)["verdict"], verdict, "{command} {option}");
            assert_eq!(gate.status(run), status, "{command} {option}");
        }
    }
}

#[test]
fn detached_start_that_is_interrupted_is_aborted_or_handed_over() {
    for (option, code, status, is_handed_over) in
        [("", 105, "aborted", false), ("--on-cancel leave", 0, "created", true)]
    {
        let gate = Gate::new();
        gate.fake.next_start(RunSeed::new(k6_cloud::RunStatus::Created));
        gate.fake.inject(Fault::slow(Duration::from_millis(700)).on("start_load_test"));
        let line = format!("{RUN} --detach run.json {option}");
        let ended = interrupted(&gate, &line, "start_load_test", 1, "INT");
        assert_eq!(ended.code, code, "{option}: {ended:?}");
        assert_eq!(gate.status(FIRST_RUN_ID), status, "{option}");
        assert_eq!(gate.path("run.json").exists(), is_handed_over, "{option}");
    }
}

#[test]
fn own_abort_is_not_that_of_a_person() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    let forms = "--summary summary.md --html run.html --dotenv k6.env --timeout 1s";
    let ended = gate.run(&format!("{RUN} {forms}"));
    assert_eq!(ended.code, 105, "{ended:?}");
    let reason = "k6-gate aborted it: no end within 1 s";
    assert_eq!(report(&gate)["reason"], reason);
    assert_eq!(report(&gate)["verdict"], "aborted");
    for text in
        [gate.text("summary.md"), gate.text("run.html"), gate.text("junit.xml"), ended.stdout]
    {
        assert!(text.contains(reason), "{text}");
        assert!(!text.contains("aborted by"), "{text}");
    }
    // A person aborts the run while the gate waits.
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::aborted());
    assert_eq!(gate.run(RUN).code, 97);
    assert!(report(&gate)["reason"].to_string().contains("aborted by"));
}

#[test]
fn run_that_cannot_be_aborted_yet_is_told_again() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    // The API rejects an abort of a run that is only created, too.
    gate.fake.inject(Fault::status(409).on("abort_test_run").first(3));
    let ended = gate.run(&format!("{RUN} --timeout 500ms"));
    assert_eq!(ended.code, 105, "{ended:?}");
    assert_eq!(gate.status(FIRST_RUN_ID), "aborted");
    assert_eq!(gate.count("abort_test_run"), 4);
    let run = gate.fake.add_run(RunSeed::running());
    gate.fake.inject(Fault::status(409).on("abort_test_run").first(1));
    let ended = gate.run(&format!("abort {run}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.status(run), "aborted");
}

#[test]
fn run_that_is_left_has_its_latest_status_in_the_report() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    let ended = gate.run(&format!("{RUN} --timeout 1s --on-cancel leave"));
    assert_eq!(ended.code, 105, "{ended:?}");
    assert_eq!(report(&gate)["run"]["status"], "running");
}

#[test]
fn end_that_was_seen_is_not_read_again() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::passed());
    // The first two show the run and its end. The numbers need another one.
    gate.fake.inject(Fault::status(403).on("get_test_run").nth(3));
    let ended = gate.run(&format!("watch {run} --json report.json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.json("report.json")["verdict"], "passed");
}

#[test]
fn closed_terminal_is_an_interrupt() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    let ended = interrupted(&gate, RUN, "get_test_run", 3, "HUP");
    assert_eq!(ended.code, 105, "{ended:?}");
    assert_eq!(report(&gate)["verdict"], "aborted");
    assert_eq!(gate.status(FIRST_RUN_ID), "aborted");
}

//! The progress: a bar on a terminal, lines in a log.

use k6_cloud_fake::{Fault, RunSeed};

use crate::support::Gate;

const RUN: &str = "run --load-test 101 --poll-interval 100ms";

#[test]
fn log_has_a_line_for_each_status() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::passed());
    let ended = gate.run(RUN);
    assert_eq!(ended.code, 0, "{ended:?}");
    let statuses = ["created", "initializing", "running", "processing_metrics", "completed"];
    let mut from = 0;
    for status in statuses {
        let found = ended.stderr[from..].find(&format!("  {status}"));
        from += found.unwrap_or_else(|| panic!("{status} in order in {}", ended.stderr));
    }
    assert!(!ended.stderr.contains('\u{1b}'), "no escape sequences: {}", ended.stderr);
    let page = format!("{}/a/k6-app/runs/", gate.fake.stack_url());
    assert!(ended.stderr.contains(&page), "{}", ended.stderr);
}

#[test]
fn log_shows_that_the_gate_is_alive() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    let wait = "--heartbeat 200ms --timeout 1500ms --on-cancel leave";
    let ended = gate.run(&format!("{RUN} {wait}"));
    assert_eq!(ended.code, 105, "{ended:?}");
    let beats = ended.stderr.lines().filter(|line| line.contains("  running")).count();
    assert!((3..=9).contains(&beats), "{beats} in {}", ended.stderr);
}

#[test]
fn loss_of_contact_is_said_while_it_lasts_and_at_the_end() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::running());
    // After the poll that shows the status `running`.
    for number in 4..100 {
        gate.fake.inject(Fault::html(502).on("get_test_run").nth(number));
    }
    let wait = "--heartbeat 200ms --max-silence 6s --json report.json";
    let ended = gate.run(&format!("{RUN} {wait}"));
    assert_eq!(ended.code, 98, "{ended:?}");
    let lines = ended.stderr.lines().filter(|line| line.contains("running"));
    let silent =
        lines.filter(|line| line.contains("; no contact for ") && line.contains("HTTP 502"));
    assert!(silent.count() >= 2, "{}", ended.stderr);
    let reason = gate.json("report.json")["reason"].as_str().expect("a reason").to_owned();
    let page = format!("{}/a/k6-app/runs/", gate.fake.stack_url());
    assert!(reason.starts_with("no contact for "), "{reason}");
    for part in ["HTTP 502", "run 900001 may go on", &page] {
        assert!(reason.contains(part), "{part} in {reason}");
    }
    assert_eq!(gate.count("abort_test_run"), 0);
}

#[test]
fn short_loss_of_contact_is_no_failure() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::passed());
    for number in 2..5 {
        gate.fake.inject(Fault::html(200).on("get_test_run").nth(number));
    }
    let ended = gate.run(&format!("{RUN} --max-silence 20s"));
    assert_eq!(ended.code, 0, "{ended:?}");
    // Each status is shown once, although a new watch begins with the first.
    for status in ["created", "initializing", "running", "processing_metrics", "completed"] {
        let lines = ended.stderr.lines().filter(|line| line.contains(&format!("  {status}")));
        assert_eq!(lines.count(), 1, "{status} in {}", ended.stderr);
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::Read as _;
    use std::time::Duration;

    use super::*;

    /// Runs the program in a pseudo-terminal, and returns what it shows.
    fn on_terminal(gate: &Gate, variables: &[(&str, &str)]) -> String {
        let (mut pty, pts) = pty_process::blocking::open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(24, 80)).expect("resized");
        let mut command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_k6-gate"))
            .env_clear()
            .env("TERM", "xterm-256color")
            .env("HOME", gate.path(""))
            .env("K6_CLOUD_HOST_V6", gate.fake.base_url())
            .env("K6_CLOUD_TOKEN", gate.fake.token())
            .env("K6_CLOUD_STACK_URL", gate.fake.stack_url())
            .args(RUN.split(' '));
        for (name, value) in variables {
            command = command.env(name, value);
        }
        let mut child = command.spawn(pts).expect("it starts");
        let mut shown = Vec::new();
        // On Linux, the end of the program is an error here.
        let _ = pty.read_to_end(&mut shown);
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        String::from_utf8_lossy(&shown).into_owned()
    }

    #[test]
    fn terminal_has_a_bar_that_is_cleared() {
        let gate = Gate::with(|builder| builder.latency(Duration::from_millis(50)));
        gate.fake.next_start(RunSeed::passed());
        let shown = on_terminal(&gate, &[]);
        assert!(shown.contains("] "), "{shown:?}");
        for part in ["[", "%", "running", "\u{1b}[2K"] {
            assert!(shown.contains(part), "{part:?} in {shown:?}");
        }
        let lines: Vec<_> = shown.lines().filter(|line| line.starts_with("  0:0")).collect();
        assert!(lines.is_empty(), "lines of a log: {lines:?}");
    }

    #[test]
    fn terminal_of_a_pipeline_or_without_a_cursor_has_lines() {
        for variable in [("CI", "true"), ("TERM", "dumb")] {
            let gate = Gate::new();
            gate.fake.next_start(RunSeed::passed());
            let shown = on_terminal(&gate, &[variable]);
            assert!(shown.contains("  running"), "{shown:?}");
            assert!(!shown.contains("\u{1b}[2K"), "{shown:?}");
        }
    }
}

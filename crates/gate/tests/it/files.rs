//! Where reports go: checked before the run, and never a reason to pass.

use k6_cloud_fake::RunSeed;

use crate::support::Gate;

const RUN: &str = "run --load-test 101 --poll-interval 100ms";

#[test]
fn paths_are_checked_before_the_start() {
    let gate = Gate::new();
    gate.write("file", "x");
    gate.write("checkout.js", "export default function () {}");
    gate.write("options.json", "{}");
    for (line, part) in [
        ("--load-test 101 --junit file/k6.xml --json report.json", "--junit file/k6.xml cannot be"),
        ("--load-test 101 --html . --json report.json", "--html . cannot be written"),
        ("--load-test 101 --detach file/run.json --json report.json", "--detach file/run.json"),
        (
            "--load-test 101 --junit a --html ./a --json report.json",
            "--html and --junit have the same path",
        ),
        ("--load-test 101 --detach report.json --json report.json", "have the same path"),
        (
            "--name X checkout.js --html checkout.js --json report.json",
            "--html and the script have",
        ),
        (
            "--load-test 101 --max-vuh 5 --options options.json --json options.json",
            "--json and --options",
        ),
    ] {
        let ended = gate.run(&format!("run {line}"));
        assert_eq!(ended.code, 104, "{line}: {ended:?}");
        let shown = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(part), "{line}: {shown}");
        assert!(gate.fake.requests().is_empty(), "{line}: nothing is sent");
    }
    assert_eq!(gate.text("file"), "x");
}

#[test]
fn missing_folders_are_created_before_the_start() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::passed());
    let ended = gate.run(&format!("{RUN} --junit out/k6.xml --json out/deep/report.json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(gate.text("out/k6.xml").contains("<testsuite"));
    assert_eq!(gate.json("out/deep/report.json")["exit_code"], 0);
}

/// A socket to which nobody listens can be opened by nobody, although it may be written to.
#[cfg(unix)]
#[test]
fn report_that_fails_after_the_run_is_in_the_exit_code_of_all_reports() {
    for (seed, code, verdict) in
        [(RunSeed::passed(), 104, "passed"), (RunSeed::failed(), 99, "thresholds_failed")]
    {
        let gate = Gate::new();
        drop(std::os::unix::net::UnixListener::bind(gate.path("socket")).expect("bound"));
        gate.fake.next_start(seed);
        let forms = "--html socket --json report.json --junit junit.xml";
        let ended = gate.run(&format!("{RUN} {forms}"));
        assert_eq!(ended.code, code, "{ended:?}");
        let report = gate.json("report.json");
        assert_eq!(report["exit_code"], code);
        assert_eq!(report["verdict"], verdict);
        assert!(
            report["notices"].to_string().contains("socket could not be written"),
            "{report:#}"
        );
        assert!(!gate.text("junit.xml").contains("failures=\"0\" errors=\"0\""));
        assert!(ended.stderr.contains("error: the report socket could not be written"));
    }
}

#[cfg(unix)]
#[test]
fn devices_and_links_stay() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    use std::process::{Command, Stdio};

    let gate = Gate::new();
    let made = Command::new("mkfifo").arg(gate.path("pipe")).status().expect("mkfifo");
    assert!(made.success());
    gate.write("target", "old");
    symlink("target", gate.path("link")).expect("links");
    let path = gate.path("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(path).expect("reads"));
    let ended = gate.run("run --load-test 101 --detach pipe --json link");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(reader.join().expect("the reader").contains("run_id"));
    assert!(gate.path("pipe").symlink_metadata().expect("a pipe").file_type().is_fifo());
    assert!(gate.path("link").is_symlink());
    assert!(gate.text("target").contains("\"format\": 1"));
    // What the shell has led standard output to is not replaced under it.
    let out = std::fs::File::create(gate.path("out")).expect("created");
    let run = gate.fake.add_run(RunSeed::passed());
    let mut command = gate.command(&format!("report {run} --json /dev/stdout"));
    assert!(command.stdout(out).stderr(Stdio::null()).status().expect("it runs").success());
    let text = gate.text("out");
    assert!(text.contains("\"format\": 1") && text.contains("k6: passed"), "{text}");
}

#[test]
fn wrong_command_line_has_reports() {
    let gate = Gate::new();
    let line = "run --load-test 101 --max-p95 500 --json report.json --junit junit.xml";
    let ended = gate.run(line);
    assert_eq!(ended.code, 104, "{ended:?}");
    let report = gate.json("report.json");
    assert_eq!((&report["exit_code"], &report["verdict"]), (&104.into(), &"not_started".into()));
    let reason = report["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("invalid value '500' for '--max-p95 <TIME>'"), "{reason}");
    assert!(gate.text("junit.xml").contains("errors=\"1\""));
    assert!(ended.stderr.contains("error: invalid value '500'"), "{}", ended.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_an_error() {
    let gate = Gate::new();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("opens");
    for line in ["list projects", "list runs --json", "--help", "completions bash", "man"] {
        let output = gate.command(line).stdout(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(104), "{line}");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains("standard output could not be written"), "{line}: {stderr}");
    }
    let run = gate.fake.add_run(RunSeed::passed());
    let mut command = gate.command(&format!("report {run} --json report.json"));
    assert_eq!(command.stdout(full()).output().expect("it runs").status.code(), Some(104));
    assert_eq!(gate.json("report.json")["exit_code"], 104);
}

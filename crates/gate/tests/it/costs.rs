//! The limit on costs: an estimate for exactly the script that starts, before anything is uploaded.

use std::io::Write as _;
use std::process::Stdio;

use k6_cloud_fake::RunSeed;

use crate::support::{Ended, Gate};

const FAST: &str = "--poll-interval 100ms --json report.json";
const SMALL: &str =
    "export const options = { vus: 1, duration: '1m' };\nexport default () => {};\n";
const LARGE: &str =
    "export const options = { vus: 10000, duration: '1m' };\nexport default () => {};\n";

/// What a run that is too expensive must not do.
const WRITES: [&str; 5] = [
    "create_project",
    "create_load_test",
    "upload_load_test_script",
    "update_load_test",
    "start_load_test",
];

fn writes(gate: &Gate) -> Vec<usize> {
    WRITES.iter().map(|operation| gate.count(operation)).collect()
}

#[test]
fn running_the_job_again_does_not_get_around_the_limit() {
    let gate = Gate::new();
    gate.write("a.js", SMALL);
    gate.write("b.js", LARGE);
    let line = "run --create --project Shop --name Budget";
    assert_eq!(gate.run(&format!("{line} a.js {FAST}")).code, 0);
    let before = writes(&gate);
    for _ in 0..3 {
        let ended = gate.run(&format!("{line} b.js --max-vuh 1 {FAST}"));
        assert_eq!(ended.code, 99, "{ended:?}");
        let report = gate.json("report.json");
        assert_eq!(report["estimate"]["max_vuh"], 1.0, "{report:#}");
        assert!(report["estimate"]["vuh"].as_f64().expect("an estimate") > 100.0, "{report:#}");
        assert!(report["reason"].to_string().contains("nothing was uploaded or started"));
        assert_eq!(writes(&gate), before);
    }
    // The script of the load test is still the small one.
    let ended = gate.run(&format!("{line} a.js --max-vuh 1 {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(gate.json("report.json")["estimate"]["vuh"].as_f64().expect("an estimate") < 1.0);
    assert!(ended.stdout.contains("VUH, at most 1 permitted"), "{}", ended.stdout);
    // Even if the last run had other options.
    gate.fake.add_run(RunSeed::passed().vus(1, 0));
    assert_eq!(gate.run(&format!("{line} b.js --max-vuh 1 {FAST}")).code, 99);
}

#[test]
fn first_run_needs_no_other_tool() {
    for (name, script) in [
        ("a.js", SMALL.to_owned()),
        ("b.ts", "export const options: Options = { vus: 1, duration: '1m' };".to_owned()),
        ("c.js", "export default function () {}".to_owned()),
    ] {
        let gate = Gate::new();
        gate.write(name, &script);
        let ended =
            gate.run(&format!("run --create --project New --name New {name} --max-vuh 20 {FAST}"));
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
        assert!(gate.json("report.json")["estimate"]["vuh"].is_number());
    }
}

#[test]
fn options_that_cannot_be_read_stop_before_anything_is_uploaded() {
    let gate = Gate::new();
    gate.write("env.js", "export const options = {\n  vus: __ENV.VUS,\n};\n");
    let line = format!("run --create --project New --name New env.js --max-vuh 20 {FAST}");
    for _ in 0..2 {
        let ended = gate.run(&line);
        assert_eq!(ended.code, 104, "{ended:?}");
        let reason = gate.json("report.json")["reason"].to_string();
        for part in ["env.js", "line 2", "k6 inspect", "--options", "nothing was uploaded"] {
            assert!(reason.contains(part), "{part} in {reason}");
        }
        assert_eq!(writes(&gate), [0; 5]);
    }
    gate.write("options.json", r#"{"vus": 5, "duration": "1m"}"#);
    assert_eq!(gate.run(&format!("{line} --options options.json")).code, 0);
    gate.write("options.json", r#"{"vus": 50000, "duration": "1h"}"#);
    assert_eq!(gate.run(&format!("{line} --options options.json")).code, 99);
}

#[test]
fn load_test_by_its_id_is_estimated_by_its_script() {
    let gate = Gate::new();
    // A run of an older script says nothing.
    gate.fake.add_run(RunSeed::passed().vus(1, 0));
    let ended = gate.run(&format!("run --load-test 101 --max-vuh 0.0001 {FAST}"));
    assert_eq!(ended.code, 99, "{ended:?}");
    assert_eq!(gate.count("get_load_test_script"), 1);
    assert_eq!(writes(&gate), [0; 5]);
    assert_eq!(gate.run(&format!("run --load-test 101 --max-vuh 1000 {FAST}")).code, 0);
    assert_eq!(gate.run(&format!("run --load-test 7 --max-vuh 1000 {FAST}")).code, 2);
}

#[test]
fn archive_has_its_options() {
    let gate = Gate::new();
    let options = r#"{"options": {"vus": 50, "duration": "10m"}}"#;
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(options.len() as u64);
    archive.append_data(&mut header, "metadata.json", options.as_bytes()).expect("appended");
    let archive = archive.into_inner().expect("an archive");
    std::fs::write(gate.path("checkout.tar"), archive).expect("written");
    let line = format!("run --create --name Login checkout.tar {FAST} --max-vuh");
    assert_eq!(gate.run(&format!("{line} 1")).code, 99);
    assert_eq!(gate.run(&format!("{line} 1000")).code, 0);
}

fn with_input(gate: &Gate, line: &str, input: &str) -> Ended {
    let mut command = gate.command(line);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("it runs").into()
}

#[test]
fn script_may_come_from_standard_input() {
    let gate = Gate::new();
    // Not this file.
    gate.write("-", LARGE);
    let line = format!("run --create --name Piped - {FAST}");
    for (options, input, code) in
        [("", SMALL, 0), ("--max-vuh 1", SMALL, 0), ("--max-vuh 1", LARGE, 99), ("", "", 104)]
    {
        let ended = with_input(&gate, &format!("{line} {options}"), input);
        assert_eq!(ended.code, code, "{options} {input}: {ended:?}");
    }
    let id = gate.json("report.json")["load_test"]["id"].clone();
    assert!(id.is_null() || id.is_i64());
    let requests = gate.fake.requests();
    let bodies = requests.iter().filter(|request| {
        request.operation.as_deref() == Some("create_load_test")
            && String::from_utf8_lossy(&request.body).contains("vus: 1,")
    });
    assert_eq!(bodies.count(), 1);
}

#[test]
fn limit_that_is_just_reached_permits_the_run() {
    let gate = Gate::new();
    gate.write("a.js", SMALL);
    let line = format!("run --create --project Shop --name Exact a.js {FAST} --max-vuh");
    assert_eq!(gate.run(&format!("{line} 1000")).code, 0);
    let estimate = gate.json("report.json")["estimate"]["vuh"].to_string();
    let ended = gate.run(&format!("{line} {estimate}"));
    assert_eq!(ended.code, 0, "{estimate}: {ended:?}");
}

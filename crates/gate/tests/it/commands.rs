//! What each command does.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use k6_cloud_fake::{FIRST_PROJECT_ID, FIRST_RUN_ID, ProjectSeed, RunSeed};
use serde_json::{Value, json};

use crate::support::Gate;

const JS: &str = "export default function () {}\n";
const FAST: &str = "--poll-interval 100ms --json report.json";

fn stdout_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn run_by_name_creates_then_keeps_then_updates() {
    let gate = Gate::new();
    gate.write("checkout.js", JS);
    let line = format!("run --create --project Basket --name Checkout checkout.js {FAST}");
    let mut ids = Vec::new();
    for (script, outcome, uploads) in
        [(JS, "created", 0), (JS, "unchanged", 0), ("export default () => {}", "updated", 1)]
    {
        gate.write("checkout.js", script);
        let ended = gate.run(&line);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.stderr.contains(&format!("(Checkout): {outcome}\n")), "{}", ended.stderr);
        assert_eq!(gate.count("upload_load_test_script"), uploads);
        let report = gate.json("report.json");
        assert_eq!(report["project"]["name"], "Basket");
        assert_eq!(report["load_test"]["name"], "Checkout");
        assert_eq!(report["verdict"], "passed");
        ids.push(report["load_test"]["id"].clone());
    }
    assert_eq!((&ids[0], &ids[0]), (&ids[1], &ids[2]));
    assert_eq!(gate.count("create_project"), 1);
    assert_eq!(gate.count("create_load_test"), 1);
    assert_eq!(gate.count("start_load_test"), 3);
}

#[test]
fn name_that_does_not_exist_is_not_created() {
    let gate = Gate::new();
    gate.write("checkout.js", JS);
    let existing = "run --create --project Basket --name Checkout checkout.js";
    let ended = gate.run(&format!("{existing} {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let created = gate.json("report.json")["created"].clone();
    assert_eq!(created, serde_json::json!(["project", "load_test"]));
    assert!(ended.stdout.contains("Created     the project and the load test"), "{}", ended.stdout);
    for (names, what) in [
        ("--project Baskte --name Checkout", "there is no project with the name \"Baskte\""),
        ("--project Basket --name Chekcout", "there is no load test with the name \"Chekcout\""),
    ] {
        let ended = gate.run(&format!("run {names} checkout.js {FAST}"));
        assert_eq!(ended.code, 104, "{ended:?}");
        let reason = gate.json("report.json")["reason"].to_string().replace("\\\"", "\"");
        assert!(reason.contains(what) && reason.contains("add --create"), "{reason}");
    }
    assert_eq!((gate.count("create_project"), gate.count("create_load_test")), (1, 1));
    // What exists needs no permission, and nothing is created.
    let ended = gate.run(&format!("run --project Basket --name Checkout checkout.js {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.json("report.json")["created"], serde_json::json!([]));
}

#[test]
fn script_that_needs_other_files_is_not_uploaded() {
    let gate = Gate::new();
    for (script, path) in [
        ("import http from 'k6/http';\nimport { u } from './lib/u.js';\n", "./lib/u.js (line 2)"),
        (
            "const users = JSON.parse(open('./users.json'));\nexport default () => {};",
            "./users.json",
        ),
    ] {
        gate.write("checkout.js", script);
        let ended = gate.run(&format!("run --create --project Shop --name A checkout.js {FAST}"));
        assert_eq!(ended.code, 104, "{ended:?}");
        let reason = gate.json("report.json")["reason"].to_string();
        for part in [path, "k6 archive checkout.js -O archive.tar", "bundle the script"] {
            assert!(reason.contains(part), "{part} in {reason}");
        }
    }
    for empty in ["", " \n\t"] {
        gate.write("checkout.js", empty);
        let ended = gate.run(&format!("run --create --project Shop --name A checkout.js {FAST}"));
        assert_eq!(ended.code, 104, "{ended:?}");
        let reason = gate.json("report.json")["reason"].to_string();
        assert!(reason.contains("checkout.js is empty"), "{reason}");
    }
    assert_eq!((gate.count("create_project"), gate.count("create_load_test")), (0, 0));
}

/// Returns an archive with these options.
fn archive(options: &Value) -> Vec<u8> {
    let metadata = serde_json::json!({ "options": options }).to_string();
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(metadata.len() as u64);
    archive.append_data(&mut header, "metadata.json", metadata.as_bytes()).expect("appended");
    archive.into_inner().expect("an archive")
}

#[test]
fn names_in_the_options_of_a_script_are_used() {
    let gate = Gate::new();
    let other = gate.fake.add_project(ProjectSeed::new("Other"));
    let names = serde_json::json!({ "cloud": { "name": "Checkout", "projectID": other.get() } });
    std::fs::write(gate.path("checkout.tar"), archive(&names)).expect("written");
    let literal = format!(
        "export const options = {{ cloud: {{ name: 'Literal', projectID: {other} }} }};\n{JS}"
    );
    gate.write("literal.js", &literal);
    for (line, name, project) in [
        ("run --create checkout.tar", "Checkout", other),
        ("run --create literal.js", "Literal", other),
        ("run --create --name Own checkout.tar", "Own", other),
        ("run --create --project-id 5001 checkout.tar", "Checkout", 5001.into()),
    ] {
        let ended = gate.run(&format!("{line} {FAST}"));
        assert_eq!(ended.code, 0, "{line}: {ended:?}");
        let report = gate.json("report.json");
        assert_eq!(report["load_test"]["name"], name, "{line}");
        assert_eq!(report["project"]["id"], project.get(), "{line}");
    }
    // The environment comes before the script, as for the k6 tool.
    let mut command = gate.command(&format!("run --create checkout.tar {FAST}"));
    let output = command.env("K6_CLOUD_PROJECT_ID", "5001").output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(gate.json("report.json")["project"]["id"], 5001);
    gate.write("checkout.js", JS);
    let ended = gate.run(&format!("run --create checkout.js {FAST}"));
    assert_eq!(ended.code, 104, "{ended:?}");
    let reason = gate.json("report.json")["reason"].to_string();
    assert!(reason.contains("add --name NAME"), "{reason}");
}

#[test]
fn project_may_be_an_id_or_the_default() {
    let gate = Gate::new();
    gate.write("checkout.js", JS);
    let ended = gate
        .run(&format!("run --create --project-id {FIRST_PROJECT_ID} --name A checkout.js {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    // After the lookup of the stack, its default project is known.
    let ended = gate.run(&format!("run --create --name B checkout.js {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.json("report.json")["project"]["id"], FIRST_PROJECT_ID.get());
    let ended = gate.run(&format!("run --create --project-id 9 --name C checkout.js {FAST}"));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(gate.json("report.json")["reason"], "there is no project 9 in this stack");
    // With the id of a stack instead of its address, the default project is not known.
    let mut command = gate.command(&format!("run --create --name B checkout.js {FAST}"));
    command.env_remove("K6_CLOUD_STACK_URL").env("K6_CLOUD_STACK_ID", "4242");
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(104));
    let reason = gate.json("report.json")["reason"].to_string();
    assert!(
        reason.contains("--project NAME or --project-id ID, or set K6_CLOUD_PROJECT_ID"),
        "{reason}"
    );
}

#[test]
fn report_has_names_numbers_and_a_comparison() {
    let gate = Gate::new();
    let before = gate.fake.add_run(RunSeed::passed().p95(200.0));
    gate.fake.next_start(RunSeed::passed().p95(300.0).error_share(0.001));
    let rules = "--max-p95 400ms --max-error-share 1% --max-regression p95:60%";
    let ended = gate.run(&format!("run --load-test 101 {rules} {FAST}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let report = gate.json("report.json");
    assert_eq!(report["comparison"]["baseline"]["id"], before.get());
    assert!((report["total"]["duration_ms"]["p95"].as_f64().expect("p95") - 300.0).abs() < 1.0);
    for series in ["p95_ms", "requests_per_second", "vus"] {
        let points = report["series"][series].as_array().expect("points").len();
        assert!((10..=300).contains(&points), "{series}: {points}");
    }
    for name in ["stack", "project", "load_test"] {
        assert!(report[name]["name"].is_string(), "{name}: {report:#}");
    }
    let rules: Vec<_> = report["rules"].as_array().expect("rules").iter().collect();
    let names: Vec<_> = rules.iter().map(|rule| rule["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["max-p95", "max-error-share", "max-regression p95"]);
    assert!(rules.iter().all(|rule| rule["held"] == true), "{rules:#?}");
    assert!((rules[2]["value"].as_f64().expect("a share") - 0.5).abs() < 0.01, "{rules:#?}");

    // The same numbers against a stricter limit.
    let run = report["run"]["id"].as_i64().expect("an id");
    let ended = gate.run(&format!("report {run} --max-regression p95:40% --json report.json"));
    assert_eq!(ended.code, 99, "{ended:?}");
    let reason = gate.json("report.json")["reason"].to_string();
    assert!(reason.contains("max-regression p95 40% is 50 %"), "{reason}");
    // And against a baseline that the user names.
    let slow = gate.fake.add_run(RunSeed::failed().p95(600.0));
    let line = format!("report {run} --max-regression p95:0% --baseline {slow} --json report.json");
    assert_eq!(gate.run(&line).code, 0);
    assert_eq!(gate.json("report.json")["comparison"]["baseline"]["id"], slow.get());
}

#[test]
fn detached_run_is_resumed_by_another_job() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::failed());
    let ended = gate.run("run --load-test 101 --detach run.json --json report.json");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(gate.json("report.json")["verdict"], "running");
    assert_eq!(gate.count("get_test_run"), 0, "it does not wait");
    let state = gate.json("run.json");
    assert_eq!(state["run_id"], FIRST_RUN_ID.get());
    assert!(!gate.text("run.json").contains(gate.fake.token()));
    let ended = gate.run(&format!("run --resume run.json {FAST}"));
    assert_eq!(ended.code, 99, "{ended:?}");
    assert_eq!(gate.json("report.json")["run"]["id"], FIRST_RUN_ID.get());
    assert_eq!(gate.count("start_load_test"), 1);
    // A run of another stack.
    let mut other = state;
    other["stack_id"] = json!(7);
    gate.write("other.json", &other.to_string());
    let ended = gate.run("run --resume other.json");
    assert_eq!(ended.code, 104, "{ended:?}");
}

#[test]
fn watch_and_report_end_with_the_verdict() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::timed().result(k6_cloud::RunResult::Failed));
    let ended = gate.run(&format!("watch {run} {FAST}"));
    assert_eq!(ended.code, 99, "{ended:?}");
    let ended = gate.run(&format!("report {run} --json -"));
    assert_eq!(ended.code, 99, "{ended:?}");
    let report = stdout_json(&ended.stdout);
    assert_eq!(
        (&report["verdict"], &report["run"]["id"]),
        (&json!("thresholds_failed"), &json!(run))
    );
    let page = format!("{}/a/k6-app/runs/{run}", gate.fake.stack_url());
    assert_eq!(report["run"]["url"], page);
    let running = gate.fake.add_run(RunSeed::running());
    assert_eq!(gate.run(&format!("report {running}")).code, 98);
    for command in ["watch", "report"] {
        let ended = gate.run(&format!("{command} 7 --json report.json"));
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(gate.json("report.json")["reason"], "there is no run 7 in this stack");
    }
}

#[test]
fn abort_ends_a_run_once() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::running());
    let ended = gate.run(&format!("abort {run}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.starts_with(&format!("Run {run} has ended: aborted")), "{ended:?}");
    assert_eq!(gate.status(run), "aborted");
    let ended = gate.run(&format!("abort {run}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("has already ended: aborted"), "{}", ended.stdout);
    let ended = gate.run("abort 7");
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("there is no run 7"), "{}", ended.stderr);
}

#[test]
fn compare_shows_changes_and_judges_limits() {
    let gate = Gate::new();
    let before = gate.fake.add_run(RunSeed::passed().p95(200.0));
    let after = gate.fake.add_run(RunSeed::passed().p95(300.0));
    let line = format!("compare {after} {before}");
    let ended = gate.run(&line);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("p95 of duration"), "{}", ended.stdout);
    assert!(ended.stdout.contains("+50"), "{}", ended.stdout);
    let ended = gate.run(&format!("{line} --max-regression p95:60%,errors:1000%"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = gate.run(&format!("{line} --max-regression p95:40%"));
    assert_eq!(ended.code, 99, "{ended:?}");
    assert!(ended.stdout.contains("max-regression p95  40%    50 %"), "{}", ended.stdout);
    let ended = gate.run(&format!("{line} --max-regression p95:40% --json"));
    let output = stdout_json(&ended.stdout);
    assert_eq!((&output["run"], &output["baseline"]), (&json!(after), &json!(before)));
    assert_eq!(output["rules"][0]["held"], false);
    assert_eq!(gate.run(&format!("compare {after} 7")).code, 2);
}

#[test]
fn quiet_gate_prints_only_errors() {
    let gate = Gate::new();
    gate.fake.next_start(RunSeed::passed());
    let ended = gate.run(&format!("run --load-test 101 -q {FAST}"));
    assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (0, "", ""));
    gate.fake.next_start(RunSeed::failed());
    let ended = gate.run(&format!("run --load-test 101 --quiet {FAST}"));
    assert_eq!((ended.code, &*ended.stdout), (99, ""));
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}

#[test]
fn numbers_that_cannot_be_read_are_one_notice() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::passed());
    for operation in ["query_aggregate", "query_range"] {
        gate.fake.inject(k6_cloud_fake::Fault::status(403).on(operation));
    }
    let ended = gate.run(&format!("report {run} --max-p95 900ms --json report.json"));
    assert_eq!(ended.code, 98, "{ended:?}");
    let report = gate.json("report.json");
    let notices = report["notices"].as_array().expect("notices");
    assert!(notices.len() <= 4, "{notices:#?}");
    let note = report["rules"][0]["note"].as_str().expect("a note");
    assert!(note.starts_with("the number could not be read: "), "{note}");
}

#[test]
fn unlike_loads_are_not_judged() {
    let gate = Gate::new();
    let seed = || RunSeed::passed().p95(200.0);
    let baseline = gate.fake.add_run(seed().vus(50, 0));
    let zone = |name: &str| json!([{ "load_zone": name, "percent": 100 }]);
    let script = |text: &str| seed().vus(50, 0).script_bytes("text/javascript", text);
    for (name, seed, part) in [
        ("VUs", seed().vus(1, 0), "1 VUs, and 50 in run"),
        (
            "duration",
            seed().vus(50, 0).running_for(std::time::Duration::from_secs(3)),
            "under load",
        ),
        (
            "zones",
            seed().vus(50, 0).property("distribution", zone("amazon:moon:base")),
            "other zones",
        ),
        ("script", script("export default () => {}"), "another script"),
    ] {
        let run = gate.fake.add_run(seed);
        let rule = format!("--baseline {baseline} --max-regression p95:1000% --json report.json");
        let ended = gate.run(&format!("report {run} {rule}"));
        assert_eq!(ended.code, 98, "{name}: {ended:?}");
        let reason = gate.json("report.json")["reason"].to_string();
        assert!(reason.contains("the loads differ") && reason.contains(part), "{name}: {reason}");
        let ended = gate.run(&format!("report {run} {rule} --compare-unlike-loads"));
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
        let line = format!("compare {run} {baseline} --max-regression p95:1000%");
        let ended = gate.run(&line);
        assert_eq!(ended.code, 98, "{name}: {ended:?}");
        assert!(ended.stdout.contains("not judged"), "{}", ended.stdout);
    }
    let alike = gate.fake.add_run(seed().vus(52, 0));
    let line = format!("report {alike} --baseline {baseline} --max-regression p95:1000%");
    let ended = gate.run(&line);
    assert_ne!(ended.code, 99, "{ended:?}");
}

#[test]
fn lists_are_tables_or_json() {
    let gate = Gate::new();
    let passed = gate.fake.add_run(RunSeed::passed());
    let aborted = gate.fake.add_run(RunSeed::aborted().test_id(102));
    for (line, header) in [
        ("list projects", "ID    PROJECT"),
        ("list tests", "ID   LOAD TEST"),
        ("list runs", "ID      LOAD TEST"),
    ] {
        let ended = gate.run(line);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.stdout.starts_with(header), "{}", ended.stdout);
        let json = gate.run(&format!("{line} --json"));
        let rows = stdout_json(&json.stdout);
        let rows = rows.as_array().expect("rows").len();
        assert_eq!(rows + 1, ended.stdout.lines().count(), "{}", ended.stdout);
        assert!(rows >= 2, "{line}");
        let first = gate.run(&format!("{line} --json --limit 1"));
        assert_eq!(stdout_json(&first.stdout).as_array().expect("rows").len(), 1);
    }
    let runs = stdout_json(&gate.run("list runs --load-test 102 --json").stdout);
    assert_eq!(runs.as_array().expect("rows").len(), 1);
    assert_eq!(runs[0]["id"], aborted.get());
    assert_eq!(runs[0]["outcome"]["verdict"], "aborted");
    assert!(runs[0]["load_test"]["name"].is_string(), "{runs:#}");
    // The newest first, although the API lists the oldest first.
    let old = RunSeed::passed().created("2026-06-01T00:00:00Z".parse().expect("a time"));
    let old = gate.fake.add_run(old);
    let runs = stdout_json(&gate.run("list runs --json").stdout);
    assert_eq!(runs[2]["id"], old.get(), "{runs:#}");
    let newest = stdout_json(&gate.run("list runs --json --limit 2").stdout);
    assert!(
        newest.as_array().expect("rows").iter().all(|run| run["id"] != old.get()),
        "{newest:#}"
    );
    let text = gate.run("list runs").stdout;
    assert!(text.contains(&passed.to_string()) && text.contains("completed"), "{text}");
    let tests = format!("list tests --project-id {FIRST_PROJECT_ID} --json");
    let tests = stdout_json(&gate.run(&tests).stdout);
    for test in tests.as_array().expect("rows") {
        assert_eq!(test["project"]["id"], FIRST_PROJECT_ID.get());
    }
    assert_eq!(gate.run("list runs --load-test 7").code, 2);
}

#[test]
fn pipeline_finds_summary_outputs_and_annotations() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::failed());
    let mut command = gate.command(&format!("report {run} --summary summary.md --html run.html"));
    for (name, file) in [("GITHUB_STEP_SUMMARY", "step.md"), ("GITHUB_OUTPUT", "outputs")] {
        command.env(name, gate.path(file));
    }
    let output = command.env("GITHUB_ACTIONS", "true").output().expect("it runs");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.contains("::error"), "{stdout}");
    assert!(gate.text("outputs").contains(&format!("run_id={run}\n")), "{}", gate.text("outputs"));
    for file in ["step.md", "summary.md", "run.html"] {
        assert!(gate.text(file).contains(&run.to_string()), "{file}");
    }
}

#[test]
fn same_key_starts_one_run() {
    let gate = Gate::new();
    for _ in 0..2 {
        assert_eq!(gate.run("run --load-test 101 --key ci-1 --detach run.json").code, 0);
        assert_eq!(gate.json("run.json")["run_id"], FIRST_RUN_ID.get());
    }
    assert_eq!(gate.count("start_load_test"), 2);
}

#[test]
fn fake_is_served_until_an_interrupt() {
    let gate = Gate::new();
    let mut command = gate.command("fake --port 0 --next failed:2s --speed 100");
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let base = lines.find_map(|line| {
        let line = line.expect("UTF-8");
        let (_, rest) = line.split_once("K6_CLOUD_HOST_V6=")?;
        Some(rest.split(' ').next().expect("an address").to_owned())
    });
    let base = base.expect("the greeting has the address");
    // The gate itself is a client of it.
    let mut client = gate.command("run --load-test 101 --poll-interval 100ms");
    client.env("K6_CLOUD_HOST_V6", base).env("K6_CLOUD_TOKEN", "fake-cloud-token");
    client.env_remove("K6_CLOUD_STACK_URL").env("K6_CLOUD_STACK_ID", "4242");
    assert_eq!(client.output().expect("it runs").status.code(), Some(99));
    #[cfg(unix)]
    {
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-INT", &child.id().to_string()]).status().expect("kill").success());
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[test]
fn compare_asks_for_the_loads_only_to_judge() {
    let gate = Gate::new();
    let before = gate.fake.add_run(RunSeed::passed());
    let after = gate.fake.add_run(RunSeed::passed());
    let requests = |options: &str| {
        gate.fake.clear_requests();
        let ended = gate.run(&format!("compare {after} {before} {options}"));
        assert_eq!(ended.code, 0, "{ended:?}");
        gate.fake.requests().len()
    };
    let plain = requests("");
    assert_eq!(requests("--max-regression p95:90% --compare-unlike-loads"), plain);
    assert!(requests("--max-regression p95:90%") > plain);
}

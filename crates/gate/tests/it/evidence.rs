//! Responses that are not evidence: at every step of every command, the response of a proxy, of another
//! operation or of another server. None may be a success.

use k6_cloud_fake::{CannedResponse, FIRST_PROJECT_ID, Fault, LoadTestSeed, RunSeed};
use serde_json::json;

use crate::support::{Ended, Gate};

/// The responses, in the order of the columns below.
const RESPONSES: [&str; 7] = [
    "login page with 200",
    "200 and {}",
    "200 and an error",
    "200 and the body of another operation",
    "204",
    "404 in HTML",
    "404 in JSON of another server",
];

fn inject(gate: &Gate, response: &str, operation: &str) {
    let canned = |status, body| CannedResponse::json(status, &body).on(operation);
    match response {
        "login page with 200" => gate.fake.inject(Fault::html(200).on(operation)),
        "200 and {}" => gate.fake.respond(canned(200, json!({}))),
        "200 and an error" => {
            let error = json!({ "error": { "code": "error", "message": "try again later" } });
            gate.fake.respond(canned(200, error))
        }
        "200 and the body of another operation" => {
            gate.fake.respond(canned(200, json!({ "grant_write_permission": true })))
        }
        "204" => gate.fake.inject(Fault::no_content().on(operation)),
        "404 in HTML" => gate.fake.inject(Fault::html(404).on(operation)),
        _ => gate
            .fake
            .respond(canned(404, json!({ "message": "no Route matched with those values" }))),
    };
}

/// A command, a step of it, and the exit code for each of the responses.
struct Row {
    line: &'static str,
    operation: &'static str,
    codes: [i32; 7],
}

const fn row(line: &'static str, operation: &'static str, codes: [i32; 7]) -> Row {
    Row { line, operation, codes }
}

const RUN: &str = "run --load-test 101 --poll-interval 100ms --max-silence 500ms";
const BY_NAME: &str = "run --create --project New --name New a.js --poll-interval 100ms";
const EXISTING: &str = "run --project-id 5001 --name Login a.js --poll-interval 100ms";
const COSTS: &str = "run --load-test 101 --max-vuh 1000 --poll-interval 100ms";
const REPORT: &str = "report 900001";
const P95: &str = "report 900001 --max-p95 900ms";
const REGRESSION: &str = "report 900002 --max-regression p95:1000%";
const BASELINE: &str = "run --load-test 101 --baseline 900001 --poll-interval 100ms";
const WATCH: &str = "watch 900001 --poll-interval 100ms --max-silence 500ms";
const COMPARE: &str = "compare 900002 900001 --max-regression p95:1000%";

/// No start, or no run: 1. An outcome that is not known: 98.
const ROWS: &[Row] = &[
    row(RUN, "authenticate", [1; 7]),
    row(RUN, "get_load_test", [1; 7]),
    row(RUN, "start_load_test", [98, 98, 98, 98, 98, 1, 1]),
    row(RUN, "get_test_run", [98; 7]),
    // A run that has passed is a fact; the report can do without names and numbers.
    row(RUN, "get_project", [0; 7]),
    row(RUN, "list_run_metrics", [0; 7]),
    row(BY_NAME, "list_projects", [1; 7]),
    row(BY_NAME, "create_project", [1; 7]),
    row(BY_NAME, "list_project_load_tests", [1; 7]),
    row(BY_NAME, "create_load_test", [1; 7]),
    // The script is uploaded if the stored one cannot be compared with it.
    row(EXISTING, "get_load_test_script", [0; 7]),
    row(EXISTING, "upload_load_test_script", [1, 0, 1, 0, 0, 1, 1]),
    row(COSTS, "get_load_test", [1; 7]),
    row(COSTS, "get_load_test_script", [1; 7]),
    row(COSTS, "validate_options", [1; 7]),
    row("run --resume run.json", "get_test_run", [1; 7]),
    row(REPORT, "get_test_run", [1; 7]),
    // The list is only a hint: the number itself is read and judged.
    row(P95, "list_run_metrics", [0; 7]),
    row(P95, "query_aggregate", [98; 7]),
    row(REGRESSION, "list_load_test_runs", [98; 7]),
    row(BASELINE, "get_test_run", [1; 7]),
    row(WATCH, "get_test_run", [1; 7]),
    row("abort 900003 --timeout 700ms", "get_test_run", [1; 7]),
    row("abort 900003 --timeout 700ms", "abort_test_run", [98; 7]),
    row(COMPARE, "get_test_run", [1; 7]),
    row(COMPARE, "list_run_metrics", [0; 7]),
    row(COMPARE, "query_aggregate", [98; 7]),
    row("list projects", "list_projects", [1; 7]),
    row("list tests", "list_load_tests", [1; 7]),
    row("list runs", "list_test_runs", [1; 7]),
    row("list runs --load-test 101", "list_load_test_runs", [1; 7]),
];

fn gate() -> Gate {
    let gate = Gate::new();
    gate.write("a.js", "export default function () {}");
    gate.fake.add_run(RunSeed::passed());
    gate.fake.add_run(RunSeed::passed());
    gate.fake.add_run(RunSeed::running());
    gate.fake.add_load_test(LoadTestSeed::new("Login").id(150).project_id(FIRST_PROJECT_ID));
    let state = json!({
        "version": 1,
        "stack_id": gate.fake.stack_id(),
        "load_test_id": 101,
        "run_id": 900_001,
        "page_url": "",
    });
    gate.write("run.json", &state.to_string());
    gate.fake.next_start(RunSeed::passed());
    gate
}

/// Returns what is wrong with the end of a command.
fn wrong(gate: &Gate, row: &Row, ended: &Ended, expected: i32) -> Option<String> {
    let has_report = ["run", "report", "watch"].contains(&row.line.split(' ').next()?);
    if ended.code != expected {
        return Some(format!("exit code {}: {}", ended.code, last_lines(ended)));
    }
    if ended.code == 0 {
        return None;
    }
    if !has_report {
        let last = ended.stderr.lines().last().unwrap_or_default();
        let is_judged = last.is_empty() && ended.stdout.contains("not judged");
        let is_said = last.starts_with("error: ") || is_judged;
        return (!is_said).then(|| format!("no error: {}", last_lines(ended)));
    }
    let report = gate.json("report.json");
    let is_said = report["exit_code"] == expected
        && report["verdict"] != "passed"
        && report["reason"].as_str().is_some_and(|reason| reason.len() > 10)
        && !gate.text("junit.xml").contains("failures=\"0\" errors=\"0\"");
    (!is_said).then(|| format!("the report says {report:#}"))
}

fn last_lines(ended: &Ended) -> String {
    let lines = ended.stderr.lines().chain(ended.stdout.lines()).filter(|line| !line.is_empty());
    lines.take(6).collect::<Vec<_>>().join(" / ")
}

#[test]
fn response_without_evidence_is_never_a_success() {
    assert_eq!(FIRST_PROJECT_ID, 5001, "the project of the rows");
    let rows: Vec<_> = ROWS.iter().collect();
    let problems = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for part in rows.chunks(rows.len().div_ceil(4)) {
            let problems = &problems;
            scope.spawn(move || {
                for row in part {
                    for (response, expected) in RESPONSES.iter().zip(row.codes) {
                        let gate = gate();
                        inject(&gate, response, row.operation);
                        let has_report = !row.line.starts_with("abort")
                            && !row.line.starts_with("compare")
                            && !row.line.starts_with("list");
                        let reports =
                            if has_report { " --json report.json --junit junit.xml" } else { "" };
                        let ended = gate.run(&format!("{}{reports}", row.line));
                        let is_reached = gate.count(row.operation) > 0;
                        let wrong = match is_reached {
                            true => wrong(&gate, row, &ended, expected),
                            false => Some("the step is not reached".to_owned()),
                        };
                        let problem = wrong.map(|what| {
                            format!("{}, {} {response}: {what}", row.line, row.operation)
                        });
                        problems.lock().expect("no panic").extend(problem);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().expect("no panic");
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn only_the_404_of_the_api_says_that_something_does_not_exist() {
    for (line, missing) in [
        ("run --load-test 456", "there is no load test 456 in this stack"),
        ("report 456", "there is no run 456 in this stack"),
    ] {
        let gate = Gate::new();
        assert_eq!(gate.run(&format!("{line} --json report.json")).code, 2);
        assert_eq!(gate.json("report.json")["reason"], missing);
        let text = Fault::response(404, "text/plain", "404 page not found\n");
        let operation = if line.starts_with("run") { "get_load_test" } else { "get_test_run" };
        gate.fake.inject(text.on(operation));
        assert_eq!(gate.run(&format!("{line} --json report.json")).code, 1);
        let reason = gate.json("report.json")["reason"].to_string();
        assert!(!reason.contains("there is no"), "{reason}");
        assert!(reason.contains("404"), "{reason}");
    }
}

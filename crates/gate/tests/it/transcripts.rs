//! All that the program prints, writes and sends, for the usual uses: in files beside this one.
//! `UPDATE_GOLDEN=1` in the environment rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use k6_cloud_fake::{Fault, LoadTestSeed, ProjectSeed, RunSeed};

use crate::support::Gate;

const JS: &str = "export const options = { vus: 2, duration: '1m' };\nexport default () => {};\n";
const OTHER: &str =
    "export const options = { vus: 9, duration: '5m' };\nexport default () => {};\n";

/// Runs command lines one after the other. The files whose names stand in a line are shown.
fn transcript(gate: &Gate, lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        gate.fake.clear_requests();
        let ended = gate.run(line);
        let _ = writeln!(text, "$ k6-gate {line}\n[exit code {}]", ended.code);
        for (name, found) in [("stdout", &ended.stdout), ("stderr", &ended.stderr)] {
            if !found.is_empty() {
                let lines: Vec<_> = found.trim_end().lines().map(without_time).collect();
                let _ = writeln!(text, "[{name}]\n{}", lines.join("\n"));
            }
        }
        let mut sent: BTreeMap<String, usize> = BTreeMap::new();
        for request in gate.fake.requests() {
            *sent.entry(request.operation.unwrap_or(request.path)).or_default() += 1;
        }
        let sent: Vec<_> = sent.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let _ = writeln!(text, "[requests] {}", sent.join(", "));
        let files = line.split_whitespace().filter(|word| word.starts_with("out/"));
        for file in files.filter(|file| gate.path(file).is_file()) {
            let _ = writeln!(text, "[{file}]\n{}", gate.text(file).trim_end());
        }
        text.push('\n');
    }
    let folder = gate.path("").display().to_string();
    let text = text.replace(&folder, "FOLDER/").replace(&gate.fake.base_url(), "http://BASE");
    let address = gate.fake.base_url().trim_start_matches("http://").to_owned();
    text.replace(gate.fake.stack_url(), "http://STACK").replace(&address, "ADDRESS")
}

/// Returns a line of the progress without the time that has passed.
fn without_time(line: &str) -> String {
    let rest = line.trim_start();
    let time = rest.split(' ').next().unwrap_or_default();
    let is_time = time.split_once(':').is_some_and(|(minutes, seconds)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !minutes.is_empty() && digits(minutes) && seconds.len() == 2 && digits(seconds)
    });
    if is_time { line.replacen(time, "M:SS", 1) } else { line.to_owned() }
}

fn check(name: &str, gate: &Gate, lines: &[&str]) {
    let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    compare(name, &transcript(gate, &lines));
}

fn compare(name: &str, found: &str) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/transcripts/{name}.txt"));
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if found == known {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        return std::fs::write(&path, found).expect("written");
    }
    let (mut new, mut old) = (found.lines(), known.lines());
    loop {
        let (found, known) = (new.next(), old.next());
        assert!(
            found == known && (found, known) != (None, None),
            "{name}: expected {known:?}, and found {found:?}. If this is meant, run \
             `UPDATE_GOLDEN=1 cargo test -p k6-gate transcripts` and review what it wrote"
        );
    }
}

#[test]
fn run_by_name() {
    let gate = Gate::new();
    gate.write("a.js", JS);
    gate.write("b.js", OTHER);
    let reports = "--json out/r.json --summary out/s.md --junit out/j.xml --dotenv out/k.env";
    let fast = "--poll-interval 100ms";
    check(
        "run_by_name",
        &gate,
        &[
            &format!("run --create --project Shop --name Budget a.js {fast} {reports}"),
            &format!(
                "run --create --project Shop --name Budget a.js {fast} --max-vuh 20 --json out/r.json"
            ),
            &format!(
                "run --create --project Shop --name Budget b.js {fast} --max-vuh 1 --json out/r.json"
            ),
            &format!("run --create --project Shop --name Budget b.js {fast} --k6-version 2"),
            &format!("run --create --project Shop --name Other none.js {fast}"),
            "run --project Shop",
        ],
    );
}

#[test]
fn rules_and_baselines() {
    let gate = Gate::new();
    gate.fake.add_run(RunSeed::passed().test_id(101).p95(100.0));
    let rules = "--max-p95 250ms --max-error-share 0.1% --max-regression p95:10%,errors:5%";
    for seed in [RunSeed::passed().p95(300.0).error_share(0.02), RunSeed::passed().p95(105.0)] {
        gate.fake.next_start(seed);
    }
    let fast = "--poll-interval 100ms";
    check(
        "rules_and_baselines",
        &gate,
        &[
            &format!("run --load-test 101 {fast} {rules} --json out/r.json --summary out/s.md"),
            &format!("run --load-test 101 {fast} {rules} --compare-unlike-loads --json out/r.json"),
            &format!("run --load-test 101 {fast} --baseline 7"),
            &format!("run --load-test 7 {fast}"),
        ],
    );
}

#[test]
fn handed_over() {
    let gate = Gate::new();
    check(
        "handed_over",
        &gate,
        &[
            "run --load-test 101 --detach out/run.json",
            "run --resume out/run.json --poll-interval 100ms --json out/r.json",
            "run --resume out/none.json",
            "run --load-test 101 --poll-interval 100ms --quiet",
        ],
    );
}

#[test]
fn runs_that_exist() {
    let gate = Gate::new();
    let project = gate.fake.add_project(ProjectSeed::new("Basket"));
    let test = gate.fake.add_load_test(LoadTestSeed::new("Login").project_id(project));
    let of_test = |seed: RunSeed| gate.fake.add_run(seed.test_id(test));
    let passed = of_test(RunSeed::passed().p95(200.0));
    let failed = of_test(RunSeed::failed().p95(300.0));
    let aborted = of_test(RunSeed::aborted());
    let errored = of_test(RunSeed::errored());
    let running = of_test(RunSeed::running());
    check(
        "runs_that_exist",
        &gate,
        &[
            &format!("report {passed} --json out/r.json --summary out/s.md"),
            &format!("report {failed} --json out/r.json --junit out/j.xml"),
            &format!("report {aborted} --summary out/s.md"),
            &format!("report {errored} --dotenv out/k.env"),
            &format!("watch {failed} --poll-interval 100ms"),
            &format!("compare {failed} {passed}"),
            &format!("compare {failed} {passed} --max-regression p95:10%"),
            &format!("compare {failed} {passed} --json"),
            &format!("abort {passed}"),
            &format!("abort {running}"),
            "report 7",
            "list projects",
            "list projects --json",
            "list tests",
            "list runs",
            &format!("list runs --load-test {test} --limit 2 --json"),
        ],
    );
}

#[test]
fn failing_services() {
    let gate = Gate::new();
    let run = gate.fake.add_run(RunSeed::passed().test_id(101));
    let mut text = String::new();
    for operation in [
        "query_range",
        "query_aggregate",
        "get_project",
        "get_load_test",
        "list_load_test_runs",
        "list_run_metrics",
        "get_test_run",
    ] {
        for (number, fault) in [Fault::status(403), Fault::html(200)].into_iter().enumerate() {
            gate.fake.clear_faults();
            gate.fake.inject(fault.on(operation));
            let _ = writeln!(text, "== {operation} {number}");
            let line = format!("report {run} --max-p95 900ms --max-regression p95:10%");
            text += &transcript(&gate, &[line]);
        }
    }
    compare("failing_services", &text);
}

#[test]
fn manual() {
    let gate = Gate::new();
    std::fs::create_dir(gate.path("out")).expect("created");
    let mut text = transcript(&gate, &["man out".to_owned()]);
    let mut pages: Vec<_> = std::fs::read_dir(gate.path("out"))
        .expect("a folder")
        .map(|page| page.expect("a page").path())
        .collect();
    pages.sort();
    for page in pages {
        let _ = writeln!(text, "== {}", page.file_name().expect("a name").display());
        text += &std::fs::read_to_string(&page).expect("a page");
    }
    compare("manual", &text);
}

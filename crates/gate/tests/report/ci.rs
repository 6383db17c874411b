//! What CI systems read: annotations, outputs and variables, read back by their own rules.

use std::collections::BTreeMap;

use k6_gate::report::{Report, ci};

use crate::samples;

/// Reads `name=value` lines, and fails on anything else.
fn variables(text: &str) -> BTreeMap<&str, &str> {
    let lines = text.lines().map(|line| line.split_once('=').expect("name=value"));
    let variables: BTreeMap<_, _> = lines.collect();
    assert_eq!(variables.len(), text.lines().count(), "no name twice");
    for name in variables.keys() {
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{name}");
    }
    variables
}

#[test]
fn outputs_and_variables_are_read_back_whatever_the_texts() {
    for (name, report) in samples::all() {
        let outputs = ci::github_outputs(&report);
        // This would start a value of several lines.
        assert!(!outputs.contains("<<"), "{name}");
        let outputs = variables(&outputs);
        assert_eq!(
            outputs.keys().copied().collect::<Vec<_>>(),
            ["p95", "run_id", "url", "verdict"]
        );
        assert_eq!(outputs["verdict"], report.verdict.as_str());
        let dotenv = ci::gitlab_dotenv(&report);
        let dotenv = variables(&dotenv);
        let names: Vec<_> = dotenv.keys().copied().collect();
        assert_eq!(names, ["K6_P95", "K6_RUN_ID", "K6_URL", "K6_VERDICT"]);
        assert_eq!(dotenv["K6_RUN_ID"], outputs["run_id"]);
    }
    let outputs = ci::github_outputs(&samples::failed());
    let outputs = variables(&outputs);
    assert_eq!(outputs["p95"], "687");
    assert_eq!(outputs["url"], "https://acme.grafana.net/a/k6-app/runs/1001");
}

#[test]
fn address_that_is_no_link_is_left_out() {
    let mut report = samples::failed();
    for url in [
        "https://x.example/\nverdict=passed",
        "https://x.example/\rverdict=passed",
        "https://x.example/ x",
        "javascript:alert(1)",
        "https://x.example/\u{2028}",
        "",
    ] {
        if let Some(run) = &mut report.run {
            run.url = Some(url.to_owned());
        }
        let outputs = ci::github_outputs(&report);
        assert_eq!(variables(&outputs)["url"], "", "{url:?}");
    }
}

/// Reads annotations as the runner does: kind, title and message.
fn annotations(report: &Report) -> Vec<(String, String, String)> {
    let unescaped = |text: &str| {
        let text = text.replace("%3A", ":").replace("%2C", ",");
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    };
    let text = ci::github_annotations(report);
    let lines = text.lines().map(|line| {
        let line = line.strip_prefix("::").expect("a command");
        let (head, message) = line.split_once("::").expect("a message");
        let (kind, properties) = head.split_once(' ').expect("properties");
        let properties = properties.split(',').map(|pair| pair.split_once('=').expect("a pair"));
        let properties: Vec<_> = properties.collect();
        for (name, value) in &properties {
            assert!(["file", "line", "col", "title"].contains(name), "{name}");
            assert!(!value.contains(':'), "{value}");
        }
        let (_, title) = properties.last().filter(|(name, _)| *name == "title").expect("a title");
        (kind.to_owned(), unescaped(title), unescaped(message))
    });
    lines.collect()
}

#[test]
fn annotations_are_one_line_each_and_say_the_verdict_first() {
    for (name, report) in samples::all() {
        let found = annotations(&report);
        let kind = if report.exit_code == 0 { "notice" } else { "error" };
        assert_eq!(found[0].0, kind, "{name}");
        assert!(found[0].2.starts_with(report_title(&report)), "{name}: {}", found[0].2);
        let count = |kind: &str| found.iter().filter(|found| found.0 == kind).count();
        // GitHub shows no more.
        assert!(count("error") <= 10 && count("warning") <= 10, "{name}");
        let kinds = ["notice", "error", "warning"];
        assert!(found.iter().all(|found| kinds.contains(&&*found.0)), "{name}");
        assert!(found.iter().all(|found| !found.2.contains("##")), "{name}");
    }
    let errored = ci::github_annotations(&samples::errored());
    let beside = errored.lines().filter(|line| {
        line.starts_with(
            "::error file=tests/login.js,line=12,col=14,title=k6%3A Checkout::12000 times",
        )
    });
    assert_eq!(beside.count(), 1, "{errored}");
    let failed = annotations(&samples::failed());
    let messages: Vec<_> = failed.iter().map(|found| &*found.2).collect();
    assert!(messages[0].ends_with("\nhttps://acme.grafana.net/a/k6-app/runs/1001"), "{messages:?}");
    assert_eq!(
        messages[1],
        "threshold http_req_duration p(95)<500, value 687 ms, headroom -37.4 %"
    );
    assert!(messages[2].starts_with("rule max-regression p95, limit 10%, "), "{messages:?}");
}

fn report_title(report: &Report) -> &'static str {
    match report.verdict.as_str() {
        "passed" => "passed: ",
        "thresholds_failed" => "thresholds failed: ",
        "cut_off" => "cut off: ",
        "errored" => "failed with an error: ",
        _ => "not started: ",
    }
}

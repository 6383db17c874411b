//! JUnit, checked by the rules of the common schema (`JUnit.xsd` of Windy Road, as far as CI systems use
//! it) and of Jenkins (`junit-10.xsd`), which are written out here.

use std::collections::BTreeSet;

use k6_gate::report::{CheckRow, Conclusion, Report, junit};
use roxmltree::{Document, Node};

use crate::samples;

/// An element with the attributes that it must have, those that it may have, and its children in order.
struct Rule {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    children: &'static [&'static str],
    has_text: bool,
}

/// Every element and attribute is one that both schemas permit.
const RULES: [Rule; 10] = [
    Rule::new("testsuites", &[], &["name", "tests", "failures", "errors", "time"], &["testsuite"]),
    Rule::new(
        "testsuite",
        &["name", "tests", "failures", "errors", "time"],
        &["skipped", "timestamp", "hostname", "id", "package"],
        &["properties", "testcase", "system-out", "system-err"],
    ),
    Rule::new("properties", &[], &[], &["property"]),
    Rule::new("property", &["name", "value"], &[], &[]),
    Rule::new(
        "testcase",
        &["name", "classname", "time"],
        &[],
        &["skipped", "error", "failure", "system-out", "system-err"],
    ),
    Rule::new("skipped", &[], &["message"], &[]),
    Rule::new("error", &["type"], &["message"], &[]).with_text(),
    Rule::new("failure", &["type"], &["message"], &[]).with_text(),
    Rule::new("system-out", &[], &[], &[]).with_text(),
    Rule::new("system-err", &[], &[], &[]).with_text(),
];

impl Rule {
    const fn new(
        name: &'static str,
        required: &'static [&'static str],
        optional: &'static [&'static str],
        children: &'static [&'static str],
    ) -> Self {
        Self { name, required, optional, children, has_text: false }
    }

    const fn with_text(self) -> Self {
        Self { has_text: true, ..self }
    }
}

fn check(node: Node<'_, '_>) {
    let name = node.tag_name().name();
    let rule = RULES.iter().find(|rule| rule.name == name).unwrap_or_else(|| panic!("<{name}>"));
    for required in rule.required {
        assert!(node.has_attribute(*required), "<{name}> has no {required}");
    }
    for attribute in node.attributes() {
        let (attribute, value) = (attribute.name(), attribute.value());
        let known = rule.required.contains(&attribute) || rule.optional.contains(&attribute);
        assert!(known, "<{name} {attribute}>");
        match attribute {
            "tests" | "failures" | "errors" | "skipped" => {
                value.parse::<u32>().expect("a number");
            }
            "time" => assert!(value.parse::<f64>().is_ok_and(|time| time >= 0.0), "{value}"),
            "timestamp" => {
                let format = "%Y-%m-%dT%H:%M:%S";
                chrono::NaiveDateTime::parse_from_str(value, format).expect("a time without zone");
            }
            "name" | "classname" => assert!(!value.trim().is_empty()),
            _ => {}
        }
    }
    let mut order = 0;
    for child in node.children() {
        if child.is_text() {
            let blank = child.text().unwrap_or_default().trim().is_empty();
            assert!(blank || rule.has_text, "text in <{name}>");
            continue;
        }
        let place = rule.children.iter().position(|known| *known == child.tag_name().name());
        let place = place.unwrap_or_else(|| panic!("<{}> in <{name}>", child.tag_name().name()));
        assert!(place >= order, "the order in <{name}>");
        order = place;
        check(child);
    }
}

fn rendered(report: &Report) -> String {
    junit::render(report).expect("written")
}

/// Returns the names of the cases, with the element that says how each ended.
fn cases(text: &str) -> Vec<(String, Option<String>)> {
    let document = Document::parse(text).expect("XML");
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    let cases = cases.map(|case| {
        let ended = case
            .children()
            .find(|node| ["failure", "error", "skipped"].contains(&node.tag_name().name()));
        let name = case.attribute("name").expect("a name").to_owned();
        (name, ended.map(|node| node.tag_name().name().to_owned()))
    });
    cases.collect()
}

fn ended(text: &str, name: &str) -> Option<String> {
    let cases = cases(text);
    let case = cases.iter().find(|case| case.0 == name).unwrap_or_else(|| panic!("{cases:?}"));
    case.1.clone()
}

#[test]
fn every_report_follows_the_common_schema_and_counts_its_cases() {
    for (name, report) in samples::all() {
        let text = rendered(&report);
        let document = Document::parse(&text).expect(name);
        check(document.root_element());
        let suites: Vec<_> =
            document.descendants().filter(|node| node.has_tag_name("testsuite")).collect();
        assert_eq!(suites.len(), 1, "{name}");
        let cases = cases(&text);
        let count =
            |kind: &str| cases.iter().filter(|case| case.1.as_deref() == Some(kind)).count();
        for (attribute, count) in [
            ("tests", cases.len()),
            ("failures", count("failure")),
            ("errors", count("error")),
            ("skipped", count("skipped")),
        ] {
            assert_eq!(suites[0].attribute(attribute), Some(&*count.to_string()), "{name}");
        }
        let names: BTreeSet<_> = cases.iter().map(|case| &case.0).collect();
        assert_eq!(names.len(), cases.len(), "{name}: names are unique");
    }
}

#[test]
fn document_is_bad_exactly_if_the_gate_does_not_pass() {
    for (name, report) in samples::all() {
        for exit_code in [0, report.exit_code] {
            // A passed run with rows that look bad, and a failed one with rows that look good, too.
            let mut report = report.clone();
            report.exit_code = exit_code;
            if exit_code == 0 {
                report.verdict = Conclusion::Passed;
                report.rules.clear();
            }
            for rows in [true, false] {
                if !rows {
                    report.thresholds.clear();
                    report.checks.clear();
                    report.rules.clear();
                }
                let bad = cases(&rendered(&report))
                    .iter()
                    .any(|case| case.1.as_deref().is_some_and(|kind| kind != "skipped"));
                assert_eq!(bad, exit_code != 0, "{name} {exit_code} {rows}");
            }
        }
    }
}

#[test]
fn names_are_the_same_in_each_run_whatever_its_end() {
    let sorted = |report: &Report| {
        let text = rendered(report);
        let document = Document::parse(&text).expect("XML");
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        let names = cases
            .map(|node| format!("{:?} {:?}", node.attribute("classname"), node.attribute("name")));
        names.collect::<BTreeSet<_>>()
    };
    let first = samples::failed();
    let mut second = samples::failed();
    second.verdict = Conclusion::Passed;
    second.exit_code = 0;
    // The name could not be read, values differ, and so does the order of checks.
    if let (Some(run), Some(test)) = (&mut second.run, &mut second.load_test) {
        run.id = 2002.into();
        test.name = None;
    }
    second.checks.reverse();
    for row in &mut second.thresholds {
        (row.value, row.held) = (None, None);
    }
    for row in &mut second.rules {
        (row.held, row.limit) = (Some(true), "1%".to_owned());
    }
    assert_eq!(sorted(&first), sorted(&second));
    let text = rendered(&second);
    assert!(text.contains("<property name=\"run_id\" value=\"2002\"/>"), "{text}");
}

#[test]
fn run_that_did_not_start_or_was_cut_off_is_an_error() {
    for report in [samples::not_started(), samples::cut_off()] {
        assert_eq!(ended(&rendered(&report), "run").as_deref(), Some("error"));
    }
    let mut left = samples::cut_off();
    (left.verdict, left.exit_code) = (Conclusion::Running, 0);
    assert_eq!(ended(&rendered(&left), "run").as_deref(), Some("skipped"));
}

#[test]
fn checks_and_values_that_the_run_tolerates_are_not_failures() {
    let mut report = samples::passed();
    report.checks.push(CheckRow { name: "rare".to_owned(), passed: 99.0, total: 100.0 });
    report.thresholds[0].held = Some(false);
    let text = rendered(&report);
    assert_eq!(ended(&text, "check rare").as_deref(), Some("skipped"));
    assert_eq!(ended(&text, "threshold http_req_duration p(95)<500"), None);
    let text = rendered(&samples::failed());
    assert_eq!(ended(&text, "check status is 200").as_deref(), Some("failure"));
    assert_eq!(ended(&text, "threshold http_req_duration p(95)<500").as_deref(), Some("failure"));
    // The threshold that failed is a case of its own, so the run is not counted twice.
    assert_eq!(ended(&text, "run"), None);
}

#[test]
fn breach_that_no_row_shows_is_a_failure_of_the_run() {
    let mut report = samples::failed();
    report.rules.clear();
    report.checks.clear();
    for row in &mut report.thresholds {
        (row.value, row.held) = (None, None);
    }
    assert_eq!(ended(&rendered(&report), "run").as_deref(), Some("failure"));
}

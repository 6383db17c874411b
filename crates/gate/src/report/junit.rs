//! The report in JUnit's XML format.
//!
//! A CI system follows a test case by its class and name, so they are the same in each run: the class
//! is the load test, and the cases are the run itself, each threshold, each rule of the gate and each
//! check. The file has a failure or an error exactly if the gate does not pass.

use std::collections::BTreeMap;
use std::io;

use k6_cloud::metrics::Unit;
use k6_cloud::metrics::text::{number, share};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::model::{CheckRow, Conclusion, NamedId, Report, RuleRow, ThresholdRow};
use super::shown::{Mark, data, link};

/// Something that a run is judged by.
struct Case {
    name: String,
    outcome: CaseOutcome,
}

#[derive(Clone, Debug, PartialEq)]
enum CaseOutcome {
    Passed { output: Option<String> },
    Failed { message: String },
    Errored { message: String },
    Skipped { message: String },
}

/// Returns the report as a document with one suite.
///
/// # Errors
///
/// Fails only if memory cannot be written to.
pub fn render(report: &Report) -> io::Result<String> {
    let mut cases = cases(report);
    cases.insert(0, run_case(report, &cases));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = writer.create_element("testsuites");
    suites.write_inner_content(|writer| suite(writer, report, &cases))?;
    let mut out = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    out.push('\n');
    Ok(out)
}

/// Returns the case of the run itself. It is not good if the gate does not pass for a reason that no
/// other case has.
fn run_case(report: &Report, others: &[Case]) -> Case {
    let message = data(&report.reason);
    let is_said = others.iter().any(|case| matches!(case.outcome, CaseOutcome::Failed { .. }));
    let outcome = match report.verdict {
        Conclusion::Running if report.exit_code == 0 => CaseOutcome::Skipped { message },
        Conclusion::Passed if report.exit_code == 0 => CaseOutcome::Passed { output: None },
        verdict if verdict.is_failed() && is_said => CaseOutcome::Passed { output: Some(message) },
        verdict if verdict.is_failed() => CaseOutcome::Failed { message },
        _ => CaseOutcome::Errored { message },
    };
    Case { name: "run".to_owned(), outcome }
}

fn cases(report: &Report) -> Vec<Case> {
    let mut checks: Vec<_> = report.checks.iter().collect();
    // The report has the worst first, which differs from run to run.
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    let thresholds = report.thresholds.iter().map(|row| threshold_case(report, row));
    let rules = report.rules.iter().map(rule_case);
    let checks = checks.into_iter().map(|row| check_case(report, row));
    let mut cases: Vec<Case> = thresholds.chain(rules).chain(checks).collect();
    number_equal_names(&mut cases);
    cases
}

fn threshold_case(report: &Report, row: &ThresholdRow) -> Case {
    let shown = shown_value(row.value, row.unit);
    let outcome = match (row.held, report.threshold_mark(row)) {
        (Some(true), _) => CaseOutcome::Passed { output: shown },
        (_, Mark::Bad) => CaseOutcome::Failed {
            message: format!("the value is {}", shown.unwrap_or_else(|| "not known".to_owned())),
        },
        (Some(false), _) => CaseOutcome::Passed {
            output: Some("the computed value looks breached, but the run passed".to_owned()),
        },
        _ => CaseOutcome::Skipped {
            message: row.note.as_deref().map_or("not known whether it held".to_owned(), data),
        },
    };
    let name = data(&format!("{} {}", row.metric, row.expression));
    Case { name: format!("threshold {name}"), outcome }
}

fn rule_case(row: &RuleRow) -> Case {
    let (shown, limit) = (shown_value(row.value, row.unit), data(&row.limit));
    let note = row.note.as_deref().map(data);
    let outcome = match row.held {
        Some(true) => CaseOutcome::Passed { output: shown },
        Some(false) => {
            let value = shown.map(|value| format!("{value}, limit {limit}"));
            let parts: Vec<_> = value.into_iter().chain(note).collect();
            CaseOutcome::Failed { message: parts.join("; ") }
        }
        None => CaseOutcome::Skipped {
            message: note.unwrap_or_else(|| "could not be judged".to_owned()),
        },
    };
    Case { name: format!("rule {}", data(&row.name)), outcome }
}

fn check_case(report: &Report, row: &CheckRow) -> Case {
    let part = Some(row.passed / row.total).filter(|part| part.is_finite());
    let part = part.map(|part| format!(" ({})", share(part))).unwrap_or_default();
    let message = format!("{} of {} passed{part}", number(row.passed), number(row.total));
    let outcome = match report.check_mark(row) {
        Mark::Good => CaseOutcome::Passed { output: Some(message) },
        Mark::Bad if report.exit_code != 0 => CaseOutcome::Failed { message },
        _ => CaseOutcome::Skipped { message: format!("{message}, and the run passed") },
    };
    Case { name: format!("check {}", data(&row.name)), outcome }
}

fn shown_value(value: Option<f64>, unit: Option<Unit>) -> Option<String> {
    value.map(|value| unit.map_or_else(|| number(value), |unit| unit.show(value)))
}

fn number_equal_names(cases: &mut [Case]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for case in cases {
        let count = seen.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name.push_str(&format!(" ({count})"));
        }
    }
}

/// Returns the class of all cases. The name of a load test may change or be unreadable, so its id comes
/// first.
fn class(report: &Report) -> String {
    match &report.load_test {
        Some(NamedId { id, .. }) => format!("k6.load test {id}"),
        None => "k6.load test".to_owned(),
    }
}

fn suite(writer: &mut Writer<Vec<u8>>, report: &Report, cases: &[Case]) -> io::Result<()> {
    let count = |is: fn(&CaseOutcome) -> bool| {
        cases.iter().filter(|case| is(&case.outcome)).count().to_string()
    };
    let seconds = format!("{:.3}", seconds(report));
    let mut attributes = vec![
        ("name", report.subject()),
        ("tests", cases.len().to_string()),
        ("failures", count(|outcome| matches!(outcome, CaseOutcome::Failed { .. }))),
        ("errors", count(|outcome| matches!(outcome, CaseOutcome::Errored { .. }))),
        ("skipped", count(|outcome| matches!(outcome, CaseOutcome::Skipped { .. }))),
        ("time", seconds.clone()),
    ];
    if let Some(run) = &report.run {
        attributes.push(("timestamp", run.created.format("%Y-%m-%dT%H:%M:%S").to_string()));
    }
    let suite = writer
        .create_element("testsuite")
        .with_attributes(attributes.iter().map(|(name, value)| (*name, &**value)));
    suite.write_inner_content(|writer| {
        properties(writer, report)?;
        let class = class(report);
        for (index, case) in cases.iter().enumerate() {
            let time = if index == 0 { &seconds } else { "0.000" };
            write_case(writer, case, &class, time)?;
        }
        errors(writer, report)
    })?;
    Ok(())
}

/// Writes the errors of the logs. Their line breaks stay: an exception has a stack.
fn errors(writer: &mut Writer<Vec<u8>>, report: &Report) -> io::Result<()> {
    if report.script_errors.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for error in &report.script_errors {
        let lines = error.text.lines().map(data).collect::<Vec<_>>().join("\n    ");
        let (first, last) = (error.first, error.last);
        let times = if error.count == 1 {
            first.to_string()
        } else {
            format!("{} times, {first} to {last}", error.count)
        };
        let zones = error.load_zones.iter().map(|zone| data(zone)).collect::<Vec<_>>().join(", ");
        let zones = if zones.is_empty() { zones } else { format!(", {zones}") };
        text.push_str(&format!("{}: {lines}\n    ({times}{zones})\n", error.level));
    }
    writer.create_element("system-err").write_text_content(BytesText::new(&text)).map(drop)
}

fn seconds(report: &Report) -> f64 {
    let run = report.run.as_ref();
    let lasted = run.and_then(|run| Some((*run.ended? - *run.created).as_seconds_f64()));
    lasted.or(report.load.seconds).filter(|seconds| *seconds >= 0.0).unwrap_or(0.0)
}

fn properties(writer: &mut Writer<Vec<u8>>, report: &Report) -> io::Result<()> {
    let mut list = vec![("verdict", report.verdict.as_str().to_owned())];
    let run = report.run.as_ref();
    list.extend(run.map(|run| ("run_id", run.id.to_string())));
    let url = link(run.and_then(|run| run.url.as_deref()));
    list.extend(url.map(|url| ("url", url.to_owned())));
    let named = [
        ("load_test_id", "load_test_name", report.load_test.as_ref().map(NamedId::with_any_id)),
        ("project_id", "project_name", report.project.as_ref().map(NamedId::with_any_id)),
        ("stack_id", "stack_name", report.stack.as_ref().map(NamedId::with_any_id)),
    ];
    for (id, name, value) in named {
        let Some(value) = value else { continue };
        list.push((id, value.id));
        list.extend(value.name.iter().map(|text| (name, data(text))));
    }
    list.extend(report.script_version.iter().map(|text| ("script_version", data(text))));
    let p95 = report.p95_ms().filter(|value| value.is_finite());
    list.extend(p95.map(|value| ("p95_ms", value.to_string())));
    writer.create_element("properties").write_inner_content(|writer| {
        for (name, value) in &list {
            let property = writer.create_element("property");
            property
                .with_attribute(("name", *name))
                .with_attribute(("value", &**value))
                .write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_case(
    writer: &mut Writer<Vec<u8>>,
    case: &Case,
    class: &str,
    time: &str,
) -> io::Result<()> {
    let element = writer.create_element("testcase").with_attributes([
        ("classname", class),
        ("name", &*case.name),
        ("time", time),
    ]);
    let inner = |name: &'static str, message: &str| (name, message.to_owned());
    let (name, message) = match &case.outcome {
        CaseOutcome::Passed { output: None } => {
            element.write_empty()?;
            return Ok(());
        }
        CaseOutcome::Passed { output: Some(output) } => {
            element.write_inner_content(|writer| {
                let output = BytesText::new(output);
                writer.create_element("system-out").write_text_content(output).map(drop)
            })?;
            return Ok(());
        }
        CaseOutcome::Failed { message } => inner("failure", message),
        CaseOutcome::Errored { message } => inner("error", message),
        CaseOutcome::Skipped { message } => inner("skipped", message),
    };
    element.write_inner_content(|writer| {
        let problem = writer.create_element(name).with_attribute(("message", &*message));
        match name {
            // The common schema permits no text in `skipped`.
            "skipped" => problem.write_empty()?,
            _ => {
                let problem = problem.with_attribute(("type", "k6"));
                problem.write_text_content(BytesText::new(&message))?
            }
        };
        Ok(())
    })?;
    Ok(())
}

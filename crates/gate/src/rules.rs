//! The rules of the gate, beside the thresholds of the script.

use k6_cloud::metrics::Unit;
use k6_cloud::metrics::text::number;

use crate::args::RuleOptions;
use crate::exit::{Ending, Exit};
use crate::report::{ComparisonTable, Conclusion, Report, RuleRow};
use crate::units::{RegressionLimit, WrittenLimit, show};

const NO_NUMBER: &str = "the run has no such number";

/// What a run is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum ComparedWith {
    /// Nothing asked for a comparison.
    #[default]
    Nothing,
    /// The baseline could not be read, with the reason.
    Failed(String),
    /// No earlier run of the load test has passed.
    NoBaseline,
    /// The loads differ, as the sentence says.
    Unlike(String),
    Run(ComparisonTable),
}

/// Returns the rules before they are judged.
pub(crate) fn unjudged(rules: &RuleOptions) -> Vec<RuleRow> {
    let note = "not judged, because there are no numbers".to_owned();
    let rows = judge(rules, None, None, &ComparedWith::Failed(note.clone()));
    rows.into_iter().map(|row| RuleRow { note: Some(note.clone()), ..row }).collect()
}

/// Judges the rules by the numbers of a report.
///
/// `unread` is why some numbers could not be read.
pub(crate) fn judge_report(
    rules: &RuleOptions,
    report: &Report,
    unread: Option<&str>,
    compared: &ComparedWith,
) -> Vec<RuleRow> {
    let share = report.total.as_ref().and_then(|total| total.failure_share);
    let few = too_few(rules.min_requests, report);
    let mut rows = judge(rules, report.p95_ms(), share, compared);
    if let Some(few) = few {
        for row in rows.iter_mut().filter(|row| row.held == Some(true)) {
            // It would hold by chance.
            (row.held, row.note) = (None, Some(few.clone()));
        }
    }
    if let Some(why) = unread {
        for row in rows.iter_mut().filter(|row| row.note.as_deref() == Some(NO_NUMBER)) {
            row.note = Some(format!("the number could not be read: {why}"));
        }
    }
    rows
}

/// Returns why the rules are not judged, if the run made fewer requests than they need.
fn too_few(least: Option<u64>, report: &Report) -> Option<String> {
    let least = least?;
    let Some(made) = report.total.as_ref().and_then(|total| total.requests) else {
        return Some(format!(
            "it is not known whether the run made {least} requests (--min-requests)"
        ));
    };
    (made < least as f64)
        .then(|| format!("the run made {} requests, and --min-requests is {least}", number(made)))
}

fn judge(
    rules: &RuleOptions,
    p95_ms: Option<f64>,
    failure_share: Option<f64>,
    compared: &ComparedWith,
) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    if let Some(limit) = &rules.max_p95 {
        let bound = limit.value.as_secs_f64() * 1_000.0;
        rows.push(at_most("max-p95", limit, p95_ms, bound, Unit::Milliseconds));
    }
    if let Some(limit) = &rules.max_error_share {
        rows.push(at_most("max-error-share", limit, failure_share, limit.value, Unit::Share));
    }
    rows.extend(judge_regressions(&rules.max_regression, compared));
    rows
}

fn at_most<T>(
    name: &str,
    limit: &WrittenLimit<T>,
    value: Option<f64>,
    bound: f64,
    unit: Unit,
) -> RuleRow {
    let value = value.filter(|value| !value.is_nan());
    RuleRow {
        name: name.to_owned(),
        limit: limit.written.clone(),
        value,
        unit: Some(unit),
        held: value.map(|value| value <= bound),
        note: value.is_none().then(|| NO_NUMBER.to_owned()),
    }
}

/// Judges the limits on regressions.
pub(crate) fn judge_regressions(
    limits: &[WrittenLimit<RegressionLimit>],
    compared: &ComparedWith,
) -> Vec<RuleRow> {
    limits.iter().map(|limit| judge_regression(limit, compared)).collect()
}

fn judge_regression(limit: &WrittenLimit<RegressionLimit>, compared: &ComparedWith) -> RuleRow {
    let RegressionLimit { metric, share, floor } = limit.value;
    let row = RuleRow {
        name: format!("max-regression {metric}"),
        limit: limit.written.clone(),
        value: None,
        unit: Some(Unit::Share),
        held: None,
        note: None,
    };
    let note = |held: Option<bool>, note: String| RuleRow { held, note: Some(note), ..row.clone() };
    let comparison = match compared {
        ComparedWith::Run(comparison) => comparison,
        ComparedWith::Nothing => return note(None, "the run was not compared".to_owned()),
        ComparedWith::Failed(why) => return note(None, why.clone()),
        ComparedWith::Unlike(how) => {
            let fix = "add --compare-unlike-loads to compare them nevertheless";
            return note(None, format!("the loads differ: {how}; {fix}"));
        }
        // Otherwise, no first run could pass.
        ComparedWith::NoBaseline => {
            return note(
                Some(true),
                "no earlier run has passed, so nothing was compared".to_owned(),
            );
        }
    };
    let what = metric.compared_as();
    let change = comparison.changes.iter().find(|change| Some(&change.what) == what);
    let Some(change) = change else {
        return note(None, format!("the runs do not both have the number {metric}"));
    };
    let what = &change.what;
    let worse_by = if metric.is_better_if_larger() {
        change.before - change.after
    } else {
        change.after - change.before
    };
    let (before, after) = (show(change.before, change.unit), show(change.after, change.unit));
    let text = format!("{what}: {before} in run {}, {after} now", comparison.baseline.id);
    // Rounding must not breach a limit that is met exactly.
    let held = worse_by <= share * change.before.abs() + floor + f64::EPSILON * change.before.abs();
    if change.before == 0.0 && worse_by > 0.0 {
        // It is no share of zero.
        return note(Some(held), text);
    }
    let value = if worse_by == 0.0 { 0.0 } else { worse_by / change.before.abs() };
    RuleRow { value: Some(value), held: Some(held), note: Some(text), ..row }
}

/// Combines the verdict on a run with that of the rules.
pub(crate) fn apply(rows: &[RuleRow], ending: Ending) -> Ending {
    if ending.conclusion != Conclusion::Passed {
        return Ending { exit: stricter(ending.exit, rows), ..ending };
    }
    let named = |held: Option<bool>| {
        let rows = rows.iter().filter(|row| row.held == held);
        rows.map(describe).collect::<Vec<_>>().join("; ")
    };
    if rows.iter().any(|row| row.held == Some(false)) {
        let reason = format!("a rule of the gate was breached: {}", named(Some(false)));
        return Ending::new(Conclusion::RulesFailed, Exit::Breached, reason);
    }
    if rows.iter().any(|row| row.held.is_none()) {
        let reason = format!("a rule of the gate could not be judged: {}", named(None));
        return Ending::new(Conclusion::Unknown, Exit::Unknown { k6: None }, reason);
    }
    ending
}

/// Lets a run that breached a rule not pass by the exit codes of the k6 command-line tool, which lets
/// some runs pass that did not.
fn stricter(exit: Exit, rows: &[RuleRow]) -> Exit {
    let code = if rows.iter().any(|row| row.held == Some(false)) {
        99
    } else if rows.iter().any(|row| row.held.is_none()) {
        98
    } else {
        return exit;
    };
    match exit {
        Exit::Incomplete { k6: 0 } => Exit::Incomplete { k6: code },
        Exit::Unknown { k6: Some(0) } => Exit::Unknown { k6: Some(code) },
        other => other,
    }
}

fn describe(row: &RuleRow) -> String {
    let mut text = format!("{} {}", row.name, row.limit);
    if let (Some(value), Some(unit)) = (row.value, row.unit) {
        text.push_str(&format!(" is {}", show(value, unit)));
    }
    if let Some(note) = &row.note {
        text.push_str(&format!(" ({note})"));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use k6_cloud::Verdict;
    use k6_cloud::metrics::{ComparedNumber, Direction};

    use super::*;
    use crate::report::{BaselineRun, ChangeRow};
    use crate::units::{parse_duration_limit, parse_regression, parse_share_limit};

    fn options() -> RuleOptions {
        RuleOptions {
            max_p95: Some(parse_duration_limit("500ms").expect("a limit")),
            max_error_share: Some(parse_share_limit("1%").expect("a limit")),
            max_regression: Vec::new(),
            baseline: None,
            compare_unlike_loads: false,
            min_requests: None,
        }
    }

    fn held(rows: &[RuleRow]) -> Vec<Option<bool>> {
        rows.iter().map(|row| row.held).collect()
    }

    #[test]
    fn limits_hold_up_to_their_value() {
        for (p95, share, expected) in [
            (Some(500.0), Some(0.01), [Some(true), Some(true)]),
            (Some(500.1), Some(0.0101), [Some(false), Some(false)]),
            (None, Some(f64::NAN), [None, None]),
        ] {
            assert_eq!(held(&judge(&options(), p95, share, &ComparedWith::Nothing)), expected);
        }
        let second = parse_duration_limit("1s").expect("a limit");
        assert_eq!(second.value, Duration::from_secs(1));
    }

    #[test]
    fn rule_that_is_not_judged_says_why() {
        let notes = |rows: Vec<RuleRow>| {
            rows.into_iter().map(|row| row.note.unwrap_or_default()).collect::<Vec<_>>()
        };
        let note = "not judged, because there are no numbers";
        assert_eq!(notes(unjudged(&options())), [note, note]);
        let report = Report::new(Conclusion::Passed, 0, "passed");
        let judged = |unread| judge_report(&options(), &report, unread, &ComparedWith::Nothing);
        assert_eq!(notes(judged(None)), [NO_NUMBER, NO_NUMBER]);
        let unread = "the number could not be read: HTTP 500";
        assert_eq!(notes(judged(Some("HTTP 500"))), [unread, unread]);
    }

    fn compared(what: ComparedNumber, before: f64, after: f64) -> ComparedWith {
        let change = ChangeRow {
            what,
            unit: Unit::Milliseconds,
            before,
            after,
            percent: None,
            direction: Direction::Neutral,
        };
        let baseline = BaselineRun { id: 12.into(), url: None, created: None };
        ComparedWith::Run(ComparisonTable { baseline, changes: vec![change] })
    }

    #[test]
    fn regression_is_a_share_of_the_baseline() {
        for (limit, what, before, after, held, value) in [
            ("p95:10%", ComparedNumber::P95Duration, 200.0, 220.0, Some(true), Some(0.1)),
            ("p95:10%", ComparedNumber::P95Duration, 200.0, 221.0, Some(false), Some(0.105)),
            ("p95:10%", ComparedNumber::P95Duration, 200.0, 100.0, Some(true), Some(-0.5)),
            ("p95:0%", ComparedNumber::P95Duration, 200.0, 200.0, Some(true), Some(0.0)),
            ("errors:100%", ComparedNumber::Failures, 0.0, 0.001, Some(false), None),
            ("errors:100%", ComparedNumber::Failures, 0.0, 0.0, Some(true), Some(0.0)),
            ("errors:5%+0.1pp", ComparedNumber::Failures, 0.0, 0.000_9, Some(true), None),
            ("errors:5%+0.1pp", ComparedNumber::Failures, 0.0, 0.001_1, Some(false), None),
            ("errors:5%+0.1pp", ComparedNumber::Failures, 0.01, 0.0115, Some(true), Some(0.15)),
            ("errors:5%+0.1pp", ComparedNumber::Failures, 0.01, 0.0116, Some(false), Some(0.16)),
            ("p95:10%+20ms", ComparedNumber::P95Duration, 10.0, 31.0, Some(true), Some(2.1)),
            ("p95:10%+20ms", ComparedNumber::P95Duration, 10.0, 31.1, Some(false), Some(2.11)),
            ("rps:10%+2/s", ComparedNumber::RequestsPerSecond, 100.0, 88.0, Some(true), Some(0.12)),
            (
                "rps:10%+2/s",
                ComparedNumber::RequestsPerSecond,
                100.0,
                87.9,
                Some(false),
                Some(0.121),
            ),
            ("rps:10%", ComparedNumber::RequestsPerSecond, 100.0, 89.0, Some(false), Some(0.11)),
            ("rps:10%", ComparedNumber::RequestsPerSecond, 100.0, 150.0, Some(true), Some(-0.5)),
            ("checks:1%", ComparedNumber::ChecksPassed, 1.0, 0.9, Some(false), Some(0.1)),
            ("p99:10%", ComparedNumber::P95Duration, 1.0, 1.0, None, None),
        ] {
            let limits = [parse_regression(limit).expect(limit)];
            let row = judge_regressions(&limits, &compared(what.clone(), before, after)).remove(0);
            let rounded = row.value.map(|value| (value * 1e6).round() / 1e6);
            assert_eq!((row.held, rounded), (held, value), "{limit} {before} {after}");
        }
    }

    #[test]
    fn regression_without_a_comparison_is_not_judged_and_without_a_baseline_holds() {
        let limits = [parse_regression("p95:10%").expect("a limit")];
        let judged = |compared| judge_regressions(&limits, &compared).remove(0);
        assert_eq!(judged(ComparedWith::Nothing).held, None);
        let failed = judged(ComparedWith::Failed("403".to_owned()));
        assert_eq!((failed.held, failed.note.as_deref()), (None, Some("403")));
        let unlike = judged(ComparedWith::Unlike("1 VUs, and 50 in run 7".to_owned()));
        assert_eq!(unlike.held, None);
        assert!(unlike.note.expect("a note").contains("1 VUs, and 50 in run 7"));
        let first = judged(ComparedWith::NoBaseline);
        assert_eq!((first.held, first.name.as_str()), (Some(true), "max-regression p95"));
    }

    #[test]
    fn rules_are_not_judged_by_too_few_requests() {
        let mut report = Report::new(Conclusion::Passed, 0, "passed");
        let total = |requests, p95| crate::report::RequestNumbers {
            requests,
            failure_share: Some(0.0),
            duration_ms: crate::report::DurationNumbers { p95: Some(p95), ..Default::default() },
            ..Default::default()
        };
        let rules = RuleOptions { min_requests: Some(100), ..options() };
        for (requests, p95, expected) in [
            (Some(100.0), 400.0, [Some(true), Some(true)]),
            (Some(99.0), 400.0, [None, None]),
            // A breach is one all the same.
            (Some(99.0), 600.0, [Some(false), None]),
            (None, 400.0, [None, None]),
        ] {
            report.total = Some(total(requests, p95));
            let rows = judge_report(&rules, &report, None, &ComparedWith::Nothing);
            assert_eq!(held(&rows), expected, "{requests:?} {p95}");
        }
        report.total = Some(total(Some(1.0), 400.0));
        let note = judge_report(&rules, &report, None, &ComparedWith::Nothing).remove(0).note;
        assert_eq!(note.as_deref(), Some("the run made 1 requests, and --min-requests is 100"));
    }

    #[test]
    fn rules_only_make_a_verdict_worse() {
        let row = |held| RuleRow { name: "max-p95".to_owned(), held, ..RuleRow::default() };
        let passed = Ending::of_verdict(&Verdict::Passed);
        for (rows, conclusion, code) in [
            (vec![], Conclusion::Passed, 0),
            (vec![row(Some(true))], Conclusion::Passed, 0),
            (vec![row(Some(true)), row(None)], Conclusion::Unknown, 98),
            (vec![row(None), row(Some(false))], Conclusion::RulesFailed, 99),
        ] {
            let ending = apply(&rows, passed.clone());
            assert_eq!(
                (ending.conclusion, ending.exit.code(false)),
                (conclusion, code),
                "{rows:?}"
            );
        }
        let failed = Ending::new(Conclusion::Aborted, Exit::Incomplete { k6: 0 }, "aborted");
        assert_eq!(apply(&[row(Some(true))], failed.clone()), failed);
        let breached = apply(&[row(Some(false))], failed);
        assert_eq!((breached.exit.code(false), breached.exit.code(true)), (97, 99));
    }
}

//! Decides which changes are adopted without being asked for.

use clap::ValueEnum;

use crate::diff::Severity;
use crate::report::{self, Findings};
use openapi_lowering::problem::Problem;

/// The lowest severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Changes that break calls or code.
    Breaking,
    /// Additive and breaking changes.
    Additive,
    /// Any change.
    Any,
}

/// Changes that are adopted only if accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Accept {
    /// Changes of servers and of security: where calls go, and with which credentials.
    Security,
}

/// Fails for changes of servers and security that are not accepted, and for those that `--fail-on`
/// names.
pub(super) fn pass(
    findings: &Findings,
    accept: &[Accept],
    fail_on: Option<FailOn>,
) -> Result<(), Problem> {
    let named = |rules: &[&'static str]| {
        let mut rules = rules.to_vec();
        rules.dedup();
        rules.truncate(5);
        rules.join(", ")
    };
    let security = findings.to_accept();
    if !security.is_empty() && !accept.contains(&Accept::Security) {
        let rules: Vec<_> = security.iter().map(|found| found.change.rule.id).collect();
        let first = report::visible(&security[0].change.pointer);
        return Err(Problem::new(
            "servers and security",
            format!("{}, first at {first}", count_of(rules.len(), &named(&rules))),
            "review where calls and the token go, then run again with --accept security",
        ));
    }
    let (severity, name) = match fail_on {
        Some(FailOn::Breaking) => (Severity::Breaking, "breaking"),
        Some(FailOn::Additive) => (Severity::Additive, "additive"),
        Some(FailOn::Any) => (Severity::Text, "any"),
        None => return Ok(()),
    };
    let rules = findings.rules_from(severity);
    if rules.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        format!("--fail-on {name}"),
        count_of(rules.len(), &named(&rules)),
        "read the report, and run again without --fail-on to adopt them",
    ))
}

fn count_of(count: usize, rules: &str) -> String {
    let unit = if count == 1 { "change" } else { "changes" };
    format!("{count} {unit} ({rules})")
}

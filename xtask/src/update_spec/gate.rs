//! Which changes go through by themselves.

use clap::ValueEnum;

use crate::diff::Verdict;
use crate::report::{self, Findings};
use openapi_lowering::problem::Problem;

/// What is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// What breaks calls or code.
    Breaking,
    /// What breaks, and what is new.
    Additive,
    /// Any change.
    Any,
}

/// What is adopted only on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Accept {
    /// Changes of servers and of security: where calls go, and with which credentials.
    Security,
}

/// Refuses changes of servers and security that are not accepted, and what weighs too much.
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
            "look at where calls go and what they carry, and repeat with --accept security",
        ));
    }
    let (verdict, name) = match fail_on {
        Some(FailOn::Breaking) => (Verdict::Breaking, "breaking"),
        Some(FailOn::Additive) => (Verdict::Additive, "additive"),
        Some(FailOn::Any) => (Verdict::Text, "any"),
        None => return Ok(()),
    };
    let rules = findings.rules_from(verdict);
    if rules.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        format!("--fail-on {name}"),
        count_of(rules.len(), &named(&rules)),
        "read the report, and repeat without --fail-on to adopt them",
    ))
}

fn count_of(count: usize, rules: &str) -> String {
    let unit = if count == 1 { "change" } else { "changes" };
    format!("{count} {unit} ({rules})")
}

//! `compare`: a run beside a baseline.

use k6_cloud::metrics::Comparison;
use serde::Serialize;

use super::{Session, no_run, say};
use crate::args::CompareArgs;
use crate::connect::FakeNeeds;
use crate::exit::{Ending, Exit};
use crate::log_text::without_commands;
use crate::numbers;
use crate::report::{ComparisonTable, RuleRow, json};
use crate::rules::{self, ComparedWith};
use crate::table::ListTable;
use crate::units::show;

/// The output of `--json`.
#[derive(Serialize)]
struct ComparisonOutput {
    #[serde(flatten)]
    comparison: Comparison,
    rules: Vec<RuleRow>,
}

pub(super) async fn execute(session: Session<'_>, args: &CompareArgs) -> Result<Exit, Ending> {
    let connection = session.connect(FakeNeeds::default()).await?;
    let client = &connection.client;
    let (run, baseline) = tokio::join!(
        client.summarize_test_run(args.run).send(),
        client.summarize_test_run(args.baseline).send(),
    );
    let run = run.map_err(|error| no_run(args.run, &error))?;
    let baseline = baseline.map_err(|error| no_run(args.baseline, &error))?;
    let comparison = run.compare(&baseline);
    let table = ComparisonTable::new(&comparison, None);
    let compared = match args.max_regression.is_empty() || args.compare_unlike_loads {
        true => ComparedWith::Run(table),
        false => numbers::compare_loads(client, &run, &baseline, table).await,
    };
    let rules = rules::judge_regressions(&args.max_regression, &compared);
    let exit = match () {
        () if rules.iter().any(|rule| rule.held == Some(false)) => Exit::Breached,
        () if rules.iter().any(|rule| rule.held.is_none()) => Exit::Unknown { k6: None },
        () => Exit::Success,
    };
    if args.json {
        let output = ComparisonOutput { comparison, rules };
        let text = json::document(&output);
        say(&text.map_err(|error| Ending::settings(error.to_string()))?)?;
    } else {
        say(&without_commands(&comparison.to_string()))?;
        print_rules(&rules)?;
    }
    Ok(exit)
}

fn print_rules(rules: &[RuleRow]) -> Result<(), Ending> {
    if rules.is_empty() {
        return Ok(());
    }
    let mut table = ListTable::new(["rule", "limit", "value", ""]);
    for rule in rules {
        let value = rule.value.zip(rule.unit).map(|(value, unit)| show(value, unit));
        let held = match rule.held {
            Some(true) => "held",
            Some(false) => "breached",
            None => "not judged",
        };
        let note = rule.note.clone().unwrap_or_default();
        table.row([rule.name.clone(), rule.limit.clone(), value.unwrap_or(note), held.to_owned()]);
    }
    say(&format!("\n{}", table.to_text()))
}

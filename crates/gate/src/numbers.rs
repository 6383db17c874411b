//! Reads the numbers of a run that has ended, and judges the rules of the gate.

use std::time::Duration;

use k6_cloud::metrics::{
    Baseline, HTTP_REQ_DURATION, HTTP_REQ_FAILED, HTTP_REQS, Observations, Query, RunSummary, VUS,
};
use k6_cloud::types::TestRun;
use k6_cloud::{Client, Error, TestRunId};

use crate::args::RuleOptions;
use crate::cancel::Interrupts;
use crate::draft::ReportDraft;
use crate::exit::{Ending, root_cause, with_causes};
use crate::follow::EndedRun;
use crate::loads;
use crate::logs::LogReader;
use crate::output::{is_quiet, note_aligned};
use crate::report::{ComparisonTable, SeriesPoint, points_of};
use crate::rules::{self, ComparedWith};

/// How many points a chart has, about.
const POINTS: u64 = 120;

/// Adds the numbers of a run to the report, judges the rules, and returns how the gate ends. An
/// interrupt ends the reading, and the report has what was read until then.
pub(crate) async fn finish(
    client: &Client,
    ended: &EndedRun,
    rules: &RuleOptions,
    interrupts: &Interrupts,
    draft: &mut ReportDraft,
) -> Ending {
    let run = &ended.run;
    draft.set_run(client, run);
    let (mut compared, mut unread) = (ComparedWith::Nothing, None);
    let next = interrupts.count() + 1;
    let mut logs = std::mem::take(&mut draft.logs);
    let has_passed = run.verdict().is_passed();
    let is_complete = tokio::select! {
        biased;
        () = interrupts.reached(next) => false,
        ((), ()) = async {
            tokio::join!(
                read(client, run, rules, draft, (&mut compared, &mut unread)),
                finish_logs(&mut logs, has_passed),
            )
        } => true,
    };
    draft.logs = logs;
    if !is_complete {
        draft.report.notices.push("interrupted: not all numbers were read".to_owned());
    }
    draft.report.rules = rules::judge_report(rules, &draft.report, unread.as_deref(), &compared);
    rules::apply(&draft.report.rules, ended.ending())
}

/// Reads the rest of the logs. Those of a run that has passed are of interest only to who reads along.
async fn finish_logs(logs: &mut LogReader, has_passed: bool) {
    if !has_passed || logs.shows() {
        logs.finish(|line| {
            if !is_quiet() {
                note_aligned(line);
            }
        })
        .await;
    }
}

/// Reads names, numbers, series and the baseline. What cannot be read becomes a notice.
async fn read(
    client: &Client,
    run: &TestRun,
    rules: &RuleOptions,
    draft: &mut ReportDraft,
    (compared, unread): (&mut ComparedWith, &mut Option<String>),
) {
    read_names(client, run, draft).await;
    let summary = match client.summarize_test_run(run.id).send().await {
        Ok(summary) => summary,
        Err(error) => {
            *compared = ComparedWith::Failed("the numbers of the run could not be read".to_owned());
            *unread = Some(root_cause(&error));
            return notice(draft, "the numbers of the run", &error);
        }
    };
    draft.report.set_summary(&summary);
    *unread = summary.missing.first().map(|missing| missing.why.clone());
    let has_numbers = summary.http.is_some() || summary.load.iterations.is_some();
    if !has_numbers && summary.missing.is_empty() {
        draft
            .report
            .notices
            .push("the run has no numbers: the service has no metrics of it".to_owned());
    }
    *compared = compare(client, &summary, rules, draft).await;
    if summary.http.is_some() {
        read_series(client, run, &summary, draft).await;
    }
}

/// Reads the names of the run's project and load test, unless the report has them.
pub(crate) async fn read_names(client: &Client, run: &TestRun, draft: &mut ReportDraft) {
    let load_test = draft.report.load_test.as_ref().and_then(|named| named.name.as_ref());
    let project = draft.report.project.as_ref().and_then(|named| named.name.as_ref());
    if load_test.is_some() && project.is_some() {
        return;
    }
    match client.resource_names().of_run(run).await {
        Ok(names) => draft.set_names(run, names),
        Err(error) => {
            draft.set_names(run, k6_cloud::RunNames::default());
            notice(draft, "the names of the project and the load test", &error);
        }
    }
}

async fn compare(
    client: &Client,
    summary: &RunSummary,
    rules: &RuleOptions,
    draft: &mut ReportDraft,
) -> ComparedWith {
    let which = rules.baseline.map_or(Baseline::LastPassed, Baseline::Run);
    match client.summarize_baseline(summary, which).send().await {
        Ok(Some(baseline)) => {
            let url = client.test_run(baseline.run.id).page_url().map(ToOwned::to_owned);
            let mut table = ComparisonTable::new(&summary.compare(&baseline), url);
            table.baseline.created = Some(baseline.run.created);
            draft.report.comparison = Some(table.clone());
            if rules.max_regression.is_empty() || rules.compare_unlike_loads {
                return ComparedWith::Run(table);
            }
            compare_loads(client, summary, &baseline, table).await
        }
        Ok(None) => ComparedWith::NoBaseline,
        Err(error) => {
            notice(draft, "the baseline", &error);
            ComparedWith::Failed(format!("the baseline could not be read: {}", with_causes(&error)))
        }
    }
}

/// Compares two runs only if their loads are alike.
pub(crate) async fn compare_loads(
    client: &Client,
    run: &RunSummary,
    baseline: &RunSummary,
    table: ComparisonTable,
) -> ComparedWith {
    match loads::difference(client, run, baseline).await {
        Ok(None) => ComparedWith::Run(table),
        Ok(Some(how)) => ComparedWith::Unlike(how),
        Err(error) => {
            let error = with_causes(&error);
            ComparedWith::Failed(format!("the loads could not be compared: {error}"))
        }
    }
}

async fn read_series(
    client: &Client,
    run: &TestRun,
    summary: &RunSummary,
    draft: &mut ReportDraft,
) {
    let seconds = summary.run.load_seconds.unwrap_or_default() as u64;
    let step = Duration::from_secs((seconds / POINTS).max(1));
    let (p95, rate, vus, failures) = tokio::join!(
        series(client, run.id, HTTP_REQ_DURATION.quantile(0.95), step),
        series(client, run.id, HTTP_REQS.rate(), step),
        series(client, run.id, VUS.max(), step),
        series(client, run.id, HTTP_REQ_FAILED.rate(Observations::NonZero), step),
    );
    let mut failure = None;
    let mut keep = |found: Result<Vec<SeriesPoint>, Error>| {
        found.unwrap_or_else(|error| {
            failure.get_or_insert(error);
            Vec::new()
        })
    };
    let series = crate::report::TimeSeries {
        p95_ms: keep(p95),
        requests_per_second: keep(rate),
        vus: keep(vus),
        failures_per_second: keep(failures),
    };
    draft.report.series = series;
    if let Some(error) = failure {
        notice(draft, "values over time", &error);
    }
}

async fn series(
    client: &Client,
    run: TestRunId,
    query: Query,
    step: Duration,
) -> Result<Vec<SeriesPoint>, Error> {
    let found = client.query_range(run, query).step(step).send().await?;
    Ok(found.first().map(points_of).unwrap_or_default())
}

fn notice(draft: &mut ReportDraft, what: &str, error: &Error) {
    draft.report.notices.push(format!("{what} could not be read: {}", with_causes(error)));
}

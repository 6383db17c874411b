//! The report while it is being made. It can be written at any time.

use std::path::PathBuf;

use k6_cloud::types::TestRun;
use k6_cloud::{Client, LoadTestId, ProjectId, RunHandle, RunNames};

use crate::args::{General, RuleOptions};
use crate::exit::{Ending, Exit};
use crate::logs::LogReader;
use crate::report::{Conclusion, NamedId, Report, locate};
use crate::rules;

/// How far an abort of the run by the gate has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AbortState {
    #[default]
    NotTold,
    /// The request was sent, and its response has not come.
    Sent,
    /// The API has accepted it.
    Accepted,
}

/// A report with what is known so far, and how the gate would end now.
#[derive(Debug)]
pub(crate) struct ReportDraft {
    pub(crate) report: Report,
    /// The address of the run's page, as the start has returned it.
    page_url: Option<String>,
    /// Whether a start was sent: a run may have begun, even if the report has none.
    pub(crate) is_starting: bool,
    /// Whether the gate has told the run to abort.
    pub(crate) abort: AbortState,
    /// The script that was uploaded.
    pub(crate) script: Option<PathBuf>,
    /// The logs of the run.
    pub(crate) logs: LogReader,
    k6_exit_codes: bool,
}

impl ReportDraft {
    pub(crate) fn new(general: &General, rules: &RuleOptions) -> Self {
        let mut report = Report::new(Conclusion::NotStarted, 0, String::new());
        report.rules = rules::unjudged(rules);
        if general.fake.is_some() {
            report.notices.push("this is a run of a fake: nothing was tested".to_owned());
        }
        let (k6_exit_codes, abort) = (general.k6_exit_codes, AbortState::NotTold);
        let logs = LogReader::default();
        let mut draft = Self {
            report,
            page_url: None,
            is_starting: false,
            abort,
            script: None,
            logs,
            k6_exit_codes,
        };
        draft.conclude(Ending::interrupted_before_start());
        draft
    }

    pub(crate) fn conclude(&mut self, ending: Ending) {
        self.report.verdict = ending.conclusion;
        self.report.exit_code = ending.exit.code(self.k6_exit_codes);
        self.report.reason = ending.reason;
    }

    /// Adds the errors in the logs, unless the run has passed.
    pub(crate) fn add_script_errors(&mut self) {
        if self.report.verdict == Conclusion::Passed {
            return;
        }
        let (mut errors, failure) = std::mem::take(&mut self.logs).into_errors();
        if let Ok(folder) = std::env::current_dir() {
            for error in &mut errors {
                error.location = locate(&error.text, &folder, self.script.as_deref());
            }
        }
        self.report.script_errors = errors;
        self.report.notices.extend(failure);
    }

    /// Concludes for a gate that leaves at once.
    pub(crate) fn conclude_left(&mut self, why: &str) {
        let reason = match &self.report.run {
            Some(run) if run.ended.is_some() => format!("{why}: run {} had ended", run.id),
            Some(run) => match self.abort {
                AbortState::NotTold => {
                    format!("{why}: run {} was left as it was, {}", run.id, run.status)
                }
                AbortState::Sent => {
                    format!("{why} while k6-gate was telling run {} to abort: it may go on", run.id)
                }
                AbortState::Accepted => format!(
                    "{why}: k6-gate told run {} to abort, and its end was not seen: it may go on",
                    run.id
                ),
            },
            None if self.is_starting => {
                format!("{why} during the start: a run may have begun, see the load test")
            }
            None => format!("{why} before a run was started"),
        };
        self.conclude(Ending::new(Conclusion::CutOff, Exit::Left, reason));
    }

    pub(crate) fn set_stack(&mut self, client: &Client) {
        let settings = client.settings();
        let host = settings.stack_url().and_then(|url| url.split("://").nth(1));
        self.report.stack =
            Some(NamedId { id: settings.stack_id(), name: host.map(ToOwned::to_owned) });
    }

    pub(crate) fn set_project(&mut self, id: ProjectId, name: Option<String>) {
        self.report.project = Some(NamedId { id, name });
    }

    pub(crate) fn set_load_test(&mut self, id: LoadTestId, name: Option<String>) {
        self.report.load_test = Some(NamedId { id, name });
    }

    /// Sets the run that was started or resumed, with the address of its page.
    pub(crate) fn set_handle(&mut self, run: &RunHandle) {
        self.page_url = run.page_url().map(ToOwned::to_owned);
        if let Some(run) = run.run() {
            self.report.set_run(run, self.page_url.clone());
        }
    }

    /// Returns the address of a run's page, if it is known.
    pub(crate) fn page_url<'a>(&'a self, run: &'a RunHandle) -> Option<&'a str> {
        self.page_url.as_deref().or_else(|| run.page_url())
    }

    /// Sets the latest state of the run.
    pub(crate) fn set_run(&mut self, client: &Client, run: &TestRun) {
        if self.page_url.is_none() {
            self.page_url = client.test_run(run.id).page_url().map(ToOwned::to_owned);
        }
        self.report.set_run(run, self.page_url.clone());
    }

    pub(crate) fn set_names(&mut self, run: &TestRun, names: RunNames) {
        self.set_project(run.project_id, names.project);
        self.set_load_test(run.test_id, names.load_test);
    }
}

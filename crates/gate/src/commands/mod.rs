//! The commands.

mod abort;
mod archive;
mod compare;
mod doctor;
mod fake;
mod list;
mod literal;
mod manual;
mod report;
mod run;
mod script;
mod start;
mod target;
mod watch;

pub(crate) use self::archive::same_script;

use std::path::Path;

use k6_cloud::{Client, Error, TestRunId};

use crate::args::{Command, General};
use crate::cancel::Interrupts;
use crate::connect::{Connected, FakeNeeds, connect};
use crate::delivery;
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit};
use crate::output::{note, print, set_quiet};
use crate::report::{Conclusion, ReportFiles};

/// Runs a command, and returns the exit code.
pub(crate) async fn execute(general: &General, command: Command, interrupts: &Interrupts) -> u8 {
    set_quiet(general.quiet);
    let session = Session { general, interrupts, existing: None };
    match command {
        Command::Run(args) => run::execute(session, &args).await,
        Command::Report(args) => report::execute(session.of_run(args.run), &args).await,
        Command::Watch(args) => watch::execute(session.of_run(args.run), &args).await,
        Command::Abort(args) => session.exit(abort::execute(session, &args)).await,
        Command::Compare(args) => session.exit(compare::execute(session, &args)).await,
        Command::List(args) => session.exit(list::execute(session, &args)).await,
        Command::Doctor(args) => session.code(doctor::execute(session, &args).await),
        Command::Fake(args) => session.code(fake::execute(session, args).await),
        Command::Completions(args) => session.code(manual::completions(&args)),
        Command::Man(args) => session.code(manual::man(&args)),
    }
}

/// What all commands have.
#[derive(Clone, Copy)]
struct Session<'a> {
    general: &'a General,
    interrupts: &'a Interrupts,
    /// The run, if it exists already.
    existing: Option<TestRunId>,
}

impl Session<'_> {
    fn of_run(self, run: TestRunId) -> Self {
        Self { existing: Some(run), ..self }
    }

    /// Connects, unless there is an interrupt first.
    async fn connect(&self, needs: FakeNeeds<'_>) -> Result<Connected, Ending> {
        self.before_start(connect(self.general, needs)).await?
    }

    /// Waits for something that may be left undone at an interrupt.
    async fn before_start<T>(&self, work: impl Future<Output = T>) -> Result<T, Ending> {
        tokio::select! {
            biased;
            () = self.interrupts.reached(1) => Err(self.interrupted()),
            done = work => Ok(done),
        }
    }

    /// Returns the ending for an interrupt before there is a run, or before it was read.
    fn interrupted(&self) -> Ending {
        match self.existing {
            Some(run) => Ending::interrupted_before_reading(run),
            None => Ending::interrupted_before_start(),
        }
    }

    /// Returns the exit code of a command without a report. An interrupt ends the command.
    async fn exit(&self, command: impl Future<Output = Result<Exit, Ending>>) -> u8 {
        let result = self.before_start(command).await;
        self.code(
            result.unwrap_or_else(|ending| {
                Err(Ending { reason: "interrupted".to_owned(), ..ending })
            }),
        )
    }

    /// Returns the exit code of a command, and prints its error.
    fn code(&self, result: Result<Exit, Ending>) -> u8 {
        let exit = result.unwrap_or_else(|ending| {
            note(&format!("error: {}", ending.reason));
            ending.exit
        });
        exit.code(self.general.k6_exit_codes)
    }

    /// Makes a report and delivers it, however the command ends. A second interrupt ends the command at
    /// once. `outputs` and `inputs` are the other files of the command, by their options.
    async fn report(
        &self,
        mut draft: ReportDraft,
        files: &ReportFiles,
        [outputs, inputs]: [&[(&str, &Path)]; 2],
        command: impl AsyncFnOnce(&mut ReportDraft) -> Result<Ending, Ending>,
    ) -> u8 {
        if let Err(reason) = files.probe(outputs, inputs) {
            draft.conclude(match self.existing {
                Some(_) => Ending::new(Conclusion::Unknown, Exit::Settings, reason),
                None => Ending::settings(reason),
            });
            return delivery::deliver(&mut draft.report, files);
        }
        let ending = tokio::select! {
            biased;
            () = self.interrupts.reached(2) => None,
            ending = command(&mut draft) => Some(ending.unwrap_or_else(|ending| ending)),
        };
        match ending {
            Some(ending) => draft.conclude(ending),
            None => draft.conclude_left("interrupted twice"),
        }
        draft.add_script_errors();
        delivery::deliver(&mut draft.report, files)
    }
}

/// Waits for something that an interrupt cuts off; `None` then. The caller handles the interrupt.
async fn unless_interrupted<T>(
    interrupts: &Interrupts,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        () = interrupts.reached(1) => None,
        done = work => Some(done),
    }
}

/// Returns whether the API says that something does not exist. A 404 of another server says nothing.
pub(crate) fn is_missing(error: &Error) -> bool {
    error.is_not_found() && error.code() == Some("not_found")
}

/// Writes to standard output.
fn say(text: &str) -> Result<(), Ending> {
    print(text)
        .map_err(|error| Ending::settings(format!("standard output could not be written: {error}")))
}

/// Returns the ending for a run that cannot be read.
fn no_run(id: TestRunId, error: &Error) -> Ending {
    if is_missing(error) {
        let reason = format!("there is no run {id} in this stack");
        return Ending::new(Conclusion::Unknown, Exit::Rejected, reason);
    }
    Ending { conclusion: Conclusion::Unknown, ..Ending::not_started(error) }
}

/// Checks that the baseline that the user names exists, before a run is started in vain.
async fn check_baseline(client: &Client, baseline: Option<TestRunId>) -> Result<(), Ending> {
    let Some(id) = baseline else { return Ok(()) };
    match client.test_run(id).get().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let ending = no_run(id, &error);
            let reason = format!("the baseline cannot be read: {}", ending.reason);
            Err(Ending { reason, conclusion: Conclusion::NotStarted, ..ending })
        }
    }
}

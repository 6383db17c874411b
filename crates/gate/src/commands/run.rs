//! `run`: from a load test, or the run of an earlier job, to a verdict.

use std::path::Path;

use k6_cloud::{Client, RunHandle, RunReference};

use super::script::{self, GivenScript};
use super::{Session, check_baseline, start, target, unless_interrupted};
use crate::args::{OnCancel, RunArgs};
use crate::connect::FakeNeeds;
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit};
use crate::follow::Follower;
use crate::logs::LogReader;
use crate::numbers;
use crate::output::inform;
use crate::report::Conclusion;
use crate::state;

pub(super) async fn execute(session: Session<'_>, args: &RunArgs) -> u8 {
    let draft = ReportDraft::new(session.general, &args.rules);
    let work = async |draft: &mut ReportDraft| work(session, args, draft).await;
    let named = [
        ("--detach", &args.start.detach),
        ("the script", &args.target.script),
        ("--options", &args.start.options),
        ("--resume", &args.target.resume),
    ];
    let named = named.map(|(name, path)| Some((name, path.as_deref()?)));
    let outputs: Vec<_> = named[..1].iter().copied().flatten().collect();
    let inputs = named[1..].iter().copied().flatten();
    let inputs: Vec<_> = inputs.filter(|(_, path)| !script::is_stdin(path)).collect();
    session.report(draft, &args.files, [&outputs, &inputs], work).await
}

async fn work(
    session: Session<'_>,
    args: &RunArgs,
    draft: &mut ReportDraft,
) -> Result<Ending, Ending> {
    target::check(&args.target, session.general)?;
    let reference = args.target.resume.as_deref().map(state::read).transpose();
    let reference = reference.map_err(Ending::settings)?;
    let session = match &reference {
        Some(reference) => session.of_run(reference.run_id()),
        None => session,
    };
    let needs = FakeNeeds { load_test: args.target.load_test, run: reference.as_ref() };
    let connection = session.connect(needs).await?;
    let client = &connection.client;
    draft.set_stack(client);
    let (run, by_default) = match &reference {
        Some(reference) => {
            (resumed(session, client, reference, args, draft).await?, OnCancel::Leave)
        }
        None => {
            let run = started(session, client, args, draft).await?;
            if let Some(path) = &args.start.detach
                && let Some(ending) = detach(session, &run, path, args.wait.on_cancel)
            {
                return ending;
            }
            (run, OnCancel::Abort)
        }
    };
    let on_cancel = args.wait.on_cancel.unwrap_or(by_default);
    let interrupts = session.interrupts;
    draft.script = args.target.script.clone();
    draft.logs = LogReader::start(&run, args.wait.show_logs, session.general);
    let follower = Follower { run: &run, wait: &args.wait, on_cancel, interrupts };
    let ended = follower.follow(draft).await?;
    Ok(numbers::finish(client, &ended, &args.rules, interrupts, draft).await)
}

/// Reads the run of an earlier job.
async fn resumed(
    session: Session<'_>,
    client: &Client,
    reference: &RunReference,
    args: &RunArgs,
    draft: &mut ReportDraft,
) -> Result<RunHandle, Ending> {
    let (theirs, ours) = (reference.stack_id(), client.settings().stack_id());
    if theirs != ours {
        return Err(Ending::settings(format!(
            "the run is in stack {theirs}, and the settings are for stack {ours}: set {}={theirs}",
            k6_cloud::STACK_ID_VARIABLE
        )));
    }
    let prepared = async {
        let run = client.resume(reference).await;
        let run = run.map_err(|error| super::no_run(reference.run_id(), &error))?;
        show(&run, draft);
        if let Some(run) = run.run() {
            numbers::read_names(client, run, draft).await;
        }
        check_baseline(client, args.rules.baseline).await?;
        Ok::<_, Ending>(run)
    };
    // An interrupt is left to the follower, which may have to abort the run.
    let run = unless_interrupted(session.interrupts, prepared).await.transpose()?;
    Ok(run.unwrap_or_else(|| client.test_run(reference.run_id())))
}

fn show(run: &RunHandle, draft: &mut ReportDraft) {
    draft.set_handle(run);
    let test = run.run().map(|run| run.test_id.to_string()).unwrap_or_default();
    let name = draft.report.load_test.as_ref().and_then(|test| test.name.clone());
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    inform(&format!(
        "Run {} of load test {test}{name}: {}",
        run.id(),
        run.page_url().unwrap_or_default()
    ));
}

/// Hands the run over to another job. `None` if an interrupt during the start asks to abort it.
fn detach(
    session: Session<'_>,
    run: &RunHandle,
    path: &Path,
    on_cancel: Option<OnCancel>,
) -> Option<Result<Ending, Ending>> {
    if session.interrupts.count() > 0 && on_cancel != Some(OnCancel::Leave) {
        return None;
    }
    let id = run.id();
    let (exit, reason) = match state::write(path, &run.reference()) {
        Ok(()) => (Exit::Success, format!("run {id} goes on, and another job waits for it")),
        Err(why) => (Exit::Settings, format!("{why}; run {id} goes on")),
    };
    Some(Ok(Ending::new(Conclusion::Running, exit, reason)))
}

/// Finds or makes the load test, and starts it. Up to the start, an interrupt ends the gate. A start is
/// waited for, because one that is given up may have begun a run.
async fn started(
    session: Session<'_>,
    client: &Client,
    args: &RunArgs,
    draft: &mut ReportDraft,
) -> Result<RunHandle, Ending> {
    let prepared = async {
        check_baseline(client, args.rules.baseline).await?;
        let script = match &args.target.script {
            Some(path) => Some(GivenScript::open(path).await?),
            None => None,
        };
        let script = script.as_ref();
        let mut target = target::with_names_of(&args.target, script, client)?;
        // A fake has none of the user's names.
        target.create |= session.general.fake.is_some();
        start::check_cost(client, &target, &args.start, script, draft).await?;
        let id = target::resolve(client, &target, script, draft).await?;
        Ok(start::prepare(client, id, &args.start))
    };
    let call = session.before_start(prepared).await??;
    if session.interrupts.count() > 0 {
        return Err(session.interrupted());
    }
    draft.is_starting = true;
    let run = call.send().await.map_err(|error| start::failed(&error))?;
    show(&run, draft);
    Ok(run)
}

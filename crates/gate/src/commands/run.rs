//! `run`: from a load test, or the run of an earlier job, to a verdict.

use k6_cloud::{Client, RunHandle};

use super::{Session, check_baseline, start, target};
use crate::args::{OnCancel, RunArgs};
use crate::connect::FakeNeeds;
use crate::draft::Draft;
use crate::exit::{Ending, Exit};
use crate::follow::Follower;
use crate::numbers;
use crate::report::Conclusion;
use crate::state;

pub(super) async fn execute(session: Session<'_>, args: &RunArgs) -> u8 {
    let draft = Draft::new(session.general, &args.rules);
    let work = async |draft: &mut Draft| work(session, args, draft).await;
    session.report(draft, &args.files, work).await
}

async fn work(session: Session<'_>, args: &RunArgs, draft: &mut Draft) -> Result<Ending, Ending> {
    target::check(&args.target, session.general)?;
    let reference = args.target.resume.as_deref().map(state::read).transpose();
    let reference = reference.map_err(Ending::settings)?;
    let needs = FakeNeeds { load_test: args.target.load_test, run: reference.as_ref() };
    let connection = session.connect(needs).await?;
    let client = &connection.client;
    draft.set_stack(client);
    session.before_start(check_baseline(client, args.rules.baseline)).await??;
    let run = match &reference {
        Some(reference) => {
            let resumed = session.before_start(client.resume(reference)).await?;
            resumed.map_err(|error| super::no_run(reference.run_id(), &error))?
        }
        None => started(session, client, args, draft).await?,
    };
    draft.set_handle(&run);
    eprintln!("Run {} of load test {}: {}", run.id(), run.run().test_id, run.page_url());
    if let Some(path) = &args.start.detach
        && session.interrupts.count() == 0
    {
        return match state::write(path, &run.reference()) {
            Ok(()) => Ok(detached(&run)),
            Err(why) => Err(Ending {
                reason: format!("{why}; run {} goes on", run.id()),
                conclusion: Conclusion::Running,
                ..Ending::settings("")
            }),
        };
    }
    numbers::read_names(client, run.run(), draft).await;
    let ours = if reference.is_some() { OnCancel::Leave } else { OnCancel::Abort };
    let follower = Follower {
        client,
        run: run.id(),
        wait: &args.wait,
        on_cancel: args.wait.on_cancel.unwrap_or(ours),
        interrupts: session.interrupts,
    };
    let ended = follower.follow(draft).await?;
    Ok(numbers::finish(client, &ended, &args.rules, session.interrupts, draft).await)
}

fn detached(run: &RunHandle) -> Ending {
    let reason = format!("run {} goes on, and another job waits for it", run.id());
    Ending::new(Conclusion::Running, Exit::Success, reason)
}

/// Finds or makes the load test, and starts it. Up to the start, an interrupt ends the gate. A start is
/// waited for, because one that is given up may have begun a run.
async fn started(
    session: Session<'_>,
    client: &Client,
    args: &RunArgs,
    draft: &mut Draft,
) -> Result<RunHandle, Ending> {
    if let Some(path) = &args.start.detach {
        state::check_writable(path).map_err(Ending::settings)?;
    }
    let prepared = async {
        let target = target::resolve(client, &args.target, draft).await?;
        start::prepare(client, &target, &args.start).await
    };
    let call = session.before_start(prepared).await??;
    if session.interrupts.count() > 0 {
        return Err(Ending::interrupted_before_start());
    }
    draft.is_starting = true;
    let started = call.send().await;
    draft.is_starting = false;
    started.map_err(|error| start::failed(&error))
}

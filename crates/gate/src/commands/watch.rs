//! `watch`: waits for a run that was started elsewhere.

use super::{Session, check_baseline, no_run, unless_interrupted};
use crate::args::{OnCancel, WatchArgs};
use crate::connect::FakeNeeds;
use crate::draft::ReportDraft;
use crate::exit::Ending;
use crate::follow::Follower;
use crate::logs::LogReader;
use crate::numbers;

pub(super) async fn execute(session: Session<'_>, args: &WatchArgs) -> u8 {
    let draft = ReportDraft::new(session.general, &args.rules);
    let work = async |draft: &mut ReportDraft| work(session, args, draft).await;
    session.report(draft, &args.files, [&[], &[]], work).await
}

async fn work(
    session: Session<'_>,
    args: &WatchArgs,
    draft: &mut ReportDraft,
) -> Result<Ending, Ending> {
    let connection = session.connect(FakeNeeds::default()).await?;
    let client = &connection.client;
    draft.set_stack(client);
    let handle = client.test_run(args.run);
    let prepared = async {
        let run = handle.get().await;
        let run = run.map_err(|error| no_run(args.run, &error))?;
        draft.set_run(client, &run);
        numbers::read_names(client, &run, draft).await;
        check_baseline(client, args.rules.baseline).await
    };
    // An interrupt is left to the follower, which may have to abort the run.
    unless_interrupted(session.interrupts, prepared).await.transpose()?;
    draft.logs = LogReader::start(&handle, args.wait.show_logs, session.general);
    let follower = Follower {
        run: &handle,
        wait: &args.wait,
        on_cancel: args.wait.on_cancel.unwrap_or(OnCancel::Leave),
        interrupts: session.interrupts,
    };
    let ended = follower.follow(draft).await?;
    Ok(numbers::finish(client, &ended, &args.rules, session.interrupts, draft).await)
}

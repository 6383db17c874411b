//! `report`: the numbers of a run.

use super::{Session, no_run};
use crate::args::ReportArgs;
use crate::connect::FakeNeeds;
use crate::draft::ReportDraft;
use crate::exit::Ending;
use crate::logs::LogReader;
use crate::numbers;

pub(super) async fn execute(session: Session<'_>, args: &ReportArgs) -> u8 {
    let draft = ReportDraft::new(session.general, &args.rules);
    let work = async |draft: &mut ReportDraft| work(session, args, draft).await;
    session.report(draft, &args.files, [&[], &[]], work).await
}

async fn work(
    session: Session<'_>,
    args: &ReportArgs,
    draft: &mut ReportDraft,
) -> Result<Ending, Ending> {
    let connection = session.connect(FakeNeeds::default()).await?;
    let client = &connection.client;
    draft.set_stack(client);
    let run = session.before_start(client.get_test_run(args.run).send()).await?;
    let run = run.map_err(|error| no_run(args.run, &error))?;
    draft.logs = LogReader::of_ended(&client.test_run(run.id), &run, session.general);
    Ok(numbers::finish(client, &run.into(), &args.rules, session.interrupts, draft).await)
}

//! `abort`: ends a run.

use super::{Session, no_run};
use crate::args::AbortArgs;
use crate::connect::FakeNeeds;
use crate::exit::{Ending, Exit};
use crate::output::print;

pub(super) async fn execute(session: Session<'_>, args: &AbortArgs) -> Result<Exit, Ending> {
    let id = args.run;
    let connection = session.connect(FakeNeeds::default()).await?;
    let run = connection.client.test_run(id);
    match run.abort().await {
        Ok(()) => print(&format!("Run {id} is being aborted.\n")),
        Err(error) if error.is_conflict() => {
            let run = run.get().await.map_err(|error| no_run(id, &error))?;
            if !run.is_finished() {
                return Err(no_run(id, &error));
            }
            print(&format!("Run {id} has already ended: {}.\n", run.verdict()));
        }
        Err(error) => return Err(no_run(id, &error)),
    }
    Ok(Exit::Success)
}

//! `abort`: ends a run.

use std::time::Duration;

use super::{Session, no_run, say};
use crate::args::{AbortArgs, RuleOptions};
use crate::connect::FakeNeeds;
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit};
use crate::follow;
use crate::log_text::log_line;
use crate::report::Conclusion;

const POLL: Duration = Duration::from_millis(500);

/// The run itself shows that it has ended. The response to the abort does not.
pub(super) async fn execute(session: Session<'_>, args: &AbortArgs) -> Result<Exit, Ending> {
    let id = args.run;
    let connection = session.connect(FakeNeeds::default()).await?;
    let handle = connection.client.test_run(id);
    let run = handle.get().await.map_err(|error| no_run(id, &error))?;
    if run.is_finished() {
        let verdict = log_line(&run.verdict().to_string());
        say(&format!("Run {id} has already ended: {verdict}.\n"))?;
        return Ok(Exit::Success);
    }
    let mut draft = ReportDraft::new(session.general, &RuleOptions::default());
    let ended = follow::abort(&handle, (POLL, args.timeout), &mut draft).await.map_err(|why| {
        let reason = format!("run {id} may go on: {why}");
        Ending::new(Conclusion::Unknown, Exit::Unknown { k6: None }, reason)
    })?;
    say(&format!("Run {id} has ended: {}.\n", log_line(&ended.verdict().to_string())))?;
    Ok(Exit::Success)
}

//! Follows a run to its end, or stops when it is interrupted or its time is up.

use std::sync::Arc;
use std::time::Duration;

use k6_cloud::metrics::text::seconds;
use k6_cloud::types::TestRun;
use k6_cloud::{Error, ErrorKind, RunHandle, RunUpdate, Verdict};
use tokio::time::Instant;

use crate::args::{OnCancel, WaitOptions};
use crate::cancel::Interrupts;
use crate::draft::{AbortState, ReportDraft};
use crate::exit::{Ending, Exit, root_cause, with_causes};
use crate::output::note;
use crate::progress::{RunProgress, Silence};
use crate::report::Conclusion;

/// How long the gate tries to abort a run, and waits for its end.
const ABORT: Duration = Duration::from_secs(120);
/// The time between two polls of an aborted run. Pipelines that were cancelled are soon killed.
const ABORT_POLL: Duration = Duration::from_secs(1);
/// The time after which a run that goes on is told to abort again.
const ABORT_AGAIN: Duration = Duration::from_secs(15);
/// The pauses after failed polls grow from the first to the last.
const PAUSES: [u64; 6] = [2, 3, 5, 7, 10, 15];

/// Follows one run.
pub(crate) struct Follower<'a> {
    pub(crate) run: &'a RunHandle,
    pub(crate) wait: &'a WaitOptions,
    /// What happens to the run when the gate stops waiting.
    pub(crate) on_cancel: OnCancel,
    pub(crate) interrupts: &'a Interrupts,
}

/// A run that has ended, or that a command reports as it is.
#[derive(Debug)]
pub(crate) struct EndedRun {
    pub(crate) run: TestRun,
    /// Why the gate aborted it, if it did.
    aborted: Option<String>,
}

impl From<TestRun> for EndedRun {
    fn from(run: TestRun) -> Self {
        Self { run, aborted: None }
    }
}

impl EndedRun {
    /// Returns the ending for the verdict of the run. To the API, the gate's own abort is that of a user.
    pub(crate) fn ending(&self) -> Ending {
        let verdict = self.run.verdict();
        match (&self.aborted, &verdict) {
            (Some(why), Verdict::Aborted { .. }) => {
                let reason = format!("k6-gate aborted it: {why}");
                Ending::new(Conclusion::Aborted, Exit::Left, reason)
            }
            _ => Ending::of_verdict(&verdict),
        }
    }
}

/// Why the gate stops waiting.
enum Stop {
    Interrupted,
    TimedOut,
    /// The run cannot be read.
    Failed(Error),
    /// The API cannot be reached.
    Silent(Silence),
}

/// What the gate knows of a run that it follows.
struct Followed {
    progress: RunProgress,
    /// When the API was last heard of.
    heard: Instant,
    /// How many polls have failed since then.
    failures: usize,
    /// The last change of the status that was shown, because a new watch begins with the first.
    shown: Option<(String, k6_cloud::wire::Timestamp)>,
}

impl Follower<'_> {
    /// Returns the run when it has ended.
    ///
    /// # Errors
    ///
    /// The ending of the gate, if it stops waiting before.
    pub(crate) async fn follow(&self, draft: &mut ReportDraft) -> Result<EndedRun, Ending> {
        let stop = match self.watch(draft).await {
            Ok(run) => return Ok(TestRun::clone(&run).into()),
            Err(stop) => stop,
        };
        let (why, short) = match stop {
            Stop::Interrupted => ("interrupted".to_owned(), "interrupted".to_owned()),
            Stop::TimedOut => {
                let time = self.wait.timeout.unwrap_or_default().as_secs_f64();
                let short = format!("no end within {}", seconds(time));
                (format!("out of time ({short})"), short)
            }
            Stop::Failed(error) => {
                let reason = format!("the end of the run is not known: {}", with_causes(&error));
                return Err(Ending::new(Conclusion::Unknown, Exit::Unknown { k6: None }, reason));
            }
            Stop::Silent(silence) => {
                let page = draft.page_url(self.run);
                return Err(Ending::no_contact(&silence.to_string(), self.run.id(), page));
            }
        };
        self.stop(&why, short, draft).await
    }

    /// Returns the run when it has ended.
    async fn watch(&self, draft: &mut ReportDraft) -> Result<Arc<TestRun>, Stop> {
        let started = Instant::now();
        let progress = RunProgress::new(self.wait.heartbeat);
        let mut followed = Followed { progress, heard: started, failures: 0, shown: None };
        loop {
            let error = match self.poll(started, &mut followed, draft).await {
                Ok(run) => return Ok(run),
                Err(Stop::Failed(error)) if may_pass(&error, followed.failures) => error,
                Err(stop) => return Err(stop),
            };
            followed.failures += 1;
            let silence = Silence::new(followed.heard, root_cause(&error));
            followed.progress.lose_contact(&silence);
            let pause = self.wait.poll_interval.unwrap_or_else(|| pause_after(followed.failures));
            let pause =
                pause.max(error.retry_after().unwrap_or_default().min(self.wait.max_silence));
            let left = self.wait.max_silence.saturating_sub(silence.lasts());
            if left.is_zero() {
                return Err(Stop::Silent(silence));
            }
            let until = Instant::now() + pause.min(left);
            loop {
                tokio::select! {
                    biased;
                    () = self.interrupts.reached(1) => return Err(Stop::Interrupted),
                    () = tokio::time::sleep_until(until) => break,
                    () = followed.progress.beat() => {}
                    line = draft.logs.next() => followed.progress.log(&line),
                }
            }
        }
    }

    /// Polls the run until it has ended or a poll fails.
    async fn poll(
        &self,
        started: Instant,
        followed: &mut Followed,
        draft: &mut ReportDraft,
    ) -> Result<Arc<TestRun>, Stop> {
        let mut updates = self.run.watch().every_poll(true).tolerate(Duration::ZERO);
        if let Some(interval) = self.wait.poll_interval {
            updates = updates.interval(interval);
        }
        if let Some(timeout) = self.wait.timeout {
            // After a failure, this is not the first watch.
            let spent = if followed.failures == 0 { Duration::ZERO } else { started.elapsed() };
            updates = updates.timeout(timeout.saturating_sub(spent));
        }
        let mut last = None;
        loop {
            let update = tokio::select! {
                biased;
                () = self.interrupts.reached(1) => return Err(Stop::Interrupted),
                update = updates.try_next() => update,
                () = followed.progress.beat() => continue,
                line = draft.logs.next() => {
                    followed.progress.log(&line);
                    continue;
                }
            };
            match update {
                Ok(Some(update)) => {
                    followed.show(&update);
                    draft.set_run(self.run.client(), &update.run);
                    last = Some(update.run);
                }
                Ok(None) => break,
                Err(error) if error.kind() == ErrorKind::WaitTimeout => return Err(Stop::TimedOut),
                Err(error) => return Err(Stop::Failed(error)),
            }
        }
        match last {
            Some(run) => Ok(run),
            None => {
                let run = self.run.get().await;
                run.map(Arc::new).map_err(Stop::Failed)
            }
        }
    }

    /// Aborts or leaves the run. Returns the run if it has ended.
    async fn stop(
        &self,
        why: &str,
        short: String,
        draft: &mut ReportDraft,
    ) -> Result<EndedRun, Ending> {
        let id = self.run.id();
        if self.on_cancel == OnCancel::Leave {
            let reason = format!("{why}: run {id} was left to go on");
            return Err(Ending::new(Conclusion::CutOff, Exit::Left, reason));
        }
        note(&format!("{why}: aborting run {id} (Ctrl-C leaves it at once)"));
        let interval = self.wait.poll_interval.unwrap_or(ABORT_POLL);
        match abort(self.run, (interval, ABORT), draft).await {
            Ok(run) => {
                let was_told = draft.abort != AbortState::NotTold;
                if !was_told {
                    draft.report.notices.push(format!("{why}: the run had already ended"));
                }
                Ok(EndedRun { run, aborted: was_told.then_some(short) })
            }
            Err(failure) => {
                let reason = format!("{why}: {failure}: run {id} may go on");
                Err(Ending::new(Conclusion::CutOff, Exit::Left, reason))
            }
        }
    }
}

impl Followed {
    fn show(&mut self, update: &RunUpdate) {
        (self.heard, self.failures) = (Instant::now(), 0);
        let change = (update.status.to_string(), update.entered);
        let is_shown = self.shown.as_ref().is_some_and(|shown| {
            *shown == change || (update.is_change && *update.entered < *shown.1)
        });
        self.progress.update(update, update.is_change && !is_shown);
        if !is_shown {
            self.shown = Some(change);
        }
    }
}

/// Returns whether the next poll may succeed after a failure.
fn may_pass(error: &Error, failures: usize) -> bool {
    match error.kind() {
        // The page of a proxy.
        ErrorKind::Decode => true,
        // A single 401 may come from a proxy that failed to check the token.
        ErrorKind::Unauthenticated => failures == 0,
        _ => error.is_transient(),
    }
}

/// Aborts a run, and returns it when it has ended. Only the run itself shows that: a 409 is also the
/// response for a run that cannot be aborted yet, and an accepted abort may be lost. `interval` is the time
/// between two polls, and `time` that for everything.
///
/// # Errors
///
/// What is known if the end was not seen, as a sentence.
pub(crate) async fn abort(
    handle: &RunHandle,
    (interval, time): (Duration, Duration),
    draft: &mut ReportDraft,
) -> Result<TestRun, String> {
    let until = Instant::now() + time;
    let mut again = Instant::now();
    let mut failure = None;
    loop {
        if Instant::now() >= again {
            let before = std::mem::replace(&mut draft.abort, AbortState::Sent);
            match handle.abort().await {
                Ok(()) => {
                    draft.abort = AbortState::Accepted;
                    (again, failure) = (Instant::now() + ABORT_AGAIN, None);
                }
                Err(error) => {
                    // The first attempt may have been accepted, or this one.
                    let may_be_told = error.is_transient() || error.attempts() > 1;
                    if before == AbortState::Accepted || !may_be_told {
                        draft.abort = before;
                    }
                    failure = Some(error);
                }
            }
        }
        match handle.get().await {
            Ok(run) => {
                draft.set_run(handle.client(), &run);
                if run.is_finished() {
                    return Ok(run);
                }
            }
            Err(error) => failure = Some(error),
        }
        let is_over = Instant::now() >= until;
        match failure.take_if(|error| is_over || !(error.is_conflict() || may_pass(error, 1))) {
            None if is_over => break,
            None => {}
            Some(error) => {
                let error = with_causes(&error);
                return Err(match draft.abort {
                    AbortState::Accepted => {
                        format!("k6-gate told it to abort, and its end is not known ({error})")
                    }
                    _ => format!("aborting it failed ({error})"),
                });
            }
        }
        tokio::time::sleep(interval).await;
    }
    Err(format!("k6-gate told it to abort, and saw no end within {}", seconds(time.as_secs_f64())))
}

/// Returns the pause after a number of polls that failed in a row.
fn pause_after(failures: usize) -> Duration {
    Duration::from_secs(PAUSES[failures.clamp(1, PAUSES.len()) - 1])
}

#[cfg(test)]
mod tests {
    use super::{PAUSES, pause_after};

    #[test]
    fn pauses_grow_with_the_failures() {
        let pauses: Vec<_> = (1..=PAUSES.len() + 2).map(|n| pause_after(n).as_secs()).collect();
        assert_eq!(pauses[..PAUSES.len()], PAUSES);
        assert!(pauses.is_sorted());
        assert_eq!(pauses.last(), PAUSES.last());
    }
}

//! A stream of the statuses of a run.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};

use super::poll::{PollSettings, Poller};
use super::progress::progress;
use super::setters::poll_setters;
use crate::types::{StatusExtra, TestRun};
use crate::wire::Timestamp;
use crate::{Client, Error, RunStatus, TestRunId};

/// A status that a run has entered, or another poll of the run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunUpdate {
    /// The status.
    pub status: RunStatus,
    /// The time at which the run entered it.
    pub entered: Timestamp,
    /// The user or the reason that caused it, if the API says so.
    pub extra: Option<StatusExtra>,
    /// Whether the run has entered the status since the last update. It is false for the extra
    /// updates of [`every_poll`](WatchTestRun::every_poll), and if the run ended without a new
    /// status.
    pub is_change: bool,
    /// The progress of the run, from 0 to 1; it never decreases. Until the run has ended, it is an
    /// estimate from the run's `estimated_duration`.
    pub progress: f64,
    /// The run as the poll saw it. All updates from one poll share it.
    pub run: Arc<TestRun>,
}

impl RunUpdate {
    /// Makes the update of a run that has just entered its status, for tests of code that takes one. The
    /// progress is 1 for a run that has ended, and otherwise follows from the run itself.
    pub fn new(run: impl Into<Arc<TestRun>>) -> Self {
        let run = run.into();
        let details = &run.status_details;
        let progress = progress(&details.type_, &run, super::progress::elapsed(&run));
        Self {
            status: details.type_.clone(),
            entered: details.entered,
            extra: details.extra.clone(),
            is_change: true,
            progress: if run.is_finished() { 1.0 } else { progress },
            run,
        }
    }
}

/// A stream of the statuses of a run; from [`Client::watch_test_run`].
///
/// It yields the statuses of the run's `status_history`, each once and in order, however quickly
/// they follow each other. It ends after an update with the ended run, or after an error. Its
/// errors are those of [`WaitForTestRun::send`](crate::WaitForTestRun::send). It sends nothing
/// before you poll it; dropping it stops the polling.
///
/// Cancel safe: dropping the future of `next` loses nothing, and the next one goes on.
#[must_use = "streams do nothing unless polled"]
pub struct WatchTestRun {
    settings: PollSettings,
    every_poll: bool,
    state: State,
}

enum State {
    Ready(Client, TestRunId),
    Running(Pin<Box<dyn Stream<Item = Result<RunUpdate, Error>> + Send>>),
    Ended,
}

poll_setters!(WatchTestRun);

impl WatchTestRun {
    pub(super) fn new(client: Client, id: TestRunId) -> Self {
        Self {
            settings: PollSettings::default(),
            every_poll: false,
            state: State::Ready(client, id),
        }
    }

    /// Sets whether a poll without a new status yields an update too, which shows the progress; by
    /// default it does not.
    pub fn every_poll(mut self, every: bool) -> Self {
        self.every_poll = every;
        self
    }

    /// Returns the next update; `None` when the run has ended.
    ///
    /// # Errors
    ///
    /// Those of [`WaitForTestRun::send`](crate::WaitForTestRun::send).
    pub async fn try_next(&mut self) -> Result<Option<RunUpdate>, Error> {
        self.next().await.transpose()
    }
}

impl Stream for WatchTestRun {
    type Item = Result<RunUpdate, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ready(client, id) => {
                    let poller = Poller::new(client, id, "watch_test_run", self.settings.clone());
                    self.state = State::Running(updates(poller, self.every_poll));
                }
                State::Running(mut stream) => {
                    let polled = stream.poll_next_unpin(context);
                    if !matches!(polled, Poll::Ready(None)) {
                        self.state = State::Running(stream);
                    }
                    return polled;
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for WatchTestRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WatchTestRun")
            .field("settings", &self.settings)
            .field("every_poll", &self.every_poll)
            .finish_non_exhaustive()
    }
}

struct Watch {
    poller: Poller,
    every_poll: bool,
    yielded: Yielded,
    ready: VecDeque<RunUpdate>,
    ended: bool,
}

/// The position of the last update.
#[derive(Default)]
struct Yielded {
    last: Option<(RunStatus, Timestamp)>,
    progress: f64,
}

fn updates(
    poller: Poller,
    every_poll: bool,
) -> Pin<Box<dyn Stream<Item = Result<RunUpdate, Error>> + Send>> {
    let watch = Watch {
        poller,
        every_poll,
        yielded: Yielded::default(),
        ready: VecDeque::new(),
        ended: false,
    };
    Box::pin(stream::unfold(Some(watch), |watch| async {
        let mut watch = watch?;
        loop {
            if let Some(update) = watch.ready.pop_front() {
                return Some((Ok(update), Some(watch)));
            }
            if watch.ended {
                return None;
            }
            match watch.poller.poll().await {
                Ok(run) => {
                    watch.ended = run.is_finished();
                    let elapsed = watch.poller.elapsed(&run);
                    watch.ready = watch.yielded.updates(Arc::new(run), elapsed, watch.every_poll);
                }
                Err(error) => return Some((Err(error), None)),
            }
        }
    }))
}

impl Yielded {
    /// Returns updates for the new statuses of the run.
    fn updates(
        &mut self,
        run: Arc<TestRun>,
        elapsed: Duration,
        every_poll: bool,
    ) -> VecDeque<RunUpdate> {
        let mut seen: Vec<_> = run
            .statuses()
            .map(|status| (&status.type_, status.entered, status.extra.as_ref()))
            .collect();
        let details = &run.status_details;
        // The history may lack the final status.
        if run.is_finished() && seen.last().is_none_or(|(name, ..)| **name != run.status) {
            seen.push((&run.status, run.ended.unwrap_or(details.entered), None));
        }
        let mut new = self.last.as_ref().map_or(0, |last| first_new(&seen, last));
        if new == seen.len() && run.is_finished() {
            // The final status is always yielded, even if its time is not later.
            new -= 1;
        }
        let mut updates = VecDeque::new();
        for &(name, entered, extra) in seen.get(new..).unwrap_or_default() {
            // The current status may occur twice, with times that differ slightly.
            let same = self.last.as_ref().is_some_and(|(last, _)| last == name);
            self.last = Some((name.clone(), entered));
            if !same {
                self.progress = self.progress.max(progress(name, &run, elapsed));
                updates.push_back(RunUpdate {
                    status: name.clone(),
                    entered,
                    extra: extra.cloned(),
                    is_change: true,
                    progress: self.progress,
                    run: Arc::clone(&run),
                });
            }
        }
        if updates.is_empty() && (every_poll || run.is_finished()) {
            let status = details.type_.clone();
            self.progress = self.progress.max(progress(&status, &run, elapsed));
            updates.push_back(RunUpdate {
                status,
                entered: details.entered,
                extra: details.extra.clone(),
                is_change: false,
                progress: self.progress,
                run: Arc::clone(&run),
            });
        }
        updates
    }
}

/// Returns the index of the first status after the last one that was yielded.
fn first_new<T>(seen: &[(&RunStatus, Timestamp, T)], last: &(RunStatus, Timestamp)) -> usize {
    let (name, entered) = last;
    let same = seen.iter().enumerate().filter(|(_, status)| status.0 == name);
    // The server may correct a time, and a run may enter a status twice. The status with the
    // nearest time is the one that was yielded.
    match same.min_by_key(|(_, status)| (*status.1 - **entered).abs()) {
        Some((at, _)) => at + 1,
        // The history was rewritten. Statuses with a later time are new.
        None => seen.iter().position(|status| status.1 > *entered).unwrap_or(seen.len()),
    }
}

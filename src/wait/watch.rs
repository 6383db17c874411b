//! The statuses of a run, one after the other.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};

use super::poll::{PollSettings, Poller};
use super::progress::progress;
use crate::types::{StatusExtra, TestRun};
use crate::wire::Timestamp;
use crate::{Client, Error, RunStatus};

/// A status that a run has come into, or another look at it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunUpdate {
    /// The status.
    pub status: RunStatus,
    /// When the run came into it.
    pub entered: Timestamp,
    /// Who or what brought it about, if the API says so.
    pub extra: Option<StatusExtra>,
    /// Whether the run has come into the status since the update before. It has not where
    /// [`every_look`](WatchTestRun::every_look) asks for more updates, and where a run has ended in
    /// the status that it was in.
    pub is_change: bool,
    /// How far the run has come, from 0 to 1; it never goes back. It is an estimate by the run's
    /// `estimated_duration` until the run has ended.
    pub progress: f64,
    /// The run as it was seen; the same one for all statuses that a single look brought.
    pub run: Arc<TestRun>,
}

/// A stream of what a run goes through; from [`Client::watch_test_run`].
///
/// The statuses are those of the run's `status_history`, each once and in order, however quickly
/// they follow each other. The stream ends after an update with the run as it has ended, or after an
/// error; its errors are those of [`WaitForTestRun`](crate::WaitForTestRun). Nothing is sent
/// before it is polled, and dropping it stops the looking.
#[must_use = "streams do nothing unless polled"]
pub struct WatchTestRun {
    settings: PollSettings,
    every_look: bool,
    state: State,
}

enum State {
    Ready(Client, i64),
    Running(Pin<Box<dyn Stream<Item = Result<RunUpdate, Error>> + Send>>),
    Ended,
}

impl WatchTestRun {
    pub(super) fn new(client: Client, id: i64) -> Self {
        Self {
            settings: PollSettings::default(),
            every_look: false,
            state: State::Ready(client, id),
        }
    }

    /// Sets the pause between two looks; see [`WaitForTestRun::interval`].
    ///
    /// [`WaitForTestRun::interval`]: crate::WaitForTestRun::interval
    pub fn interval(mut self, interval: Duration) -> Self {
        self.settings.interval = Some(interval);
        self
    }

    /// Sets how long to watch; see [`WaitForTestRun::timeout`].
    ///
    /// [`WaitForTestRun::timeout`]: crate::WaitForTestRun::timeout
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets how many looks in a row may fail; see [`WaitForTestRun::tolerate`].
    ///
    /// [`WaitForTestRun::tolerate`]: crate::WaitForTestRun::tolerate
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.settings.tolerance = failures;
        self
    }

    /// Sets whether the run is aborted when the watch ends before the run does; see
    /// [`WaitForTestRun::abort_unfinished`].
    ///
    /// [`WaitForTestRun::abort_unfinished`]: crate::WaitForTestRun::abort_unfinished
    pub fn abort_unfinished(mut self, abort: bool) -> Self {
        self.settings.abort_unfinished = abort;
        self
    }

    /// Sets whether each look that saw no new status brings an update too, for the progress in it.
    pub fn every_look(mut self, every: bool) -> Self {
        self.every_look = every;
        self
    }

    /// Returns the next update, `None` when the run has ended.
    ///
    /// # Errors
    ///
    /// Those of [`WaitForTestRun`](crate::WaitForTestRun).
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
                    let poller = Poller::new(client, id, self.settings.clone());
                    self.state = State::Running(updates(poller, self.every_look));
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
            .field("every_look", &self.every_look)
            .finish_non_exhaustive()
    }
}

struct Watch {
    poller: Poller,
    every_look: bool,
    shown: Shown,
    ready: VecDeque<RunUpdate>,
    ended: bool,
}

/// What has been yielded.
#[derive(Default)]
struct Shown {
    last: Option<(RunStatus, Timestamp)>,
    progress: f64,
}

fn updates(
    poller: Poller,
    every_look: bool,
) -> Pin<Box<dyn Stream<Item = Result<RunUpdate, Error>> + Send>> {
    let watch =
        Watch { poller, every_look, shown: Shown::default(), ready: VecDeque::new(), ended: false };
    Box::pin(stream::unfold(Some(watch), |watch| async {
        let mut watch = watch?;
        loop {
            if let Some(update) = watch.ready.pop_front() {
                return Some((Ok(update), Some(watch)));
            }
            if watch.ended {
                return None;
            }
            match watch.poller.look().await {
                Ok(run) => {
                    watch.ended = run.is_finished();
                    let elapsed = watch.poller.elapsed(&run);
                    watch.ready = watch.shown.news(Arc::new(run), elapsed, watch.every_look);
                }
                Err(error) => return Some((Err(error), None)),
            }
        }
    }))
}

impl Shown {
    /// Returns what is new in the run.
    fn news(&mut self, run: Arc<TestRun>, elapsed: Duration, always: bool) -> VecDeque<RunUpdate> {
        let mut seen: Vec<_> = run
            .statuses()
            .map(|status| (&status.type_, status.entered, status.extra.as_ref()))
            .collect();
        let details = &run.status_details;
        // Nothing else may be said of the end than that it has come.
        if run.is_finished() && seen.last().is_none_or(|(name, ..)| **name != run.status) {
            seen.push((&run.status, run.ended.unwrap_or(details.entered), None));
        }
        let mut new = self.last.as_ref().map_or(0, |last| first_new(&seen, last));
        let ended = self.last.as_ref().is_some_and(|(name, _)| *name == run.status);
        if new == seen.len() && run.is_finished() && !ended {
            // The last status is yielded whatever its time.
            new -= 1;
        }
        let mut news = VecDeque::new();
        for &(name, entered, extra) in seen.get(new..).unwrap_or_default() {
            // The present status may be told twice, with times that differ by a little.
            let same = self.last.as_ref().is_some_and(|(last, _)| last == name);
            self.last = Some((name.clone(), entered));
            if !same {
                self.progress = self.progress.max(progress(name, &run, elapsed));
                news.push_back(RunUpdate {
                    status: name.clone(),
                    entered,
                    extra: extra.cloned(),
                    is_change: true,
                    progress: self.progress,
                    run: Arc::clone(&run),
                });
            }
        }
        if news.is_empty() && (always || run.is_finished()) {
            let status = details.type_.clone();
            self.progress = self.progress.max(progress(&status, &run, elapsed));
            news.push_back(RunUpdate {
                status,
                entered: details.entered,
                extra: details.extra.clone(),
                is_change: false,
                progress: self.progress,
                run: Arc::clone(&run),
            });
        }
        news
    }
}

/// Returns where the statuses begin that are later than the one yielded last.
fn first_new<T>(seen: &[(&RunStatus, Timestamp, T)], last: &(RunStatus, Timestamp)) -> usize {
    let (name, entered) = last;
    let same = seen.iter().enumerate().filter(|(_, status)| status.0 == name);
    // A time may be corrected, and a status may be entered again: the same one is the nearest.
    match same.min_by_key(|(_, status)| (*status.1 - **entered).abs()) {
        Some((at, _)) => at + 1,
        // The history was written anew: what is later than the last is new.
        None => seen.iter().position(|status| status.1 > *entered).unwrap_or(seen.len()),
    }
}

//! The stream of the logs of a run.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::connect::OPERATION;
use super::{LogEvent, LogLevel, LogLine, queue, task};
use crate::wire::{IntoOption, Timestamp};
use crate::{Client, Error, RunHandle, TestRunId};

/// # Test runs: logs
impl Client {
    /// Returns a stream of the log lines of a test run, from now on. Needs the feature `logs`.
    ///
    /// **Experimental**; see [`logs`](crate::logs).
    #[doc(alias = "log")]
    #[doc(alias = "console")]
    pub fn tail_logs(&self, id: impl Into<TestRunId>) -> TailLogs {
        TailLogs { options: Options::default(), state: State::Ready(self.clone(), id.into()) }
    }
}

impl RunHandle {
    /// Returns the log lines of the run as a stream; see [`Client::tail_logs`]. Needs the feature `logs`.
    pub fn tail_logs(&self) -> TailLogs {
        self.client().tail_logs(self.id())
    }
}

/// What a tail is asked for.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// `None` for now.
    pub(super) since: Option<Timestamp>,
    pub(super) levels: (Bound<LogLevel>, Bound<LogLevel>),
    pub(super) filter: Option<String>,
    pub(super) max_buffered_bytes: usize,
    pub(super) linger: Duration,
    pub(super) tolerance: Duration,
    pub(super) keep_alive: Duration,
    pub(super) polls_run: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            since: None,
            levels: (Bound::Unbounded, Bound::Unbounded),
            filter: None,
            max_buffered_bytes: 8 * 1024 * 1024,
            linger: Duration::from_secs(5),
            tolerance: Duration::from_secs(120),
            keep_alive: Duration::from_secs(30),
            polls_run: true,
        }
    }
}

impl Options {
    /// Returns whether the caller wants a line. One without a level that is known may be anything.
    pub(super) fn want(&self, line: &LogLine) -> bool {
        line.level.is_none_or(|level| self.levels.contains(&level))
            && self.filter.as_ref().is_none_or(|filter| line.text.contains(filter.as_str()))
    }
}

/// A stream of the log lines of a run; from [`Client::tail_logs`].
///
/// It yields the lines as they come, and says where lines are missing or may be. It ends some seconds
/// after the run has ended, or after an error. Nothing is sent before you poll it. It then needs a Tokio
/// runtime, on which a task reads the lines and polls the run; dropping the stream ends both.
///
/// If the connection breaks, it is made again after pauses of 1 to 30 seconds, and the lines are asked
/// for again from two seconds before the newest one. Lines that came already are left out.
///
/// The token is sent only to the [address of the logs](crate::ClientSettings::logs_url). The proxy and
/// the certificates of the client apply there too; its
/// [default headers](crate::ClientBuilder::default_header) are not sent there. With a
/// [reqwest client](crate::ClientBuilder::reqwest_client) of your own, the logs use that one, which must
/// not choose HTTP/2.
///
/// Cancel safe: dropping the future of `next` loses nothing, and the next one goes on.
///
/// # Errors
///
/// An error is the last item. Its kinds:
///
/// - [`Configuration`](crate::ErrorKind::Configuration) if there is no address of the logs, or no Tokio
///   runtime.
/// - [`Unauthenticated`](crate::ErrorKind::Unauthenticated), [`Forbidden`](crate::ErrorKind::Forbidden)
///   and [`Certificate`](crate::ErrorKind::Certificate), at once.
/// - Any other failure to connect, such as [`Connect`](crate::ErrorKind::Connect),
///   [`Timeout`](crate::ErrorKind::Timeout), [`Server`](crate::ErrorKind::Server),
///   [`UnexpectedStatus`](crate::ErrorKind::UnexpectedStatus) and
///   [`Decode`](crate::ErrorKind::Decode) (a login page), and
///   [`Transport`](crate::ErrorKind::Transport) for connections that break: if it lasts longer than
///   [`tolerate`](Self::tolerate) allows.
/// - Those of [`WaitForTestRun::send`](crate::WaitForTestRun::send) without a timeout, if nobody knows
///   any more whether the run has ended.
#[must_use = "streams do nothing unless polled"]
pub struct TailLogs {
    options: Options,
    state: State,
}

enum State {
    Ready(Client, TestRunId),
    Running(Running),
    Ended,
}

/// The task that reads the lines. It ends when this is dropped.
struct Running {
    events: queue::Receiver,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TailLogs {
    /// Sets the time of the first line. With `None`, the default, it is the time at which the stream is
    /// first polled.
    ///
    /// The service keeps logs for some days. How many of the lines before the connection it sends is not
    /// known.
    pub fn since(mut self, since: impl IntoOption<Timestamp>) -> Self {
        self.options.since = since.into_option();
        self
    }

    /// Sets which levels to yield, as a range such as `LogLevel::Warning..`; by default all. Lines
    /// without a level that is known are always yielded.
    pub fn levels(mut self, levels: impl RangeBounds<LogLevel>) -> Self {
        self.options.levels = (levels.start_bound().cloned(), levels.end_bound().cloned());
        self
    }

    /// Yields only lines whose text contains this, with regard to case.
    pub fn filter(mut self, text: impl Into<String>) -> Self {
        self.options.filter = Some(text.into());
        self
    }

    /// Sets how much memory lines may take until you take them, in bytes; 8 MiB by default. Further
    /// lines are dropped, counted, and told by a [`LogEvent::Dropped`] at their place.
    ///
    /// It is also the size of the largest message that is read, beside the lines. A larger one is
    /// dropped, and the lines are asked for from the present.
    pub fn max_buffered_bytes(mut self, bytes: usize) -> Self {
        self.options.max_buffered_bytes = bytes;
        self
    }

    /// Sets for how long to read after the run has ended, since lines come late; 5 seconds by default.
    pub fn linger(mut self, time: Duration) -> Self {
        self.options.linger = time;
        self
    }

    /// Sets whether to poll the run and to end with it, which is the default. With false the stream goes
    /// on until you drop it: for programs that poll the run already.
    pub fn poll_run(mut self, poll: bool) -> Self {
        self.options.polls_run = poll;
        self
    }

    /// Sets for how long the logs may be out of reach; 2 minutes by default. With zero, the first
    /// failure is the last.
    pub fn tolerate(mut self, failing: Duration) -> Self {
        self.options.tolerance = failing;
        self
    }

    /// Sets after which silence the client asks the server whether it is there; 30 seconds by default,
    /// and at least a millisecond. Without an answer in the same time, the connection counts as broken.
    pub fn keep_alive(mut self, silence: Duration) -> Self {
        self.options.keep_alive = silence.max(Duration::from_millis(1));
        self
    }

    /// Returns the next event; `None` at the end.
    ///
    /// # Errors
    ///
    /// See [`TailLogs`].
    pub async fn try_next(&mut self) -> Result<Option<LogEvent>, Error> {
        self.next().await.transpose()
    }
}

impl Stream for TailLogs {
    type Item = Result<LogEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::Ready(client, id) = &self.state {
            let Ok(runtime) = Handle::try_current() else {
                self.state = State::Ended;
                let what = "the logs need a Tokio runtime: poll the stream inside of one";
                let error = Error::configuration(what).with_operation(OPERATION);
                return Poll::Ready(Some(Err(error)));
            };
            let (sender, events) = queue::channel(self.options.max_buffered_bytes);
            let task = task::run(client.clone(), *id, self.options.clone(), sender);
            let task = runtime.spawn(task).abort_handle();
            self.state = State::Running(Running { events, task });
        }
        let State::Running(running) = &self.state else { return Poll::Ready(None) };
        let polled = running.events.poll(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.state = State::Ended;
        }
        polled
    }
}

impl fmt::Debug for TailLogs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TailLogs").field("options", &self.options).finish_non_exhaustive()
    }
}

//! The setters that a wait and a watch have in common.

/// Adds the setters to a type with `settings: PollSettings`.
macro_rules! poll_setters {
    ($type:ident) => {
        impl $type {
            /// Sets the pause between two polls of the run; at least 100 milliseconds.
            ///
            /// By default the pause adapts. It is 2 seconds at first and after each change of the
            /// status, and grows to 15 seconds while nothing changes. While the run generates load,
            /// it is an eighth of the rest of the `estimated_duration`, from 2 to 30 seconds. After
            /// a failed poll it is 2 seconds, and grows to 15 with each failure in a row. If the
            /// server sends `Retry-After`, the pause is at least that long, up to 5 minutes.
            pub fn interval(mut self, interval: std::time::Duration) -> Self {
                self.settings.interval = Some(interval);
                self
            }

            /// Sets how long to wait for the end of the run; by default, as long as the run takes.
            ///
            /// The time starts with the first poll. When it is over, the client polls once more,
            /// for up to 10 seconds.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings.timeout = Some(timeout);
                self
            }

            /// Sets for how long polls may fail in a row; 5 minutes by default. With zero, the
            /// first failure ends the wait.
            ///
            /// A poll counts as failed after the client has retried it according to its
            /// [`RetryPolicy`](crate::RetryPolicy). The time starts when the first failing poll is
            /// sent, and ends with the first success. Only transient failures are tolerated: those
            /// of [`is_transient`](crate::Error::is_transient), and
            /// [`Decode`](crate::ErrorKind::Decode), such as the page of a proxy. A single
            /// [`Unauthenticated`](crate::ErrorKind::Unauthenticated) is tolerated too; it ends the
            /// wait if the next failure is the same.
            pub fn tolerate(mut self, failing: std::time::Duration) -> Self {
                self.settings.tolerance = failing;
                self
            }

            /// Sets whether to abort the run if the wait or watch ends before the run does: on a
            /// timeout, on a failure, or because it is dropped. By default the run goes on.
            ///
            /// After a timeout or a failure, the abort is awaited, which can take as long as any
            /// call. The run is then polled for up to 10 seconds more, because the response to an
            /// abort does not show that the run has ended. The error says what became of the run,
            /// in its message and in [`abort_outcome`](crate::Error::abort_outcome). After a drop, the abort is a task of the Tokio runtime that polled the wait or
            /// watch, and is lost if that runtime shuts down at once. If the wait or watch was
            /// never polled, nothing is aborted.
            pub fn abort_unfinished(mut self, abort: bool) -> Self {
                self.settings.abort_unfinished = abort;
                self
            }
        }
    };
}

pub(super) use poll_setters;

//! The setters that a wait and a watch have in common.

/// Adds the setters to a type with `settings: PollSettings`.
macro_rules! poll_setters {
    ($type:ident) => {
        impl $type {
            /// Sets the pause between two polls of the run; at least 100 milliseconds.
            ///
            /// By default the pause adapts. It starts at 2 seconds, and again after each change of
            /// the status, and grows to 15 seconds while nothing changes. While the run generates
            /// load, it is an eighth of the time that its `estimated_duration` leaves, from 2 to 30
            /// seconds. After a failed poll it is 2 seconds, and grows to 15 with each failure in a
            /// row. It is never shorter than the server asks for in `Retry-After`, up to 5 minutes.
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

            /// Sets for how long polls may fail in a row; 5 minutes by default. With zero, the first
            /// failure is the last.
            ///
            /// A poll has failed after the client has retried it by its
            /// [`RetryPolicy`](crate::RetryPolicy). The time starts when the first poll that fails
            /// is sent, and ends with the first success. Only failures that may pass are tolerated:
            /// those of [`is_transient`](crate::Error::is_transient), and
            /// [`Decode`](crate::ErrorKind::Decode), such as the page of a proxy. A single
            /// [`Unauthenticated`](crate::ErrorKind::Unauthenticated) is tolerated too, and ends the
            /// wait if the next failure is the same.
            pub fn tolerate(mut self, failing: std::time::Duration) -> Self {
                self.settings.tolerance = failing;
                self
            }

            /// Sets whether to abort the run if this ends before the run does: on a timeout, on a
            /// failure, or because it is dropped. By default the run goes on.
            ///
            /// After a timeout or a failure, the abort is awaited, which can take as long as any
            /// call. After a drop, it runs as a task of the Tokio runtime that polled this, and does
            /// not happen if that runtime shuts down at once. If this was never polled, nothing is
            /// aborted.
            pub fn abort_unfinished(mut self, abort: bool) -> Self {
                self.settings.abort_unfinished = abort;
                self
            }
        }
    };
}

pub(super) use poll_setters;

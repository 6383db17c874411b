//! Events that wait to be taken, within a limit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::{DropReason, DroppedLines, LogEvent, LogLine};
use crate::Error;

/// What an event needs beside its text, in bytes.
const OVERHEAD: usize = size_of::<Result<LogEvent, Error>>();

/// The end that adds events, without ever waiting.
pub(super) struct Sender(Arc<Mutex<State>>);

/// The end that takes events.
pub(super) struct Receiver(Arc<Mutex<State>>);

struct State {
    events: VecDeque<Result<LogEvent, Error>>,
    bytes: usize,
    max_bytes: usize,
    /// The lines that found no room since the last event.
    overflow: Option<DroppedLines>,
    is_closed: bool,
    waker: Option<Waker>,
}

/// Returns both ends of a queue for texts of `max_bytes`.
pub(super) fn channel(max_bytes: usize) -> (Sender, Receiver) {
    let state = Arc::new(Mutex::new(State {
        events: VecDeque::new(),
        bytes: 0,
        max_bytes,
        overflow: None,
        is_closed: false,
        waker: None,
    }));
    (Sender(Arc::clone(&state)), Receiver(state))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn push(&mut self, event: Result<LogEvent, Error>) {
        if let Some(dropped) = self.overflow.take() {
            self.events.push_back(Ok(LogEvent::Dropped(dropped)));
        }
        self.events.push_back(event);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Sender {
    /// Adds a line, or counts it as dropped if there is no room.
    pub(super) fn line(&self, line: LogLine) {
        let mut state = lock(&self.0);
        let bytes = line.text.len() + OVERHEAD;
        if state.bytes + bytes > state.max_bytes {
            let none = || DroppedLines::new(DropReason::Buffer, Some(0));
            state.overflow.get_or_insert_with(none).add(line.at);
            return;
        }
        state.bytes += bytes;
        state.push(Ok(LogEvent::Line(line)));
    }

    /// Adds the news of lines that are missing. Repeated news become one, so that a server cannot fill
    /// the memory with them.
    pub(super) fn dropped(&self, dropped: DroppedLines) {
        let mut state = lock(&self.0);
        if state.overflow.is_none()
            && let Some(Ok(LogEvent::Dropped(last))) = state.events.back_mut()
            && last.reason == dropped.reason
        {
            last.lines = match (last.lines, dropped.lines) {
                (Some(lines), Some(more)) => Some(lines.saturating_add(more)),
                _ => None,
            };
            last.from = last.from.into_iter().chain(dropped.from).min();
            last.to = last.to.into_iter().chain(dropped.to).max();
            return;
        }
        state.push(Ok(LogEvent::Dropped(dropped)));
    }

    /// Adds the error that ends the logs.
    pub(super) fn error(&self, error: Error) {
        lock(&self.0).push(Err(error));
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_closed = true;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }
}

impl Receiver {
    /// Takes the next event; `None` at the end.
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<LogEvent, Error>>> {
        let mut state = lock(&self.0);
        if let Some(event) = state.events.pop_front() {
            if let Ok(LogEvent::Line(line)) = &event {
                state.bytes -= line.text.len() + OVERHEAD;
            }
            return Poll::Ready(Some(event));
        }
        // Nothing follows that would tell it.
        if let Some(dropped) = state.overflow.take() {
            return Poll::Ready(Some(Ok(LogEvent::Dropped(dropped))));
        }
        if state.is_closed {
            return Poll::Ready(None);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use chrono::DateTime;

    use super::super::{DropReason, DroppedLines, LogEvent, LogLevel, LogLine};
    use super::{OVERHEAD, Receiver, channel};

    fn line(nanoseconds: i64) -> LogLine {
        LogLine::new(DateTime::from_timestamp_nanos(nanoseconds), LogLevel::Info, "x")
    }

    fn take(receiver: &Receiver) -> Option<LogEvent> {
        match receiver.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(event) => event.map(|event| event.expect("no error")),
            Poll::Pending => panic!("nothing there"),
        }
    }

    fn dropped(event: Option<LogEvent>) -> Option<u64> {
        let Some(LogEvent::Dropped(dropped)) = event else { panic!("{event:?}") };
        dropped.lines
    }

    #[test]
    fn lines_without_room_are_counted_where_they_are_missing() {
        let (sender, receiver) = channel(2 * (OVERHEAD + 1));
        for at in 0..5 {
            sender.line(line(at));
        }
        assert_eq!(take(&receiver), Some(LogEvent::Line(line(0))));
        sender.line(line(5));
        assert_eq!(take(&receiver), Some(LogEvent::Line(line(1))));
        let Some(LogEvent::Dropped(dropped)) = take(&receiver) else { panic!("dropped lines") };
        assert_eq!((dropped.reason, dropped.lines), (DropReason::Buffer, Some(3)));
        assert_eq!((dropped.from, dropped.to), (Some(line(2).at), Some(line(4).at)));
        assert_eq!(take(&receiver), Some(LogEvent::Line(line(5))));
        drop(sender);
        assert_eq!(take(&receiver), None);
    }

    #[test]
    fn lines_without_room_are_told_at_the_end_too() {
        let (sender, receiver) = channel(0);
        sender.line(line(0));
        assert_eq!(dropped(take(&receiver)), Some(1));
        sender.line(line(1));
        drop(sender);
        assert_eq!(dropped(take(&receiver)), Some(1));
        assert_eq!(take(&receiver), None);
    }

    #[test]
    fn repeated_news_of_missing_lines_are_one() {
        let (sender, receiver) = channel(1 << 20);
        for lines in [Some(1), Some(2)] {
            sender.dropped(DroppedLines::new(DropReason::Server, lines));
        }
        sender.dropped(DroppedLines::new(DropReason::Unreadable, Some(3)));
        sender.dropped(DroppedLines::new(DropReason::Unreadable, None));
        assert_eq!(dropped(take(&receiver)), Some(3));
        assert_eq!(dropped(take(&receiver)), None);
        drop(sender);
        assert_eq!(take(&receiver), None);
    }
}

//! Sleeps by the fake's clock.

use std::time::Duration;

use k6_cloud::Clock as _;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::{Activity, FakeClock, seconds};

/// How long it must be quiet before a stopped clock moves, in real time.
const QUIET: Duration = Duration::from_micros(500);

/// How often other tasks of the thread must have run before a stopped clock moves. A request and its
/// response over the loopback take about ten turns.
const TURNS: u32 = 32;

/// How long a stopped clock waits for a quiet moment, in real time.
const PATIENCE: Duration = Duration::from_secs(2);

/// A sleep that is awaited.
pub(super) struct Sleeper<'c> {
    clock: &'c FakeClock,
    end: Duration,
    number: usize,
}

/// What a sleep does next.
enum Next {
    Return,
    /// Wait for real time, at this speed of the clock.
    Tick(f64),
    /// Wait for a shorter sleep to end.
    Wait,
    /// Move the clock.
    Move,
}

impl<'c> Sleeper<'c> {
    pub(super) fn new(clock: &'c FakeClock, duration: Duration, end: Duration) -> Self {
        let mut state = clock.state();
        let number = state.slept.len();
        state.slept.push(duration);
        state.sleepers.insert((end, number));
        drop(state);
        clock.note(|_| {});
        Self { clock, end, number }
    }

    fn next(&self) -> Next {
        let state = self.clock.state();
        match state.ticks {
            _ if state.now() >= self.end => Next::Return,
            Some(ticks) => Next::Tick(ticks.speed),
            None if state.sleepers.first() == Some(&(self.end, self.number)) => Next::Move,
            None => Next::Wait,
        }
    }

    /// Returns when the clock has reached the end of the sleep.
    pub(super) async fn sleep(self) {
        loop {
            let mut activity = self.clock.0.activity.subscribe();
            match self.next() {
                Next::Return => break,
                Next::Tick(speed) => {
                    let rest = self.end.saturating_sub(self.clock.now());
                    tokio::time::sleep(seconds(rest.as_secs_f64() / speed)).await;
                    return;
                }
                // The clock has the other end of the channel.
                Next::Wait => activity.changed().await.unwrap_or_default(),
                Next::Move => {
                    self.quiet().await;
                    self.move_clock();
                }
            }
        }
        tokio::task::yield_now().await;
    }

    /// Moves the clock to the end of the sleep, unless a shorter one has begun or the clock ticks.
    fn move_clock(&self) {
        let mut state = self.clock.state();
        if state.ticks.is_none() && state.sleepers.first() == Some(&(self.end, self.number)) {
            state.moved = state.moved.max(self.end);
        }
    }

    /// Waits until nothing happens around the clock.
    async fn quiet(&self) {
        let mut activity = self.clock.0.activity.subscribe();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let idle = activity.wait_for(|activity| activity.in_flight == 0);
            let _ = tokio::time::timeout_at(deadline, idle).await;
            activity.mark_unchanged();
            let since = std::time::Instant::now();
            let mut turns = 0;
            let changed = |activity: &Receiver<Activity>| activity.has_changed().unwrap_or(false);
            while !changed(&activity) && (turns < TURNS || since.elapsed() < QUIET) {
                tokio::task::yield_now().await;
                turns += 1;
            }
            if !changed(&activity) {
                return;
            }
        }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&(self.end, self.number));
        self.clock.note(|_| {});
    }
}

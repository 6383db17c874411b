//! The clock of a fake: tests move it, and clients wait with it.

mod sleeper;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use k6_cloud::{Clock, Sleep};
use tokio::sync::watch;
use tokio::time::Instant;

use self::sleeper::Sleeper;
use crate::sync::lock;
use crate::time::{LAST, NOW, Reading, delta, to_micros};

/// The speed of real time, which also replaces a speed that is not a positive number.
const REAL_TIME: f64 = 1.0;

/// The clock of a [`FakeCloud`](crate::FakeCloud), and of a client whose pauses take no time.
///
/// It starts at [`NOW`], unless it is a [wall clock](Self::wall_clock). Clones show and move the
/// same time.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use std::time::Duration;
///
/// use k6_cloud::Clock as _;
/// use k6_cloud_fake::{FakeClock, NOW};
///
/// let clock = FakeClock::stopped();
/// clock.advance(Duration::from_secs(60));
/// clock.sleep(Duration::from_secs(1_200)).await; // returns at once
/// assert_eq!(clock.slept(), [Duration::from_secs(1_200)]);
/// assert_eq!(clock.time() - NOW, chrono::TimeDelta::minutes(21));
/// # }
/// ```
#[derive(Clone)]
pub struct FakeClock(Arc<Inner>);

struct Inner {
    started: DateTime<Utc>,
    state: Mutex<State>,
    activity: watch::Sender<Activity>,
}

/// What happens around the clock.
#[derive(Clone, Copy, Default)]
struct Activity {
    /// The requests that the fake serves at the moment.
    in_flight: usize,
    /// Grows with everything that happens: a request, its response, a sleep, a move of the clock.
    steps: u64,
}

/// A request that the fake serves. A stopped clock stands still until this is dropped.
pub(crate) struct RequestInFlight(FakeClock);

impl Drop for RequestInFlight {
    fn drop(&mut self) {
        self.0.note(|activity| activity.in_flight -= 1);
    }
}

#[derive(Default)]
struct State {
    /// How far the clock was moved: by hand, by sleeping, and by its ticks at earlier speeds.
    moved: Duration,
    /// `None` for a clock that real time does not move.
    ticks: Option<Ticks>,
    slept: Vec<Duration>,
    /// The sleeps that are awaited, by their ends and numbers.
    sleepers: BTreeSet<(Duration, usize)>,
}

#[derive(Clone, Copy)]
struct Ticks {
    since: Instant,
    /// Finite and greater than 0.
    speed: f64,
}

impl Ticks {
    fn new(speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { REAL_TIME };
        Self { since: Instant::now(), speed }
    }

    fn passed(&self) -> Duration {
        seconds(self.since.elapsed().as_secs_f64() * self.speed)
    }
}

impl State {
    fn now(&self) -> Duration {
        let ticked = self.ticks.map_or(Duration::ZERO, |ticks| ticks.passed());
        self.moved.saturating_add(ticked)
    }
}

impl FakeClock {
    /// Returns a clock that stands still until something moves it: [`advance`](Self::advance), or
    /// a sleep.
    ///
    /// A sleep takes next to no real time. It waits for a moment in which nothing else happens: the
    /// fake serves no request, and no other sleep begins. Then the clock moves to the end of the
    /// shortest sleep. Sleeps at the same time therefore take as long as the longest of them. If it
    /// is never quiet, the clock moves after two seconds of real time.
    pub fn stopped() -> Self {
        Self::new(NOW, None)
    }

    /// Returns a clock that runs `speed` times as fast as real time: at 600, twenty minutes pass in
    /// two seconds.
    ///
    /// Real time is Tokio's, which a test may pause. A speed that is not finite or not greater
    /// than 0 is replaced by 1.
    pub fn ticking(speed: f64) -> Self {
        Self::new(NOW, Some(Ticks::new(speed)))
    }

    /// Returns a clock that starts at the current time and moves `speed` times as fast as real
    /// time. It suits clients that have their own clock, such as programs in other languages.
    pub fn wall_clock(speed: f64) -> Self {
        Self::new(to_micros(Utc::now()), Some(Ticks::new(speed)))
    }

    fn new(started: DateTime<Utc>, ticks: Option<Ticks>) -> Self {
        let state = State { ticks, ..State::default() };
        Self(Arc::new(Inner {
            started,
            state: Mutex::new(state),
            activity: watch::Sender::default(),
        }))
    }

    /// Moves the time forward by `duration`. A sleep by a ticking clock that has already begun
    /// does not end earlier.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.moved = state.moved.saturating_add(duration);
        drop(state);
        self.note(|_| {});
    }

    /// Makes the clock tick at this speed from now on, whether or not it ticked before.
    ///
    /// A speed that is not finite or not greater than 0 is replaced by 1.
    pub fn set_speed(&self, speed: f64) {
        let mut state = self.state();
        state.moved = state.now();
        state.ticks = Some(Ticks::new(speed));
        drop(state);
        self.note(|_| {});
    }

    /// Returns the time, in whole microseconds. It stops at the end of the year 9999.
    pub fn time(&self) -> DateTime<Utc> {
        let time = self.0.started.checked_add_signed(delta(self.now()));
        to_micros(time.map_or(LAST, |time| time.min(LAST)))
    }

    /// Returns the lengths of all sleeps so far, in the order in which they began. A sleep that
    /// was never awaited did not begin.
    pub fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    /// Returns the speed, `None` for a clock that stands still.
    pub(crate) fn speed(&self) -> Option<f64> {
        self.state().ticks.map(|ticks| ticks.speed)
    }

    pub(crate) fn reading(&self) -> Reading {
        Reading { started: self.0.started, now: self.time() }
    }

    /// Moves the clock forward to a time, unless it is later already.
    pub(crate) fn advance_to(&self, time: DateTime<Utc>) {
        if let Ok(ahead) = (time - self.time()).to_std() {
            self.advance(ahead);
        }
    }

    /// Notes that the fake serves a request until the result is dropped.
    pub(crate) fn begin_request(&self) -> RequestInFlight {
        self.note(|activity| activity.in_flight += 1);
        RequestInFlight(self.clone())
    }

    fn note(&self, change: impl FnOnce(&mut Activity)) {
        self.0.activity.send_modify(|activity| {
            activity.steps = activity.steps.wrapping_add(1);
            change(activity);
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

impl Clock for FakeClock {
    /// Returns the time since the clock was made.
    fn now(&self) -> Duration {
        self.state().now()
    }

    fn wall(&self) -> SystemTime {
        self.time().into()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.now().saturating_add(duration);
        Box::pin(async move { Sleeper::new(&clock, duration, end).sleep().await })
    }
}

impl fmt::Debug for FakeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("FakeClock");
        debug.field("time", &self.time());
        if let Some(speed) = self.speed() {
            debug.field("speed", &speed);
        }
        debug.finish_non_exhaustive()
    }
}

/// Returns a duration of this many seconds, or the longest if there is none.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests;

//! The clock of a fake: tests move it, and clients wait with it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use k6_cloud::{Clock, Sleep};
use tokio::time::Instant;

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
}

#[derive(Default)]
struct State {
    /// How far the clock was moved: by hand, by sleeping, and by its ticks at earlier speeds.
    moved: Duration,
    /// `None` for a clock that real time does not move.
    ticks: Option<Ticks>,
    slept: Vec<Duration>,
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
    /// A sleep takes no real time. As soon as it is awaited, it moves the clock to the time at
    /// which it ends, lets other tasks run once, and returns. Sleeps at the same time therefore
    /// take as long as the longest of them.
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
        Self(Arc::new(Inner { started, state: Mutex::new(state) }))
    }

    /// Moves the time forward by `duration`. A sleep by a ticking clock that has already begun
    /// does not end earlier.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.moved = state.moved.saturating_add(duration);
    }

    /// Makes the clock tick at this speed from now on, whether or not it ticked before.
    ///
    /// A speed that is not finite or not greater than 0 is replaced by 1.
    pub fn set_speed(&self, speed: f64) {
        let mut state = self.state();
        state.moved = state.now();
        state.ticks = Some(Ticks::new(speed));
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
        Box::pin(async move {
            let speed = {
                let mut state = clock.state();
                state.slept.push(duration);
                if state.ticks.is_none() {
                    state.moved = state.moved.max(end);
                }
                state.ticks.map(|ticks| ticks.speed)
            };
            match speed {
                Some(speed) => {
                    let rest = end.saturating_sub(clock.now());
                    tokio::time::sleep(seconds(rest.as_secs_f64() / speed)).await;
                }
                None => tokio::task::yield_now().await,
            }
        })
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
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn stopped_clock_moves_by_advance_and_by_sleep() {
        let clock = FakeClock::stopped();
        assert_eq!((clock.now(), clock.time()), (Duration::ZERO, NOW));
        clock.clone().advance(2 * SECOND);
        clock.sleep(3_600 * SECOND).await;
        assert_eq!(clock.now(), 3_602 * SECOND);
        assert_eq!(clock.time(), NOW + TimeDelta::seconds(3_602));
        assert_eq!(DateTime::<Utc>::from(clock.wall()), clock.time());
    }

    #[tokio::test]
    async fn sleeps_at_the_same_time_take_as_long_as_the_longest() {
        let clock = FakeClock::stopped();
        let (long, short) = (clock.sleep(5 * SECOND), clock.sleep(3 * SECOND));
        tokio::join!(long, short);
        assert_eq!(clock.now(), 5 * SECOND);
        assert_eq!(clock.slept(), [5 * SECOND, 3 * SECOND]);
    }

    #[tokio::test]
    async fn sleep_that_is_not_awaited_moves_nothing() {
        let clock = FakeClock::stopped();
        let sleep = clock.sleep(SECOND);
        tokio::task::yield_now().await;
        assert_eq!(clock.now(), Duration::ZERO);
        drop(sleep);
        assert_eq!((clock.now(), clock.slept()), (Duration::ZERO, vec![]));
    }

    #[tokio::test]
    async fn sleep_lets_other_tasks_run() {
        let clock = FakeClock::stopped();
        let other = clock.clone();
        let seen = tokio::spawn(async move { other.now() });
        clock.sleep(SECOND).await;
        assert!(seen.is_finished(), "the sleeper did not yield");
        assert_eq!(seen.await.expect("no panic"), SECOND);
    }

    #[tokio::test]
    async fn ticking_clock_runs_at_its_speed() {
        let before = Instant::now();
        let clock = FakeClock::ticking(600.0);
        let after = Instant::now();
        tokio::time::sleep(SECOND / 50).await;
        // For rounding.
        let slack = SECOND / 1_000;
        let least = after.elapsed() * 600 - slack;
        let shown = clock.now();
        let most = before.elapsed() * 600 + slack;
        assert!((least..=most).contains(&shown), "{least:?} {shown:?} {most:?}");
        clock.advance(3_600 * SECOND);
        assert!(clock.now() >= shown + 3_600 * SECOND);
    }

    #[tokio::test]
    async fn sleep_by_a_ticking_clock_takes_its_part_of_real_time() {
        let clock = FakeClock::ticking(36_000.0);
        let (start, end) = (Instant::now(), clock.now() + 3_600 * SECOND);
        clock.sleep(3_600 * SECOND).await;
        let slept = start.elapsed();
        assert!(clock.now() >= end, "over at {:?}, asked for {end:?}", clock.now());
        // A tenth of a second, less what passed before the sleep began.
        assert!(slept > SECOND / 20 && slept < 60 * SECOND, "slept for {slept:?}");
        assert_eq!(clock.slept(), [3_600 * SECOND]);
    }

    #[test]
    fn invalid_speed_is_replaced_by_real_time() {
        for speed in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let shown = format!("{:?}", FakeClock::ticking(speed));
            assert!(shown.contains("speed: 1.0"), "{speed}: {shown}");
        }
    }

    #[tokio::test]
    async fn time_stops_at_the_end_of_the_calendar() {
        let (stopped, fast) = (FakeClock::stopped(), FakeClock::ticking(f64::MAX));
        stopped.sleep(Duration::MAX).await;
        tokio::time::sleep(SECOND / 100).await;
        for clock in [stopped, fast] {
            clock.advance(Duration::MAX);
            clock.sleep(SECOND).await;
            assert_eq!((clock.now(), clock.time()), (Duration::MAX, LAST));
            assert_eq!(DateTime::<Utc>::from(clock.wall()), LAST);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn speed_can_be_changed() {
        let clock = FakeClock::stopped();
        clock.set_speed(10.0);
        tokio::time::advance(SECOND).await;
        assert_eq!(clock.now(), 10 * SECOND);
        clock.set_speed(100.0);
        tokio::time::advance(SECOND).await;
        assert_eq!(clock.now(), 110 * SECOND);
    }

    #[test]
    fn wall_clock_starts_at_the_current_time() {
        let before = to_micros(Utc::now());
        let time = FakeClock::wall_clock(1.0).time();
        assert!((before..=Utc::now() + TimeDelta::seconds(1)).contains(&time), "{time}");
    }

    #[test]
    fn time_has_whole_microseconds() {
        let clock = FakeClock::stopped();
        clock.advance(Duration::from_nanos(1_234_567));
        assert_eq!(clock.time() - NOW, TimeDelta::microseconds(1_234));
    }
}

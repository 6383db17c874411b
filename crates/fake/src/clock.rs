//! The clock of a fake, which tests move and clients wait with.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::server::lock;
use super::{NOW, instant};
use k6_cloud::{Clock, Sleep};

/// The last second that RFC 3339 can write, `9999-12-31T23:59:59Z`.
const LAST: DateTime<Utc> = instant(253_402_300_799);

/// What a speed that makes no sense is replaced by: that of real time.
const DEFAULT_SPEED: f64 = 1.0;

/// The clock of a [`FakeCloud`](super::FakeCloud), and of a client that waits without losing time.
///
/// It starts at [`NOW`]. Clones show and move the same time.
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
/// clock.sleep(Duration::from_secs(1_200)).await; // twenty minutes, at once
/// assert_eq!(clock.slept(), [Duration::from_secs(1_200)]);
/// assert_eq!(clock.time() - NOW, chrono::TimeDelta::minutes(21));
/// # }
/// ```
#[derive(Clone)]
pub struct FakeClock(Arc<Inner>);

struct Inner {
    /// `None` where real time does not move the clock.
    ticks: Option<Ticks>,
    state: Mutex<State>,
}

struct Ticks {
    start: Instant,
    /// Finite and more than 0.
    speed: f64,
}

#[derive(Default)]
struct State {
    /// How far the clock was moved, by hand or by sleeping.
    moved: Duration,
    slept: Vec<Duration>,
}

impl FakeClock {
    /// Returns a clock that stands still until it is moved: by [`advance`](Self::advance), or by
    /// somebody's sleeping.
    ///
    /// A sleep takes no real time: as soon as it is awaited, the time is at least what it was when
    /// the sleep was asked for, plus its length. It then lets other tasks run once and is over.
    /// Several sleeps at once therefore take as long as the longest, and not as all of them.
    pub fn stopped() -> Self {
        Self::new(None)
    }

    /// Returns a clock that moves by itself, `speed` times as fast as real time: at 600, twenty
    /// minutes pass in two seconds.
    ///
    /// Real time is Tokio's, which a test may pause. A speed that is not finite or not above 0 is
    /// replaced by 1.
    pub fn ticking(speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { DEFAULT_SPEED };
        Self::new(Some(Ticks { start: Instant::now(), speed }))
    }

    fn new(ticks: Option<Ticks>) -> Self {
        Self(Arc::new(Inner { ticks, state: Mutex::default() }))
    }

    /// Moves the time forward by `duration`, of either kind of clock. What sleeps by a ticking
    /// clock already is not woken earlier.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.moved = state.moved.saturating_add(duration);
    }

    /// Returns the time, which starts at [`NOW`] and stops at the end of the year 9999.
    pub fn time(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.now()).unwrap_or(TimeDelta::MAX);
        NOW.checked_add_signed(passed).map_or(LAST, |time| time.min(LAST))
    }

    /// Returns the lengths of all sleeps so far, in the order in which they were begun. A sleep
    /// that was never awaited did not begin.
    pub fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// Returns what real time has added to the clock.
    fn ticked(&self) -> Duration {
        self.0.ticks.as_ref().map_or(Duration::ZERO, |ticks| {
            seconds(ticks.start.elapsed().as_secs_f64() * ticks.speed)
        })
    }

    /// Moves a stopped clock forward to `moment` unless it is there.
    fn reach(&self, moment: Duration) {
        let mut state = self.state();
        state.moved = state.moved.max(moment);
    }
}

impl Clock for FakeClock {
    /// Returns the time since the clock was made.
    fn now(&self) -> Duration {
        let moved = self.state().moved;
        moved.saturating_add(self.ticked())
    }

    fn wall(&self) -> SystemTime {
        self.time().into()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.now().saturating_add(duration);
        Box::pin(async move {
            clock.state().slept.push(duration);
            if let Some(Ticks { speed, .. }) = clock.0.ticks {
                let rest = end.saturating_sub(clock.now());
                tokio::time::sleep(seconds(rest.as_secs_f64() / speed)).await;
            } else {
                clock.reach(end);
                tokio::task::yield_now().await;
            }
        })
    }
}

impl fmt::Debug for FakeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("FakeClock");
        shown.field("time", &self.time());
        if let Some(ticks) = &self.0.ticks {
            shown.field("speed", &ticks.speed);
        }
        shown.finish_non_exhaustive()
    }
}

/// Returns a duration of so many seconds, and the longest where there is none.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
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
    async fn sleeps_at_once_take_as_long_as_the_longest() {
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
        // What rounding may take.
        let slack = SECOND / 1_000;
        let least = after.elapsed() * 600 - slack;
        let shown = clock.now();
        let most = before.elapsed() * 600 + slack;
        assert!((least..=most).contains(&shown), "{least:?} {shown:?} {most:?}");
        clock.advance(3_600 * SECOND);
        assert!(clock.now() >= shown + 3_600 * SECOND);
    }

    #[tokio::test]
    async fn ticking_clock_sleeps_for_a_part_of_the_time() {
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
    fn senseless_speed_is_that_of_real_time() {
        for speed in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let shown = format!("{:?}", FakeClock::ticking(speed));
            assert!(shown.contains("speed: 1.0"), "{speed}: {shown}");
        }
    }

    #[tokio::test]
    async fn time_has_an_end_and_no_panic() {
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
}

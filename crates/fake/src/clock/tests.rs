use chrono::TimeDelta;
use futures_util::FutureExt as _;

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
async fn sleeps_of_other_tasks_begin_before_the_clock_moves() {
    let clock = FakeClock::stopped();
    let other = clock.clone();
    let seen = tokio::spawn(async move {
        // As after a response that takes a moment.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        other.sleep(3 * SECOND).await;
        other.now()
    });
    clock.sleep(5 * SECOND).await;
    assert_eq!(seen.await.expect("no panic"), 3 * SECOND);
    assert_eq!(clock.now(), 5 * SECOND);
}

#[tokio::test]
async fn clock_moves_to_the_end_of_the_shortest_sleep_first() {
    let clock = FakeClock::stopped();
    let nap = |seconds| {
        let clock = clock.clone();
        async move {
            clock.sleep(seconds * SECOND).await;
            clock.now()
        }
    };
    assert_eq!(tokio::join!(nap(9), nap(1), nap(4)), (9 * SECOND, SECOND, 4 * SECOND));
}

#[tokio::test]
async fn sleep_that_is_dropped_does_not_hold_up_the_others() {
    let clock = FakeClock::stopped();
    let mut short = clock.sleep(SECOND);
    assert!((&mut short).now_or_never().is_none());
    let long = clock.sleep(5 * SECOND);
    drop(short);
    long.await;
    assert_eq!(clock.now(), 5 * SECOND);
}

#[tokio::test]
async fn advance_and_a_new_speed_end_a_sleep() {
    let clock = FakeClock::stopped();
    let mut sleep = clock.sleep(SECOND);
    assert!((&mut sleep).now_or_never().is_none());
    clock.advance(2 * SECOND);
    sleep.await;
    assert_eq!(clock.now(), 2 * SECOND);
    let mut sleep = clock.sleep(3_600 * SECOND);
    assert!((&mut sleep).now_or_never().is_none());
    clock.set_speed(36_000.0);
    sleep.await;
    assert!(clock.now() >= 3_602 * SECOND);
}

#[tokio::test]
async fn clock_stands_still_while_a_request_is_served() {
    let clock = FakeClock::stopped();
    let request = clock.begin_request();
    let other = clock.clone();
    let sleep = tokio::spawn(async move { other.sleep(SECOND).await });
    tokio::time::sleep(SECOND / 20).await;
    assert_eq!(clock.now(), Duration::ZERO);
    drop(request);
    sleep.await.expect("no panic");
    assert_eq!(clock.now(), SECOND);
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

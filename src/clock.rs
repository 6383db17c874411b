//! A clock that tests can replace.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

/// A pause; from [`Clock::sleep`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Measures time for a client, and makes its pauses: between the attempts of a call, and between the
/// polls of a run.
///
/// A client uses [`SystemClock`] unless [`ClientBuilder::clock`](crate::ClientBuilder::clock) sets
/// another, such as the clock of a fake, whose pauses take no time. Timeouts of single requests do
/// not use this clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the time since a fixed moment in the past. It never goes back.
    fn now(&self) -> Duration;

    /// Returns the calendar time, to which dates in responses are compared.
    fn wall(&self) -> SystemTime;

    /// Returns a future that is ready after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The clock of the operating system, with the timers of Tokio.
///
/// It follows Tokio's paused time in tests that use that.
#[derive(Clone, Debug)]
pub struct SystemClock {
    start: tokio::time::Instant,
}

impl SystemClock {
    /// Returns a clock that starts now.
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

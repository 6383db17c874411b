//! The passing of time, as a thing that tests replace.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

/// A pause of a [`Clock`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the client measures time and pauses with: between the attempts of a call and between the
/// looks at a run that is waited for.
///
/// A client has [`SystemClock`] unless [`ClientBuilder::clock`](crate::ClientBuilder::clock) gives
/// it another, such as the one of the fake, whose pauses take no time. The timeouts of single
/// requests are measured by the connection below and not by this clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the time since some moment that stays the same; it never goes back.
    fn now(&self) -> Duration;

    /// Returns the time of the calendar, against which dates in answers are read.
    fn wall(&self) -> SystemTime;

    /// Returns a future that ends when `duration` has passed.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The clock of the operating system, with the timers of Tokio.
///
/// It follows Tokio's paused time, for tests that use that.
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

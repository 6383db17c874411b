//! How often a call is retried, and how long it waits.

use std::time::Duration;

use crate::Error;

/// How a client retries requests after transient failures.
///
/// The client retries calls that are safe to send twice: every `GET`, `HEAD`, `PUT` and `DELETE`;
/// starring, unstarring and aborting a run, activating and deactivating a schedule, and validating
/// options; and every call with an idempotency key, for the 10 minutes that the API remembers it.
/// It does so after 408, 429, 500, 502, 503 and 504, and if the connection could not be made,
/// broke, or brought no response in time. Every other call is retried only if the server certainly
/// did not carry it out: after 429, and if no connection could be made.
///
/// The pause before attempt *n* + 1 is a random time from 0 to `base_delay` × 2^(*n* − 1), at most
/// `max_delay`. If the server sends `Retry-After`, the pause is that long, and up to `base_delay`
/// longer. A call does not start a pause that would end after the `deadline`: it then fails at once
/// with the failure of its last attempt.
///
/// The *budget* keeps an outage from multiplying requests. Each retry takes one token out of it,
/// each call puts a part of a token back, and while it is empty calls are not retried: their errors
/// say so. A client and its clones share one budget. For jobs with many calls there is
/// [`batch`](Self::batch).
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) deadline: Duration,
    pub(crate) budget: u32,
    pub(crate) refill: f64,
}

impl Default for RetryPolicy {
    /// For programs that people wait for: at most 4 attempts within 2 minutes, with pauses of up to
    /// 0.5, 1 and 2 seconds, and a budget of 20 retries that each call refills by a fifth of a retry.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            deadline: Duration::from_secs(120),
            budget: 20,
            refill: 0.2,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never retries.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// Returns a policy for jobs that make many calls and should rather take long than fail: at most
    /// 100 attempts within an hour, with pauses of up to 1, 2, 4, 8, 16 and then 30 seconds, and a
    /// budget of 1,000 retries that each call refills by one.
    ///
    /// With the default policy, an outage of some seconds fails most calls of such a job, because the
    /// budget is soon empty; see [`RetryStop::BudgetEmpty`](crate::RetryStop::BudgetEmpty).
    pub fn batch() -> Self {
        Self {
            max_attempts: 100,
            base_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            deadline: Duration::from_secs(60 * 60),
            budget: 1_000,
            refill: 1.0,
        }
    }

    /// Sets the maximum number of requests of a call, including the first; at least 1. The default is
    /// 4.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the maximum pause before the second attempt. It doubles with each further attempt. The
    /// default is 0.5 seconds.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the length at which pauses stop growing. The client still waits for a longer
    /// `Retry-After`, within the deadline. The default is 20 seconds.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how long a call may take with all its attempts and pauses; longer than zero. The default
    /// is 2 minutes.
    ///
    /// The time starts when the first request is sent, not while it waits for a permit under
    /// [`max_in_flight`](crate::ClientBuilder::max_in_flight). The deadline does not shorten the
    /// first attempt, which has the client's `timeout`; later attempts end at the deadline. Only the
    /// silence of uploads and downloads of scripts is limited, so that they may end later.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the budget: the number of retries that it holds, from 1 to 1,000,000, and the part of a
    /// retry that each call adds, from 0 to 1. The default is 20 and 0.2.
    pub fn budget(mut self, retries: u32, refill: f64) -> Self {
        self.budget = retries;
        self.refill = refill;
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let reject = |what: &str| Err(Error::configuration(format!("retries: {what}")));
        if self.max_attempts == 0 {
            return reject("max_attempts must be at least 1; RetryPolicy::off turns retries off");
        }
        if self.deadline.is_zero() {
            return reject("deadline must be longer than zero, such as 2 minutes");
        }
        if !(1..=1_000_000).contains(&self.budget) {
            return reject("budget must be from 1 to 1,000,000 retries, such as 20");
        }
        if !(0.0..=1.0).contains(&self.refill) {
            return reject("the refill of the budget must be from 0 to 1, such as 0.2");
        }
        Ok(())
    }

    /// Returns the pause after `attempt` attempts. `drawn` is a random number from 0 to 1, `asked`
    /// what the server asks for.
    pub(crate) fn pause(&self, attempt: u32, drawn: f64, asked: Option<Duration>) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        let drawn = if drawn.is_finite() { drawn.clamp(0.0, 1.0) } else { 1.0 };
        let drawn = Duration::try_from_secs_f64(ceiling.as_secs_f64() * drawn).unwrap_or(ceiling);
        // Without jitter, all clients that were told to wait would send their requests at the same
        // moment.
        let spread = self.base_delay.min(drawn);
        drawn.max(asked.map_or(Duration::ZERO, |asked| asked.saturating_add(spread)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    #[test]
    fn pause_doubles_up_to_a_limit() {
        let policy = RetryPolicy::default()
            .base_delay(Duration::from_secs(1))
            .max_delay(Duration::from_secs(5));
        let pauses: Vec<u64> = (1..=5).map(|n| policy.pause(n, 1.0, None).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 5, 5]);
        assert_eq!(policy.pause(2, 0.5, None), Duration::from_secs(1));
        assert_eq!(policy.pause(u32::MAX, 0.0, None), Duration::ZERO);
        assert_eq!(policy.pause(1, f64::NAN, None), Duration::from_secs(1));
        let endless = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(endless.pause(9, 1.0, None), Duration::MAX);
    }

    #[test]
    fn pause_is_at_least_what_the_server_asks_for() {
        let policy = RetryPolicy::default();
        let asked = Some(Duration::from_secs(90));
        assert_eq!(policy.pause(1, 0.0, asked), Duration::from_secs(90));
        assert_eq!(policy.pause(1, 1.0, asked), Duration::from_millis(90_500));
        assert_eq!(policy.pause(3, 1.0, asked), Duration::from_millis(90_500));
        assert_eq!(policy.pause(3, 1.0, Some(Duration::MAX)), Duration::MAX);
        assert!(policy.pause(1, 1.0, Some(Duration::ZERO)) > Duration::ZERO);
    }

    /// The numbers of the documentation of `Default`, with what follows from them.
    #[test]
    fn default_is_what_its_documentation_says() {
        let default = RetryPolicy::default();
        let built = RetryPolicy::off()
            .max_attempts(4)
            .base_delay(Duration::from_millis(500))
            .max_delay(Duration::from_secs(20))
            .deadline(Duration::from_secs(120))
            .budget(20, 0.2);
        assert_eq!(default, built);
        assert_eq!(RetryPolicy::off(), default.clone().max_attempts(1));
        let pauses: Vec<_> = (1..=7).map(|n| default.pause(n, 1.0, None).as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
    }

    #[test]
    fn batch_is_what_its_documentation_says() {
        let built = RetryPolicy::off()
            .max_attempts(100)
            .base_delay(Duration::from_secs(1))
            .max_delay(Duration::from_secs(30))
            .deadline(Duration::from_secs(3_600))
            .budget(1_000, 1.0);
        assert_eq!(RetryPolicy::batch(), built);
        let pauses: Vec<_> = (1..=7).map(|n| built.pause(n, 1.0, None).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn bounds_of_the_documentation_are_in_range() {
        let policy = RetryPolicy::default;
        for policy in [
            policy().max_attempts(1),
            policy().max_attempts(u32::MAX),
            policy().deadline(Duration::from_nanos(1)),
            policy().budget(1, 0.0),
            policy().budget(1_000_000, 1.0),
        ] {
            policy.check().expect("in range");
        }
    }

    /// The sentences of the documentation, which must follow the values.
    #[test]
    fn setters_document_the_defaults() {
        let source = include_str!("policy.rs");
        let RetryPolicy { max_attempts, base_delay, max_delay, deadline, budget, refill } =
            RetryPolicy::default();
        for (setter, default) in [
            ("max_attempts", format!("default is {max_attempts}.")),
            ("base_delay", format!("default is {} seconds.", base_delay.as_secs_f64())),
            ("max_delay", format!("default is {} seconds.", max_delay.as_secs())),
            ("deadline", format!("default is {} minutes.", deadline.as_secs() / 60)),
            ("budget", format!("default is {budget} and {refill}.")),
        ] {
            let (before, _) = source.split_once(&format!("pub fn {setter}(")).expect(setter);
            let docs = before.rsplit("}\n").next().unwrap_or_default().replace("\n    ///", "");
            assert!(docs.contains(&default), "{setter}: {docs}");
        }
        assert!(RetryPolicy::batch().check().is_ok());
    }

    #[test]
    fn value_out_of_range_is_rejected() {
        let policy = RetryPolicy::default;
        assert!(policy().check().is_ok() && RetryPolicy::off().check().is_ok());
        for (policy, what) in [
            (policy().max_attempts(0), "max_attempts"),
            (policy().deadline(Duration::ZERO), "deadline"),
            (policy().budget(0, 0.1), "budget"),
            (policy().budget(1_000_001, 0.1), "budget"),
            (policy().budget(1, -0.1), "refill"),
            (policy().budget(1, 1.5), "refill"),
            (policy().budget(1, f64::NAN), "refill"),
        ] {
            let error = policy.check().expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}

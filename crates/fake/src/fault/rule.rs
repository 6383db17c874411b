//! Which requests a fault or a canned response applies to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Effect;
use crate::contract::Contract;
use crate::metrics;

/// Chooses requests: by their operation, and by their number among those of the operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestRule {
    operation: Option<String>,
    skip: u64,
    times: Option<u64>,
}

impl RequestRule {
    /// Restricts the rule to one operation.
    ///
    /// # Panics
    ///
    /// If the API has no such operation.
    #[track_caller]
    pub(crate) fn set_operation(&mut self, operation: &str) {
        match check_operation(operation) {
            Ok(()) => self.operation = Some(operation.to_owned()),
            Err(message) => panic!("{message}"),
        }
    }

    pub(crate) fn set_nth(&mut self, number: u64) {
        (self.skip, self.times) = (number, Some(1));
    }

    pub(crate) fn set_first(&mut self, times: u64) {
        (self.skip, self.times) = (0, Some(times));
    }

    /// Counts a request, and returns whether the rule applies to it.
    fn counts(&mut self, operation: &str) -> bool {
        if self.operation.as_ref().is_some_and(|own| own != operation) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    pub(crate) fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }
}

/// Checks the name of an operation. The error lists the names that are most like it.
pub(crate) fn check_operation(operation: &str) -> Result<(), String> {
    let contract = Contract::get()?;
    let ids = || contract.ids().chain(metrics::OPERATIONS.iter().copied());
    if ids().any(|id| id == operation) {
        return Ok(());
    }
    let mut ids: Vec<_> = ids().map(|id| (distance(id, operation), id)).collect();
    ids.sort_unstable();
    let nearest: Vec<_> = ids.iter().take(3).map(|(_, id)| format!("`{id}`")).collect();
    let nearest = nearest.join(", ");
    Err(format!("the API has no operation `{operation}`; the nearest names are {nearest}"))
}

/// Returns how many characters differ between two names (their Levenshtein distance).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// An effect with the requests that it applies to.
#[derive(Debug)]
pub(crate) struct Injection {
    effect: Effect,
    rule: RequestRule,
    fired: Arc<AtomicU64>,
}

impl Injection {
    pub(crate) fn new(effect: Effect, rule: RequestRule) -> Self {
        Self { effect, rule, fired: Arc::default() }
    }

    pub(crate) fn handle(&self) -> Injected {
        Injected { fired: Arc::clone(&self.fired) }
    }

    /// Counts a request, and returns whether the injection applies to it.
    pub(crate) fn counts(&mut self, operation: &str) -> bool {
        self.rule.counts(operation)
    }

    /// Returns the effect, which counts as fired.
    pub(crate) fn fire(&self) -> Effect {
        self.fired.fetch_add(1, Ordering::Relaxed);
        self.effect.clone()
    }

    pub(crate) fn rule(&self) -> &RequestRule {
        &self.rule
    }

    pub(crate) fn effect(&self) -> &Effect {
        &self.effect
    }
}

/// A [`Fault`](crate::Fault) or a [`CannedResponse`](crate::CannedResponse) that was put into a
/// fake. It stays there if this handle is dropped.
#[derive(Clone, Debug)]
pub struct Injected {
    fired: Arc<AtomicU64>,
}

impl Injected {
    /// Returns how many requests it has affected so far.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use k6_cloud_fake::{FakeCloud, Fault};
    ///
    /// let fake = FakeCloud::start().await?;
    /// let fault = fake.inject(Fault::status(503).on("get_test_run"));
    /// assert_eq!(fault.fired(), 0);
    /// # Ok(()) }
    /// ```
    pub fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_api_is_known() {
        let contract = Contract::get().expect("a good description");
        for id in contract.ids() {
            check_operation(id).expect("known");
        }
    }

    #[test]
    fn unknown_operation_is_an_error_with_the_nearest_names() {
        let error = check_operation("get_testrun").expect_err("unknown");
        assert!(error.contains("no operation `get_testrun`"), "{error}");
        assert!(error.contains("nearest names are `get_test_run`"), "{error}");
        for name in ["", "GET_TEST_RUN", "get_test_run ", "größe"] {
            check_operation(name).expect_err(name);
        }
    }

    #[test]
    fn distance_counts_the_differences() {
        for (a, b, expected) in
            [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}

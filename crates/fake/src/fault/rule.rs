//! Which requests a fault or a canned response applies to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Effect;
use crate::contract::Contract;
use crate::time::{delta, later};
use crate::{logs, metrics};

/// Chooses requests: by their operation and time, and by their number among those.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestRule {
    operation: Option<String>,
    skip: u64,
    times: Option<u64>,
    after: Duration,
    lasting: Option<Duration>,
}

impl RequestRule {
    /// Restricts the rule to one operation.
    ///
    /// # Panics
    ///
    /// If the API has no such operation.
    #[track_caller]
    pub(crate) fn set_operation(&mut self, operation: &str) {
        match find_operation(operation) {
            Ok(found) => self.operation = Some(found.to_owned()),
            Err(message) => panic!("{message}"),
        }
    }

    pub(crate) fn set_nth(&mut self, number: u64) {
        (self.skip, self.times) = (number, Some(1));
    }

    pub(crate) fn set_first(&mut self, times: u64) {
        (self.skip, self.times) = (0, Some(times));
    }

    pub(crate) fn set_after(&mut self, delay: Duration) {
        self.after = delay;
    }

    pub(crate) fn set_lasting(&mut self, duration: Duration) {
        self.lasting = Some(duration);
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

/// Returns the name of the client's method for an operation, which is named like that or as in the
/// published description. The error lists the names that are most like it.
pub(crate) fn find_operation(operation: &str) -> Result<&'static str, String> {
    let contract = Contract::get(true)?;
    let names = contract.names().chain(metrics::OPERATIONS.iter().map(|id| (*id, *id)));
    let names = names.chain([(logs::OPERATION, logs::OPERATION)]);
    let mut names: Vec<(&str, &str)> = names.collect();
    if let Some((_, id)) = names.iter().find(|(name, _)| *name == operation) {
        return Ok(id);
    }
    names.sort_by_cached_key(|(name, _)| likeness(name, operation));
    let mut nearest: Vec<String> = Vec::new();
    for (_, id) in names {
        let id = format!("`{id}`");
        if nearest.len() < 3 && !nearest.contains(&id) {
            nearest.push(id);
        }
    }
    let nearest = nearest.join(", ");
    Err(format!("the API has no operation `{operation}`; the nearest names are {nearest}"))
}

/// Returns how unlike two names are, whatever the order and the form of their words: `listProjects`,
/// `projects-list` and `list_projects` are alike.
fn likeness(name: &str, operation: &str) -> (usize, usize) {
    let sorted = |name: &str| {
        let mut words = words(name);
        words.sort_unstable();
        words.join("_")
    };
    let in_order = distance(name, &words(operation).join("_"));
    (in_order.min(distance(&sorted(name), &sorted(operation))), in_order)
}

/// Returns the words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
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
    /// When it begins.
    from: DateTime<Utc>,
    /// When it ends, `None` if it does not.
    until: Option<DateTime<Utc>>,
    fired: Arc<AtomicU64>,
}

impl Injection {
    /// Returns an injection that is put into a fake at `now`.
    pub(crate) fn new(effect: Effect, rule: RequestRule, now: DateTime<Utc>) -> Self {
        let from = later(now, delta(rule.after));
        let until = rule.lasting.map(|lasting| later(from, delta(lasting)));
        Self { effect, rule, from, until, fired: Arc::default() }
    }

    pub(crate) fn handle(&self) -> Injected {
        Injected { fired: Arc::clone(&self.fired) }
    }

    /// Counts a request at `now`, and returns whether the injection applies to it.
    pub(crate) fn counts(&mut self, operation: &str, now: DateTime<Utc>) -> bool {
        let is_on = now >= self.from && self.until.is_none_or(|until| now < until);
        is_on && self.rule.counts(operation)
    }

    /// Returns when it begins, and when it ends if it does.
    pub(crate) fn window(&self) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
        (self.from, self.until)
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
        let contract = Contract::get(true).expect("a good description");
        for (name, id) in contract.names() {
            assert_eq!(find_operation(name), Ok(id));
        }
    }

    #[test]
    fn unknown_operation_is_an_error_with_the_nearest_names() {
        let error = find_operation("get_testrun").expect_err("unknown");
        assert!(error.contains("no operation `get_testrun`"), "{error}");
        assert!(error.contains("nearest names are `get_test_run`"), "{error}");
        for name in ["", "GET_TEST_RUN", "get_test_run ", "größe"] {
            find_operation(name).expect_err(name);
        }
    }

    #[test]
    fn hints_see_through_the_order_and_form_of_words() {
        for (name, nearest) in [
            ("listProjects", "list_projects"),
            ("ListProjects", "list_projects"),
            ("projects-list", "list_projects"),
            ("project_list", "list_projects"),
            ("test_run_get", "get_test_run"),
            ("load_tests_retreive", "get_load_test"),
        ] {
            let error = find_operation(name).expect_err(name);
            assert!(error.contains(&format!("names are `{nearest}`")), "{error}");
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

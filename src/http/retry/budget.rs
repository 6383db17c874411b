//! A token bucket that limits retries across all calls of a client.

use std::sync::atomic::{AtomicU64, Ordering};

use super::RetryPolicy;

/// The number of parts in a token. A call can put back less than a whole token.
const TOKEN: u64 = 1000;

/// The retries left to a client and its clones.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicU64,
    most: u64,
    refill: u64,
}

impl RetryBudget {
    pub(crate) fn new(policy: &RetryPolicy) -> Self {
        let most = u64::from(policy.budget) * TOKEN;
        // Checked to lie between 0 and 1.
        let refill = (policy.refill * TOKEN as f64) as u64;
        Self { left: AtomicU64::new(most), most, refill }
    }

    /// Counts a call.
    pub(crate) fn deposit(&self) {
        let add = |left: u64| (left < self.most).then(|| (left + self.refill).min(self.most));
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Takes a token, if there is one.
    pub(crate) fn withdraw(&self) -> bool {
        let take = |left: u64| left.checked_sub(TOKEN);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{RetryBudget, RetryPolicy};

    #[test]
    fn budget_is_spent_by_retries_and_filled_by_calls() {
        let budget = RetryBudget::new(&RetryPolicy::default().budget(2, 0.5));
        assert!(budget.withdraw() && budget.withdraw());
        assert!(!budget.withdraw());
        budget.deposit();
        assert!(!budget.withdraw(), "half a token is not enough");
        budget.deposit();
        assert!(budget.withdraw() && !budget.withdraw());
        (0..100).for_each(|_| budget.deposit());
        assert!(budget.withdraw() && budget.withdraw() && !budget.withdraw());
    }

    #[test]
    fn refill_is_exact() {
        let budget = RetryBudget::new(&RetryPolicy::default().budget(1, 0.01));
        assert!(budget.withdraw());
        (0..99).for_each(|_| budget.deposit());
        assert!(!budget.withdraw(), "99 hundredths");
        budget.deposit();
        assert!(budget.withdraw());
    }
}

//! What keeps many calls from repeating their requests all at once.

use std::sync::atomic::{AtomicU64, Ordering};

use super::RetryPolicy;

/// A token is a thousand parts, so that parts of one can be counted.
const TOKEN: u64 = 1000;

/// The tokens that a client and its clones have left for repetitions.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
    most: u64,
    refill: u64,
}

impl Budget {
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
    use super::{Budget, RetryPolicy};

    #[test]
    fn budget_is_spent_and_filled_by_calls() {
        let budget = Budget::new(&RetryPolicy::default().budget(2, 0.5));
        assert!(budget.withdraw() && budget.withdraw());
        assert!(!budget.withdraw());
        budget.deposit();
        assert!(!budget.withdraw(), "half a token is none");
        budget.deposit();
        assert!(budget.withdraw() && !budget.withdraw());
        (0..100).for_each(|_| budget.deposit());
        assert!(budget.withdraw() && budget.withdraw() && !budget.withdraw());
    }
}

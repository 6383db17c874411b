//! The rows that were read last, by their keys.

use std::collections::{BTreeSet, VecDeque};

/// Remembers a bounded number of keys, so that a list of any length needs the same memory.
#[derive(Debug)]
pub(super) struct Seen {
    order: VecDeque<i64>,
    /// Not hashed: a table from which as much is taken as is put in doubles at some time or other.
    known: BTreeSet<i64>,
    most: usize,
}

impl Seen {
    pub(super) fn new(most: usize) -> Self {
        Self { order: VecDeque::new(), known: BTreeSet::new(), most }
    }

    pub(super) fn contains(&self, key: i64) -> bool {
        self.known.contains(&key)
    }

    /// Remembers the key, and returns whether it is new. The oldest is forgotten for it.
    pub(super) fn insert(&mut self, key: i64) -> bool {
        if !self.known.insert(key) {
            return false;
        }
        if self.order.len() == self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(key);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn oldest_is_forgotten() {
        let mut seen = Seen::new(3);
        assert!([1, 2, 3, 4].into_iter().all(|key| seen.insert(key)));
        assert!(!seen.insert(2) && !seen.insert(4));
        assert!(!seen.contains(1) && seen.insert(1) && !seen.contains(2));
        assert_eq!(seen.known.len(), 3);
    }
}

//! The keys of the last rows.

use std::collections::{BTreeSet, VecDeque};

/// Remembers a limited number of keys, so that a list of any length needs the same memory.
#[derive(Debug)]
pub(super) struct Seen {
    order: VecDeque<i64>,
    /// Not a hash table, because that would grow now and then even with a constant number of keys.
    known: BTreeSet<i64>,
    capacity: usize,
}

impl Seen {
    pub(super) fn new(capacity: usize) -> Self {
        Self { order: VecDeque::new(), known: BTreeSet::new(), capacity }
    }

    pub(super) fn contains(&self, key: i64) -> bool {
        self.known.contains(&key)
    }

    /// Remembers the key, and forgets the oldest one if needed. Returns whether the key is new.
    pub(super) fn insert(&mut self, key: i64) -> bool {
        if !self.known.insert(key) {
            return false;
        }
        if self.order.len() == self.capacity
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
    fn oldest_key_is_forgotten() {
        let mut seen = Seen::new(3);
        assert!([1, 2, 3, 4].into_iter().all(|key| seen.insert(key)));
        assert!(!seen.insert(2) && !seen.insert(4));
        assert!(!seen.contains(1) && seen.insert(1) && !seen.contains(2));
        assert_eq!(seen.known.len(), 3);
    }
}

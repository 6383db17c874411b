//! Rows by id.

use std::collections::BTreeMap;

/// Rows in the order of their ids. An id that was used once is not used again.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: BTreeMap<i64, T>,
    next: i64,
}

impl<T> Table<T> {
    /// Returns an empty table whose first row gets the id `first`.
    pub(crate) fn new(first: i64) -> Self {
        Self { rows: BTreeMap::new(), next: first }
    }

    pub(crate) fn get(&self, id: i64) -> Option<&T> {
        self.rows.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut T> {
        self.rows.get_mut(&id)
    }

    pub(crate) fn contains(&self, id: i64) -> bool {
        self.rows.contains_key(&id)
    }

    /// Returns the id of the next row.
    pub(crate) fn next_id(&self) -> i64 {
        self.next
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds the row that `row` makes for the next id, and returns that id.
    pub(crate) fn add(&mut self, row: impl FnOnce(i64) -> T) -> i64 {
        let id = self.next;
        self.put(id, row(id));
        id
    }

    /// Adds a row, or replaces the one with its id.
    pub(crate) fn put(&mut self, id: i64, row: T) {
        self.next = self.next.max(id.saturating_add(1));
        self.rows.insert(id, row);
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<T> {
        self.rows.remove(&id)
    }

    /// Removes the rows that `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.rows.retain(|_, row| keep(row));
    }

    /// Returns the rows in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }
}

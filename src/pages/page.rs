//! A page as users get it.

/// A page of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListPage<T> {
    /// The rows that were not on an earlier page.
    pub rows: Vec<T>,
    /// The number of rows in the whole list when the page was read, according to the server. `None`
    /// if the response does not have it.
    pub total: Option<i64>,
    /// The number of rows that were dropped because an earlier page had them. Each page begins with
    /// the last row of the page before it on purpose; that row does not count.
    pub duplicates: usize,
    /// How the size of the list has changed since the first page; `None` if it has not.
    pub size_change: Option<SizeChange>,
}

impl<T> ListPage<T> {
    /// Makes a page, for tests of code that takes one. `total` is the number of rows in the whole list.
    pub fn new(rows: impl IntoIterator<Item = T>, total: Option<i64>) -> Self {
        Self { rows: rows.into_iter().collect(), total, duplicates: 0, size_change: None }
    }
}

/// A change of a list's size while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SizeChange {
    /// The number of rows in the list when the first page was read.
    pub from: i64,
    /// The number of rows in the list when the last page so far was read.
    pub to: i64,
}

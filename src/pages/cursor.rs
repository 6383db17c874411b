//! The position in the list, and the rows to request next.

use crate::operation::Window;

/// The most rows that the API gives in a page.
const MAX_PAGE_SIZE: i64 = 1000;

/// The `$skip` and `$top` of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PageRange {
    pub(super) skip: i64,
    pub(super) top: i64,
}

impl PageRange {
    /// Returns the index after the last requested row.
    pub(super) fn end(self) -> i64 {
        self.skip.saturating_add(self.top)
    }
}

/// The position in the list, and the size of pages.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// The index of the first row of the first page.
    start: i64,
    /// The index of the first row that has not been read yet.
    position: i64,
    /// The number of new rows to request.
    page_size: i64,
    /// The most rows that the server gives in a page, as far as is known.
    server_limit: i64,
    /// The number of pages in a row that were shorter than requested and not the last.
    short_pages: u32,
}

impl Cursor {
    /// Returns the cursor at the start of a list, or an error message if the `$skip` or `$top` of
    /// its builder is out of range.
    pub(super) fn at_start(window: Window) -> Result<Self, String> {
        let (skip, top) = (window.skip.unwrap_or(0), window.top.unwrap_or(MAX_PAGE_SIZE));
        if skip < 0 {
            return Err(format!("skip must be at least 0, not {skip}"));
        }
        if !(1..=MAX_PAGE_SIZE).contains(&top) {
            return Err(format!("top must be from 1 to {MAX_PAGE_SIZE}, not {top}"));
        }
        Ok(Self {
            start: skip,
            position: skip,
            page_size: top,
            server_limit: MAX_PAGE_SIZE,
            short_pages: 0,
        })
    }

    pub(super) fn start(&self) -> i64 {
        self.start
    }

    pub(super) fn position(&self) -> i64 {
        self.position
    }

    pub(super) fn move_to(&mut self, position: i64) {
        self.position = position;
    }

    /// Returns the range that begins `overlap` rows before `position`.
    pub(super) fn range_at(&self, position: i64, overlap: i64) -> PageRange {
        // If the server gives one row at a time, a page with an overlap would never have a new row.
        let overlap = if self.server_limit > 1 { overlap.min(position - self.start) } else { 0 };
        let top = (self.page_size + overlap).min(self.server_limit);
        PageRange { skip: position - overlap, top }
    }

    /// Returns the range from the position up to `end`.
    pub(super) fn range_to(&self, end: i64) -> PageRange {
        let top = end.saturating_sub(self.position).clamp(1, MAX_PAGE_SIZE);
        PageRange { skip: self.position, top }
    }

    /// Notes how many of the requested rows came. Two short pages in a row show the server's limit.
    /// A single short page may have other reasons.
    pub(super) fn note_length(&mut self, range: PageRange, rows: i64, is_last: bool) {
        self.short_pages = if is_last || rows >= range.top { 0 } else { self.short_pages + 1 };
        if self.short_pages > 1 {
            self.server_limit = rows.max(1);
        }
    }

    /// Returns whether the last page was shorter than requested.
    pub(super) fn is_short(&self) -> bool {
        self.short_pages > 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PageRange};
    use crate::operation::Window;

    fn cursor(skip: i64, top: i64) -> Cursor {
        Cursor::at_start(Window { skip: Some(skip), top: Some(top) }).expect("a window")
    }

    #[test]
    fn overlap_never_reaches_behind_the_start() {
        let mut cursor = cursor(20, 10);
        assert_eq!(cursor.range_at(20, 1), PageRange { skip: 20, top: 10 });
        cursor.move_to(30);
        assert_eq!(cursor.range_at(30, 1), PageRange { skip: 29, top: 11 });
        assert_eq!(cursor.range_at(30, 16), PageRange { skip: 20, top: 20 });
    }

    #[test]
    fn two_short_pages_show_the_limit_of_the_server() {
        let mut cursor = cursor(0, 1000);
        cursor.note_length(PageRange { skip: 0, top: 1000 }, 100, false);
        assert_eq!(cursor.range_at(100, 1).top, 1000);
        cursor.note_length(PageRange { skip: 99, top: 1000 }, 100, false);
        assert_eq!(cursor.range_at(199, 1), PageRange { skip: 198, top: 100 });
        cursor.note_length(PageRange { skip: 198, top: 100 }, 1, false);
        cursor.note_length(PageRange { skip: 198, top: 100 }, 1, false);
        assert_eq!(cursor.range_at(199, 1), PageRange { skip: 199, top: 1 });
    }
}

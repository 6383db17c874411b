//! The loop that reads a list page by page.

use std::mem;
use std::pin::Pin;

use futures_util::{Stream, stream};

use super::ahead::ReadAhead;
use super::batch::{Batch, NewRows};
use super::cursor::{Cursor, PageRange};
use super::links::{LinkCheck, Links, Next, NextLink, PageFacts};
use super::overlap::{KEYS_TO_REMEMBER, Overlap};
use super::seen::Seen;
use super::size::{ListSize, MissingRows};
use super::source::{PageSource, ReceivedPage};
use crate::http::trace;
use crate::operation::{ListOperation, Window};
use crate::{Client, Error, ErrorKind};

/// The maximum number of pages in a row without a new row, while the server says that there are
/// more rows.
const MAX_IDLE_PAGES: u32 = 100;

/// The new rows of the pages, one page after the other.
pub(super) type Batches<T> = Pin<Box<dyn Stream<Item = Result<Batch<T>, Error>> + Send>>;

/// Reads a list page by page.
pub(super) struct ListReader<O: ListOperation> {
    source: PageSource<O>,
    phase: Phase,
    cursor: Cursor,
    overlap: Overlap,
    links: Links,
    size: ListSize,
    seen: Seen,
    ahead: ReadAhead<O::Item>,
    /// The number of pages in a row without a new row.
    idle_pages: u32,
}

/// The next step.
enum Phase {
    /// The first page, by the `$skip` and `$top` of the builder.
    Start(Window),
    /// Another page.
    Reading,
    /// An error.
    Failed(Error),
    /// Nothing.
    Ended,
}

impl<O: ListOperation> ListReader<O> {
    pub(super) fn new(
        client: Client,
        window: Window,
        filters: O::Filters,
        concurrency: usize,
    ) -> Self {
        Self {
            source: PageSource { client, filters },
            phase: Phase::Start(window),
            cursor: Cursor::default(),
            overlap: Overlap::default(),
            links: Links::default(),
            size: ListSize::default(),
            seen: Seen::new(KEYS_TO_REMEMBER),
            ahead: ReadAhead::new(concurrency),
            idle_pages: 0,
        }
    }

    pub(super) fn into_stream(self) -> Batches<O::Item>
    where
        O: 'static,
    {
        Box::pin(stream::unfold(self, |mut reader| async {
            let batch = reader.next_batch().await.transpose()?;
            Some((batch, reader))
        }))
    }

    /// Returns the next page that has new rows; `None` at the end. An error ends the list.
    async fn next_batch(&mut self) -> Result<Option<Batch<O::Item>>, Error> {
        let mut is_first = false;
        loop {
            match mem::replace(&mut self.phase, Phase::Ended) {
                Phase::Start(window) => {
                    is_first = true;
                    self.cursor = Cursor::at_start(window)
                        .map_err(|summary| self.source.error(ErrorKind::InvalidRequest, summary))?;
                }
                Phase::Reading => {}
                Phase::Failed(error) => return Err(error),
                Phase::Ended => return Ok(None),
            }
            let batch = self.read_page().await?;
            // At the end, an empty page may tell that the list changed its size.
            let is_last = matches!(self.phase, Phase::Ended);
            if batch.len() > 0 || is_first || (is_last && batch.size_change.is_some()) {
                return Ok(Some(batch));
            }
        }
    }

    /// Reads the page that continues the list, and decides on the next step.
    async fn read_page(&mut self) -> Result<Batch<O::Item>, Error> {
        let (range, page) = self.following_page().await?;
        let facts = facts_of::<O>(range, &page);
        let batch = self.keep_new_rows(range, page);
        self.phase = match self.go_on(facts, batch.len()) {
            Ok(Next::At(position)) => {
                self.cursor.move_to(position);
                Phase::Reading
            }
            Ok(Next::End) => match self.size.missing(self.cursor.start()) {
                Some(missing) => Phase::Failed(self.error(summary_of(&missing))),
                None => Phase::Ended,
            },
            Err(summary) => Phase::Failed(self.error(summary)),
        };
        Ok(batch)
    }

    /// Requests pages until one continues the list without a gap.
    async fn following_page(&mut self) -> Result<(PageRange, ReceivedPage<O::Item>), Error> {
        loop {
            self.idle_pages += 1;
            if self.idle_pages > MAX_IDLE_PAGES {
                return Err(self.error(format!(
                    "{MAX_IDLE_PAGES} pages in a row brought no new row, and the server says that \
                     there is more"
                )));
            }
            if let Some(check) = self.links.take_check() {
                self.check_link(check).await?;
            }
            self.read_ahead();
            let range = self.cursor.range_at(self.cursor.position(), self.overlap_rows());
            let page = match self.ahead.take(range) {
                Some(request) => request.page(O::SPEC.id).await?,
                None => self.source.request(range).await?,
            };
            self.note_size(page.total);
            if self.follows(range, &page) {
                self.overlap.follows();
                return Ok((range, page));
            }
            self.ahead.clear();
            if !self.overlap.widen() {
                return Err(self.error(format!(
                    "the list changes faster than it can be read: the rows that were read last \
                     are not found before row {}",
                    self.cursor.position()
                )));
            }
        }
    }

    /// Checks whether a link skips rows that have not been read.
    async fn check_link(&mut self, check: LinkCheck) -> Result<(), Error> {
        let LinkCheck { end, keys } = check;
        let page = self.source.request(self.cursor.range_to(end)).await?;
        let rows_moved = self.note_size(page.total);
        if page.keys(O::key).any(|key| !self.seen.contains(key)) {
            self.links.note_check(true);
        } else if !rows_moved && page.keys(O::key).all(|key| keys.contains(&key)) {
            self.links.note_check(false);
            self.cursor.move_to(end);
        }
        // Otherwise rows have moved, and the check is inconclusive.
        Ok(())
    }

    /// Requests the pages after the next one, if `concurrency` is greater than one.
    fn read_ahead(&mut self) {
        let Some(total) = self.size.total() else { return };
        if !self.ahead.is_on() || self.links.hide_rows() || self.overlap.is_wide() {
            return;
        }
        let (cursor, overlap, source) = (&self.cursor, self.overlap_rows(), &self.source);
        self.ahead.fill(cursor.position(), total, |position| {
            let range = cursor.range_at(position, overlap);
            (range, source.request(range))
        });
    }

    /// Returns the number of known rows at the beginning of the next page.
    fn overlap_rows(&self) -> i64 {
        let can_overlap = O::KEY.is_some() && !self.links.hide_rows();
        if can_overlap { self.overlap.rows() } else { 0 }
    }

    /// Returns whether a page begins with a known row, if it should.
    fn follows(&self, range: PageRange, page: &ReceivedPage<O::Item>) -> bool {
        if range.skip == self.cursor.position() || range.skip == self.cursor.start() {
            return true;
        }
        // An empty page lacks even the known rows: the list has become shorter. Only lists whose rows
        // have keys overlap.
        page.first_key(O::key).is_some_and(|key| self.seen.contains(key))
    }

    fn note_size(&mut self, total: Option<i64>) -> bool {
        let change = self.size.note(total);
        if let Some(change) = change {
            trace::list_moved(O::SPEC.id, change.from, change.to);
        }
        change.is_some()
    }

    fn keep_new_rows(&mut self, range: PageRange, page: ReceivedPage<O::Item>) -> Batch<O::Item> {
        let NewRows { rows, unreadable, dropped } = NewRows::of(page, &mut self.seen, O::key);
        let overlap = usize::try_from(self.cursor.position() - range.skip).unwrap_or(0);
        let batch = Batch {
            rows,
            unreadable,
            start: self.cursor.start(),
            total: self.size.total(),
            duplicates: dropped.saturating_sub(overlap),
            size_change: self.size.change(),
        };
        self.size.add(batch.len());
        if batch.len() > 0 {
            self.idle_pages = 0;
            self.overlap.advances();
        }
        batch
    }

    /// Returns where to go on after a page, or an error message if its link cannot be used.
    fn go_on(&mut self, page: PageFacts, new_rows: usize) -> Result<Next, String> {
        let (range, rows, end) = (page.range, page.rows, page.end());
        // A list that has as many rows as the server says is complete, whatever the link says.
        let is_complete = if self.links.hide_rows() {
            self.size.is_reached(self.cursor.start())
        } else {
            page.total.is_some_and(|total| total == end || (total < end && rows == 0))
        };
        if is_complete {
            return Ok(Next::End);
        }
        let total_says_more = page.total.is_some_and(|total| total > end);
        let has_link = page.link != NextLink::Absent;
        if !self.links.hide_rows() {
            self.cursor.note_length(range, rows, !has_link && !total_says_more);
        }
        if has_link {
            return self.links.next(page);
        }
        // The total may be wrong, so that it counts only while new rows come. A page that is
        // shorter than requested may have had room only for the overlap.
        let has_overlap = range.skip < self.cursor.position() && rows > 0;
        let rows_come = new_rows > 0 || (has_overlap && self.cursor.is_short());
        Ok(if total_says_more && rows_come { Next::At(end) } else { Next::End })
    }

    fn error(&self, summary: String) -> Error {
        self.source.error(ErrorKind::Pagination, summary)
    }
}

fn facts_of<O: ListOperation>(range: PageRange, page: &ReceivedPage<O::Item>) -> PageFacts {
    let link = NextLink::of(page.next_link.as_deref());
    let mut facts =
        PageFacts { range, rows: page.len(), total: page.total, link, keys: Vec::new() };
    if matches!(link, NextLink::Skip(next) if next > facts.end()) {
        facts.keys = page.keys(O::key).collect();
    }
    facts
}

fn summary_of(missing: &MissingRows) -> String {
    let MissingRows { expected, missing } = missing;
    format!(
        "{missing} of {expected} rows are missing: the list is at its end, and its size has not \
         changed. The server may have left rows out, or sort rows that compare equal differently \
         in each request; order the list by a field whose values are unique"
    )
}

//! The one driver of all lists: which window to ask for next, and whether what came fits.

use std::pin::Pin;

use std::collections::VecDeque;

use futures_util::stream;
use tokio::task::JoinHandle;

use super::link::{self, BadLink};
use super::seen::Seen;
use super::{Batch, Batches, SizeChange};
use crate::http::{CallLimits, perform, trace};
use crate::operation::{ListOperation, RawPage, Window};
use crate::{Client, Error, ErrorKind};

/// The most rows that the API gives in a page.
const LARGEST_PAGE: i64 = 1000;
/// How many rows a page has in common with the one before it, and how far the reading goes back
/// when the first row is not one that was read: once, and again, and again.
const OVERLAPS: [i64; 4] = [1, 16, 256, 4096];
/// How many keys are remembered: as far as the reading goes back, and a page more.
const REMEMBERED: usize = 4096 + 1000;
/// How many pages in a row may bring nothing new while the server says that there is more.
const MOST_BARREN: u32 = 1000;
/// How often the reading may go back without coming farther than it was.
const MOST_RETURNS: u32 = 16;

#[derive(Clone, Copy, Debug)]
pub(super) struct ListSettings {
    pub(super) concurrency: usize,
    pub(super) operation: &'static str,
}

/// The window of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asked {
    skip: i64,
    top: i64,
}

type Request<T> = Pin<Box<dyn Future<Output = Result<RawPage<T>, Error>> + Send>>;

/// A request ahead. It is a task of its own, because nobody polls the stream while its rows are
/// worked on: a request that waits unpolled would keep its turn from all others, and run into its
/// timeout. Dropping it ends the task.
struct Ahead<T> {
    asked: Asked,
    task: JoinHandle<Result<RawPage<T>, Error>>,
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) struct Driver<O: ListOperation> {
    client: Client,
    filters: O::Filters,
    settings: ListSettings,
    /// What the builder says, until the first page is asked for.
    window: Option<Window>,
    /// Where the first page began, and where the first row lies that was not read.
    start: i64,
    position: i64,
    /// New rows to a page.
    size: i64,
    /// The most rows that the server has been seen to give.
    largest: i64,
    /// Whether the rows have keys, and lie side by side: on a server that says that the next page
    /// begins elsewhere than where this one ends, pages cannot have a row in common.
    keyed: bool,
    dense: bool,
    /// Which of `OVERLAPS` is tried.
    back: usize,
    /// How often the reading went back since a page brought something new.
    returns: u32,
    barren: u32,
    /// PageStream in a row that were shorter than asked for, and not the last.
    short: u32,
    seen: Seen,
    ahead: VecDeque<Ahead<O::Item>>,
    planned: i64,
    first: bool,
    first_count: Option<i64>,
    count: Option<i64>,
    moved: Option<SizeChange>,
}

impl<O: ListOperation> Driver<O> {
    pub(super) fn new(
        client: Client,
        window: Window,
        filters: O::Filters,
        settings: ListSettings,
    ) -> Self {
        Self {
            client,
            filters,
            settings,
            window: Some(window),
            start: 0,
            position: 0,
            size: LARGEST_PAGE,
            largest: LARGEST_PAGE,
            keyed: false,
            dense: true,
            back: 0,
            returns: 0,
            barren: 0,
            short: 0,
            seen: Seen::new(REMEMBERED),
            ahead: VecDeque::new(),
            planned: 0,
            first: true,
            first_count: None,
            count: None,
            moved: None,
        }
    }

    pub(super) fn into_stream(self) -> Batches<O::Item>
    where
        O: 'static,
    {
        Box::pin(stream::unfold(Some(self), |driver| async {
            let mut driver = driver?;
            match driver.next().await {
                Ok((Some(page), more)) => Some((Ok(page), more.then_some(driver))),
                Ok((None, _)) => None,
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    /// Returns the next page that has something to say, and whether another may follow.
    async fn next(&mut self) -> Result<(Option<Batch<O::Item>>, bool), Error> {
        self.begin()?;
        loop {
            if self.barren > MOST_BARREN {
                return Err(self.error(format!(
                    "{MOST_BARREN} pages in a row brought nothing new, and more are announced"
                )));
            }
            self.barren += 1;
            self.plan();
            let asked = self.window_at(self.position);
            let page = match self.ahead.pop_front() {
                Some(mut ahead) if ahead.asked == asked => match (&mut ahead.task).await {
                    Ok(page) => page?,
                    Err(error) => return Err(self.unfinished(error)),
                },
                planned => {
                    // What was planned does not fit any more.
                    if planned.is_some() {
                        self.ahead.clear();
                    }
                    self.request(asked).await?
                }
            };
            let next = self.next_skip(asked, &page)?;
            self.count_rows(page.count);
            if !self.fits(asked, &page.rows, next)? {
                self.ahead.clear();
                continue;
            }
            let length = page.rows.len();
            let batch = self.keep_new(asked, page.rows);
            let more = self.advance(asked, length, batch.rows.len(), next);
            let first = std::mem::replace(&mut self.first, false);
            if batch.rows.len() > 0 || first {
                (self.barren, self.returns) = (0, 0);
                return Ok((Some(batch), more));
            }
            if !more {
                return Ok((batch.moved.map(|_| batch), false));
            }
        }
    }

    /// Takes over what the builder says of the window.
    fn begin(&mut self) -> Result<(), Error> {
        let Some(window) = self.window.take() else { return Ok(()) };
        let operation = self.settings.operation;
        let invalid =
            |summary| Error::new(ErrorKind::InvalidRequest, summary).with_operation(operation);
        let (skip, top) = (window.skip.unwrap_or(0), window.top.unwrap_or(LARGEST_PAGE));
        if skip < 0 {
            return Err(invalid(format!("skip must be at least 0, not {skip}")));
        }
        if !(1..=LARGEST_PAGE).contains(&top) {
            return Err(invalid(format!("top must be from 1 to {LARGEST_PAGE}, not {top}")));
        }
        (self.start, self.position, self.size) = (skip, skip, top);
        Ok(())
    }

    /// Returns the window that brings the rows from `position` on.
    fn window_at(&self, position: i64) -> Asked {
        let checked = self.keyed && self.dense && self.largest > 1;
        let wanted = OVERLAPS.get(self.back).copied().unwrap_or_default();
        let overlap = if checked { wanted.min(position - self.start) } else { 0 };
        Asked { skip: position - overlap, top: (self.size + overlap).min(self.largest) }
    }

    /// Requests the windows that follow, as many as may be under way.
    fn plan(&mut self) {
        let Some(count) = self.count else { return };
        if self.settings.concurrency < 2 || !self.dense || self.back > 0 {
            return;
        }
        if self.ahead.is_empty() {
            self.planned = self.position;
        }
        while self.ahead.len() < self.settings.concurrency && self.planned < count {
            let asked = self.window_at(self.planned);
            self.planned = asked.skip.saturating_add(asked.top);
            let task = tokio::spawn(trace::in_current_span(self.request(asked)));
            self.ahead.push_back(Ahead { asked, task });
        }
    }

    fn request(&self, asked: Asked) -> Request<O::Item> {
        let (client, filters) = (self.client.clone(), self.filters.clone());
        Box::pin(async move {
            let page = O::page(&client, filters, asked.skip, asked.top);
            perform(page, CallLimits::default()).await.map(O::into_rows)
        })
    }

    /// Returns where the next page begins by this one's link, if it has one.
    fn next_skip(&self, asked: Asked, page: &RawPage<O::Item>) -> Result<Option<i64>, Error> {
        let Some(link) = &page.next_link else { return Ok(None) };
        let rows = length(&page.rows);
        let skip = link::skip_of(link, &self.client.baseurl).map_err(|bad| {
            self.error(match bad {
                BadLink::NoAddress => "the next link is no address".to_owned(),
                BadLink::Elsewhere(host) => {
                    format!("the next link leads to {host}, where the token does not go")
                }
            })
        })?;
        let next = match skip {
            Some(skip) => skip,
            None if rows > 0 => asked.skip.saturating_add(rows),
            None => {
                return Err(self.error(
                    "an empty page has a next link that does not say where it goes on".to_owned(),
                ));
            }
        };
        if next <= asked.skip {
            return Err(self.error(format!(
                "the next link of the page from row {} leads to row {next}: it does not advance",
                asked.skip
            )));
        }
        let end = asked.skip.saturating_add(asked.top.max(rows));
        if next > end {
            return Err(self.error(format!(
                "the next link leads to row {next} and leaves out what follows row {end}"
            )));
        }
        Ok(Some(next))
    }

    fn count_rows(&mut self, count: Option<i64>) {
        self.count = count.or(self.count);
        let (Some(from), Some(to)) = (self.first_count, self.count) else {
            self.first_count = self.count;
            return;
        };
        let moved = (from != to).then_some(SizeChange { from, to });
        if moved != self.moved && moved.is_some() {
            trace::list_moved(self.settings.operation, from, to);
        }
        self.moved = moved;
    }

    /// Returns whether the page begins with a row that was read. Otherwise rows may lie between
    /// what was read and this page: it is to be asked for again, from farther back.
    fn fits(&mut self, asked: Asked, rows: &[O::Item], next: Option<i64>) -> Result<bool, Error> {
        let follows = match rows.first() {
            _ if asked.skip == self.position || asked.skip == self.start => true,
            // The server counts rows that it does not show: there is nothing to check by.
            None => next.is_some(),
            Some(row) => O::key(row).is_none_or(|key| self.seen.contains(key)),
        };
        if follows {
            self.back = 0;
            return Ok(true);
        }
        self.back += 1;
        self.returns += 1;
        if self.back == OVERLAPS.len() || self.returns > MOST_RETURNS {
            return Err(self.error(format!(
                "the list changes faster than it can be read: what was read last is not found \
                 before row {}",
                self.position
            )));
        }
        Ok(false)
    }

    /// Moves on behind the page, and returns whether there is more.
    fn advance(&mut self, asked: Asked, rows: usize, new: usize, next: Option<i64>) -> bool {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let end = asked.skip.saturating_add(rows);
        let overlap = self.position - asked.skip;
        self.position = next.unwrap_or(end);
        self.dense &= next.is_none_or(|next| next == end);
        // Without a link, it goes on until the end by the server's count.
        let more = next.is_some() || self.count.is_some_and(|count| count > end);
        // One short page may have its reasons; a server that gives no more gives no more.
        self.short = if more && self.dense && rows < asked.top { self.short + 1 } else { 0 };
        if self.short > 1 {
            self.largest = rows.max(1);
        }
        // A count may be wrong: without a link, only what comes is believed.
        more && (next.is_some() || new > 0 || (overlap > 0 && rows > 0 && self.short > 0))
    }

    /// Drops the rows that were read already.
    fn keep_new(&mut self, asked: Asked, mut rows: Vec<O::Item>) -> Batch<O::Item> {
        self.keyed |= rows.first().is_some_and(|row| O::key(row).is_some());
        let mut new = |row: &O::Item| O::key(row).is_none_or(|key| self.seen.insert(key));
        let flags: Vec<bool> = rows.iter().map(&mut new).collect();
        let dropped = flags.iter().filter(|new| !**new).count();
        let leading = flags.iter().take_while(|new| !**new).count();
        if dropped > leading {
            let mut flag = flags.iter();
            rows.retain(|_| flag.next().is_none_or(|new| *new));
        }
        let mut rows = rows.into_iter();
        if dropped == leading {
            // Passed over and not moved: a page in common with the one before is the rule.
            rows.by_ref().take(leading).for_each(drop);
        }
        let common = usize::try_from(self.position - asked.skip).unwrap_or(0);
        Batch {
            rows,
            start: self.start,
            count: self.count,
            duplicates: dropped.saturating_sub(common),
            moved: self.moved,
        }
    }

    /// What a task of ours did not come to: it panicked, or the runtime has ended.
    fn unfinished(&self, error: tokio::task::JoinError) -> Error {
        match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => {
                Error::new(ErrorKind::Transport, "the runtime ended before the answer came")
                    .with_operation(self.settings.operation)
                    .with_source(error)
            }
        }
    }

    fn error(&self, summary: String) -> Error {
        Error::new(ErrorKind::Pagination, summary).with_operation(self.settings.operation)
    }
}

fn length<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

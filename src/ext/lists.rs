//! Lists: from a call for a page to rows over all pages.

use crate::operation::ListOperation;
use crate::{Error, PageStream, RowStream};

/// Reads lists over all their pages, for code that is generic over them.
///
/// Every call that returns a list in pages has these methods itself; you need the trait only where a
/// function takes any list. It is sealed: the crate implements it for each list of the API.
///
/// `skip` says where the first page begins, and `top` how many rows a page has: 1 to 1000, and 1000 by
/// default. The size of the list is always asked for.
///
/// # Rows that come and go
///
/// While pages are read, rows may come and go, as long as the list keeps its order. Each page after
/// the first begins with the last row of the page before it. If another row is there, rows have
/// moved, and the reader goes back until it finds a row that it knows. So no row is left out and none
/// comes twice: rows that were read already are dropped by their `id`. On a server whose next links do
/// not lead to where a page ends, pages cannot be checked like that, and its links are taken as they
/// are.
///
/// The next link of a page only says that there is more: the client never sends the token to an
/// address that the server chose.
///
/// ```no_run
/// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
/// let mut runs = client.list_load_test_runs(7).orderby("created desc").stream();
/// while let Some(run) = runs.try_next().await? {
///     println!("{} {}", run.id, run.status);
/// }
/// # Ok(()) }
/// ```
pub trait ListExt: ListOperation {
    /// Returns the rows as a stream, which requests a page when it needs one.
    ///
    /// Nothing is sent before the stream is polled.
    fn stream(self) -> RowStream<Self::Item>;

    /// Returns the pages as a stream; otherwise like [`stream`](Self::stream).
    fn pages(self) -> PageStream<Self::Item>;

    /// Returns all rows, if there are at most `cap`. [`stream`](Self::stream) and
    /// [`pages`](Self::pages) also tell whether the list changed its size meanwhile.
    ///
    /// # Errors
    ///
    /// [`LimitExceeded`](crate::ErrorKind::LimitExceeded) when there are more than `cap` rows, known
    /// from the count of the first page; [`Pagination`](crate::ErrorKind::Pagination) when pages do
    /// not fit together; and the kinds of [`send`](crate::OperationExt::send).
    fn collect_all(self, cap: usize)
    -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send;
}

impl<O: ListOperation> ListExt for O {
    fn stream(self) -> RowStream<O::Item> {
        stream(self)
    }

    fn pages(self) -> PageStream<O::Item> {
        pages(self)
    }

    fn collect_all(self, cap: usize) -> impl Future<Output = Result<Vec<O::Item>, Error>> + Send {
        pages(self).collect_all(cap)
    }
}

pub(crate) fn stream<O: ListOperation>(list: O) -> RowStream<O::Item> {
    RowStream::new(pages(list))
}

pub(crate) fn pages<O: ListOperation>(list: O) -> PageStream<O::Item> {
    PageStream::of(list)
}

//! Lists: from a call for a page to the rows of all pages.

use crate::operation::ListOperation;
use crate::{Error, PageStream, RowStream};

/// Reads all pages of a list, for code that is generic over lists.
///
/// Every call that returns a list has these methods itself. You need the trait only where a
/// function takes any list. It is sealed: the crate implements it for each list of the API.
///
/// `skip` sets the first row of the list that you get, from 0. `top` sets the number of rows in a
/// page: 1 to 1000, by default 1000. A call without them returns the whole list in one response, which
/// is then its only page.
///
/// ```no_run
/// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
/// let mut runs = client.list_load_test_runs(7).orderby("created desc").stream();
/// while let Some(run) = runs.try_next().await? {
///     println!("{} {}", run.id, run.status);
/// }
/// # Ok(()) }
/// ```
///
/// # Rows that come and go
///
/// Rows may come and go while the list is read, as long as the others keep their order. Each page
/// after the first begins with the last row of the page before it. If it begins with another row,
/// rows have moved, and the client goes back until it finds a row that it has read. A row that was
/// there all the time is therefore never left out, and no row comes twice: rows are told apart by
/// their ids, and the client remembers the last 5,096.
///
/// # Rows that cannot be read
///
/// A row that does not match the API's description is an error of its own, with
/// [`Error::row_index`] and [`Error::json_path`]. The stream goes on with the next row. `collect_all`
/// fails with the first such error.
///
/// # Rows that are missing
///
/// If the list ends before as many rows have come as the server says it has, and that number has not
/// changed, the last item of the stream is an error of the kind
/// [`Pagination`](crate::ErrorKind::Pagination). Rows get lost if a server leaves them out, or if it
/// sorts rows that compare equal differently in each request: order the list by a field whose values
/// are unique.
///
/// If the number has changed, nobody can tell whether rows are missing.
/// [`RowStream::size_change`] says how it has changed.
///
/// # Next links
///
/// A list that has as many rows as the server says is complete. Until then, the next link of a page
/// says that there is more. The client never follows it, so that its scheme, host and path do not
/// matter: the client never sends the token to another host. A page that is shorter than requested
/// is followed by the rows after it, even if the link leads past them.
///
/// A server may count rows that it does not show. If a link leads past the rows of its page, the
/// client therefore checks, once for each list, whether there are rows in between. If there are
/// none, it goes where the links lead from then on, and cannot check for rows that have moved.
pub trait ListExt: ListOperation {
    /// Returns the rows as a stream, which requests a page when it needs one.
    ///
    /// Nothing is sent before you poll the stream.
    fn stream(self) -> RowStream<Self::Item>;

    /// Returns the pages as a stream; otherwise like [`stream`](Self::stream).
    fn pages(self) -> PageStream<Self::Item>;

    /// Returns all rows, if there are at most `cap`.
    ///
    /// # Errors
    ///
    /// - [`LimitExceeded`](crate::ErrorKind::LimitExceeded) if the list has more than `cap` rows.
    ///   The size that the server gives with the first page is enough to tell.
    /// - [`Decode`](crate::ErrorKind::Decode) if a row cannot be read. The error names the row.
    /// - [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together, or if rows are
    ///   missing.
    /// - The kinds of [`send`](crate::OperationExt::send) if a page cannot be read.
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

//! Reads a page as a whole, or row by row if it does not match the description.

use std::marker::PhantomData;

use reqwest::header::HeaderMap;
use reqwest::{Request, Response};

use super::cursor::PageRange;
use super::json;
use crate::error::location;
use crate::operation::{ListOperation, Operation, OperationSpec, RawPage, ReadResponse, SendError};
use crate::wire::tolerant;
use crate::{Client, ResponseValue};

/// The property that holds the rows of a page. The code generator does not treat other responses as
/// pages.
const ROWS: &str = "value";

/// A page as it was read.
#[derive(Debug)]
pub(super) struct ReadPage<T> {
    /// The page without the rows that could not be read.
    pub(super) page: RawPage<T>,
    pub(super) unreadable: Vec<RowMismatch>,
}

/// A row that does not match the description.
#[derive(Debug)]
pub(super) struct RowMismatch {
    /// Where the row is on its page, from 0.
    pub(super) index: usize,
    /// The id of the row, if that can be read.
    pub(super) id: Option<i64>,
    /// The row as it arrived.
    pub(super) row: Box<[u8]>,
    /// The location of the mismatch in the response, such as `value[3].cost`.
    pub(super) path: String,
    pub(super) reason: String,
}

/// Returns the call for a page.
pub(super) fn page_call<L: ListOperation>(
    client: Client,
    filters: L::Filters,
    range: PageRange,
) -> impl Operation<Output = ReadPage<L::Item>> {
    PageCall(L::page(client, filters, range.skip, range.top))
}

/// A call for a page of the list `L`.
struct PageCall<L>(L);

impl<L: ListOperation> Operation for PageCall<L> {
    type Output = ReadPage<L::Item>;
    type Reader = RowReader<L, L::Reader>;
    const SPEC: &'static OperationSpec = L::SPEC;

    fn client(&self) -> &Client {
        self.0.client()
    }

    fn request(self) -> (Client, Result<Request, SendError>) {
        self.0.request()
    }
}

/// Reads a page with `R`. If `R` cannot read it, reads it row by row.
struct RowReader<L, R>(PhantomData<fn() -> (L, R)>);

impl<L, R> ReadResponse for RowReader<L, R>
where
    L: ListOperation,
    R: ReadResponse<Output = L::Output>,
{
    type Output = ReadPage<L::Item>;

    async fn read(response: Response) -> Result<ResponseValue<Self::Output>, SendError> {
        let status = response.status();
        let (page, headers) = match R::read(response).await {
            Ok(response) => {
                let headers = response.headers().clone();
                let page = L::into_rows(response.into_inner());
                (ReadPage { page, unreadable: Vec::new() }, headers)
            }
            Err(SendError::InvalidResponsePayload(body, error)) => {
                let page = read_row_by_row::<L>(&body)
                    .ok_or(SendError::InvalidResponsePayload(body, error))?;
                (page, HeaderMap::new())
            }
            Err(error) => return Err(error),
        };
        Ok(ResponseValue::new(page, status, headers))
    }
}

/// Reads the rows one by one. Returns `None` if the mismatch is not in a row.
fn read_row_by_row<L: ListOperation>(body: &[u8]) -> Option<ReadPage<L::Item>> {
    let location = json::property(body, ROWS)?;
    let (before, after) = (body.get(..location.start)?, body.get(location.end..)?);
    let rest = [before, b"[]", after].concat();
    let mut page = L::into_rows(serde_json::from_slice(&rest).ok()?);
    let mut unreadable = Vec::new();
    for (index, row) in json::elements(body.get(location)?)?.into_iter().enumerate() {
        match serde_json::from_slice(row) {
            Ok(row) => page.rows.push(row),
            Err(error) => unreadable.push(row_mismatch::<L>(index, row, &error)),
        }
    }
    Some(ReadPage { page, unreadable })
}

fn row_mismatch<L: ListOperation>(
    index: usize,
    row: &[u8],
    error: &serde_json::Error,
) -> RowMismatch {
    let id = L::KEY.and_then(|key| row.get(json::property(row, key)?));
    let id =
        id.and_then(|id| tolerant::integer(&mut serde_json::Deserializer::from_slice(id)).ok());
    let path = match location(row, error).as_str() {
        "." => format!("{ROWS}[{index}]"),
        path if path.starts_with('[') => format!("{ROWS}[{index}]{path}"),
        path => format!("{ROWS}[{index}].{path}"),
    };
    // serde_json adds a position within the row, which would look like a position in the page.
    let reason = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let reason = reason.strip_suffix(&position).unwrap_or(&reason).to_owned();
    RowMismatch { index, id, row: row.into(), path, reason }
}

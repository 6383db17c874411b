//! Lists that come in pages: row by row, page by page, or all at once.
//!
//! [`ListReader`](reader::ListReader) is the loop behind every list. Each of its decisions has a module:
//! where the next page begins (`cursor`), whether rows have moved since the last page (`overlap`), what
//! a next link says (`links`), which rows are new (`seen`, `batch`), whether any are missing (`size`),
//! and which pages to request early (`ahead`). Below it, `source` requests a page and `rows` reads it.

mod ahead;
mod batch;
mod cursor;
mod json;
mod links;
mod overlap;
mod page;
mod page_stream;
mod reader;
mod row_stream;
mod rows;
mod seen;
mod size;
mod source;

pub use self::page::{ListPage, SizeChange};
pub use self::page_stream::PageStream;
pub use self::row_stream::RowStream;

//! The extension traits, which every generated call has: sending with the crate's errors, and lists
//! over all their pages.
//!
//! The generated builders have inherent methods of the same names, which call the functions here, so
//! that a program needs no import and rustdoc shows them where users look.

mod lists;
mod sending;

pub use self::lists::ListExt;
pub(crate) use self::lists::{pages, stream};
pub use self::sending::OperationExt;
pub(crate) use self::sending::{Sending, awaitable, response, send};

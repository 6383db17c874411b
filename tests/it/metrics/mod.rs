//! The metrics endpoints, and what is made from them.

mod compare;
mod encoding;
mod queries;
mod summary;

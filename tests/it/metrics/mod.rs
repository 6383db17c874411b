//! The metrics endpoints, and what is made from them.

mod encoding;
mod queries;

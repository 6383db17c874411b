//! Hand-written types for what the generator renders badly.
//!
//! The generated code refers to them by path; they depend on nothing else of this crate, so that
//! a description can be tried (`cargo xtask update-spec --try`) without the rest.

mod comma_separated;
mod open_enum;
mod patch;
mod timestamp;
pub(crate) mod tolerant;
mod vuh;

pub use comma_separated::CommaSeparated;
#[allow(unused_imports, reason = "the description may have no enum")]
pub(crate) use open_enum::open_enum;
pub use patch::Patch;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use vuh::{InvalidVuh, Vuh};

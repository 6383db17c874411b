//! Types for values that the code generator renders badly.
//!
//! Fields and setters of the generated types use them: [`Timestamp`] for a date and time, [`Vuh`]
//! for an amount of virtual user hours, [`Patch`] for a property of a partial update, and
//! [`CommaSeparated`] for a list in a query.

// The generated code names these types by path. They depend on nothing else in this crate, so that
// a description can be tried without the rest (`cargo xtask update-spec --try`).

mod comma_separated;
mod id;
mod into_option;
mod open_enum;
mod order_by;
mod patch;
mod path_value;
mod shown;
pub(crate) mod strict;
mod timestamp;
pub(crate) mod tolerant;
mod vuh;

pub use comma_separated::CommaSeparated;
#[allow(unused_imports, reason = "the description may have no ids")]
pub(crate) use id::id;
pub use into_option::IntoOption;
#[allow(unused_imports, reason = "the description may have no enum")]
pub(crate) use open_enum::open_enum;
pub use order_by::OrderBy;
pub use patch::Patch;
#[allow(unused_imports, reason = "the description may have no parameter in a path")]
pub(crate) use path_value::PathValue;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use vuh::{InvalidVuh, Vuh};

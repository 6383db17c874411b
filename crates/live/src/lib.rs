//! Compares a service with the API's description, with the client and with the fake.
//!
//! `cargo xtask check-live` starts it. It is for maintainers and for users with a token: its report has
//! no value from the account, so that it can be attached to an issue.

mod calls;
mod check;
mod description;
mod equal;
mod errors;
mod filter;
mod finding;
mod lists;
mod metrics;
mod order;
mod overlay;
mod program;
mod record;
mod relay;
mod report;
mod resources;
mod service;
mod survey;
mod writes;

pub use description::Description;
pub use finding::{Finding, Kind};
pub use overlay::propose;
pub use program::{Found, Options, check, check_until, run};
pub use record::{Member, Observed, Record, Recorded};
pub use report::{Checked, Outcome, Report};
pub use service::Service;

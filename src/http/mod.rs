//! From a call to the wire and back.
//!
//! `perform` builds the request and reads the response, `exchange` sets the credentials and makes
//! the attempts. Imports point one way: `retry`, `body`, `silence`, `resend` and `trace` build on
//! `failure`, and that on `certificate` and `limits`; `exchange` builds on them, and `perform` builds on
//! `exchange` and the crate's error.

mod body;
pub(crate) mod certificate;
mod context;
mod exchange;
pub(crate) mod failure;
pub(crate) mod limits;
mod path_check;
mod perform;
mod resend;
pub(crate) mod reserved;
pub(crate) mod retry;
mod silence;
mod state;
pub(crate) mod trace;

pub(crate) use self::context::CallLimits;
pub(crate) use self::perform::{perform, perform_request, perform_response, perform_upload};
pub(crate) use self::resend::ReopenBody;
pub use self::state::Inner;
pub(crate) use self::state::Shared;

#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod call;
mod clock;
mod config;
mod error;
mod generated;
mod http;
mod operation;
mod pages;
mod random;
mod run;
mod script;
mod secret;
mod setter;
mod start;
mod wait;
pub mod wire;

#[doc(hidden)]
pub use self::http::Inner;
pub use self::http::retry::RetryPolicy;
pub use ::http::StatusCode;
pub use call::Call;
pub use clock::{Clock, Sleep, SystemClock};
pub use config::{
    BASE_URL_VARIABLE, CONFIG_FILE_VARIABLE, ClientBuilder, DEFAULT_BASE_URL, STACK_ID_VARIABLE,
    Settings, Source, TOKEN_VARIABLE,
};
pub use error::{Error, ErrorDetail, ErrorKind};
pub use generated::{ByteStream, Client, ResponseValue, builder, types};
pub use pages::{Items, List, Moved, Page, Pages};
pub use run::{RunResult, RunStatus, Verdict};
pub use script::{
    CreateLoadTest, LoadTestScript, Script, ScriptKind, ScriptSource, TestRunScript,
    UploadLoadTestScript, Written,
};
pub use start::{RunHandle, RunReference, StartLoadTest};
pub use wait::{RunUpdate, WaitForTestRun, WatchTestRun};

/// What a builder's `send` returns when it fails: the outcome as it came, undecoded.
///
/// Its `Display` and `Debug` show bodies and headers of answers as they are; [`Error`] does not.
pub type SendError = generated::Error<()>;

/// What most programs need: `use k6_cloud::prelude::*;`.
pub mod prelude {
    pub use crate::wire::{Patch, Timestamp, Vuh};
    pub use crate::{
        Call as _, Client, Error, ErrorKind, List as _, RunResult, RunStatus, SendError, Verdict,
        types,
    };
}

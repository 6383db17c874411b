// README.md links to docs.rs. The first definition of a link counts, so that these replace the addresses by
// links within this documentation. xtask/tests/documents.rs compares both.
#![doc = include_str!("links.md")]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod config;
mod ensure;
mod error;
#[cfg(test)]
mod evidence;
mod ext;
mod generated;
#[cfg(any(doc, doctest))]
pub mod guide;
mod http;
#[cfg(feature = "logs")]
pub mod logs;
pub mod metrics;
mod names;
mod operation;
mod pages;
mod random;
mod request;
mod run;
mod script;
mod secret;
mod start;
mod wait;
pub mod wire;

#[doc(hidden)]
pub use self::http::Inner;
pub use self::http::limits::RetryStop;
pub use self::http::retry::RetryPolicy;
pub use ::http::{Method, StatusCode};
pub use clock::{Clock, Sleep, SystemClock};
pub use config::{
    BASE_URL_VARIABLE, CONFIG_FILE_VARIABLE, ClientBuilder, ClientSettings, DEFAULT_BASE_URL,
    DEFAULT_LOGS_URL, LOGS_URL_VARIABLE, PROJECT_ID_VARIABLE, STACK_ID_VARIABLE,
    STACK_URL_VARIABLE, SettingSource, TIMEOUT_VARIABLE, TOKEN_VARIABLE,
};
pub use ensure::{EnsureLoadTest, EnsureOutcome, EnsureProject, Ensured};
pub use error::{Error, ErrorBuilder, ErrorDetail, ErrorKind, SettingProblem};
pub use ext::{ListExt, OperationExt};
pub use generated::{ByteStream, Client, ResponseValue, builder, types};
pub use names::{ResourceNames, RunNames};
pub use pages::{ListPage, PageStream, RowStream, SizeChange};
pub use request::RequestCall;
pub use run::Verdict;
pub use script::{
    CreateLoadTest, Script, ScriptDownload, ScriptKind, ScriptSource, UploadLoadTestScript,
    WrittenScript,
};
pub use start::{RunHandle, RunReference, StartLoadTest};
pub use types::{
    LabelKeyId, LoadTestId, LoadZoneId, ProjectId, RunResult, RunStatus, ScheduleId, StackId,
    TestRunId,
};
pub use wait::{AbortOutcome, RunUpdate, WaitForTestRun, WatchTestRun};

/// What most programs need: `use k6_cloud::prelude::*;`.
pub mod prelude {
    pub use crate::wire::{Patch, Timestamp, Vuh};
    pub use crate::{
        Client, Error, ErrorKind, LabelKeyId, ListExt as _, LoadTestId, LoadZoneId,
        OperationExt as _, ProjectId, RetryPolicy, RunResult, RunStatus, ScheduleId, ScriptSource,
        StackId, TestRunId, Verdict, types,
    };
}

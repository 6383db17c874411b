//! Building a client from code, from the environment and from the configuration file of the k6
//! command-line tool.

mod assemble;
mod builder;
mod check;
mod duration;
mod file;
mod http_options;
mod layer;
#[cfg(feature = "logs")]
mod logs;
mod proxy;
mod settings;
mod stack;
mod tls;

pub use self::builder::ClientBuilder;
#[cfg(feature = "logs")]
pub(crate) use self::logs::{LogsClient, LogsConnection};
pub use self::settings::{ClientSettings, SettingSource};
use crate::{Client, Error};

/// The default address of the API.
pub const DEFAULT_BASE_URL: &str = "https://api.k6.io";

/// The default address of the logs of runs. It is another host than the API's.
pub const DEFAULT_LOGS_URL: &str = "wss://cloudlogs.k6.io/api/v1/tail";

/// The variable for the API token.
pub const TOKEN_VARIABLE: &str = "K6_CLOUD_TOKEN";
/// The variable for the id of the Grafana stack.
pub const STACK_ID_VARIABLE: &str = "K6_CLOUD_STACK_ID";
/// The variable for the slug or the address of the Grafana stack.
pub const STACK_URL_VARIABLE: &str = "K6_CLOUD_STACK_URL";
/// The variable for the id of the default project.
pub const PROJECT_ID_VARIABLE: &str = "K6_CLOUD_PROJECT_ID";
/// The variable for the address of the API.
pub const BASE_URL_VARIABLE: &str = "K6_CLOUD_HOST_V6";
/// The variable for the address of the logs of runs.
pub const LOGS_URL_VARIABLE: &str = "K6_CLOUD_LOGS_TAIL_URL";
/// The variable for the time limit of a request.
pub const TIMEOUT_VARIABLE: &str = "K6_CLOUD_TIMEOUT";
/// The variable for the path of the configuration file.
pub const CONFIG_FILE_VARIABLE: &str = "K6_CONFIG";

impl Client {
    /// Returns a builder without a token or stack.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client from the environment. Settings that are not there come from the
    /// configuration file of the k6 command-line tool, which `k6 cloud login` writes.
    ///
    /// | variable | key under `collectors.cloud` | setting |
    /// |---|---|---|
    /// | `K6_CLOUD_TOKEN` | `token` | API token, a personal one or one of the stack; required |
    /// | `K6_CLOUD_STACK_ID` | `stackID` | numeric id of the Grafana stack; required |
    /// | `K6_CLOUD_STACK_URL` | `stackURL` | slug or address of the stack, if its id is not set; needs [`connect`](ClientBuilder::connect) |
    /// | `K6_CLOUD_PROJECT_ID` | `projectID`, or else `defaultProjectID` | id of the default project |
    /// | `K6_CLOUD_HOST_V6` | `hostv6` | address of the API, by default `https://api.k6.io` |
    /// | `K6_CLOUD_LOGS_TAIL_URL` | | address of the logs of runs, by default `wss://cloudlogs.k6.io/api/v1/tail` |
    /// | `K6_CLOUD_TIMEOUT` | `timeout` | time limit of a request, by default 60 seconds |
    /// | `K6_CONFIG` | | path of the file, by default [the tool's](ClientBuilder::config_file) |
    ///
    /// A time limit is a Go duration such as `1m30s`, a duration with days such as `1d12h`, or a
    /// number of milliseconds.
    ///
    /// An empty variable counts as not set. So does a key that is null or an empty string. Keys
    /// match without regard to case. [`Client::settings`] has the source of each setting.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), as for [`ClientBuilder::build`]. If the
    /// stack is set without its id, call `Client::builder().env().config_file().connect()` instead.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().env().config_file().build()
    }
}

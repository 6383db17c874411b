//! Building a client: from code, from the environment, from the configuration file of the k6
//! command-line tool.

mod check;
mod file;
mod go_duration;
mod settings;
mod stack;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::sync::Semaphore;

use self::file::ConfigFile;
use self::settings::Sourced;
pub use self::settings::{Settings, Source};
use crate::clock::{Clock, SystemClock};
use crate::http::retry::{RetryBudget, RetryPolicy};
use crate::http::{Inner, Shared};
use crate::secret::Secret;
use crate::{Client, Error};

/// The address of the API.
pub const DEFAULT_BASE_URL: &str = "https://api.k6.io";

/// The variable that holds the API token.
pub const TOKEN_VARIABLE: &str = "K6_CLOUD_TOKEN";
/// The variable that holds the id of the Grafana stack.
pub const STACK_ID_VARIABLE: &str = "K6_CLOUD_STACK_ID";
/// The variable that replaces the address of the API.
pub const BASE_URL_VARIABLE: &str = "K6_CLOUD_HOST_V6";
/// The variable that holds the path of the configuration file, in place of where the operating
/// system keeps it.
pub const CONFIG_FILE_VARIABLE: &str = "K6_CONFIG";

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

const USER_AGENT: &str = concat!("k6-cloud-rs/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Returns a builder without a token or stack.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client from the environment and, for what is not set there, from the configuration
    /// file of the k6 command-line tool, which `k6 cloud login` writes.
    ///
    /// | variable | key under `collectors.cloud` | |
    /// |---|---|---|
    /// | `K6_CLOUD_TOKEN` | `token` | API token: a personal one or one of the stack; required |
    /// | `K6_CLOUD_STACK_ID` | `stackID` | numeric id of the Grafana stack; required |
    /// | `K6_CLOUD_HOST_V6` | `hostv6` | address in place of `https://api.k6.io` |
    /// | | `timeout` | limit of a request's time, such as `"1m30s"`, in place of 60 seconds |
    /// | `K6_CONFIG` | | path of the file, in place of [the usual one](ClientBuilder::config_file) |
    ///
    /// A variable that is set to nothing counts as not set; so does a key that is null or an
    /// empty text. [`Client::settings`] tells where each setting came from.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the variable, or the file and
    /// its key.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().env().config_file().build()
    }
}

/// Settings of a [`Client`], checked by [`build`](Self::build).
///
/// What is set by a method comes before the environment, the environment before a configuration
/// file and the file before the defaults, in whatever order the methods are called.
///
/// ```no_run
/// # fn main() -> Result<(), k6_cloud::Error> {
/// use std::time::Duration;
///
/// let client = k6_cloud::Client::builder()
///     .token("the API token")
///     .stack_id(123_456)
///     .timeout(Duration::from_secs(20))
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    token: Option<Sourced<Secret>>,
    stack_id: Option<Sourced<String>>,
    /// In place of the id, which is asked for.
    stack: Option<Sourced<String>>,
    base_url: Option<Sourced<String>>,
    /// In the order in which they were named, which is that of their rank.
    files: Vec<ConfigFile>,
    allow_plain_http: bool,
    connect_timeout: Duration,
    timeout: Option<Duration>,
    user_agent: Option<String>,
    max_in_flight: usize,
    max_body_bytes: u64,
    retries: RetryPolicy,
    clock: Option<Arc<dyn Clock>>,
    jitter: Option<Jitter>,
}

/// Draws a number from 0 to 1.
#[derive(Clone)]
struct Jitter(Arc<dyn Fn() -> f64 + Send + Sync>);

impl std::fmt::Debug for Jitter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Jitter")
    }
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            token: None,
            stack_id: None,
            stack: None,
            base_url: None,
            files: Vec::new(),
            allow_plain_http: false,
            connect_timeout: Duration::from_secs(10),
            timeout: None,
            user_agent: None,
            max_in_flight: 64,
            max_body_bytes: 64 * 1024 * 1024,
            retries: RetryPolicy::default(),
            clock: None,
            jitter: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the API token, which goes with every request and is never shown.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Sourced::explicit(Secret::new(token)));
        self
    }

    /// Sets the numeric id, from 1, of the Grafana stack that requests are about. Where only the
    /// stack's name is known, [`stack`](Self::stack) takes that.
    pub fn stack_id(mut self, stack_id: u64) -> Self {
        self.stack_id = Some(Sourced::explicit(stack_id.to_string()));
        self
    }

    /// Replaces the address of the API, `https://api.k6.io`.
    ///
    /// It may have a path, and must be https unless it is of this machine or
    /// [`allow_plain_http`](Self::allow_plain_http) is set.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(Sourced::explicit(base_url.into()));
        self
    }

    /// Allows an `http` address of another machine, to which the token then goes in the clear.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Limits how long making a connection may take; 10 seconds by default, and more than nothing.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Limits how long a request may take from connecting to the end of its answer; 60 seconds
    /// by default, and more than nothing. Waiting for a turn under
    /// [`max_in_flight`](Self::max_in_flight) does not count. A configuration file may set it too.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Names the calling program in the `User-Agent` header, before this crate: `my-bot/1.2`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Limits the requests in flight, of this client and its clones together; 64 by default, and
    /// at least 1.
    ///
    /// A request is in flight until its answer is read to the end or dropped. Further calls wait
    /// for their turn, first come first served. Without a limit some thousand calls at once run
    /// out of file descriptors.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Limits the size of an answer's body, in bytes after decoding; 64 MiB by default. With 0
    /// only empty answers pass.
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets when requests are repeated; [`RetryPolicy::off`] turns that off.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// Replaces the clock by which the client pauses, for tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Replaces the randomness of pauses, for tests: a function that draws a number from 0 to 1.
    pub fn jitter(mut self, draw: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Jitter(Arc::new(draw)));
        self
    }

    /// Takes from the environment what is not set yet; [`Client::from_env`] lists the variables.
    pub fn env(self) -> Self {
        self.lookup(|name| {
            // A value that is no Unicode is refused where it is checked, not taken for absent.
            std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// Takes from `variable` what is not set yet: the environment of [`env`](Self::env), given
    /// as a function. What is set already, by code or by an earlier lookup, stays.
    pub fn lookup(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some(Sourced { value, source: Source::Environment { variable: name } })
        };
        self.token = self.token.or_else(|| {
            read(TOKEN_VARIABLE)
                .map(|Sourced { value, source }| Sourced { value: Secret::new(value), source })
        });
        self.stack_id = self.stack_id.or_else(|| read(STACK_ID_VARIABLE));
        self.base_url = self.base_url.or_else(|| read(BASE_URL_VARIABLE));
        self
    }

    /// Takes from the configuration file of the k6 command-line tool what neither code nor the
    /// environment sets; [`Client::from_env`] lists the keys.
    ///
    /// The file is the one that `K6_CONFIG` names, or else `k6/config.json` in the folder that
    /// the operating system has for configuration:
    ///
    /// | system | folder |
    /// |---|---|
    /// | Linux and others | `$XDG_CONFIG_HOME` when it is an absolute path, or else `$HOME/.config` |
    /// | macOS | `$HOME/Library/Application Support` |
    /// | Windows | `%AppData%` |
    ///
    /// [`build`](Self::build) reads it. It may be absent, unless `K6_CONFIG` names it; a file that
    /// is there must be one of at most 1 MiB that can be read, even when nothing of it is needed.
    /// Of several files, the one that was asked for first comes first.
    pub fn config_file(self) -> Self {
        self.config_file_with(|name| std::env::var_os(name))
    }

    /// Does as [`config_file`](Self::config_file) with the environment given as a function, which
    /// may be the one that [`lookup`](Self::lookup) takes. It finds the file, and gives no
    /// settings.
    pub fn config_file_with<V: Into<OsString>>(
        mut self,
        variable: impl Fn(&str) -> Option<V>,
    ) -> Self {
        self.files.extend(ConfigFile::find(|name| variable(name).map(Into::into)));
        self
    }

    /// Does as [`config_file`](Self::config_file) with the file at `path`, which must be there.
    pub fn config_file_at(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(ConfigFile::at(path.into()));
        self
    }

    /// Builds the client; reads the configuration files that were asked for, and connects to
    /// nothing yet.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the setting, the variable, or
    /// the file and its key, the shape of its value and a good example; also when the stack was
    /// named by [`stack`](Self::stack), whose id [`connect`](Self::connect) has to find.
    pub fn build(self) -> Result<Client, Error> {
        if self.stack.is_some() {
            return Err(Error::configuration(
                "stack is set, whose id has to be asked for: call connect().await in place of \
                 build()",
            ));
        }
        self.assemble()
    }

    /// Builds the client, without a stack id where the stack is yet to be found.
    fn assemble(mut self) -> Result<Client, Error> {
        let mut timeout = self.timeout.map(Sourced::explicit);
        for file in &self.files {
            let file = file.read()?;
            self.token = self.token.or(file.token);
            self.stack_id = self.stack_id.or(file.stack_id);
            self.base_url = self.base_url.or(file.base_url);
            timeout = timeout.or(file.timeout);
        }
        let timeout =
            timeout.unwrap_or(Sourced { value: DEFAULT_TIMEOUT, source: Source::Default });

        let authorization = check::authorization(self.token.as_ref())?;
        let stack_id = match &self.stack {
            Some(_) => None,
            None => Some(check::stack_id(self.stack_id.as_ref())?),
        };
        let base_url = check::base_url(self.base_url.as_ref(), self.allow_plain_http)?;
        let user_agent = match &self.user_agent {
            Some(own) => format!("{own} {USER_AGENT}"),
            None => USER_AGENT.to_owned(),
        };
        let user_agent = HeaderValue::from_str(&user_agent).map_err(|_| {
            Error::configuration(
                "user_agent must be visible ASCII without line breaks, such as my-bot/1.2",
            )
        })?;
        if self.max_in_flight == 0 || self.max_in_flight > Semaphore::MAX_PERMITS {
            return Err(Error::configuration(format!(
                "max_in_flight must be from 1 to {}, not {}",
                Semaphore::MAX_PERMITS,
                self.max_in_flight
            )));
        }
        for (name, timeout) in [
            ("connect_timeout".to_owned(), self.connect_timeout),
            (timeout.name("timeout"), timeout.value),
        ] {
            if timeout.is_zero() {
                return Err(Error::configuration(format!(
                    "{name} must be longer than nothing, such as 10 seconds"
                )));
            }
        }

        self.retries.check()?;

        let mut http = reqwest::Client::builder()
            // A redirect to another host would carry X-Stack-Id along and replay a POST.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .timeout(timeout.value)
            .user_agent(user_agent);
        if check::is_loopback(&base_url) {
            // A proxy set for the outside world does not know this machine's loopback.
            http = http.no_proxy();
        }
        if base_url.scheme() == "https" {
            http = with_tls(http)?;
        }
        let http = http
            .build()
            .map_err(|error| Error::configuration("TLS cannot be set up").with_source(error))?;
        let base_url_text = base_url.as_str().trim_end_matches('/');
        let settings = Settings {
            token_source: source(self.token),
            // A client without one does not leave the builder.
            stack_id: stack_id.unwrap_or_default(),
            stack_id_source: source(self.stack_id),
            default_project_id: None,
            base_url: base_url_text.to_owned(),
            base_url_source: source(self.base_url),
            timeout: timeout.value,
            timeout_source: timeout.source,
        };
        let inner = Inner::new(Shared {
            authorization,
            stack_id: stack_id.map(HeaderValue::from),
            settings,
            in_flight: Arc::new(Semaphore::new(self.max_in_flight)),
            max_body_bytes: self.max_body_bytes,
            budget: RetryBudget::new(&self.retries),
            retries: self.retries,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
            jitter: self.jitter.map_or_else(|| Arc::new(fastrand::f64) as _, |Jitter(draw)| draw),
        });
        Ok(Client::new_with_client(base_url_text, http, inner))
    }
}

fn source<T>(setting: Option<Sourced<T>>) -> Source {
    setting.map_or(Source::Default, |setting| setting.source)
}

#[cfg(feature = "rustls")]
fn with_tls(http: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    // Named, so that another crate that turns on native-tls does not change this client.
    Ok(http.tls_backend_rustls())
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn with_tls(http: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(http.tls_backend_native())
}

#[cfg(not(any(feature = "native-tls", feature = "rustls")))]
fn with_tls(_: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Err(Error::configuration(
        "https needs TLS: turn on the feature `rustls` or `native-tls` of the crate k6-cloud",
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BASE_URL_VARIABLE, ClientBuilder, STACK_ID_VARIABLE, Source, TOKEN_VARIABLE};
    use crate::{Client, ErrorKind};

    const CANARY: &str = "glsa_canary";

    fn complete() -> ClientBuilder {
        Client::builder().token(CANARY).stack_id(7)
    }

    fn refusal(builder: ClientBuilder) -> String {
        let error = builder.build().expect_err("must be refused");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(CANARY), "shows the token: {shown}");
        error.to_string()
    }

    fn env<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |wanted| {
            variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn environment_fills_what_is_not_set() {
        let variables = [
            (TOKEN_VARIABLE, CANARY),
            (STACK_ID_VARIABLE, "12"),
            (BASE_URL_VARIABLE, "http://127.0.0.1:9/base/"),
        ];
        let client = Client::builder().lookup(env(&variables)).build().expect("complete");
        assert_eq!(client.baseurl, "http://127.0.0.1:9/base");
        assert_eq!(client.settings().stack_id(), 12);
        let client = Client::builder().stack_id(7).lookup(env(&variables)).build();
        assert_eq!(client.expect("complete").settings().stack_id(), 7);
    }

    #[test]
    fn empty_variable_counts_as_not_set() {
        let message = refusal(Client::builder().lookup(env(&[(TOKEN_VARIABLE, "")])));
        assert!(message.contains("set K6_CLOUD_TOKEN"), "{message}");
        let message = refusal(Client::builder().lookup(env(&[(TOKEN_VARIABLE, CANARY)])));
        assert!(message.contains("set K6_CLOUD_STACK_ID"), "{message}");
    }

    #[test]
    fn bad_token_is_refused_by_its_shape() {
        for (token, shape) in [
            (format!("{CANARY}\n"), "line break"),
            (format!("Bearer {CANARY}"), "Bearer"),
            (format!("{CANARY} x"), "spaces"),
            (String::new(), "empty"),
        ] {
            let message = refusal(Client::builder().token(token).stack_id(7));
            assert!(message.starts_with("token ") && message.contains(shape), "{message}");
        }
        let variables = [(TOKEN_VARIABLE, "glsa_canary\r\n"), (STACK_ID_VARIABLE, "7")];
        let message = refusal(Client::builder().lookup(env(&variables)));
        assert!(message.starts_with("K6_CLOUD_TOKEN ends with a line break"), "{message}");
    }

    #[test]
    fn bad_stack_id_is_refused_with_its_variable() {
        for (value, shape) in [
            ("my-stack", "is no whole number"),
            ("0", "is 0"),
            ("-1", "is no whole number"),
            ("99999999999999999999", "is too large"),
            // The token in the wrong variable: `refusal` checks that it is not shown.
            (CANARY, "is no whole number"),
        ] {
            let variables = [(TOKEN_VARIABLE, "token"), (STACK_ID_VARIABLE, value)];
            let message = refusal(Client::builder().lookup(env(&variables)));
            assert!(message.starts_with(&format!("{STACK_ID_VARIABLE} {shape}")), "{message}");
        }
    }

    #[test]
    fn plain_http_needs_the_loopback_or_a_word() {
        let other = "http://k6.example.org";
        assert!(refusal(complete().base_url(other)).contains("in the clear"));
        assert!(complete().base_url(other).allow_plain_http(true).build().is_ok());
        for own in ["http://127.0.0.1:80", "http://127.8.8.8", "http://[::1]:1", "http://localhost"]
        {
            assert!(complete().base_url(own).build().is_ok(), "{own}");
        }
        assert!(refusal(complete().base_url("http://localhost.example.org")).contains("clear"));
    }

    #[test]
    fn bad_address_is_refused() {
        for (address, what) in [
            ("api.k6.io", "no address"),
            ("ftp://api.k6.io", "neither"),
            ("https://user:glsa_canary@api.k6.io", "user name"),
            ("https://api.k6.io?x=glsa_canary", "query"),
        ] {
            let message = refusal(complete().base_url(address));
            assert!(message.contains(what), "{message}");
        }
    }

    #[test]
    fn senseless_limits_are_refused() {
        assert!(refusal(complete().max_in_flight(0)).contains("max_in_flight"));
        assert!(refusal(complete().timeout(Duration::ZERO)).contains("timeout"));
        assert!(refusal(complete().user_agent("a\nb")).contains("user_agent"));
    }

    #[test]
    fn code_and_environment_win_in_any_order() {
        let own = Duration::from_secs(5);
        let variables = [(TOKEN_VARIABLE, CANARY), (STACK_ID_VARIABLE, "12")];
        let variables = env(&variables);
        let before = Client::builder().stack_id(7).timeout(own).lookup(&variables);
        let after = Client::builder().lookup(&variables).stack_id(7).timeout(own);
        for builder in [before, after] {
            let client = builder.build().expect("complete");
            let settings = client.settings();
            assert_eq!((settings.stack_id(), settings.timeout()), (7, own));
            assert_eq!(settings.stack_id_source(), &Source::Explicit);
            assert_eq!(settings.timeout_source(), &Source::Explicit);
            let variable = Source::Environment { variable: TOKEN_VARIABLE };
            assert_eq!(settings.token_source(), &variable);
        }
    }

    #[test]
    fn settings_tell_the_defaults() {
        let client = complete().build().expect("complete");
        let settings = client.settings();
        assert_eq!(settings.base_url(), "https://api.k6.io");
        assert_eq!(settings.timeout(), Duration::from_secs(60));
        assert_eq!(settings.base_url_source(), &Source::Default);
        assert_eq!(settings.timeout_source(), &Source::Default);
        assert!(std::ptr::eq(client.clone().settings(), settings), "a clone copies the settings");
    }

    #[test]
    fn missing_token_tells_the_three_places() {
        assert_eq!(
            refusal(Client::builder()),
            "no API token: set K6_CLOUD_TOKEN, run `k6 cloud login`, or call ClientBuilder::token"
        );
    }

    #[test]
    fn debug_shows_no_token() {
        let builder = complete();
        let misplaced = Client::builder().base_url(format!("https://user:{CANARY}@k6.io"));
        let shown = format!("{builder:?} {builder:#?} {misplaced:?}");
        let client = builder.build().expect("complete");
        let shown = format!("{shown} {client:?} {client:#?} {:?}", client.settings());
        assert!(!shown.contains(CANARY), "{shown}");
        // What shows headers below this crate goes by the mark.
        assert!(client.inner.shared.authorization.is_sensitive());
    }
}

//! The builder of a client.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::file::ConfigFile;
use super::http_options::HttpOptions;
use super::layer::{Layer, Setting};
use crate::clock::Clock;
use crate::http::retry::RetryPolicy;
use crate::{ProjectId, StackId};

/// Builds a [`Client`](crate::Client).
///
/// A setting in code takes precedence over the environment, the environment over a configuration
/// file, and a file over the defaults. The order of the calls does not matter.
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
#[must_use = "a builder does nothing until build or connect is called"]
pub struct ClientBuilder {
    pub(super) code: Layer,
    pub(super) environment: Layer,
    /// In order of precedence.
    pub(super) files: Vec<ConfigFile>,
    pub(super) connection: Connection,
    pub(super) max_in_flight: usize,
    pub(super) max_body_bytes: u64,
    pub(super) retries: RetryPolicy,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) jitter: Option<Jitter>,
}

/// Settings of connections and requests that can only be set in code.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) allow_plain_http: bool,
    pub(super) connect_timeout: Duration,
    /// Set in code. Takes precedence over the environment and the file.
    pub(super) timeout: Option<Duration>,
    pub(super) user_agent: Option<String>,
    pub(super) http: HttpOptions,
}

/// Draws a number from 0 to 1.
#[derive(Clone)]
pub(super) struct Jitter(pub(super) Arc<dyn Fn() -> f64 + Send + Sync>);

impl std::fmt::Debug for Jitter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Jitter")
    }
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            code: Layer::default(),
            environment: Layer::default(),
            files: Vec::new(),
            connection: Connection {
                allow_plain_http: false,
                connect_timeout: Duration::from_secs(10),
                timeout: None,
                user_agent: None,
                http: HttpOptions::default(),
            },
            max_in_flight: 64,
            max_body_bytes: 64 * 1024 * 1024,
            retries: RetryPolicy::default(),
            clock: None,
            jitter: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the API token. The client sends it with every request, and never shows it.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.code.token = Some(Setting::explicit(token));
        self
    }

    /// Sets the numeric id of the Grafana stack, 1 or greater. If you only know the name of the
    /// stack, use [`stack`](Self::stack) instead.
    pub fn stack_id(mut self, stack_id: impl Into<StackId>) -> Self {
        self.code.stack_id = Some(Setting::explicit(stack_id.into().to_string()));
        self
    }

    /// Sets the id of the project that [`ClientSettings::default_project_id`] returns, 1 or greater.
    ///
    /// [`ClientSettings::default_project_id`]: crate::ClientSettings::default_project_id
    pub fn default_project_id(mut self, project_id: impl Into<ProjectId>) -> Self {
        self.code.default_project_id = Some(Setting::explicit(project_id.into().to_string()));
        self
    }

    /// Sets the address of the API. The default is `https://api.k6.io`.
    ///
    /// The address may have a path. It must be https, unless the host is this machine or you
    /// permit plain http by [`allow_plain_http`](Self::allow_plain_http).
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.code.base_url = Some(Setting::explicit(base_url));
        self
    }

    /// Sets the address of the logs of runs, for the feature `logs`. The default is
    /// `wss://cloudlogs.k6.io/api/v1/tail` if the API's address is one of `k6.io`; otherwise there is
    /// none.
    ///
    /// The client sends the API token there. The address must be wss, unless the host is this machine.
    /// `K6_CLOUD_LOGS_TAIL_URL` may set it too, but never a configuration file.
    pub fn logs_url(mut self, logs_url: impl Into<String>) -> Self {
        self.code.logs_url = Some(Setting::explicit(logs_url));
        self
    }

    /// Permits an `http` address on another machine. The client then sends the token unencrypted.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.connection.allow_plain_http = allow;
        self
    }

    /// Sets the time limit for making a connection. It must be greater than zero; the default is
    /// 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// Sets the time limit of a request, from connecting to the end of its response. It must be
    /// greater than zero; the default is 60 seconds. `K6_CLOUD_TIMEOUT` and a configuration file
    /// may set it too.
    ///
    /// Uploads and downloads of scripts may take longer, as long as they move: for them it is the limit
    /// on the time in which nothing is sent or received.
    ///
    /// The time that a call waits for a permit of [`max_in_flight`](Self::max_in_flight) does not
    /// count.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.connection.timeout = Some(timeout);
        self
    }

    /// Adds the name of your program to the `User-Agent` header, before the name of this crate:
    /// `my-bot/1.2`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.connection.user_agent = Some(user_agent.into());
        self
    }

    /// Limits the number of requests in flight, of this client and its clones together. It must be
    /// 1 or greater; the default is 64.
    ///
    /// A request is in flight until its response is read to the end or dropped. Further calls wait
    /// for a permit, in the order of their start. Without a limit, some thousand calls at once
    /// would run out of file descriptors.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Limits the size of a response body, in bytes after decompression. The default is 64 MiB.
    /// With 0, only empty responses pass.
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets when the client retries a request. [`RetryPolicy::off`] turns retries off.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// Replaces the clock that measures time and pauses, for tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Replaces the random part of pauses, for tests. The function draws a number from 0 to 1.
    pub fn jitter(mut self, draw: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Jitter(Arc::new(draw)));
        self
    }

    /// Takes settings from the environment. [`Client::from_env`](crate::Client::from_env) lists the
    /// variables.
    pub fn env(self) -> Self {
        self.lookup(|name| {
            // A value that is not Unicode fails its check. It must not count as absent.
            std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// Takes settings from a function instead of the environment: it returns the value of a
    /// variable. An earlier lookup takes precedence over a later one.
    pub fn lookup(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        self.environment.fill(Layer::of_variables(variable));
        self
    }

    /// Takes settings from the configuration file of the k6 command-line tool.
    /// [`Client::from_env`](crate::Client::from_env) lists the keys.
    ///
    /// The path is the value of `K6_CONFIG`. If that is not set, it is `k6/config.json` in the
    /// folder that the operating system has for configuration:
    ///
    /// | system | folder |
    /// |---|---|
    /// | Linux and others | `$XDG_CONFIG_HOME` if it is an absolute path, or else `$HOME/.config` |
    /// | macOS | `$HOME/Library/Application Support` |
    /// | Windows | `%AppData%` |
    ///
    /// [`build`](Self::build) reads the file. If `K6_CONFIG` gives a path, the file must exist. A
    /// file that cannot be read, is not JSON or is larger than 1 MiB is an error only if the token
    /// or the stack is not set elsewhere. A key with a wrong value is an error only if the setting
    /// is not set elsewhere. Of several files, the first takes precedence.
    pub fn config_file(self) -> Self {
        self.config_file_with(|name| std::env::var_os(name))
    }

    /// Does the same as [`config_file`](Self::config_file), and finds the file by a function
    /// instead of the environment: it returns the value of a variable. It may be the function that
    /// you give to [`lookup`](Self::lookup).
    pub fn config_file_with<V: Into<OsString>>(
        mut self,
        variable: impl Fn(&str) -> Option<V>,
    ) -> Self {
        self.files.extend(ConfigFile::find(|name| variable(name).map(Into::into)));
        self
    }

    /// Does the same as [`config_file`](Self::config_file) with the file at `path`. The file must
    /// exist, and [`build`](Self::build) must be able to read it.
    pub fn config_file_at(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(ConfigFile::at(path.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{
        BASE_URL_VARIABLE, PROJECT_ID_VARIABLE, STACK_ID_VARIABLE, STACK_URL_VARIABLE,
        SettingSource, TIMEOUT_VARIABLE, TOKEN_VARIABLE,
    };
    use super::ClientBuilder;
    use crate::{Client, ErrorKind};

    const CANARY: &str = "canary";

    fn complete() -> ClientBuilder {
        Client::builder().token(CANARY).stack_id(7)
    }

    fn message_of(builder: ClientBuilder) -> String {
        let error = builder.build().expect_err("must fail");
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
    fn empty_variable_counts_as_not_set_and_the_error_says_so() {
        let message = message_of(Client::builder().lookup(env(&[(TOKEN_VARIABLE, "")])));
        assert_eq!(
            message,
            "no API token: K6_CLOUD_TOKEN is set but empty: give it a value or run `k6 cloud login`; \
             in code, call ClientBuilder::token"
        );
        let token = (TOKEN_VARIABLE, CANARY);
        let message = message_of(Client::builder().lookup(env(&[token])));
        assert!(message.starts_with("no stack id: set K6_CLOUD_STACK_ID"), "{message}");
        for empty in [STACK_ID_VARIABLE, STACK_URL_VARIABLE] {
            let message = message_of(Client::builder().lookup(env(&[token, (empty, "")])));
            assert!(message.contains(&format!("{empty} is set but empty: give it")), "{message}");
        }
        // Another lookup has the value.
        let builder = Client::builder().stack_id(7).lookup(env(&[(TOKEN_VARIABLE, "")]));
        assert!(builder.lookup(env(&[token])).build().is_ok());
    }

    #[test]
    fn timeout_variable_reads_durations_as_the_tool_does() {
        for (value, expected) in [
            ("30s", Duration::from_secs(30)),
            ("1m30s", Duration::from_secs(90)),
            ("1500", Duration::from_millis(1500)),
            ("1d", Duration::from_secs(86_400)),
        ] {
            let variables = [(TIMEOUT_VARIABLE, value)];
            let client = complete().lookup(env(&variables)).build().expect("complete");
            assert_eq!(client.settings().timeout(), expected, "{value}");
            let source = SettingSource::Environment { variable: TIMEOUT_VARIABLE };
            assert_eq!(client.settings().timeout_source(), &source);
        }
        for (value, shape) in [
            ("canary", "is not a duration"),
            ("-1s", "is not a duration, or is negative"),
            ("0s", "is 0: give a duration that is greater than zero"),
            ("0", "is 0"),
        ] {
            let message = message_of(complete().lookup(env(&[(TIMEOUT_VARIABLE, value)])));
            assert!(message.starts_with(&format!("K6_CLOUD_TIMEOUT {shape}")), "{message}");
        }
    }

    #[test]
    fn default_project_is_read_and_checked() {
        let client = complete().build().expect("complete");
        assert_eq!(client.settings().default_project_id(), None);
        assert_eq!(client.settings().default_project_id_source(), &SettingSource::Default);

        let variables = [(PROJECT_ID_VARIABLE, "5001")];
        let client = complete().lookup(env(&variables)).build().expect("complete");
        let source = SettingSource::Environment { variable: PROJECT_ID_VARIABLE };
        assert_eq!(client.settings().default_project_id(), Some(5001.into()));
        assert_eq!(client.settings().default_project_id_source(), &source);

        let builder = complete().lookup(env(&variables)).default_project_id(7);
        let client = builder.build().expect("complete");
        assert_eq!(client.settings().default_project_id(), Some(7.into()));
        assert_eq!(client.settings().default_project_id_source(), &SettingSource::Explicit);

        for (value, shape) in [
            ("canary", "is not a positive whole number"),
            ("0", "is 0"),
            ("9223372036854775808", "is too large"),
        ] {
            let message = message_of(complete().lookup(env(&[(PROJECT_ID_VARIABLE, value)])));
            assert!(message.starts_with(&format!("K6_CLOUD_PROJECT_ID {shape}")), "{message}");
        }
        let message = message_of(complete().default_project_id(-1));
        assert!(message.starts_with("default_project_id is not a positive"), "{message}");
    }

    #[test]
    fn stack_url_of_the_environment_needs_connect_unless_there_is_an_id() {
        let token = (TOKEN_VARIABLE, CANARY);
        let url = (STACK_URL_VARIABLE, "https://shop.grafana.net");
        let message = message_of(Client::builder().lookup(env(&[token, url])));
        assert!(message.starts_with("K6_CLOUD_STACK_URL "), "{message}");
        assert!(message.contains("connect().await"), "{message}");
        assert!(message.contains("K6_CLOUD_STACK_ID"), "{message}");
        let id = (STACK_ID_VARIABLE, "12");
        let client = Client::builder().lookup(env(&[token, url, id])).build().expect("complete");
        assert_eq!(client.settings().stack_id(), 12);
        // The id in code comes before the environment.
        let client = Client::builder().lookup(env(&[token, url])).stack_id(7).build();
        assert_eq!(client.expect("complete").settings().stack_id(), 7);
    }

    #[test]
    fn examples_in_messages_are_tokens_of_k6() {
        for builder in [Client::builder().token("").stack_id(7), Client::builder()] {
            let message = message_of(builder);
            assert!(!message.contains("glsa") && !message.contains("glc"), "{message}");
        }
    }

    #[test]
    fn error_of_a_token_describes_it_without_showing_it() {
        for (token, shape) in [
            (format!("{CANARY}\n"), "line break"),
            (format!("Bearer {CANARY}"), "Bearer"),
            (format!("{CANARY} x"), "spaces"),
            (String::new(), "empty"),
        ] {
            let message = message_of(Client::builder().token(token).stack_id(7));
            assert!(message.starts_with("token ") && message.contains(shape), "{message}");
        }
        let variables = [(TOKEN_VARIABLE, "canary\r\n"), (STACK_ID_VARIABLE, "7")];
        let message = message_of(Client::builder().lookup(env(&variables)));
        assert!(message.starts_with("K6_CLOUD_TOKEN ends with a line break"), "{message}");
    }

    #[test]
    fn error_of_a_stack_id_names_its_variable() {
        for (value, shape) in [
            ("my-stack", "is not a positive whole number"),
            ("0", "is 0"),
            ("-1", "is not a positive whole number"),
            ("99999999999999999999", "is too large"),
            // The token in the wrong variable; `message_of` checks that no error shows it.
            (CANARY, "is not a positive whole number"),
        ] {
            let variables = [(TOKEN_VARIABLE, "token"), (STACK_ID_VARIABLE, value)];
            let message = message_of(Client::builder().lookup(env(&variables)));
            assert!(message.starts_with(&format!("{STACK_ID_VARIABLE} {shape}")), "{message}");
        }
    }

    #[test]
    fn plain_http_needs_this_machine_or_permission() {
        let other = "http://k6.example.org";
        assert!(message_of(complete().base_url(other)).contains("unencrypted"));
        assert!(complete().base_url(other).allow_plain_http(true).build().is_ok());
        for own in ["http://127.0.0.1:80", "http://127.8.8.8", "http://[::1]:1", "http://localhost"]
        {
            assert!(complete().base_url(own).build().is_ok(), "{own}");
        }
        assert!(
            message_of(complete().base_url("http://localhost.example.org")).contains("unencrypted")
        );
    }

    #[test]
    fn address_that_cannot_be_used_is_an_error() {
        for (address, what) in [
            ("api.k6.io", "not an address"),
            ("ftp://api.k6.io", "neither"),
            ("https://user:canary@api.k6.io", "user name"),
            ("https://api.k6.io?x=canary", "query"),
        ] {
            let message = message_of(complete().base_url(address));
            assert!(message.contains(what), "{message}");
        }
    }

    #[test]
    fn limits_that_permit_nothing_are_errors() {
        assert!(message_of(complete().max_in_flight(0)).contains("max_in_flight"));
        assert!(message_of(complete().timeout(Duration::ZERO)).starts_with("timeout is 0"));
        let message = message_of(complete().connect_timeout(Duration::ZERO));
        assert!(message.starts_with("connect_timeout is 0"), "{message}");
        assert!(message_of(complete().user_agent("a\nb")).contains("user_agent"));
    }

    #[test]
    fn code_and_environment_take_precedence_in_any_order() {
        let own = Duration::from_secs(5);
        let variables = [(TOKEN_VARIABLE, CANARY), (STACK_ID_VARIABLE, "12")];
        let variables = env(&variables);
        let before = Client::builder().stack_id(7).timeout(own).lookup(&variables);
        let after = Client::builder().lookup(&variables).stack_id(7).timeout(own);
        for builder in [before, after] {
            let client = builder.build().expect("complete");
            let settings = client.settings();
            assert_eq!((settings.stack_id(), settings.timeout()), (7.into(), own));
            assert_eq!(settings.stack_id_source(), &SettingSource::Explicit);
            assert_eq!(settings.timeout_source(), &SettingSource::Explicit);
            let variable = SettingSource::Environment { variable: TOKEN_VARIABLE };
            assert_eq!(settings.token_source(), &variable);
        }
    }

    #[test]
    fn settings_have_the_defaults() {
        let client = complete().build().expect("complete");
        let settings = client.settings();
        assert_eq!(settings.base_url(), "https://api.k6.io");
        assert_eq!(settings.timeout(), Duration::from_secs(60));
        assert_eq!(settings.base_url_source(), &SettingSource::Default);
        assert_eq!(settings.timeout_source(), &SettingSource::Default);
        assert!(std::ptr::eq(client.clone().settings(), settings), "a clone copies the settings");
    }

    #[test]
    fn missing_token_names_the_three_ways_to_set_it() {
        assert_eq!(
            message_of(Client::builder()),
            "no API token: set K6_CLOUD_TOKEN or run `k6 cloud login`; in code, call ClientBuilder::token"
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
        // Layers below this crate hide a header that is marked as sensitive.
        assert!(client.inner.shared.authorization.is_sensitive());
    }
}

//! Builds a client from the settings of all sources.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use tokio::sync::Semaphore;

use super::builder::{ClientBuilder, Connection, Jitter};
use super::http_options::{HttpClient, HttpDefaults, Upgrades};
use super::layer::{FileProblem, Layer, STACK_ID, Setting, TOKEN};
#[cfg(feature = "logs")]
use super::logs::LogsConnection;
use super::settings::{ClientSettings, SettingSource};
use super::{STACK_ID_VARIABLE, check};
use crate::clock::SystemClock;
use crate::http::retry::RetryBudget;
use crate::http::{Inner, Shared};
use crate::{Client, Error, StackId, random};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

const USER_AGENT: &str = concat!("k6-cloud-rs/", env!("CARGO_PKG_VERSION"));

/// The settings of all sources together.
pub(super) struct Layers {
    pub(super) settings: Layer,
    /// The problem with a file that could not be read.
    problem: Option<FileProblem>,
}

impl Layers {
    /// Returns the slug or the address of the stack, if it is set and the id is not.
    pub(super) fn stack_without_id(&self) -> Option<&Setting> {
        self.settings.stack.as_ref().filter(|_| self.settings.stack_id.is_none())
    }

    /// Drops the default project of a file unless the stack comes from the same file, because the
    /// project belongs to the stack in that file.
    pub(super) fn drop_project_of_another_stack(&mut self) {
        let file = |setting: &Option<Setting>| {
            setting.as_ref().and_then(|setting| setting.source.file()).map(ToOwned::to_owned)
        };
        let project_file = file(&self.settings.default_project_id);
        if project_file.is_some() && project_file != file(&self.settings.stack) {
            self.settings.default_project_id = None;
        }
    }
}

impl ClientBuilder {
    /// Builds the client. Reads the configuration files, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) for a setting that is missing or wrong.
    /// The message names the method, the variable, or the file and its key, and has an example. It
    /// never shows the value. A stack without its id, from [`stack`](Self::stack),
    /// `K6_CLOUD_STACK_URL` or the file, is an error too: call [`connect`](Self::connect) instead.
    pub fn build(self) -> Result<Client, Error> {
        let layers = self.layers()?;
        if let Some(stack) = layers.stack_without_id() {
            return Err(Error::configuration(format!(
                "{} gives a stack without its id: call connect().await instead of build(), which \
                 looks up the id, or set {STACK_ID_VARIABLE}",
                stack.name("stack")
            ))
            .about_setting("stack_id", true));
        }
        self.assemble(layers)
    }

    /// Combines the settings of all sources.
    pub(super) fn layers(&self) -> Result<Layers, Error> {
        if self.code.stack.is_some() && self.code.stack_id.is_some() {
            return Err(Error::configuration(
                "stack and stack_id are both set: keep one, stack_id if you know it",
            )
            .about_setting("stack", false));
        }
        let mut settings = self.code.clone();
        settings.fill(self.environment.clone());
        let mut problem = None;
        for file in &self.files {
            match file.read() {
                Ok(layer) => settings.fill(layer),
                Err(found) if found.always => return Err(found.into_error("", "")),
                Err(found) => {
                    problem.get_or_insert(found);
                }
            }
        }
        Ok(Layers { settings, problem })
    }

    /// Builds the client. It has no stack id if [`Layers::stack_without_id`] returns a stack.
    pub(super) fn assemble(self, layers: Layers) -> Result<Client, Error> {
        let lookup = layers.stack_without_id().is_some();
        let Layers { settings: layer, problem } = layers;
        let Some(token) = &layer.token else {
            return Err(layer.missing(&TOKEN, problem));
        };
        let authorization = check::authorization(token).map_err(wrong("token"))?;
        let stack_id = match &layer.stack_id {
            Some(stack_id) => Some(check::stack_id(stack_id).map_err(wrong("stack_id"))?),
            None if lookup => None,
            None => return Err(layer.missing(&STACK_ID, problem)),
        };
        if self.max_in_flight == 0 || self.max_in_flight > Semaphore::MAX_PERMITS {
            return Err(Error::configuration(format!(
                "max_in_flight must be from 1 to {}, not {}",
                Semaphore::MAX_PERMITS,
                self.max_in_flight
            ))
            .about_setting("max_in_flight", false));
        }
        self.retries.check().map_err(wrong("retries"))?;
        let base_url = check::base_url(layer.base_url.as_ref(), self.connection.allow_plain_http)
            .map_err(wrong("base_url"))?;
        let settings =
            self.connection.settings(&layer, stack_id.unwrap_or(StackId::new(0)), &base_url)?;
        let http = self.connection.http(&base_url, settings.timeout, Upgrades::No)?;
        let base_url = settings.base_url.clone();
        let inner = Inner::new(Shared {
            authorization,
            stack_id: stack_id.map(|id| HeaderValue::from(id.get())),
            #[cfg(feature = "logs")]
            logs: Arc::new(LogsConnection::new(self.connection)),
            settings,
            proxy: http.proxy,
            has_roots: http.has_roots,
            in_flight: Arc::new(Semaphore::new(self.max_in_flight)),
            max_body_bytes: self.max_body_bytes,
            budget: RetryBudget::new(&self.retries),
            retries: self.retries,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
            jitter: self.jitter.map_or_else(|| Arc::new(random::share) as _, |Jitter(draw)| draw),
        });
        let client = Client::new_with_client(&base_url, http.client, inner);
        // A client of the user's own does not have the timeout.
        let timeout = client.settings().timeout();
        Ok(if http.is_own { client.with_timeout(timeout) } else { client })
    }
}

impl Connection {
    /// Checks the settings that are not checked yet.
    fn settings(
        &self,
        layer: &Layer,
        stack_id: StackId,
        base_url: &Url,
    ) -> Result<ClientSettings, Error> {
        let (timeout, timeout_source) = match (self.timeout, &layer.timeout) {
            (Some(timeout), _) => {
                (check::greater_than_zero("timeout", timeout)?, SettingSource::Explicit)
            }
            (None, Some(timeout)) => (check::timeout(timeout)?, timeout.source.clone()),
            (None, None) => (DEFAULT_TIMEOUT, SettingSource::Default),
        };
        Ok(ClientSettings {
            token_source: source(layer.token.as_ref()),
            stack_id,
            stack_id_source: source(layer.stack_id.as_ref()),
            // Nothing is sent there, so a wrong address beside an id is not an error.
            stack_url: layer.stack.as_ref().and_then(|stack| check::stack_url(stack).ok()),
            default_project_id: layer
                .default_project_id
                .as_ref()
                .map(check::project_id)
                .transpose()?,
            default_project_id_source: source(layer.default_project_id.as_ref()),
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            base_url_source: source(layer.base_url.as_ref()),
            logs_url: check::logs_url(layer.logs_url.as_ref(), base_url)?,
            logs_url_source: source(layer.logs_url.as_ref()),
            timeout,
            timeout_source,
        })
    }

    /// Makes the client that sends the requests.
    pub(super) fn http(
        &self,
        base_url: &Url,
        timeout: Duration,
        upgrades: Upgrades,
    ) -> Result<HttpClient, Error> {
        let user_agent = match &self.user_agent {
            Some(own) => format!("{own} {USER_AGENT}"),
            None => USER_AGENT.to_owned(),
        };
        let user_agent = HeaderValue::from_str(&user_agent).map_err(|_| {
            Error::configuration(
                "user_agent must be visible ASCII without line breaks, such as my-bot/1.2",
            )
            .about_setting("user_agent", false)
        })?;
        let connect_timeout = check::greater_than_zero("connect_timeout", self.connect_timeout)
            .map_err(wrong("connect_timeout"))?;
        let defaults = HttpDefaults { connect_timeout, timeout, user_agent, upgrades };
        self.http.build(base_url, defaults)
    }
}

/// Says which setting is wrong.
fn wrong(name: &'static str) -> impl Fn(Error) -> Error {
    move |error| error.about_setting(name, false)
}

fn source(setting: Option<&Setting>) -> SettingSource {
    setting.map_or(SettingSource::Default, |setting| setting.source.clone())
}

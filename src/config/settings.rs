//! The settings of a client, and the source of each.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(doc)]
use super::ClientBuilder;
use crate::{Client, ProjectId, StackId};

impl Client {
    /// Returns the settings of the client, and the source of each.
    pub fn settings(&self) -> &ClientSettings {
        &self.inner.shared.settings
    }
}

/// The settings of a [`Client`], each with the [`SettingSource`] that it came from.
///
/// The token itself is not included, only its source.
///
/// ```
/// # fn main() -> Result<(), k6_cloud::Error> {
/// use k6_cloud::{Client, SettingSource};
///
/// let client = Client::builder().token("0f9c36d2e1").stack_id(123_456).build()?;
/// assert_eq!(client.settings().stack_id(), 123_456);
/// assert_eq!(client.settings().stack_id_source(), &SettingSource::Explicit);
/// assert_eq!(client.settings().base_url_source(), &SettingSource::Default);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSettings {
    pub(super) token_source: SettingSource,
    pub(super) stack_id: StackId,
    pub(super) stack_id_source: SettingSource,
    pub(super) stack_url: Option<String>,
    pub(super) default_project_id: Option<ProjectId>,
    pub(super) default_project_id_source: SettingSource,
    pub(super) base_url: String,
    pub(super) base_url_source: SettingSource,
    pub(super) logs_url: Option<String>,
    pub(super) logs_url_source: SettingSource,
    pub(super) timeout: Duration,
    pub(super) timeout_source: SettingSource,
}

impl ClientSettings {
    /// Returns the source of the API token.
    pub fn token_source(&self) -> &SettingSource {
        &self.token_source
    }

    /// Returns the numeric id of the Grafana stack, 1 or greater.
    pub fn stack_id(&self) -> StackId {
        self.stack_id
    }

    /// Returns the source of the stack's id.
    pub fn stack_id_source(&self) -> &SettingSource {
        &self.stack_id_source
    }

    /// Returns the address of the Grafana stack, such as `https://shop.grafana.net`; `None` if it is
    /// not known.
    ///
    /// It is known if the client looked up the stack ([`ClientBuilder::connect`]), or if the source of
    /// the stack's id has the address too, as the configuration file of `k6 cloud login` does.
    pub fn stack_url(&self) -> Option<&str> {
        self.stack_url.as_deref()
    }

    /// Returns the id of the default project, `None` if it is not known.
    ///
    /// It is the one that you set in code, in the environment or in the configuration file.
    /// Otherwise it is the stack's own, if [`ClientBuilder::connect`] looked up the stack.
    ///
    /// ```
    /// # fn main() -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::Client;
    ///
    /// let builder = Client::builder().token("0f9c36d2e1").stack_id(123_456);
    /// let client = builder.default_project_id(5_001).build()?;
    /// assert_eq!(client.settings().default_project_id(), Some(5_001.into()));
    /// # Ok(()) }
    /// ```
    pub fn default_project_id(&self) -> Option<ProjectId> {
        self.default_project_id
    }

    /// Returns the source of the default project's id: [`SettingSource::Default`] if it is not known.
    pub fn default_project_id_source(&self) -> &SettingSource {
        &self.default_project_id_source
    }

    /// Returns the address of the API, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the source of the API's address.
    pub fn base_url_source(&self) -> &SettingSource {
        &self.base_url_source
    }

    /// Returns the address of the logs of runs; `None` if the API's address is not one of `k6.io`, and
    /// the address of the logs is not set.
    pub fn logs_url(&self) -> Option<&str> {
        self.logs_url.as_deref()
    }

    /// Returns the source of the address of the logs.
    pub fn logs_url_source(&self) -> &SettingSource {
        &self.logs_url_source
    }

    /// Returns the time limit of a request, from connecting to the end of its response. It is
    /// greater than zero.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the source of the time limit.
    pub fn timeout_source(&self) -> &SettingSource {
        &self.timeout_source
    }
}

/// Where a setting came from. A variant takes precedence over those below it.
///
/// `Display` is one line: `set in code`, `K6_CLOUD_TOKEN`,
/// `collectors.cloud.token in /home/me/.config/k6/config.json`,
/// `looked up for https://shop.grafana.net`, `default`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SettingSource {
    /// A method of [`ClientBuilder`], such as [`token`](ClientBuilder::token).
    Explicit,
    /// An environment variable.
    Environment {
        /// The variable's name, such as `K6_CLOUD_TOKEN`.
        variable: &'static str,
    },
    /// The configuration file of the k6 command-line tool.
    File {
        /// The path of the file.
        path: PathBuf,
        /// The key in the file, such as `collectors.cloud.token`.
        key: &'static str,
    },
    /// The API, where the client looked up the stack.
    Api {
        /// The address of the stack, such as `https://shop.grafana.net`.
        stack_url: String,
    },
    /// The default of this crate.
    Default,
}

impl SettingSource {
    /// Returns the path of the file that the setting came from.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            _ => None,
        }
    }
}

impl fmt::Display for SettingSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit => formatter.write_str("set in code"),
            Self::Environment { variable } => formatter.write_str(variable),
            Self::File { path, key } => write!(formatter, "{key} in {}", OneLine(path)),
            Self::Api { stack_url } => write!(formatter, "looked up for {stack_url}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// Displays a path on one line, whatever characters it has.
pub(super) struct OneLine<'a>(pub(super) &'a Path);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&visible_text::escaped(&self.0.to_string_lossy()))
    }
}

#[cfg(test)]
mod tests {
    use super::SettingSource;

    #[test]
    fn source_is_shown_on_one_line() {
        let path = "/a\nb\u{202e}c/config.json".into();
        let file = SettingSource::File { path, key: "collectors.cloud.token" };
        for (source, shown) in [
            (SettingSource::Explicit, "set in code"),
            (SettingSource::Environment { variable: "K6_CLOUD_TOKEN" }, "K6_CLOUD_TOKEN"),
            (file, "collectors.cloud.token in /a bU+202Ec/config.json"),
            (
                SettingSource::Api { stack_url: "https://shop.grafana.net".to_owned() },
                "looked up for https://shop.grafana.net",
            ),
            (SettingSource::Default, "default"),
        ] {
            assert_eq!(source.to_string(), shown);
        }
    }
}

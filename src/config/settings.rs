//! What a client was built with, and where each setting came from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(doc)]
use super::ClientBuilder;
use crate::Client;

impl Client {
    /// Returns the settings that the client was built with, and where each came from.
    pub fn settings(&self) -> &Settings {
        &self.inner.shared.settings
    }
}

/// The settings of a [`Client`], each with the [`Source`] that won.
///
/// The token is not among them, only its source.
///
/// ```
/// # fn main() -> Result<(), k6_cloud::Error> {
/// use k6_cloud::{Client, Source};
///
/// let client = Client::builder().token("glsa_token").stack_id(123_456).build()?;
/// assert_eq!(client.settings().stack_id(), 123_456);
/// assert_eq!(client.settings().stack_id_source(), &Source::Explicit);
/// assert_eq!(client.settings().base_url_source(), &Source::Default);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub(super) token_source: Source,
    pub(super) stack_id: u64,
    pub(super) stack_id_source: Source,
    pub(super) default_project_id: Option<i64>,
    pub(super) base_url: String,
    pub(super) base_url_source: Source,
    pub(super) timeout: Duration,
    pub(super) timeout_source: Source,
}

impl Settings {
    /// Returns where the API token came from.
    pub fn token_source(&self) -> &Source {
        &self.token_source
    }

    /// Returns the numeric id, from 1, of the Grafana stack.
    pub fn stack_id(&self) -> u64 {
        self.stack_id
    }

    /// Returns where the id of the stack came from.
    pub fn stack_id_source(&self) -> &Source {
        &self.stack_id_source
    }

    /// Returns the id of the stack's default project, where the API was asked for the stack:
    /// [`ClientBuilder::connect`] does that for a stack that is named by its slug or address.
    pub fn default_project_id(&self) -> Option<i64> {
        self.default_project_id
    }

    /// Returns the address of the API, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns where the address of the API came from.
    pub fn base_url_source(&self) -> &Source {
        &self.base_url_source
    }

    /// Returns how long a request may take from connecting to the end of its answer; more than
    /// nothing.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns where the limit on the time of a request came from.
    pub fn timeout_source(&self) -> &Source {
        &self.timeout_source
    }
}

/// Where a setting came from. Those further up win over those further down.
///
/// `Display` is one line: `set in code`, `K6_CLOUD_TOKEN`,
/// `collectors.cloud.token in /home/me/.config/k6/config.json`,
/// `asked for https://shop.grafana.net`, `default`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A method of [`ClientBuilder`], such as [`token`](ClientBuilder::token).
    Explicit,
    /// A variable of the environment.
    Environment {
        /// The variable's name, such as `K6_CLOUD_TOKEN`.
        variable: &'static str,
    },
    /// The configuration file of the k6 command-line tool.
    File {
        /// The path of the file, as it was found or given.
        path: PathBuf,
        /// The key in the file, such as `collectors.cloud.token`.
        key: &'static str,
    },
    /// The API, which was asked for the stack of this address.
    Api {
        /// The address, such as `https://shop.grafana.net`.
        stack_url: String,
    },
    /// What the crate takes when nothing is set.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit => formatter.write_str("set in code"),
            Self::Environment { variable } => formatter.write_str(variable),
            Self::File { path, key } => write!(formatter, "{key} in {}", OneLine(path)),
            Self::Api { stack_url } => write!(formatter, "asked for {stack_url}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A path in a message of one line, whatever characters it has.
pub(super) struct OneLine<'a>(pub(super) &'a Path);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.to_string_lossy();
        formatter.write_str(&path.replace(char::is_control, "\u{fffd}"))
    }
}

/// A setting that is not checked yet, with its source.
#[derive(Clone)]
pub(super) struct Sourced<T> {
    pub(super) value: T,
    pub(super) source: Source,
}

impl<T> Sourced<T> {
    pub(super) fn explicit(value: T) -> Self {
        Self { value, source: Source::Explicit }
    }

    /// Returns the name under which the user knows the setting; `method` is that of the builder.
    pub(super) fn name(&self, method: &str) -> String {
        match &self.source {
            Source::Explicit | Source::Default => method.to_owned(),
            source => source.to_string(),
        }
    }
}

/// Shows where a value comes from and not the value: a token may stand in the wrong variable, and
/// a password in an address.
impl<T> fmt::Debug for Sourced<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}]", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn source_is_shown_in_one_line() {
        let file = Source::File { path: "/a\nb/config.json".into(), key: "collectors.cloud.token" };
        for (source, shown) in [
            (Source::Explicit, "set in code"),
            (Source::Environment { variable: "K6_CLOUD_TOKEN" }, "K6_CLOUD_TOKEN"),
            (file, "collectors.cloud.token in /a\u{fffd}b/config.json"),
            (
                Source::Api { stack_url: "https://shop.grafana.net".to_owned() },
                "asked for https://shop.grafana.net",
            ),
            (Source::Default, "default"),
        ] {
            assert_eq!(source.to_string(), shown);
        }
    }
}

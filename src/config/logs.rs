//! The connection to the logs of runs.

use reqwest::Url;

use super::builder::Connection;
use super::http_options::{HttpClient, Upgrades};
use super::settings::ClientSettings;
use super::{BASE_URL_VARIABLE, DEFAULT_LOGS_URL, LOGS_URL_VARIABLE};
use crate::Error;

/// The options of connections, from which the logs get a client of their own: another host may need
/// another proxy, and the API's client may use HTTP/2.
pub(crate) struct LogsConnection(Connection);

/// What connects to the logs.
pub(crate) struct LogsClient {
    pub(crate) http: HttpClient,
    /// The address, with http or https.
    pub(crate) url: Url,
}

impl LogsConnection {
    pub(super) fn new(connection: Connection) -> Self {
        Self(connection)
    }

    /// Returns what connects to the logs.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if there is no address, or the options of
    /// connections do not fit it.
    pub(crate) fn client(&self, settings: &ClientSettings) -> Result<LogsClient, Error> {
        let Some(address) = settings.logs_url() else {
            return Err(Error::configuration(format!(
                "no address for the logs: {BASE_URL_VARIABLE} or base_url is not the API's own address, \
                 so that the logs' own, {DEFAULT_LOGS_URL}, must not get its token; set \
                 {LOGS_URL_VARIABLE} or logs_url"
            ))
            .about_setting("logs_url", true));
        };
        let wrong = |_| Error::configuration("the address of the logs is not one of HTTP");
        // `wss` becomes `https`, and `ws` becomes `http`.
        let url = Url::parse(&address.replacen("ws", "http", 1)).map_err(wrong)?;
        let http = self.0.http(&url, settings.timeout(), Upgrades::WebSocket)?;
        Ok(LogsClient { http, url })
    }
}

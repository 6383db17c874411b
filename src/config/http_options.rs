//! How the client connects: certificates, proxies, headers, or a reqwest client of the user's own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::ClientBuilder;
use super::check::is_loopback;
use super::proxy;
use super::tls::{self, Certificates, TlsUse};
use crate::Error;
use crate::http::reserved;

/// Changes reqwest's builder.
type Hook = Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// Options of connections that only code sets.
#[derive(Clone, Default)]
pub(super) struct HttpOptions {
    client: Option<reqwest::Client>,
    hooks: Vec<Hook>,
    certificates: Certificates,
    proxy: ProxyChoice,
    headers: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Default)]
enum ProxyChoice {
    /// What `HTTPS_PROXY` and its like say.
    #[default]
    Environment,
    None,
    Address(String),
}

impl fmt::Debug for HttpOptions {
    /// Shows how many there are of each: keys, proxies and headers may have secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpOptions")
            .field("has_own_client", &self.client.is_some())
            .field("hooks", &self.hooks.len())
            .field("root_certificates", &self.certificates.roots.len())
            .field("has_client_certificate", &self.certificates.client.is_some())
            .field("has_own_proxy", &matches!(self.proxy, ProxyChoice::Address(_)))
            .field("headers", &self.headers.len())
            .finish()
    }
}

impl ClientBuilder {
    /// Sends all requests by a reqwest client of your own, such as one that other parts of your program
    /// share.
    ///
    /// The token, the stack id, retries, permits and the timeout of requests are still this client's.
    /// The rest is as you built it: set [`redirect`](reqwest::ClientBuilder::redirect) to
    /// [`none`](reqwest::redirect::Policy::none), because a redirect to another host would send the
    /// stack's id there. Other options of connections, such as [`proxy`](Self::proxy), are an error
    /// beside it.
    pub fn reqwest_client(mut self, client: reqwest::Client) -> Self {
        self.connection.http.client = Some(client);
        self
    }

    /// Changes the builder of the reqwest client, for options that have no method here. It applies
    /// after all other options.
    ///
    /// With the feature `ring`, reqwest needs a provider of cryptography that the whole process
    /// shares. If your program has not installed one, [`build`](Self::build) installs ring's.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), k6_cloud::Error> {
    /// use std::time::Duration;
    ///
    /// let client = k6_cloud::Client::builder()
    ///     .env()
    ///     .configure_reqwest(|http| http.tcp_keepalive(Duration::from_secs(30)))
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn configure_reqwest(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.connection.http.hooks.push(Arc::new(configure));
        self
    }

    /// Trusts one more certificate authority, in PEM or DER, or all in a bundle in PEM. Those of the
    /// operating system stay trusted.
    ///
    /// Give the certificate of the authority that signed the server's certificate. rustls does not
    /// trust the certificate of a single server that an authority has signed, and no server whose
    /// certificate is an authority itself.
    #[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
    pub fn root_certificate(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.connection.http.certificates.roots.push(certificate.into());
        self
    }

    /// Identifies the client by a certificate with its key, both in PEM. The key must be unencrypted,
    /// and in PKCS #8 (`BEGIN PRIVATE KEY`) with native-tls.
    #[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
    pub fn client_certificate(
        mut self,
        certificate: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.connection.http.certificates.client = Some((certificate.into(), key.into()));
        self
    }

    /// Connects through this proxy, such as `http://proxy.example.com:3128`, instead of the one that
    /// `HTTPS_PROXY` names. The address may have a user name and a password. Proxies of SOCKS
    /// (`socks5h://`, `socks5://`, `socks4a://`, `socks4://`) need the feature `socks`.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.connection.http.proxy = ProxyChoice::Address(address.into());
        self
    }

    /// Connects directly, also if `HTTPS_PROXY` names a proxy.
    pub fn no_proxy(mut self) -> Self {
        self.connection.http.proxy = ProxyChoice::None;
        self
    }

    /// Adds a header to every request, such as one that a gateway asks for. The value counts as a
    /// secret.
    ///
    /// A header that the client or HTTP itself sets is an error at [`build`](Self::build), which names
    /// the setting that exists for it: `Authorization`, `X-Stack-Id`, `User-Agent`, `Host`, `Accept`,
    /// `Content-Type`, `Content-Length`, `Transfer-Encoding`, `Connection` and their like.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.connection.http.headers.push((name.into(), value.into()));
        self
    }
}

/// The limits and the name that every client has.
pub(super) struct HttpDefaults {
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) user_agent: HeaderValue,
    pub(super) upgrades: Upgrades,
}

/// Whether connections become WebSockets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Upgrades {
    No,
    #[cfg(feature = "logs")]
    WebSocket,
}

/// What requests are sent by.
pub(crate) struct HttpClient {
    pub(crate) client: reqwest::Client,
    /// The proxy, as errors show it.
    pub(crate) proxy: Option<String>,
    /// Whether the caller trusts more certificates than the operating system.
    pub(crate) has_roots: bool,
    /// Whether the client is the user's own, and does not know the timeout.
    pub(super) is_own: bool,
}

impl HttpOptions {
    /// Makes the client for a base URL.
    pub(super) fn build(
        &self,
        base_url: &Url,
        defaults: HttpDefaults,
    ) -> Result<HttpClient, Error> {
        if let Some(client) = &self.client {
            self.check_alone()?;
            let client = client.clone();
            return Ok(HttpClient { client, proxy: None, has_roots: false, is_own: true });
        }
        let mut http = reqwest::Client::builder()
            // A redirect to another host would send X-Stack-Id there and replay a POST.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(defaults.connect_timeout)
            .timeout(defaults.timeout)
            .user_agent(defaults.user_agent);
        http = match defaults.upgrades {
            Upgrades::No => http.default_headers(self.headers()?),
            // Another host than the API's must not get the secrets in headers. A WebSocket begins with
            // HTTP/1.1.
            #[cfg(feature = "logs")]
            Upgrades::WebSocket => http.http1_only(),
        };
        let proxy = match &self.proxy {
            ProxyChoice::Address(address) => {
                let (proxy, shown) = proxy::of_code(address)?;
                http = http.proxy(proxy);
                Some(shown)
            }
            // A proxy for the outside world cannot reach this machine's loopback.
            ProxyChoice::Environment if !is_loopback(base_url) => {
                proxy::of_environment(base_url, |name| std::env::var(name).ok())?
            }
            ProxyChoice::Environment | ProxyChoice::None => {
                http = http.no_proxy();
                None
            }
        };
        let tls = TlsUse {
            is_needed: base_url.scheme() == "https" || proxy.is_some(),
            has_hooks: !self.hooks.is_empty(),
        };
        http = tls::set_up(http, &self.certificates, tls)?;
        for hook in &self.hooks {
            http = hook(http);
        }
        let client = http.build().map_err(|error| {
            let message = "the HTTP client cannot be set up: check the certificates and the options \
                           of configure_reqwest";
            Error::configuration(message).with_source(error)
        })?;
        let has_roots = !self.certificates.roots.is_empty();
        Ok(HttpClient { client, proxy, has_roots, is_own: false })
    }

    fn check_alone(&self) -> Result<(), Error> {
        let beside = [
            ("configure_reqwest", !self.hooks.is_empty()),
            ("root_certificate", !self.certificates.roots.is_empty()),
            ("client_certificate", self.certificates.client.is_some()),
            ("proxy", !matches!(self.proxy, ProxyChoice::Environment)),
            ("default_header", !self.headers.is_empty()),
        ];
        match beside.iter().find(|(_, is_set)| *is_set) {
            Some((name, _)) => Err(Error::configuration(format!(
                "{name} has no effect on reqwest_client: set it on the builder of your client"
            ))),
            None => Ok(()),
        }
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let reject =
                |what: &str| Error::configuration(format!("default_header {name:?} {what}"));
            let parsed = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| reject("is not the name of a header, such as x-gateway-key"))?;
            if let Some(by) = reserved::of_defaults(&parsed) {
                return Err(reject(&format!("cannot be set: it is set by {by}")));
            }
            let mut value = HeaderValue::from_bytes(value)
                .map_err(|_| reject("has a value with line breaks or control characters"))?;
            value.set_sensitive(true);
            headers.append(parsed, value);
        }
        Ok(headers)
    }
}

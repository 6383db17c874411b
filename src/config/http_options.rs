//! How the client connects: certificates, proxies, headers, or a reqwest client of the user's own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Proxy, Url};

use super::ClientBuilder;
use super::check::is_loopback;
use super::tls::{self, Certificates, TlsUse};
use crate::Error;

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

    /// Trusts one more certificate authority, or all in a bundle, in PEM. Those of the operating system
    /// stay trusted.
    #[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.http.certificates.roots.push(pem.into());
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
    /// `HTTPS_PROXY` names. The address may have a user name and a password.
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
    /// secret. `Authorization` and `X-Stack-Id` are the client's, and cannot be set.
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
}

/// What requests are sent by.
pub(super) struct HttpClient {
    pub(super) client: reqwest::Client,
    /// The proxy, as errors show it.
    pub(super) proxy: Option<String>,
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
            return Ok(HttpClient { client: client.clone(), proxy: None, is_own: true });
        }
        let mut http = reqwest::Client::builder()
            // A redirect to another host would send X-Stack-Id there and replay a POST.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(defaults.connect_timeout)
            .timeout(defaults.timeout)
            .user_agent(defaults.user_agent)
            .default_headers(self.headers()?);
        let proxy = match &self.proxy {
            ProxyChoice::Address(address) => {
                let (proxy, shown) = read_proxy(address)?;
                http = http.proxy(proxy);
                Some(shown)
            }
            // A proxy for the outside world cannot reach this machine's loopback.
            ProxyChoice::Environment if !is_loopback(base_url) => proxy_of_environment(base_url),
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
        Ok(HttpClient { client, proxy, is_own: false })
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
            if parsed == AUTHORIZATION || parsed == "x-stack-id" {
                return Err(reject(
                    "is a header of the client: set the token or the stack instead",
                ));
            }
            let mut value = HeaderValue::from_bytes(value)
                .map_err(|_| reject("has a value with line breaks or control characters"))?;
            value.set_sensitive(true);
            headers.append(parsed, value);
        }
        Ok(headers)
    }
}

/// Returns the proxy, and its address without user name and password.
fn read_proxy(address: &str) -> Result<(Proxy, String), Error> {
    let reject = || {
        // The address is not shown: it may have a password.
        Error::configuration(
            "proxy is not the address of a proxy: give one such as http://proxy.example.com:3128",
        )
    };
    let url = Url::parse(address.trim()).map_err(|_| reject())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(reject());
    }
    let proxy = Proxy::all(url.clone()).map_err(|_| reject())?;
    Ok((proxy, url.origin().ascii_serialization()))
}

/// Returns the proxy that reqwest takes from the environment, with its variable, for errors.
fn proxy_of_environment(base_url: &Url) -> Option<String> {
    let variable = |name: &str| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        value.map(|value| (name.to_owned(), value))
    };
    let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase()));
    let own = if base_url.scheme() == "https" { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    let (name, address) = either(own).or_else(|| either("ALL_PROXY"))?;
    let exceptions = either("NO_PROXY").map(|(_, value)| value).unwrap_or_default();
    if is_excepted(base_url.host_str()?, &exceptions) {
        return None;
    }
    let url = Url::parse(&address).or_else(|_| Url::parse(&format!("http://{address}"))).ok()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port} of {name}", url.scheme(), url.host_str()?))
}

/// Returns whether `NO_PROXY` lists the host or a domain that it is in.
fn is_excepted(host: &str, exceptions: &str) -> bool {
    exceptions.split(',').map(str::trim).filter(|exception| !exception.is_empty()).any(
        |exception| {
            let domain = exception.trim_start_matches("*.").trim_start_matches('.');
            exception == "*"
                || host.eq_ignore_ascii_case(domain)
                || host.to_ascii_lowercase().ends_with(&format!(".{}", domain.to_ascii_lowercase()))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{is_excepted, read_proxy};

    #[test]
    fn proxy_is_shown_without_its_password() {
        let (_, shown) = read_proxy("http://user:canary@proxy.example.com:3128/").expect("a proxy");
        assert_eq!(shown, "http://proxy.example.com:3128");
        for wrong in ["", "proxy", "ftp://canary.example", "http://"] {
            let error = read_proxy(wrong).expect_err(wrong).to_string();
            assert!(error.ends_with("http://proxy.example.com:3128"), "{error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn exceptions_are_hosts_and_domains() {
        for (exceptions, expected) in [
            ("", false),
            ("k6.io", true),
            (".k6.io", true),
            ("*.k6.io", true),
            ("*", true),
            ("example.com, API.k6.io", true),
            ("6.io", false),
            ("api.k6.io.example.com", false),
        ] {
            assert_eq!(is_excepted("api.k6.io", exceptions), expected, "{exceptions}");
        }
    }
}

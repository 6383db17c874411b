//! Why a certificate was rejected. The TLS libraries have no type in common, so their messages count.

use std::error::Error as StdError;
use std::iter::successors;

/// The reasons that a caller can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateProblem {
    /// Expired, or not valid yet.
    Time,
    /// The certificate belongs to another host.
    Host,
    /// The server rejects the client's certificate, or the client has none.
    Client,
    /// It is that of an authority, which rustls accepts of no server.
    Authority,
    /// No trusted authority has signed it, or anything else.
    Issuer,
}

impl CertificateProblem {
    /// Returns the problem, if the failure of a connection is about a certificate.
    pub(crate) fn of(error: &reqwest::Error) -> Option<Self> {
        // Not reqwest's own message, which has the address.
        successors(error.source(), |source| (*source).source())
            .find_map(|source| Self::of_message(source, error.is_connect()))
    }

    fn of_message(source: &(dyn StdError + 'static), is_connect: bool) -> Option<Self> {
        let message = source.to_string().to_ascii_lowercase();
        let has = |part: &str| message.contains(part);
        if !has("certificate") {
            return None;
        }
        // With TLS 1.3, the server checks the client's certificate after the client has connected.
        if has("alert") {
            return Some(Self::Client);
        }
        if !is_connect {
            return None;
        }
        Some(if has("expired") || has("not valid yet") || has("not yet valid") {
            Self::Time
        } else if has("not valid for name") || has("notvalidforname") || has("mismatch") {
            Self::Host
        } else if has("causedasendentity") {
            Self::Authority
        } else {
            Self::Issuer
        })
    }

    /// Returns what the caller can do. `has_roots` tells whether certificates are trusted besides the
    /// system's.
    pub(crate) fn hint(self, has_roots: bool) -> &'static str {
        match self {
            Self::Authority => {
                "the server presents the certificate of an authority (CA:TRUE), as `openssl req -x509` \
                 makes it, and rustls rejects that even if it is a root_certificate: make one for the \
                 server with `-addext basicConstraints=critical,CA:FALSE`, or use the feature native-tls"
            }
            Self::Issuer if has_roots => {
                "no root_certificate and no certificate of the system is the authority that signed it: \
                 give ClientBuilder::root_certificate the authority's own certificate, not that of the \
                 server"
            }
            Self::Time => {
                "check this machine's clock; if it is right, the server needs a new certificate"
            }
            Self::Host => "the certificate is for another host: check the base URL and the proxy",
            Self::Client => {
                "the server asks for a certificate of the client: call \
                 ClientBuilder::client_certificate with one that it accepts"
            }
            // The verifiers of macOS and Windows read no variables.
            Self::Issuer if cfg!(any(target_vendor = "apple", windows)) => {
                "if a proxy intercepts TLS here, trust its certificate: add it to the system's trusted \
                 certificates, or call ClientBuilder::root_certificate"
            }
            Self::Issuer => {
                "if a proxy intercepts TLS here, trust its certificate: set SSL_CERT_FILE, or call \
                 ClientBuilder::root_certificate"
            }
        }
    }
}

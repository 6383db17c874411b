//! TLS: which library and which provider of cryptography, and which certificates count.
//!
//! With rustls, the client makes its own configuration, so that it needs no provider that the whole
//! process shares. It never changes the process unless [`configure_reqwest`] is used: only reqwest
//! itself can apply the options that a caller sets there, and it takes its provider from the process.
//!
//! [`configure_reqwest`]: super::ClientBuilder::configure_reqwest

use crate::Error;

/// Certificates that the user sets, in PEM; roots also in DER.
#[derive(Clone, Default)]
pub(super) struct Certificates {
    pub(super) roots: Vec<Vec<u8>>,
    /// Certificate and key.
    pub(super) client: Option<(Vec<u8>, Vec<u8>)>,
}

/// What a client needs TLS for.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "rustls-no-provider"),
    allow(dead_code, reason = "only rustls tells all uses apart")
)]
pub(super) struct TlsUse {
    /// Whether the server or the proxy is addressed by https.
    pub(super) is_needed: bool,
    /// Whether the caller changes reqwest's builder.
    pub(super) has_hooks: bool,
}

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn wrong_root() -> Error {
    Error::configuration(
        "root_certificate is not a certificate in PEM or DER: PEM has a line \
         `-----BEGIN CERTIFICATE-----`",
    )
}

/// The error of the TLS library is not kept: it may quote the key.
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn wrong_client() -> Error {
    Error::configuration(
        "client_certificate is not a certificate with its unencrypted key in PEM: they must have the \
         lines `-----BEGIN CERTIFICATE-----` and `-----BEGIN PRIVATE KEY-----`",
    )
}

/// Returns whether these are bytes of DER, where a certificate is a sequence.
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn is_der(certificate: &[u8]) -> bool {
    certificate.first() == Some(&0x30)
}

#[cfg(feature = "rustls-no-provider")]
pub(super) use with_rustls::set_up;

#[cfg(feature = "rustls-no-provider")]
mod with_rustls {
    use std::sync::Arc;

    use rustls::crypto::CryptoProvider;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::Verifier;

    use super::{Certificates, TlsUse, by_reqwest, is_der, wrong_client, wrong_root};
    use crate::Error;

    /// A container often has no certificates at all.
    const NO_SYSTEM_ROOTS: &str = if cfg!(any(target_vendor = "apple", windows)) {
        "check the certificates that the system trusts"
    } else {
        "if this system has no certificates, install its package `ca-certificates`, or set SSL_CERT_FILE to \
         a file with certificates in PEM"
    };

    /// Sets up TLS by rustls, also if another crate turns on native-tls.
    pub(in crate::config) fn set_up(
        http: reqwest::ClientBuilder,
        certificates: &Certificates,
        tls: TlsUse,
    ) -> Result<reqwest::ClientBuilder, Error> {
        let provider = provider()?;
        if tls.has_hooks {
            // With `aws-lc-rs`, reqwest has a provider itself. The call fails if one is installed
            // already, which is as good.
            if cfg!(not(feature = "aws-lc-rs")) {
                let _ = CryptoProvider::install_default(CryptoProvider::clone(&provider));
            }
            return by_reqwest(http.tls_backend_rustls(), certificates);
        }
        let mut config = config(certificates, provider, tls.is_needed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(http.tls_backend_preconfigured(config))
    }

    /// Returns the provider that the program has installed, or else the one of a feature.
    fn provider() -> Result<Arc<CryptoProvider>, Error> {
        CryptoProvider::get_default().cloned().or_else(built_in).ok_or_else(|| {
            Error::configuration(
                "rustls has no provider of cryptography: turn on the feature `ring` or `aws-lc-rs` of \
                 the crate k6-cloud, or call `install_default` of a provider before you build the \
                 client",
            )
        })
    }

    /// Returns the provider of a feature. `aws-lc-rs` comes first: it is not a default feature, so
    /// somebody has asked for it.
    fn built_in() -> Option<Arc<CryptoProvider>> {
        #[cfg(feature = "aws-lc-rs")]
        return Some(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
        return Some(Arc::new(rustls::crypto::ring::default_provider()));
        #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
        None
    }

    fn config(
        certificates: &Certificates,
        provider: Arc<CryptoProvider>,
        is_needed: bool,
    ) -> Result<ClientConfig, Error> {
        let roots = roots(&certificates.roots)?;
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| cannot_set_up(&error))?;
        let config = if is_needed {
            let verifier = verifier(roots, provider)
                .map_err(|error| cannot_set_up(&error).with_hint(NO_SYSTEM_ROOTS.to_owned()))?;
            config.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        } else {
            // Reading the system's certificates takes milliseconds, and fails in a container without.
            config.with_root_certificates(RootCertStore::empty())
        };
        let Some((certificate, key)) = &certificates.client else {
            return Ok(config.with_no_client_auth());
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(wrong_client)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| wrong_client())?;
        config.with_client_auth_cert(chain, key).map_err(|_| wrong_client())
    }

    fn roots(given: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut roots = Vec::new();
        for bytes in given {
            if is_der(bytes) {
                roots.push(CertificateDer::from(bytes.clone()));
                continue;
            }
            let bundle: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
            roots.extend(bundle.ok().filter(|all| !all.is_empty()).ok_or_else(wrong_root)?);
        }
        // The verifier of an operating system may reject it only when it is used.
        let mut store = RootCertStore::empty();
        let all_are_right = roots.iter().all(|root| store.add(root.clone()).is_ok());
        if all_are_right { Ok(roots) } else { Err(wrong_root()) }
    }

    /// Returns the verifier of the operating system, which trusts `roots` too.
    fn verifier(
        roots: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Verifier, rustls::Error> {
        if roots.is_empty() {
            return Verifier::new(provider);
        }
        #[cfg(not(target_os = "android"))]
        return Verifier::new_with_extra_roots(roots, provider);
        #[cfg(target_os = "android")]
        return Err(rustls::Error::General("Android allows no certificates beside its own".into()));
    }

    fn cannot_set_up(error: &rustls::Error) -> Error {
        Error::configuration(format!("TLS cannot be set up: {error}"))
    }
}

/// Sets up TLS by the system's library.
#[cfg(all(feature = "native-tls", not(feature = "rustls-no-provider")))]
pub(super) fn set_up(
    http: reqwest::ClientBuilder,
    certificates: &Certificates,
    _: TlsUse,
) -> Result<reqwest::ClientBuilder, Error> {
    by_reqwest(http.tls_backend_native(), certificates)
}

/// Returns an error if TLS is needed: no feature has any.
#[cfg(not(any(feature = "native-tls", feature = "rustls-no-provider")))]
pub(super) fn set_up(
    http: reqwest::ClientBuilder,
    _: &Certificates,
    tls: TlsUse,
) -> Result<reqwest::ClientBuilder, Error> {
    if tls.is_needed {
        return Err(Error::configuration(
            "https needs TLS: turn on the feature `ring`, `aws-lc-rs` or `native-tls` of the crate \
             k6-cloud",
        ));
    }
    Ok(http)
}

/// Passes the certificates to reqwest, for the library that it is set to.
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn by_reqwest(
    mut http: reqwest::ClientBuilder,
    certificates: &Certificates,
) -> Result<reqwest::ClientBuilder, Error> {
    let mut roots = Vec::new();
    for bytes in &certificates.roots {
        let bundle = match is_der(bytes) {
            true => reqwest::Certificate::from_der(bytes).map(|root| vec![root]).ok(),
            false => reqwest::Certificate::from_pem_bundle(bytes).ok(),
        };
        roots.extend(bundle.filter(|bundle| !bundle.is_empty()).ok_or_else(wrong_root)?);
    }
    if !roots.is_empty() {
        http = http.tls_certs_merge(roots);
    }
    if let Some((certificate, key)) = &certificates.client {
        http = http.identity(identity(certificate, key).map_err(|_| wrong_client())?);
    }
    Ok(http)
}

#[cfg(feature = "rustls-no-provider")]
fn identity(certificate: &[u8], key: &[u8]) -> reqwest::Result<reqwest::Identity> {
    reqwest::Identity::from_pem(&[certificate, b"\n", key].concat())
}

#[cfg(all(feature = "native-tls", not(feature = "rustls-no-provider")))]
fn identity(certificate: &[u8], key: &[u8]) -> reqwest::Result<reqwest::Identity> {
    reqwest::Identity::from_pkcs8_pem(certificate, key)
}

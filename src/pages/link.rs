//! What a page's next link says, without following it.

use reqwest::Url;

/// Why a next link cannot be meant.
#[derive(Debug, PartialEq)]
pub(super) enum BadLink {
    /// It is no address.
    NoAddress,
    /// It names another scheme, host or port than the client's own.
    Elsewhere(String),
}

/// Returns the `$skip` of a next link that leads to the server of `base`; `None` when it has none.
///
/// The link's address is compared and never used.
pub(super) fn skip_of(link: &str, base: &str) -> Result<Option<i64>, BadLink> {
    let base = Url::parse(base).map_err(|_| BadLink::NoAddress)?;
    // A link without a host is one of the same server.
    let link = base.join(link).map_err(|_| BadLink::NoAddress)?;
    let origin = |url: &Url| {
        (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default())
    };
    if origin(&link) != origin(&base) {
        let host = link.host_str().unwrap_or("no host");
        let port = link.port().map(|port| format!(":{port}")).unwrap_or_default();
        return Err(BadLink::Elsewhere(format!("{}://{host}{port}", link.scheme())));
    }
    let skip = link.query_pairs().find(|(name, _)| name == "$skip");
    Ok(skip.and_then(|(_, value)| value.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::{BadLink, skip_of};

    const BASE: &str = "https://api.k6.io";

    #[test]
    fn skip_is_read_in_every_spelling() {
        for link in [
            "https://api.k6.io/cloud/v6/test_runs?$skip=20&$top=10",
            "https://API.k6.io:443/cloud/v6/test_runs?%24skip=20",
            "/cloud/v6/test_runs?%24top=1&%24skip=20",
            "?$skip=20",
        ] {
            assert_eq!(skip_of(link, BASE), Ok(Some(20)), "{link}");
        }
        assert_eq!(skip_of("https://api.k6.io/x?cursor=abc", BASE), Ok(None));
        assert_eq!(skip_of("https://api.k6.io/x?$skip=many", BASE), Ok(None));
    }

    #[test]
    fn link_to_elsewhere_is_told() {
        for (link, host) in [
            ("https://evil.example/cloud/v6/test_runs?$skip=20", "https://evil.example"),
            ("http://api.k6.io/?$skip=20", "http://api.k6.io"),
            ("https://api.k6.io:8443/?$skip=20", "https://api.k6.io:8443"),
            ("//evil.example/?$skip=20", "https://evil.example"),
            ("https://api.k6.io@evil.example/?$skip=20", "https://evil.example"),
        ] {
            assert_eq!(skip_of(link, BASE), Err(BadLink::Elsewhere(host.to_owned())), "{link}");
        }
        assert_eq!(skip_of("https://[", BASE), Err(BadLink::NoAddress));
    }
}

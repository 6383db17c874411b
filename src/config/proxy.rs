//! Proxies, from code and from the environment.

use reqwest::{Proxy, Url};

use crate::Error;

/// An example for messages.
const EXAMPLE: &str = "http://proxy.example.com:3128";

/// Returns the proxy, and its address without user name and password.
pub(super) fn of_code(address: &str) -> Result<(Proxy, String), Error> {
    let url = read("proxy", address.trim())?;
    let proxy = Proxy::all(url.clone()).map_err(|_| not_an_address("proxy"))?;
    Ok((proxy, shown(&url)))
}

/// Returns the proxy that reqwest takes from the environment, with its variable, for errors.
///
/// # Errors
///
/// reqwest connects directly if it does not understand the address, and fails at each request if it was
/// built without SOCKS. Both are errors here.
pub(super) fn of_environment(
    base_url: &Url,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Error> {
    let variable = |name: &str| {
        let value = variable(name).filter(|value| !value.is_empty());
        value.map(|value| (name.to_owned(), value))
    };
    let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase()));
    let own = if base_url.scheme() == "https" { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    let Some((name, address)) = either(own).or_else(|| either("ALL_PROXY")) else {
        return Ok(None);
    };
    let exceptions = either("NO_PROXY").map(|(_, value)| value).unwrap_or_default();
    if base_url.host_str().is_none_or(|host| is_excepted(host, &exceptions)) {
        return Ok(None);
    }
    let with_scheme = if address.contains("://") { address } else { format!("http://{address}") };
    let url = read(&name, &with_scheme)?;
    Ok(Some(format!("{} of {name}", shown(&url))))
}

/// Reads the address of a proxy. The error does not show it: it may have a password.
fn read(setting: &str, address: &str) -> Result<Url, Error> {
    let url = Url::parse(address).map_err(|_| not_an_address(setting))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(not_an_address(setting));
    }
    match url.scheme() {
        "http" | "https" => Ok(url),
        "socks4" | "socks4a" | "socks5" | "socks5h" if cfg!(feature = "socks") => Ok(url),
        scheme @ ("socks4" | "socks4a" | "socks5" | "socks5h") => {
            Err(Error::configuration(format!(
                "{setting} is a proxy of SOCKS ({scheme}), for which this program was built without \
                 support: turn on the feature `socks` of the crate k6-cloud, give a proxy such as \
                 {EXAMPLE}, or call no_proxy"
            )))
        }
        _ => Err(not_an_address(setting)),
    }
}

fn not_an_address(setting: &str) -> Error {
    Error::configuration(format!(
        "{setting} is not the address of a proxy: give one such as {EXAMPLE}"
    ))
}

/// Returns the address without user name, password and path.
fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
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
    use reqwest::Url;

    use super::{is_excepted, of_code, of_environment};

    #[test]
    fn proxy_is_shown_without_its_password() {
        let (_, shown) = of_code("http://user:canary@proxy.example.com:3128/").expect("a proxy");
        assert_eq!(shown, "http://proxy.example.com:3128");
        for wrong in ["", "proxy", "ftp://canary.example", "http://", "socks5h://"] {
            let error = of_code(wrong).expect_err(wrong).to_string();
            assert!(error.ends_with("http://proxy.example.com:3128"), "{error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn proxy_of_the_environment_is_checked_too() {
        let base = Url::parse("https://api.k6.io").expect("an address");
        let found = |variables: &[(&str, &str)]| {
            of_environment(&base, |wanted| {
                let found = variables.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        for (name, address, shown) in [
            (
                "HTTPS_PROXY",
                "http://u:canary@p.example:3128/x",
                "http://p.example:3128 of HTTPS_PROXY",
            ),
            ("https_proxy", "p.example:3128", "http://p.example:3128 of https_proxy"),
            ("ALL_PROXY", "https://p.example", "https://p.example of ALL_PROXY"),
        ] {
            assert_eq!(found(&[(name, address)]).expect(name).as_deref(), Some(shown));
        }
        for other in ["HTTP_PROXY", "NO_PROXY"] {
            assert_eq!(found(&[(other, "ftp://p.example")]).expect(other), None);
        }
        for address in ["ftp://u:canary@p.example", "http://", "canary canary"] {
            let error = found(&[("HTTPS_PROXY", address)]).expect_err(address).to_string();
            assert!(error.starts_with("HTTPS_PROXY is not the address"), "{error}");
            assert!(!error.contains("canary"), "{error}");
            let excepted = [("HTTPS_PROXY", address), ("NO_PROXY", "k6.io")];
            assert_eq!(found(&excepted).expect("excepted"), None);
        }
    }

    #[test]
    fn socks_needs_its_feature() {
        let base = Url::parse("https://api.k6.io").expect("an address");
        for scheme in ["socks4", "socks4a", "socks5", "socks5h"] {
            let address = format!("{scheme}://u:canary@127.0.0.1:1080");
            let of_code = of_code(&address).map(|(_, shown)| shown);
            let of_environment =
                of_environment(&base, |name| (name == "ALL_PROXY").then(|| address.clone()));
            if cfg!(feature = "socks") {
                let shown = format!("{scheme}://127.0.0.1:1080");
                assert_eq!(of_code.expect(scheme), shown);
                assert_eq!(of_environment.expect(scheme), Some(format!("{shown} of ALL_PROXY")));
                continue;
            }
            for (error, setting) in [
                (of_code.expect_err(scheme), "proxy"),
                (of_environment.expect_err(scheme), "ALL_PROXY"),
            ] {
                let error = error.to_string();
                assert!(error.starts_with(&format!("{setting} is a proxy of SOCKS")), "{error}");
                assert!(error.contains("the feature `socks`"), "{error}");
                assert!(!error.contains("canary"), "{error}");
            }
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

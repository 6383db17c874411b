//! Checks of single settings. Each error names the setting as the user knows it. It never shows the
//! value, which may be a token in the wrong setting.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::layer::Setting;
use super::{DEFAULT_BASE_URL, DEFAULT_LOGS_URL, duration};
use crate::{Error, ProjectId, StackId};

/// An example of a k6 API token, for messages.
const EXAMPLE_TOKEN: &str = "a string of letters and digits such as 0f9c36d2e1";

pub(super) fn authorization(token: &Setting) -> Result<HeaderValue, Error> {
    let name = token.name("token");
    let error = |shape: &str| {
        Error::configuration(format!("{name} {shape}: give only the API token, {EXAMPLE_TOKEN}"))
    };
    let token = token.text().map_err(error)?;
    if token.is_empty() {
        return Err(error("is empty"));
    }
    if token.ends_with(['\n', '\r']) {
        return Err(error("ends with a line break"));
    }
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(error("starts with `Bearer `, which the client adds itself"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(error("has spaces or characters that are not ASCII"));
    }
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| error("cannot be sent in a header"))?;
    header.set_sensitive(true);
    Ok(header)
}

pub(super) fn stack_id(stack_id: &Setting) -> Result<StackId, Error> {
    let fix = "give the numeric id of a Grafana stack, such as 123456";
    positive(stack_id, "stack_id", fix).map(StackId::new)
}

pub(super) fn project_id(project_id: &Setting) -> Result<ProjectId, Error> {
    let fix = "give the numeric id of a project, such as 5001";
    positive(project_id, "default_project_id", fix).map(ProjectId::new)
}

/// Reads the number of an id, which is 1 or greater.
fn positive(setting: &Setting, method: &str, fix: &str) -> Result<i64, Error> {
    let error =
        |shape: &str| Error::configuration(format!("{} {shape}: {fix}", setting.name(method)));
    let text = setting.text().map_err(error)?.trim();
    match text.parse::<i64>() {
        Ok(0) => Err(error("is 0")),
        Ok(number) if number > 0 => Ok(number),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(error("is too large"))
        }
        _ => Err(error("is not a positive whole number")),
    }
}

pub(super) fn timeout(timeout: &Setting) -> Result<Duration, Error> {
    let name = timeout.name("timeout");
    let error = |shape: &str| {
        let fix = "give a duration such as 1m30s, or a number of milliseconds";
        Error::configuration(format!("{name} {shape}: {fix}"))
    };
    let duration = duration::parse(timeout.text().map_err(error)?)
        .ok_or_else(|| error("is not a duration, or is negative or too long"))?;
    greater_than_zero(&name, duration)
}

pub(super) fn greater_than_zero(name: &str, duration: Duration) -> Result<Duration, Error> {
    if duration.is_zero() {
        return Err(Error::configuration(format!(
            "{name} is 0: give a duration that is greater than zero, such as 10 seconds"
        )));
    }
    Ok(duration)
}

pub(super) fn base_url(given: Option<&Setting>, allow_plain_http: bool) -> Result<Url, Error> {
    let error = |shape: &str| {
        let name = given.map_or_else(|| "base_url".to_owned(), |given| given.name("base_url"));
        Error::configuration(format!("{name} {shape}: give an address such as {DEFAULT_BASE_URL}"))
    };
    let text = given.map_or(Ok(DEFAULT_BASE_URL), Setting::text).map_err(error)?;
    let url = Url::parse(text.trim())
        .map_err(|cause| error(&format!("is not an address with a scheme and a host ({cause})")))?;
    if has_credentials(&url) {
        return Err(error("has a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(error("has a query or fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_plain_http || is_loopback(&url) => Ok(url),
        "http" => Err(error(
            "is plain http, which would send the token unencrypted (call allow_plain_http(true) \
             to permit that)",
        )),
        _ => Err(error("is neither https nor http")),
    }
}

/// Returns the address of the logs of runs. There is a default only for the API's own address: the
/// token for another one must not be sent to the service.
pub(super) fn logs_url(given: Option<&Setting>, base_url: &Url) -> Result<Option<String>, Error> {
    let Some(given) = given else {
        let is_service = base_url.host_str().is_some_and(is_of_service);
        return Ok(is_service.then(|| DEFAULT_LOGS_URL.to_owned()));
    };
    let error = |shape: &str| {
        let name = given.name("logs_url");
        Error::configuration(format!("{name} {shape}: give an address such as {DEFAULT_LOGS_URL}"))
            .about_setting("logs_url", false)
    };
    let url = Url::parse(given.text().map_err(error)?.trim())
        .map_err(|cause| error(&format!("is not an address with a scheme and a host ({cause})")))?;
    if has_credentials(&url) {
        return Err(error("has a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(error("has a query or fragment"));
    }
    match url.scheme() {
        "wss" => Ok(Some(url.into())),
        "ws" if is_loopback(&url) => Ok(Some(url.into())),
        "ws" => Err(error("is ws, which would send the token unencrypted to another machine")),
        _ => Err(error("is neither wss nor ws")),
    }
}

/// Returns whether a host is one of the service's domain.
fn is_of_service(host: &str) -> bool {
    host == "k6.io" || host.ends_with(".k6.io")
}

/// Returns the address of a stack as the API knows it, `https` and a host, from a slug or from any
/// address in the stack.
pub(super) fn stack_url(stack: &Setting) -> Result<String, Error> {
    let error = |shape: &str| {
        let name = stack.name("stack");
        Error::configuration(format!(
            "{name} {shape}: give the slug or the address of a Grafana stack, such as shop or \
             https://shop.grafana.net"
        ))
    };
    let given = stack.text().map_err(error)?.trim();
    let text = if given.contains("://") {
        given.to_owned()
    } else if given.contains('.') {
        format!("https://{given}")
    } else if is_slug(given) {
        format!("https://{given}.grafana.net")
    } else if given.is_empty() {
        return Err(error("is empty"));
    } else if given.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(error("is a number, which belongs in stack_id"));
    } else {
        return Err(error("is neither letters, digits and hyphens nor an address"));
    };
    let mut url = Url::parse(&text)
        .map_err(|cause| error(&format!("is not an address with a host ({cause})")))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(error("is neither an https nor an http address"));
    }
    if has_credentials(&url) {
        return Err(error("has a user name or password"));
    }
    // The address only identifies the stack; no request goes there. Parsing has removed the default
    // port of http.
    if url.set_scheme("https").is_err() || !url.has_host() {
        return Err(error("is not an address with a host"));
    }
    Ok(url.origin().ascii_serialization())
}

/// Returns whether a string can be a label of a host name, and is not a number.
fn is_slug(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.bytes().all(fits)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.len() <= 63
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Returns whether the host of an address is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Setting, stack_url};
    use crate::ErrorKind;

    #[test]
    fn slug_host_and_any_address_name_the_same_stack() {
        for given in [
            "shop",
            " Shop\n",
            "shop.grafana.net",
            "shop.grafana.net/a/k6-app",
            "//shop.grafana.net/",
            "https://shop.grafana.net",
            "https://shop.grafana.net/",
            "https://shop.grafana.net/a/k6-app/projects/1",
            "https://shop.grafana.net/a/k6-app/runs/7?orgId=1&from=now-1h#panel",
            "shop.grafana.net?orgId=1",
            "http://shop.grafana.net",
            "http://shop.grafana.net:80/a",
            "HTTPS://SHOP.grafana.net:443",
        ] {
            let url = stack_url(&Setting::explicit(given)).expect(given);
            assert_eq!(url, "https://shop.grafana.net", "{given:?}");
        }
        for (given, expected) in [
            ("my-shop-2", "https://my-shop-2.grafana.net"),
            ("https://k6.example.org:8443/a", "https://k6.example.org:8443"),
            ("http://k6.example.org:3000", "https://k6.example.org:3000"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(stack_url(&Setting::explicit(given)).expect(given), expected);
        }
    }

    #[test]
    fn text_that_does_not_name_a_stack_is_an_error_that_does_not_show_it() {
        let long = "canary".repeat(11);
        for (given, why) in [
            ("", "is empty"),
            (" ", "is empty"),
            ("417205", "is a number"),
            ("glsa_canary", "is neither letters"),
            ("-canary", "is neither letters"),
            ("canary-", "is neither letters"),
            (&long, "is neither letters"),
            ("canary/a", "is neither letters"),
            ("https://", "is not an address"),
            ("https://can ary.net", "is not an address"),
            ("ftp://canary.grafana.net", "is neither an https"),
            ("file:///canary.grafana.net", "is neither an https"),
            ("https://canary@shop.grafana.net", "has a user name"),
            ("https://:canary@shop.grafana.net", "has a user name"),
            ("canary@shop.grafana.net", "has a user name"),
        ] {
            let error = stack_url(&Setting::explicit(given)).expect_err(given);
            let shown = format!("{error} {error:?}");
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().starts_with(&format!("stack {why}")), "{given:?}: {error}");
            assert!(error.to_string().ends_with("https://shop.grafana.net"), "{error}");
            assert!(!shown.contains("canary"), "{shown}");
        }
    }
}

//! The checks of single settings, each of which names the setting as its user knows it.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::settings::Sourced;
use super::{DEFAULT_BASE_URL, STACK_ID_VARIABLE, TOKEN_VARIABLE};
use crate::Error;
use crate::secret::Secret;

pub(super) fn authorization(token: Option<&Sourced<Secret>>) -> Result<HeaderValue, Error> {
    let Some(token) = token else {
        return Err(Error::configuration(format!(
            "no API token: set {TOKEN_VARIABLE}, run `k6 cloud login`, or call ClientBuilder::token"
        )));
    };
    let name = token.name("token");
    let token = token.value.expose();
    let shape = if token.is_empty() {
        "is empty"
    } else if token.ends_with(['\n', '\r']) {
        "ends with a line break, as text read from a file does"
    } else if token.starts_with("Bearer ") {
        "starts with `Bearer `, which the client adds by itself"
    } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        "has spaces or characters that are not ASCII"
    } else {
        let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Error::configuration(format!("{name} cannot be sent in a header")))?;
        header.set_sensitive(true);
        return Ok(header);
    };
    Err(Error::configuration(format!(
        "{name} {shape}: give the API token alone, such as glsa_ followed by letters and digits"
    )))
}

pub(super) fn stack_id(stack_id: Option<&Sourced<String>>) -> Result<u64, Error> {
    let Some(stack_id) = stack_id else {
        return Err(Error::configuration(format!(
            "no stack id: set {STACK_ID_VARIABLE}, run `k6 cloud login`, or call \
             ClientBuilder::stack_id"
        )));
    };
    let value = &stack_id.value;
    match value.trim().parse::<u64>() {
        Ok(id) if id > 0 => Ok(id),
        other => {
            // The value is not repeated: it may be the token in the wrong place.
            let shape = match other {
                Ok(_) => "is 0",
                Err(_) if value.trim().bytes().all(|byte| byte.is_ascii_digit()) => "is too large",
                Err(_) => "is no whole number",
            };
            let name = stack_id.name("stack_id");
            Err(Error::configuration(format!(
                "{name} {shape}: give the numeric id of a Grafana stack, such as 123456"
            )))
        }
    }
}

pub(super) fn base_url(
    given: Option<&Sourced<String>>,
    allow_plain_http: bool,
) -> Result<Url, Error> {
    let value = given.map_or(DEFAULT_BASE_URL, |given| given.value.as_str());
    let refuse = |what: &str| {
        let name = given.map_or_else(|| "base_url".to_owned(), |given| given.name("base_url"));
        Error::configuration(format!("{name} {what}: give an address such as {DEFAULT_BASE_URL}"))
    };
    let url = Url::parse(value.trim())
        .map_err(|error| refuse("is no address with a scheme and a host").with_source(error))?;
    // The address is not repeated below this line: a user name or password may be in it.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("holds a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has a query or fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_plain_http || is_loopback(&url) => Ok(url),
        "http" => Err(refuse(
            "is plain http, over which the token would go in the clear (allow_plain_http allows it)",
        )),
        _ => Err(refuse("is neither https nor http")),
    }
}

/// Whether an address is of this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

//! Who may use the control path: programs on this machine, and no web pages from elsewhere.

use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri, header};

use crate::error::ApiError;

/// Where a request was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// To this machine, by a name that always means it.
    Local,
    /// To a name that the owner of the fake allows.
    Allowed,
}

/// Checks the host and the origin of a request. A web page could send one to the fake, under a name
/// of its own that means this machine.
pub(super) fn check(parts: &Parts, allowed: &[String]) -> Result<Host, ApiError> {
    let host = single(&parts.headers, &header::HOST)?
        .ok_or_else(|| ApiError::permission_denied("the control path needs a Host header"))?;
    let by_uri = parts.uri.host().map(|uri| kind_of(uri, allowed)).transpose()?;
    let by_header = kind_of(host, allowed)?;
    if let Some(origin) = single(&parts.headers, &header::ORIGIN)? {
        let uri: Option<Uri> = origin.parse().ok();
        let host = uri.as_ref().and_then(Uri::host);
        let is_known = host.is_some_and(|host| kind_of(host, allowed).is_ok());
        if !is_known {
            let message =
                format!("the control path takes no requests from web pages of {origin:?}");
            return Err(ApiError::permission_denied(message));
        }
    }
    Ok(if by_uri == Some(Host::Allowed) { Host::Allowed } else { by_header })
}

/// Checks that a body is JSON. Web pages can send other types without asking first.
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let given = single(headers, &header::CONTENT_TYPE)?.unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let message = format!(
        "the Content-Type must be application/json, got {given:?}; with curl, write --json instead \
         of -d"
    );
    Err(ApiError::unsupported_media_type(message))
}

/// Returns the value of a header that must not be repeated.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if value.to_str().is_ok() => Ok(value.to_str().ok()),
        _ => Err(ApiError::permission_denied(format!("the header {name} must be given once"))),
    }
}

fn kind_of(authority: &str, allowed: &[String]) -> Result<Host, ApiError> {
    let host = without_port(authority).trim_end_matches('.').to_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_local = match address {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    };
    if is_local {
        return Ok(Host::Local);
    }
    if allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
        return Ok(Host::Allowed);
    }
    let message = format!(
        "the control path takes requests to localhost and to loopback addresses, not to {host:?}; \
         --allow-host permits another name"
    );
    Err(ApiError::permission_denied(message))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

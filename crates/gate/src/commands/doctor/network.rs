//! The way to the service: names, TLS, and the time.

use std::time::{Duration, SystemTime};

use reqwest::tls::TlsInfo;
use reqwest::{Response, Url};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::check::{Check, Topic};
use super::settings::proxy_variable;
use crate::exit::with_causes;

/// How long the request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A certificate that ends sooner is reported.
const FEW_DAYS: u64 = 7;

/// How far the clock may be off.
const MAX_SKEW: Duration = Duration::from_secs(60);

/// The path of the one request. Without a token, the service rejects it, which is a response too.
const PATH: &str = "/cloud/v6/auth";

pub(super) async fn of(base_url: &str) -> Vec<Check> {
    let Ok(url) = Url::parse(base_url) else {
        let fix = "correct K6_CLOUD_HOST_V6";
        return vec![Check::wrong(Topic::Settings, "address", "it is not an address", fix)];
    };
    let mut checks = vec![names(&url).await];
    let before = SystemTime::now();
    match get(base_url).await {
        Ok(response) => {
            checks.push(tls(&url, &response));
            checks.push(clock(&response, before));
        }
        Err(problem) => {
            let fix = "check the network, the proxy and the firewall";
            checks.push(Check::wrong(Topic::Network, "connection", problem, fix));
            checks.push(Check::unknown(Topic::Network, "tls", "there was no connection"));
            checks.push(Check::unknown(Topic::Network, "clock", "there was no response"));
        }
    }
    checks
}

async fn names(url: &Url) -> Check {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Check::unknown(Topic::Network, "dns", "the address has no host");
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::time::timeout(TIMEOUT, tokio::net::lookup_host((host, port))).await;
    let number = found.map(|addresses| addresses.map(Iterator::count));
    match number {
        Ok(Ok(number)) if number > 0 => {
            Check::right(Topic::Network, "dns", format!("{host} has {number} addresses"))
        }
        // A proxy looks the name up itself.
        _ if proxy_variable().is_some() => Check::unknown(
            Topic::Network,
            "dns",
            format!("{host} is not known here; a proxy may know it"),
        ),
        _ => Check::wrong(
            Topic::Network,
            "dns",
            format!("{host} is not known"),
            "check the name and the DNS server",
        ),
    }
}

async fn get(base_url: &str) -> Result<Response, String> {
    // It fails if there is a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .tls_info(true)
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(crate::connect::USER_AGENT)
        .build();
    let sent = match client {
        Ok(client) => client.get(format!("{base_url}{PATH}")).send().await,
        Err(error) => Err(error),
    };
    sent.map_err(|error| with_causes(&error.without_url()))
}

fn tls(url: &Url, response: &Response) -> Check {
    const NAME: &str = "tls";
    if url.scheme() != "https" {
        return Check::unknown(Topic::Network, NAME, "the address is plain http, without TLS");
    }
    let info = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
    let Some(certificate) = info.and_then(|der| Certificate::from_der(der).ok()) else {
        return Check::unknown(Topic::Network, NAME, "trusted; the certificate could not be read");
    };
    let certificate = certificate.tbs_certificate;
    let end = certificate.validity.not_after.to_system_time();
    let left = end.duration_since(SystemTime::now()).unwrap_or_default();
    let days = left.as_secs() / 86_400;
    let found = format!("trusted; issued by {}; {days} days left", certificate.issuer);
    if days < FEW_DAYS {
        let fix = "the owner of the server must renew its certificate";
        return Check::wrong(Topic::Network, NAME, found, fix);
    }
    Check::right(Topic::Network, NAME, found)
}

fn clock(response: &Response, before: SystemTime) -> Check {
    const NAME: &str = "clock";
    let date = response.headers().get("date").and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok());
    let Some(date) = date.map(SystemTime::from) else {
        return Check::unknown(Topic::Network, NAME, "the response has no date");
    };
    let (own, server) = (before, date);
    let skew =
        own.duration_since(server).or_else(|_| server.duration_since(own)).unwrap_or_default();
    let side = if own > server { "ahead of" } else { "behind" };
    let found = format!("{} s {side} the server", skew.as_secs());
    if skew > MAX_SKEW {
        let fix = "set the clock of this machine, by NTP for example";
        return Check::wrong(Topic::Network, NAME, found, fix);
    }
    Check::right(Topic::Network, NAME, found)
}

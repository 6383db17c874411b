//! Code that the examples share: a client for the real API or for a fake.

use std::error::Error;

use chrono::{DateTime, Utc};
use k6_cloud::Client;
use k6_cloud_fake::FakeCloud;

/// A client, and the fake that it talks to. The fake stops when it is dropped.
pub(crate) struct Connected {
    pub(crate) client: Client,
    pub(crate) fake: Option<FakeCloud>,
}

impl Connected {
    /// Returns the current time. A fake has its own clock.
    #[allow(dead_code, reason = "not every example needs it")]
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.fake.as_ref().map_or_else(Utc::now, |_| k6_cloud_fake::NOW)
    }
}

/// Connects to the real API if `K6_CLOUD_TOKEN` is set, and otherwise to a fake with `runs` test runs.
///
/// # Errors
///
/// Settings that are missing or wrong, and a port that cannot be bound.
pub(crate) async fn connect(runs: usize) -> Result<Connected, Box<dyn Error>> {
    if std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|token| !token.is_empty()) {
        return Ok(Connected { client: Client::from_env()?, fake: None });
    }
    let fake = FakeCloud::builder().runs(runs).load_tests(7).start().await?;
    println!("{} is not set: using a fake of the API.\n", k6_cloud::TOKEN_VARIABLE);
    Ok(Connected { client: fake.client().build()?, fake: Some(fake) })
}

/// Returns the status and the text at an address, as any client of a service would read them.
///
/// # Errors
///
/// Whatever reqwest cannot do.
#[allow(dead_code, reason = "not every example needs it")]
pub(crate) async fn get(url: &str) -> Result<(u16, String), Box<dyn Error>> {
    // reqwest needs a provider of cryptography that the process shares. With reqwest's feature
    // `rustls`, a program has one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let response = reqwest::get(url).await?;
    Ok((response.status().as_u16(), response.text().await?))
}

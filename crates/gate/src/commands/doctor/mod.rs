//! `doctor`: what a user should check first.

mod access;
mod check;
mod network;
mod settings;

use k6_cloud::{Client, ErrorKind, RetryPolicy};
use serde::Serialize;

use self::check::{Check, State, Topic};
use super::{Session, say};
use crate::args::DoctorArgs;
use crate::connect::{FakeNeeds, USER_AGENT, connect};
use crate::exit::{Ending, Exit};
use crate::report::json::document;

/// All checks.
#[derive(Debug, Serialize)]
struct Diagnosis {
    /// Whether nothing is wrong.
    healthy: bool,
    checks: Vec<Check>,
}

/// Checks everything that a run needs. Nothing is created or changed.
pub(super) async fn execute(session: Session<'_>, args: &DoctorArgs) -> Result<Exit, Ending> {
    let checks = session.before_start(diagnose(session)).await??;
    let exit = exit(&checks);
    let diagnosis = Diagnosis { healthy: exit == Exit::Success, checks };
    let shown = match args.json {
        true => document(&diagnosis).map_err(|error| Ending::settings(error.to_string()))?,
        false => text(&diagnosis.checks),
    };
    say(&shown)?;
    Ok(exit)
}

async fn diagnose(session: Session<'_>) -> Result<Vec<Check>, Ending> {
    let mut checks = vec![settings::versions()];
    if session.general.fake.is_some() {
        let connected = connect(session.general, FakeNeeds::default()).await?;
        checks.extend(settings::of(&connected.client));
        checks.extend(network::of(connected.client.settings().base_url()).await);
        checks.extend(access::of(&connected.client).await);
        return Ok(checks);
    }
    match client().await {
        Ok(client) => {
            checks.extend(settings::of(&client));
            checks.extend(network::of(client.settings().base_url()).await);
            checks.extend(access::of(&client).await);
        }
        Err(error) => {
            let is_setting = error.kind() == ErrorKind::Configuration;
            // The address is known, although the token or the stack is not.
            let base_url = Client::builder().token("0").stack_id(1).env().config_file().build();
            checks.push(match is_setting {
                true => settings::unusable(&error),
                // The stack was looked up with the token.
                false => access::failed(access::TOKEN, &error),
            });
            checks.extend(settings::files(None));
            match base_url {
                Ok(client) => checks.extend(network::of(client.settings().base_url()).await),
                Err(_) if is_setting => {}
                Err(error) => checks.push(settings::unusable(&error)),
            }
        }
    }
    Ok(checks)
}

/// Returns a client. The stack is only looked up if its id is not set, so that as much as possible can be
/// checked without the network.
async fn client() -> Result<Client, k6_cloud::Error> {
    // One answer is enough to tell what is wrong.
    let builder = || {
        let builder = Client::builder().env().config_file();
        builder.user_agent(USER_AGENT).retries(RetryPolicy::off())
    };
    match builder().build() {
        Err(error) if error.kind() == ErrorKind::Configuration => builder().connect().await,
        built => built,
    }
}

/// A wrong setting comes before other faults, which may follow from it.
fn exit(checks: &[Check]) -> Exit {
    let mut wrong =
        checks.iter().filter(|check| check.state == State::Wrong).map(|check| check.topic);
    match wrong.next() {
        None => Exit::Success,
        Some(Topic::Settings) => Exit::Settings,
        Some(_) if wrong.any(|topic| topic == Topic::Settings) => Exit::Settings,
        Some(_) => Exit::ApiError,
    }
}

fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        text.push_str(&check.line());
    }
    text
}

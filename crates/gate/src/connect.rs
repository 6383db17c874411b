//! The client: for Grafana Cloud k6, or for a fake if the user asks for one.

use std::time::Duration;

use k6_cloud::{
    Client, Error, ErrorKind, LoadTestId, RunReference, RunResult, STACK_ID_VARIABLE,
    STACK_URL_VARIABLE,
};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeClock, FakeCloud, LoadTestSeed, RunSeed};

use crate::args::{FakeResult, General};
use crate::exit::{Ending, Exit, with_causes};
use crate::report::Conclusion;

/// How many times as fast as real time a fake is.
const FAKE_SPEED: f64 = 50.0;
/// How long a fake run is under load.
const FAKE_LOAD: Duration = Duration::from_secs(300);

/// What the fake must have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FakeNeeds<'a> {
    /// A load test that the user names by its id.
    pub(crate) load_test: Option<LoadTestId>,
    /// A run that another process has started.
    pub(crate) run: Option<&'a RunReference>,
}

/// A client.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) client: Client,
    /// The fake stops when it is dropped.
    _fake: Option<FakeCloud>,
}

/// How the program names itself to servers.
pub(crate) const USER_AGENT: &str = concat!("k6-gate/", env!("CARGO_PKG_VERSION"));

/// Connects to Grafana Cloud k6. Only with `--fake`, it starts a fake instead.
pub(crate) async fn connect(general: &General, needs: FakeNeeds<'_>) -> Result<Connected, Ending> {
    if let Some(result) = general.fake {
        return fake(result, needs).await;
    }
    let builder = Client::builder().env().config_file();
    let client = builder.user_agent(USER_AGENT).connect().await;
    match client {
        Ok(client) => Ok(Connected { client, _fake: None }),
        Err(error) if error.kind() == ErrorKind::Configuration => Err(unset(&with_causes(&error))),
        Err(error) => Err(Ending::not_started(&error)),
    }
}

/// Ends because of a setting. Errors of the library also tell which method to call, which does not help
/// the user of a program.
fn unset(message: &str) -> Ending {
    let message = without_method(message);
    if !message.starts_with("no API token") {
        return Ending::new(Conclusion::NotStarted, Exit::Settings, message);
    }
    let message = format!(
        "{message}; the stack is in {STACK_ID_VARIABLE} or {STACK_URL_VARIABLE} (to try the gate \
         without an account, add --fake)"
    );
    Ending::new(Conclusion::NotStarted, Exit::NoToken, message)
}

/// Returns what is wrong with a setting.
pub(crate) fn setting_problem(error: &Error) -> String {
    without_method(&with_causes(error))
}

fn without_method(message: &str) -> String {
    match message.split_once(", or call ClientBuilder::") {
        Some((before, rest)) => {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            format!("{}{rest}", before.replacen(", run `", " or run `", 1))
        }
        None => message.to_owned(),
    }
}

async fn fake(result: FakeResult, needs: FakeNeeds<'_>) -> Result<Connected, Ending> {
    let failed = |what: String| {
        Ending::new(Conclusion::NotStarted, Exit::ApiError, format!("the fake failed: {what}"))
    };
    let clock = FakeClock::ticking(FAKE_SPEED);
    let fake = FakeCloud::builder().clock(clock).start().await;
    let fake = fake.map_err(|error| failed(error.to_string()))?;
    let half = FAKE_LOAD / 2;
    let seed = RunSeed::timed().running_for(FAKE_LOAD);
    let seed = match result {
        FakeResult::Passed => seed,
        FakeResult::Failed => seed.result(RunResult::Failed),
        FakeResult::Aborted => seed.aborts_after(half, Some("ada@example.com")),
        FakeResult::Errored => seed.aborts_after(half, None),
    };
    let load_test = needs.load_test.or(needs.run.and_then(RunReference::load_test_id));
    let first = FIRST_LOAD_TEST_ID.get();
    if let Some(id) = load_test.filter(|id| !(first..first + 3).contains(&id.get())) {
        fake.add_load_test(LoadTestSeed::new(format!("Load test {id}")).id(id));
    }
    let builder = fake.client();
    let builder = match needs.run {
        // The fake of the process that started the run is gone.
        Some(run) => {
            let seed = seed.id(run.run_id());
            let of_test = run.load_test_id().map(|id| seed.clone().test_id(id));
            fake.add_run(of_test.unwrap_or(seed));
            builder.stack_id(run.stack_id())
        }
        None => {
            fake.next_start(seed);
            builder
        }
    };
    // This client uses the fake's clock. A client for Grafana Cloud k6 waits in real time.
    let client = builder.build().map_err(|error| failed(error.to_string()))?;
    Ok(Connected { client, _fake: Some(fake) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_about_a_setting_names_variables_and_no_method() {
        for (message, exit, expected) in [
            (
                "no API token: set K6_CLOUD_TOKEN, run `k6 cloud login`, or call ClientBuilder::token",
                Exit::NoToken,
                "no API token: set K6_CLOUD_TOKEN or run `k6 cloud login`; the stack is in \
                 K6_CLOUD_STACK_ID or K6_CLOUD_STACK_URL (to try the gate without an account, add \
                 --fake)",
            ),
            (
                "no stack id: set K6_CLOUD_STACK_ID, run `k6 cloud login`, or call \
                 ClientBuilder::stack_id",
                Exit::Settings,
                "no stack id: set K6_CLOUD_STACK_ID or run `k6 cloud login`",
            ),
            ("K6_CLOUD_STACK_ID is 0", Exit::Settings, "K6_CLOUD_STACK_ID is 0"),
        ] {
            assert_eq!(unset(message), Ending::new(Conclusion::NotStarted, exit, expected));
        }
    }
}

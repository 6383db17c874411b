//! The client: for Grafana Cloud k6, or for a fake if the user asks for one.

use std::time::Duration;

use k6_cloud::{
    Client, Error, ErrorKind, LoadTestId, RunReference, RunResult, STACK_ID_VARIABLE,
    STACK_URL_VARIABLE,
};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeClock, FakeCloud, LoadTestSeed, RunSeed};

use crate::args::{FakeResult, General};
use crate::exit::{Ending, Exit};
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
        Err(error) if error.kind() == ErrorKind::Configuration => Err(unset(&error)),
        Err(error) => Err(Ending::not_started(&error)),
    }
}

/// Ends because of a setting. The hint of the error is for code, and the user of a program has none.
fn unset(error: &Error) -> Ending {
    let is_missing = |name| error.setting().is_some_and(|one| one.name == name && one.is_missing);
    if !is_missing("token") {
        return Ending::new(Conclusion::NotStarted, Exit::Settings, error.summary());
    }
    let message = format!(
        "{}; the stack is in {STACK_ID_VARIABLE} or {STACK_URL_VARIABLE} (to try the gate without an \
         account, add --fake)",
        error.summary()
    );
    Ending::new(Conclusion::NotStarted, Exit::NoToken, message)
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
        FakeResult::Errored => seed.result(RunResult::Error),
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
        let of = |name: &'static str, value: &'static str| {
            let client =
                Client::builder().lookup(move |asked| (asked == name).then(|| value.into()));
            unset(&client.build().expect_err("a setting is missing or wrong"))
        };
        let no_token = "no API token: set K6_CLOUD_TOKEN or run `k6 cloud login`; the stack is in \
                        K6_CLOUD_STACK_ID or K6_CLOUD_STACK_URL (to try the gate without an account, \
                        add --fake)";
        let expected = |exit, text: &str| Ending::new(Conclusion::NotStarted, exit, text);
        assert_eq!(of("K6_CLOUD_STACK_ID", "7"), expected(Exit::NoToken, no_token));
        let no_stack = "no stack id: set K6_CLOUD_STACK_ID or run `k6 cloud login`";
        assert_eq!(of("K6_CLOUD_TOKEN", "abc"), expected(Exit::Settings, no_stack));
    }
}

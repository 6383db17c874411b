//! Starts of load tests. A start begins one run, even if the request is sent several times.

mod handle;
mod reference;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::handle::RunHandle;
pub use self::reference::RunReference;
use crate::ext::{awaitable, send};
use crate::operation::{Json, Operation, OperationSpec, SendError};
use crate::types::{Options, TestRun};
use crate::wire::IntoOption;
use crate::{Client, Error, ErrorKind, LoadTestId, builder, random};

const OPERATION: &str = builder::StartLoadTest::SPEC.id;
/// The longest key that the API accepts.
const LONGEST_KEY: usize = 36;

/// # Load tests: starting
impl Client {
    /// Starts a load test, and returns a handle of its run.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let run = client.start_load_test(101).send().await?;
    /// println!("{}", run.page_url().unwrap_or_default());
    /// std::process::exit(run.wait().await?.verdict().exit_code());
    /// # }
    /// ```
    ///
    /// API: [load tests](https://grafana.com/docs/grafana-cloud/testing/k6/reference/cloud-rest-api/load-tests/).
    #[doc(alias = "run")]
    #[doc(alias = "trigger")]
    pub fn start_load_test(&self, id: impl Into<LoadTestId>) -> StartLoadTest {
        StartLoadTest { client: self.clone(), id: id.into(), key: None, limit: None }
    }
}

/// A call that starts a load test; from [`Client::start_load_test`].
///
/// The request carries an idempotency key. With it, the client can retry a start according to its
/// [`RetryPolicy`](crate::RetryPolicy) without starting a second run. The API remembers the key for
/// 10 minutes. After that, the client does not retry, whatever the policy says.
///
/// Dropping the future does not undo a start that was sent.
///
/// # Errors
///
/// - [`OutcomeUnknown`](ErrorKind::OutcomeUnknown) if no attempt succeeded and one of them may have
///   started a run. Try again with the key in [`idempotency_key`](Error::idempotency_key).
/// - [`LimitExceeded`](ErrorKind::LimitExceeded) if the run would cost more than
///   [`max_vuh`](Self::max_vuh) allows.
/// - [`NotFound`](ErrorKind::NotFound) if the load test does not exist or has no script.
/// - [`InvalidRequest`](ErrorKind::InvalidRequest) if the key is not valid.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[derive(Debug)]
#[must_use = "a start does nothing until it is sent: `.send().await`"]
pub struct StartLoadTest {
    client: Client,
    id: LoadTestId,
    key: Option<String>,
    limit: Option<Limit>,
}

/// The limit on a run's cost, and the options for the estimate.
#[derive(Debug)]
struct Limit {
    vuh: f64,
    options: serde_json::Result<Value>,
}

impl StartLoadTest {
    /// Sets the idempotency key, 1 to 36 visible ASCII characters. The default is a new random key.
    ///
    /// Two CI jobs that start a load test with the same key within 10 minutes share one run. Use a key
    /// that stays the same when a job is run again, such as the number of the pipeline. `None` leaves
    /// it out, as if the setter had not been called.
    pub fn idempotency_key(mut self, key: impl IntoOption<String>) -> Self {
        self.key = key.into_option();
        self
    }

    /// Does not start the run if it would use more than `vuh` virtual user hours (VUH), according
    /// to the API's estimate for `options`.
    ///
    /// Pass the options of the script, such as [`TestRun::options`](crate::types::TestRun::options) of an
    /// earlier run. The API starts the run with the script's options, so that an estimate for other
    /// options would be meaningless; it does not return the options of a load test without a run.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let options = serde_json::json!({ "vus": 50, "duration": "10m" });
    /// match client.start_load_test(101).max_vuh(10.0, &options).send().await {
    ///     Ok(run) => println!("run {}", run.id()),
    ///     Err(error) if error.kind() == ErrorKind::LimitExceeded => println!("{error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(()) }
    /// ```
    #[doc(alias = "cost")]
    #[doc(alias = "budget")]
    pub fn max_vuh(mut self, vuh: f64, options: impl Serialize) -> Self {
        self.limit = Some(Limit { vuh, options: serde_json::to_value(options) });
        self
    }

    /// Starts the load test, and returns a handle of the run; `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [call](Self).
    pub async fn send(self) -> Result<RunHandle, Error> {
        let Self { client, id, key, limit } = self;
        let key = match key {
            Some(key) => checked(key)?,
            None => random::uuid()?,
        };
        if let Some(limit) = limit {
            limit.check(&client, id).await?;
        }
        let start =
            builder::StartLoadTest::new(client.clone(), id).k6_idempotency_key(key.as_str());
        let (run, page) = send(StartedRun(start)).await.map_err(|error| error.of_start(key))?;
        Ok(RunHandle::new(client, run.id, Some(run), Some(page.test_run_details_page_url)))
    }
}

awaitable! { StartLoadTest => RunHandle; }

/// The request that starts a run. Its response is read as a run, and a second time for the address
/// of the run's page.
struct StartedRun(builder::StartLoadTest);

#[derive(Deserialize)]
struct RunPage {
    test_run_details_page_url: String,
}

impl Operation for StartedRun {
    type Output = (TestRun, RunPage);
    type Reader = (Json<TestRun>, Json<RunPage>);
    const SPEC: &'static OperationSpec = builder::StartLoadTest::SPEC;

    fn client(&self) -> &Client {
        self.0.client()
    }

    fn request(self) -> (Client, Result<reqwest::Request, SendError>) {
        self.0.request()
    }
}

impl Limit {
    /// Fails if a run of the load test would cost more than the limit.
    async fn check(self, client: &Client, id: LoadTestId) -> Result<(), Error> {
        if self.vuh.is_nan() {
            return Err(invalid("max_vuh must be a number, such as 10.0".to_owned()));
        }
        let options = self.options.and_then(serde_json::from_value::<Options>);
        let options = options.map_err(|error| {
            invalid("the options of max_vuh are not a JSON object".to_owned()).with_source(error)
        })?;
        // The estimate depends on the project and on the version of k6.
        let load_test = client.get_load_test(id).send().await?;
        let estimate = client
            .validate_options(options)
            .project_id(load_test.project_id)
            .k6_version(load_test.k6_version)
            .send()
            .await?
            .vuh_usage
            .as_f64();
        if estimate <= self.vuh {
            return Ok(());
        }
        let summary = format!(
            "a run of load test {id} would use {estimate} VUH, and max_vuh allows {}; nothing was \
             started",
            self.vuh
        );
        Err(Error::new(ErrorKind::LimitExceeded, summary).with_operation(OPERATION))
    }
}

fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary).with_operation(OPERATION)
}

fn checked(key: String) -> Result<String, Error> {
    let shape = if key.bytes().any(|byte| !byte.is_ascii_graphic()) {
        "characters other than visible ASCII".to_owned()
    } else {
        match key.len() {
            1..=LONGEST_KEY => return Ok(key),
            length => format!("{length} characters"),
        }
    };
    Err(invalid(format!(
        "the idempotency key has {shape}: it must have 1 to {LONGEST_KEY} visible ASCII \
         characters, such as ci-1234"
    )))
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn key_is_short_and_visible() {
        for key in ["a", "ci-1234/2", &"x".repeat(36)] {
            assert_eq!(checked(key.to_owned()).expect("a key"), key);
        }
        for (key, what) in [
            (String::new(), "0 characters"),
            ("x".repeat(37), "37 characters"),
            ("a b".to_owned(), "visible ASCII"),
            ("\u{e9}".to_owned(), "visible ASCII"),
            ("a\r\n".to_owned(), "visible ASCII"),
        ] {
            let error = checked(key).expect_err(what);
            assert!(error.is_invalid_request() && error.to_string().contains(what), "{error}");
        }
    }
}

//! An in-process fake of the Grafana Cloud k6 REST API.
//!
//! [`FakeCloud`] serves all operations over HTTP on the loopback interface, from a state
//! that the requests change. It answers without any code of the client, so that a client that is
//! wrong about the API fails against it.
//!
//! What the API's description refuses, the fake refuses: every request is held against the JSON
//! Schemas of its operation, and a 400 in the API's form lists all that is wrong with it: unknown
//! and repeated parameters, missing headers, values of another type or out of bounds, properties
//! that the body does not have.
//!
//! Its runs are the same every time, and its clock starts at [`NOW`], so that a run whose results
//! are kept today is kept tomorrow. The clock stands still unless it is moved; [`FakeClock`] says
//! how, and a client that is built with the same clock waits without losing time.
//!
//! A load test runs when a request starts it; [`FakeCloud::next_start`] says how that run will go.
//! A schedule tells when it would be run next, and starts nothing by itself.

mod areas;
mod clock;
mod connection;
mod contract;
mod cost;
mod course;
mod error;
mod fault;
mod inventory;
mod json;
mod options;
mod query;
mod request;
mod route;
mod run;
mod run_seed;
mod schedule;
mod script;
mod seed;
mod server;
mod starts;
mod store;
mod zones;

use std::time::Duration;
use std::{fmt, io};

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::clock::FakeClock;
pub use self::fault::Fault;
pub use self::request::RecordedRequest;
use self::run::Run;
pub use self::run::{CostForm, RunResult, RunStatus};
pub use self::run_seed::RunSeed;
pub use self::script::ScriptKind;
use self::seed::Plot;
use self::server::{Server, Setup};
use self::store::Store;
pub use self::zones::LoadZoneSeed;
use k6_cloud::{Client, ClientBuilder};

/// The time of creation of the newest run that the fake starts with: `2026-06-30T12:00:00Z`.
pub const NEWEST: DateTime<Utc> = instant(1_782_820_800);

/// The time at which a fake's clock starts: `2026-06-30T12:05:00Z`.
///
/// What a request or [`FakeCloud::advance_run`] changes happens at the clock's time, or a second
/// after the run's last change where that is later; for a run that is [timed](RunSeed::timed) it
/// is the clock's time alone.
pub const NOW: DateTime<Utc> = instant(1_782_821_100);

/// The id of the first load test. The others follow one by one.
pub const FIRST_LOAD_TEST_ID: i64 = 101;

/// The id of the oldest run that the fake starts with. The others follow one by one.
pub const FIRST_RUN_ID: i64 = 900_001;

/// The user that the token belongs to, in whose name requests abort runs.
pub const USER: &str = "operator@example.com";

const fn instant(seconds: i64) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(instant) => instant,
        None => DateTime::<Utc>::UNIX_EPOCH,
    }
}

/// A running fake. Dropping it stops the server as soon as the runtime gets to it.
///
/// ```no_run
/// # use k6_cloud_fake::{FakeCloud, RunSeed};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let fake = FakeCloud::start().await?;
/// let id = fake.add_run(RunSeed::running().note("soak"));
/// let client = fake.client().build()?;
/// client.abort_test_run(id).send().await?;
/// assert_eq!(fake.run_json(id).map(|run| run["status"].clone()), Some("aborted".into()));
/// # Ok(())
/// # }
/// ```
pub struct FakeCloud {
    server: Server,
}

impl FakeCloud {
    /// Starts a fake with the defaults of [`FakeCloudBuilder`].
    ///
    /// # Errors
    ///
    /// The error of binding to a port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder.
    pub fn builder() -> FakeCloudBuilder {
        FakeCloudBuilder::default()
    }

    /// Returns a builder of clients with this fake's address, token, stack id and clock: where that
    /// stands still, their pauses take no time.
    pub fn client(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.base_url())
            .token(self.token())
            .stack_id(self.stack_id())
            .clock(self.clock())
    }

    /// Returns the base address, `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.shared.address())
    }

    /// Returns the token that requests need.
    pub fn token(&self) -> &str {
        self.server.shared.token()
    }

    /// Returns the id of the stack that the token belongs to.
    pub fn stack_id(&self) -> u64 {
        self.server.shared.stack_id()
    }

    /// Returns the address of that stack, by which the API finds its id.
    pub fn stack_url(&self) -> &str {
        self.server.shared.stack_url()
    }

    /// Returns the clock, which moves the fake's time.
    pub fn clock(&self) -> FakeClock {
        self.server.shared.clock().clone()
    }

    /// Returns the requests so far, refused ones included, in the order in which they came.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.shared.requests().clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.server.shared.requests().clear();
    }

    /// Lets requests fail from now on. Of several faults that befall a request, the one that was
    /// injected first has its effect.
    pub fn inject(&self, fault: Fault) {
        self.server.shared.faults().push(fault);
    }

    /// Lets no request fail any more.
    pub fn clear_faults(&self) {
        self.server.shared.faults().clear();
    }

    /// Refuses connections from now on, and closes those that there are.
    pub async fn refuse_connections(&self) {
        self.server.keeper.set(false).await;
    }

    /// Accepts connections again, at the same address.
    pub async fn accept_connections(&self) {
        self.server.keeper.set(true).await;
    }

    /// Returns the run as the API would now, `None` when there is none.
    pub fn run_json(&self, id: i64) -> Option<Value> {
        self.server.shared.store().get(id).map(Run::json)
    }

    /// Puts a run in, and returns its id.
    pub fn add_run(&self, mut seed: RunSeed) -> i64 {
        let mut store = self.server.shared.store();
        let load_test = store.inventory.load_tests.get(seed.test_id);
        seed.project_id = seed.project_id.or(load_test.map(|test| test.project_id));
        let id = seed.id.unwrap_or_else(|| store.next_id(FIRST_RUN_ID));
        store.insert(seed.into_run(id, self.server.shared.now()));
        id
    }

    /// Puts a load zone in, and returns its id.
    pub fn add_load_zone(&self, seed: LoadZoneSeed) -> i64 {
        self.server.shared.store().inventory.load_zones.add(seed)
    }

    /// Says what the run will be like that the next start of a load test begins. After several
    /// calls each start takes the oldest that is left; without any it is [`RunSeed::timed`].
    ///
    /// Whatever the seed, the run is created when it is started and goes by the
    /// [clock](Self::clock): one that has ended to that end, another into its status, where it
    /// stays. The load test, its project and its script are those of the start, as are the time
    /// and the user.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, RunSeed};
    ///
    /// let fake = FakeCloud::start().await?;
    /// fake.next_start(RunSeed::failed());
    /// let client = fake.client().build()?;
    /// let run = client.send_load_test_start().id(FIRST_LOAD_TEST_ID).send().await?;
    /// assert_eq!(run.status, "created");
    /// fake.clock().advance(std::time::Duration::from_secs(3_600));
    /// let run = client.get_test_run(run.id).send().await?;
    /// assert_eq!(run.result.as_deref(), Some("failed"));
    /// # Ok(()) }
    /// ```
    pub fn next_start(&self, seed: RunSeed) {
        self.server.shared.store().starts.plan(seed);
    }

    /// Leads a run into its next status, and returns that.
    ///
    /// The order is created, queued, initializing, running, processing metrics, completed; the
    /// result is then the seed's. Returns `None` when there is no such run, or it has ended.
    pub fn advance_run(&self, id: i64) -> Option<RunStatus> {
        let mut store = self.server.shared.store();
        let run = store.get_mut(id)?;
        let status = run.current.status.next()?;
        let at = run.moment(self.server.shared.now());
        run.enter(status.clone(), at);
        Some(status)
    }
}

impl fmt::Debug for FakeCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCloud")
            .field("base_url", &self.base_url())
            .field("token", &"[redacted]")
            .field("stack_id", &self.stack_id())
            .field("stack_url", &self.stack_url())
            .finish_non_exhaustive()
    }
}

/// What a [`FakeCloud`] is started with.
#[derive(Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct FakeCloudBuilder {
    runs: usize,
    load_tests: usize,
    token: String,
    stack_id: u64,
    stack_url: String,
    saved_limit: Option<usize>,
    port: u16,
    /// `None` for one of its own, which clones of the builder do not share.
    clock: Option<FakeClock>,
    latency: Duration,
}

impl Default for FakeCloudBuilder {
    fn default() -> Self {
        Self {
            runs: 12,
            load_tests: 3,
            token: "fake-cloud-token".to_owned(),
            stack_id: 4_242,
            stack_url: "https://fake.grafana.net".to_owned(),
            saved_limit: None,
            port: 0,
            clock: None,
            latency: Duration::ZERO,
        }
    }
}

impl FakeCloudBuilder {
    /// Sets the number of runs, by default 12.
    ///
    /// Ids and times of creation ascend together, from [`FIRST_RUN_ID`] and up to [`NEWEST`]. The
    /// quarter that is newest, six at most, goes on; the others have ended, in several ways.
    pub fn runs(mut self, runs: usize) -> Self {
        self.runs = runs;
        self
    }

    /// Sets the number of load tests, by default 3, and at least one as soon as there is a run.
    ///
    /// The runs are dealt to them in turn, the oldest to [`FIRST_LOAD_TEST_ID`].
    pub fn load_tests(mut self, load_tests: usize) -> Self {
        self.load_tests = load_tests;
        self
    }

    /// Sets the token, by default a fixed one.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets the stack's id, by default 4242.
    pub fn stack_id(mut self, stack_id: u64) -> Self {
        self.stack_id = stack_id;
        self
    }

    /// Sets the stack's address, by default `https://fake.grafana.net`.
    ///
    /// Nothing is there: the API takes it for a name.
    pub fn stack_url(mut self, stack_url: impl Into<String>) -> Self {
        self.stack_url = stack_url.into();
        self
    }

    /// Sets how many runs can be saved at a time, by default 100.
    ///
    /// Some of the first runs are saved by default, and none when this is set: then exactly
    /// `limit` of them can be.
    pub fn saved_limit(mut self, limit: usize) -> Self {
        self.saved_limit = Some(limit);
        self
    }

    /// Sets the port, by default 0 for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the clock, by default one that is [stopped](FakeClock::stopped).
    pub fn clock(mut self, clock: FakeClock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Sets how much real time, by Tokio's timers, lies between a request and its answer; none by
    /// default. Requests at once wait at once.
    ///
    /// What a request changes is changed as soon as it arrives, also for a client that does not
    /// wait for the answer.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Starts the fake on 127.0.0.1, as a task of the current runtime.
    ///
    /// # Errors
    ///
    /// The error of binding to the port.
    ///
    /// # Panics
    ///
    /// When it is polled outside of a Tokio runtime with IO enabled.
    pub async fn start(self) -> io::Result<FakeCloud> {
        let mut store = Store::default();
        for (id, _) in (FIRST_LOAD_TEST_ID..).zip(0..self.load_tests) {
            store.add_load_test(id);
        }
        let plot = Plot {
            runs: self.runs,
            load_tests: self.load_tests,
            saved: self.saved_limit.is_none(),
        };
        let clock = self.clock.unwrap_or_else(FakeClock::stopped);
        seed::runs(plot, clock.time()).for_each(|run| store.insert(run));
        let server = Server::start(Setup {
            token: self.token,
            stack_id: self.stack_id,
            stack_url: self.stack_url,
            saved_limit: self.saved_limit.unwrap_or(100),
            port: self.port,
            clock,
            latency: self.latency,
            store,
        });
        Ok(FakeCloud { server: server.await? })
    }
}

impl fmt::Debug for FakeCloudBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCloudBuilder")
            .field("runs", &self.runs)
            .field("load_tests", &self.load_tests)
            .field("token", &"[redacted]")
            .field("stack_id", &self.stack_id)
            .field("stack_url", &self.stack_url)
            .field("saved_limit", &self.saved_limit)
            .field("port", &self.port)
            .field("clock", &self.clock)
            .field("latency", &self.latency)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builder_debug_hides_the_token() {
        let builder = FakeCloud::builder().token("hush");
        assert!(!format!("{builder:?}").contains("hush"));
    }

    #[tokio::test]
    async fn client_has_the_address_and_credentials() {
        let fake = FakeCloud::builder().token("other").stack_id(7).start().await.expect("starts");
        let client = fake.client().build().expect("complete");
        let run = client.get_test_run(FIRST_RUN_ID).send().await.expect("the run");
        assert_eq!(run.id, FIRST_RUN_ID);
        let request = fake.requests().remove(0);
        assert_eq!(request.header("authorization"), Some("Bearer other"));
        assert_eq!(request.header("x-stack-id"), Some("7"));
    }

    #[tokio::test]
    async fn latency_delays_each_answer_and_not_one_after_the_other() {
        let latency = Duration::from_millis(200);
        let fake = FakeCloud::builder().latency(latency).start().await.expect("starts");
        let client = fake.client().build().expect("complete");
        let start = std::time::Instant::now();
        let calls = (0..20).map(|_| client.list_test_runs().top(1).send());
        for answer in futures_util::future::join_all(calls).await {
            answer.expect("a page");
        }
        let took = start.elapsed();
        assert!(took >= latency && took < 15 * latency, "{took:?} for all");
    }

    #[tokio::test]
    async fn request_that_is_not_waited_for_has_its_effect() {
        let fake = FakeCloud::builder().latency(Duration::from_secs(60)).start().await;
        let fake = fake.expect("starts");
        let id = fake.add_run(RunSeed::running());
        let client = fake.client().build().expect("complete");
        let call = tokio::spawn(async move { client.abort_test_run(id).send().await });
        let aborted = async {
            while fake.run_json(id).expect("the run")["status"] != "aborted" {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let aborted = tokio::time::timeout(Duration::from_secs(10), aborted).await;
        assert!(aborted.is_ok(), "the request waits with its answer");
        assert!(!call.is_finished(), "the answer did not wait");
    }

    #[tokio::test]
    async fn requests_change_runs_at_the_time_of_the_clock() {
        let clock = FakeClock::stopped();
        let fake = FakeCloud::builder().clock(clock.clone()).start().await.expect("starts");
        let client = fake.client().build().expect("complete");
        let ids = [0; 2].map(|_| fake.add_run(RunSeed::running()));
        fake.clock().advance(Duration::from_secs(600));
        client.abort_test_run(ids[0]).send().await.expect("aborted");
        clock.advance(Duration::from_secs(600));
        fake.advance_run(ids[1]);
        let entered = ids.map(|id| {
            let run = fake.run_json(id).expect("the run");
            run["status_details"]["entered"].clone()
        });
        assert_eq!(entered, ["2026-06-30T12:15:00Z", "2026-06-30T12:25:00Z"]);
    }

    #[tokio::test]
    async fn fakes_of_one_builder_have_their_own_clocks() {
        let builder = FakeCloud::builder();
        let one = builder.clone().start().await.expect("starts");
        let other = builder.start().await.expect("starts");
        one.clock().advance(Duration::from_secs(1));
        assert_eq!(other.clock().time(), NOW);
    }
}

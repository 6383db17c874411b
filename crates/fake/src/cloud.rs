//! A running fake.

use std::fmt;
use std::io;

use k6_cloud::{
    Client, ClientBuilder, LabelKeyId, LoadTestId, LoadZoneId, ProjectId, RunStatus, ScheduleId,
    StackId, TestRunId,
};
use serde_json::Value;

use crate::USER;
use crate::builder::FakeCloudBuilder;
use crate::clock::FakeClock;
use crate::fault::{CannedResponse, Fault, Injected, Injection};
use crate::inventory::load_zones::LoadZoneSeed;
use crate::inventory::seeds::{LoadTestSeed, ProjectSeed, ScheduleSeed};
use crate::recorder::RecordedRequest;
use crate::run::seed::RunSeed;
use crate::run::{Run, following};
use crate::server::Server;
use crate::state::Shared;

/// A running fake. It stops when it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FakeCloud, RunSeed};
///
/// let fake = FakeCloud::start().await?;
/// let id = fake.add_run(RunSeed::running().note("soak"));
/// // Call your code with `fake.client().build()?`, then look at what it did:
/// let run = fake.run_json(id).expect("the run is still there");
/// assert_eq!(run["note"], "soak");
/// assert_eq!(fake.requests().len(), 0);
/// # Ok(()) }
/// ```
pub struct FakeCloud {
    server: Server,
}

impl FakeCloud {
    pub(crate) fn new(server: Server) -> Self {
        Self { server }
    }

    fn shared(&self) -> &Shared {
        &self.server.shared
    }

    /// Starts a fake with the defaults of [`FakeCloudBuilder`], as a task of the current Tokio
    /// runtime.
    ///
    /// # Errors
    ///
    /// If no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts a fake with the defaults of [`FakeCloudBuilder`], on a thread of its own, for tests
    /// without a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If no port can be bound, or the thread cannot be started.
    pub fn start_on_thread() -> io::Result<Self> {
        Self::builder().start_on_thread()
    }

    /// Returns a builder.
    pub fn builder() -> FakeCloudBuilder {
        FakeCloudBuilder::default()
    }

    /// Returns a builder for clients with this fake's address, token, stack id and clock. If the
    /// clock stands still, the pauses of the clients take no time.
    pub fn client(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.base_url())
            .token(self.token())
            .stack_id(self.stack_id())
            .logs_url(self.logs_url())
            .clock(self.clock())
    }

    /// Returns the base address, `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.shared().address())
    }

    /// Returns the address of the logs of runs, for [`ClientBuilder::logs_url`] and
    /// `K6_CLOUD_LOGS_TAIL_URL`.
    pub fn logs_url(&self) -> String {
        format!("ws://{}{}", self.shared().address(), crate::logs::PATH)
    }

    /// Returns the token that requests need.
    pub fn token(&self) -> &str {
        &self.shared().settings().token
    }

    /// Returns the id of the stack that the token belongs to.
    pub fn stack_id(&self) -> StackId {
        self.shared().settings().stack_id
    }

    /// Returns the address of that stack.
    pub fn stack_url(&self) -> &str {
        &self.shared().settings().stack_url
    }

    /// Returns the clock, which moves the fake's time.
    pub fn clock(&self) -> FakeClock {
        self.shared().hold_clock();
        self.shared().clock().clone()
    }

    /// Returns the requests so far in the order in which they came, failed ones included.
    ///
    /// A fake keeps the latest 10,000 requests, and 64 MiB of them. It does not read, and so does not
    /// keep, the body of a request without the right token;
    /// [`FakeCloudBuilder::max_recorded_requests`] changes the number.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared().recorder().requests()
    }

    /// Returns how many requests there have been so far, including those that are not kept any
    /// more.
    pub fn request_count(&self) -> u64 {
        self.shared().recorder().total()
    }

    /// Drops the requests so far. [`request_count`](Self::request_count) does not change.
    pub fn clear_requests(&self) {
        self.shared().recorder().clear();
    }

    /// Makes requests fail from now on. If several faults match a request, the one that was
    /// injected first has its effect.
    ///
    /// The result tells how many requests the fault has affected.
    pub fn inject(&self, fault: Fault) -> Injected {
        self.add_injection(fault.into_injection(self.shared().now()))
    }

    /// Responds to requests with a response of your own from now on, instead of carrying them out.
    ///
    /// The result tells how many requests got the response.
    pub fn respond(&self, response: CannedResponse) -> Injected {
        self.add_injection(response.into_injection(self.shared().now()))
    }

    fn add_injection(&self, injection: Injection) -> Injected {
        let handle = injection.handle();
        self.shared().injections().push(injection);
        handle
    }

    /// Removes all faults and canned responses.
    pub fn clear_faults(&self) {
        self.shared().injections().clear();
    }

    /// Returns to the state that the builder described: its runs, plans, load zones and faults, and
    /// nothing else. Recorded requests are dropped. The clock goes on, and the settings stay.
    pub fn reset(&self) {
        self.shared().reset();
    }

    /// Rejects connections from now on, and closes the open ones.
    pub async fn refuse_connections(&self) {
        self.server.switch.set(false).await;
    }

    /// Accepts connections again, at the same address.
    pub async fn accept_connections(&self) {
        self.server.switch.set(true).await;
    }

    /// Returns the run as the API shows it now, `None` if it does not exist.
    pub fn run_json(&self, id: impl Into<TestRunId>) -> Option<Value> {
        self.shared().store().get(id.into().get()).map(Run::json)
    }

    /// Adds a run, and returns its id.
    pub fn add_run(&self, seed: RunSeed) -> TestRunId {
        let reading = self.shared().clock().reading();
        self.shared().store().add_run(seed, reading).into()
    }

    /// Adds a project, and returns its id.
    pub fn add_project(&self, seed: ProjectSeed) -> ProjectId {
        let now = self.shared().now();
        seed.add_to(&mut self.shared().store().inventory, now).into()
    }

    /// Adds a load test, and returns its id.
    ///
    /// # Panics
    ///
    /// If its project does not exist.
    #[track_caller]
    pub fn add_load_test(&self, seed: LoadTestSeed) -> LoadTestId {
        let mut store = self.shared().store();
        let load_test = seed.into_load_test(&store.inventory, self.shared().now());
        let (id, project) = (load_test.id, load_test.project_id);
        if !store.inventory.projects.contains(project) {
            drop(store);
            panic!("there is no project {project}: add it first, with `fake.add_project(..)`");
        }
        store.put_load_test(load_test);
        id.into()
    }

    /// Sets the schedule of a load test, and returns its id.
    ///
    /// # Panics
    ///
    /// If the load test does not exist, or the service would reject the schedule.
    #[track_caller]
    pub fn add_schedule(&self, load_test: impl Into<LoadTestId>, seed: ScheduleSeed) -> ScheduleId {
        let load_test = load_test.into().get();
        let reading = self.shared().clock().reading();
        let mut store = self.shared().store();
        let inventory = &mut store.inventory;
        let id = match inventory.schedule_of(load_test) {
            Some(schedule) => schedule.id,
            None => inventory.schedules.next_id(),
        };
        let schedule = seed.into_schedule(id, load_test, USER, reading);
        let exists = inventory.load_tests.contains(load_test);
        match schedule {
            Ok(schedule) if exists => {
                inventory.schedules.put(id, schedule);
                id.into()
            }
            Ok(_) => {
                drop(store);
                panic!("there is no load test {load_test}: add it with `fake.add_load_test(..)`")
            }
            Err(error) => {
                drop(store);
                panic!("the service would reject this schedule: {}", error.message())
            }
        }
    }

    /// Adds a key for labels of projects, and returns its id. If the key exists, it stays as it is.
    pub fn add_label_key(&self, key: &str) -> LabelKeyId {
        self.shared().store().inventory.label_key(key).into()
    }

    /// Adds a load zone, and returns its id.
    pub fn add_load_zone(&self, seed: LoadZoneSeed) -> LoadZoneId {
        self.shared().store().inventory.load_zones.add(seed).into()
    }

    /// Plans the run that the next start of a load test begins. If you plan several, each start
    /// takes the oldest that is left. Without a plan, a start begins a run like
    /// [`RunSeed::timed`].
    ///
    /// Whatever the seed, the run is created when it is started and follows the
    /// [clock](Self::clock). A seed that has ended gives a run that ends in the same way; any other
    /// gives a run that stops in the status of the seed. The load test, its project and its script
    /// are those of the start, and so are the time and the user. If the fake knows the options of
    /// the script (see [`LoadTestSeed::options`]), the run has their VUs, duration and load zones,
    /// unless the seed sets its own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use k6_cloud_fake::{FakeCloud, RunSeed};
    ///
    /// let fake = FakeCloud::start().await?;
    /// fake.next_start(RunSeed::failed().vus(10, 0));
    /// // Your code starts a load test, and waits for a run that breaches a threshold.
    /// # Ok(()) }
    /// ```
    pub fn next_start(&self, seed: RunSeed) {
        self.shared().store().starts.plan(seed);
    }

    /// Adds a line to the logs of a run, at the present; see [`RunSeed::log`]. Returns whether there is
    /// such a run.
    pub fn log(&self, run: impl Into<TestRunId>, level: &str, text: &str) -> bool {
        self.shared().log(run.into().get(), level, text)
    }

    /// Moves a run to its next status, and returns that status.
    ///
    /// The order is created, queued, initializing, running, processing metrics, completed. The
    /// result is then that of the seed. Returns `None` if the run does not exist or has ended.
    pub fn advance_run(&self, id: impl Into<TestRunId>) -> Option<RunStatus> {
        let mut store = self.shared().store();
        let run = store.get_mut(id.into().get())?;
        let status = following(run.status())?;
        let at = run.time_of_change(self.shared().now());
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

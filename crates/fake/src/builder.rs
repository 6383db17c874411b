//! The settings of a fake before it starts.

use std::fmt;
use std::io;
use std::time::Duration;

use k6_cloud::StackId;

use crate::clock::FakeClock;
use crate::cloud::FakeCloud;
use crate::fault::Fault;
use crate::ids::FirstIds;
use crate::initial::InitialState;
use crate::inventory::load_zones::LoadZoneSeed;
use crate::run::CostForm;
use crate::run::seed::RunSeed;
use crate::server::{Server, Setup};
use crate::state::Settings;

/// The settings of a [`FakeCloud`], which [`start`](Self::start) starts.
#[derive(Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct FakeCloudBuilder {
    initial: InitialState,
    port: u16,
    /// `None` for a clock of the fake's own, which clones of the builder do not share.
    clock: Option<FakeClock>,
    settings: Settings,
}

impl Default for FakeCloudBuilder {
    fn default() -> Self {
        Self {
            initial: InitialState::default(),
            port: 0,
            clock: None,
            settings: Settings {
                token: "fake-cloud-token".to_owned(),
                stack_id: StackId::new(4_242),
                stack_url: "https://fake.grafana.net".to_owned(),
                saved_limit: 100,
                latency: Duration::ZERO,
                is_strict: true,
                validation_cost: CostForm::Number,
                max_requests: 10_000,
                has_control_path: false,
                control_hosts: Vec::new(),
            },
        }
    }
}

impl FakeCloudBuilder {
    /// Sets the number of runs. The default is 12.
    ///
    /// Their ids and times of creation ascend, from [`FIRST_RUN_ID`](crate::FIRST_RUN_ID) and up to
    /// [`NEWEST`](crate::NEWEST). The newest quarter, at most six, has not ended. The others have,
    /// in different ways.
    pub fn runs(mut self, runs: usize) -> Self {
        self.initial.runs = runs;
        self
    }

    /// Sets the number of load tests. The default is 3. If there are runs, there is at least one.
    ///
    /// The runs belong to them in rotation, the oldest to
    /// [`FIRST_LOAD_TEST_ID`](crate::FIRST_LOAD_TEST_ID).
    pub fn load_tests(mut self, load_tests: usize) -> Self {
        self.initial.load_tests = load_tests;
        self
    }

    /// Ignores what the service ignores. By default the fake is [strict](Self::strict), which finds
    /// more mistakes of a client.
    ///
    /// | request with | strict | lenient |
    /// |---|---|---|
    /// | an unknown query parameter | 400 | ignored |
    /// | a query parameter that is repeated, but is not a list | 400 | the first counts |
    /// | a body where the operation takes none, other than `{}` | 400 | ignored |
    /// | a JSON property that the description does not have, in an object that it does not close | 400 | ignored |
    /// | a part of a form that the description does not have | 400 | ignored |
    ///
    /// Everything else is the same in both modes.
    pub fn lenient(mut self) -> Self {
        self.settings.is_strict = false;
        self
    }

    /// Rejects what the service ignores. This is the default; see [`lenient`](Self::lenient).
    pub fn strict(mut self) -> Self {
        self.settings.is_strict = true;
        self
    }

    /// Sets the token. The default is `fake-cloud-token`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = token.into();
        self
    }

    /// Sets the id of the stack. The default is 4242.
    pub fn stack_id(mut self, stack_id: impl Into<StackId>) -> Self {
        self.settings.stack_id = stack_id.into();
        self
    }

    /// Sets the address of the stack, or its name: `my-team` is `https://my-team.grafana.net`. The
    /// default is `https://fake.grafana.net`.
    ///
    /// The API only compares it. Nothing listens there.
    pub fn stack_url(mut self, stack_url: impl Into<String>) -> Self {
        let given = stack_url.into();
        self.settings.stack_url = if given.contains("://") {
            given
        } else if given.contains('.') {
            format!("https://{given}")
        } else {
            format!("https://{given}.grafana.net")
        };
        self
    }

    /// Sets how many runs can be saved. The default is 100.
    ///
    /// Some of the first runs are saved by default. If you set a limit, none are, so that exactly
    /// `limit` of them can be.
    pub fn saved_limit(mut self, limit: usize) -> Self {
        self.settings.saved_limit = limit;
        self.initial.has_saved_runs = false;
        self
    }

    /// Sets where the ids of each kind begin: runs, load tests, projects and all others. By default
    /// they begin at [`FIRST_RUN_ID`](crate::FIRST_RUN_ID),
    /// [`FIRST_LOAD_TEST_ID`](crate::FIRST_LOAD_TEST_ID) and
    /// [`FIRST_PROJECT_ID`](crate::FIRST_PROJECT_ID).
    ///
    /// A fake that is started again gives the same ids again. If a client must not take the runs of
    /// one fake for those of another, let their ids begin elsewhere.
    ///
    /// # Panics
    ///
    /// If `id` is not from 10,000 to 90,000,000. Terraform's provider wants five to eight digits.
    #[track_caller]
    pub fn first_id(mut self, id: i64) -> Self {
        if let Err(message) = self.set_first_id(id) {
            panic!("{message}");
        }
        self
    }

    pub(crate) fn set_first_id(&mut self, id: i64) -> Result<(), String> {
        let (low, high) = (FirstIds::RANGE.start(), FirstIds::RANGE.end());
        if !FirstIds::RANGE.contains(&id) {
            return Err(format!("the first id must be from {low} to {high}, got {id}"));
        }
        self.initial.first_ids = FirstIds::all(id);
        Ok(())
    }

    /// Returns the id of the first run that is added to those that the fake makes.
    pub(crate) fn next_run_id(&self) -> i64 {
        let made = i64::try_from(self.initial.runs).unwrap_or(i64::MAX);
        self.initial.first_ids.runs.saturating_add(made)
    }

    /// Adds a run before the fake starts, see [`FakeCloud::add_run`].
    pub fn add_run(mut self, seed: RunSeed) -> Self {
        self.initial.added.push(seed);
        self
    }

    /// Plans the run of a later start before the fake starts, see [`FakeCloud::next_start`].
    pub fn next_start(mut self, seed: RunSeed) -> Self {
        self.initial.planned.push(seed);
        self
    }

    /// Adds a load zone before the fake starts, see [`FakeCloud::add_load_zone`].
    pub fn add_load_zone(mut self, seed: LoadZoneSeed) -> Self {
        self.initial.load_zones.push(seed);
        self
    }

    /// Makes requests fail from the start, see [`FakeCloud::inject`].
    pub fn inject(mut self, fault: Fault) -> Self {
        self.initial.faults.push(fault);
        self
    }

    /// Sets the port. The default is 0, for any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the clock. The default is one that is [stopped](FakeClock::stopped).
    ///
    /// A client that [`FakeCloud::client`] did not build cannot move that clock. If your test does
    /// not touch it either, because it calls neither [`FakeCloud::client`] nor
    /// [`FakeCloud::clock`], the fake moves it: each repeated poll of a run moves the clock to the
    /// next status of the run.
    pub fn clock(mut self, clock: FakeClock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Delays each response in real time, by Tokio's timers. The default is no delay. Requests at
    /// the same time are delayed at the same time.
    ///
    /// A request takes effect as soon as it arrives, even if the client does not wait for the
    /// response.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.settings.latency = latency;
        self
    }

    /// Sets the form of the amounts that the operation `validate_options` returns. The default is
    /// [`CostForm::Number`], as the service does.
    pub fn validation_cost(mut self, form: CostForm) -> Self {
        self.settings.validation_cost = form;
        self
    }

    /// Sets how many requests are recorded. The default is 10,000. If there are more, or they are
    /// larger than 64 MiB in all, the oldest are dropped.
    pub fn max_recorded_requests(mut self, requests: usize) -> Self {
        self.settings.max_requests = requests;
        self
    }

    /// Lets HTTP requests below `/_fake` steer the fake, for tests in other languages. It is off by
    /// default; the README lists the requests.
    ///
    /// The requests need no token, so that they must come from this machine: they must name
    /// `localhost`, a loopback address or a [`control_host`](Self::control_host) as their host, and
    /// as their origin if they have one. A body must be `application/json`.
    pub fn control_path(mut self, is_on: bool) -> Self {
        self.settings.has_control_path = is_on;
        self
    }

    /// Lets requests to the control path name this host, beside `localhost` and loopback addresses.
    /// They are not shown the token. It is for a port that is forwarded, as from a container.
    pub fn control_host(mut self, name: impl Into<String>) -> Self {
        self.settings.control_hosts.push(name.into());
        self
    }

    /// Starts the fake on 127.0.0.1, as a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be bound.
    ///
    /// # Panics
    ///
    /// If it is polled outside of a Tokio runtime with IO enabled.
    pub async fn start(self) -> io::Result<FakeCloud> {
        let server = Server::start(self.into_setup()).await?;
        Ok(FakeCloud::new(server))
    }

    /// Starts the fake on 127.0.0.1, on a thread of its own. It needs no Tokio runtime, and keeps
    /// serving while your thread is blocked.
    ///
    /// # Errors
    ///
    /// If the port cannot be bound, or the thread cannot be started.
    pub fn start_on_thread(self) -> io::Result<FakeCloud> {
        Server::start_on_thread(self.into_setup()).map(FakeCloud::new)
    }

    fn into_setup(self) -> Setup {
        let clock = self.clock.unwrap_or_else(FakeClock::stopped);
        Setup { settings: self.settings, initial: self.initial, port: self.port, clock }
    }
}

impl fmt::Debug for FakeCloudBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCloudBuilder")
            .field("initial", &self.initial)
            .field("port", &self.port)
            .field("clock", &self.clock)
            .field("token", &"[redacted]")
            .field("stack_id", &self.settings.stack_id)
            .field("stack_url", &self.settings.stack_url)
            .field("is_strict", &self.settings.is_strict)
            .field("latency", &self.settings.latency)
            .finish_non_exhaustive()
    }
}

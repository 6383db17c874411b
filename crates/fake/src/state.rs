//! The state that all requests and the owner of a fake share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::body::BodyReader;
use crate::clock::FakeClock;
use crate::contract::Contract;
use crate::fault::{Effect, Injection};
use crate::initial::InitialState;
use crate::logs::LogSeed;
use crate::recorder::Recorder;
use crate::run::CostForm;
use crate::store::Store;
use crate::sync::lock;

/// After how many polls of a run by a client that cannot move the clock the fake says so.
const POLLS_BEFORE_WARNING: u32 = 25;

/// The settings of a fake.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) token: String,
    pub(crate) stack_id: k6_cloud::StackId,
    pub(crate) stack_url: String,
    pub(crate) saved_limit: usize,
    pub(crate) latency: Duration,
    /// Whether the fake rejects what the service ignores.
    pub(crate) is_strict: bool,
    /// The form of the amounts that `validate_options` returns.
    pub(crate) validation_cost: CostForm,
    /// How many requests are recorded.
    pub(crate) max_requests: usize,
    pub(crate) has_control_path: bool,
    /// The names of this machine that requests to the control path may use.
    pub(crate) control_hosts: Vec<String>,
}

/// The state that all requests and the owner of a fake share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

/// The state of a fake that may be gone.
pub(crate) struct WeakShared(Weak<Inner>);

impl WeakShared {
    pub(crate) fn upgrade(&self) -> Option<Shared> {
        self.0.upgrade().map(Shared)
    }
}

struct Inner {
    contract: &'static Contract,
    settings: Settings,
    initial: InitialState,
    address: SocketAddr,
    clock: FakeClock,
    /// Whether the test holds the clock, or a client that moves it.
    is_clock_held: AtomicBool,
    store: Mutex<Store>,
    recorder: Mutex<Recorder>,
    injections: Mutex<Vec<Injection>>,
    polls: Mutex<Polls>,
    bodies: BodyReader,
}

/// The polls since the clock was last moved.
#[derive(Default)]
struct Polls {
    at: Option<DateTime<Utc>>,
    /// By run, `None` for a list of runs.
    counts: HashMap<Option<i64>, u32>,
    has_warned: bool,
}

impl Shared {
    pub(crate) fn new(
        contract: &'static Contract,
        settings: Settings,
        initial: InitialState,
        address: SocketAddr,
        clock: FakeClock,
    ) -> Self {
        let store = initial.store(clock.reading());
        let injections = initial.injections(clock.time());
        let recorder = Recorder::new(settings.max_requests);
        Self(Arc::new(Inner {
            contract,
            settings,
            initial,
            address,
            clock,
            is_clock_held: AtomicBool::new(false),
            store: Mutex::new(store),
            recorder: Mutex::new(recorder),
            injections: Mutex::new(injections),
            polls: Mutex::default(),
            bodies: BodyReader::default(),
        }))
    }

    pub(crate) fn downgrade(&self) -> WeakShared {
        WeakShared(Arc::downgrade(&self.0))
    }

    pub(crate) fn contract(&self) -> &'static Contract {
        self.0.contract
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }

    pub(crate) fn initial(&self) -> &InitialState {
        &self.0.initial
    }

    pub(crate) fn clock(&self) -> &FakeClock {
        &self.0.clock
    }

    /// Returns the time by the fake's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.time()
    }

    /// Returns the store. Its runs have taken all steps that are due.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        let mut store = lock(&self.0.store);
        store.catch_up(self.now());
        store
    }

    pub(crate) fn bodies(&self) -> &BodyReader {
        &self.0.bodies
    }

    pub(crate) fn recorder(&self) -> MutexGuard<'_, Recorder> {
        lock(&self.0.recorder)
    }

    pub(crate) fn injections(&self) -> MutexGuard<'_, Vec<Injection>> {
        lock(&self.0.injections)
    }

    /// Returns the effect of the first injection that matches a request. All of them count it.
    pub(crate) fn effect_on(&self, operation: &str) -> Option<Effect> {
        let mut found = None;
        let now = self.now();
        for injection in self.injections().iter_mut() {
            if injection.counts(operation, now) && found.is_none() {
                found = Some(injection.fire());
            }
        }
        found
    }

    /// Adds a line to the logs of a run, at the present. Returns whether there is such a run.
    pub(crate) fn log(&self, run: i64, level: &str, text: &str) -> bool {
        let now = self.now();
        let mut store = self.store();
        let Some(run) = store.get_mut(run) else { return false };
        let after = (now - run.created).to_std().unwrap_or_default();
        let (level, text) = (level.to_owned(), text.to_owned());
        run.details.logs.push(LogSeed { after, level, text });
        true
    }

    /// Returns to the initial state.
    pub(crate) fn reset(&self) {
        *lock(&self.0.store) = self.0.initial.store(self.clock().reading());
        *self.injections() = self.0.initial.injections(self.now());
        self.recorder().clear();
    }

    /// Notes that the test can move the clock from now on.
    pub(crate) fn hold_clock(&self) {
        self.0.is_clock_held.store(true, Ordering::Relaxed);
    }

    /// Notes a poll of a run, or with `None` of a list of runs.
    ///
    /// A client that the fake did not build cannot move a stopped clock, and would wait forever.
    /// If the test does not hold the clock either, the second poll at the same time moves it to
    /// the next step of the run.
    pub(crate) fn note_poll(&self, run: Option<i64>) {
        if self.clock().speed().is_some() {
            return;
        }
        let due = match run {
            Some(id) => self.store().get(id).and_then(crate::run::Run::next_step_at),
            None => self.store().next_step_at(),
        };
        let Some(due) = due else { return };
        let mut polls = lock(&self.0.polls);
        let now = self.now();
        if polls.at != Some(now) {
            polls.at = Some(now);
            polls.counts.clear();
        }
        let count = polls.counts.entry(run).or_default();
        *count += 1;
        let count = *count;
        if !self.0.is_clock_held.load(Ordering::Relaxed) {
            if count > 1 {
                self.clock().advance_to(due);
                polls.at = Some(self.now());
            }
        } else if count == POLLS_BEFORE_WARNING && !polls.has_warned {
            polls.has_warned = true;
            eprintln!(
                "k6-cloud-fake: a client polls a run again and again, but the clock stands still, \
                 so the run does not change. Build the client with `fake.client()`, move the clock \
                 with `fake.clock().advance(..)`, or start the fake with \
                 `.clock(FakeClock::ticking(60.0))`."
            );
        }
    }
}

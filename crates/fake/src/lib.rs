//! A fake of the Grafana Cloud k6 REST API v6, for tests of programs that use
//! [k6-cloud](https://docs.rs/k6-cloud).
//!
//! Your code talks real HTTP to it, and an hour of waiting takes no time:
//!
//! ```
//! # use k6_cloud::prelude::*;
//! use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, RunSeed};
//!
//! #[tokio::main(flavor = "current_thread")] // in a test: #[tokio::test]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let fake = FakeCloud::start().await?;
//!     fake.next_start(RunSeed::failed()); // the next run breaches a threshold
//!     let client = fake.client().build()?;
//!     let run = client.start_load_test(FIRST_LOAD_TEST_ID).await?.wait().await?;
//!     assert_eq!(run.verdict().exit_code(), 99);
//!     Ok(())
//! }
//! ```
//!
//! # I want to ...
//!
//! - have runs, projects, load tests, schedules or load zones: [`RunSeed`], [`ProjectSeed`],
//!   [`LoadTestSeed`], [`ScheduleSeed`], [`LoadZoneSeed`]
//! - choose how the next run ends: [`FakeCloud::next_start`]
//! - move the time: [`FakeClock`]
//! - see a failure: [`Fault`]; or a response of my own: [`CannedResponse`]
//! - check what my code sent: [`FakeCloud::requests`]
//! - have a `TestRun` without any server: [`RunSeed::to_run`]
//! - test without Tokio: [`FakeCloud::start_on_thread`]
//! - test a program in another language: [`FakeProgram`]
//!
//! # What it does
//!
//! It serves all operations on the loopback interface, from a state that the requests change. It
//! shares no decoding with the client, so a client that is wrong about the API fails against it.
//! Every request is checked against the API's description: a 400 in the API's form lists
//! everything that is wrong with it.
//!
//! In a test the fake is *strict*: it also rejects what the service ignores, such as unknown query
//! parameters, because they are mistakes of the client. [`FakeCloudBuilder::lenient`] makes it
//! behave like the service.
//!
//! The runs are the same every time. The clock starts at [`NOW`] and stands still, unless you or a
//! client of [`FakeCloud::client`] moves it. Schedules show when they would start a run, but do not
//! start it.

mod body;
mod builder;
mod clock;
mod cloud;
mod connection;
mod contract;
mod control;
mod credentials;
mod error;
mod fault;
mod flags;
mod handler;
mod ids;
mod initial;
mod inventory;
mod list_query;
mod logs;
mod metrics;
mod operations;
mod program;
mod recorder;
mod run;
mod schedule;
mod script;
mod server;
mod starts;
mod state;
mod store;
mod sync;
mod time;

use k6_cloud::{LoadTestId, TestRunId};

pub use self::builder::FakeCloudBuilder;
pub use self::clock::FakeClock;
pub use self::cloud::FakeCloud;
pub use self::fault::{CannedResponse, Fault, Injected};
pub use self::inventory::FIRST_PROJECT_ID;
pub use self::inventory::load_zones::LoadZoneSeed;
pub use self::inventory::seeds::{LoadTestSeed, ProjectSeed, ScheduleSeed};
pub use self::program::{FakeProgram, FakeProgramError};
pub use self::recorder::RecordedRequest;
pub use self::run::cost::CostForm;
pub use self::run::seed::RunSeed;
pub use self::time::{NEWEST, NOW};

/// The id of the first load test of a fake. The ids of the others follow.
pub const FIRST_LOAD_TEST_ID: LoadTestId = LoadTestId::new(101);

/// The id of the oldest run that a fake starts with. The ids of the others follow.
pub const FIRST_RUN_ID: TestRunId = TestRunId::new(900_001);

/// The user that the fake's token belongs to. Runs that requests start or abort have this user.
pub const USER: &str = "operator@example.com";

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests;

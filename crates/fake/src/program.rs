//! A program that serves the fake to clients in any language.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io;
use std::str::FromStr;
use std::time::Duration;

use crate::builder::FakeCloudBuilder;
use crate::clock::FakeClock;
use crate::cloud::FakeCloud;
use crate::control::parse_planned_run;
use crate::inventory::load_zones::LoadZoneSeed;
use crate::run::seed::RunSeed;

/// The port of the program unless `--port` sets another.
const DEFAULT_PORT: u16 = 8_600;

/// How many requests the program records. It may run for a long time.
const MAX_REQUESTS: usize = 1_000;

/// A fake as a program serves it: it is [lenient](FakeCloudBuilder::lenient) like the service, its
/// clock starts at the current time and ticks, and its
/// [control path](FakeCloudBuilder::control_path) is on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::FakeProgram;
///
/// let arguments = ["--port", "0", "--speed", "20", "--next", "failed:60s"];
/// let program = FakeProgram::start(arguments.map(str::to_owned)).await?;
/// print!("{}", program.greeting());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct FakeProgram {
    fake: FakeCloud,
    first_run: i64,
}

/// The settings of the program, from its flags.
struct Flags {
    builder: FakeCloudBuilder,
    speed: f64,
    planned: Vec<RunSeed>,
    zones: Vec<String>,
}

impl FakeProgram {
    /// The flags, as the program's help shows them.
    pub const USAGE: &str = "\
Serves a fake of the Grafana Cloud k6 REST API v6 on 127.0.0.1.

  --port N               port, 0 for any free one (default: 8600)
  --runs N               number of test runs to start with (default: 25)
  --speed N              how many times as fast as real time its clock is (default: 1)
  --next OUTCOME[:TIME]  outcome and duration of the run that the next start begins, such as
                         failed:60s; may be repeated. Outcomes: passed, failed, errored, aborted,
                         invalid, running, queued, created
  --private-zone ID      adds a private load zone; may be repeated
  --token TOKEN          the token that requests need (default: fake-cloud-token)
  --stack-id N           the id of the stack (default: 4242)
  --latency TIME         delays each response, such as 200ms
  --strict               rejects what the service ignores, such as unknown query parameters
  --help                 shows this text
";

    /// Starts the fake that the arguments describe, without the name of the program. It stops when
    /// the result is dropped.
    ///
    /// # Errors
    ///
    /// If an argument is wrong, or the port cannot be bound.
    pub async fn start(
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Self, FakeProgramError> {
        let flags = Flags::read(arguments.into_iter()).map_err(FakeProgramError::Argument)?;
        let fake = flags.builder.clock(FakeClock::wall_clock(flags.speed)).start().await;
        let fake = fake.map_err(FakeProgramError::Io)?;
        for seed in flags.planned {
            fake.next_start(seed);
        }
        for zone in flags.zones {
            fake.add_load_zone(LoadZoneSeed::private(zone));
        }
        let first_run = fake.add_run(RunSeed::timed().running_for(Duration::from_secs(120)));
        Ok(Self { fake, first_run })
    }

    /// Returns the fake.
    pub fn fake(&self) -> &FakeCloud {
        &self.fake
    }

    /// Returns a text that tells how to reach the fake, for the terminal.
    pub fn greeting(&self) -> String {
        let (base, token) = (self.fake.base_url(), self.fake.token());
        let (stack, run) = (self.fake.stack_id(), self.first_run);
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "The fake listens at {base}. Run {run} has just started.\n\n  \
             export K6_CLOUD_HOST_V6={base} K6_CLOUD_TOKEN={token} K6_CLOUD_STACK_ID={stack}\n\n  \
             curl -H 'Authorization: Bearer {token}' -H 'X-Stack-Id: {stack}' \\\n    \
             {base}/cloud/v6/test_runs/{run}\n\n\
             Steer it at {base}/_fake, for example:\n\n  \
             curl -d '{{\"outcome\": \"failed\", \"running_for\": \"60s\"}}' {base}/_fake/next-start\n\n\
             Ctrl-C stops it.\n"
        );
        text
    }
}

impl Flags {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let builder = FakeCloud::builder()
            .lenient()
            .control_path(true)
            .port(DEFAULT_PORT)
            .runs(25)
            .max_recorded_requests(MAX_REQUESTS);
        let mut flags = Self { builder, speed: 1.0, planned: Vec::new(), zones: Vec::new() };
        while let Some(argument) = arguments.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            if name == "--strict" && attached.is_none() {
                flags.builder = flags.builder.strict();
                continue;
            }
            let value = || attached.or_else(|| arguments.next());
            flags.set(&name, value)?;
        }
        Ok(flags)
    }

    fn set(&mut self, name: &str, value: impl FnOnce() -> Option<String>) -> Result<(), String> {
        let known = [
            "--port",
            "--runs",
            "--speed",
            "--next",
            "--private-zone",
            "--token",
            "--stack-id",
            "--latency",
        ];
        if !known.contains(&name) {
            return Err(format!("unknown argument {name:?}, see --help"));
        }
        let value = value().ok_or_else(|| format!("{name} needs a value, see --help"))?;
        let builder = std::mem::take(&mut self.builder);
        self.builder = match name {
            "--port" => builder.port(number(name, &value)?),
            "--runs" => builder.runs(number(name, &value)?),
            "--token" => builder.token(value.as_str()),
            "--stack-id" => builder.stack_id(number(name, &value)?),
            "--latency" => {
                let latency = crate::script::options::parse_duration(&value);
                let latency = latency.ok_or_else(|| {
                    format!("{name} must be a duration such as 200ms, got {value:?}")
                })?;
                builder.latency(latency)
            }
            _ => builder,
        };
        match name {
            "--speed" => {
                let speed = number::<f64>(name, &value)?;
                if !(speed.is_finite() && speed > 0.0) {
                    return Err(format!("{name} must be greater than 0, got {value}"));
                }
                self.speed = speed;
            }
            "--next" => {
                let seed = parse_planned_run(&value).map_err(|why| format!("{name}: {why}"))?;
                self.planned.push(seed);
            }
            "--private-zone" => self.zones.push(value),
            _ => {}
        }
        Ok(())
    }
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} must be a number, got {value:?}"))
}

/// Why a [`FakeProgram`] did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum FakeProgramError {
    /// An argument is wrong, with the reason.
    Argument(String),
    /// The port could not be bound.
    Io(io::Error),
}

impl fmt::Display for FakeProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(message) => f.write_str(message),
            Self::Io(error) if error.kind() == io::ErrorKind::AddrInUse => {
                f.write_str("the port is in use, choose another with --port")
            }
            Self::Io(_) => f.write_str("the port cannot be bound"),
        }
    }
}

impl Error for FakeProgramError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Argument(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;

    async fn start(arguments: &[&str]) -> Result<FakeProgram, FakeProgramError> {
        FakeProgram::start(arguments.iter().map(|argument| (*argument).to_owned())).await
    }

    #[tokio::test]
    async fn program_is_at_the_current_time_and_lenient() {
        let program = start(&["--port", "0", "--speed=20"]).await.expect("starts");
        let fake = program.fake();
        assert!((fake.clock().time() - Utc::now()).abs() < TimeDelta::minutes(2));
        assert_eq!(fake.clock().speed(), Some(20.0));
        let run = fake.run_json(program.first_run).expect("the run");
        assert_eq!(run["ended"], serde_json::Value::Null);
        let response = crate::tests::plain_http()
            .get(format!("{}/cloud/v6/load_tests?project_id=5001", fake.base_url()))
            .bearer_auth(fake.token())
            .header("x-stack-id", fake.stack_id())
            .send();
        assert_eq!(response.await.expect("a response").status(), 200);
        assert!(program.greeting().contains(&fake.base_url()));
    }

    #[tokio::test]
    async fn wrong_arguments_are_errors() {
        for (arguments, message) in [
            (&["--prot", "1"][..], "unknown argument \"--prot\", see --help"),
            (&["8600"], "unknown argument \"8600\", see --help"),
            (&["--port"], "--port needs a value, see --help"),
            (&["--port", "x"], "--port must be a number, got \"x\""),
            (&["--speed", "0"], "--speed must be greater than 0, got 0"),
            (&["--latency", "soon"], "--latency must be a duration such as 200ms, got \"soon\""),
            (&["--next", "failed:soon"], "--next: \"soon\" is not a duration such as 90s or 1h30m"),
        ] {
            let error = start(arguments).await.expect_err(message);
            assert_eq!(error.to_string(), message);
        }
        let won = start(&["--next", "won"]).await.expect_err("unknown").to_string();
        assert!(won.starts_with("--next: \"won\" is not an outcome, there are passed, "), "{won}");
        let program = start(&["--port", "0"]).await.expect("starts");
        let port = program.fake().base_url().rsplit(':').next().expect("a port").to_owned();
        let error = start(&["--port", &port]).await.expect_err("in use");
        assert_eq!(error.to_string(), "the port is in use, choose another with --port");
    }
}

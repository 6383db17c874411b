//! The flags of the fake's program.

use std::str::FromStr;
use std::time::Duration;

use k6_cloud::StackId;

use crate::builder::FakeCloudBuilder;
use crate::clock::FakeClock;
use crate::cloud::FakeCloud;
use crate::control::{parse_fault, parse_planned_run};
use crate::inventory::load_zones::LoadZoneSeed;
use crate::run::seed::RunSeed;

/// The flags, as the program's help shows them.
pub(crate) const USAGE: &str = r#"Serves a fake of the Grafana Cloud k6 REST API v6 on 127.0.0.1.

  --port N               port, 0 for any free one (default: 8600)
  --runs N               number of test runs to start with (default: 25)
  --speed N              how many times as fast as real time its clock is (default: 1)
  --next OUTCOME[:TIME]  outcome and duration of the run that the next start begins, such as
                         failed:60s; may be repeated. Outcomes: passed, failed, errored, aborted,
                         aborted_by_service, aborted_by_threshold, timed_out, invalid, running,
                         queued, created
  --private-zone ID      adds a private load zone; may be repeated
  --token TOKEN          the token that requests need (default: fake-cloud-token)
  --stack-id N           the id of the stack (default: 4242)
  --first-id N           where the ids of runs, load tests, projects and all others begin, from
                         10000 to 90000000; choose another after a restart, so that a client does
                         not take the new runs for the old ones
  --stack-url URL        the address of the stack, or its name, such as my-team
                         (default: https://fake.grafana.net)
  --fault JSON           makes requests fail from the start, with the JSON of POST /_fake/faults,
                         such as {"kind": "status", "status": 503, "lasting": "10m"}; may be repeated
  --allow-host NAME      takes requests below /_fake that are sent to this name of the machine, and
                         not only to localhost; may be repeated
  --latency TIME         delays each response, such as 200ms
  --strict               rejects what the service ignores, such as unknown query parameters
  --help                 shows this text
"#;

/// The port of the program unless `--port` sets another.
const DEFAULT_PORT: u16 = 8_600;

/// How many requests the program records. It may run for a long time.
const MAX_REQUESTS: usize = 1_000;

/// The settings of the program, from its flags.
pub(crate) struct Flags {
    builder: FakeCloudBuilder,
    speed: f64,
}

impl Flags {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let builder = FakeCloud::builder()
            .lenient()
            .control_path(true)
            .port(DEFAULT_PORT)
            .runs(25)
            .max_recorded_requests(MAX_REQUESTS);
        let mut flags = Self { builder, speed: 1.0 };
        while let Some(argument) = arguments.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            if name == "--strict" && attached.is_none() {
                flags.change(FakeCloudBuilder::strict);
                continue;
            }
            let value = || {
                let value = attached.or_else(|| arguments.next());
                value.ok_or_else(|| format!("{name} needs a value, see --help"))
            };
            flags.set(&name, value)?;
        }
        Ok(flags)
    }

    /// Returns the builder, and the id of the run that starts with the program.
    pub(crate) fn into_builder(self) -> (FakeCloudBuilder, i64) {
        let run = RunSeed::timed().running_for(Duration::from_secs(120));
        let id = self.builder.next_run_id();
        let builder = self.builder.add_run(run.id(id)).clock(FakeClock::wall_clock(self.speed));
        (builder, id)
    }

    fn change(&mut self, change: impl FnOnce(FakeCloudBuilder) -> FakeCloudBuilder) {
        self.builder = change(std::mem::take(&mut self.builder));
    }

    fn set(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Result<String, String>,
    ) -> Result<(), String> {
        let named = |message: String| format!("{name}: {message}");
        match name {
            "--port" => {
                let port = number(name, &value()?)?;
                self.change(|builder| builder.port(port));
            }
            "--runs" => {
                let runs = number(name, &value()?)?;
                self.change(|builder| builder.runs(runs));
            }
            "--speed" => self.speed = speed(name, &value()?)?,
            "--next" => {
                let seed = parse_planned_run(&value()?).map_err(named)?;
                self.change(|builder| builder.next_start(seed));
            }
            "--private-zone" => {
                let zone = LoadZoneSeed::private(value()?);
                self.change(|builder| builder.add_load_zone(zone));
            }
            "--token" => {
                let token = value()?;
                self.change(|builder| builder.token(token));
            }
            "--stack-id" => {
                let id: StackId = number(name, &value()?)?;
                self.change(|builder| builder.stack_id(id));
            }
            "--first-id" => {
                let id = number(name, &value()?)?;
                self.builder.set_first_id(id).map_err(named)?;
            }
            "--latency" => {
                let latency = duration(name, &value()?)?;
                self.change(|builder| builder.latency(latency));
            }
            "--stack-url" => {
                let url = value()?;
                self.change(|builder| builder.stack_url(url));
            }
            "--fault" => {
                let fault = parse_fault(&value()?).map_err(named)?;
                self.change(|builder| builder.inject(fault));
            }
            "--allow-host" => {
                let host = value()?;
                self.change(|builder| builder.control_host(host));
            }
            _ => return Err(format!("unknown argument {name:?}, see --help")),
        }
        Ok(())
    }
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} must be a number, got {value:?}"))
}

fn speed(name: &str, value: &str) -> Result<f64, String> {
    let speed = number::<f64>(name, value)?;
    if speed.is_finite() && speed > 0.0 {
        Ok(speed)
    } else {
        Err(format!("{name} must be greater than 0, got {value}"))
    }
}

fn duration(name: &str, value: &str) -> Result<Duration, String> {
    crate::script::options::parse_duration(value)
        .ok_or_else(|| format!("{name} must be a duration such as 200ms, got {value:?}"))
}

//! Waits for a test run with a progress bar, and exits with k6's exit codes.
//!
//! ```sh
//! cargo run --example wait_for_run                       # a fake run, in some seconds
//! cargo run --example wait_for_run -- --outcome failed   # or passed, aborted, errored
//! K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=... cargo run --example wait_for_run -- 42
//! ```

use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use k6_cloud::RunResult;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeClock, FakeCloud, RunSeed};

/// k6's exit code if it cannot get the progress of a run.
const UNKNOWN: u8 = 98;
const STEPS: f64 = 1_000.0;

#[tokio::main]
async fn main() -> ExitCode {
    match wait().await {
        Ok(verdict) => ExitCode::from(u8::try_from(verdict.exit_code()).unwrap_or(UNKNOWN)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(UNKNOWN)
        }
    }
}

async fn wait() -> Result<Verdict, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let has_token = std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|t| !t.is_empty());
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, id, _fake) = match (has_token, &arguments[..]) {
        (true, [id]) => {
            let id =
                id.parse().map_err(|_| format!("{id} is not the id of a test run, such as 42"))?;
            (Client::from_env()?, id, None)
        }
        (true, _) => return Err("usage: wait_for_run RUN_ID".into()),
        (false, []) => fake("passed").await?,
        (false, ["--outcome", outcome]) => fake(outcome).await?,
        (false, _) => {
            let variable = k6_cloud::TOKEN_VARIABLE;
            let usage = "usage: wait_for_run [--outcome passed|failed|aborted|errored]";
            return Err(format!("{usage}, or with {variable} set: wait_for_run RUN_ID").into());
        }
    };

    // A log gets a line for each status instead of a progress bar.
    let plain = std::env::var_os("CI").is_some() || !std::io::stderr().is_terminal();
    let bar = if plain { ProgressBar::hidden() } else { ProgressBar::new(STEPS as u64) };
    bar.set_style(ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {msg}")?);
    bar.enable_steady_tick(Duration::from_millis(200));

    let mut updates = client.watch_test_run(id).every_poll(true);
    let mut last = None;
    while let Some(update) = updates.try_next().await? {
        if plain && update.is_change {
            eprintln!("{}  {}", update.entered.format("%H:%M:%S"), update.status);
        }
        bar.set_position((update.progress * STEPS) as u64);
        bar.set_message(update.status.to_string());
        last = Some(update.run);
    }
    bar.finish_and_clear();

    let run = last.ok_or("the run was never seen")?;
    let (verdict, seconds) = (run.verdict(), run.execution_duration);
    println!("Run {id} of load test {}, {seconds} s of load: {verdict}.", run.test_id);
    Ok(verdict)
}

/// Starts a fake with a run of some five minutes, and a clock that runs 50 times as fast.
async fn fake(outcome: &str) -> Result<(Client, TestRunId, Option<FakeCloud>), Box<dyn Error>> {
    let run = RunSeed::timed().running_for(Duration::from_secs(300));
    let half = Duration::from_secs(150);
    let run = match outcome {
        "passed" => run,
        "failed" => run.result(RunResult::Failed),
        "aborted" => run.aborts_after(half, Some("ada@example.com")),
        "errored" => run.aborts_after(half, None),
        other => return Err(format!("no such outcome: {other}").into()),
    };
    let fake = FakeCloud::builder().clock(FakeClock::ticking(50.0)).start().await?;
    let id = fake.add_run(run);
    let variable = k6_cloud::TOKEN_VARIABLE;
    eprintln!("No {variable} is set: waiting for run {id} of a fake, 50 times as fast.\n");
    // This client uses the fake's clock. A client for Grafana Cloud k6 waits in real time.
    Ok((fake.client().build()?, id, Some(fake)))
}

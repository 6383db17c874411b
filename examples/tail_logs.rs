//! Shows what the script of a test run says, while the run goes on.
//!
//! ```sh
//! cargo run --example tail_logs --features logs             # a fake run, in some seconds
//! K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=... cargo run --example tail_logs --features logs -- 42
//! ```

use std::time::Duration;

use k6_cloud::RunResult;
use k6_cloud::logs::{LogEvent, LogLevel};
use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeClock, FakeCloud, RunSeed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let id = std::env::args().nth(1);
    let has_token = std::env::var_os(k6_cloud::TOKEN_VARIABLE).is_some_and(|t| !t.is_empty());
    // The fake stops when it is dropped, so it is kept here until the end.
    let (client, id, _fake) = match (has_token, id) {
        (true, Some(id)) => (Client::from_env()?, id.parse()?, None),
        (true, None) => return Err("usage: tail_logs RUN_ID".into()),
        (false, _) => fake().await?,
    };

    print_logs(&client, id).await?;
    Ok(())
}

/// Prints the lines of a run until it has ended.
async fn print_logs(client: &Client, run: TestRunId) -> Result<(), Error> {
    let mut logs = client.tail_logs(run).levels(LogLevel::Info..);
    while let Some(event) = logs.try_next().await? {
        match event {
            LogEvent::Line(line) => println!("{line}"),
            LogEvent::Dropped(dropped) => println!("({dropped})"),
            _ => {}
        }
    }
    Ok(())
}

/// Starts a fake with a run of two minutes whose script fails, and a clock that runs 50 times as fast.
async fn fake() -> Result<(Client, TestRunId, Option<FakeCloud>), Box<dyn std::error::Error>> {
    let run = RunSeed::timed().running_for(Duration::from_secs(120)).result(RunResult::Error);
    let exception = "TypeError: Cannot read property 'token' of undefined\n\tat login \
                     (file:///checkout.js:12:14(9))";
    let run = (0..6).fold(run, |run, n| {
        run.log(Duration::from_secs(20 * n + 20), "info", &format!("iteration {n}: 200 OK"))
    });
    let run = run.log(Duration::from_secs(70), "warning", "slow: 1.2 s");
    let run = run.log(Duration::from_secs(121), "error", exception);
    let fake = FakeCloud::builder().clock(FakeClock::ticking(50.0)).start().await?;
    let id = fake.add_run(run);
    println!("No {} is set: run {id} of a fake, 50 times as fast.\n", k6_cloud::TOKEN_VARIABLE);
    Ok((fake.client().build()?, id, Some(fake)))
}

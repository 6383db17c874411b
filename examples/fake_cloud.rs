//! Serves the fake of the API on a port, for clients in other languages and for a look by hand.
//!
//! ```sh
//! cargo run --example fake_cloud                # on port 8600, until Ctrl-C
//! cargo run --example fake_cloud -- 9000 2500   # on port 9000, with 2500 runs
//! ```

use std::error::Error;
use std::time::Duration;

use k6_cloud_fake::{FakeClock, FakeCloud, RunSeed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(Ok(8600), |port| port.parse())?;
    let runs = arguments.next().map_or(Ok(25), |runs| runs.parse())?;
    // Its clock goes as fast as any other, so that its runs live.
    let fake = FakeCloud::builder().port(port).runs(runs).clock(FakeClock::ticking(1.0));
    let fake = fake.start().await?;
    let id = fake.add_run(RunSeed::timed().running_for(Duration::from_secs(120)));

    let (base, token, stack) = (fake.base_url(), fake.token(), fake.stack_id());
    println!("The fake listens at {base}. Run {id} has just been started.\n");
    println!("  export K6_CLOUD_HOST_V6={base} K6_CLOUD_TOKEN={token} K6_CLOUD_STACK_ID={stack}");
    println!("  cargo run --example wait_for_run -- {id}\n");
    println!("  curl -H 'Authorization: Bearer {token}' -H 'X-Stack-Id: {stack}' \\");
    println!("    {base}/cloud/v6/test_runs/{id}\n");
    println!("Ctrl-C ends it.");
    tokio::signal::ctrl_c().await?;
    println!("{} requests were served.", fake.requests().len());
    Ok(())
}

//! Serves the fake of the API on a port, for clients in any language.
//!
//! ```sh
//! cargo run --example fake_cloud                                  # on port 8600, until Ctrl-C
//! cargo run --example fake_cloud -- --speed 20 --next failed:60s  # see --help
//! ```

use std::error::Error;

use k6_cloud_fake::FakeProgram;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{}", FakeProgram::USAGE);
        return Ok(());
    }
    let program = FakeProgram::start(arguments).await?;
    print!("{}", program.greeting());
    tokio::signal::ctrl_c().await?;
    println!("{} requests were served.", program.fake().request_count());
    Ok(())
}

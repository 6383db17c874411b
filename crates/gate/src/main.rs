//! Runs a load test in Grafana Cloud k6 from a pipeline, and passes or fails with it.

use std::process::ExitCode;

fn main() -> ExitCode {
    k6_gate::main()
}

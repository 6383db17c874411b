//! Runs a load test in Grafana Cloud k6 from a pipeline, and passes or fails with it.
//!
//! This is the library behind the program `k6-gate`.

pub mod report;

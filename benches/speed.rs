//! Measures how long calls and lists take, relative to `reqwest` and `serde_json` alone.
//!
//! `cargo bench --bench speed` prints all ratios, and `cargo bench --bench speed -- call` prints
//! one. A high ratio is not a failure, because machines and their load differ. Lists are measured
//! with an allocator that keeps freed memory. Set `MALLOC_TRIM_THRESHOLD_=131072` to measure with
//! the default behaviour.

mod support;

use std::fmt;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use support::bare::Bare;
use support::server::{FIRST_ID, Server, serve_if_asked};
use support::{Size, Wanted, client, runtime};

fn main() {
    serve_if_asked();
    let Some(wanted) = Wanted::from_args() else { return };
    if wanted.size == Size::Full && !keeps_memory() {
        return;
    }
    let runtime = runtime();
    if wanted.has("list") {
        runtime.block_on(list(wanted.size));
    }
    if wanted.has("read-ahead") {
        runtime.block_on(read_ahead(wanted.size));
    }
    if wanted.has("call") {
        runtime.block_on(call(wanted.size));
    }
}

/// Restarts the process with an allocator that keeps freed memory, on GNU systems. Returns whether
/// it keeps freed memory now.
///
/// By default the allocator returns some memory to the system, depending on the order in which the
/// body and the rows of a page are freed. Getting the memory back can take a third of the time, and
/// hits either client by chance. The allocator reads its variables when a process starts, so that
/// another process must do the measurement.
fn keeps_memory() -> bool {
    const VARIABLES: [&str; 2] = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"];
    if VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
        return true;
    }
    let own = std::env::current_exe().expect("the path of this program");
    let kept = VARIABLES.map(|name| (name, (256 << 20).to_string()));
    let status = Command::new(own).args(std::env::args_os().skip(1)).envs(kept).status();
    let status = status.expect("a second process");
    assert!(status.success(), "the measuring process ends with {status}");
    false
}

/// Compares streaming a whole list with a bare loop over the pages.
async fn list(size: Size) {
    let (rows, rounds) = (size.pick(100_000, 2_000), size.pick(25, 1));
    let server = Server::start(rows, Duration::ZERO);
    let (client, bare) = (client(&server.base_url), Bare::new(&server.base_url));
    let mut measured = Compared::default();
    for round in 0..=rounds {
        let ours = async {
            let mut runs = client.list_test_runs().stream();
            let mut read = 0;
            while let Some(run) = runs.try_next().await.expect("a list without a flaw") {
                black_box(run);
                read += 1;
            }
            assert_eq!(read, rows);
        };
        let theirs = async { assert_eq!(bare.list(1000).await, rows) };
        let times = both(round, ours, theirs).await;
        // The first round warms up connections and caches.
        if round > 0 {
            measured.add(times);
        }
    }
    println!("list: {rows} runs, 1000 a page, {rounds} rounds, in seconds");
    measured.print(1.0, 1.10);
}

/// Compares eight pages at a time with one page at a time, for a list from a distant server.
async fn read_ahead(size: Size) {
    let (rows, rounds) = (size.pick(1_000, 100), size.pick(5, 1));
    let latency = Duration::from_millis(size.pick(50, 1));
    let server = Server::start(rows, latency);
    let client = client(&server.base_url);
    let (mut one, mut eight, mut gains) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let read = async |concurrency| {
            let start = Instant::now();
            let mut runs = client.list_test_runs().top(10).stream().concurrency(concurrency);
            let mut read = 0;
            while let Some(run) = runs.try_next().await.expect("a list without a flaw") {
                black_box(run);
                read += 1;
            }
            assert_eq!(read, rows);
            start.elapsed().as_secs_f64()
        };
        let (slow, fast) = (read(1).await, read(8).await);
        one.push(slow);
        eight.push(fast);
        gains.push(slow / fast);
    }
    println!(
        "read-ahead: {} pages, {} ms for each, {rounds} rounds, in seconds",
        rows / 10,
        latency.as_millis()
    );
    println!("  one at a time    {}", Spread::of(one));
    println!("  concurrency(8)   {}", Spread::of(eight));
    println!("  times faster     {}  at least 6 wanted", Spread::of(gains));
}

/// Compares one call with one bare request, over existing connections.
async fn call(size: Size) {
    let (pairs, rounds) = (size.pick(500, 5), size.pick(20, 1));
    let server = Server::start(1, Duration::ZERO);
    let (client, bare) = (client(&server.base_url), Bare::new(&server.base_url));
    let id = FIRST_ID as i64;
    let mut measured = Compared::default();
    for round in 0..=rounds {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            let call = async {
                black_box(client.get_test_run(id).send().await.expect("a run"));
            };
            let request = async {
                black_box(bare.run(id.into()).await);
            };
            let times = both(pair, call, request).await;
            ours.push(times.0);
            theirs.push(times.1);
        }
        if round > 0 {
            measured.add((Spread::of(ours).median, Spread::of(theirs).median));
        }
    }
    println!("call: {rounds} rounds, the medians of {pairs} calls each, in microseconds");
    measured.print(1e6, 1.10);
}

/// The times of k6-cloud and of the bare client, measured alternately.
#[derive(Default)]
struct Compared {
    ours: Vec<f64>,
    theirs: Vec<f64>,
    ratios: Vec<f64>,
}

impl Compared {
    fn add(&mut self, (ours, theirs): (f64, f64)) {
        self.ours.push(ours);
        self.theirs.push(theirs);
        self.ratios.push(ours / theirs);
    }

    fn print(self, unit: f64, wanted: f64) {
        println!("  k6-cloud         {}", Spread::of(self.ours).times(unit));
        println!("  bare reqwest     {}", Spread::of(self.theirs).times(unit));
        println!("  ratio            {}  at most {wanted:.2} wanted", Spread::of(self.ratios));
    }
}

/// Runs both, and returns how long each took. The order alternates, so that neither always profits
/// from the caches of the other.
async fn both(
    turn: usize,
    ours: impl Future<Output = ()>,
    theirs: impl Future<Output = ()>,
) -> (f64, f64) {
    if turn.is_multiple_of(2) {
        let ours = timed(ours).await;
        (ours, timed(theirs).await)
    } else {
        let theirs = timed(theirs).await;
        (timed(ours).await, theirs)
    }
}

async fn timed(future: impl Future<Output = ()>) -> f64 {
    let start = Instant::now();
    future.await;
    start.elapsed().as_secs_f64()
}

/// The median of several figures, and their range.
struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let last = figures.len().checked_sub(1).expect("something was measured");
        let median = (figures[last / 2] + figures[last.div_ceil(2)]) / 2.0;
        Self { median, lowest: figures[0], highest: figures[last] }
    }

    /// Multiplies the figures by `factor`.
    fn times(&self, factor: f64) -> Self {
        Self {
            median: self.median * factor,
            lowest: self.lowest * factor,
            highest: self.highest * factor,
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:8.3}  ({:.3} to {:.3})", self.median, self.lowest, self.highest)
    }
}

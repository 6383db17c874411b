//! Measures the heap memory of calls and lists.
//!
//! `cargo bench --bench heap` prints the peak of the heap while a short and a long list are
//! streamed, and the number of allocations that a call makes in addition to those of `reqwest` and
//! `serde_json`.

mod support;

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use k6_cloud::prelude::*;
use k6_cloud_fake::{FakeCloud, Fault};
use peak_alloc::PeakAlloc;
use stats_alloc::{Region, StatsAlloc};

use support::bare::Bare;
use support::server::{FIRST_ID, Server, serve_if_asked};
use support::{Size, Wanted, client, runtime};

/// Counts allocations. The allocator inside it measures the peak. While a block is reallocated, the
/// old and the new block both count, so that the reported peak is never too low.
#[global_allocator]
static HEAP: StatsAlloc<PeakAlloc> = StatsAlloc::new(PeakAlloc);

/// The limit on the size of a response, in bytes. The response is larger.
const CAP: usize = 16 * 1024 * 1024;

/// The first argument of a process that reads a list.
const ROLE: &str = "read";

fn main() {
    serve_if_asked();
    if read_if_asked() {
        return;
    }
    let Some(wanted) = Wanted::from_args() else { return };
    if wanted.has("memory") {
        memory(wanted.size);
    }
    if wanted.has("bomb") {
        bomb(wanted.size);
    }
    if wanted.has("allocations") {
        runtime().block_on(allocations(wanted.size));
    }
}

/// Measures the peak of processes that read lists of several lengths and keep no rows. The peak
/// varies by one per cent with the chunks in which the network delivers a page.
fn memory(size: Size) {
    let lengths = [(10_000, 1_000), (100_000, 2_000), (1_000_000, 3_000)];
    let lengths = lengths.map(|(full, smoke)| size.pick(full, smoke));
    println!("memory: peaks of a process that reads a list, in MiB");
    let peaks = ["stream", "bare"].map(|how| {
        lengths.map(|rows| {
            let server = Server::start(rows, Duration::ZERO);
            let peak = Peak::of_process(how, &server.base_url, rows);
            println!("  {how:6} {rows:9} runs   {peak}");
            peak
        })
    });
    let [short, _, long] = &peaks[0];
    println!("  heap, long to short    {:6.3}  no growth wanted", long.heap / short.heap);
    if let (Some(short), Some(long)) = (short.resident, long.resident) {
        println!("  VmHWM, long to short   {:6.3}  no growth wanted", long / short);
    }
}

/// Measures the peak of a process that gets a response far above its limit, in chunks and without
/// an announced size.
fn bomb(size: Size) {
    let sent = size.pick(1024 * 1024 * 1024, 64 * 1024 * 1024);
    let server = tokio::runtime::Runtime::new().expect("a runtime");
    let fake = server.block_on(FakeCloud::start()).expect("the fake starts");
    fake.inject(Fault::padded(sent));
    let peak = Peak::of_process("bomb", &fake.base_url(), CAP);
    println!("bomb: {} MiB are sent where {} MiB are accepted", sent >> 20, CAP >> 20);
    println!("  rejected, with       {peak}");
    let over = peak.heap - CAP as f64;
    println!("  heap over the cap    {:7.2}  at most 8 MiB wanted", over / (1024.0 * 1024.0));
}

/// The peak memory of a process.
struct Peak {
    heap: f64,
    /// The peak that the operating system reports, if it does.
    resident: Option<f64>,
}

impl std::fmt::Display for Peak {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MIB: f64 = 1024.0 * 1024.0;
        write!(formatter, "heap {:7.2}", self.heap / MIB)?;
        self.resident.map_or(Ok(()), |bytes| write!(formatter, "   VmHWM {:7.2}", bytes / MIB))
    }
}

impl Peak {
    fn of_process(how: &str, base_url: &str, rows: usize) -> Self {
        let own = std::env::current_exe().expect("the path of this program");
        let output = Command::new(own)
            .args([ROLE, how, base_url, &rows.to_string()])
            .stderr(std::process::Stdio::inherit())
            .output()
            .expect("a second process");
        assert!(output.status.success(), "the reading process ends with {}", output.status);
        let text = String::from_utf8(output.stdout).expect("figures");
        let mut figures = text.split_whitespace().map(|figure| figure.parse().expect("a figure"));
        Self { heap: figures.next().expect("the heap's peak"), resident: figures.next() }
    }
}

/// Reads a list and prints the peaks if this process was started to do so.
fn read_if_asked() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, how, base_url, rows] = &arguments[..] else { return false };
    if role != ROLE {
        return false;
    }
    let read = runtime().block_on(async {
        if how == "bomb" {
            return reject(base_url).await;
        }
        if how == "bare" {
            return Bare::new(base_url).list(1000).await;
        }
        let mut runs = client(base_url).list_test_runs().stream();
        let mut read = 0;
        while let Some(run) = runs.try_next().await.expect("a list without a flaw") {
            black_box(run);
            read += 1;
        }
        read
    });
    assert_eq!(read.to_string(), *rows);
    let heap = PeakAlloc.peak_usage();
    println!("{heap} {}", resident().map(|bytes| bytes.to_string()).unwrap_or_default());
    true
}

/// Requests a list that is larger than the limit, and returns the limit.
async fn reject(base_url: &str) -> usize {
    // The fake's default stack id.
    let client = Client::builder().base_url(base_url).token("fake-cloud-token").stack_id(4_242);
    let client = client.max_body_bytes(CAP as u64).build().expect("complete");
    let error = client.list_test_runs().send().await.expect_err("more than is accepted");
    assert_eq!(error.kind(), k6_cloud::ErrorKind::LimitExceeded, "{error}");
    CAP
}

/// Returns the peak memory of this process, in bytes, if the system reports it in `/proc`.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Compares the allocations of a call with those of a bare request.
async fn allocations(size: Size) {
    let calls = size.pick(5_000, 5);
    let server = Server::start(1, Duration::ZERO);
    let (client, bare) = (client(&server.base_url), Bare::new(&server.base_url));
    let id = FIRST_ID as i64;
    let (mut ours, mut theirs) = (Count::default(), Count::default());
    for turn in 0..=calls {
        let before = Region::new(&HEAP);
        black_box(client.get_test_run(id).send().await.expect("a run"));
        let call = before.change();
        let before = Region::new(&HEAP);
        black_box(bare.run(id.into()).await);
        let request = before.change();
        // The first call makes the connection.
        if turn > 0 {
            ours.add(call);
            theirs.add(request);
        }
    }
    println!("allocations: means of {calls} calls");
    println!("                   fresh   grown   bytes");
    println!("  k6-cloud       {}", ours.mean(calls));
    println!("  bare reqwest   {}", theirs.mean(calls));
    let more = (ours.all() - theirs.all()) / calls as f64;
    println!("  more by        {more:7.2}  fresh and grown, at most 16 wanted");
}

#[derive(Default)]
struct Count {
    fresh: usize,
    grown: usize,
    bytes: usize,
}

impl Count {
    fn add(&mut self, stats: stats_alloc::Stats) {
        self.fresh += stats.allocations;
        self.grown += stats.reallocations;
        self.bytes += stats.bytes_allocated;
    }

    fn all(&self) -> f64 {
        (self.fresh + self.grown) as f64
    }

    fn mean(&self, calls: usize) -> String {
        let mean = |sum: usize| sum as f64 / calls as f64;
        format!("{:7.2} {:7.2} {:7.0}", mean(self.fresh), mean(self.grown), mean(self.bytes))
    }
}

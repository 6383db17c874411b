//! Code that the benchmarks share.

pub(crate) mod bare;
pub(crate) mod server;

/// The credentials of both clients.
pub(crate) const TOKEN: &str = "a-token-of-the-usual-length-for-such-tokens";
pub(crate) const STACK_ID: i64 = 4242;

/// How much to measure.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Size {
    /// A real measurement: under `cargo bench`.
    Full,
    /// Only enough to show that the benchmark runs: under `cargo test --benches`.
    Smoke,
}

impl Size {
    pub(crate) fn pick<T>(self, full: T, smoke: T) -> T {
        if self == Self::Full { full } else { smoke }
    }
}

/// The parsed command line.
pub(crate) struct Wanted {
    pub(crate) size: Size,
    names: Vec<String>,
}

impl Wanted {
    /// Reads the command line. Returns `None` if there is nothing to run.
    pub(crate) fn from_args() -> Option<Self> {
        let (flags, names): (Vec<_>, Vec<_>) =
            std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
        // A test runner that lists tests gets an empty list.
        if flags.iter().any(|flag| flag == "--list") {
            return None;
        }
        let full = flags.iter().any(|flag| flag == "--bench");
        if !full {
            println!("a trial run, too short for its figures to mean anything: see `cargo bench`");
        }
        Some(Self { size: if full { Size::Full } else { Size::Smoke }, names })
    }

    /// Returns whether to run a measurement: the command line names it, or names none.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}

/// Returns the runtime of a client. It has one thread, so that all work of the client falls between
/// the request and the response.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub(crate) fn client(base_url: &str) -> k6_cloud::Client {
    let client = k6_cloud::Client::builder().base_url(base_url).token(TOKEN).stack_id(STACK_ID);
    client.build().expect("a client")
}

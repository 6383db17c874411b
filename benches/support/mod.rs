//! What the benchmarks have in common.

pub(crate) mod bare;
pub(crate) mod server;

/// The token and the stack that both clients show.
pub(crate) const TOKEN: &str = "a-token-of-the-usual-length-for-such-tokens";
pub(crate) const STACK_ID: u64 = 4242;

/// How much is to be measured.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Size {
    /// What the figures are taken from: under `cargo bench`.
    Full,
    /// So little that it only shows that the benchmark runs: under `cargo test --benches`.
    Smoke,
}

impl Size {
    pub(crate) fn pick<T>(self, full: T, smoke: T) -> T {
        if self == Self::Full { full } else { smoke }
    }
}

/// What the command line asks for.
pub(crate) struct Wanted {
    pub(crate) size: Size,
    names: Vec<String>,
}

impl Wanted {
    /// Reads the command line; `None` when nothing is to be run.
    pub(crate) fn from_args() -> Option<Self> {
        let (flags, names): (Vec<_>, Vec<_>) =
            std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
        // A runner that asks for the list of tests gets an empty one.
        if flags.iter().any(|flag| flag == "--list") {
            return None;
        }
        let full = flags.iter().any(|flag| flag == "--bench");
        if !full {
            println!("a trial run, too short for its figures to mean anything: see `cargo bench`");
        }
        Some(Self { size: if full { Size::Full } else { Size::Smoke }, names })
    }

    /// Returns whether the measurement is one of those named, or none are.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}

/// Returns the runtime of a client: of one thread, so that all that the client does lies between
/// the request and the response.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub(crate) fn client(base_url: &str) -> k6_cloud::Client {
    let client = k6_cloud::Client::builder().base_url(base_url).token(TOKEN).stack_id(STACK_ID);
    client.build().expect("a client")
}

//! How long a consumer's first build takes, in proportion to that of crates with the libraries that
//! it would use without this one: reqwest, serde, serde_json, chrono and tokio.
//!
//! One crate has reqwest with its default TLS (rustls with aws-lc-rs), the other has it with the same
//! provider as this crate (ring).
//!
//! `cargo bench -p xtask --bench cold_build --profile dev` downloads what this machine does not have yet.
//! Then it builds all by turns, three times, each from an empty target folder and without the network; an
//! argument gives another number of rounds.
//! This crate is compiled as one from a registry is; with `--path`, as one that lies at a path, for
//! which Cargo also prepares the next build. The consumer has this crate's default features; with
//! `--features a,b` it has those. The processors' time is less noisy than the time on the clock.
//! Nothing fails when a figure is high: machines differ, and so do their days.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const BARE: &str = r#"
#[derive(serde::Deserialize)]
struct Run {
    id: i64,
    created: chrono::DateTime<chrono::Utc>,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let url = "https://localhost/cloud/v6/test_runs/42";
        let response = reqwest::Client::new().get(url).send().await.expect("a response");
        let run: Run = response.json().await.expect("a run");
        println!("{} {}", run.id, run.created);
    });
}
"#;

const CONSUMER: &str = r#"
use k6_cloud::prelude::*;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let client = Client::from_env().expect("settings");
        let run = client.get_test_run(42).send().await.expect("a run");
        println!("{} {}", run.id, run.created);
    });
}
"#;

/// What a consumer would depend on without the crate, with the features that a client of this API
/// needs: JSON, queries and uploads.
const LIBRARIES: [(&str, &[&str]); 5] = [
    ("chrono", &["clock", "serde", "std"]),
    ("reqwest", &["json", "query", "stream"]),
    ("serde", &["derive"]),
    ("serde_json", &["float_roundtrip"]),
    ("tokio", &["fs", "io-util", "rt", "sync", "time"]),
];

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(3);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("its manifest");
    let manifest: toml::Table = toml::from_str(&manifest).expect("TOML");
    let consumer = consumer(&manifest, root);
    let bare = [("reqwest's default TLS", "aws-lc-rs"), ("reqwest with ring", "ring")];
    let mut bare = bare.map(|(title, provider)| {
        let libraries = libraries(&manifest, provider);
        Comparison {
            title,
            folder: package(root, &format!("bare-{provider}"), BARE, libraries, toml::Table::new()),
            times: Vec::new(),
            loads: Vec::new(),
        }
    });
    fetch(&consumer);
    bare.iter().for_each(|comparison| fetch(&comparison.folder));
    for _ in 0..rounds {
        let own = build(&consumer);
        println!("k6-cloud: {own}");
        for comparison in &mut bare {
            comparison.add(&own, &build(&comparison.folder));
        }
    }
    for Comparison { title, mut times, mut loads, .. } in bare {
        print!("median against {title}: {:.2}", median(&mut times));
        if loads.is_empty() {
            println!();
        } else {
            println!("; of the processors' time {:.2}", median(&mut loads));
        }
    }
}

/// The builds of a crate without this one.
struct Comparison {
    title: &'static str,
    folder: PathBuf,
    /// How many times as long the consumer's builds took.
    times: Vec<f64>,
    /// How many times the processors' time they took.
    loads: Vec<f64>,
}

impl Comparison {
    fn add(&mut self, own: &Build, bare: &Build) {
        let time = own.time.as_secs_f64() / bare.time.as_secs_f64();
        let mut line = format!("  {}: {bare}: {time:.2}", self.title);
        self.times.push(time);
        if let (Some(own), Some(bare)) = (own.load, bare.load) {
            let load = own / bare;
            write!(line, "; of the processors' time {load:.2}").expect("writes to a text");
            self.loads.push(load);
        }
        println!("{line}");
    }
}

/// Writes a package that depends on this crate.
fn consumer(manifest: &toml::Table, root: &Path) -> PathBuf {
    let arguments: Vec<_> = std::env::args().collect();
    let mut own = toml::Table::from_iter([("path".to_owned(), root.display().to_string().into())]);
    if let Some(at) = arguments.iter().position(|argument| argument == "--features") {
        let features = arguments.get(at + 1).expect("features after --features");
        let features: toml::Value = features.split(',').collect::<Vec<_>>().into();
        own.extend([
            ("default-features".to_owned(), false.into()),
            ("features".to_owned(), features),
        ]);
    }
    let mut profile = toml::Table::new();
    if !arguments.iter().any(|argument| argument == "--path") {
        // What comes from a registry is compiled so.
        let registry =
            "[dev.package]\nk6-cloud.incremental = false\nk6-cloud-codegen.incremental = false";
        profile = toml::from_str(registry).expect("TOML");
    }
    let mut dependencies = toml::Table::from_iter([library(manifest, "tokio", &["rt"])]);
    dependencies.insert("k6-cloud".to_owned(), own.into());
    package(root, "consumer", CONSUMER, dependencies, profile)
}

/// Returns the dependencies of a crate without this one.
fn libraries(manifest: &toml::Table, provider: &str) -> toml::Table {
    let libraries = LIBRARIES.map(|(name, features)| match (name, provider) {
        ("reqwest", "ring") => {
            library(manifest, name, &[features, &["rustls-no-provider"]].concat())
        }
        ("reqwest", _) => library(manifest, name, &[features, &["rustls"]].concat()),
        _ => library(manifest, name, features),
    });
    let mut libraries = toml::Table::from_iter(libraries);
    if provider == "ring" {
        libraries.extend([library(manifest, "rustls", &["ring", "std", "tls12"])]);
    }
    libraries
}

/// Returns a dependency with these features, in the version of this crate's manifest.
fn library(manifest: &toml::Table, name: &str, features: &[&str]) -> (String, toml::Value) {
    let shared = manifest["workspace"].get("dependencies").and_then(|all| all.get(name));
    let known = shared.unwrap_or_else(|| &manifest["dependencies"][name]);
    let version = known.get("version").unwrap_or(known).clone();
    let library = toml::Table::from_iter([
        ("version".to_owned(), version),
        ("default-features".to_owned(), (name.starts_with("serde")).into()),
        ("features".to_owned(), features.to_vec().into()),
    ]);
    (name.to_owned(), library.into())
}

/// Writes a package, with the versions of the workspace.
fn package(
    root: &Path,
    name: &str,
    main: &str,
    dependencies: toml::Table,
    profile: toml::Table,
) -> PathBuf {
    let folder = root.join("target/cold_build").join(name);
    std::fs::create_dir_all(folder.join("src")).expect("a folder");
    let about = [("name", name), ("version", "0.0.0"), ("edition", "2024")];
    let about: toml::Table =
        about.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    let manifest = toml::Table::from_iter([
        ("package".to_owned(), about.into()),
        ("dependencies".to_owned(), dependencies.into()),
        ("profile".to_owned(), profile.into()),
        ("workspace".to_owned(), toml::Table::new().into()),
    ]);
    let manifest = toml::to_string(&manifest).expect("TOML");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    std::fs::write(folder.join("src/main.rs"), main).expect("a program");
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    folder
}

struct Build {
    time: Duration,
    /// What all processors have spent, in a unit of the system's, where it tells.
    load: Option<f64>,
    crates: usize,
}

impl std::fmt::Display for Build {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:.1} s with {} crates", self.time.as_secs_f64(), self.crates)?;
        match self.load {
            // Linux counts hundredths of a second.
            Some(load) => write!(formatter, ", {:.1} s of the processors' time", load / 100.0),
            None => Ok(()),
        }
    }
}

/// Returns cargo in a package, without the settings of the cargo that runs this.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command
}

/// Downloads the crates of a package that this machine does not have yet.
fn fetch(folder: &Path) {
    let output = cargo(folder).arg("fetch").output().expect("cargo");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the crates cannot be downloaded: {told}");
}

/// Builds a package from nothing.
fn build(folder: &Path) -> Build {
    let target = folder.join("target");
    let clear = || {
        if target.exists() {
            std::fs::remove_dir_all(&target).expect("an empty target folder");
        }
    };
    clear();
    let mut command = cargo(folder);
    command.args(["build", "--offline"]);
    let (start, before) = (Instant::now(), load_of_children());
    let output = command.output().expect("cargo");
    let (time, after) = (start.elapsed(), load_of_children());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    clear();
    let crates = told.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count();
    Build { time, load: after.zip(before).map(|(after, before)| after - before), crates }
}

/// What the processes that have ended below this one have spent, on Linux.
fn load_of_children() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may have anything in it: `cutime` and `cstime` are fields 16 and 17.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some(next()? + next()?)
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

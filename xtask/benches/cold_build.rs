//! How long a consumer's first build takes, in proportion to that of a crate with the libraries
//! that it would use without this one: reqwest with rustls, serde, serde_json, chrono and tokio,
//! with the features that this one turns on.
//!
//! `cargo bench -p xtask --bench cold_build --profile dev` builds both by turns, three times, each
//! from an empty target folder and without the network; an argument gives another number of rounds.
//! This crate is compiled as one from a registry is; with `--path`, as one that lies at a path, for
//! which Cargo also prepares the next build. Nothing fails when a figure is high: machines differ, and so do their days.

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

/// What a consumer would depend on without the crate.
const LIBRARIES: [&str; 5] = ["chrono", "reqwest", "serde", "serde_json", "tokio"];

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(3);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("its manifest");
    let manifest: toml::Table = toml::from_str(&manifest).expect("TOML");
    let bare = libraries(&manifest, &LIBRARIES, root);
    let bare = package(root, "bare", BARE, bare, toml::Table::new());
    let mut dependencies = libraries(&manifest, &["tokio"], root);
    let own = toml::Table::from_iter([("path".to_owned(), root.display().to_string().into())]);
    dependencies.insert("k6-cloud".to_owned(), own.into());
    let mut profile = toml::Table::new();
    if !std::env::args().any(|argument| argument == "--path") {
        // What comes from a registry is compiled so.
        let registry =
            "[dev.package]\nk6-cloud.incremental = false\nk6-cloud-codegen.incremental = false";
        profile = toml::from_str(registry).expect("TOML");
    }
    let consumer = package(root, "consumer", CONSUMER, dependencies, profile);

    let (mut times, mut loads) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (one, other) = (build(&bare), build(&consumer));
        let time = other.time.as_secs_f64() / one.time.as_secs_f64();
        let mut line = format!(
            "{:.1} s with {} crates, {:.1} s with {}: {time:.2}",
            other.time.as_secs_f64(),
            other.crates,
            one.time.as_secs_f64(),
            one.crates,
        );
        times.push(time);
        if let (Some(other), Some(one)) = (other.load, one.load) {
            let load = other / one;
            write!(line, "; of the processors' time {load:.2}").expect("writes to a text");
            loads.push(load);
        }
        println!("{line}");
    }
    println!("median: {:.2}", median(&mut times));
    if !loads.is_empty() {
        println!("median of the processors' time: {:.2}", median(&mut loads));
    }
}

/// Takes dependencies out of the crate's manifest, with its features and with TLS.
fn libraries(manifest: &toml::Table, names: &[&str], root: &Path) -> toml::Table {
    let known = manifest["dependencies"].as_table().expect("a table");
    let shared = manifest["workspace"].get("dependencies");
    let mut taken = toml::Table::new();
    for name in names {
        let mut library = xtask::manifest::standalone(name, &known[*name], shared, root);
        if *name == "reqwest" {
            let features = library.get_mut("features").and_then(toml::Value::as_array_mut);
            features.expect("features").push("rustls".into());
        }
        taken.insert((*name).to_owned(), library);
    }
    taken
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

/// Builds a package from nothing.
fn build(folder: &Path) -> Build {
    let target = folder.join("target");
    let clear = || {
        if target.exists() {
            std::fs::remove_dir_all(&target).expect("an empty target folder");
        }
    };
    clear();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--offline"]).current_dir(folder).env("CARGO_TARGET_DIR", &target);
    // Settings of the cargo that runs this are not meant for the package.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
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

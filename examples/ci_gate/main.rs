//! Starts a load test or resumes a run, waits for its end, and exits with k6's exit codes: 0 if the
//! run passed, 99 if a threshold was breached, 97 if the run did not complete, 98 if its outcome is
//! unknown, 104 if the arguments are wrong, 105 if the gate was interrupted.
//!
//! ```sh
//! cargo run --example ci_gate                            # a fake run, in some seconds
//! cargo run --example ci_gate -- --outcome failed        # or passed, aborted, errored
//! export K6_CLOUD_TOKEN=... K6_CLOUD_STACK_ID=...
//! cargo run --example ci_gate -- --load-test 101 --key "ci-$GITHUB_RUN_ID" --junit k6.xml
//! cargo run --example ci_gate -- --load-test 101 --state run.json --detach
//! cargo run --example ci_gate -- --resume run.json       # in another job
//! ```

mod report;

use std::error::Error;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use k6_cloud::prelude::*;
use k6_cloud::{RunHandle, RunReference, RunResult};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeClock, FakeCloud, RunSeed};

use crate::report::Report;

// The exit codes of k6 for a run without a verdict.
const NOT_STARTED: u8 = 97;
const UNKNOWN: u8 = 98;
const BAD_ARGUMENTS: u8 = 104;
const LEFT: u8 = 105;

const STEPS: f64 = 1_000.0;
/// How long to wait for the end of an aborted run.
const ABORT: Duration = Duration::from_secs(120);

/// Lets a build pass only if a run of Grafana Cloud k6 passes.
#[derive(Debug, Default, Parser)]
struct Arguments {
    /// Starts this load test.
    #[arg(long, value_name = "ID", conflicts_with = "resume")]
    load_test: Option<i64>,
    /// Resumes the run in a file that --state wrote.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Writes a file for --resume.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Does not wait for the end of the run.
    #[arg(long, requires = "state")]
    detach: bool,
    /// An idempotency key of at most 36 characters: within 10 minutes, the same key starts no
    /// second run.
    #[arg(long, conflicts_with = "resume")]
    key: Option<String>,
    /// Starts no run that would use more virtual user hours. The estimate needs --options.
    #[arg(long, value_name = "VUH", requires = "options")]
    max_vuh: Option<f64>,
    /// The options of the script, as JSON.
    #[arg(long, value_name = "FILE", requires = "max_vuh")]
    options: Option<PathBuf>,
    /// Adds a summary in Markdown to a file; by default to $GITHUB_STEP_SUMMARY, if that is set.
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Writes the result to a file in JUnit's XML format.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// The result of the run, if no token is set and the run is a fake one.
    #[arg(long, value_enum, default_value_t)]
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Outcome {
    #[default]
    Passed,
    Failed,
    Aborted,
    Errored,
}

/// An error before there was a verdict, with the exit code.
#[derive(Debug)]
struct Failure(u8, Box<dyn Error>);

fn failed<E: Into<Box<dyn Error>>>(code: u8) -> impl FnOnce(E) -> Failure {
    move |error| Failure(code, error.into())
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { BAD_ARGUMENTS } else { 0 });
        }
    };
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    arguments.summary = arguments.summary.or(summary.map(PathBuf::from));
    let code = match set_up(&arguments).await {
        // The fake stops when it is dropped, so it is kept here until the end.
        Ok((client, _fake)) => {
            // Its own task, so that signals are caught from now on.
            let interrupt = tokio::spawn(interrupted());
            gate(&arguments, &client, async { drop(interrupt.await) }).await
        }
        Err(failure) => Err(failure),
    };
    match code {
        Ok(code) => ExitCode::from(code),
        Err(Failure(code, error)) => {
            eprintln!("error: {error}");
            ExitCode::from(code)
        }
    }
}

/// Returns a client for Grafana Cloud k6 if a token is set, or else for a fake.
async fn set_up(arguments: &Arguments) -> Result<(Client, Option<FakeCloud>), Failure> {
    let variable = k6_cloud::TOKEN_VARIABLE;
    if std::env::var_os(variable).is_some_and(|token| !token.is_empty()) {
        if arguments.load_test.is_none() && arguments.resume.is_none() {
            return Err(Failure(BAD_ARGUMENTS, "--load-test ID or --resume FILE is needed".into()));
        }
        return Ok((Client::from_env().map_err(failed(BAD_ARGUMENTS))?, None));
    }
    eprintln!("No {variable} is set: this is a run of a fake, 50 times as fast.\n");
    let clock = FakeClock::ticking(50.0);
    let fake = FakeCloud::builder().runs(0).clock(clock).start().await.map_err(failed(UNKNOWN))?;
    let half = Duration::from_secs(150);
    let seed = RunSeed::timed().running_for(2 * half);
    let seed = match arguments.outcome {
        Outcome::Passed => seed,
        Outcome::Failed => seed.result(RunResult::Failed),
        Outcome::Aborted => seed.aborts_after(half, Some("ada@example.com")),
        Outcome::Errored => seed.aborts_after(half, None),
    };
    match &arguments.resume {
        // The fake of the process that started the run is gone, so this fake gets the run too.
        Some(path) => {
            let reference = read(path).map_err(failed(BAD_ARGUMENTS))?;
            fake.add_run(seed.id(reference.run_id()).test_id(reference.load_test_id()));
        }
        None => fake.next_start(seed),
    }
    // This client uses the fake's clock. A client for Grafana Cloud k6 waits in real time.
    Ok((fake.client().build().map_err(failed(UNKNOWN))?, Some(fake)))
}

/// Ends on a signal of a user or the CI system.
async fn interrupted() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Starts or resumes the run, follows it to its end, and returns the exit code.
async fn gate(
    arguments: &Arguments,
    client: &Client,
    interrupt: impl Future<Output = ()>,
) -> Result<u8, Failure> {
    let run = match &arguments.resume {
        Some(path) => {
            let reference = read(path).map_err(failed(BAD_ARGUMENTS))?;
            client.resume(&reference).await.map_err(failed(UNKNOWN))?
        }
        None => start(arguments, client).await?,
    };
    println!("Run {} of load test {}: {}", run.id(), run.run().test_id, run.page_url());
    if let Some(path) = &arguments.state {
        match write_state(path, &run.reference()) {
            // The run goes on, and another process can wait for it.
            Err(error) if !arguments.detach => eprintln!("warning: {error}"),
            written => written.map_err(failed(UNKNOWN))?,
        }
    }
    if arguments.detach {
        return Ok(0);
    }
    let followed = follow(&run, arguments.resume.is_none(), interrupt).await;
    let report = match &followed {
        Ok(run) => Report::of(run),
        Err(Failure(code, _)) if *code == LEFT => return followed.map(|_| 0),
        Err(Failure(_, error)) => Report::unknown(run.run(), error.to_string()),
    };
    let report = report.with_page(run.page_url());
    println!("{}", report.line());
    if let Some(path) = &arguments.summary {
        // Appended, because other steps of the job write to it too.
        let file = fs::OpenOptions::new().append(true).create(true).open(path);
        let written = file.and_then(|mut file| file.write_all(report.markdown().as_bytes()));
        written.map_err(|error| about(UNKNOWN, path, error))?;
    }
    if let Some(path) = &arguments.junit {
        fs::write(path, report.junit()).map_err(|error| about(UNKNOWN, path, error))?;
    }
    let run = followed?;
    Ok(u8::try_from(run.verdict().exit_code()).unwrap_or(UNKNOWN))
}

async fn start(arguments: &Arguments, client: &Client) -> Result<RunHandle, Failure> {
    let mut start = client.start_load_test(arguments.load_test.unwrap_or(FIRST_LOAD_TEST_ID));
    if let Some(key) = &arguments.key {
        start = start.idempotency_key(key);
    }
    if let (Some(vuh), Some(path)) = (arguments.max_vuh, &arguments.options) {
        let options = fs::read(path).map_err(|error| about(BAD_ARGUMENTS, path, error))?;
        let options: serde_json::Value =
            serde_json::from_slice(&options).map_err(|error| about(BAD_ARGUMENTS, path, error))?;
        start = start.max_vuh(vuh, options);
    }
    // An interrupt waits for the start. A start that is given up may have begun a run.
    start.await.map_err(failed(NOT_STARTED))
}

/// Returns the run when it has ended. An interrupt aborts a run that was started here. A resumed
/// run goes on.
async fn follow(
    run: &RunHandle,
    is_ours: bool,
    interrupt: impl Future<Output = ()>,
) -> Result<types::TestRun, Failure> {
    // A log gets a line for each status instead of a progress bar.
    let plain = std::env::var_os("CI").is_some() || !std::io::stderr().is_terminal();
    let bar = if plain { ProgressBar::hidden() } else { ProgressBar::new(STEPS as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut updates = run.watch().every_poll(true);
    let mut interrupt = pin!(interrupt);
    let mut last = None;
    loop {
        let update = tokio::select! {
            update = updates.try_next() => update.map_err(failed(UNKNOWN))?,
            () = &mut interrupt => {
                bar.finish_and_clear();
                return stop(run, is_ours).await;
            }
        };
        let Some(update) = update else { break };
        if plain && update.is_change {
            eprintln!("{}  {}", update.entered.format("%H:%M:%S"), update.status);
        }
        bar.set_position((update.progress * STEPS) as u64);
        bar.set_message(update.status.to_string());
        last = Some(update.run);
    }
    bar.finish_and_clear();
    let last = last.ok_or_else(|| Failure(UNKNOWN, "the run was never seen".into()))?;
    Ok(types::TestRun::clone(&last))
}

async fn stop(run: &RunHandle, is_ours: bool) -> Result<types::TestRun, Failure> {
    let id = run.id();
    if !is_ours {
        return Err(Failure(LEFT, format!("interrupted: run {id} was left to go on").into()));
    }
    eprintln!("interrupted: aborting run {id}");
    match run.abort().await {
        // The run may have ended in the meantime.
        Err(error) if !error.is_conflict() => Err(Failure(UNKNOWN, error.into())),
        _ => run.wait().timeout(ABORT).await.map_err(failed(UNKNOWN)),
    }
}

fn read(path: &Path) -> Result<RunReference, String> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn write_state(path: &Path, reference: &RunReference) -> Result<(), String> {
    let text = serde_json::to_vec(reference).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn about(code: u8, path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure(code, format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = format!("k6-cloud-gate-{}-{name}", std::process::id());
            let folder = std::env::temp_dir().join(folder);
            fs::create_dir_all(&folder).expect("a folder");
            Self(folder)
        }

        fn text(&self, name: &str) -> String {
            fs::read_to_string(self.0.join(name)).expect("a file")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn arguments(folder: &Folder) -> Arguments {
        Arguments {
            state: Some(folder.0.join("run.json")),
            summary: Some(folder.0.join("summary.md")),
            junit: Some(folder.0.join("junit.xml")),
            ..Arguments::default()
        }
    }

    async fn fake_with(seed: RunSeed) -> (FakeCloud, Client) {
        let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
        fake.next_start(seed);
        let client = fake.client().build().expect("complete");
        (fake, client)
    }

    #[tokio::test]
    async fn gate_exits_and_reports_by_the_verdict() {
        let minute = Duration::from_secs(60);
        for (name, seed, expected, element) in [
            ("passed", RunSeed::timed(), 0, None),
            ("failed", RunSeed::timed().result(RunResult::Failed), 99, Some("failure")),
            ("aborted", RunSeed::timed().aborts_after(minute, Some("a@b.c")), 97, Some("error")),
            ("errored", RunSeed::timed().aborts_after(minute, None), 97, Some("error")),
        ] {
            let folder = Folder::new(name);
            let (_fake, client) = fake_with(seed).await;
            let code = gate(&arguments(&folder), &client, pending()).await.expect(name);
            assert_eq!(code, expected, "{name}");
            let xml = folder.text("junit.xml");
            let xml = roxmltree::Document::parse(&xml).expect("XML");
            let found = xml
                .descendants()
                .find(|node| ["failure", "error"].contains(&node.tag_name().name()));
            assert_eq!(found.map(|node| node.tag_name().name()), element, "{name}");
            assert!(folder.text("summary.md").starts_with("### k6: "), "{name}");
            let reference = read(&folder.0.join("run.json")).expect("a reference");
            assert_eq!(reference.load_test_id(), FIRST_LOAD_TEST_ID);
        }
    }

    #[tokio::test]
    async fn run_that_was_left_is_taken_up() {
        let folder = Folder::new("resumed");
        let (fake, client) = fake_with(RunSeed::timed().result(RunResult::Failed)).await;
        let left = Arguments { detach: true, junit: None, summary: None, ..arguments(&folder) };
        assert_eq!(gate(&left, &client, pending()).await.expect("started"), 0);
        assert_eq!(fake.requests().len(), 1, "it does not wait");
        let resume = Some(folder.0.join("run.json"));
        let resumed = Arguments { resume, state: None, ..arguments(&folder) };
        assert_eq!(gate(&resumed, &client, pending()).await.expect("the run"), 99);
        let starts = fake.requests().iter().filter(|r| r.path.ends_with("/start")).count();
        assert_eq!(starts, 1);
    }

    #[tokio::test]
    async fn interrupt_aborts_what_was_started_here_only() {
        let folder = Folder::new("interrupted");
        let (fake, client) = fake_with(RunSeed::timed()).await;
        let code = gate(&arguments(&folder), &client, ready(())).await.expect("aborted");
        assert_eq!(code, 97);
        assert!(folder.text("summary.md").contains("aborted by"));

        let id = fake.add_run(RunSeed::running());
        let resume = folder.0.join("other.json");
        let text = folder.text("run.json");
        let mut text: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        text["run_id"] = id.into();
        fs::write(&resume, text.to_string()).expect("written");
        let resumed = Arguments { resume: Some(resume), ..Arguments::default() };
        let Failure(code, _) = gate(&resumed, &client, ready(())).await.expect_err("left");
        assert_eq!(code, LEFT);
        assert_eq!(fake.run_json(id).expect("the run")["status"], "running");
    }

    #[tokio::test]
    async fn what_fails_has_the_codes_of_k6() {
        let folder = Folder::new("failing");
        let (fake, client) = fake_with(RunSeed::timed()).await;
        let unknown = Arguments { load_test: Some(1), ..Arguments::default() };
        let Failure(code, error) = gate(&unknown, &client, pending()).await.expect_err("404");
        assert_eq!(code, NOT_STARTED, "{error}");
        let missing = Arguments { resume: Some(folder.0.join("none")), ..Arguments::default() };
        let Failure(code, _) = gate(&missing, &client, pending()).await.expect_err("no file");
        assert_eq!(code, BAD_ARGUMENTS);
        fake.inject(k6_cloud_fake::Fault::status(403).on("get_test_run"));
        let arguments = arguments(&folder);
        let Failure(code, _) = gate(&arguments, &client, pending()).await.expect_err("403");
        assert_eq!(code, UNKNOWN);
        assert!(folder.text("junit.xml").contains("<error message=\"unknown"));
    }

    #[tokio::test]
    async fn costly_run_is_not_started() {
        let folder = Folder::new("costly");
        let (fake, client) = fake_with(RunSeed::timed()).await;
        let options = folder.0.join("options.json");
        fs::write(&options, r#"{"vus": 100, "duration": "1h"}"#).expect("written");
        let limit = |vuh| Arguments {
            max_vuh: Some(vuh),
            options: Some(options.clone()),
            ..Arguments::default()
        };
        let Failure(code, error) = gate(&limit(1.0), &client, pending()).await.expect_err("dear");
        assert!(error.to_string().contains("max_vuh"), "{error}");
        assert_eq!(code, NOT_STARTED);
        let starts = || fake.requests().iter().filter(|r| r.path.ends_with("/start")).count();
        assert_eq!(starts(), 0);
        assert_eq!(gate(&limit(1_000.0), &client, pending()).await.expect("cheap"), 0);
        assert_eq!(starts(), 1);
    }

    #[test]
    fn arguments_are_checked() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        parse("gate --load-test 7 --key ci-1 --junit k6.xml").expect("arguments");
        for line in [
            "gate --load-test 7 --resume x",
            "gate --detach",
            "gate --max-vuh 3",
            "gate --load-test seven",
            "gate --outcome odd",
        ] {
            parse(line).expect_err(line);
        }
    }
}

//! A program that serves the fake to clients in any language.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::io;

use crate::cloud::FakeCloud;
use crate::flags::{self, Flags};

/// A fake as a program serves it: it is [lenient](crate::FakeCloudBuilder::lenient) like the service, its
/// clock starts at the current time and ticks, and its
/// [control path](crate::FakeCloudBuilder::control_path) is on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::FakeProgram;
///
/// let arguments = ["--port", "0", "--speed", "20", "--next", "failed:60s"];
/// let program = FakeProgram::start(arguments.map(str::to_owned)).await?;
/// print!("{}", program.greeting());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct FakeProgram {
    fake: FakeCloud,
    first_run: i64,
}

impl FakeProgram {
    /// The flags, as the program's help shows them.
    pub const USAGE: &str = flags::USAGE;

    /// Starts the fake that the arguments describe, without the name of the program. It stops when
    /// the result is dropped.
    ///
    /// # Errors
    ///
    /// If an argument is wrong, or the port cannot be bound.
    pub async fn start(
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Self, FakeProgramError> {
        let flags = Flags::read(arguments.into_iter()).map_err(FakeProgramError::Argument)?;
        // All that the arguments describe is there before the first request can be.
        let (builder, first_run) = flags.into_builder();
        let fake = builder.start().await.map_err(FakeProgramError::Io)?;
        Ok(Self { fake, first_run })
    }

    /// Returns the fake.
    pub fn fake(&self) -> &FakeCloud {
        &self.fake
    }

    /// Returns a text that tells how to reach the fake, for the terminal.
    pub fn greeting(&self) -> String {
        let (base, token) = (self.fake.base_url(), self.fake.token());
        let (stack, url) = (self.fake.stack_id(), self.fake.stack_url());
        let (run, logs) = (self.first_run, self.fake.logs_url());
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "The fake listens at {base}. Run {run} has just started.\n\n  \
             export K6_CLOUD_HOST_V6={base} K6_CLOUD_TOKEN={token} K6_CLOUD_STACK_ID={stack}\n  \
             export K6_CLOUD_STACK_URL={url} \
             K6_CLOUD_LOGS_TAIL_URL={logs}\n\n  \
             curl -H 'Authorization: Bearer {token}' -H 'X-Stack-Id: {stack}' \\\n    \
             {base}/cloud/v6/test_runs/{run}\n\n\
             Control it at {base}/_fake, for example:\n\n  \
             curl --json '{{\"outcome\": \"failed\", \"running_for\": \"60s\"}}' \\\n    \
             {base}/_fake/next-start\n\n\
             Ctrl-C stops it.\n"
        );
        text
    }
}

/// Why a [`FakeProgram`] did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum FakeProgramError {
    /// An argument is wrong, with the reason.
    Argument(String),
    /// The port could not be bound.
    Io(io::Error),
}

impl fmt::Display for FakeProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(message) => f.write_str(message),
            Self::Io(error) if error.kind() == io::ErrorKind::AddrInUse => {
                f.write_str("the port is in use, choose another with --port")
            }
            Self::Io(_) => f.write_str("the port cannot be bound"),
        }
    }
}

impl Error for FakeProgramError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Argument(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{TimeDelta, Utc};

    use super::*;

    async fn start(arguments: &[&str]) -> Result<FakeProgram, FakeProgramError> {
        FakeProgram::start(arguments.iter().map(|argument| (*argument).to_owned())).await
    }

    #[tokio::test]
    async fn program_is_at_the_current_time_and_lenient() {
        let program = start(&["--port", "0", "--speed=20"]).await.expect("starts");
        let fake = program.fake();
        assert!((fake.clock().time() - Utc::now()).abs() < TimeDelta::minutes(2));
        assert_eq!(fake.clock().speed(), Some(20.0));
        let run = fake.run_json(program.first_run).expect("the run");
        assert_eq!(run["ended"], serde_json::Value::Null);
        let response = crate::tests::plain_http()
            .get(format!("{}/cloud/v6/load_tests?project_id=5001", fake.base_url()))
            .bearer_auth(fake.token())
            .header("x-stack-id", fake.stack_id().get())
            .send();
        assert_eq!(response.await.expect("a response").status(), 200);
        assert!(program.greeting().contains(&fake.base_url()));
    }

    /// Starts load test 101 as soon as something listens at the address, and returns the run.
    async fn start_at_once(http: reqwest::Client, base: String) -> i64 {
        loop {
            let start = http
                .post(format!("{base}/cloud/v6/load_tests/101/start"))
                .bearer_auth("fake-cloud-token")
                .header("x-stack-id", 4_242);
            if let Ok(response) = start.send().await {
                let run: serde_json::Value = response.json().await.expect("a run");
                return run["id"].as_i64().expect("an id");
            }
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn first_request_finds_everything_that_the_arguments_describe() {
        for _ in 0..25 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
            let port = free.local_addr().expect("an address").port();
            drop(free);
            let base = format!("http://127.0.0.1:{port}");
            let http = crate::tests::plain_http();
            let early = tokio::spawn(start_at_once(http, base));
            let next = ["--next", "failed:7s", "--private-zone", "berlin"];
            let program = start(&[&["--port", &port.to_string()], &next[..]].concat()).await;
            let program = program.expect("starts");
            let run = early.await.expect("no panic");
            assert_eq!(run, program.first_run + 1, "the program's run is there before");
            program.fake().clock().advance(Duration::from_secs(600));
            let run = program.fake().run_json(run).expect("the run");
            assert_eq!((&run["result"], &run["execution_duration"]), (&"failed".into(), &7.into()));
        }
    }

    #[tokio::test]
    async fn ids_begin_where_the_arguments_say() {
        let arguments = ["--port", "0", "--first-id", "1000000", "--runs", "4"];
        let program = start(&arguments).await.expect("starts");
        let fake = program.fake();
        assert_eq!(program.first_run, 1_000_004);
        assert!(fake.run_json(1_000_000).is_some());
        let http = crate::tests::plain_http();
        let read = async |path: &str| -> serde_json::Value {
            let url = format!("{}{path}", fake.base_url());
            let request = http.get(url).bearer_auth(fake.token());
            let response = request.header("x-stack-id", fake.stack_id().get()).send().await;
            response.expect("a response").json().await.expect("JSON")
        };
        for list in ["test_runs", "load_tests", "projects", "load_zones"] {
            let list = read(&format!("/cloud/v6/{list}")).await;
            let ids = list["value"].as_array().expect("rows").iter().map(|row| &row["id"]);
            let ids: Vec<i64> = ids.filter_map(serde_json::Value::as_i64).collect();
            assert!(ids.contains(&1_000_000) && ids.iter().all(|id| *id < 1_000_100), "{ids:?}");
        }
        let test = read("/cloud/v6/load_tests/1000000").await;
        assert!(test["project_id"].as_i64() >= Some(1_000_000), "{test}");
        let overview = read("/_fake").await;
        assert_eq!(overview["first_ids"]["runs"], 1_000_000);
    }

    #[tokio::test]
    async fn stack_is_shown_and_set_by_its_address_or_name() {
        for (given, url) in [
            ("my-team", "https://my-team.grafana.net"),
            ("my-team.example.org", "https://my-team.example.org"),
            ("https://my-team.grafana.net", "https://my-team.grafana.net"),
        ] {
            let program = start(&["--port", "0", "--stack-url", given]).await.expect("starts");
            let fake = program.fake();
            assert!(program.greeting().contains(&format!("K6_CLOUD_STACK_URL={url} ")));
            let http = crate::tests::plain_http();
            let overview = http.get(format!("{}/_fake", fake.base_url())).send().await;
            let overview: serde_json::Value =
                overview.expect("a response").json().await.expect("JSON");
            assert_eq!(overview["stack_url"], url);
            let login = http
                .get(format!("{}/cloud/v6/auth", fake.base_url()))
                .bearer_auth(fake.token())
                .header("x-stack-url", url);
            assert_eq!(login.send().await.expect("a response").status(), 200);
        }
    }

    #[tokio::test]
    async fn faults_are_there_from_the_start() {
        let fault = r#"{"kind": "status", "status": 503, "lasting": "10m"}"#;
        let program = start(&["--port", "0", "--fault", fault]).await.expect("starts");
        let fake = program.fake();
        let status = async || {
            let request = crate::tests::plain_http()
                .get(format!("{}/cloud/v6/load_zones", fake.base_url()))
                .bearer_auth(fake.token())
                .header("x-stack-id", fake.stack_id().get());
            request.send().await.expect("a response").status()
        };
        assert_eq!(status().await, 503);
        fake.clock().advance(Duration::from_secs(600));
        assert_eq!(status().await, 200);
        for (fault, message) in [
            ("503", "is not a fault in JSON"),
            (r#"{"kind": "fire"}"#, "is not a kind of fault"),
            (r#"{"kind": "close", "lasting": "soon"}"#, "is not a duration"),
        ] {
            let error = start(&["--fault", fault]).await.expect_err(fault).to_string();
            assert!(error.starts_with("--fault: ") && error.contains(message), "{error}");
        }
    }

    #[test]
    fn every_flag_is_in_the_help() {
        let source = include_str!("flags.rs");
        let flags = source.split('"').filter(|part| part.starts_with("--"));
        let flags: Vec<&str> = flags.filter(|flag| !flag.contains(' ')).collect();
        assert!(flags.len() > 10, "{flags:?}");
        for flag in flags {
            assert!(FakeProgram::USAGE.contains(&format!("\n  {flag} ")), "{flag}");
        }
    }

    #[tokio::test]
    async fn wrong_arguments_are_errors() {
        for (arguments, message) in [
            (&["--prot", "1"][..], "unknown argument \"--prot\", see --help"),
            (&["8600"], "unknown argument \"8600\", see --help"),
            (&["--port"], "--port needs a value, see --help"),
            (&["--port", "x"], "--port must be a number, got \"x\""),
            (&["--speed", "0"], "--speed must be greater than 0, got 0"),
            (
                &["--first-id", "9999"],
                "--first-id: the first id must be from 10000 to 90000000, got 9999",
            ),
            (&["--latency", "soon"], "--latency must be a duration such as 200ms, got \"soon\""),
            (&["--next", "failed:soon"], "--next: \"soon\" is not a duration such as 90s or 1h30m"),
        ] {
            let error = start(arguments).await.expect_err(message);
            assert_eq!(error.to_string(), message);
        }
        let won = start(&["--next", "won"]).await.expect_err("unknown").to_string();
        assert!(won.starts_with("--next: \"won\" is not an outcome, there are passed, "), "{won}");
        let program = start(&["--port", "0"]).await.expect("starts");
        let port = program.fake().base_url().rsplit(':').next().expect("a port").to_owned();
        let error = start(&["--port", &port]).await.expect_err("in use");
        assert_eq!(error.to_string(), "the port is in use, choose another with --port");
    }
}

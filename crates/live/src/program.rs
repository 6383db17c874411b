//! The program.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use k6_cloud::{Client, DEFAULT_BASE_URL, STACK_URL_VARIABLE, TOKEN_VARIABLE};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, ScheduleSeed};
use serde_json::Value;

use crate::description::Description;
use crate::overlay::propose;
use crate::record::Record;
use crate::relay::Relay;
use crate::report::Report;
use crate::resources::Resources;
use crate::service::Service;
use crate::survey::Survey;
use crate::writes::Permission;

/// Compares the service with the API's description, with the client and with the fake.
///
/// It needs a token in K6_CLOUD_TOKEN, and the stack in K6_CLOUD_STACK_ID or K6_CLOUD_STACK_URL. It only
/// reads. The report has no values from your account, so that you can attach it to an issue.
///
/// Exit codes: 0 no difference; 4 differences; 1 error.
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "cargo xtask check-live", bin_name = "cargo xtask check-live")]
pub struct Options {
    /// Write the report in Markdown. By default it goes to the standard output.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write the report in JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Check only this operation, such as list_test_runs. It may be given more than once.
    #[arg(long, value_name = "OPERATION")]
    pub only: Vec<String>,
    /// The number of rows that the client reads of a list.
    #[arg(long, value_name = "ROWS", default_value_t = 2000)]
    pub max_rows: usize,
    /// Check a fake instead of the service: without a token and without the network.
    #[arg(long)]
    pub fake: bool,
    /// Write an OpenAPI Overlay that proposes corrections of the description.
    #[arg(long, value_name = "FILE")]
    pub write_overlay: Option<PathBuf>,
    /// Write what the service did, without values, to check the fake against it later.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Report where the checked server contradicts a recorded one: with --fake, the fake.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// Also make a load test in this project, by its id or name, change it and delete it. It is
    /// scheduled for a day in 300 days, and the schedule is deleted again.
    #[arg(long, value_name = "PROJECT")]
    pub allow_writes: Option<String>,
    /// Also start a run of that load test, with 1 VU for 10 seconds, and abort it. It can cost VUh.
    #[arg(long, requires = "allow_writes")]
    pub allow_run: bool,
}

/// What a check found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// The differences.
    pub report: Report,
    /// What the service did.
    pub record: Record,
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let options = Options::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    match runtime.block_on(options.run()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(4),
        Err(problem) => failed(&problem),
    }
}

fn failed(problem: &str) -> ExitCode {
    eprintln!("error: {problem}");
    ExitCode::FAILURE
}

impl Options {
    /// Returns whether nothing differs.
    async fn run(&self) -> Result<bool, String> {
        let recorded = match &self.against {
            Some(path) => {
                let named = |problem: String| format!("{}: {problem}", path.display());
                let bytes = std::fs::read(path).map_err(|error| named(error.to_string()))?;
                Some(Record::read(&bytes).map_err(named)?)
            }
            None => None,
        };
        let description = Description::vendored()?;
        let (service, _fake) = match self.fake {
            true => {
                let (service, fake) = fake().await?;
                (service, Some(fake))
            }
            false => (from_env().await?, None),
        };
        let interrupted = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without the signal there is no interrupt.
                std::future::pending::<()>().await;
            }
        };
        let found = check_until(&description, &service, self, interrupted).await?;
        self.write(&found.report)?;
        if let Some(path) = &self.write_overlay {
            write(path, &propose(&found.report, &description))?;
        }
        if let Some(path) = &self.record {
            write(path, &found.record.to_json())?;
        }
        let contradictions =
            recorded.map(|recorded| recorded.contradictions(&found.record)).unwrap_or_default();
        for contradiction in &contradictions {
            eprintln!("recorded otherwise: {contradiction}");
        }
        for left in &found.report.left {
            eprintln!("not removed: {left}");
        }
        Ok(found.report.differences() == 0
            && found.report.left.is_empty()
            && contradictions.is_empty())
    }

    fn write(&self, report: &Report) -> Result<(), String> {
        let write = |path: &PathBuf, text: &str| {
            whole_file::write(path, text.as_bytes())
                .map_err(|error| format!("{}: {error}", path.display()))
        };
        if let Some(path) = &self.json {
            write(path, &report.to_json())?;
        }
        match &self.report {
            Some(path) => write(path, &report.to_markdown()),
            None => {
                print!("{}", report.to_markdown());
                Ok(())
            }
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    whole_file::write(path, text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
}

/// Checks a service.
///
/// # Errors
///
/// If an option is wrong or the check cannot be started.
pub async fn check(
    description: &Description,
    service: &Service,
    options: &Options,
) -> Result<Found, String> {
    check_until(description, service, options, std::future::pending()).await
}

/// Checks a service. If `interrupted` is ready while something is changed, the check removes what it
/// made, and ends.
///
/// # Errors
///
/// If an option is wrong or the check cannot be started.
pub async fn check_until(
    description: &Description,
    service: &Service,
    options: &Options,
    interrupted: impl Future<Output = ()>,
) -> Result<Found, String> {
    for only in &options.only {
        let known = description.reading().any(|operation| operation.id == *only);
        if !known && !crate::metrics::OPERATIONS.iter().any(|(id, _)| id == only) {
            return Err(format!("there is no reading operation {only}: the report lists them all"));
        }
    }
    let (reference, _fake) = fake().await?;
    let mut survey = Survey {
        description,
        service,
        relay: Relay::start(service.clone()).await?,
        reference: &reference,
        resources: Resources::read(description, service).await,
        reference_resources: Resources::read(description, &reference).await,
        max_rows: options.max_rows.max(1),
        only: &options.only,
        findings: Default::default(),
        requests: Default::default(),
        notes: Default::default(),
        seen: Vec::new(),
        rows: Default::default(),
    };
    let permission = options.permission(&survey.resources)?;
    survey.run().await;
    let mut operations = survey.results();
    let mut left = Vec::new();
    if let Some(permission) = permission {
        let (changed, not_removed) =
            crate::writes::check(&mut survey, permission, interrupted).await;
        operations.extend(changed);
        left = not_removed;
    }
    let checked = match service.base_url == DEFAULT_BASE_URL {
        _ if options.fake => "the fake",
        true => "the service",
        false => "a server at another address",
    };
    let record = Record::of(&survey);
    let report = Report {
        format: 1,
        client: env!("CLIENT_VERSION").to_owned(),
        description: description.version().to_owned(),
        date: chrono::Utc::now().format("%Y-%m-%d").to_string(),
        service: checked.to_owned(),
        operations,
        left,
    };
    Ok(Found { report, record })
}

impl Options {
    /// Returns what the check may change. The project must exist, so that nothing is made elsewhere.
    fn permission(&self, resources: &Resources) -> Result<Option<Permission>, String> {
        let Some(wanted) = &self.allow_writes else { return Ok(None) };
        let id = wanted.parse().unwrap_or(Value::Null);
        let projects = resources.rows("projects").iter();
        let is_wanted = |row: &&Value| row["name"] == **wanted || row["id"] == id;
        let found: Vec<_> =
            projects.filter(is_wanted).filter_map(|row| row["id"].as_i64()).collect();
        match found[..] {
            [project] => Ok(Some(Permission { project, may_run: self.allow_run })),
            [] => Err(format!(
                "--allow-writes: the token can read no project {wanted:?}: nothing was checked"
            )),
            _ => Err(format!("--allow-writes: several projects are {wanted:?}: give the id")),
        }
    }
}

/// Returns the service that the environment names.
async fn from_env() -> Result<Service, String> {
    let token = std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| format!("no API token: set {TOKEN_VARIABLE}"))?;
    let client = Client::builder().env().connect().await.map_err(|error| error.to_string())?;
    let settings = client.settings();
    let given = std::env::var(STACK_URL_VARIABLE).ok().filter(|url| !url.is_empty());
    let stack_url = settings.stack_url().map(str::to_owned).or(given.map(|stack| address(&stack)));
    Service::new(settings.base_url(), &token, settings.stack_id(), stack_url.as_deref())
}

/// Returns the address of a stack that is given by its name or address.
fn address(stack: &str) -> String {
    let host = stack.rsplit("://").next().unwrap_or_default().split('/').next().unwrap_or_default();
    match host.contains('.') {
        true => format!("https://{host}"),
        false => format!("https://{host}.grafana.net"),
    }
}

/// Starts a fake that ignores what the service ignores, and has something of each kind.
async fn fake() -> Result<(Service, FakeCloud), String> {
    let fake = FakeCloud::builder().lenient().start().await.map_err(|error| error.to_string())?;
    fake.add_schedule(FIRST_LOAD_TEST_ID, ScheduleSeed::cron("0 9 * * 1", "UTC"));
    let service =
        Service::new(&fake.base_url(), fake.token(), fake.stack_id(), Some(fake.stack_url()))?;
    Ok((service, fake))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn stacks_have_addresses() {
        for given in ["shop", "shop.grafana.net", "https://shop.grafana.net/a/k6-app"] {
            assert_eq!(address(given), "https://shop.grafana.net", "{given}");
        }
    }
}

//! Sends what is not the API's at every step of every workflow, and checks that none takes it as a
//! success. `src/evidence.rs` does the same with every single operation.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use k6_cloud::metrics::{Baseline, HTTP_REQS, Runs};
use k6_cloud::prelude::*;
use k6_cloud::{AbortOutcome, EnsureOutcome, LoadTestId, ScriptKind, ScriptSource, TestRunId};
use k6_cloud_fake::{
    FIRST_LOAD_TEST_ID, FIRST_PROJECT_ID, FakeCloud, Fault, LoadTestSeed, ProjectSeed,
    RecordedRequest, RunSeed,
};
use serde_json::{Value, json};

const JS: &str = "export default function () {}\n";
const SECOND: Duration = Duration::from_secs(1);

/// What a workflow works on.
struct Scene {
    fake: FakeCloud,
    client: Client,
    /// A run that has ended, one that goes on, and one that ends while it is waited for.
    ended: TestRunId,
    running: TestRunId,
    timed: TestRunId,
    archived: TestRunId,
    load_test: LoadTestId,
}

impl Scene {
    async fn new() -> Self {
        let fake = FakeCloud::builder().runs(25).start().await.expect("the fake starts");
        let of_test = |seed: RunSeed| fake.add_run(seed.test_id(FIRST_LOAD_TEST_ID));
        of_test(RunSeed::passed().starred(true));
        let [ended, running] = [RunSeed::passed(), RunSeed::running()].map(of_test);
        let timed = of_test(RunSeed::timed());
        let archived = fake.add_run(RunSeed::passed().script(ScriptKind::Archive));
        fake.add_project(ProjectSeed::new("Basket"));
        let seed = LoadTestSeed::new("Login").project_id(FIRST_PROJECT_ID).script_bytes(JS);
        let load_test = fake.add_load_test(seed);
        let client = fake.client().build().expect("complete");
        Self { fake, client, ended, running, timed, archived, load_test }
    }

    /// Returns the status of a run, as the server knows it.
    fn status(&self, run: TestRunId) -> Value {
        self.fake.run_json(run).expect("the run")["status"].clone()
    }
}

/// What a workflow returns, or a note of what it could not read.
type Outcome = Result<Success, Error>;

#[derive(Clone, Debug, PartialEq)]
enum Success {
    /// All is as in a run without faults.
    Same,
    /// The result says what is missing.
    Partial,
}

use Success::{Partial, Same};

type Running<'s> = Pin<Box<dyn Future<Output = Outcome> + Send + 's>>;

/// A name, what is done, and the operations without which it still comes to a right result: it asks
/// again, or does without.
type Workflow = (&'static str, for<'s> fn(&'s Scene) -> Running<'s>, &'static [&'static str]);

#[rustfmt::skip]
static WORKFLOWS: &[Workflow] = &[
    ("start", |s| Box::pin(start(s)), &[]),
    ("start within a limit", |s| Box::pin(limited_start(s)), &[]),
    ("wait", |s| Box::pin(wait(s)), &["get_test_run"]),
    ("watch", |s| Box::pin(watch(s)), &["get_test_run"]),
    ("abort", |s| Box::pin(async { s.client.test_run(s.running).abort().await.map(|()| Same) }), &[]),
    ("wait that aborts", |s| Box::pin(aborting_wait(s)), &["get_test_run", "abort_test_run"]),
    ("ensure a new project", |s| Box::pin(ensure_project(s, "Novelties", EnsureOutcome::Created)), &[]),
    ("ensure a known project", |s| Box::pin(ensure_project(s, "Basket", EnsureOutcome::Found)), &[]),
    ("ensure a new load test", |s| Box::pin(ensure_load_test(s, "Novelties", JS)), &[]),
    ("ensure an equal load test", |s| Box::pin(ensure_load_test(s, "Login", JS)), &["get_load_test_script"]),
    ("ensure another load test", |s| Box::pin(ensure_load_test(s, "Login", "export {}\n")), &["get_load_test_script"]),
    ("ensure another version", |s| Box::pin(ensure_version(s)), &[]),
    ("create a load test", |s| Box::pin(create(s)), &[]),
    ("upload", |s| Box::pin(async { s.client.upload_load_test_script(s.load_test, ScriptSource::bytes(JS)).await.map(|()| Same) }), &[]),
    ("download of a load test", |s| Box::pin(async { s.client.get_load_test_script(s.load_test).await.map(|_| Same) }), &[]),
    ("download of a run", |s| Box::pin(async { s.client.get_test_run_script(s.ended).await.map(|_| Same) }), &[]),
    ("download of an archive", |s| Box::pin(async { s.client.get_test_run_script(s.archived).accept(ScriptKind::Archive).await.map(|_| Same) }), &[]),
    ("download to a writer", |s| Box::pin(download(s)), &[]),
    ("rows", |s| Box::pin(async { s.client.list_test_runs().top(10).stream().try_collect::<Vec<_>>().await.map(|_| Same) }), &[]),
    ("rows ahead", |s| Box::pin(async { s.client.list_test_runs().top(10).stream().concurrency(3).try_collect::<Vec<_>>().await.map(|_| Same) }), &[]),
    ("pages", |s| Box::pin(async { s.client.list_test_runs().top(10).pages().try_collect::<Vec<_>>().await.map(|_| Same) }), &[]),
    ("all rows", |s| Box::pin(async { s.client.list_test_runs().top(10).collect_all(100).await.map(|_| Same) }), &[]),
    ("metrics of a run", |s| Box::pin(async { s.client.list_run_metrics(s.ended).await.map(|_| Same) }), &[]),
    ("metrics of a load test", |s| Box::pin(async { s.client.list_load_test_metrics(FIRST_LOAD_TEST_ID).await.map(|_| Same) }), &[]),
    ("series", |s| Box::pin(async { s.client.list_series(s.ended, [HTTP_REQS]).await.map(|_| Same) }), &[]),
    ("labels of series", |s| Box::pin(async { s.client.list_series_labels(s.ended).await.map(|_| Same) }), &[]),
    ("values of a label", |s| Box::pin(async { s.client.list_label_values(s.ended, "status").await.map(|_| Same) }), &[]),
    ("query over time", |s| Box::pin(async { s.client.query_range(s.ended, HTTP_REQS.rate()).await.map(|_| Same) }), &[]),
    ("query", |s| Box::pin(async { s.client.query_aggregate(s.ended, HTTP_REQS.rate()).await.map(|_| Same) }), &[]),
    ("query of runs", |s| Box::pin(async { s.client.query_load_test(FIRST_LOAD_TEST_ID, Runs::last(3), HTTP_REQS.rate()).await.map(|_| Same) }), &[]),
    ("summary", |s| Box::pin(summary(s)), &[]),
    ("baseline", |s| Box::pin(baseline(s, Baseline::LastPassed)), &[]),
    ("starred baseline", |s| Box::pin(baseline(s, Baseline::Starred)), &[]),
    ("trend", |s| Box::pin(trend(s)), &[]),
    ("connect", |s| Box::pin(connect(s)), &[]),
    ("resume", |s| Box::pin(resume(s)), &[]),
    ("names", |s| Box::pin(names(s)), &[]),
    ("a request of one's own", |s| Box::pin(request(s)), &[]),
];

async fn start(scene: &Scene) -> Outcome {
    let started = scene.client.start_load_test(scene.load_test).await;
    if let Err(error) = &started {
        assert!(error.idempotency_key().is_some(), "{error:?}");
        let says_nothing = error.status().is_some_and(|status| status.is_success());
        assert_eq!(error.kind() == ErrorKind::OutcomeUnknown, says_nothing, "{error:?}");
    }
    started.map(|run| {
        assert!(scene.fake.run_json(run.id()).is_some(), "the run exists");
        Same
    })
}

async fn limited_start(scene: &Scene) -> Outcome {
    let start = scene.client.start_load_test(scene.load_test);
    start.max_vuh(1e9, json!({ "vus": 1, "duration": "1m" })).await.map(|_| Same)
}

async fn wait(scene: &Scene) -> Outcome {
    let run = scene.client.wait_for_test_run(scene.timed).await?;
    assert_eq!(scene.status(scene.timed), run.status.as_str());
    Ok(Same)
}

async fn watch(scene: &Scene) -> Outcome {
    let updates: Vec<_> = scene.client.watch_test_run(scene.timed).try_collect().await?;
    assert_eq!(scene.status(scene.timed), updates.last().expect("an end").status.as_str());
    Ok(Same)
}

async fn aborting_wait(scene: &Scene) -> Outcome {
    let id = scene.running;
    let wait = scene.client.wait_for_test_run(id).interval(SECOND);
    let error = wait.timeout(2 * SECOND).abort_unfinished(true).await.expect_err("it goes on");
    match error.abort_outcome().expect("an abort") {
        AbortOutcome::Ended => assert_eq!(scene.status(id), "aborted"),
        AbortOutcome::Accepted => {}
        AbortOutcome::Failed(_) => assert_eq!(scene.status(id), "running"),
        other => panic!("{other:?}"),
    }
    if error.kind() == ErrorKind::WaitTimeout { Ok(Same) } else { Err(error) }
}

async fn ensure_project(scene: &Scene, name: &str, expected: EnsureOutcome) -> Outcome {
    let ensured = scene.client.ensure_project(name).await?;
    assert_eq!(ensured.outcome, expected);
    let known = scene.client.get_project(ensured.value.id).send().await?;
    assert_eq!(known.name, name);
    Ok(Same)
}

async fn ensure_load_test(scene: &Scene, name: &str, script: &'static str) -> Outcome {
    let ensure =
        scene.client.ensure_load_test(FIRST_PROJECT_ID, name).script(ScriptSource::bytes(script));
    let ensured = ensure.await?;
    // The call must not say that the script is another one than it is.
    if ensured.outcome == EnsureOutcome::Unchanged {
        assert_eq!(script, JS, "it was another");
    }
    Ok(Same)
}

async fn ensure_version(scene: &Scene) -> Outcome {
    let ensure = scene.client.ensure_load_test(FIRST_PROJECT_ID, "Login").k6_version(2);
    ensure.await.map(|_| Same)
}

async fn create(scene: &Scene) -> Outcome {
    let create = scene
        .client
        .create_load_test(FIRST_PROJECT_ID, "Novelties")
        .script(ScriptSource::bytes(JS));
    create.await.map(|_| Same)
}

async fn download(scene: &Scene) -> Outcome {
    let mut written = Vec::new();
    let download = scene.client.get_test_run_script(scene.ended).write_to(&mut written).await;
    if download.is_err() {
        assert!(written.is_empty(), "{}", String::from_utf8_lossy(&written));
    }
    download.map(|_| Same)
}

async fn summary(scene: &Scene) -> Outcome {
    let summary = scene.client.summarize_test_run(scene.ended).await?;
    Ok(if summary.missing.is_empty() { Same } else { Partial })
}

async fn baseline(scene: &Scene, baseline: Baseline) -> Outcome {
    // Read without faults, which count from the first request after it.
    let healthy = scene.fake.client().build().expect("complete");
    let run = healthy.summarize_test_run(scene.ended).await?;
    let found = scene.client.summarize_baseline(&run, baseline).await?;
    let found = found.expect("there is a run to compare with");
    Ok(if found.missing.is_empty() && run.missing.is_empty() { Same } else { Partial })
}

async fn trend(scene: &Scene) -> Outcome {
    let trend = scene.client.trend_of_load_test(FIRST_LOAD_TEST_ID, 3).await?;
    Ok(if trend.missing.is_empty() { Same } else { Partial })
}

async fn connect(scene: &Scene) -> Outcome {
    let builder = Client::builder().base_url(scene.fake.base_url()).token(scene.fake.token());
    let client = builder.clock(scene.fake.clock()).stack("fake").connect().await?;
    assert_eq!(client.settings().stack_id(), scene.fake.stack_id());
    Ok(Same)
}

async fn resume(scene: &Scene) -> Outcome {
    let reference = json!({
        "version": 1, "stack_id": scene.fake.stack_id(), "load_test_id": FIRST_LOAD_TEST_ID,
        "run_id": scene.ended, "page_url": "https://fake.grafana.net/a/k6-app/runs/1",
    });
    let reference = serde_json::from_value(reference).expect("a reference");
    scene.client.resume(&reference).await.map(|_| Same)
}

async fn names(scene: &Scene) -> Outcome {
    let mut names = scene.client.resource_names();
    assert!(names.project(FIRST_PROJECT_ID).await?.is_some(), "it exists");
    assert!(names.load_test(FIRST_LOAD_TEST_ID).await?.is_some(), "it exists");
    Ok(Same)
}

async fn request(scene: &Scene) -> Outcome {
    let request = scene.client.request(k6_cloud::Method::GET, "/cloud/v6/test_runs/{id}");
    request.path_value("id", scene.ended).send::<types::TestRun>().await.map(|_| Same)
}

/// A response and whether it is evidence of a call without a result.
type Foreign = (&'static str, fn(&str) -> Fault, bool);

static RESPONSES: [Foreign; 7] = [
    ("a login page with 200", |_| Fault::html(200), false),
    ("{} with 200", |_| Fault::response(200, "application/json", "{}"), true),
    ("an error with 200", |_| Fault::status(200), false),
    ("another body with 200", another, true),
    ("204", |_| Fault::no_content(), true),
    ("HTML with 404", |_| Fault::html(404), false),
    (
        "JSON with 404",
        |_| Fault::response(404, "application/json", r#"{"message": "no Route matched"}"#),
        false,
    ),
];

/// Makes the response of another operation.
fn another(operation: &str) -> Fault {
    let body = match operation {
        "authenticate" => json!({ "value": [{ "id": 1, "name": "x" }] }),
        _ => json!({ "stack_id": 7, "default_project_id": 1 }),
    };
    Fault::response(200, "application/json", body.to_string())
}

fn has_result(request: &RecordedRequest) -> bool {
    let operation = request.operation.as_deref().unwrap_or_default();
    !matches!(operation, "abort_test_run" | "update_load_test" | "upload_load_test_script")
}

/// Returns what is wrong with the outcome of a workflow whose request `step` got something else.
fn judge(
    outcome: &Outcome,
    step: &RecordedRequest,
    is_evidence: bool,
    recovers: &[&str],
) -> Option<&'static str> {
    let operation = step.operation.as_deref().unwrap_or_default();
    match outcome {
        Err(error) if error.is_not_found() || error.is_conflict() => Some("a wrong conclusion"),
        Err(error) if error.to_string().contains('\n') => Some("more than a line"),
        Err(_) | Ok(Partial) => None,
        Ok(Same) if !has_result(step) && is_evidence => None,
        Ok(Same) if recovers.contains(&operation) => None,
        Ok(Same) => Some("a silent success"),
    }
}

async fn ends(outcome: Running<'_>) -> Outcome {
    tokio::time::timeout(30 * SECOND, outcome).await.expect("an end")
}

/// A workflow, one of its requests, and what comes instead of its response.
struct Trial {
    workflow: &'static Workflow,
    request: RecordedRequest,
    /// The number of requests for the same operation before it.
    nth: u64,
    foreign: &'static Foreign,
}

impl Trial {
    /// Returns what came of it, and what is wrong with that.
    async fn run(self) -> (String, Option<String>) {
        let Self { workflow: (name, run, recovers), request, nth, foreign } = self;
        let (response, fault, is_evidence) = foreign;
        let operation = request.operation.as_deref().expect("an operation");
        let scene = Scene::new().await;
        let injected = scene.fake.inject(fault(operation).on(operation).nth(nth));
        let outcome = ends(run(&scene)).await;
        assert!(injected.fired() > 0, "{name}: {operation} {nth}");
        let kind = match &outcome {
            Ok(success) => format!("{success:?}"),
            Err(error) => format!("{:?}", error.kind()),
        };
        let wrong = judge(&outcome, &request, *is_evidence, recovers);
        let wrong =
            wrong.map(|what| format!("{name}, {operation} {nth}, {response}: {what}: {outcome:?}"));
        (format!("{response:24} {kind:20}"), wrong)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_workflow_takes_something_else_as_a_success() {
    let (mut trials, mut steps) = (Vec::new(), 0);
    for workflow @ (name, run, _) in WORKFLOWS {
        let scene = Scene::new().await;
        let outcome = ends(run(&scene)).await;
        assert!(matches!(outcome, Ok(Same)), "{name} without a fault: {outcome:?}");
        let mut by_operation: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for request in scene.fake.requests() {
            by_operation.entry(request.operation.clone()).or_default().push(request);
        }
        for requests in by_operation.into_values() {
            let count = requests.len();
            for (nth, request) in requests.into_iter().enumerate() {
                // Of the many equal polls and queries, the first and the last are tried.
                if nth < 3 || nth + 2 > count {
                    let nth = u64::try_from(nth).expect("small");
                    let trial =
                        |foreign| Trial { workflow, request: request.clone(), nth, foreign };
                    trials.extend(RESPONSES.iter().map(trial));
                    steps += 1;
                }
            }
        }
    }
    let count = trials.len();
    let trials = stream::iter(trials).map(|trial| tokio::spawn(trial.run()));
    let results: Vec<_> = trials.buffer_unordered(8).try_collect().await.expect("no panic");
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for (outcome, what) in results {
        *counts.entry(outcome).or_insert(0) += 1;
        wrong.extend(what);
    }
    println!("{} workflows, {steps} steps, {count} trials", WORKFLOWS.len());
    for (outcome, count) in counts {
        println!("{outcome} {count:4}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

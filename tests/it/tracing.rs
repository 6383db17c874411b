//! Spans and events of calls. None of them contains a secret.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tracing::field::{Field, Visit};
use ::tracing::subscriber::DefaultGuard;
use ::tracing::{Event, Instrument as _, Subscriber, span};
use k6_cloud::{RetryPolicy, SystemClock};
use k6_cloud_fake::{FakeCloud, RunSeed};
use serde_json::json;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::scripted::{CANARY, Reply, Scripted, builder, nobody};

/// A span or an event, with the values of its fields as text.
#[derive(Clone, Debug, Default)]
struct Record {
    name: String,
    target: String,
    id: Option<u64>,
    parent: Option<u64>,
    fields: BTreeMap<String, String>,
}

impl Record {
    fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }
}

impl Visit for Record {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.fields.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name().to_owned(), value.to_owned());
    }
}

/// Records all spans and events, of every level and target.
#[derive(Clone, Default)]
struct Recorder {
    spans: Arc<Mutex<Vec<Record>>>,
    events: Arc<Mutex<Vec<Record>>>,
}

impl Recorder {
    /// Records what this thread does until the guard is dropped.
    fn start() -> (Self, DefaultGuard) {
        // `tracing` decides once for each span whether anybody records it. Without a global
        // subscriber, another test could make it decide that nobody does.
        let _ = ::tracing::subscriber::set_global_default(tracing_subscriber::registry());
        let recorder = Self::default();
        let subscriber = tracing_subscriber::registry().with(recorder.clone());
        (recorder, ::tracing::subscriber::set_default(subscriber))
    }

    /// The crate's own spans of a name, in the order in which they began.
    fn spans(&self, name: &str) -> Vec<Record> {
        let spans = self.spans.lock().expect("unpoisoned");
        spans.iter().filter(|s| s.target == "k6_cloud" && s.name == name).cloned().collect()
    }

    /// The crate's own events.
    fn events(&self) -> Vec<Record> {
        let events = self.events.lock().expect("unpoisoned");
        events.iter().filter(|event| event.target == "k6_cloud").cloned().collect()
    }

    fn all(&self) -> String {
        let (spans, events) = (self.spans.lock(), self.events.lock());
        format!("{:?} {:?}", spans.expect("unpoisoned"), events.expect("unpoisoned"))
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Recorder {
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        let mut record = Record {
            name: attributes.metadata().name().to_owned(),
            target: attributes.metadata().target().to_owned(),
            id: Some(id.into_u64()),
            parent: context.span(id).and_then(|span| Some(span.parent()?.id().into_u64())),
            ..Record::default()
        };
        attributes.record(&mut record);
        self.spans.lock().expect("unpoisoned").push(record);
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        let mut spans = self.spans.lock().expect("unpoisoned");
        // The registry reuses ids; the last span with this id is the current one.
        let span = spans.iter_mut().rev().find(|span| span.id == Some(id.into_u64()));
        values.record(span.expect("a span that began"));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut record = Record {
            name: event.metadata().name().to_owned(),
            target: event.metadata().target().to_owned(),
            id: None,
            parent: context.event_span(event).map(|span| span.id().into_u64()),
            ..Record::default()
        };
        event.record(&mut record);
        self.events.lock().expect("unpoisoned").push(record);
    }
}

/// Collects the log records of the whole process, such as those of reqwest.
struct Log(Mutex<String>);

static LOG: Log = Log(Mutex::new(String::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut text = self.0.lock().expect("unpoisoned");
        let _ = writeln!(text, "{} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Fails the test if the call does not end.
async fn ends<F: IntoFuture>(future: F) -> F::Output {
    let boxed = tokio::time::timeout(Duration::from_secs(10), future.into_future());
    boxed.await.expect("an end within ten seconds")
}

#[tokio::test]
async fn call_and_attempt_have_spans_with_the_names_of_opentelemetry() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::passed());
    let client = fake.client().build().expect("complete");
    let (recorder, _guard) = Recorder::start();
    let caller = ::tracing::info_span!("caller");
    let outer = caller.id().map(|id| id.into_u64());
    ends(client.get_test_run(id).send().instrument(caller)).await.expect("the run");

    let (calls, attempts) = (recorder.spans("call"), recorder.spans("attempt"));
    let [call] = &calls[..] else { panic!("{calls:?}") };
    let [attempt] = &attempts[..] else { panic!("{attempts:?}") };
    assert_eq!((call.parent, attempt.parent), (outer, call.id));
    assert!(outer.is_some());
    let fields =
        |record: &Record| -> Vec<(String, String)> { record.fields.clone().into_iter().collect() };
    let path = "/cloud/v6/test_runs/{id}";
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    // All of them, so that nothing else is recorded.
    assert_eq!(
        fields(call),
        own(&[
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("k6_cloud.attempts", "1"),
            ("otel.kind", "internal"),
            ("otel.name", "get_test_run"),
            ("url.template", path),
        ])
    );
    let base = fake.base_url();
    let port = base.rsplit(':').next().expect("a port");
    assert_eq!(
        fields(attempt),
        own(&[
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("otel.kind", "client"),
            ("otel.name", "GET /cloud/v6/test_runs/{id}"),
            ("server.address", "127.0.0.1"),
            ("server.port", port),
            ("url.full", &format!("{base}/cloud/v6/test_runs/{id}")),
            ("url.template", path),
        ])
    );
    assert!(recorder.events().is_empty());
}

#[tokio::test]
async fn each_attempt_has_a_span_and_each_pause_an_event() {
    let server =
        Scripted::start([Reply::status(503), Reply::Close, Reply::status(429), Reply::status(204)])
            .await;
    let client = server.client();
    let (recorder, _guard) = Recorder::start();
    ends(client.star_test_run(1).send()).await.expect("the fourth attempt");
    let (calls, attempts) = (recorder.spans("call"), recorder.spans("attempt"));
    assert_eq!((calls.len(), attempts.len()), (1, 4));
    let call = &calls[0];
    assert_eq!(call.get("k6_cloud.attempts"), Some("4"));
    assert_eq!(
        (call.get("http.response.status_code"), call.get("error.type")),
        (Some("204"), None)
    );
    assert_eq!(call.get("otel.status_code"), None, "it went well in the end");
    assert!(attempts.iter().all(|attempt| attempt.parent == call.id), "{attempts:?}");
    let of = |field| attempts.iter().map(|attempt| attempt.get(field)).collect::<Vec<_>>();
    assert_eq!(of("http.request.resend_count"), [None, Some("1"), Some("2"), Some("3")]);
    let statuses = [Some("503"), None, Some("429"), Some("204")];
    assert_eq!(of("http.response.status_code"), statuses);
    assert_eq!(of("error.type"), [Some("503"), Some("transport"), Some("429"), None]);
    let error = Some("ERROR");
    assert_eq!(of("otel.status_code"), [error, error, error, None]);

    let events = recorder.events();
    let of = |field| events.iter().map(|event| event.get(field)).collect::<Vec<_>>();
    assert_eq!(of("attempt"), [Some("1"), Some("2"), Some("3")]);
    assert_eq!(of("pause_ms"), [Some("500"), Some("1000"), Some("2000")]);
    assert_eq!(of("reason"), [Some("503"), Some("transport"), Some("429")]);
    assert!(events.iter().all(|event| event.parent == call.id), "{events:?}");
    assert!(of("message").iter().all(|message| message.is_some_and(|m| m.contains("pause"))));
}

#[tokio::test]
async fn failure_has_its_type() {
    let slow = |builder: k6_cloud::ClientBuilder| builder.timeout(Duration::from_millis(80));
    let large = "x".repeat(2_000);
    for (reply, error_type, status) in [
        (Some(Reply::status(404)), "404", Some("404")),
        (Some(Reply::status(599)), "599", Some("599")),
        (Some(Reply::Close), "transport", None),
        (Some(Reply::Hang), "timeout", None),
        (Some(Reply::text(200, &large)), "too_large", None),
        (None, "connect", None),
    ] {
        let base = match reply {
            Some(reply) => Scripted::start([reply]).await.base,
            None => nobody().await,
        };
        let client = slow(builder(&base)).retries(RetryPolicy::off()).max_body_bytes(1_000);
        let client = client.build().expect("complete");
        let (recorder, _guard) = Recorder::start();
        ends(client.get_test_run(1).send()).await.expect_err("it fails");
        for span in [recorder.spans("call"), recorder.spans("attempt")].concat() {
            assert_eq!(span.get("error.type"), Some(error_type), "{span:?}");
            assert_eq!(span.get("http.response.status_code"), status, "{span:?}");
            assert_eq!(span.get("otel.status_code"), Some("ERROR"), "{span:?}");
        }
        assert_eq!((recorder.spans("call").len(), recorder.spans("attempt").len()), (1, 1));
    }
}

#[tokio::test]
async fn failure_outside_the_attempts_is_in_the_span_of_the_call() {
    let server = Scripted::start([Reply::text(200, "{}")]).await;
    let client = server.client();
    let (recorder, _guard) = Recorder::start();
    ends(client.get_test_run(1).send()).await.expect_err("no run");
    ends(client.authenticate("https://a\nb")).await.expect_err("a line break");
    let types: Vec<_> = recorder
        .spans("call")
        .iter()
        .map(|call| call.get("error.type").map(str::to_owned))
        .collect();
    assert_eq!(types, [Some("decode".to_owned()), Some("invalid_request".to_owned())]);
    let attempts = recorder.spans("attempt");
    assert_eq!((attempts.len(), attempts[0].get("error.type")), (1, None));
}

#[tokio::test]
async fn calls_at_once_have_their_own_attempts() {
    let fake = FakeCloud::builder().runs(0).latency(Duration::from_millis(20)).start().await;
    let fake = fake.expect("the fake starts");
    let ids: Vec<_> = (0..8).map(|_| fake.add_run(RunSeed::passed())).collect();
    let client = fake.client().build().expect("complete");
    let (recorder, _guard) = Recorder::start();
    let calls = ids.iter().map(|id| client.get_test_run(*id).send());
    for run in ends(futures_util::future::join_all(calls)).await {
        run.expect("the run");
    }
    // If a span stayed entered while its call waits, spans of other calls would become its children.
    assert!(recorder.spans("call").iter().all(|call| call.parent.is_none()));
    let attempts = recorder.spans("attempt");
    let parents: std::collections::BTreeSet<_> = attempts.iter().map(|a| a.parent).collect();
    assert_eq!((attempts.len(), parents.len(), parents.contains(&None)), (8, 8, false));
    // No span stays entered afterwards.
    assert!(::tracing::Span::current().is_none());
}

#[tokio::test]
async fn abort_after_a_wait_is_within_the_callers_span() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(RunSeed::running());
    let client = fake.client().build().expect("complete");
    let (recorder, _guard) = Recorder::start();
    let caller = ::tracing::info_span!("caller");
    let outer = caller.id().map(|id| id.into_u64());
    let wait = client.wait_for_test_run(id).timeout(Duration::ZERO).abort_unfinished(true);
    ends(wait.into_future().instrument(caller)).await.expect_err("it goes on");
    let calls = recorder.spans("call");
    let names: Vec<_> = calls.iter().map(|call| call.get("otel.name")).collect();
    assert_eq!(names, [Some("get_test_run"), Some("abort_test_run")]);
    assert!(calls.iter().all(|call| call.parent == outer), "{calls:?}");
}

#[tokio::test]
async fn token_is_in_nothing_that_is_recorded() {
    // Only the first test that gets here can set the logger.
    let _ = log::set_logger(&LOG);
    log::set_max_level(log::LevelFilter::Trace);
    let echo = format!("you sent Bearer {CANARY}");
    let body = json!({ "error": { "code": CANARY, "message": echo, "target": CANARY } });
    let fake = FakeCloud::builder().runs(0).token(CANARY).start().await.expect("it starts");
    let id = fake.add_run(RunSeed::passed());
    let (recorder, _guard) = Recorder::start();

    let good = fake.client().build().expect("complete");
    ends(good.get_test_run(id).send()).await.expect("the run");
    ends(good.get_test_run_script(id)).await.expect("the script");
    ends(good.list_test_runs().stream().try_next()).await.expect("a run");
    ::tracing::trace!(client = ?good, "ours");
    let wrong = fake.client().stack_id(1).build().expect("complete");
    let forbidden = ends(wrong.get_test_run(id).send()).await.expect_err("403");
    let mut errors = vec![forbidden];
    for replies in [
        vec![Reply::json(401, &body).header("x-request-id", CANARY)],
        vec![Reply::text(503, &echo).header("retry-after", "1")],
        vec![Reply::Close],
        vec![Reply::Truncated(echo.repeat(20))],
        vec![Reply::Hang],
        vec![Reply::text(200, &echo), Reply::json(200, &json!({ CANARY: [CANARY], "id": CANARY }))],
        vec![Reply::status(302).header("location", format!("https://example.com/{CANARY}"))],
    ] {
        let server = Scripted::start(replies).await;
        // With the system's clock, so that the timers of the runtime are recorded too.
        let policy = RetryPolicy::default().base_delay(Duration::from_millis(1)).max_attempts(2);
        let client = server.builder().timeout(Duration::from_millis(80)).retries(policy);
        let client = client.clock(SystemClock::new()).build().expect("complete");
        errors.push(ends(client.get_test_run(1).send()).await.expect_err("it fails"));
        let wait = client.wait_for_test_run(1).tolerate(Duration::ZERO).abort_unfinished(true);
        errors.push(ends(wait).await.expect_err("it fails"));
        let download = client.get_test_run_script(1);
        if let Err(error) = ends(download.write_to(&mut tokio::io::sink())).await {
            errors.push(error);
        }
    }
    let client = builder(&nobody().await).build().expect("complete");
    errors.push(ends(client.get_test_run(1).send()).await.expect_err("nobody listens"));
    for error in &errors {
        // As a program would.
        ::tracing::error!(%error, ?error, source = std::error::Error::source(error), "ours");
    }

    let (all, log) = (recorder.all(), LOG.0.lock().expect("unpoisoned").clone());
    assert!(recorder.spans("attempt").len() > 20, "nothing is recorded");
    assert!(log.contains("reqwest"), "nothing is logged");
    for (what, text) in [("the spans and events", &all), ("the log", &log)] {
        assert!(!text.contains(CANARY), "{what}: {}", around(text));
    }
}

/// The text around the token.
fn around(text: &str) -> &str {
    let at = text.find(CANARY).unwrap_or_default();
    text.get(at.saturating_sub(200)..at + CANARY.len()).unwrap_or(text)
}

/// The query of a request of the caller's own may have a secret.
#[tokio::test]
async fn query_is_not_recorded() {
    let server = Scripted::start([Reply::Close]).await;
    let client = server.client();
    let (recorder, _guard) = Recorder::start();
    let call = client.request(k6_cloud::Method::GET, "/x").query("apikey", "canary-query");
    ends(call).await.expect_err("it closes");
    let attempts = recorder.spans("attempt");
    assert_eq!(attempts[0].get("url.full"), Some(&*format!("{}/x", server.base)));
    let own = format!("{attempts:?} {:?}", recorder.spans("call"));
    assert!(!own.contains("canary-query"), "{own}");
}

//! The logs of runs.

mod breaks;
mod connecting;
mod fake;
mod limits;
mod lines;
mod server;
#[cfg(feature = "ring")]
mod tls;

use std::time::Duration;

use k6_cloud::logs::{DropReason, DroppedLines, LogEvent, TailLogs};
use k6_cloud::{Client, Error, TestRunId};
use k6_cloud_fake::{FakeCloud, RunSeed};

use self::server::{Answer, LogServer};

/// A fake with a run that goes on, and a client whose logs are at another server.
struct Setup {
    fake: FakeCloud,
    client: Client,
    run: TestRunId,
    server: LogServer,
}

impl Setup {
    async fn start(answers: Vec<Answer>) -> Self {
        let fake = FakeCloud::start().await.expect("starts");
        let run = fake.add_run(RunSeed::running());
        let server = LogServer::start(answers).await;
        let client = fake.client().logs_url(server.url()).timeout(Duration::from_secs(2));
        let client = client.build().expect("complete");
        Self { fake, client, run, server }
    }

    /// Returns a tail that does not wait long for what does not come.
    fn tail(&self) -> TailLogs {
        self.client.tail_logs(self.run).linger(Duration::from_millis(50))
    }

    /// Ends the run.
    fn end(&self) {
        while self.fake.advance_run(self.run).is_some() {}
    }
}

/// Returns the next event, which must come soon.
async fn next(tail: &mut TailLogs) -> Result<Option<LogEvent>, Error> {
    let next = tokio::time::timeout(Duration::from_secs(20), tail.try_next());
    next.await.expect("an event in time")
}

/// Returns the text of the next event, which must be a line.
async fn text(tail: &mut TailLogs) -> String {
    match next(tail).await.expect("no error") {
        Some(LogEvent::Line(line)) => line.text,
        other => panic!("no line: {other:?}"),
    }
}

/// Returns the next event, which must be the news of missing lines.
async fn dropped(tail: &mut TailLogs, reason: DropReason) -> DroppedLines {
    match next(tail).await.expect("no error") {
        Some(LogEvent::Dropped(dropped)) if dropped.reason == reason => dropped,
        other => panic!("not {reason:?}: {other:?}"),
    }
}

/// Returns the error that ends a tail.
async fn error(tail: &mut TailLogs) -> Error {
    loop {
        match next(tail).await {
            Err(error) => {
                assert_eq!(error.operation(), Some("tail_logs"));
                assert!(next(tail).await.expect("nothing more").is_none());
                return error;
            }
            Ok(Some(_)) => {}
            Ok(None) => panic!("no error"),
        }
    }
}

//! When a tail ends: some time after its run.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::types::TestRun;
use crate::{Client, Error, TestRunId};

/// Polls the run, and then gives the logs some time to arrive.
pub(super) struct End {
    stage: Stage,
    linger: Duration,
}

enum Stage {
    Waiting(Pin<Box<dyn Future<Output = Result<TestRun, Error>> + Send>>),
    /// In real time, since the logs come over a network.
    Lingering(Pin<Box<tokio::time::Sleep>>),
}

impl End {
    pub(super) fn of(client: &Client, id: TestRunId, linger: Duration) -> Self {
        let wait = client.wait_for_test_run(id);
        Self { stage: Stage::Waiting(Box::pin(wait.send())), linger }
    }

    /// Returns an end that is never reached.
    pub(super) fn never() -> Self {
        Self { stage: Stage::Waiting(Box::pin(std::future::pending())), linger: Duration::ZERO }
    }

    /// Returns when the tail is to end, or the error if nobody knows whether the run has ended.
    ///
    /// Cancel safe: the next call goes on.
    pub(super) async fn reached(&mut self) -> Result<(), Error> {
        if let Stage::Waiting(wait) = &mut self.stage {
            wait.await?;
            self.stage = Stage::Lingering(Box::pin(tokio::time::sleep(self.linger)));
        }
        if let Stage::Lingering(sleep) = &mut self.stage {
            sleep.await;
        }
        Ok(())
    }
}

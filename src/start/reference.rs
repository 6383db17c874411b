//! References to runs, for other processes.

use serde::{Deserialize, Serialize};

use super::RunHandle;
use crate::{LoadTestId, StackId, TestRunId};

/// The version of the serialized form.
const VERSION: u32 = 1;

/// The ids of a run, to store in a file or pass to another process; from
/// [`RunHandle::detach`](crate::RunHandle::detach).
///
/// It does not contain the token. Its serialized form has a version. Reading a version that this
/// crate does not know is an error.
///
/// ```
/// # use k6_cloud::RunReference;
/// # fn main() -> Result<(), serde_json::Error> {
/// let text = r#"{"version":1,"stack_id":4242,"load_test_id":101,"run_id":900013,"page_url":"https://example.grafana.net/a/k6-app/runs/900013"}"#;
/// let reference: RunReference = serde_json::from_str(text)?;
/// assert_eq!(reference.run_id(), 900_013);
/// assert_eq!(serde_json::to_string(&reference)?, text);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct RunReference {
    stack_id: StackId,
    load_test_id: Option<LoadTestId>,
    run_id: TestRunId,
    page_url: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    stack_id: StackId,
    #[serde(skip_serializing_if = "Option::is_none")]
    load_test_id: Option<LoadTestId>,
    run_id: TestRunId,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_url: Option<String>,
}

impl RunReference {
    pub(super) fn of(handle: &RunHandle) -> Self {
        Self {
            stack_id: handle.client().settings().stack_id(),
            load_test_id: handle.run().map(|run| run.test_id),
            run_id: handle.id(),
            page_url: handle.page_url().map(str::to_owned),
        }
    }

    /// Returns the id of the stack that the run belongs to.
    pub fn stack_id(&self) -> StackId {
        self.stack_id
    }

    /// Returns the id of the load test; `None` if the handle was made from the id of the run.
    pub fn load_test_id(&self) -> Option<LoadTestId> {
        self.load_test_id
    }

    /// Returns the id of the run.
    pub fn run_id(&self) -> TestRunId {
        self.run_id
    }

    /// Returns the address of the run's page in Grafana, if it is known.
    pub fn page_url(&self) -> Option<&str> {
        self.page_url.as_deref().filter(|url| !url.is_empty())
    }
}

impl From<RunReference> for Stored {
    fn from(reference: RunReference) -> Self {
        let RunReference { stack_id, load_test_id, run_id, page_url } = reference;
        Self { version: VERSION, stack_id, load_test_id, run_id, page_url }
    }
}

impl TryFrom<Stored> for RunReference {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let Stored { version, stack_id, load_test_id, run_id, page_url } = stored;
        if version != VERSION {
            return Err(format!(
                "the reference to the run has version {version}, and this version of k6-cloud \
                 reads {VERSION}: resume the run with the version that started it"
            ));
        }
        Ok(Self { stack_id, load_test_id, run_id, page_url })
    }
}

//! The creation of a load test.

use super::form;
use super::source::{ScriptSource, not_read};
use crate::ext::awaitable;
use crate::http::perform_upload;
use crate::operation::Operation as _;
use crate::types::LoadTest;
use crate::wire::IntoOption;
use crate::{Client, Error, ProjectId, builder, random};

/// # Load tests: creating with a script
impl Client {
    /// Creates a load test in a project.
    ///
    /// ```no_run
    /// # use k6_cloud::{ScriptSource, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let script = ScriptSource::path("checkout.js");
    /// let load_test = client.create_load_test(5001, "Checkout").script(script).send().await?;
    /// println!("load test {}", load_test.id);
    /// # Ok(()) }
    /// ```
    ///
    /// API: [load tests](https://grafana.com/docs/grafana-cloud/testing/k6/reference/cloud-rest-api/load-tests/).
    pub fn create_load_test(
        &self,
        project_id: impl Into<ProjectId>,
        name: impl Into<String>,
    ) -> CreateLoadTest {
        CreateLoadTest {
            client: self.clone(),
            project_id: project_id.into(),
            name: name.into(),
            script: None,
            k6_version: None,
        }
    }
}

/// A call that creates a load test; from [`Client::create_load_test`].
///
/// The client retries it only after 429 and if no connection could be made, because the load test
/// was then certainly not created. An upload may take long, as long as it moves: it fails if nothing is
/// sent or received for as long as the client's [`timeout`](crate::ClientBuilder::timeout).
///
/// # Errors
///
/// - [`Conflict`](crate::ErrorKind::Conflict) if the project already has a load test of that name.
/// - [`NotFound`](crate::ErrorKind::NotFound) if the project does not exist.
/// - [`Read`](crate::ErrorKind::Read) if the script cannot be read.
/// - [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) if the connection broke and the load test
///   may have been created.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[derive(Debug)]
#[must_use = "a creation does nothing until it is sent: `.send().await`"]
pub struct CreateLoadTest {
    client: Client,
    project_id: ProjectId,
    name: String,
    script: Option<ScriptSource>,
    k6_version: Option<i64>,
}

impl CreateLoadTest {
    /// Sets the script. A load test without a script cannot be started until one is
    /// [uploaded](Client::upload_load_test_script).
    pub fn script(mut self, script: impl Into<ScriptSource>) -> Self {
        self.script = Some(script.into());
        self
    }

    /// Sets the major version of k6 that runs the test. By default the service chooses its current one.
    pub fn k6_version(mut self, version: impl IntoOption<i64>) -> Self {
        self.k6_version = version.into_option();
        self
    }

    /// Creates the load test; `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [call](Self).
    pub async fn send(self) -> Result<LoadTest, Error> {
        const OPERATION: &str = builder::CreateLoadTest::SPEC.id;
        let version = self.k6_version.map(|version| version.to_string());
        let mut values = vec![("name", self.name.as_str())];
        values.extend(version.as_deref().map(|version| ("k6_version", version)));
        // Random, so that no script can contain it.
        let boundary = format!("k6-cloud-{}", random::uuid()?);
        let file_name = self.script.as_ref().map(ScriptSource::name);
        let form = form::form(&boundary, &values, file_name.as_deref());
        let script = self.script.unwrap_or_else(|| ScriptSource::bytes(""));
        let body = script.body(form.head, form.tail).await;
        let (body, reopen) = body.map_err(|error| not_read(error, OPERATION))?;
        let call =
            builder::CreateLoadTest::new(self.client, self.project_id, form.content_type, body);
        perform_upload(call, reopen).await
    }
}

awaitable! { CreateLoadTest => LoadTest; }

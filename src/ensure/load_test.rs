//! Load tests by name.

use super::same_script::is_stored;
use super::{EnsureOutcome, Ensured, may_exist, not_listed, not_looked_up};
use crate::ext::awaitable;
use crate::types::LoadTest;
use crate::wire::IntoOption;
use crate::{Client, Error, ProjectId, ScriptSource};

/// # Load tests: finding or creating
impl Client {
    /// Finds a load test of a project by its name, or creates it, and gives it a script.
    ///
    /// ```no_run
    /// # use k6_cloud::{ScriptSource, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let project = client.ensure_project("Shop").send().await?.value.id;
    /// let script = ScriptSource::path("checkout.js");
    /// let test = client.ensure_load_test(project, "Checkout").script(script).send().await?;
    /// println!("load test {} was {}", test.value.id, test.outcome);
    /// # Ok(()) }
    /// ```
    pub fn ensure_load_test(
        &self,
        project_id: impl Into<ProjectId>,
        name: impl Into<String>,
    ) -> EnsureLoadTest {
        EnsureLoadTest {
            client: self.clone(),
            project_id: project_id.into(),
            name: name.into(),
            script: None,
            k6_version: None,
        }
    }
}

/// A call that creates or updates a load test; from [`Client::ensure_load_test`].
///
/// It is safe to send again. If the response to the creation is lost, or another process creates the
/// load test at the same time, the call finds the load test in the list, and updates it.
///
/// # Errors
///
/// - [`Conflict`](crate::ErrorKind::Conflict) if the API says that the name is taken, but the list
///   does not have a load test of exactly this name.
/// - [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) if the response to the creation was lost,
///   and the list does not have the load test.
/// - [`NotFound`](crate::ErrorKind::NotFound) if the project does not exist.
/// - [`Read`](crate::ErrorKind::Read) if the script cannot be read.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[derive(Debug)]
#[must_use = "the call does nothing until it is sent: `.send().await`"]
pub struct EnsureLoadTest {
    client: Client,
    project_id: ProjectId,
    name: String,
    script: Option<ScriptSource>,
    k6_version: Option<i64>,
}

impl EnsureLoadTest {
    /// Sets the script. Without this, an existing load test keeps its script.
    ///
    /// If the load test exists, its script is downloaded and compared, and only another one is
    /// uploaded. A script from a reader or a pipe can be read only once, so it is always uploaded.
    pub fn script(mut self, script: impl Into<ScriptSource>) -> Self {
        self.script = Some(script.into());
        self
    }

    /// Sets the major version of k6 that runs the test. Without this, an existing load test keeps its
    /// version, and a new one gets the current version.
    pub fn k6_version(mut self, version: impl IntoOption<i64>) -> Self {
        self.k6_version = version.into_option();
        self
    }

    /// Creates or updates the load test; `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [call](Self).
    pub async fn send(mut self) -> Result<Ensured<LoadTest>, Error> {
        if let Some(found) = find(&self.client, self.project_id, &self.name).await? {
            return self.update(found).await;
        }
        let create = self.client.create_load_test(self.project_id, &self.name);
        let mut create = create.k6_version(self.k6_version);
        let script = self.script.take();
        if let Some(script) = script {
            // Kept for an update, if somebody else creates the load test first.
            self.script = if script.is_repeatable().await { script.copy() } else { None };
            create = create.script(script);
        }
        match create.send().await {
            Ok(value) => Ok(Ensured { value, outcome: EnsureOutcome::Created }),
            Err(error) if may_exist(&error) => {
                match find(&self.client, self.project_id, &self.name).await {
                    Ok(Some(found)) => self.update(found).await,
                    Ok(None) => Err(not_listed(error, "load test")),
                    Err(list) => Err(not_looked_up(error, &list)),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn update(self, found: LoadTest) -> Result<Ensured<LoadTest>, Error> {
        let (client, id) = (self.client, found.id);
        let mut outcome = match (&self.script, self.k6_version) {
            (None, None) => EnsureOutcome::Found,
            _ => EnsureOutcome::Unchanged,
        };
        let mut value = found;
        if let Some(version) = self.k6_version
            && value.k6_version != Some(version)
        {
            client.update_load_test(id).k6_version(version).send().await?;
            value = client.get_load_test(id).send().await?;
            outcome = EnsureOutcome::Updated;
        }
        if let Some(script) = self.script
            && !is_stored(&client, id, script.copy()).await?
        {
            client.upload_load_test_script(id, script).send().await?;
            outcome = EnsureOutcome::Updated;
        }
        Ok(Ensured { value, outcome })
    }
}

/// Finds a load test by its project and name.
async fn find(client: &Client, project: ProjectId, name: &str) -> Result<Option<LoadTest>, Error> {
    let mut tests = client.list_project_load_tests(project).name(name).stream();
    while let Some(test) = tests.try_next().await? {
        // A server that ignores the filter lists other load tests too, whose script this call must not
        // replace.
        if test.name == name {
            return Ok(Some(test));
        }
    }
    Ok(None)
}

awaitable! { EnsureLoadTest => Ensured<LoadTest>; }

//! The names of projects and load tests, by their ids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::TestRun;
use crate::{Client, Error, LoadTestId, ProjectId};

/// # Names of projects and load tests
impl Client {
    /// Returns a lookup of the names of projects and load tests, for reports of runs, which only have
    /// the ids.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut names = client.resource_names();
    /// let mut runs = client.list_test_runs().stream();
    /// while let Some(run) = runs.try_next().await? {
    ///     let names = names.of_run(&run).await?;
    ///     println!("{} {}", run.id, names.load_test.unwrap_or_default());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn resource_names(&self) -> ResourceNames {
        ResourceNames {
            client: self.clone(),
            projects: BTreeMap::new(),
            load_tests: BTreeMap::new(),
        }
    }
}

/// Looks up names by ids, each id once; from [`Client::resource_names`].
#[derive(Clone, Debug)]
pub struct ResourceNames {
    client: Client,
    projects: BTreeMap<ProjectId, Option<String>>,
    load_tests: BTreeMap<LoadTestId, Option<String>>,
}

/// The names of a run's project and load test, from [`ResourceNames::of_run`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunNames {
    /// The name of the project; `None` if the project does not exist any more.
    pub project: Option<String>,
    /// The name of the load test; `None` if the load test does not exist any more.
    pub load_test: Option<String>,
}

impl ResourceNames {
    /// Returns the name of a project; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send), except
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn project(&mut self, id: impl Into<ProjectId>) -> Result<Option<String>, Error> {
        let id = id.into();
        if let Some(name) = self.projects.get(&id) {
            return Ok(name.clone());
        }
        let found = existing(self.client.get_project(id).send().await)?;
        let name = found.map(|project| project.name);
        self.projects.insert(id, name.clone());
        Ok(name)
    }

    /// Returns the name of a load test; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Those of [`project`](Self::project).
    pub async fn load_test(&mut self, id: impl Into<LoadTestId>) -> Result<Option<String>, Error> {
        let id = id.into();
        if let Some(name) = self.load_tests.get(&id) {
            return Ok(name.clone());
        }
        let found = existing(self.client.get_load_test(id).send().await)?;
        let name = found.map(|load_test| load_test.name);
        self.load_tests.insert(id, name.clone());
        Ok(name)
    }

    /// Returns the names of a run's project and load test.
    ///
    /// # Errors
    ///
    /// Those of [`project`](Self::project).
    pub async fn of_run(&mut self, run: &TestRun) -> Result<RunNames, Error> {
        let project = self.project(run.project_id).await?;
        let load_test = self.load_test(run.test_id).await?;
        Ok(RunNames { project, load_test })
    }
}

fn existing<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

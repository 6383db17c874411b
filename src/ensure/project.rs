//! Projects by name.

use super::{EnsureOutcome, Ensured, may_exist, not_listed, not_looked_up};
use crate::ext::awaitable;
use crate::types::Project;
use crate::{Client, Error};

/// # Projects: finding or creating
impl Client {
    /// Finds a project by its name, or creates it.
    ///
    /// ```no_run
    /// # use k6_cloud::prelude::*;
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let project = client.ensure_project("Shop").send().await?;
    /// println!("project {} was {}", project.value.id, project.outcome);
    /// # Ok(()) }
    /// ```
    pub fn ensure_project(&self, name: impl Into<String>) -> EnsureProject {
        EnsureProject { client: self.clone(), name: name.into() }
    }
}

/// A call that finds or creates a project; from [`Client::ensure_project`].
///
/// It is safe to send again. If the response to the creation is lost, or another process creates the
/// project at the same time, the call finds the project in the list.
///
/// # Errors
///
/// - [`Conflict`](crate::ErrorKind::Conflict) if the API says that the name is taken, but the list
///   does not have a project of exactly this name.
/// - [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) if the response to the creation was lost,
///   and the list does not have the project.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[derive(Clone, Debug)]
#[must_use = "the call does nothing until it is sent: `.send().await`"]
pub struct EnsureProject {
    client: Client,
    name: String,
}

impl EnsureProject {
    /// Finds or creates the project. The outcome is [`Found`](EnsureOutcome::Found) or
    /// [`Created`](EnsureOutcome::Created). `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [call](Self).
    pub async fn send(self) -> Result<Ensured<Project>, Error> {
        if let Some(value) = self.find().await? {
            return Ok(Ensured { value, outcome: EnsureOutcome::Found });
        }
        match self.client.create_project(&self.name).send().await {
            Ok(value) => Ok(Ensured { value, outcome: EnsureOutcome::Created }),
            Err(error) if may_exist(&error) => match self.find().await {
                Ok(Some(value)) => Ok(Ensured { value, outcome: EnsureOutcome::Found }),
                Ok(None) => Err(not_listed(error, "project")),
                Err(list) => Err(not_looked_up(error, &list)),
            },
            Err(error) => Err(error),
        }
    }

    async fn find(&self) -> Result<Option<Project>, Error> {
        let mut projects = self.client.list_projects().name(&self.name).stream();
        while let Some(project) = projects.try_next().await? {
            // A server that ignores the filter lists other projects too.
            if project.name == self.name {
                return Ok(Some(project));
            }
        }
        Ok(None)
    }
}

awaitable! { EnsureProject => Ensured<Project>; }

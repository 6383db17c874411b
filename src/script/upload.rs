//! Uploads of scripts.

use bytes::Bytes;

use super::source::{ScriptSource, not_read};
use crate::ext::awaitable;
use crate::http::perform_upload;
use crate::operation::Operation as _;
use crate::{Client, Error, LoadTestId, builder};

/// # Load tests: replacing the script
impl Client {
    /// Replaces the script of a load test. Its earlier runs keep the script that they were started with.
    ///
    /// ```no_run
    /// # use k6_cloud::{ScriptSource, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// client.upload_load_test_script(101, ScriptSource::path("checkout.tar")).send().await?;
    /// # Ok(()) }
    /// ```
    pub fn upload_load_test_script(
        &self,
        id: impl Into<LoadTestId>,
        script: impl Into<ScriptSource>,
    ) -> UploadLoadTestScript {
        UploadLoadTestScript { client: self.clone(), id: id.into(), script: script.into() }
    }
}

/// An upload of a script; from [`Client::upload_load_test_script`].
///
/// The client retries it like any `PUT`, unless the script comes from a reader. An attempt
/// may take long, as long as it moves: it fails if nothing is sent or received for as long as the client's
/// [`timeout`](crate::ClientBuilder::timeout).
///
/// # Errors
///
/// - [`NotFound`](crate::ErrorKind::NotFound) if the load test does not exist.
/// - [`Read`](crate::ErrorKind::Read) if the script cannot be read.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[derive(Debug)]
#[must_use = "an upload does nothing until it is sent: `.send().await`"]
pub struct UploadLoadTestScript {
    client: Client,
    id: LoadTestId,
    script: ScriptSource,
}

impl UploadLoadTestScript {
    /// Uploads the script; `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [upload](Self).
    pub async fn send(self) -> Result<(), Error> {
        let operation = builder::UploadLoadTestScript::SPEC.id;
        let body = self.script.body(Bytes::new(), Bytes::new()).await;
        let (body, reopen) = body.map_err(|error| not_read(error, operation))?;
        let call = builder::UploadLoadTestScript::new(self.client, self.id, body);
        perform_upload(call, reopen).await
    }
}

awaitable! { UploadLoadTestScript => (); }

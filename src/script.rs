//! The scripts of test runs.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use reqwest::header::{CONTENT_TYPE, TRANSFER_ENCODING};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::call::perform_response;
use crate::error;
use crate::transport::Limits;
use crate::{ByteStream, Client, Error, ErrorKind, ResponseValue};

/// Takes the number of bytes so far and, if it is known, of all.
type Report = dyn FnMut(u64, Option<u64>) + Send;

const OPERATION: &str = "get_test_run_script";
const JAVASCRIPT: &str = "text/javascript";
const ARCHIVE: &str = "application/x-tar";
/// Where a tar archive has its magic bytes, and which.
const MAGIC: (usize, &[u8]) = (257, b"ustar");

/// The script of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Script {
    /// A single file of JavaScript.
    JavaScript(String),
    /// A k6 archive, which is a tar file: the script with the files that it needs.
    Archive(Bytes),
}

impl Script {
    /// Returns which kind of script it is.
    pub fn kind(&self) -> ScriptKind {
        match self {
            Self::JavaScript(_) => ScriptKind::JavaScript,
            Self::Archive(_) => ScriptKind::Archive,
        }
    }

    /// Returns the script as it came.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::JavaScript(text) => text.as_bytes(),
            Self::Archive(bytes) => bytes,
        }
    }
}

/// The kinds of [`Script`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptKind {
    /// A single file of JavaScript, `.js`.
    JavaScript,
    /// A k6 archive, `.tar`.
    Archive,
}

impl ScriptKind {
    /// Returns the extension that files of this kind have: `js` or `tar`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::JavaScript => "js",
            Self::Archive => "tar",
        }
    }
}

/// What was written by [`TestRunScript::write_to`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The kind of script.
    pub kind: ScriptKind,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Client {
    /// Downloads the script that a test run was made with.
    ///
    /// ```no_run
    /// # use k6_cloud::{Script, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// match client.test_run_script(42).await? {
    ///     Script::JavaScript(text) => println!("{text}"),
    ///     archive => println!("an archive of {} bytes", archive.as_bytes().len()),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// API: [test runs](https://grafana.com/docs/grafana-cloud/testing/k6/reference/cloud-rest-api/test-runs/).
    pub fn test_run_script(&self, id: i64) -> TestRunScript {
        TestRunScript { client: self.clone(), id, max_bytes: None, on_progress: None }
    }
}

/// A download of a script; from [`Client::test_run_script`].
///
/// Awaiting it gives the [`Script`]; [`write_to`](Self::write_to) writes it as it comes in. What
/// the script is, is told by its first bytes where they are those of a tar archive, and otherwise
/// by the answer's `Content-Type`.
///
/// # Errors
///
/// [`NotFound`](ErrorKind::NotFound) when there is no such run;
/// [`LimitExceeded`](ErrorKind::LimitExceeded) when the script is larger than
/// [`max_bytes`](Self::max_bytes); [`Decode`](ErrorKind::Decode) when the answer is neither kind of
/// script, such as the HTML of a proxy; and the other kinds of [`call`](crate::Call::call).
#[must_use = "a download does nothing unless awaited"]
pub struct TestRunScript {
    client: Client,
    id: i64,
    max_bytes: Option<u64>,
    on_progress: Option<Box<Report>>,
}

impl TestRunScript {
    /// Limits the size of the script, in bytes; by default it is that of every answer,
    /// [`ClientBuilder::max_body_bytes`](crate::ClientBuilder::max_body_bytes).
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Calls a function after each part that [`write_to`](Self::write_to) has written, with the
    /// number of bytes so far and, if the server has told it, of all.
    pub fn on_progress(mut self, report: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(report));
        self
    }

    /// Writes the script as it comes in, without keeping it in memory, and flushes the writer.
    ///
    /// A download that breaks off is not repeated: what was written stays written.
    ///
    /// # Errors
    ///
    /// Those of the [download](Self), and [`Write`](ErrorKind::Write) when the writer fails. An
    /// answer that is no script is refused before anything is written.
    pub async fn write_to<W>(mut self, writer: &mut W) -> Result<Written, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let mut report = self.on_progress.take();
        let limits = Limits { max_body_bytes: self.max_bytes, ..Limits::default() };
        let (response, attempts) = request(&self.client, self.id, limits).await?;
        let status = response.status();
        let told = |error: Error| error.with_attempts(attempts, status);
        // A length beside a transfer coding means nothing.
        let coded = response.headers().contains_key(TRANSFER_ENCODING);
        let total = response.content_length().filter(|_| !coded);
        let content_type = content_type(&response);
        let mut chunks = response.into_inner_stream();
        let mut next =
            async || chunks.try_next().await.map_err(|e| told(error::of_download(e, OPERATION)));

        let mut head = Vec::new();
        while head.len() < MAGIC.0 + MAGIC.1.len() {
            let Some(chunk) = next().await? else { break };
            head.extend_from_slice(&chunk);
        }
        let kind = kind(content_type.as_deref(), &head).map_err(told)?;
        let mut bytes = 0;
        let mut chunk = Bytes::from(head);
        loop {
            let written = bytes;
            let failed = |error| {
                let summary = format!("writing the script failed after {written} bytes");
                let made = Error::new(ErrorKind::Write, summary).with_operation(OPERATION);
                told(made.with_source(error))
            };
            writer.write_all(&chunk).await.map_err(failed)?;
            bytes += chunk.len() as u64;
            if let Some(report) = &mut report {
                report(bytes, total);
            }
            match next().await? {
                Some(next) => chunk = next,
                None => {
                    writer.flush().await.map_err(failed)?;
                    return Ok(Written { kind, bytes });
                }
            }
        }
    }
}

async fn request(
    client: &Client,
    id: i64,
    limits: Limits,
) -> Result<(ResponseValue<ByteStream>, u32), Error> {
    let accept = format!("{JAVASCRIPT}, {ARCHIVE}");
    perform_response(client.get_test_run_script().id(id).accept(accept), limits).await
}

impl IntoFuture for TestRunScript {
    type Output = Result<Script, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { client, id, max_bytes, .. } = self;
        Box::pin(async move {
            let limits = Limits { max_body_bytes: max_bytes, buffered: true, ..Limits::default() };
            let (response, attempts) = request(&client, id, limits).await?;
            let status = response.status();
            let told = |error: Error| error.with_attempts(attempts, status);
            let content_type = content_type(&response);
            let mut chunks = response.into_inner_stream();
            // Read to its end already, and therefore in one piece.
            let mut body = Bytes::new();
            while let Some(chunk) =
                chunks.try_next().await.map_err(|e| told(error::of_download(e, OPERATION)))?
            {
                body = if body.is_empty() { chunk } else { [body, chunk].concat().into() };
            }
            match kind(content_type.as_deref(), &body).map_err(told)? {
                ScriptKind::Archive => Ok(Script::Archive(body)),
                ScriptKind::JavaScript => match String::from_utf8(body.into()) {
                    Ok(text) => Ok(Script::JavaScript(text)),
                    Err(error) => {
                        let made = unreadable("the script is not UTF-8");
                        Err(told(made.with_source(error.utf8_error())))
                    }
                },
            }
        })
    }
}

impl fmt::Debug for TestRunScript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TestRunScript")
            .field("id", &self.id)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}

fn content_type(response: &ResponseValue<ByteStream>) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn unreadable(summary: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, summary).with_operation(OPERATION)
}

/// Tells the kinds apart. The bytes come before what is said about them: what is not a tar archive
/// was once taken for JavaScript, whatever it was.
fn kind(content_type: Option<&str>, head: &[u8]) -> Result<ScriptKind, Error> {
    if head.get(MAGIC.0..).is_some_and(|rest| rest.starts_with(MAGIC.1)) {
        return Ok(ScriptKind::Archive);
    }
    match content_type {
        Some(JAVASCRIPT | "application/javascript" | "application/x-javascript") => {
            Ok(ScriptKind::JavaScript)
        }
        // An archive from before the magic bytes.
        Some(ARCHIVE | "application/tar") if !head.is_empty() => Ok(ScriptKind::Archive),
        None | Some("" | "text/plain" | "application/octet-stream")
            if !head.is_empty() && !head.contains(&0) =>
        {
            Ok(ScriptKind::JavaScript)
        }
        Some(other) if !other.is_empty() => {
            let other: String = other.chars().filter(char::is_ascii_graphic).take(80).collect();
            Err(unreadable(format!("the answer is no script: it is of the type {other}")))
        }
        _ => Err(unreadable("the answer is no script, and does not tell its type")),
    }
}

#[cfg(test)]
mod tests {
    use super::{ScriptKind, kind};

    #[test]
    fn kind_is_told_by_the_bytes_and_then_by_the_type() {
        use ScriptKind::{Archive, JavaScript};
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let old_tar = [b'a', 0, 0];
        let js = b"export default () => {}".as_slice();
        for (content_type, head, expected) in [
            (Some("text/javascript"), js, Some(JavaScript)),
            (Some("application/javascript"), js, Some(JavaScript)),
            (Some("application/x-tar"), tar.as_slice(), Some(Archive)),
            (Some("text/javascript"), tar.as_slice(), Some(Archive)),
            (None, tar.as_slice(), Some(Archive)),
            (Some("application/x-tar"), old_tar.as_slice(), Some(Archive)),
            (Some("application/octet-stream"), js, Some(JavaScript)),
            (None, js, Some(JavaScript)),
            (Some("text/javascript"), b"".as_slice(), Some(JavaScript)),
            (Some("text/html"), b"<html>".as_slice(), None),
            (Some("application/json"), b"{}".as_slice(), None),
            (Some("application/octet-stream"), old_tar.as_slice(), None),
            (Some("application/x-tar"), b"".as_slice(), None),
            (None, b"".as_slice(), None),
        ] {
            assert_eq!(kind(content_type, head).ok(), expected, "{content_type:?} {head:?}");
        }
    }
}

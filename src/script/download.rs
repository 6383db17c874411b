//! Downloads of scripts.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use reqwest::header::{CONTENT_TYPE, TRANSFER_ENCODING};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{ARCHIVE, JAVASCRIPT, MAGIC, Script, ScriptKind, is_archive};
use crate::error::error_of_download;
use crate::http::{CallLimits, perform_response};
use crate::{ByteStream, Client, Error, ErrorKind, ResponseValue};

/// Takes the number of bytes so far and, if it is known, of all.
type Report = dyn FnMut(u64, Option<u64>) + Send;

type Awaited = Pin<Box<dyn Future<Output = Result<Script, Error>> + Send>>;

/// What was written by `write_to` of a [`TestRunScript`] or a [`LoadTestScript`].
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
        TestRunScript(Download::new(self, Owner::TestRun(id)))
    }

    /// Downloads the script that a load test has now; each of its runs has the one that it was made
    /// with.
    ///
    /// ```no_run
    /// # use k6_cloud::{ScriptKind, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let archive = client.load_test_script(101).accept(ScriptKind::Archive).await;
    /// match archive {
    ///     Ok(archive) => println!("an archive of {} bytes", archive.as_bytes().len()),
    ///     Err(error) if error.is_not_acceptable() => println!("it is a single file"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn load_test_script(&self, id: i64) -> LoadTestScript {
        LoadTestScript(Download::new(self, Owner::LoadTest(id)))
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
#[derive(Debug)]
#[must_use = "a download does nothing unless awaited"]
pub struct TestRunScript(Download);

impl TestRunScript {
    /// Limits the size of the script, in bytes; by default it is that of every answer,
    /// [`ClientBuilder::max_body_bytes`](crate::ClientBuilder::max_body_bytes).
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.0.max_bytes = Some(bytes);
        self
    }

    /// Calls a function after each part that [`write_to`](Self::write_to) has written, with the
    /// number of bytes so far and, if the server has told it, of all.
    pub fn on_progress(mut self, report: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.0.on_progress = Some(Box::new(report));
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
    pub async fn write_to<W>(self, writer: &mut W) -> Result<Written, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        self.0.write_to(writer).await
    }
}

impl IntoFuture for TestRunScript {
    type Output = Result<Script, Error>;
    type IntoFuture = Awaited;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.read())
    }
}

/// A download of a script; from [`Client::load_test_script`].
///
/// It is like that of a run, [`TestRunScript`], and can ask for a kind.
///
/// # Errors
///
/// [`NotAcceptable`](ErrorKind::NotAcceptable) when the script is not of the kind that was asked
/// for; [`NotFound`](ErrorKind::NotFound) when there is no such load test, or it has no script; and
/// the other kinds of [`TestRunScript`].
#[derive(Debug)]
#[must_use = "a download does nothing unless awaited"]
pub struct LoadTestScript(Download);

impl LoadTestScript {
    /// Asks for one kind of script; by default either is taken.
    ///
    /// The API does not turn one kind into the other: it refuses.
    pub fn accept(mut self, kind: ScriptKind) -> Self {
        self.0.ask.accept = Some(kind);
        self
    }

    /// Limits the size of the script; see [`TestRunScript::max_bytes`].
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.0.max_bytes = Some(bytes);
        self
    }

    /// Calls a function after each part that was written; see [`TestRunScript::on_progress`].
    pub fn on_progress(mut self, report: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.0.on_progress = Some(Box::new(report));
        self
    }

    /// Writes the script as it comes in; see [`TestRunScript::write_to`].
    ///
    /// # Errors
    ///
    /// Those of the [download](Self), and [`Write`](ErrorKind::Write) when the writer fails.
    pub async fn write_to<W>(self, writer: &mut W) -> Result<Written, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        self.0.write_to(writer).await
    }
}

impl IntoFuture for LoadTestScript {
    type Output = Result<Script, Error>;
    type IntoFuture = Awaited;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.read())
    }
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    TestRun(i64),
    LoadTest(i64),
}

impl Owner {
    fn operation(self) -> &'static str {
        match self {
            Self::TestRun(_) => "get_test_run_script",
            Self::LoadTest(_) => "get_load_test_script",
        }
    }
}

/// What is asked of the API; apart from the report, which no two threads may share.
#[derive(Debug)]
struct Ask {
    client: Client,
    owner: Owner,
    /// `None` for either.
    accept: Option<ScriptKind>,
}

struct Download {
    ask: Ask,
    max_bytes: Option<u64>,
    on_progress: Option<Box<Report>>,
}

impl Download {
    fn new(client: &Client, owner: Owner) -> Self {
        let ask = Ask { client: client.clone(), owner, accept: None };
        Self { ask, max_bytes: None, on_progress: None }
    }

    async fn write_to<W>(mut self, writer: &mut W) -> Result<Written, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let mut report = self.on_progress.take();
        let limits = CallLimits { max_body_bytes: self.max_bytes, ..CallLimits::default() };
        let (response, attempts) = self.ask.send(limits).await?;
        let operation = self.ask.owner.operation();
        let status = response.status();
        let told = |error: Error| error.with_attempts(attempts, status);
        // A length beside a transfer coding means nothing.
        let coded = response.headers().contains_key(TRANSFER_ENCODING);
        let total = response.content_length().filter(|_| !coded);
        let content_type = content_type(&response);
        let mut chunks = response.into_inner_stream();
        let mut next =
            async || chunks.try_next().await.map_err(|e| told(error_of_download(e, operation)));

        let mut head = Vec::new();
        while head.len() < MAGIC.0 + MAGIC.1.len() {
            let Some(chunk) = next().await? else { break };
            head.extend_from_slice(&chunk);
        }
        let kind = kind(content_type.as_deref(), &head)
            .map_err(|what| told(unreadable(what, operation)))?;
        let mut bytes = 0;
        let mut chunk = Bytes::from(head);
        loop {
            let written = bytes;
            let failed = |error| {
                let summary = format!("writing the script failed after {written} bytes");
                let made = Error::new(ErrorKind::Write, summary).with_operation(operation);
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

    async fn read(self) -> Result<Script, Error> {
        let limits =
            CallLimits { max_body_bytes: self.max_bytes, buffered: true, ..CallLimits::default() };
        let (response, attempts) = self.ask.send(limits).await?;
        let operation = self.ask.owner.operation();
        let status = response.status();
        let told = |error: Error| error.with_attempts(attempts, status);
        let content_type = content_type(&response);
        let mut chunks = response.into_inner_stream();
        // Read to its end already, and therefore in one piece.
        let mut body = Bytes::new();
        while let Some(chunk) =
            chunks.try_next().await.map_err(|e| told(error_of_download(e, operation)))?
        {
            body = if body.is_empty() { chunk } else { [body, chunk].concat().into() };
        }
        let kind = kind(content_type.as_deref(), &body)
            .map_err(|what| told(unreadable(what, operation)))?;
        match kind {
            ScriptKind::Archive => Ok(Script::Archive(body)),
            ScriptKind::JavaScript => match String::from_utf8(body.into()) {
                Ok(text) => Ok(Script::JavaScript(text)),
                Err(error) => {
                    let made = unreadable("the script is not UTF-8", operation);
                    Err(told(made.with_source(error.utf8_error())))
                }
            },
        }
    }
}

impl Ask {
    async fn send(&self, limits: CallLimits) -> Result<(ResponseValue<ByteStream>, u32), Error> {
        let accept = match self.accept {
            Some(kind) => kind.media_type().to_owned(),
            None => format!("{JAVASCRIPT}, {ARCHIVE}"),
        };
        match self.owner {
            Owner::TestRun(id) => {
                perform_response(self.client.get_test_run_script().id(id).accept(accept), limits)
                    .await
            }
            Owner::LoadTest(id) => {
                perform_response(self.client.get_load_test_script().id(id).accept(accept), limits)
                    .await
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Download")
            .field("ask", &self.ask)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}

fn content_type(response: &ResponseValue<ByteStream>) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn unreadable(summary: impl Into<String>, operation: &'static str) -> Error {
    Error::new(ErrorKind::Decode, summary).with_operation(operation)
}

/// Tells the kinds apart. The bytes come before what is said about them: what is not a tar archive
/// was once taken for JavaScript, whatever it was.
fn kind(content_type: Option<&str>, head: &[u8]) -> Result<ScriptKind, String> {
    if is_archive(head) {
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
            Err(format!("the answer is no script: it is of the type {other}"))
        }
        _ => Err("the answer is no script, and does not tell its type".to_owned()),
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

//! Downloads of scripts.

use std::fmt;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{ARCHIVE, JAVASCRIPT, Script, ScriptKind, kind};
use crate::error::{FOREIGN, Redact, compressed_summary, error_of_download};
use crate::ext::awaitable;
use crate::http::failure::content_encoding;
use crate::http::{CallLimits, perform_response};
use crate::operation::{Operation, OperationSpec};
use crate::{ByteStream, Client, Error, ErrorKind, LoadTestId, ResponseValue, TestRunId, builder};

/// Takes the number of bytes so far and the total, if that is known.
type Report = dyn FnMut(u64, Option<u64>) + Send;

/// A script that [`ScriptDownload::write_to`] has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenScript {
    /// The kind of script.
    pub kind: ScriptKind,
    /// Its size in bytes.
    pub bytes: u64,
}

/// # Scripts of test runs and load tests
impl Client {
    /// Downloads the script that a test run was started with.
    ///
    /// ```no_run
    /// # use k6_cloud::{Script, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// match client.get_test_run_script(42).send().await? {
    ///     Script::JavaScript(text) => println!("{text}"),
    ///     archive => println!("an archive of {} bytes", archive.as_bytes().len()),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// API: [test runs](https://grafana.com/docs/grafana-cloud/testing/k6/reference/cloud-rest-api/test-runs/).
    pub fn get_test_run_script(&self, id: impl Into<TestRunId>) -> ScriptDownload {
        ScriptDownload::new(self, Owner::TestRun(id.into()))
    }

    /// Downloads the current script of a load test. Each run keeps the script that it was started
    /// with.
    ///
    /// ```no_run
    /// # use k6_cloud::{ScriptKind, prelude::*};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let archive = client.get_load_test_script(101).accept(ScriptKind::Archive).send().await;
    /// match archive {
    ///     Ok(archive) => println!("an archive of {} bytes", archive.as_bytes().len()),
    ///     Err(error) if error.kind() == ErrorKind::NotAcceptable => println!("a single file"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// API: [load tests](https://grafana.com/docs/grafana-cloud/testing/k6/reference/cloud-rest-api/load-tests/).
    pub fn get_load_test_script(&self, id: impl Into<LoadTestId>) -> ScriptDownload {
        ScriptDownload::new(self, Owner::LoadTest(id.into()))
    }
}

/// A download of a script; from [`Client::get_test_run_script`] and
/// [`Client::get_load_test_script`].
///
/// [`send`](Self::send) and `.await` return the [`Script`]; [`write_to`](Self::write_to) writes it
/// to a writer as it arrives. The kind of script is recognised by the first bytes, or else by the
/// response's `Content-Type`. A download may take long, as long as it moves: it fails if nothing is
/// received for as long as the client's [`timeout`](crate::ClientBuilder::timeout).
///
/// # Errors
///
/// - [`NotFound`](ErrorKind::NotFound) if the run or load test does not exist, or the load test has
///   no script.
/// - [`NotAcceptable`](ErrorKind::NotAcceptable) if the script is not of the kind that
///   [`accept`](Self::accept) sets.
/// - [`LimitExceeded`](ErrorKind::LimitExceeded) if the script is larger than
///   [`max_bytes`](Self::max_bytes).
/// - [`Decode`](ErrorKind::Decode) if the response is not a script, such as the HTML of a proxy.
///
/// The other kinds are those of [`send`](crate::OperationExt::send).
#[must_use = "a download does nothing until it is sent: `.send().await`"]
pub struct ScriptDownload {
    client: Client,
    owner: Owner,
    /// `None` accepts both.
    accept: Option<ScriptKind>,
    max_bytes: Option<u64>,
    on_progress: Option<Box<Report>>,
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    TestRun(TestRunId),
    LoadTest(LoadTestId),
}

impl Owner {
    fn facts(self) -> &'static OperationSpec {
        match self {
            Self::TestRun(_) => builder::GetTestRunScript::SPEC,
            Self::LoadTest(_) => builder::GetLoadTestScript::SPEC,
        }
    }
}

impl ScriptDownload {
    fn new(client: &Client, owner: Owner) -> Self {
        Self { client: client.clone(), owner, accept: None, max_bytes: None, on_progress: None }
    }

    /// Sets the kind of script to accept; by default both.
    ///
    /// The API does not convert one kind into the other: a script of the other kind is an error.
    pub fn accept(mut self, kind: ScriptKind) -> Self {
        self.accept = Some(kind);
        self
    }

    /// Limits the size of the script, in bytes. The default is the limit of every response,
    /// [`ClientBuilder::max_body_bytes`](crate::ClientBuilder::max_body_bytes).
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Calls a function after each part that [`write_to`](Self::write_to) has written. The function
    /// gets the number of bytes so far and the total, if the server sent it.
    pub fn on_progress(mut self, report: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(report));
        self
    }

    /// Downloads the script, and returns it; `.await` does the same.
    ///
    /// # Errors
    ///
    /// Those of the [download](Self).
    pub async fn send(self) -> Result<Script, Error> {
        let mut download = self.start(true).await?;
        // The body is in memory already, so that it comes in one piece.
        let mut body = Bytes::new();
        while let Some(chunk) = download.next().await? {
            body = if body.is_empty() { chunk } else { [body, chunk].concat().into() };
        }
        match download.kind(&body)? {
            ScriptKind::Archive => Ok(Script::Archive(body)),
            ScriptKind::JavaScript => match String::from_utf8(body.into()) {
                Ok(text) => Ok(Script::JavaScript(text)),
                Err(error) => {
                    let made = download.error(ErrorKind::Decode, "the script is not UTF-8");
                    Err(made.with_source(error.utf8_error()))
                }
            },
        }
    }

    /// Writes the script as it arrives, without keeping it in memory, and flushes the writer.
    ///
    /// A download that breaks off is not retried. The bytes before the break stay written.
    ///
    /// # Errors
    ///
    /// Those of the [download](Self), and [`Write`](ErrorKind::Write) if the writer fails. If the
    /// response is not a script, nothing is written.
    pub async fn write_to<W>(mut self, writer: &mut W) -> Result<WrittenScript, Error>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let mut report = self.on_progress.take();
        let mut download = self.start(false).await?;
        let mut head = Vec::new();
        while head.len() < kind::HEAD {
            let Some(chunk) = download.next().await? else { break };
            head.extend_from_slice(&chunk);
        }
        let kind = download.kind(&head)?;
        let mut bytes = 0;
        let mut next = Some(Bytes::from(head));
        while let Some(chunk) = next {
            if let Err(error) = writer.write_all(&chunk).await {
                return Err(download.write_error(bytes, error));
            }
            bytes += chunk.len() as u64;
            if let Some(report) = &mut report {
                report(bytes, download.total);
            }
            next = download.next().await?;
        }
        match writer.flush().await {
            Ok(()) => Ok(WrittenScript { kind, bytes }),
            Err(error) => Err(download.write_error(bytes, error)),
        }
    }

    /// Sends the request. With `buffered`, the response is read to its end first, so that the
    /// client can retry if it breaks off.
    async fn start(self, buffered: bool) -> Result<Download, Error> {
        let limits =
            CallLimits { max_body_bytes: self.max_bytes, buffered, ..CallLimits::default() };
        let accept = match self.accept {
            Some(kind) => kind.media_type().to_owned(),
            None => format!("{JAVASCRIPT}, {ARCHIVE}"),
        };
        let client = self.client.clone();
        let (response, attempts) = match self.owner {
            Owner::TestRun(id) => {
                let call = builder::GetTestRunScript::new(client, id).accept(accept);
                perform_response(call, limits).await?
            }
            Owner::LoadTest(id) => {
                let call = builder::GetLoadTestScript::new(client, id).accept(accept);
                perform_response(call, limits).await?
            }
        };
        let download = Download::of(response, attempts, &self);
        match &download.encoding {
            Some(encoding) => {
                Err(download.error(ErrorKind::Decode, compressed_summary(Some(encoding))))
            }
            None => Ok(download),
        }
    }
}

awaitable! { ScriptDownload => Script; }

impl fmt::Debug for ScriptDownload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScriptDownload")
            .field("owner", &self.owner)
            .field("accept", &self.accept)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}

/// A response that is being read.
struct Download {
    operation: &'static str,
    accept: Option<ScriptKind>,
    status: StatusCode,
    attempts: u32,
    content_type: Option<String>,
    /// The encoding of the body, which the client did not ask for.
    encoding: Option<String>,
    authorization: HeaderValue,
    /// The size of the script, if the server sent it.
    total: Option<u64>,
    chunks: BoxStream<'static, reqwest::Result<Bytes>>,
}

impl Download {
    fn of(response: ResponseValue<ByteStream>, attempts: u32, asked: &ScriptDownload) -> Self {
        // A length has no meaning together with a transfer encoding.
        let encoded = response.headers().contains_key(TRANSFER_ENCODING);
        let authorization = asked.client.inner.shared.authorization.clone();
        let redact = Redact::new(&authorization);
        Self {
            operation: asked.owner.facts().id,
            accept: asked.accept,
            status: response.status(),
            attempts,
            content_type: content_type(&response, redact),
            encoding: content_encoding(response.headers())
                .map(|name| redact.text(&name).chars().take(80).collect()),
            total: response.content_length().filter(|_| !encoded),
            chunks: Box::pin(response.into_inner_stream()),
            authorization,
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let next = self.chunks.try_next().await;
        next.map_err(|error| {
            error_of_download(error, self.operation).with_attempts(self.attempts, self.status)
        })
    }

    /// Returns the kind of the script that begins with `head`, if `accept` allows it.
    fn kind(&self, head: &[u8]) -> Result<ScriptKind, Error> {
        let kind = kind::of_download(self.content_type.as_deref(), head).map_err(|what| {
            let error = self.error(ErrorKind::Decode, what).with_hint(FOREIGN.to_owned());
            match head {
                [] => error,
                _ => error.with_excerpt(head, Redact::new(&self.authorization)),
            }
        })?;
        match self.accept {
            // Not every server respects the header.
            Some(asked) if asked != kind => {
                let what = format!("the script is {kind}, and not {asked}");
                Err(self.error(ErrorKind::NotAcceptable, what))
            }
            _ => Ok(kind),
        }
    }

    fn write_error(&self, written: u64, error: std::io::Error) -> Error {
        let summary = format!("writing the script failed after {written} bytes");
        self.error(ErrorKind::Write, summary).with_source(error)
    }

    fn error(&self, kind: ErrorKind, summary: impl Into<String>) -> Error {
        let made = Error::new(kind, summary).with_operation(self.operation);
        made.with_attempts(self.attempts, self.status)
    }
}

/// Returns the type without parameters and without the token: an error quotes it.
fn content_type(response: &ResponseValue<ByteStream>, redact: Redact<'_>) -> Option<String> {
    let value = redact.text(response.headers().get(CONTENT_TYPE)?.to_str().ok()?);
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

//! Sources of scripts for uploads.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{BufMut as _, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::Script;
use super::kind::is_archive;
use crate::http::ReopenBody;
use crate::http::failure::UploadUnreadable;
use crate::operation::Operation as _;
use crate::{Error, ErrorKind, builder};

/// How many bytes of a file or reader are sent at a time.
const CHUNK: usize = 64 * 1024;

pub(crate) type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// The source of a script to upload: a file, bytes or a reader.
///
/// The API accepts JavaScript and k6 archives (tar files, compressed or not). Files and readers are
/// streamed. A reader cannot be read twice, so its upload is never retried.
///
/// ```no_run
/// # use k6_cloud::{ScriptSource, prelude::*};
/// # async fn example(client: Client, pipe: tokio::net::TcpStream) -> Result<(), Error> {
/// client.upload_load_test_script(101, ScriptSource::path("checkout.js")).await?;
/// client.upload_load_test_script(102, ScriptSource::bytes("export default () => {}")).await?;
/// client.upload_load_test_script(103, ScriptSource::reader(pipe)).await?;
/// // A script that was downloaded.
/// let script = client.get_load_test_script(101).await?;
/// client.upload_load_test_script(104, script).await?;
/// # Ok(()) }
/// ```
pub struct ScriptSource {
    content: Content,
    file_name: Option<String>,
}

enum Content {
    Path(PathBuf),
    Bytes(Bytes),
    Reader(Reader),
}

impl ScriptSource {
    /// Reads the script from a file, which is opened when the upload is sent, and again for each
    /// retry.
    pub fn path(path: impl AsRef<Path>) -> Self {
        Self::new(Content::Path(path.as_ref().to_owned()))
    }

    /// Takes the script from memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// Reads the script from a reader, to its end.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::new(Content::Reader(Box::pin(reader)))
    }

    /// Sets the file name in the form that creates a load test. The default is the name of the file,
    /// or else `script.js` or `archive.tar`.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    fn new(content: Content) -> Self {
        Self { content, file_name: None }
    }

    pub(super) fn name(&self) -> String {
        if let Some(name) = &self.file_name {
            return name.clone();
        }
        match &self.content {
            Content::Path(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            Content::Bytes(bytes) if is_archive(bytes) => Some("archive.tar".to_owned()),
            Content::Bytes(_) | Content::Reader(_) => None,
        }
        .unwrap_or_else(|| "script.js".to_owned())
    }

    /// Returns a copy of the source; `None` for a reader.
    pub(crate) fn copy(&self) -> Option<Self> {
        let content = match &self.content {
            Content::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Content::Path(path) => Content::Path(path.clone()),
            Content::Reader(_) => return None,
        };
        Some(Self { content, file_name: self.file_name.clone() })
    }

    /// Returns whether the script can be read more than once. That of a pipe or a device cannot.
    pub(crate) fn is_repeatable(&self) -> impl Future<Output = bool> + Send + use<> {
        let (path, is_reader) = match &self.content {
            Content::Path(path) => (Some(path.clone()), false),
            Content::Bytes(_) => (None, false),
            Content::Reader(_) => (None, true),
        };
        async move {
            let Some(path) = path else { return !is_reader };
            let metadata = tokio::fs::metadata(path).await;
            metadata.is_ok_and(|metadata| metadata.is_file())
        }
    }

    /// Opens the script.
    pub(crate) async fn into_reader(self) -> Result<Reader, Error> {
        Ok(match self.content {
            Content::Bytes(bytes) => Box::pin(io::Cursor::new(bytes)),
            Content::Path(path) => {
                let file = File::open(&path).await.map_err(|error| {
                    not_read(not_opened(&path, error), builder::UploadLoadTestScript::SPEC.id)
                })?;
                Box::pin(file)
            }
            Content::Reader(reader) => reader,
        })
    }

    /// Returns a body with the script between `head` and `tail`, and a function that makes the body
    /// again.
    pub(super) async fn body(self, head: Bytes, tail: Bytes) -> Result<Opened, UploadUnreadable> {
        match self.content {
            Content::Bytes(script) => {
                let whole =
                    move || reqwest::Body::wrap(ScriptBody::of_bytes([&head, &script, &tail]));
                let body = whole();
                let reopen: ReopenBody =
                    Arc::new(move || Box::pin(std::future::ready(Ok(whole()))));
                Ok((body, Some(reopen)))
            }
            Content::Path(path) => {
                let (body, is_file) = open(&path, head.clone(), tail.clone()).await?;
                let reopen: ReopenBody = Arc::new(move || {
                    let (path, head, tail) = (path.clone(), head.clone(), tail.clone());
                    Box::pin(async move { Ok(open(&path, head, tail).await?.0) })
                });
                // A pipe cannot be read twice.
                Ok((body, Some(reopen).filter(|_| is_file)))
            }
            Content::Reader(reader) => {
                let body = ScriptBody::of_reader(head, reader, None, tail);
                Ok((reqwest::Body::wrap(body), None))
            }
        }
    }
}

type Opened = (reqwest::Body, Option<ReopenBody>);

/// Opens a file. Returns a body with its content, and whether the file can be opened again.
async fn open(
    path: &Path,
    head: Bytes,
    tail: Bytes,
) -> Result<(reqwest::Body, bool), UploadUnreadable> {
    let failed = |error| not_opened(path, error);
    let file = File::open(path).await.map_err(failed)?;
    let metadata = file.metadata().await.map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let length = metadata.is_file().then_some(metadata.len());
    let body = ScriptBody::of_reader(head, Box::pin(file), length, tail);
    Ok((reqwest::Body::wrap(body), metadata.is_file()))
}

fn not_opened(path: &Path, error: io::Error) -> UploadUnreadable {
    UploadUnreadable {
        what: format!(
            "opening the script {} failed",
            visible_text::escaped(&path.to_string_lossy())
        ),
        error: Arc::new(error),
    }
}

/// Returns the error for a script that could not be opened.
pub(super) fn not_read(error: UploadUnreadable, operation: &'static str) -> Error {
    Error::new(ErrorKind::Read, error.to_string()).with_operation(operation).with_source(error)
}

impl From<Script> for ScriptSource {
    fn from(script: Script) -> Self {
        match script {
            Script::JavaScript(text) => Self::bytes(text),
            Script::Archive(bytes) => Self::bytes(bytes),
        }
    }
}

impl From<&Path> for ScriptSource {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<PathBuf> for ScriptSource {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<Bytes> for ScriptSource {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Vec<u8>> for ScriptSource {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl fmt::Debug for ScriptSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content: &dyn fmt::Debug = match &self.content {
            Content::Path(path) => path,
            Content::Bytes(bytes) => &format_args!("{} bytes", bytes.len()),
            Content::Reader(_) => &format_args!("a reader"),
        };
        formatter
            .debug_struct("ScriptSource")
            .field("content", content)
            .field("file_name", &self.file_name)
            .finish()
    }
}

/// The body of an upload: bytes, then a reader, then bytes.
struct ScriptBody {
    head: VecDeque<Bytes>,
    /// Never locked: the mutex only makes the body `Sync`, which reqwest requires.
    reader: Option<Mutex<Reader>>,
    /// The number of bytes that the reader still has, if that is known.
    left: Option<u64>,
    read: u64,
    tail: Bytes,
}

impl ScriptBody {
    fn of_bytes(parts: [&Bytes; 3]) -> Self {
        let head = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect();
        Self { head, reader: None, left: None, read: 0, tail: Bytes::new() }
    }

    fn of_reader(head: Bytes, reader: Reader, length: Option<u64>, tail: Bytes) -> Self {
        let head = Some(head).filter(|head| !head.is_empty()).into_iter().collect();
        // An empty file is at its end already.
        let reader = Some(Mutex::new(reader)).filter(|_| length != Some(0));
        Self { head, reader, left: length, read: 0, tail }
    }

    /// Returns the next bytes of the reader; none at its end.
    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, UploadUnreadable>> {
        let Some(reader) = &mut self.reader else { return Poll::Ready(Ok(None)) };
        let reader = reader.get_mut().unwrap_or_else(PoisonError::into_inner);
        let most = self.left.map_or(CHUNK, |left| usize::try_from(left).unwrap_or(CHUNK));
        let mut chunk = BytesMut::with_capacity(most.min(CHUNK)).limit(most.min(CHUNK));
        let result = ready!(pin!(reader.read_buf(&mut chunk)).poll(context));
        let chunk = chunk.into_inner().freeze();
        let failed = |error: io::Error| UploadUnreadable {
            what: format!("reading the script failed after {} bytes", self.read),
            error: Arc::new(error),
        };
        if let Err(error) = result {
            return Poll::Ready(Err(failed(error)));
        }
        let length = chunk.len() as u64;
        if length == 0 && self.left.is_some_and(|left| left > 0) {
            return Poll::Ready(Err(failed(io::ErrorKind::UnexpectedEof.into())));
        }
        self.read += length;
        self.left = self.left.map(|left| left.saturating_sub(length));
        if length == 0 || self.left == Some(0) {
            self.reader = None;
        }
        Poll::Ready(Ok(Some(chunk).filter(|chunk| !chunk.is_empty())))
    }
}

impl Body for ScriptBody {
    type Data = Bytes;
    type Error = UploadUnreadable;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadUnreadable>>> {
        if let Some(part) = self.head.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        match ready!(self.poll_read(context)) {
            Ok(Some(chunk)) => Poll::Ready(Some(Ok(Frame::data(chunk)))),
            Err(error) => {
                self.reader = None;
                self.tail = Bytes::new();
                Poll::Ready(Some(Err(error)))
            }
            Ok(None) => {
                let tail = std::mem::take(&mut self.tail);
                Poll::Ready(Some(tail).filter(|tail| !tail.is_empty()).map(|t| Ok(Frame::data(t))))
            }
        }
    }

    /// Always false. hyper would send no length for a body that is at its end from the start, but
    /// an empty script has the length 0.
    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        let known = self.head.iter().map(|part| part.len() as u64).sum::<u64>()
            + self.tail.len() as u64
            + self.left.unwrap_or_default();
        if self.reader.is_some() && self.left.is_none() {
            let mut hint = SizeHint::new();
            hint.set_lower(known);
            return hint;
        }
        SizeHint::with_exact(known)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    async fn sent(length: Option<u64>, content: &'static [u8]) -> Result<Bytes, UploadUnreadable> {
        let (head, tail) = (Bytes::from("<"), Bytes::from(">"));
        let body = ScriptBody::of_reader(head, Box::pin(content), length, tail);
        let hint = Body::size_hint(&body);
        assert_eq!(hint.exact(), length.map(|length| length + 2));
        body.collect().await.map(http_body_util::Collected::to_bytes)
    }

    #[tokio::test]
    async fn file_is_sent_as_long_as_it_was_when_it_was_opened() {
        assert_eq!(sent(Some(4), b"1234").await.expect("whole"), "<1234>");
        assert_eq!(sent(Some(4), b"123456").await.expect("it has grown"), "<1234>");
        assert_eq!(sent(Some(0), b"").await.expect("empty"), "<>");
        assert_eq!(sent(None, b"123456").await.expect("to its end"), "<123456>");
        let error = sent(Some(4), b"123").await.expect_err("it has shrunk");
        assert_eq!(error.to_string(), "reading the script failed after 3 bytes");
        assert_eq!(error.error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn debug_shows_no_content() {
        let shown = format!("{:?}", ScriptSource::bytes("secret"));
        assert!(shown.contains("6 bytes") && !shown.contains("secret"), "{shown}");
    }
}

//! The bodies of requests, which are read with limits.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// The largest body that a request may have. Archives with their data can be large.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// The largest body that is read whatever else is in memory.
const SMALL: usize = 1024 * 1024;

/// How many large bodies are in memory at the same time. Others wait.
const LARGE_BODIES: usize = 4;

/// How long a client may pause within a body.
const PAUSE: Duration = Duration::from_secs(30);

/// Reads the bodies of a fake's requests.
pub(crate) struct BodyReader(Semaphore);

impl Default for BodyReader {
    fn default() -> Self {
        Self(Semaphore::new(LARGE_BODIES))
    }
}

/// A body in memory.
#[derive(Default)]
pub(crate) struct ReadBody<'r> {
    pub(crate) bytes: Bytes,
    _permit: Option<SemaphorePermit<'r>>,
}

impl BodyReader {
    /// Reads a body, or says why it cannot be read.
    pub(crate) async fn read(&self, mut body: Body) -> Result<ReadBody<'_>, String> {
        let mut bytes = Vec::new();
        let mut permit = None;
        while let Some(piece) = next(&mut body).await? {
            if bytes.len() + piece.len() > MAX_BODY {
                return Err(format!("it is larger than {MAX_BODY} bytes"));
            }
            if bytes.len() + piece.len() > SMALL && permit.is_none() {
                // The semaphore is never closed.
                permit = self.0.acquire().await.ok();
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(ReadBody { bytes: bytes.into(), _permit: permit })
    }
}

/// Reads a body to its end without keeping it, so that the client can read the response. A body that
/// is too large or too slow is cut off.
pub(crate) fn discard(mut body: Body) {
    tokio::spawn(async move {
        let mut left = MAX_BODY;
        while let Ok(Some(piece)) = next(&mut body).await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                break;
            }
        }
    });
}

/// Returns the next piece of a body, `None` at its end.
async fn next(body: &mut Body) -> Result<Option<Bytes>, String> {
    loop {
        let Ok(frame) = timeout(PAUSE, body.frame()).await else {
            return Err(format!("nothing has come for {} seconds", PAUSE.as_secs()));
        };
        match frame {
            None => return Ok(None),
            Some(Err(error)) => return Err(error.to_string()),
            // Trailers are not data.
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

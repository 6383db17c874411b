//! Compares a script with the stored one, without keeping either in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncReadExt as _, AsyncWrite, ReadBuf};

use crate::script::{Reader, ScriptSource};
use crate::{Client, Error, LoadTestId};

/// How many bytes are compared at a time.
const CHUNK: usize = 16 * 1024;

/// Returns whether the load test has exactly this script. The result is false if one of the two cannot
/// be read, or the given one can be read only once.
///
/// # Errors
///
/// [`Read`](crate::ErrorKind::Read) if the given script cannot be opened.
pub(super) async fn is_stored(
    client: &Client,
    load_test: LoadTestId,
    script: Option<ScriptSource>,
) -> Result<bool, Error> {
    let Some(script) = script else { return Ok(false) };
    if !script.is_repeatable().await {
        return Ok(false);
    }
    let mut comparison = ScriptComparison { given: script.into_reader().await? };
    let download = client.get_load_test_script(load_test).write_to(&mut comparison).await;
    Ok(match download {
        Ok(_) => comparison.is_at_end().await,
        Err(_) => false,
    })
}

/// Takes the stored script, and fails at the first byte that the given script does not have.
struct ScriptComparison {
    given: Reader,
}

impl ScriptComparison {
    async fn is_at_end(&mut self) -> bool {
        matches!(self.given.read(&mut [0]).await, Ok(0))
    }
}

impl AsyncWrite for ScriptComparison {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        stored: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut bytes = [0; CHUNK];
        let mut given = ReadBuf::new(&mut bytes[..stored.len().min(CHUNK)]);
        ready!(self.given.as_mut().poll_read(context, &mut given))?;
        let given = given.filled();
        if given.is_empty() || !stored.starts_with(given) {
            return Poll::Ready(Err(io::Error::other("the scripts differ")));
        }
        Poll::Ready(Ok(given.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::ScriptComparison;

    async fn is_same(given: &'static [u8], stored: &[u8]) -> bool {
        let mut comparison = ScriptComparison { given: Box::pin(given) };
        comparison.write_all(stored).await.is_ok() && comparison.is_at_end().await
    }

    #[tokio::test]
    async fn scripts_are_the_same_only_byte_by_byte() {
        let long: &'static [u8] = Box::leak(vec![b'x'; 100_000].into_boxed_slice());
        assert!(is_same(b"", b"").await);
        assert!(is_same(b"abc", b"abc").await);
        assert!(is_same(long, long).await);
        for (given, stored) in [
            (b"abc".as_slice(), b"abd".as_slice()),
            (b"abc", b"ab"),
            (b"ab", b"abc"),
            (b"", b"a"),
            (b"a", b""),
            (long, &long[1..]),
            (&long[1..], long),
        ] {
            assert!(!is_same(given, stored).await, "{} {}", given.len(), stored.len());
        }
    }
}

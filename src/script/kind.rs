//! Recognises the kinds of scripts.

use super::{ARCHIVE, JAVASCRIPT, ScriptKind};

/// The offset of a tar archive's magic bytes, and the bytes.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");
/// The first bytes of gzip data. k6 archives may be compressed tar files.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// The number of bytes that are needed to recognise the kind.
pub(super) const HEAD: usize = TAR_MAGIC.0 + TAR_MAGIC.1.len();

/// Returns whether these are the first bytes of a k6 archive: a tar file, compressed or not.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(GZIP_MAGIC)
        || head.get(TAR_MAGIC.0..).is_some_and(|rest| rest.starts_with(TAR_MAGIC.1))
}

/// Returns what content is that no script begins like, whatever its type says.
fn page(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match head {
        // A script may begin with a comment of HTML.
        [b'<', b'!', b'-', b'-', ..] => None,
        [b'<', ..] => Some("HTML or XML"),
        [b'{', rest @ ..] if rest.trim_ascii_start().starts_with(b"\"") => Some("JSON"),
        _ => None,
    }
}

/// Returns the kind of a script from its first bytes and its media type, which is in lower case and
/// without parameters. The bytes decide first, because services and proxies label archives in
/// several ways.
///
/// # Errors
///
/// A description of the content that came instead of a script.
pub(super) fn of_download(content_type: Option<&str>, head: &[u8]) -> Result<ScriptKind, String> {
    if is_archive(head) {
        return Ok(ScriptKind::Archive);
    }
    let kind = match content_type {
        Some(JAVASCRIPT | "application/javascript" | "application/x-javascript") => {
            Ok(ScriptKind::JavaScript)
        }
        // A tar file in the old format, without magic bytes.
        Some(ARCHIVE | "application/tar") if !head.is_empty() => Ok(ScriptKind::Archive),
        None | Some("" | "text/plain" | "application/octet-stream")
            if !head.is_empty() && !head.contains(&0) =>
        {
            Ok(ScriptKind::JavaScript)
        }
        Some(other) if !other.is_empty() => {
            let other: String = other.chars().filter(char::is_ascii_graphic).take(80).collect();
            Err(format!("the response is not a script: its type is {other}"))
        }
        _ => Err("the response is not a script, and has no type".to_owned()),
    }?;
    match page(head) {
        Some(other) => Err(format!("the response is not a script: it is {other}")),
        None => Ok(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::{ScriptKind, of_download};

    #[test]
    fn bytes_tell_the_kind_and_then_the_type() {
        use ScriptKind::{Archive, JavaScript};
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let old_tar = [b'a', 0, 0];
        let gzip = [0x1f, 0x8b, 8, 0];
        let js = b"export default () => {}".as_slice();
        for (content_type, head, expected) in [
            (Some("text/javascript"), js, Some(JavaScript)),
            (Some("application/javascript"), js, Some(JavaScript)),
            (Some("application/x-tar"), tar.as_slice(), Some(Archive)),
            (Some("text/javascript"), tar.as_slice(), Some(Archive)),
            (None, tar.as_slice(), Some(Archive)),
            (Some("application/x-tar"), old_tar.as_slice(), Some(Archive)),
            (Some("application/x-tar"), gzip.as_slice(), Some(Archive)),
            (Some("application/gzip"), gzip.as_slice(), Some(Archive)),
            (Some("application/octet-stream"), gzip.as_slice(), Some(Archive)),
            (None, gzip.as_slice(), Some(Archive)),
            (Some("application/octet-stream"), js, Some(JavaScript)),
            (None, js, Some(JavaScript)),
            (Some("text/javascript"), b"".as_slice(), Some(JavaScript)),
            (Some("text/html"), b"<html>".as_slice(), None),
            (Some("text/javascript"), b"\xef\xbb\xbf\n<!DOCTYPE html>".as_slice(), None),
            (Some("text/plain"), b"<?xml version='1.0'?>".as_slice(), None),
            (None, b"{ \"error\": {} }".as_slice(), None),
            (None, b"<!-- a comment -->".as_slice(), Some(JavaScript)),
            (None, b"{ let a = 1 }".as_slice(), Some(JavaScript)),
            (Some("application/json"), b"{}".as_slice(), None),
            (Some("application/octet-stream"), old_tar.as_slice(), None),
            (Some("application/x-tar"), b"".as_slice(), None),
            (None, b"".as_slice(), None),
        ] {
            let found = of_download(content_type, head).ok();
            assert_eq!(found, expected, "{content_type:?} {head:?}");
        }
    }
}

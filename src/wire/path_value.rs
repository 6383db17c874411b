//! A value in the path of a request.

use std::fmt::{self, Write as _};

/// Writes a value percent-encoded, for one segment of a path.
#[allow(dead_code, reason = "the description may have no parameter in a path")]
pub(crate) struct PathValue<'v>(pub(crate) &'v dyn fmt::Display);

impl fmt::Display for PathValue<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Encoded(formatter), "{}", self.0)
    }
}

/// Encodes the text that is written to it.
struct Encoded<'e, 'f>(&'e mut fmt::Formatter<'f>);

impl fmt::Write for Encoded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Bytes that are not ASCII are encoded, so that the plain parts are whole characters.
        for part in text.as_bytes().split_inclusive(|&byte| !is_plain(byte)) {
            let (plain, other) = match part.split_last() {
                Some((&last, plain)) if !is_plain(last) => (plain, Some(last)),
                _ => (part, None),
            };
            self.0.write_str(str::from_utf8(plain).map_err(|_| fmt::Error)?)?;
            if let Some(byte) = other {
                write!(self.0, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// Returns whether a byte stays as it is: the set of the WHATWG for paths, and without `/` and `%`.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'?' | b'`' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::PathValue;

    #[test]
    fn value_is_encoded_as_one_segment() {
        for (value, expected) in [
            ("", ""),
            ("team", "team"),
            ("a/b", "a%2Fb"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("\u{e9}\u{1f600}x", "%C3%A9%F0%9F%98%80x"),
            ("100%", "100%25"),
            ("a\n\0\u{7f}", "a%0A%00%7F"),
            ("!$&'()*+,-.:;=@[\\]^_|~", "!$&'()*+,-.:;=@[\\]^_|~"),
        ] {
            assert_eq!(PathValue(&value).to_string(), expected);
            assert_eq!(progenitor_client::encode_path(value), expected, "as progenitor does");
        }
        assert_eq!(PathValue(&-42).to_string(), "-42");
    }
}

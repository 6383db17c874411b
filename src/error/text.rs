//! Prepares text from a server for messages: without the token, short, and on one line.

use std::borrow::Cow;

use reqwest::header::HeaderValue;

use super::token;

/// The number of bytes that an error shows of a body that is not the API's.
const MAX_EXCERPT: usize = 512;

/// No token is shorter. Shorter text would also match words that are not the token.
const MIN_TOKEN: usize = 8;

/// Removes the token from text of a server, which may send the request's headers back.
#[derive(Clone, Copy)]
pub(crate) struct Redact<'c> {
    /// `None` if it is too short to be a token.
    token: Option<&'c str>,
}

impl<'c> Redact<'c> {
    pub(crate) fn new(authorization: &'c HeaderValue) -> Self {
        let value = authorization.to_str().unwrap_or_default();
        let token = value.strip_prefix("Bearer ").unwrap_or(value);
        Self { token: Some(token).filter(|token| token.len() >= MIN_TOKEN) }
    }

    /// Returns text from the server without the token.
    pub(crate) fn text(self, text: &str) -> String {
        match self.token {
            Some(token) => token::redacted(text, token),
            None => text.to_owned(),
        }
    }

    /// Returns text from the server without the token, short and on one line.
    pub(super) fn line(self, text: &str) -> String {
        excerpt(&self.text(text))
    }

    /// Returns a message of the client that may quote `body`. It is redacted only if the body
    /// contains the token. Otherwise a token that is a common word would damage the message.
    pub(crate) fn line_about(self, body: &[u8], words: &str) -> String {
        if self.is_in(body) { self.line(words) } else { excerpt(words) }
    }

    /// Returns the prefix of the token, if it is a token of Grafana and not of k6.
    pub(super) fn grafana_prefix(self) -> Option<&'static str> {
        ["glsa_", "glc_"]
            .into_iter()
            .find(|prefix| self.token.is_some_and(|t| t.starts_with(prefix)))
    }

    /// Returns whether the body contains the token.
    fn is_in(self, body: &[u8]) -> bool {
        self.token.is_some_and(|token| token::contains(body, token))
    }
}

/// Returns the beginning of a text on one line, without hidden characters, which would let a server
/// rearrange the line.
pub(super) fn excerpt(text: &str) -> String {
    let mut shown = visible_text::line(text, MAX_EXCERPT);
    truncate(&mut shown, MAX_EXCERPT);
    shown
}

/// Cuts a text to at most `max` bytes.
pub(super) fn truncate(text: &mut String, max: usize) {
    if text.len() > max {
        let end = (0..=max).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
}

/// Returns the first `max` bytes as text.
pub(super) fn beginning(body: &[u8], max: usize) -> Cow<'_, str> {
    String::from_utf8_lossy(body.get(..max).unwrap_or(body))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::{MAX_EXCERPT, Redact, excerpt};

    #[test]
    fn excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt("  <html>\r\n\t<p>bad\x07\u{fffd}</p> "), "<html> <p>bad \u{fffd}</p>");
        assert!(excerpt(&"\u{e9}".repeat(MAX_EXCERPT)).len() <= MAX_EXCERPT);
        assert_eq!(excerpt(""), "");
        assert_eq!(excerpt("a\u{61c}b\u{2060}c\u{feff}d\u{202e}e\u{e0041}f"), "abcdef");
    }

    #[test]
    fn token_is_taken_out_of_text_from_a_server() {
        let authorization = HeaderValue::from_static("Bearer canary-1");
        let redact = Redact::new(&authorization);
        assert_eq!(redact.line("got\n`Bearer canary-1`"), "got `Bearer [redacted]`");
    }

    #[test]
    fn text_shorter_than_a_token_is_never_taken_out() {
        for token in ["", "t", "7chars!"] {
            let authorization = HeaderValue::try_from(format!("Bearer {token}")).expect("a header");
            let redact = Redact::new(&authorization);
            assert_eq!(redact.line("the text 7chars!"), "the text 7chars!");
        }
    }

    #[test]
    fn own_words_are_redacted_only_if_the_server_sent_the_token() {
        let authorization = HeaderValue::from_static("Bearer expected");
        let redact = Redact::new(&authorization);
        let words = "invalid type: null, expected i64";
        for body in [&b"{\"id\": null}"[..], b"[1, true, \"other\"]"] {
            assert_eq!(redact.line_about(body, words), words);
        }
        for body in [
            &b"{\"id\": \"expected\"}"[..],
            b"{\"expected\": 1}",
            b"[{\"a\": [\"\\u0065xpected\"]}]",
            // The rest is cut off.
            b"{\"id\": \"\\u0065xpected\"",
        ] {
            let redacted = "invalid type: null, [redacted] i64";
            assert_eq!(redact.line_about(body, words), redacted, "{body:?}");
        }
    }
}

//! Finds a token in text, in the forms in which a server may send it back: as it is, percent-encoded,
//! with the escapes of JSON or HTML, and in base64, as in the header of Basic authentication.

use std::ops::Range;

const REDACTED: &str = "[redacted]";

/// The number of escapes of escapes that are read, such as `%252F` and `\\u002f`.
const MAX_NESTED: usize = 4;

/// Returns the text without the token.
pub(super) fn redacted(text: &str, token: &str) -> String {
    let needles = needles(token);
    let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
    while let Some(found) = find(text.as_bytes(), from, &needles) {
        // Both ends are beside ASCII characters, so that they are boundaries.
        shown.push_str(text.get(from..found.start).unwrap_or_default());
        shown.push_str(REDACTED);
        from = found.end;
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

/// Returns whether the text contains the token.
pub(super) fn contains(text: &[u8], token: &str) -> bool {
    find(text, 0, &needles(token)).is_some()
}

/// Characters to look for.
struct Needle {
    characters: Vec<u8>,
    is_base64: bool,
}

impl Needle {
    /// Returns whether a character of the text is this one. A proxy may change the case of a header.
    fn is(&self, found: u8, wanted: u8) -> bool {
        if self.is_base64 { standard(found) == wanted } else { found.eq_ignore_ascii_case(&wanted) }
    }
}

/// Returns the token, and its base64 for each position of its first byte in a group of three bytes.
fn needles(token: &str) -> Vec<Needle> {
    let plain = Needle { characters: token.into(), is_base64: false };
    let encoded = (0..3)
        .map(|before| Needle { characters: base64(token.as_bytes(), before), is_base64: true });
    std::iter::once(plain).chain(encoded).collect()
}

/// Returns the base64 of `bytes` after `before` others, without the characters that also depend on bytes
/// beside them.
fn base64(bytes: &[u8], before: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
    let first = (before * 8).div_ceil(6);
    let end = (before + bytes.len()) * 8 / 6;
    let characters = (first..end).map(|index| {
        let start = index * 6 - before * 8;
        let value = (start..start + 6).fold(0, |value, at| value << 1 | bit(at));
        ALPHABET[usize::from(value)]
    });
    characters.collect()
}

/// Returns a character of base64 for URLs as the one of standard base64.
fn standard(character: u8) -> u8 {
    match character {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

/// Returns the first occurrence of a needle from `from` on. In base64 it is the whole run, because the
/// characters beside the needle tell a part of the token.
fn find(text: &[u8], from: usize, needles: &[Needle]) -> Option<Range<usize>> {
    (from..text.len()).find_map(|start| {
        needles.iter().find_map(|needle| {
            let first = *needle.characters.first()?;
            let starts =
                needle.is(text[start], first) || matches!(text[start], b'%' | b'\\' | b'&');
            let end = if starts { end_of_match(text, start, needle)? } else { return None };
            if !needle.is_base64 {
                return Some(start..end);
            }
            let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
            let before = text[from..start].iter().rev().take_while(|byte| is_base64(byte)).count();
            let after = text[end..].iter().take_while(|byte| is_base64(byte)).count();
            Some(start - before..end + after)
        })
    })
}

/// Returns where the needle ends in the text, if it begins at `start`.
fn end_of_match(text: &[u8], start: usize, needle: &Needle) -> Option<usize> {
    // A `%` may be itself or begin an escape, so there may be several positions.
    let (mut positions, mut next) = (vec![start], Vec::new());
    for wanted in &needle.characters {
        for position in positions.drain(..) {
            let rest = text.get(position..).unwrap_or_default();
            let literal = rest.first().map(|byte| (*byte, 1));
            for (found, length) in literal.into_iter().chain(escape(rest)) {
                if needle.is(found, *wanted) && !next.contains(&(position + length)) {
                    next.push(position + length);
                }
            }
        }
        if next.is_empty() {
            return None;
        }
        std::mem::swap(&mut positions, &mut next);
    }
    positions.into_iter().max()
}

/// Returns the character that an escape at the beginning of the text stands for, and the escape's length.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text.first()? {
        b'%' => percent(text),
        b'\\' => backslash(text),
        b'&' => entity(text),
        _ => None,
    }
}

/// Reads `%2F`, also as `%252F`.
fn percent(text: &[u8]) -> Option<(u8, usize)> {
    let mut at = 1;
    for _ in 0..MAX_NESTED {
        let is_nested = text.get(at..at + 2) == Some(b"25") && code(text, at + 2, 2, 16).is_some();
        at += if is_nested { 2 } else { break };
    }
    Some((code(text, at, 2, 16)?, at + 2))
}

/// Reads `\u002f`, `\x2f`, `\/` and `\"`, also with several backslashes.
fn backslash(text: &[u8]) -> Option<(u8, usize)> {
    let slashes = text.iter().take(MAX_NESTED).take_while(|byte| **byte == b'\\').count();
    match text.get(slashes) {
        Some(b'u' | b'U') => Some((code(text, slashes + 1, 4, 16)?, slashes + 5)),
        Some(b'x' | b'X') => Some((code(text, slashes + 1, 2, 16)?, slashes + 3)),
        Some(mark @ (b'/' | b'"' | b'\'')) => Some((*mark, slashes + 1)),
        _ if slashes > 1 => Some((b'\\', slashes)),
        _ => None,
    }
}

/// Reads `&#47;`, `&#x2f;` and `&quot;`.
fn entity(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().take(10).position(|byte| *byte == b';')?;
    let found = match text.get(1..end)? {
        b"amp" => b'&',
        b"lt" => b'<',
        b"gt" => b'>',
        b"quot" => b'"',
        b"apos" => b'\'',
        [b'#', b'x' | b'X', ..] => code(text, 3, end - 3, 16)?,
        [b'#', ..] => code(text, 2, end - 2, 10)?,
        _ => return None,
    };
    Some((found, end + 1))
}

/// Reads a number of digits as the code of a character of ASCII.
fn code(text: &[u8], at: usize, digits: usize, radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(at..at + digits)?).ok()?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, radix).ok().filter(|code| all_digits && code.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::{contains, redacted};

    const TOKEN: &str = "k6+Canary/tok%n\"1=";

    #[test]
    fn token_is_found_in_every_form() {
        for form in [
            TOKEN,
            "k6%2BCanary%2Ftok%25n%221%3D",
            "k6%2bCanary%2ftok%25n%221%3d",
            "k6+Canary/tok%25n%221=",
            "k6%252BCanary%252Ftok%2525n%25221%253D",
            r#"k6+Canary\/tok%n\"1="#,
            r#"k6+C\u0061nary\u002Ftok%n\u00221="#,
            r#"k6+Canary\\/tok%n\\\"1="#,
            r#"k6\x2BC\x61nary\X2ftok%n\x221="#,
            "k6%252525252BCanary%252525252Ftok%n\"1=",
            "k6&#43;Canary&#x2F;tok%n&quot;1&#61;",
            "K6+CANARY/TOK%N\"1=",
        ] {
            assert_eq!(
                redacted(&format!("<{form}> \u{e9}"), TOKEN),
                "<[redacted]> \u{e9}",
                "{form}"
            );
            assert!(contains(format!("\u{0}{form}").as_bytes(), TOKEN), "{form}");
        }
        assert_eq!(redacted("k6+Canary/tok%n", TOKEN), "k6+Canary/tok%n");
    }

    #[test]
    fn escape_ends_before_the_digits_that_follow_it() {
        const DIGITS: &str = "k6+41/22~25&7e";
        for form in [
            "k6%2B41%2F22%7E25%267e",
            "k6%252B41%252F22%257E25%25267e",
            r"k6\u002b41\x2f22~25\u00267e",
        ] {
            assert_eq!(redacted(&format!("<{form}>"), DIGITS), "<[redacted]>", "{form}");
        }
    }

    #[test]
    fn base64_of_the_beginning_of_a_token_stays() {
        for text in ["azYrQ2FuYXJ5L3RvayVu", "dTprNitDYW5hcnkvdG9rJW4=", "dXM6azYrQ2FuYXJ5L3RvayVu"]
        {
            assert_eq!(redacted(text, TOKEN), text);
        }
    }

    #[test]
    fn token_is_found_in_base64_with_anything_around_it() {
        // Of `u:TOKEN`, `us:TOKEN`, `TOKEN` and `Bearer TOKEN!`.
        for form in [
            "dTprNitDYW5hcnkvdG9rJW4iMT0=",
            "dXM6azYrQ2FuYXJ5L3RvayVuIjE9",
            "azYrQ2FuYXJ5L3RvayVuIjE9",
            "QmVhcmVyIGs2K0NhbmFyeS90b2slbiIxPSE=",
        ] {
            assert_eq!(
                redacted(&format!("Basic {form}, x"), TOKEN),
                "Basic [redacted], x",
                "{form}"
            );
            let encoded = form.replace('=', "%3D");
            assert!(!redacted(&encoded, TOKEN).contains(&form[8..16]), "{encoded}");
        }
        // Base64 for URLs.
        assert_eq!(redacted("a fn5-fn5-fj5- b", "~~~~~~~>~"), "a [redacted] b");
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "%", "%2", "\\", "\\u00", "&", "&#;", "&#x;", "%25", "100 % of \"k6\""] {
            assert_eq!(redacted(text, TOKEN), text);
        }
        let hostile = "%25".repeat(10_000);
        assert!(redacted(&hostile, &"%".repeat(60)).contains("[redacted]"));
    }
}

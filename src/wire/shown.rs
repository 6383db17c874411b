//! Values in error messages.

use std::fmt;

/// A value in a message, short and on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown(Box<str>);

impl Shown {
    /// The number of characters that are shown of a value.
    const MOST: usize = 64;

    pub(super) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// Puts a string in quotes, and escapes line breaks and hidden characters.
    pub(super) fn quoted(text: &str) -> Self {
        let beginning: String = text.chars().take(Self::MOST).collect();
        let more = if beginning.len() < text.len() { "..." } else { "" };
        let mut shown = String::new();
        // `Debug` takes some hidden characters for letters.
        for c in format!("{beginning:?}{more}").chars() {
            match visible_text::is_hidden(c) {
                true => shown.extend(c.escape_unicode()),
                false => shown.push(c),
            }
        }
        Self(shown.into())
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Shown;

    #[test]
    fn string_is_shown_on_one_line_and_cut() {
        assert_eq!(Shown::quoted("a\n\"b\"").to_string(), r#""a\n\"b\"""#);
        let hidden = Shown::quoted("a\u{202e}b\u{3164}c\u{fe0f}").to_string();
        assert_eq!(hidden, "\"a\\u{202e}b\\u{3164}c\\u{fe0f}\"");
        let long = Shown::quoted(&"\u{fc}".repeat(65)).to_string();
        assert_eq!(long, format!("\"{}\"...", "\u{fc}".repeat(64)));
    }
}

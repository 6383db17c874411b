//! Makes text from elsewhere safe to print.
//!
//! A name or a message from a server can have line breaks, escape sequences of terminals, characters that
//! show nothing and characters that reorder what is around them. [`line()`] takes all of them away,
//! [`escaped`] shows them by their codes, and [`is_hidden`] says which characters these are.
//!
//! ```
//! assert_eq!(visible_text::line("two\nlines \u{1b}[31m", 80), "two lines [31m");
//! ```

/// Returns `text` on one line, with at most `max` characters.
///
/// White space of any length becomes one space, and white space at both ends goes. Hidden characters
/// ([`is_hidden`]) go, except for joiners and variation selectors between characters beyond ASCII, where
/// scripts and emoji need them. `...` follows if the text was longer.
#[must_use]
pub fn line(text: &str, max: usize) -> String {
    let mut line = String::new();
    let mut characters = 0;
    let mut space = false;
    let mut joiner = None;
    let mut last = None;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            space = last.is_some();
            joiner = None;
            continue;
        }
        if is_hidden(c) {
            // Only the first of several: a row of them hides something.
            let fits = is_joiner(c) && !space && joiner.is_none();
            if fits && last.is_some_and(|last: char| !last.is_ascii()) {
                match is_selector(c) {
                    true => line.push(c),
                    false => joiner = Some(c),
                }
            }
            continue;
        }
        let length = 1 + usize::from(space);
        if characters + length > max {
            line.push_str("...");
            return line;
        }
        if std::mem::take(&mut space) {
            line.push(' ');
        }
        if let Some(joiner) = joiner.take().filter(|_| !c.is_ascii()) {
            line.push(joiner);
        }
        line.push(c);
        characters += length;
        last = Some(c);
    }
    line
}

/// Returns `text` on one line, with its hidden characters shown by their codes, such as `U+200B`. White
/// space becomes spaces.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            line.push(' ');
        } else if is_hidden(c) {
            line.push_str(&format!("U+{:04X}", u32::from(c)));
        } else {
            line.push(c);
        }
    }
    line
}

/// Returns whether a character is a control, or shows nothing and could change how others are shown.
///
/// These are the characters that Unicode calls control, format, line separator, paragraph separator or
/// default ignorable, noncharacters, and the blank pattern of braille.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(
        c as u32,
        0x00..=0x1F
            | 0x7F..=0x9F
            | 0xAD
            | 0x34F
            | 0x600..=0x605
            | 0x61C
            | 0x6DD
            | 0x70F
            | 0x890..=0x891
            | 0x8E2
            | 0x115F..=0x1160
            | 0x17B4..=0x17B5
            | 0x180B..=0x180F
            | 0x200B..=0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x206F
            | 0x2800
            | 0x3164
            | 0xFDD0..=0xFDEF
            | 0xFE00..=0xFE0F
            | 0xFEFF
            | 0xFFA0
            | 0xFFF0..=0xFFFB
            | 0x110BD
            | 0x110CD
            | 0x13430..=0x1343F
            | 0x1BCA0..=0x1BCA3
            | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF
    ) || c as u32 & 0xFFFE == 0xFFFE
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || is_selector(c)
}

const fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
    use icu_properties::{CodePointMapData, CodePointSetData};

    use super::{escaped, is_hidden, line};

    #[test]
    fn hidden_are_those_that_unicode_says() {
        let category = CodePointMapData::<GeneralCategory>::new();
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for c in '\0'..=char::MAX {
            let by_category = matches!(
                category.get(c),
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            );
            let code = u32::from(c);
            let noncharacter = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
            let expected = by_category || ignorable.contains(c) || noncharacter || c == '\u{2800}';
            assert_eq!(is_hidden(c), expected, "U+{code:04X}");
        }
    }

    #[test]
    fn line_has_nothing_hidden() {
        for (text, expected) in [
            ("a\nb\r\n\tc ", "a b c"),
            ("\u{1b}[31mred", "[31mred"),
            ("a\u{202e}b\u{200b}c\u{feff}\u{61c}\u{2060}d", "abcd"),
            ("\u{2028}a\u{2029}b\u{85}c", "a b c"),
            (
                "gr\u{f6}\u{df}er \u{2192} \u{8a66}\u{9a13}",
                "gr\u{f6}\u{df}er \u{2192} \u{8a66}\u{9a13}",
            ),
            ("", ""),
            (" \u{200b} ", ""),
        ] {
            assert_eq!(line(text, 80), expected, "{text:?}");
        }
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        let heart = "\u{2764}\u{fe0f}";
        let persian = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}";
        for text in [family, heart, persian] {
            assert_eq!(line(text, 80), text);
        }
        assert_eq!(line("a\u{200d}b \u{200d}\u{1f468}\u{200d}\u{200d}", 80), "ab \u{1f468}");
    }

    #[test]
    fn line_is_cut() {
        assert_eq!(line("\u{fc}\u{fc}\u{fc}", 3), "\u{fc}\u{fc}\u{fc}");
        assert_eq!(line("\u{fc}\u{fc}\u{fc}\u{fc}", 3), "\u{fc}\u{fc}\u{fc}...");
        assert_eq!(line("ab  cd", 3), "ab...");
        assert_eq!(line("abc\n", 3), "abc");
        assert_eq!(line("a", 0), "...");
    }

    #[test]
    fn escaped_shows_codes() {
        assert_eq!(
            escaped("a\u{200b}b\u{202e}c\u{1b}[31m\u{e0041}\nd"),
            "aU+200BbU+202EcU+001B[31mU+E0041 d"
        );
    }
}

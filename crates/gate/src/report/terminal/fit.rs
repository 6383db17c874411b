//! Texts in columns of a terminal, where a character takes no column, one or two.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Returns how many columns a text takes at most. Terminals differ on sequences of emoji, so each
/// character counts.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(of_char).sum::<usize>().max(text.width())
}

fn of_char(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Leaves out the middle of a text that is too wide.
pub(super) fn cut_middle(text: &str, most: usize, ellipsis: &str) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(width(ellipsis));
    let end = beginning(text.chars().rev(), room / 2);
    let start = beginning(text.chars(), room - room / 2);
    format!("{start}{ellipsis}{}", end.chars().rev().collect::<String>())
}

fn beginning(chars: impl Iterator<Item = char>, most: usize) -> String {
    let mut taken = 0;
    chars
        .take_while(|c| {
            taken += of_char(*c);
            taken <= most
        })
        .collect()
}

/// Breaks a text into lines, at spaces where there are any.
pub(super) fn wrap(text: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > most {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if width(&line) + of_char(c) > most {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

pub(super) fn pad_left(line: &mut String, text: &str, to: usize) {
    line.push_str(&" ".repeat(to.saturating_sub(width(text))));
    line.push_str(text);
}

pub(super) fn pad_right(line: &mut String, text: &str, to: usize) {
    line.push_str(text);
    line.push_str(&" ".repeat(to.saturating_sub(width(text))));
}

#[cfg(test)]
mod tests {
    use super::{cut_middle, width, wrap};

    #[test]
    fn wide_text_is_cut_in_the_middle() {
        assert_eq!(cut_middle("abcdefghij", 7, "..."), "ab...ij");
        assert_eq!(cut_middle("abcdefghij", 10, "..."), "abcdefghij");
        // Each of these characters takes two columns.
        let cut = cut_middle("\u{4f60}\u{597d}\u{4e16}\u{754c}", 6, "\u{2026}");
        assert!(width(&cut) <= 6, "{cut}");
        assert_eq!(cut, "\u{4f60}\u{2026}\u{754c}");
        assert_eq!(cut_middle("abc", 0, ""), "");
    }

    #[test]
    fn text_is_wrapped_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("abcdefg h", 3), ["abc", "def", "g h"]);
        assert!(wrap("", 3).is_empty());
    }
}

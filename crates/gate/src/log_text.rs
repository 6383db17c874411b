//! Text from elsewhere in a log.

/// The longest line that is shown.
const MAX_LINE: usize = 2_000;

/// Returns text from elsewhere as one line of a log, in which nothing acts: no control of a terminal, no
/// hidden character, and no command of a CI system.
pub(crate) fn log_line(text: &str) -> String {
    without_commands(&visible_text::line(text, MAX_LINE))
}

/// Breaks what CI systems read as a command in a log: `::error::`, `##[error]`, `##vso[..]`, and the line
/// breaks `%0A` and `%0D` in them. A space keeps the text readable.
pub(crate) fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    for (at, c) in text.char_indices() {
        if matches!((last, c), (Some(':'), ':') | (Some('#'), '#')) {
            out.push(' ');
        }
        out.push(c);
        if is_line_break(&text[at..]) {
            out.push(' ');
        }
        last = Some(c);
    }
    out
}

/// Returns whether a text begins with a line break as commands write it.
pub(crate) fn is_line_break(text: &str) -> bool {
    let code = text.strip_prefix('%').and_then(|rest| rest.get(..2)).unwrap_or_default();
    code.eq_ignore_ascii_case("0a") || code.eq_ignore_ascii_case("0d")
}

#[cfg(test)]
mod tests {
    use super::{log_line, without_commands};

    #[test]
    fn commands_are_broken_and_the_rest_stays() {
        for (text, expected) in [
            ("plain text: 100 % of it #1", "plain text: 100 % of it #1"),
            ("::error::pwned", ": :error: :pwned"),
            ("###[error]", "# # #[error]"),
            ("##vso[task.setvariable]", "# #vso[task.setvariable]"),
            ("a%0Ab%0dc%20%", "a% 0Ab% 0dc%20%"),
            ("\u{e9}%0\u{e9}", "\u{e9}%0\u{e9}"),
        ] {
            assert_eq!(without_commands(text), expected);
        }
        assert_eq!(log_line("N\n::error::x\u{1b}[31m\u{202e}"), "N : :error: :x [31m");
        assert!(log_line(&"x".repeat(5_000)).len() < 2_010);
    }
}

//! Descriptions are data. In rustdoc their code would run as doctests, their HTML would render
//! and their links would dangle; here they become text that reads the same and does nothing.

use visible_text::is_hidden;

/// Returns `text` as Markdown that rustdoc renders without running or linking anything.
pub(super) fn neutralise(text: &str) -> String {
    let text: String = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out: Vec<String> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for line in text.lines() {
        let line: String = line
            .chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !is_hidden(*c))
            .collect();
        let trimmed = line.trim_start();
        let run = fence_run(trimmed);
        match (fence, run) {
            (None, Some(opened)) => {
                fence = Some(opened);
                out.push("```text".to_owned());
            }
            (Some((mark, length)), Some((closing, run)))
                if mark == closing
                    && run >= length
                    && trimmed.trim_end().chars().all(|c| c == mark) =>
            {
                fence = None;
                out.push("```".to_owned());
            }
            // Inside a fence only another fence could matter, and a shorter run is text.
            (Some(_), _) => out.push(line.replace("```", "'''").trim_end().to_owned()),
            (None, None) => out.push(escape_line(&line)),
        }
    }
    if fence.is_some() {
        out.push("```".to_owned());
    }
    let joined = out.join("\n");
    joined.trim().to_owned()
}

fn fence_run(trimmed: &str) -> Option<(char, usize)> {
    let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = trimmed.chars().take_while(|c| *c == mark).count();
    // Backticks again on the line are an inline span.
    let rest = &trimmed[length..];
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((mark, length))
}

/// Takes the indentation that would make code of a line, and escapes the rest.
fn escape_line(line: &str) -> String {
    let content = line.trim_start();
    let indent = (line.len() - content.len()).min(3);
    let mut prefix = " ".repeat(indent);
    let mut content = content.trim_end();
    // Behind a list or quote marker, five spaces would start code again.
    while let Some(length) = marker(content) {
        let rest = content[length..].trim_start();
        if rest.is_empty() {
            break;
        }
        prefix.push_str(&content[..length]);
        prefix.push(' ');
        content = rest;
    }
    prefix + &escape_inline(content)
}

/// The length of a list or block quote marker that a space follows.
fn marker(content: &str) -> Option<usize> {
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let length = match content.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'>' if digits == 0 => return Some(1),
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    content[length..].starts_with(' ').then_some(length)
}

fn escape_inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '`' => {
                let run = rest.bytes().take_while(|b| *b == b'`').count();
                let ticks = &rest[..run];
                let close = find_run(&rest[run..], run);
                let end = close.map_or(run, |at| run + at + run);
                if close.is_some() {
                    out.push_str(&rest[..end]);
                } else {
                    // A span that never closes would swallow the lines that follow.
                    ticks.chars().for_each(|tick| out.extend(['\\', tick]));
                }
                rest = &rest[end..];
                continue;
            }
            '\\' => {
                // What is escaped already stays so.
                let next = rest[1..].chars().next();
                out.push('\\');
                if let Some(next) = next.filter(|c| c.is_ascii_punctuation()) {
                    out.push(next);
                    rest = &rest[1 + next.len_utf8()..];
                    continue;
                }
            }
            '<' => out.push_str("\\<"),
            '[' => match link(rest) {
                Some((text, target, length)) => {
                    // A text that reads as another address would lie about where it leads.
                    let lies = text.contains("://") && text != target;
                    let plain = target.starts_with("https://") && !lies;
                    if plain && !target.contains(['<', '>', '`', '\\']) {
                        out.push_str(&format!("[{}]({target})", escape_inline(text)));
                    } else {
                        out.push_str(&escape_inline(text));
                    }
                    rest = &rest[length..];
                    continue;
                }
                None => out.push_str("\\["),
            },
            ']' => out.push_str("\\]"),
            _ => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The offset of the next run of exactly `length` backticks.
fn find_run(text: &str, length: usize) -> Option<usize> {
    let text = head(text);
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let run = text[start..].bytes().take_while(|b| *b == b'`').count();
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// As much of a text as a span or a link may take: a search to the end from each of a million
/// brackets would not end.
fn head(text: &str) -> &str {
    let mut end = text.len().min(2_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Splits `[text](target)` at the start of `rest` into its text, target and length.
fn link(rest: &str) -> Option<(&str, &str, usize)> {
    let rest = head(rest);
    let close = rest.find(']')?;
    let text = &rest[1..close];
    let target = rest[close + 1..].strip_prefix('(')?;
    let end = target.find(')')?;
    let inner = &target[..end];
    (!text.contains('[') && !inner.contains(char::is_whitespace)).then_some((
        text,
        inner,
        close + end + 3,
    ))
}

#[cfg(test)]
mod tests {
    use super::neutralise;

    #[test]
    fn plain_text_is_left_alone() {
        let text = "Returns *runs*.\n\n- one\n- two `a < b`\n\n1. first";
        assert_eq!(neutralise(text), text);
    }

    #[test]
    fn fenced_code_is_marked_as_text() {
        for opening in ["```", "```rust", "~~~", "  ````python title=x"] {
            let run = opening.trim_start().chars().take_while(|c| "`~".contains(*c)).count();
            let close =
                opening.trim_start().chars().next().expect("a mark").to_string().repeat(run);
            let text = format!("{opening}\npanic!()\n{close}\nafter");
            assert_eq!(neutralise(&text), "```text\npanic!()\n```\nafter", "{opening}");
        }
    }

    #[test]
    fn fence_that_never_closes_is_closed() {
        assert_eq!(neutralise("```\nx"), "```text\nx\n```");
    }

    #[test]
    fn indented_code_becomes_text() {
        assert_eq!(neutralise("a\n\n    panic!()\n\tb"), "a\n\n   panic!()\n b");
        assert_eq!(neutralise("-      panic!()"), "- panic!()");
        assert_eq!(neutralise(">     panic!()"), "> panic!()");
    }

    #[test]
    fn html_and_links_do_nothing() {
        assert_eq!(neutralise("a<br/>b"), "a\\<br/>b");
        assert_eq!(neutralise("<script>x"), "\\<script>x");
        assert_eq!(neutralise("[Foo] and [bar][baz]"), "\\[Foo\\] and \\[bar\\]\\[baz\\]");
        assert_eq!(neutralise("see [docs](/docs/x)"), "see docs");
        assert_eq!(neutralise("[docs](https://example.com)"), "[docs](https://example.com)");
        assert_eq!(neutralise("[x](javascript:y)"), "x");
        assert_eq!(neutralise("[https://a.example](https://x.example)"), "https://a.example");
    }

    #[test]
    fn hidden_characters_are_removed() {
        assert_eq!(neutralise("a\u{202e}b\u{200b}c\u{7}"), "abc");
    }

    #[test]
    fn neutralising_twice_changes_nothing() {
        for text in [
            "a<br/>b [Foo] ``x` `",
            "```rust\nx\n```\n    code\n-      y",
            "```\nopen",
            "[docs](https://example.com) [a](b) \\[c\\] \\< d\\e",
            "~~~\n```\n~~~",
        ] {
            let once = neutralise(text);
            assert_eq!(neutralise(&once), once, "{text}");
        }
    }
}

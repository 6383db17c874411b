//! Makes text from a description harmless: it is data, whatever it looks like.
//!
//! Markdown has it only in code spans and code blocks, where nothing is a mention, a link, an image
//! or HTML. Hidden characters are shown, and commands in the log of a workflow are broken up.

/// The text on one line. Control and hidden characters are shown by their numbers.
pub(crate) fn visible(text: &str) -> String {
    commands_broken(&visible_text::escaped(text))
}

/// In the log of a workflow, `::error::` at the start of a line and `##[error]` anywhere are commands.
/// A path in Rust has a name before its colons, so it stays.
fn commands_broken(text: &str) -> String {
    let mut out = text.replace("##[", "## [");
    let mut from = 0;
    while let Some(at) = out.get(from..).and_then(|rest| rest.find("::")) {
        let at = from + at;
        if out[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_') {
            out.insert(at + 1, ' ');
        }
        from = at + 2;
    }
    out
}

/// The first `most` characters of a text.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The text as a code span of Markdown that nothing in it can end.
pub(crate) fn code(text: &str) -> String {
    let text = visible(text);
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Lines as a code block of Markdown that nothing in them can end.
pub(crate) fn block(language: &str, lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}{language}\n");
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    out + &fence + "\n"
}

/// A sentence with names from a description: words that mean nothing to Markdown stay, all others
/// become code.
pub(crate) fn prose(text: &str) -> String {
    let text = visible(text);
    let mut words = Vec::new();
    // Text between two backticks is one name; a backtick without a partner means nothing.
    let parts: Vec<_> = text.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && index + 1 < parts.len() && !part.trim().is_empty() {
            words.push((code(part), true));
            continue;
        }
        for (at, word) in part.split(' ').enumerate() {
            let glued = at == 0 && index > 0;
            let word = match word {
                "" => String::new(),
                word if is_plain(word) => word.to_owned(),
                word => code(word),
            };
            words.push((word, glued));
        }
    }
    let mut out = String::new();
    for (index, (word, glued)) in words.into_iter().enumerate() {
        if index > 0 && !glued && !out.ends_with(' ') {
            out.push(' ');
        }
        // Two code spans side by side would be one.
        if out.ends_with('`') && word.starts_with('`') {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out.trim().to_owned()
}

fn is_plain(word: &str) -> bool {
    let inner = word
        .trim_start_matches(['(', '"', '\''])
        .trim_end_matches(['.', ',', ';', ':', ')', '"', '\'', '?']);
    let known = inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '\'')
        && !inner.starts_with('-')
        && !inner.ends_with('-');
    // `GH-12` and the hash of a commit become links of their own.
    let hash = inner.len() >= 7 && inner.chars().all(|c| c.is_ascii_hexdigit());
    let issue = inner.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("gh-"));
    known && !hash && !issue
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{block, code, cut, prose, visible};

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(
            visible("a\u{200b}b\u{202e}c\u{1b}[31m\u{e0041}"),
            "aU+200BbU+202EcU+001B[31mU+E0041"
        );
        assert_eq!(visible("a\nb\tc"), "a b c");
        assert_eq!(visible("größer → 試験"), "größer → 試験");
    }

    #[test]
    fn commands_of_workflows_are_broken() {
        assert_eq!(visible("::error::x"), ": :error::x");
        assert_eq!(visible("a ##[group]b"), "a ## [group]b");
        assert_eq!(visible("types::Run::id"), "types::Run::id");
    }

    #[test]
    fn code_cannot_be_ended() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" \n"), "(empty)");
        let shown = block("diff", &["+ ```".into(), "+ ````".into()]);
        assert!(shown.starts_with("`````diff\n") && shown.ends_with("\n`````\n"), "{shown}");
    }

    #[test]
    fn prose_keeps_sentences_and_marks_the_rest() {
        assert_eq!(
            prose("The field `status` goes; @me, GH-12 and <b> don't."),
            "The field `status` goes; `@me,` `GH-12` and `<b>` don't."
        );
        assert_eq!(prose("a `b` c ` <i>"), "a `b` c `<i>`");
        assert_eq!(prose("see deadbeef1 and #12"), "see `deadbeef1` and `#12`");
    }

    #[test]
    fn cut_counts_characters() {
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äö", 2), "äö");
    }
}

//! The report of an update, in Markdown: what the stages did that a reviewer should know.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::lower::Note;
use crate::preflight::Summary;

/// What there is to report.
pub(crate) struct Report<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) lines: usize,
    /// Overlay actions that matched nothing.
    pub(crate) unmatched: &'a [String],
    /// Operations that the overlay does not name.
    pub(crate) unnamed: &'a [String],
    pub(crate) notes: &'a [Note],
}

impl Report<'_> {
    /// Renders the report.
    pub(crate) fn to_markdown(&self) -> String {
        let Summary { version, operations, schemas } = self.summary;
        let mut out = format!(
            "# API description {}\n\n{operations} operations, {schemas} schemas, {} generated \
             lines.\n",
            code(version),
            self.lines
        );
        section(&mut out, "Overlay actions that match nothing", self.unmatched);
        section(&mut out, "Operations that keep their published name", self.unnamed);

        let mut rules: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for note in self.notes {
            rules.entry((note.rule, note.effect)).or_default().push(&note.place);
        }
        out.push_str("\n## What the lowering gives up\n\n");
        if rules.is_empty() {
            out.push_str("Nothing.\n");
        }
        for ((rule, effect), places) in rules {
            let count = places.len();
            let _ = writeln!(
                out,
                "<details><summary><code>{rule}</code>: {effect} ({count})</summary>\n"
            );
            for place in places {
                let _ = writeln!(out, "- {}", code(place));
            }
            out.push_str("\n</details>\n");
        }
        out
    }
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(out, "\n## {title}\n");
        for line in lines {
            let _ = writeln!(out, "- {}", code(line));
        }
    }
}

/// Text from a description as an inline span that it cannot leave.
fn code(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '`' || c.is_control() { ' ' } else { c }).collect();
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::lower::Note;
    use crate::preflight::Summary;

    #[test]
    fn report_groups_places_by_rule() {
        let summary = Summary { version: "1.2.3".into(), operations: 2, schemas: 3 };
        let note = |place: &str| Note { rule: "a-rule", effect: "costs x", place: place.into() };
        let report = Report {
            summary: &summary,
            lines: 10,
            unmatched: &["overlay action 1 matches nothing".into()],
            unnamed: &[],
            notes: &[note("/a"), note("/b`\n# c")],
        };
        let text = report.to_markdown();
        assert!(text.starts_with("# API description `1.2.3`\n\n2 operations, 3 schemas, 10"));
        assert!(text.contains("- `overlay action 1 matches nothing`"));
        assert!(text.contains("<code>a-rule</code>: costs x (2)"));
        assert!(text.contains("- `/b  # c`"), "{text}");
        assert!(!text.contains("keep their published name"));
    }
}

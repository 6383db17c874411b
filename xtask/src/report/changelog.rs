//! The entry for CHANGELOG.md, and its way in.

use super::group::{Group, grouped};
use super::neutral::{code, cut, prose};
use super::{Base, Report};
use crate::diff::Severity;

const UNRELEASED: &str = "## Unreleased";
const HEADING: &str = "### API description";
const MAX_OF_VALUE: usize = 100;

/// The lines of the entry: one for each change that weighs more than text. At most `most` of the
/// additive ones.
pub(crate) fn entry(report: &Report, most: usize) -> Vec<String> {
    if !report.differs() {
        return Vec::new();
    }
    let version = &report.summary.version;
    let mut lines = vec![match report.base {
        Base::Known { version: old, .. } if old != version => {
            format!("- Version {}, after {}.", value(version), value(old))
        }
        _ => format!("- Version {}, with changes.", value(version)),
    }];
    let findings = report.findings;
    for (severity, most) in [(Severity::Breaking, usize::MAX), (Severity::Additive, most)] {
        let mark = if severity == Severity::Breaking { "**Breaking:** " } else { "" };
        let mut found: Vec<String> = Vec::new();
        for group in grouped(&findings.with(severity)) {
            let consequence = match severity {
                Severity::Breaking => format!(" {}", prose(&group.first.change.consequence)),
                _ => String::new(),
            };
            let what = sentence(group.first.change.rule.title, mark);
            found.push(format!("- {mark}{what}: {}.{consequence}", subject(&group)));
        }
        for change in findings.unexplained_with(severity) {
            let item = change.new.as_deref().or(change.old.as_deref()).unwrap_or_default();
            let what = sentence(change.rule.title, mark);
            found.push(format!("- {mark}{what}: {}.", value(item)));
        }
        found.dedup();
        let left = found.len().saturating_sub(most);
        found.truncate(most);
        lines.extend(found);
        if left > 0 {
            lines.push(format!("- And {left} more additions."));
        }
    }
    match findings.count(Severity::Text) {
        0 => {}
        1 => lines.push("- One text changed.".to_owned()),
        count => lines.push(format!("- {count} texts changed.")),
    }
    lines
}

/// A title as the beginning of a sentence, or after the mark that begins it.
fn sentence(title: &str, mark: &str) -> String {
    let (first, rest) = title.split_at(title.len().min(1));
    if mark.is_empty() { first.to_ascii_uppercase() + rest } else { title.to_owned() }
}

/// What a change is about, in the words of the description.
fn subject(group: &Group) -> String {
    let change = &group.first.change;
    let of = &change.subject;
    let operations = group.operations();
    let owner = match (&of.component, operations.as_slice()) {
        (Some(component), _) => Some(value(component)),
        (None, []) => of.operation.as_deref().map(value),
        (None, [one]) => Some(value(one)),
        (None, [first, rest @ ..]) => Some(format!("{} and {} more", value(first), rest.len())),
    };
    match (&of.member, owner) {
        (Some(member), Some(owner)) => format!("{} of {owner}", value(member)),
        (Some(member), None) => value(member),
        (None, Some(owner)) => owner,
        (None, None) => value(&change.pointer),
    }
}

fn value(text: &str) -> String {
    code(&cut(text, MAX_OF_VALUE))
}

/// Puts an entry into a changelog under "Unreleased" and "API description", both of which are
/// made where they are missing. Lines that are there already are not repeated, and all others
/// keep their bytes.
pub(crate) fn insert(changelog: &str, entry: &[String]) -> String {
    let lines: Vec<&str> = changelog.split_inclusive('\n').collect();
    let heading = |line: &str, text: &str| line.trim_end() == text;
    let starts = |line: &str, level: &str| line.starts_with(level);

    let unreleased = lines.iter().position(|line| heading(line, UNRELEASED));
    // Before the newest release, or at the end of what has none.
    let first_release = || lines.iter().position(|line| starts(line, "## "));
    let (at, before) = match unreleased {
        None => {
            let at = first_release().unwrap_or(lines.len());
            (at, format!("{UNRELEASED}\n\n{HEADING}\n\n"))
        }
        Some(start) => {
            let end = lines[start + 1..].iter().position(|line| starts(line, "## "));
            let end = end.map_or(lines.len(), |end| start + 1 + end);
            let section = lines[start..end].iter().position(|line| heading(line, HEADING));
            match section {
                None => (end, format!("{HEADING}\n\n")),
                Some(section) => {
                    let section = start + section;
                    let next = lines[section + 1..end].iter().position(|line| starts(line, "### "));
                    let next = next.map_or(end, |next| section + 1 + next);
                    return append(&lines, section, next, entry);
                }
            }
        }
    };
    let head = lines[..at].concat();
    let tail = lines[at..].concat();
    let mut text = head.trim_end_matches('\n').to_owned();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&before);
    for line in entry {
        text.push_str(line);
        text.push('\n');
    }
    if !tail.is_empty() {
        text.push('\n');
        text.push_str(&tail);
    }
    text
}

/// Adds the lines that a section lacks at its end, before its blank lines.
fn append(lines: &[&str], start: usize, end: usize, entry: &[String]) -> String {
    let known: Vec<_> = lines[start..end].iter().map(|line| line.trim_end()).collect();
    let missing: Vec<_> = entry.iter().filter(|line| !known.contains(&line.as_str())).collect();
    if missing.is_empty() {
        return lines.concat();
    }
    let blank = |line: &&&str| line.trim().is_empty();
    let last = end - lines[start..end].iter().rev().take_while(blank).count();
    let mut text = lines[..last].concat();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if last == start + 1 {
        text.push('\n');
    }
    for line in missing {
        text.push_str(line);
        text.push('\n');
    }
    text + &lines[last..].concat()
}

#[cfg(test)]
mod tests {
    use super::insert;

    fn entry() -> Vec<String> {
        vec!["- a".to_owned(), "- b".to_owned()]
    }

    #[test]
    fn entry_goes_to_its_section_once() {
        for (before, after) in [
            (
                "# C\n\n## Unreleased\n\n### API description\n\n- a\n\n## 0.1.0\n\n- x\n",
                "# C\n\n## Unreleased\n\n### API description\n\n- a\n- b\n\n## 0.1.0\n\n- x\n",
            ),
            (
                "# C\n\n## Unreleased\n\n### Added\n\n- z\n\n## 0.1.0\n",
                "# C\n\n## Unreleased\n\n### Added\n\n- z\n\n### API description\n\n- a\n- b\n\n## 0.1.0\n",
            ),
            (
                "# C\n\n## 0.1.0\n\n### API description\n\n- a\n",
                "# C\n\n## Unreleased\n\n### API description\n\n- a\n- b\n\n## 0.1.0\n\n### API description\n\n- a\n",
            ),
            (
                "## Unreleased\n\n### API description\n\n### Fixed\n\n- y",
                "## Unreleased\n\n### API description\n\n- a\n- b\n\n### Fixed\n\n- y",
            ),
            ("", "## Unreleased\n\n### API description\n\n- a\n- b\n"),
        ] {
            let once = insert(before, &entry());
            assert_eq!(once, after);
            assert_eq!(insert(&once, &entry()), once, "a second time");
        }
    }
}

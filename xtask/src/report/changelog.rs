//! The entry for CHANGELOG.md, and how it is added.

use super::group::{ChangeKind, kinds};
use super::neutral::{code, cut, prose};
use super::{Base, Report, plural};
use crate::diff::Severity;

const UNRELEASED: &str = "## Unreleased";
const HEADING: &str = "### API description";
const MAX_VALUE: usize = 100;

/// The most additive items of a kind that are named.
const MAX_ITEMS: usize = 12;

/// The lines of the entry: one for each kind of change, and the number of texts.
pub(crate) fn entry(report: &Report) -> Vec<String> {
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
    for severity in [Severity::Breaking, Severity::Additive] {
        let mark = if severity == Severity::Breaking { "**Breaking:** " } else { "" };
        let mut found: Vec<String> = Vec::new();
        let mut changes = findings.with(severity);
        // No operation uses the scheme, so no user does.
        changes.retain(|found| !found.change.rule.id.starts_with("unused-security-scheme"));
        for kind in kinds(&changes, findings) {
            found.extend(kind_lines(report, &kind, mark));
        }
        for change in findings.unexplained_with(severity) {
            let item = change.new.as_deref().or(change.old.as_deref()).unwrap_or_default();
            found.push(format!("- {mark}{}: {}.", value(item), change.rule.title));
        }
        found.dedup();
        lines.extend(found);
    }
    // The new version is told above.
    let texts = findings.with(Severity::Text).into_iter();
    match texts.filter(|found| found.change.rule.id != "version-raised").count() {
        0 => {}
        count => lines.push(format!("- {} that no program notices.", plural(count, "change"))),
    }
    lines
}

/// The lines of one kind: the Rust items first, then what happened to them.
fn kind_lines(report: &Report, kind: &ChangeKind, mark: &str) -> Vec<String> {
    let title = kind.rule().title;
    let is_breaking = !mark.is_empty();
    if kind.is_separate() || (is_breaking && kind.common_consequence().is_none()) {
        let line = |entry: &super::group::Entry| {
            let lead = entry.lead(&value);
            if !is_breaking {
                return format!("- {lead}: {title}.");
            }
            let (old, new) = entry.values(report.findings);
            let values = match (old, new) {
                (Some(old), Some(new)) => format!(", {} → {}", value(&old), value(&new)),
                _ => String::new(),
            };
            format!("- {mark}{lead}: {title}{values}. {}", prose(&entry.consequence()))
        };
        return kind.entries.iter().map(line).collect();
    }
    let most = if is_breaking { usize::MAX } else { MAX_ITEMS };
    let mut items: Vec<_> =
        kind.entries.iter().take(most).map(|entry| entry.lead(&value)).collect();
    items.dedup();
    if kind.entries.len() > most {
        items.push(format!("{} more", kind.entries.len() - most));
    }
    let consequence = match kind.common_consequence() {
        Some(consequence) if is_breaking => format!(" {}", prose(&consequence)),
        _ => String::new(),
    };
    vec![format!("- {mark}{title}, {} times: {}.{consequence}", kind.count(), items.join("; "))]
}

fn value(text: &str) -> String {
    code(&cut(text, MAX_VALUE))
}

/// Adds an entry to a changelog under "Unreleased" and "API description"; missing headings are added.
/// Lines that are already there are not added again, and all other lines keep their bytes.
pub(crate) fn insert(changelog: &str, entry: &[String]) -> String {
    let lines: Vec<&str> = changelog.split_inclusive('\n').collect();
    let heading = |line: &str, text: &str| line.trim_end() == text;
    let starts = |line: &str, level: &str| line.starts_with(level);

    let unreleased = lines.iter().position(|line| heading(line, UNRELEASED));
    // Before the newest release, or at the end if there is none.
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

/// Adds the lines that a section lacks, at its end and before its blank lines.
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
    fn entry_is_added_to_its_section_once() {
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

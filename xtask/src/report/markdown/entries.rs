//! The entries of the report in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{MAX_VALUE, Markdown, folded};
use crate::diff::Severity;
use crate::report::group::{ChangeKind, Entry};
use crate::report::neutral::{code, cut, prose};
use crate::report::plural;
use crate::surface::SurfaceChange;

/// The most operations that an entry names.
const MAX_OPERATIONS: usize = 3;

/// The most Rust items that an entry names; the diff of the surface has them all.
const MAX_ITEMS: usize = 8;

impl Markdown<'_> {
    /// Changes of the surface alone, by rule.
    pub(super) fn unexplained(
        &self,
        out: &mut String,
        own: &[&SurfaceChange],
        section: &'static str,
        most: usize,
    ) {
        let mut rules: BTreeMap<&str, Vec<&SurfaceChange>> = BTreeMap::new();
        for change in own {
            rules.entry(change.rule.id).or_default().push(change);
        }
        for (rule, changes) in rules {
            let shown = self.shown(section, &changes, most);
            let title = changes[0].rule.title;
            let cause = "no change of the description explains it";
            if let [change] = shown {
                let line = surface_line(change);
                let _ = writeln!(out, "- {line}: {title} (`{rule}`); {cause}.");
                continue;
            }
            let _ = writeln!(out, "- {title} (`{rule}`), {} times; {cause}.", changes.len());
            let lines: String =
                shown.iter().map(|change| format!("- {}\n", surface_line(change))).collect();
            if !lines.is_empty() {
                out.push_str(&indented(&folded(&plural(shown.len(), "item"), &lines)));
            }
        }
    }

    /// All changes with one rule.
    pub(super) fn kind(
        &self,
        out: &mut String,
        kind: &ChangeKind,
        section: &'static str,
        most: usize,
    ) {
        if kind.is_separate() {
            for entry in self.shown(section, &kind.entries, most.max(1)) {
                self.entry(out, entry);
            }
            return;
        }
        let rule = kind.rule();
        let count = kind.count();
        let _ = write!(out, "- {} (`{}`), {count} times", rule.title, rule.id);
        let operations = kind.operations();
        let _ = match operations.as_slice() {
            [] => Ok(()),
            [one] => write!(out, ", in {}", short(one)),
            operations => write!(out, ", in {} operations", operations.len()),
        };
        out.push('.');
        let common = kind.common_consequence();
        if let Some(consequence) = &common {
            let _ = write!(out, " {}", prose(consequence));
        }
        out.push('\n');
        let mut list = String::new();
        for entry in self.shown(section, &kind.entries, most) {
            let _ = write!(list, "- {}", self.fact(entry));
            if common.is_none() {
                let _ = write!(list, " {}", prose(&entry.consequence()));
            }
            list.push('\n');
        }
        if list.is_empty() {
            return;
        }
        let left = kind.entries.len().saturating_sub(most);
        if left > 0 {
            let _ = writeln!(list, "- … and {left} more");
        }
        // What breaks in different ways is read one by one.
        let open = common.is_none() && kind.entries[0].first().severity == Severity::Breaking;
        let list = if open { list } else { folded(&plural(count, "change"), &list) };
        out.push_str(&indented(&list));
    }

    /// The item of an entry with its values, as a sentence.
    fn fact(&self, entry: &Entry) -> String {
        let mut out = entry.lead(&|name| short(name));
        let (old, new) = entry.values(self.report.findings);
        if let Some(values) = values(old.as_deref(), new.as_deref()) {
            let _ = write!(out, ": {values}");
        }
        out.push('.');
        if let Some(note) = entry.note() {
            let _ = write!(out, " {}", prose(&format!("\"{note}\"")));
        }
        out
    }

    fn entry(&self, out: &mut String, entry: &Entry) {
        let change = &entry.first().change;
        let lead = entry.lead(&|name| short(name));
        let _ = write!(out, "- {lead}: {} (`{}`)", change.rule.title, change.rule.id);
        let (old, new) = entry.values(self.report.findings);
        if let Some(values) = values(old.as_deref(), new.as_deref()) {
            let _ = write!(out, ": {values}");
        }
        out.push('.');
        if let Some(note) = entry.note() {
            let _ = write!(out, " {}", prose(&format!("\"{note}\"")));
        }
        let _ = writeln!(out, " {}", prose(&entry.consequence()));
        let operations = entry.operations();
        let _ = match operations.len() {
            0 => Ok(()),
            // The lead names them already.
            _ if operations.iter().all(|name| lead.contains(&short(name))) => Ok(()),
            1..=MAX_OPERATIONS => writeln!(out, "  - used by {}", named(&operations)),
            count => {
                let first = named(&operations[..MAX_OPERATIONS]);
                writeln!(out, "  - used by {count} operations ({first}, …)")
            }
        };
        let places: Vec<_> =
            entry.findings.iter().map(|found| found.change.pointer.as_str()).collect();
        if places.iter().any(|place| !lead.contains(&short(place))) {
            let shown = self.shown("the pointers", &places, self.lengths.details.max(1));
            let _ = write!(out, "  - at {}", named(shown));
            let _ = match places.len() - shown.len() {
                0 => writeln!(out),
                left => writeln!(out, " and {left} more"),
            };
        }
        let surface = entry.surface(self.report.findings);
        let first = &surface[..surface.len().min(MAX_ITEMS)];
        for change in self.shown("the Rust items", first, self.lengths.details) {
            let _ = writeln!(out, "  - Rust: {}", surface_line(change));
        }
        if surface.len() > MAX_ITEMS {
            let more = surface.len() - MAX_ITEMS;
            let _ = writeln!(out, "  - Rust: {more} more under \"Generated surface\"");
        }
    }
}

/// Markdown as a part of the list item above it.
fn indented(text: &str) -> String {
    let mut out = String::from("\n");
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str("  ");
            out.push_str(line);
        }
        out.push('\n');
    }
    out + "\n"
}

pub(super) fn short(text: &str) -> String {
    code(&cut(text, MAX_VALUE))
}

fn named(names: &[&str]) -> String {
    names.iter().map(|name| short(name)).collect::<Vec<_>>().join(", ")
}

fn values(old: Option<&str>, new: Option<&str>) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) => Some(format!("{} → {}", short(old), short(new))),
        (Some(old), None) => Some(format!("was {}", short(old))),
        (None, Some(new)) => Some(short(new)),
        (None, None) => None,
    }
}

fn surface_line(change: &SurfaceChange) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => {
            format!("{} in {}", change.rule.title, short(new))
        }
        (Some(old), None) => format!("{} is gone", short(old)),
        (None, Some(new)) => format!("{} is new", short(new)),
        (old, new) => values(old.as_deref(), new.as_deref()).unwrap_or_default(),
    }
}

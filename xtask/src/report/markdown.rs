//! The report as Markdown, for the description of a pull request.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::group::{Group, grouped};
use super::neutral::{block, code, cut, prose};
use super::{Base, Deprecation, Report, changelog, days_left};
use crate::diff::Severity;
use crate::surface::SurfaceChange;
use openapi_lowering::lower::Note;
use openapi_lowering::preflight::Summary;

/// GitHub takes 65,536 characters; a workflow may add some of its own.
const MAX_BYTES: usize = 60_000;

/// The most characters of a value of the description.
const MAX_OF_VALUE: usize = 160;

/// How much of each folded part is shown, from everything to next to nothing.
const LENGTHS: &[Lengths] = &[
    Lengths { rest: usize::MAX, surface: usize::MAX, additive: usize::MAX, places: usize::MAX },
    Lengths { rest: 100, surface: 400, additive: usize::MAX, places: 100 },
    Lengths { rest: 20, surface: 150, additive: 150, places: 20 },
    Lengths { rest: 0, surface: 40, additive: 40, places: 5 },
    Lengths { rest: 0, surface: 0, additive: 0, places: 1 },
];

#[derive(Clone, Copy)]
struct Lengths {
    /// Entries of each of the folded lists: texts, lossy steps.
    rest: usize,
    /// Lines of the surface's diff.
    surface: usize,
    additive: usize,
    /// Places of one entry.
    places: usize,
}

impl Report<'_> {
    /// Renders the report.
    pub(crate) fn to_markdown(&self) -> String {
        for limits in LENGTHS {
            let text = Markdown { report: self, limits: *limits }.render();
            if text.len() <= MAX_BYTES {
                return text;
            }
        }
        // Only what breaks is left, and even that is too long.
        let last = LENGTHS[LENGTHS.len() - 1];
        let text = Markdown { report: self, limits: last }.render();
        let note = "\n\n> [!WARNING]\n> **This report ends here, within its most important part:** \
                    it is longer than a pull request takes. The report in JSON holds all of it.\n";
        let mut end = MAX_BYTES - note.len();
        // Whole lines, so that no code span is left open.
        while end > 0 && text.as_bytes()[end - 1] != b'\n' {
            end -= 1;
        }
        format!("{}{note}", text[..end].trim_end())
    }
}

struct Markdown<'a> {
    report: &'a Report<'a>,
    limits: Lengths,
}

impl Markdown<'_> {
    fn render(&self) -> String {
        let mut out = self.head();
        self.changes(&mut out, Severity::Breaking, usize::MAX);
        self.changes(&mut out, Severity::Additive, self.limits.additive);
        self.deprecations(&mut out);
        self.acceptance(&mut out);
        self.surface(&mut out);
        self.texts(&mut out);
        self.notes(&mut out);
        self.section(&mut out, "Overlay actions that match nothing", self.report.unmatched);
        let title = "Operations that keep their published name";
        self.section(&mut out, title, self.report.unnamed);
        self.changelog(&mut out);
        if self.limits.rest < usize::MAX {
            let note = "\nThis report is shortened: folded parts were too long. The report in \
                        JSON holds all of it.\n";
            out.push_str(note);
        }
        out
    }

    fn head(&self) -> String {
        let Summary { version, operations, schemas } = self.report.summary;
        let mut out = "# API description ".to_owned();
        match self.report.base {
            Base::Known { version: old, .. } if old != version => {
                let _ = writeln!(out, "{} → {}", short(old), short(version));
            }
            _ => {
                let _ = writeln!(out, "{}", short(version));
            }
        }
        out.push('\n');
        match (self.report.findings.severity(), self.report.base) {
            (_, Base::Missing) => {
                out.push_str("There is no earlier description to compare with.");
            }
            (None, _) => out.push_str("**Nothing changed.**"),
            (Some(severity), _) => {
                let name = match severity {
                    Severity::Breaking => "Breaking",
                    Severity::Additive => "Additive",
                    Severity::Text => "Text only",
                };
                let _ = write!(out, "**{name}**: {}.", self.report.counts());
            }
        }
        if let Some((now, next)) = self.report.versions
            && self.report.differs()
        {
            let _ = write!(out, " Proposed version of the crate: `{now}` → `{next}`.");
        }
        let _ = write!(out, "\n\n{operations} operations, {schemas} schemas");
        if let Base::Known { name, .. } = self.report.base {
            let _ = write!(out, "; compared with {}", code(name));
        }
        out.push_str(".\n");
        if let Base::Known { problem: Some(problem), .. } = self.report.base {
            let _ = write!(
                out,
                "\n> [!WARNING]\n> The base could be compared only in part: {}\n",
                code(&cut(problem, 2 * MAX_OF_VALUE))
            );
        }
        for warning in self.report.warnings {
            let _ = write!(out, "\n> [!WARNING]\n> {}\n", prose(warning));
        }
        out
    }

    fn changes(&self, out: &mut String, severity: Severity, most: usize) {
        let findings = self.report.findings;
        let groups = grouped(&findings.with(severity));
        let own = findings.unexplained_with(severity);
        let count = groups.len() + own.len();
        if count == 0 {
            return;
        }
        let title = if severity == Severity::Breaking { "Breaking" } else { "Additive" };
        let _ = writeln!(out, "\n## {title}\n");
        for group in groups.iter().take(most) {
            self.entry(out, group);
        }
        for change in own.iter().take(most.saturating_sub(groups.len())) {
            let _ = write!(
                out,
                "- `{}`, {}, by no change of the description: ",
                change.rule.id, change.rule.title
            );
            let _ = writeln!(out, "{}", surface_line(change));
        }
        more(out, count, most);
    }

    fn entry(&self, out: &mut String, group: &Group) {
        let change = &group.first.change;
        let _ = write!(out, "- `{}`, {}", change.rule.id, change.rule.title);
        let operations = group.operations();
        let _ = match operations.len() {
            0 => Ok(()),
            1..=3 => write!(out, ": {}", named(&operations)),
            count => write!(out, ", used by {count} operations ({}, …)", named(&operations[..3])),
        };
        if let Some(values) = values(change.old.as_deref(), change.new.as_deref()) {
            let _ = write!(out, ": {values}");
        }
        let consequence = prose(&change.consequence);
        let _ = write!(out, ". {consequence}");
        if change.rule.needs_acceptance {
            out.push_str(" **Needs `--accept security`.**");
        }
        out.push('\n');
        let places: Vec<_> = group.all().map(|found| found.change.pointer.as_str()).collect();
        let shown = &places[..places.len().min(self.limits.places.max(1))];
        let _ = write!(out, "  - at {}", named(shown));
        let _ = match places.len() - shown.len() {
            0 => writeln!(out),
            left => writeln!(out, " and {left} more places"),
        };
        let surface = group.surface();
        let surface = surface.iter().map(|index| &self.report.findings.surface[*index]);
        let surface: Vec<_> = surface.filter(|change| !change.part).collect();
        for change in surface.iter().take(self.limits.places) {
            let _ = writeln!(out, "  - Rust: {}", surface_line(change));
        }
        if surface.len() > self.limits.places {
            let _ = writeln!(out, "  - and {} more items", surface.len() - self.limits.places);
        }
    }

    fn deprecations(&self, out: &mut String) {
        if self.report.deprecations.is_empty() {
            return;
        }
        out.push_str("\n## Deprecations\n\n");
        let most = self.limits.rest.max(20);
        for found in self.report.deprecations.iter().take(most) {
            let Deprecation { operation, replacement, removal, days } = found;
            let _ = write!(out, "- {}", code(operation));
            if let Some(replacement) = replacement {
                let _ = write!(out, ", use {}", code(replacement));
            }
            match (removal, days) {
                (Some(date), Some(days)) if *days < 0 => {
                    let date = code(date);
                    let _ = write!(out, ": **was to be removed on {date}, {}**", days_left(*days));
                }
                (Some(date), Some(days)) => {
                    let _ = write!(out, ": to be removed on {}, {}", code(date), days_left(*days));
                }
                (Some(date), None) => {
                    let _ = write!(out, ": to be removed on {}, which is no date", code(date));
                }
                (None, _) => out.push_str(": no day of removal is announced"),
            }
            out.push('\n');
        }
        more(out, self.report.deprecations.len(), most);
    }

    fn acceptance(&self, out: &mut String) {
        let found = self.report.findings.to_accept();
        if found.is_empty() {
            return;
        }
        out.push_str("\n## Servers and security\n\nAdopted only with `--accept security`:\n\n");
        for group in grouped(&found) {
            let change = &group.first.change;
            let count = group.others.len() + 1;
            let _ = write!(
                out,
                "- `{}` at {}",
                change.rule.id,
                code(&cut(&change.pointer, MAX_OF_VALUE))
            );
            if count > 1 {
                let _ = write!(out, " and {} more places", count - 1);
            }
            out.push('\n');
        }
    }

    fn surface(&self, out: &mut String) {
        let changes = &self.report.findings.surface;
        let lines: Vec<_> = changes.iter().flat_map(diff_lines).collect();
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n## Generated surface\n");
        let shown = &lines[..lines.len().min(self.limits.surface)];
        let mut diff = block("diff", shown);
        more(&mut diff, lines.len(), self.limits.surface);
        match lines.len() {
            ..=20 => out.push_str(&diff),
            count => folded(out, &format!("{count} lines"), &diff),
        }
    }

    fn texts(&self, out: &mut String) {
        let groups = grouped(&self.report.findings.with(Severity::Text));
        if groups.is_empty() {
            return;
        }
        let mut list = String::new();
        for group in groups.iter().take(self.limits.rest) {
            self.entry(&mut list, group);
        }
        more(&mut list, groups.len(), self.limits.rest);
        out.push_str("\n## Text\n\n");
        folded(out, &format!("{} changes that no program notices", groups.len()), &list);
    }

    fn notes(&self, out: &mut String) {
        let known = matches!(self.report.base, Base::Known { .. });
        if known && !self.report.new_notes.is_empty() {
            out.push_str("\n## What the lowering newly gives up\n\n");
            self.by_rule(out, self.report.new_notes);
        }
        out.push_str("\n## What the lowering gives up\n\n");
        if self.report.notes.is_empty() {
            out.push_str("Nothing.\n");
        }
        self.by_rule(out, &self.report.notes.iter().collect::<Vec<_>>());
    }

    fn by_rule(&self, out: &mut String, notes: &[&Note]) {
        let mut rules: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for note in notes {
            rules.entry((note.rule, note.effect)).or_default().push(&note.place);
        }
        for ((rule, effect), places) in rules {
            let mut list = String::new();
            for place in places.iter().take(self.limits.rest) {
                let _ = writeln!(list, "- {}", code(place));
            }
            more(&mut list, places.len(), self.limits.rest);
            folded(out, &format!("<code>{rule}</code>: {effect} ({})", places.len()), &list);
        }
    }

    fn section(&self, out: &mut String, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n## {title}\n");
        let most = self.limits.rest.max(5);
        for line in lines.iter().take(most) {
            let _ = writeln!(out, "- {}", code(&cut(line, 3 * MAX_OF_VALUE)));
        }
        more(out, lines.len(), most);
    }

    fn changelog(&self, out: &mut String) {
        let entry = changelog::entry(self.report, self.limits.additive);
        if entry.is_empty() {
            return;
        }
        out.push_str("\n## CHANGELOG entry\n\nFor \"API description\" under \"Unreleased\":\n\n");
        out.push_str(&block("markdown", &entry));
    }
}

/// Our own words as a summary, with a list or block of Markdown folded away under it.
fn folded(out: &mut String, summary: &str, content: &str) {
    let _ = write!(out, "<details><summary>{summary}</summary>\n\n{content}\n</details>\n");
}

fn more(out: &mut String, count: usize, most: usize) {
    if count > most {
        let _ = writeln!(out, "\n… and {} more.", count - most);
    }
}

fn short(text: &str) -> String {
    code(&cut(text, MAX_OF_VALUE))
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

/// A change as lines of a diff. A mark that comes or goes changes no line of the listing.
fn diff_lines(change: &SurfaceChange) -> Vec<String> {
    let line = |sign: char, text: &str| format!("{sign} {text}");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => {
            vec![line('!', &format!("{new}  # {}", change.rule.title))]
        }
        (old, new) => {
            let old = old.iter().map(|old| line('-', old));
            old.chain(new.iter().map(|new| line('+', new))).collect()
        }
    }
}

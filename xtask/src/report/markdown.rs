//! The report as Markdown, for the description of a pull request.

mod entries;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::group::kinds;
use super::lengths::{Lengths, longest};
use super::neutral::{block, code, cut, prose};
use super::{Base, Deprecation, Report, changelog, days_left, plural};
use crate::diff::Severity;
use crate::surface::SurfaceChange;
use entries::short;
use openapi_lowering::lower::Note;
use openapi_lowering::preflight::Summary;

/// GitHub takes 65,536 characters; a workflow may add some of its own.
const MAX_BYTES: usize = 60_000;

/// The most characters of a value from the description.
const MAX_VALUE: usize = 160;

/// The longest diff of the surface that is not folded.
const MAX_OPEN_LINES: usize = 20;

impl Report<'_> {
    /// Renders the report.
    pub(crate) fn to_markdown(&self) -> String {
        let render = |lengths: Lengths| Markdown::new(self, lengths).render();
        let most = self.findings.changes.len() + self.findings.surface.len() + self.notes.len();
        let fits = |lengths: Lengths| render(lengths).len() <= MAX_BYTES;
        let lengths = longest(most.max(self.deprecations.len()).max(self.operations.len()), &fits);
        let text = render(lengths);
        if text.len() <= MAX_BYTES {
            return text;
        }
        // Even the kinds of changes are too many.
        let note = "> [!WARNING]\n> **This report ends within its list of changes:** it is longer \
                    than a pull request takes. The JSON report has everything.\n\n";
        let mut end = MAX_BYTES - note.len();
        // Only whole lines, so that no code span stays open.
        while end > 0 && text.as_bytes()[end - 1] != b'\n' {
            end -= 1;
        }
        let (first, rest) = text[..end].split_once("\n\n").unwrap_or_default();
        format!("{first}\n\n{note}{}\n", rest.trim_end())
    }
}

struct Markdown<'a> {
    report: &'a Report<'a>,
    lengths: Lengths,
    /// The number of entries that each section leaves out.
    left_out: RefCell<BTreeMap<&'static str, usize>>,
}

impl<'a> Markdown<'a> {
    fn new(report: &'a Report<'a>, lengths: Lengths) -> Self {
        Self { report, lengths, left_out: RefCell::default() }
    }

    fn render(&self) -> String {
        let mut body = String::new();
        self.acceptance(&mut body);
        self.changes(&mut body, Severity::Breaking);
        self.changes(&mut body, Severity::Additive);
        self.deprecations(&mut body);
        self.new_notes(&mut body);
        self.list(&mut body, "Overlay actions that match nothing", self.report.unmatched);
        self.operations(&mut body);
        self.surface(&mut body);
        self.texts(&mut body);
        self.changelog(&mut body);
        let mut out = self.first_line();
        self.shortened(&mut out);
        self.head(&mut out);
        // Folded lists and sections both end with a blank line; nothing in them has two.
        (out + &body).replace("\n\n\n", "\n\n")
    }

    /// Leaves out entries of a section beyond `most`, and counts them.
    fn shown<'t, T>(&self, section: &'static str, all: &'t [T], most: usize) -> &'t [T] {
        let shown = &all[..all.len().min(most)];
        if shown.len() < all.len() {
            *self.left_out.borrow_mut().entry(section).or_default() += all.len() - shown.len();
        }
        shown
    }

    /// The line that lets a reviewer decide.
    fn first_line(&self) -> String {
        let Summary { operations, schemas, .. } = self.report.summary;
        let size = format!("{}, {}", plural(*operations, "operation"), plural(*schemas, "schema"));
        let line = match (self.report.findings.severity(), self.report.base) {
            (_, Base::Missing) => {
                format!("There is no earlier description to compare with: {size}.")
            }
            (None, _) => format!("**Nothing changed.** The description has {size}."),
            (Some(_), _) => format!("{}.", self.report.verdict_line("**")),
        };
        format!("{line}\n\n")
    }

    /// The note about everything that the report leaves out.
    fn shortened(&self, out: &mut String) {
        let left_out = self.left_out.borrow();
        if left_out.is_empty() {
            return;
        }
        let parts = left_out.iter().map(|(section, count)| match count {
            0 => (*section).to_owned(),
            count => format!("{count} of {section}"),
        });
        let parts = parts.collect::<Vec<_>>().join("; ");
        let _ = write!(
            out,
            "> [!NOTE]\n> This report is shortened. Left out: {parts}. The JSON report has \
             everything.\n\n"
        );
    }

    fn head(&self, out: &mut String) {
        let Summary { version, operations, schemas } = self.report.summary;
        out.push_str("API description ");
        match self.report.base {
            Base::Known { version: old, .. } if old != version => {
                let _ = write!(out, "{} → {}", short(old), short(version));
            }
            _ => out.push_str(&short(version)),
        }
        let size = format!("{}, {}", plural(*operations, "operation"), plural(*schemas, "schema"));
        let _ = write!(out, ": {size}");
        if let Base::Known { name, .. } = self.report.base {
            let _ = write!(out, ", compared with {}", code(name));
        }
        out.push('.');
        if let Some((now, next)) = self.report.versions
            && self.report.differs()
        {
            let _ = write!(out, " Proposed version of the crate: `{now}` → `{next}`.");
        }
        out.push('\n');
        if let Base::Known { problem: Some(problem), .. } = self.report.base {
            let _ = write!(
                out,
                "\n> [!WARNING]\n> The base could be compared only in part: {}\n",
                code(&cut(problem, 2 * MAX_VALUE))
            );
        }
        for warning in self.report.all_warnings() {
            let _ = write!(out, "\n> [!WARNING]\n> {}\n", prose(&warning));
        }
    }

    fn acceptance(&self, out: &mut String) {
        let found = self.report.findings.to_accept();
        if found.is_empty() {
            return;
        }
        out.push_str(
            "\n## Servers and security\n\nThese decide who gets the token. They are adopted only \
             with `--accept security`.\n\n",
        );
        for kind in kinds(&found, self.report.findings) {
            self.kind(out, &kind, "changes of servers and security", usize::MAX);
        }
    }

    fn changes(&self, out: &mut String, severity: Severity) {
        let findings = self.report.findings;
        // Those to accept have a section of their own.
        let mut found = findings.with(severity);
        found.retain(|finding| !finding.change.rule.needs_acceptance);
        let own = findings.unexplained_with(severity);
        if found.is_empty() && own.is_empty() {
            return;
        }
        let (title, section, most) = match severity {
            Severity::Breaking => ("Breaking", "the breaking changes", self.lengths.breaking),
            _ => ("Additive", "the additive changes", self.lengths.additive),
        };
        let _ = writeln!(out, "\n## {title}\n");
        for kind in kinds(&found, findings) {
            self.kind(out, &kind, section, most);
        }
        self.unexplained(out, &own, section, most);
    }

    fn deprecations(&self, out: &mut String) {
        if self.report.deprecations.is_empty() {
            return;
        }
        out.push_str("\n## Deprecations\n\n");
        let all = self.report.deprecations;
        for found in self.shown("the deprecations", all, self.lengths.notes.max(20)) {
            let Deprecation { item, replacement, removal, days } = found;
            let _ = write!(out, "- {}", code(item));
            if let Some(replacement) = replacement {
                let _ = write!(out, ", use {}", code(replacement));
            }
            match (removal, days) {
                (Some(date), Some(days)) if *days < 0 => {
                    let date = code(date);
                    let _ = write!(out, ": **was to be removed on {date}, {}**", days_left(*days));
                }
                (Some(date), Some(days)) => {
                    let _ =
                        write!(out, ": will be removed on {}, {}", code(date), days_left(*days));
                }
                (Some(date), None) => {
                    let _ = write!(out, ": will be removed on {}, which is not a date", code(date));
                }
                (None, _) => out.push_str(": no removal date is announced"),
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
        let shown = self.shown("the lines of the generated surface", &lines, self.lengths.surface);
        if shown.is_empty() {
            return;
        }
        out.push_str("\n## Generated surface\n\n");
        let diff = block("diff", shown);
        match lines.len() {
            ..=MAX_OPEN_LINES => out.push_str(&diff),
            count => out.push_str(&folded(&plural(count, "line"), &diff)),
        }
    }

    fn texts(&self, out: &mut String) {
        let found = self.report.findings.with(Severity::Text);
        let found: Vec<_> =
            found.into_iter().filter(|found| !found.change.rule.needs_acceptance).collect();
        let respelled = self.report.findings.respelled.len();
        if found.is_empty() && respelled == 0 {
            return;
        }
        out.push_str("\n## Text\n\n");
        let mut list = String::new();
        for kind in kinds(&found, self.report.findings) {
            self.kind(&mut list, &kind, "the text changes", self.lengths.texts);
        }
        if !list.is_empty() {
            let title = format!("{} that no program notices", plural(found.len(), "change"));
            out.push_str(&folded(&title, &list));
        }
        if respelled > 0 {
            let blank = if list.is_empty() { "" } else { "\n" };
            let places = plural(respelled, "place");
            let _ =
                writeln!(out, "{blank}In {places}, the description says the same in other words.");
        }
    }

    fn new_notes(&self, out: &mut String) {
        let all = self.report.notes.len();
        let is_first = matches!(self.report.base, Base::Missing);
        let new: Vec<&Note> = match is_first {
            true => self.report.notes.iter().collect(),
            false => self.report.new_notes.to_vec(),
        };
        if new.is_empty() {
            return;
        }
        out.push_str("\n## New lossy steps of the lowering\n\n");
        let mut rules: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for note in &new {
            rules.entry((note.rule.name(), note.detail)).or_default().push(&note.source);
        }
        for ((rule, effect), places) in rules {
            let shown = self.shown("the lossy steps", &places, self.lengths.notes);
            let list: String = shown.iter().map(|place| format!("- {}\n", code(place))).collect();
            let title = format!("<code>{rule}</code>: {effect} ({})", places.len());
            out.push_str(&folded(&title, &list));
        }
        if all > new.len() {
            let _ = writeln!(out, "\n{} more were there before.", all - new.len());
        }
    }

    fn operations(&self, out: &mut String) {
        let new = self.report.new_operations();
        if new.is_empty() {
            return;
        }
        out.push_str("\n## New operations: what to decide\n\n");
        for operation in self.shown("the new operations", &new, self.lengths.notes.max(5)) {
            out.push_str(&operation.to_markdown());
        }
    }

    fn list(&self, out: &mut String, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n## {title}\n");
        for line in
            self.shown("the names of operations and actions", lines, self.lengths.notes.max(5))
        {
            let _ = writeln!(out, "- {}", code(&cut(line, 3 * MAX_VALUE)));
        }
    }

    fn changelog(&self, out: &mut String) {
        let entry = changelog::entry(self.report);
        if entry.is_empty() {
            return;
        }
        if !self.lengths.changelog {
            self.left_out.borrow_mut().insert("the CHANGELOG entry", 0);
            return;
        }
        out.push_str("\n## CHANGELOG entry\n\nFor \"API description\" under \"Unreleased\":\n\n");
        out.push_str(&block("markdown", &entry));
    }
}

/// A list or block of Markdown, folded under a summary of our own words.
fn folded(summary: &str, content: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{content}\n</details>\n")
}

/// A change as lines of a diff. A mark that comes or goes does not change the line itself.
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

//! The short report for a terminal. The stream that it is written to decides about colours.

use anstyle::{AnsiColor, Style};

use super::group::{ChangeKind, Entry, kinds};
use super::neutral::{cut, visible};
use super::{Base, Report};
use crate::diff::Severity;
use crate::surface::SurfaceChange;

const MAX_VALUE: usize = 80;

/// The most entries of a kind.
const MAX_ENTRIES: usize = 3;

impl Report<'_> {
    /// Renders the changes; nothing if there are none.
    pub(crate) fn to_terminal(&self) -> String {
        if !self.differs() {
            return String::new();
        }
        let new = short(&self.summary.version);
        let mut out = match self.base {
            Base::Known { version, .. } if *version != self.summary.version => {
                format!("{} -> {new}: {}", short(version), self.verdict_line(""))
            }
            _ => format!("{new}: {}", self.verdict_line("")),
        };
        if let Some((now, next)) = self.versions {
            out.push_str(&format!("; crate {now} -> {next}"));
        }
        out.push('\n');
        for warning in self.findings_warnings() {
            let style = AnsiColor::Yellow.on_default().bold();
            out.push_str(&line("warning", style, &visible(&warning)));
        }
        for severity in [Severity::Breaking, Severity::Additive] {
            let (name, style) = match severity {
                Severity::Breaking => ("breaking", AnsiColor::Red.on_default().bold()),
                _ => ("additive", AnsiColor::Green.on_default()),
            };
            for kind in kinds(&self.findings.with(severity), self.findings) {
                self.kind(&mut out, &kind, name, style);
            }
            for change in self.findings.unexplained_with(severity) {
                out.push_str(&line(name, style, &format!("{} {}", change.rule.id, item(change))));
            }
        }
        let texts = self.findings.count(Severity::Text);
        if texts > 0 {
            let what = format!("{texts} that no program notices");
            out.push_str(&line("text", Style::new().dimmed(), &what));
        }
        out
    }

    fn kind(&self, out: &mut String, kind: &ChangeKind, name: &str, style: Style) {
        let rule = kind.rule();
        if kind.is_separate() {
            for entry in &kind.entries {
                out.push_str(&line(name, style, &format!("{} {}", rule.id, fact(entry))));
                let (old, new) = entry.values(self.findings);
                if let Some(values) = values(old.as_deref(), new.as_deref()) {
                    out.push_str(&more(&values));
                }
                out.push_str(&more(&visible(&entry.consequence())));
            }
            return;
        }
        out.push_str(&line(name, style, &format!("{}, {} times", rule.id, kind.count())));
        for entry in kind.entries.iter().take(MAX_ENTRIES) {
            let (old, new) = entry.values(self.findings);
            let values = values(old.as_deref(), new.as_deref());
            let values = values.map(|values| format!(": {values}")).unwrap_or_default();
            out.push_str(&more(&format!("{}{values}", fact(entry))));
        }
        if kind.entries.len() > MAX_ENTRIES {
            out.push_str(&more(&format!("… and {} more", kind.entries.len() - MAX_ENTRIES)));
        }
        if let Some(consequence) = kind.common_consequence() {
            out.push_str(&more(&visible(&consequence)));
        }
    }
}

/// The item of an entry, and the operations that use it.
fn fact(entry: &Entry) -> String {
    let lead = entry.lead(&|name| short(name));
    match entry.operations().as_slice() {
        [] => lead,
        operations if operations.iter().all(|name| lead.contains(&short(name))) => lead,
        [one] => format!("{lead} ({})", short(one)),
        [first, rest @ ..] => format!("{lead} ({} and {} more)", short(first), rest.len()),
    }
}

fn line(name: &str, style: Style, what: &str) -> String {
    format!("{style}{name:<10}{style:#}{what}\n")
}

fn more(what: &str) -> String {
    format!("          {what}\n")
}

fn short(text: &str) -> String {
    cut(&visible(text), MAX_VALUE)
}

fn values(old: Option<&str>, new: Option<&str>) -> Option<String> {
    match (old, new) {
        (None, None) => None,
        (Some(old), None) => Some(format!("was {}", short(old))),
        (None, Some(new)) => Some(short(new)),
        (Some(old), Some(new)) => Some(format!("{} -> {}", short(old), short(new))),
    }
}

fn item(change: &SurfaceChange) -> String {
    values(change.old.as_deref(), change.new.as_deref()).unwrap_or_default()
}

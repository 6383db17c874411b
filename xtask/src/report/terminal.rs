//! The report in short, for a terminal. Whether it may have colours is decided by the stream that
//! it is written to.

use anstyle::{AnsiColor, Style};

use super::group::grouped;
use super::neutral::{cut, visible};
use super::{Base, Report};
use crate::diff::Severity;
use crate::surface::SurfaceChange;

const MAX_OF_VALUE: usize = 80;

impl Report<'_> {
    /// Renders the changes; nothing if there are none.
    pub(crate) fn to_terminal(&self) -> String {
        if !self.differs() {
            return String::new();
        }
        let new = short(&self.summary.version);
        let mut out = match self.base {
            Base::Known { version, .. } if *version != self.summary.version => {
                format!("{} -> {new}: {}", short(version), self.counts())
            }
            _ => format!("{new}: {}", self.counts()),
        };
        if let Some((now, next)) = self.versions {
            out.push_str(&format!("; crate {now} -> {next}"));
        }
        out.push('\n');
        for severity in [Severity::Breaking, Severity::Additive] {
            let (name, style) = match severity {
                Severity::Breaking => ("breaking", AnsiColor::Red.on_default().bold()),
                _ => ("additive", AnsiColor::Green.on_default()),
            };
            for group in grouped(&self.findings.with(severity)) {
                let change = &group.first.change;
                let operations = group.operations();
                let operations = match operations.as_slice() {
                    [] => String::new(),
                    [one] => format!(" ({})", short(one)),
                    [first, rest @ ..] => format!(" ({} and {} more)", short(first), rest.len()),
                };
                let place = short(&change.pointer);
                out.push_str(&line(
                    name,
                    style,
                    &format!("{} {place}{operations}", change.rule.id),
                ));
                if let Some(values) = values(change.old.as_deref(), change.new.as_deref()) {
                    out.push_str(&format!("          {values}\n"));
                }
                out.push_str(&format!("          {}\n", visible(&change.consequence)));
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
}

fn line(name: &str, style: Style, what: &str) -> String {
    format!("{style}{name:<10}{style:#}{what}\n")
}

fn short(text: &str) -> String {
    cut(&visible(text), MAX_OF_VALUE)
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

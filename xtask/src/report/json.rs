//! The report as JSON, for programs. CONTRIBUTING.md describes it.

use serde::Serialize;
use serde_json::{Value, json};

use super::findings::Finding;
use super::neutral::visible;
use super::{Base, Report, changelog};
use crate::diff::Severity;
use crate::surface::SurfaceChange;

/// Raised when a member is removed or changes its meaning; new members do not raise it.
const FORMAT: u32 = 2;

#[derive(Serialize)]
struct ChangeEntry<'a> {
    rule: &'a str,
    title: &'a str,
    severity: Severity,
    wire: Severity,
    /// The type or method that it is about, and the field, value or argument.
    owner: Option<String>,
    member: Option<String>,
    pointer: String,
    operations: Vec<String>,
    old: Option<String>,
    new: Option<String>,
    note: Option<String>,
    consequence: String,
    needs_acceptance: bool,
    /// Indices into `surface`.
    surface: &'a [usize],
}

#[derive(Serialize)]
struct SurfaceEntry<'a> {
    rule: &'a str,
    title: &'a str,
    severity: Severity,
    old: Option<String>,
    new: Option<String>,
    /// Whether a change of the description explains it.
    explained: bool,
}

impl Report<'_> {
    /// Renders the whole report.
    pub(crate) fn to_json(&self) -> Value {
        let base = match self.base {
            Base::Missing => Value::Null,
            Base::Known { name, version, problem } => json!({
                "name": visible(name),
                "version": visible(version),
                "problem": problem.as_deref().map(visible),
            }),
        };
        let findings = self.findings;
        let changes: Vec<_> = findings.changes.iter().map(change).collect();
        let surface = findings.surface.iter().enumerate();
        let surface: Vec<_> =
            surface.map(|(at, item)| line(item, !findings.unexplained.contains(&at))).collect();
        let texts = |list: &[String]| list.iter().map(|text| visible(text)).collect::<Vec<_>>();
        let deprecations = self
            .deprecations
            .iter()
            .map(|found| {
                json!({
                    "item": visible(&found.item),
                    "replacement": found.replacement.as_deref().map(visible),
                    "removal": found.removal.as_deref().map(visible),
                    "days": found.days,
                })
            })
            .collect::<Vec<_>>();
        let notes: Vec<_> = self
            .notes
            .iter()
            .map(|note| {
                json!({
                    "rule": note.rule.name(),
                    "kind": note.kind.name(),
                    "effect": note.detail,
                    "place": visible(&note.source),
                    "result": visible(&note.result),
                    "new": self.new_notes.contains(&note),
                })
            })
            .collect();
        json!({
            "format": FORMAT,
            "version": visible(&self.summary.version),
            "base": base,
            "operations": self.summary.operations,
            "unchanged_operations": findings.unchanged_operations(self.summary.operations),
            "schemas": self.summary.schemas,
            "severity": findings.severity(),
            "crate": self.versions.map(|(now, next)| json!({
                "version": now.to_string(),
                "proposed": next.to_string(),
            })),
            "warnings": texts(&self.all_warnings()),
            "changes": changes,
            "respelled": texts(&findings.respelled),
            "surface": surface,
            "deprecations": deprecations,
            "lossy": notes,
            "unmatched_actions": texts(self.unmatched),
            "unnamed_operations": texts(self.unnamed),
            "new_unnamed_operations": texts(&self.new_unnamed()),
            "new_operations":
                self.new_operations().iter().map(|found| found.to_json()).collect::<Vec<_>>(),
            "changelog": changelog::entry(self),
        })
    }
}

fn change(finding: &Finding) -> ChangeEntry<'_> {
    let change = &finding.change;
    ChangeEntry {
        rule: change.rule.id,
        title: change.rule.title,
        severity: finding.severity,
        wire: change.wire,
        owner: finding.item.owner.as_deref().map(visible),
        member: finding.item.member.as_deref().map(visible),
        pointer: visible(&change.pointer),
        operations: change.operations.iter().map(|id| visible(id)).collect(),
        old: change.old.as_deref().map(visible),
        new: change.new.as_deref().map(visible),
        note: change.note.as_deref().map(visible),
        consequence: visible(&change.consequence),
        needs_acceptance: change.rule.needs_acceptance,
        surface: &finding.surface,
    }
}

fn line(change: &SurfaceChange, explained: bool) -> SurfaceEntry<'_> {
    SurfaceEntry {
        rule: change.rule.id,
        title: change.rule.title,
        severity: change.severity,
        old: change.old.clone(),
        new: change.new.clone(),
        explained,
    }
}

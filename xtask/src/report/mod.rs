//! The report of an update: what changed, what breaks, and what a reviewer should know about the
//! stages. It is written as Markdown, for the terminal and as JSON.

mod changelog;
mod decisions;
mod findings;
mod group;
mod json;
mod lengths;
mod markdown;
mod neutral;
mod terminal;
#[cfg(test)]
mod tests;
mod version;

use chrono::NaiveDate;
use heck::ToUpperCamelCase as _;
use semver::Version;
use serde_json::Value;

use crate::diff::Severity;
use crate::removals::{announced_date, is_date_key};
pub(crate) use decisions::{Operation, operations};
pub(crate) use findings::Findings;
pub(crate) use neutral::visible;
use openapi_lowering::lower::Note;
use openapi_lowering::preflight::Summary;
pub(crate) use version::{compare as compare_versions, of_manifest, propose};

/// The description that the new one is compared with.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// There is none: the new one is the first.
    Missing,
    Known {
        /// Its origin, for the reader.
        name: String,
        version: String,
        /// Why only a part of it could be compared.
        problem: Option<String>,
    },
}

/// A deprecated operation, or a property with a removal date.
#[derive(Clone, Debug)]
pub(crate) struct Deprecation {
    /// The operation, or the property as `TestRun.status`.
    pub(crate) item: String,
    pub(crate) replacement: Option<String>,
    /// The announced removal date; as the description has it if it is not a date.
    pub(crate) removal: Option<String>,
    /// Days from today until then; negative if the date has passed, `None` if it is not a date.
    pub(crate) days: Option<i64>,
}

/// The facts of a report.
pub(crate) struct Report<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) base: &'a Base,
    pub(crate) findings: &'a Findings,
    /// Warnings, which come before everything else.
    pub(crate) warnings: &'a [String],
    /// The crate's version now and next.
    pub(crate) versions: Option<&'a (Version, Version)>,
    pub(crate) deprecations: &'a [Deprecation],
    /// Overlay actions that matched nothing.
    pub(crate) unmatched: &'a [String],
    /// Operations that the overlay does not name, each with its pointer.
    pub(crate) unnamed: &'a [String],
    /// All operations.
    pub(crate) operations: &'a [Operation],
    /// The lossy steps of the lowering.
    pub(crate) notes: &'a [Note],
    /// Those that the base did not have.
    pub(crate) new_notes: &'a [&'a Note],
}

impl Report<'_> {
    /// Whether anything changed.
    pub(crate) fn differs(&self) -> bool {
        self.findings.severity().is_some()
    }

    /// The changelog with the entry of this report added.
    pub(crate) fn in_changelog(&self, changelog: &str) -> String {
        changelog::insert(changelog, &changelog::entry(self))
    }

    /// The result in one line, with the worst severity between `mark`s.
    fn verdict_line(&self, mark: &str) -> String {
        let all = self.summary.operations;
        let unchanged = self.findings.unchanged_operations(all);
        let counts = self.counts();
        if unchanged == all {
            return format!("{} unchanged in structure: {counts}", plural(all, "operation"));
        }
        let name = match self.findings.severity() {
            Some(Severity::Breaking) => "Breaking",
            Some(Severity::Additive) => "Additive",
            Some(Severity::Text) | None => "Text only",
        };
        let of = format!("{unchanged} of {}", plural(all, "operation"));
        format!("{mark}{name}{mark}: {counts}; {of} unchanged in structure")
    }

    /// Warnings about single changes.
    fn findings_warnings(&self) -> Vec<String> {
        let warnings = self.findings.to_warn().map(|finding| {
            let rule = finding.change.rule;
            let item = finding.item.owner.as_deref().unwrap_or(&finding.change.pointer);
            let lead = match &finding.item.member {
                Some(member) => format!("`{member}` of `{item}`"),
                None => format!("`{item}`"),
            };
            format!("{lead}: {}. {}", rule.title, finding.change.consequence)
        });
        warnings.collect()
    }

    fn all_warnings(&self) -> Vec<String> {
        self.warnings.iter().cloned().chain(self.findings_warnings()).collect()
    }

    /// The operations without a name in the overlay that the base did not have.
    fn new_unnamed(&self) -> Vec<String> {
        let is_new = |unnamed: &&String| {
            let mut changes = self.findings.changes.iter().map(|finding| &finding.change);
            changes.any(|change| {
                let id = change.rule.id;
                (id.starts_with("operation-added") || id == "operation-moved")
                    && unnamed.ends_with(&format!(" at {}", change.pointer))
            })
        };
        match self.base {
            Base::Missing => self.unnamed.to_vec(),
            Base::Known { .. } => self.unnamed.iter().filter(is_new).cloned().collect(),
        }
    }

    /// "2 breaking, 1 additive, 3 text", without those that do not occur.
    fn counts(&self) -> String {
        let count = |severity, name| match self.findings.count(severity) {
            0 => None,
            count => Some(format!("{count} {name}")),
        };
        let counts = [
            count(Severity::Breaking, "breaking"),
            count(Severity::Additive, "additive"),
            count(Severity::Text, "text"),
        ];
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Finds the deprecated operations of a lowered description, and its deprecated properties with an
/// announced removal.
pub(crate) fn deprecations(document: &Value, today: NaiveDate) -> Vec<Deprecation> {
    let deprecation = |item: String, part: &Value| {
        let text = |key: &str| part.get(key).and_then(Value::as_str).map(str::to_owned);
        let date = announced_date(part);
        let members = part.as_object().into_iter().flatten();
        let mut other = members.filter(|(key, _)| is_date_key(key));
        let other = || other.next().and_then(|(_, value)| value.as_str()).map(str::to_owned);
        Deprecation {
            item,
            replacement: text("x-replacement"),
            removal: date.map(|date| date.to_string()).or_else(other),
            days: date.map(|date| (date - today).num_days()),
        }
    };
    let is_deprecated = |part: &Value| part["deprecated"] == true;
    let members = |part: &Value| part.as_object().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for item in members(&document["paths"]).values() {
        for operation in members(item).values().filter(|operation| is_deprecated(operation)) {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                found.push(deprecation(id.to_owned(), operation));
            }
        }
    }
    for (name, schema) in members(&document["components"]["schemas"]) {
        for (property, part) in members(&schema["properties"]) {
            if is_deprecated(&part) && announced_date(&part).is_some() {
                let item = format!("{}.{property}", name.to_upper_camel_case());
                found.push(deprecation(item, &part));
            }
        }
    }
    found.sort_by(|a, b| a.item.cmp(&b.item));
    found
}

/// A number of things: "1 operation", "2 operations".
fn plural(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// The days left until a removal.
fn days_left(days: i64) -> String {
    let unit = |count: i64| if count == 1 { "day" } else { "days" };
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {days} {}", unit(days)),
        _ => format!("{} {} ago", -days, unit(-days)),
    }
}

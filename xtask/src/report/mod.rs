//! The report of an update: what changed, what it breaks, and what the stages did that a reviewer
//! should know. One set of facts, written as Markdown, for the terminal and as JSON.

mod changelog;
mod findings;
mod group;
mod json;
mod markdown;
mod neutral;
mod terminal;
#[cfg(test)]
mod tests;
mod version;

use chrono::NaiveDate;
use semver::Version;
use serde_json::Value;

use crate::diff::Severity;
pub(crate) use findings::Findings;
pub(crate) use neutral::visible;
use openapi_lowering::lower::Note;
use openapi_lowering::preflight::Summary;
pub(crate) use version::{compare as compare_versions, of_manifest, propose};

/// What the new description is compared with.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// There is none: it is the first.
    Missing,
    Known {
        /// Where it comes from, for the reader.
        name: String,
        version: String,
        /// Why it could be compared only in part.
        problem: Option<String>,
    },
}

/// A deprecated operation.
#[derive(Clone, Debug)]
pub(crate) struct Deprecation {
    pub(crate) operation: String,
    pub(crate) replacement: Option<String>,
    /// The announced day of its removal, as the description gives it.
    pub(crate) removal: Option<String>,
    /// Days from today until then; negative when the day has passed, none when it is no date.
    pub(crate) days: Option<i64>,
}

/// What there is to report.
pub(crate) struct Report<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) base: &'a Base,
    pub(crate) findings: &'a Findings,
    /// What must be said aloud, before all else.
    pub(crate) warnings: &'a [String],
    /// The crate's version now and next.
    pub(crate) versions: Option<&'a (Version, Version)>,
    pub(crate) deprecations: &'a [Deprecation],
    /// Overlay actions that matched nothing.
    pub(crate) unmatched: &'a [String],
    /// Operations that the overlay does not name.
    pub(crate) unnamed: &'a [String],
    /// All that the lowering gives up.
    pub(crate) notes: &'a [Note],
    /// What it gives up that it did not give up of the base.
    pub(crate) new_notes: &'a [&'a Note],
}

impl Report<'_> {
    /// Whether anything changed that has a severity.
    pub(crate) fn differs(&self) -> bool {
        self.findings.severity().is_some()
    }

    /// The changelog with the entry of this report in it.
    pub(crate) fn in_changelog(&self, changelog: &str) -> String {
        changelog::insert(changelog, &changelog::entry(self, usize::MAX))
    }

    /// "2 breaking, 1 additive, 3 text", without those that are none.
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

/// Finds the deprecated operations of a lowered description.
pub(crate) fn deprecations(document: &Value, today: NaiveDate) -> Vec<Deprecation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let deprecated = operations.filter(|(_, operation)| operation["deprecated"] == true);
    let mut found: Vec<_> = deprecated
        .filter_map(|(_, operation)| {
            let text = |key: &str| operation.get(key).and_then(Value::as_str).map(str::to_owned);
            let removal = text("x-removal-date");
            let date = removal.as_deref().and_then(|text| text.parse::<NaiveDate>().ok());
            Some(Deprecation {
                operation: text("operationId")?,
                replacement: text("x-replacement"),
                removal,
                days: date.map(|date| (date - today).num_days()),
            })
        })
        .collect();
    found.sort_by(|a, b| a.operation.cmp(&b.operation));
    found
}

/// How many days are left to a removal.
fn days_left(days: i64) -> String {
    let unit = |count: i64| if count == 1 { "day" } else { "days" };
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {days} {}", unit(days)),
        _ => format!("{} {} ago", -days, unit(-days)),
    }
}

//! The report: what was checked, and what differs. No value from the account is in it.

mod markdown;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// What a check found of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All requests were answered as described.
    AsDescribed,
    /// Something differs.
    Differs,
    /// No request was sent.
    NotChecked,
}

/// The result for one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checked {
    /// The name of the operation.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its variables.
    pub path: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The number of requests.
    pub requests: u64,
    /// What could not be checked, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The differences.
    pub findings: Vec<Finding>,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// The version of the client.
    pub client: String,
    /// The version of the description.
    pub description: String,
    /// The day, such as `2026-06-30`.
    pub date: String,
    /// What was checked: the service, or a server at another address, which is not shown.
    pub service: String,
    /// The operations.
    pub operations: Vec<Checked>,
    /// What was made and could not be removed again, by the kind of resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

impl Report {
    /// Returns the number of differences.
    pub fn differences(&self) -> usize {
        self.operations.iter().map(|operation| operation.findings.len()).sum()
    }

    /// Returns all differences, each with its operation.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.operations.iter().flat_map(|checked| {
            checked.findings.iter().map(|finding| (checked.operation.as_str(), finding))
        })
    }

    /// Returns the report as JSON.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Returns the report as Markdown.
    pub fn to_markdown(&self) -> String {
        markdown::of(self)
    }
}

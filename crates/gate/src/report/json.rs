//! The report as JSON, for programs. `report.schema.json` in this package describes it.

use super::model::Report;

/// Returns the report as JSON on several lines. Numbers that are not finite become null.
///
/// # Errors
///
/// Fails only if a report is not representable, which none is.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(report)?;
    // In the log of a job, CI systems would read `##[...]` and `##vso[...]` as commands. Two of these
    // characters can only stand in a string.
    Ok(text.replace("##", "#\\u0023") + "\n")
}

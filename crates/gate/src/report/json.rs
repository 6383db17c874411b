//! JSON, for programs. `report.schema.json` in this package describes the report.

use std::fmt::Write as _;

use serde::Serialize;

use super::model::Report;

/// Returns the report as JSON on several lines. Numbers that are not finite become null.
///
/// # Errors
///
/// Fails only if a report is not representable, which none is.
pub fn render(report: &Report) -> Result<String, serde_json::Error> {
    document(report)
}

/// Returns a document that may stand in the log of a job.
pub(crate) fn document<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(value)?;
    let mut out = String::with_capacity(text.len() + 1);
    // Outside of strings, JSON has none of the characters that are escaped here.
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let is_command = matches!((last, c), ('#', '#') | (':', ':'))
            || crate::log_text::is_line_break(&text[at..]);
        if is_command || (c != '\n' && visible_text::is_hidden(c)) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
        last = c;
    }
    out.push('\n');
    Ok(out)
}

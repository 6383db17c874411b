//! Documents as bytes, and where they go.

use std::io::Write as _;
use std::path::Path;

use openapi_lowering::problem::Problem;
use serde_json::Value;

use crate::arguments::{Format, is_standard};
use crate::yaml;

/// Returns the document with a final newline.
pub(crate) fn render(document: &Value, format: Format) -> Result<Vec<u8>, Problem> {
    let rendered = match format {
        Format::Json => serde_json::to_string_pretty(document).map_err(|error| error.to_string()),
        Format::Yaml => Ok(yaml::to_string(document)),
    };
    let mut text = rendered.map_err(|error| {
        Problem::new("the result", error, "write it in the other format with --format")
    })?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text.into_bytes())
}

/// Writes to standard output, or replaces a file whose bytes differ.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if is_standard(path) {
        let mut output = std::io::stdout().lock();
        let written = output.write_all(bytes).and_then(|()| output.flush());
        return written.map_err(|error| {
            Problem::new("standard output", error.to_string(), "check what reads it")
        });
    }
    whole_file::write_if_changed(path, bytes).map(drop).map_err(|error| {
        let fix = "name a file in a folder that exists and is writable";
        Problem::new(path.display().to_string(), error.to_string(), fix)
    })
}

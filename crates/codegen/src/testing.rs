//! Compares generated code without regard to line breaks.

use serde_json::Value;

/// Generates the client of a document, for [`contains`].
pub(crate) fn code(document: &Value) -> String {
    squeezed(&crate::generate(&document.to_string()).expect("generates"))
}

/// Returns whether generated code contains this text. White space and trailing commas do not count.
pub(crate) fn contains(code: &str, text: &str) -> bool {
    code.contains(&squeezed(text))
}

fn squeezed(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.replace(",)", ")").replace(",>", ">").replace(",}", "}")
}

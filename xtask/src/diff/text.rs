//! Values and schemas in a few words.

use serde_json::Value;

/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 80;

/// A value as JSON, cut if it is long.
pub(super) fn rendered(value: &Value) -> String {
    match value {
        Value::String(text) => {
            cut(&Value::from(text.chars().take(2 * MAX_SHOWN).collect::<String>()).to_string())
        }
        _ => cut(&value.to_string()),
    }
}

pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A sentence as the second half of another.
pub(super) fn lower_first(sentence: &str) -> String {
    match sentence.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_lowercase()),
        None => sentence.to_owned(),
    }
}

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

/// How many characters before the first difference of two texts are shown.
const MAX_BEFORE: usize = 30;

/// Two texts from shortly before their first difference, so that both show it.
pub(super) fn where_they_differ(old: &str, new: &str) -> (String, String) {
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    let from = if same > MAX_SHOWN / 2 { same - MAX_BEFORE } else { 0 };
    let excerpt = |text: &str| {
        let rest: String = text.chars().skip(from).take(2 * MAX_SHOWN).collect();
        let rest = if from > 0 { format!("…{rest}") } else { rest };
        rendered(&Value::from(rest))
    };
    (excerpt(old), excerpt(new))
}

/// A sentence as the second half of another.
pub(super) fn lower_first(sentence: &str) -> String {
    match sentence.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_lowercase()),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::where_they_differ;

    #[test]
    fn both_texts_show_where_they_differ() {
        let same = "ä".repeat(100);
        let (old, new) = where_they_differ(&format!("{same}one"), &format!("{same}two"));
        let start = format!("\"…{}", "ä".repeat(30));
        assert_eq!((old, new), (format!("{start}one\""), format!("{start}two\"")));
        let (old, new) = where_they_differ("one", "one more");
        assert_eq!((&*old, &*new), ("\"one\"", "\"one more\""));
    }
}

//! Whether rows are sorted.

use std::cmp::Ordering;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

/// Whether rows are sorted by a field. How the service sorts strings is not known, so that upper and
/// lower case may be told apart or not. Rows without a value may be anywhere.
pub(crate) fn is_sorted(rows: &[Value], field: &str, descending: bool) -> bool {
    let values: Vec<&Value> =
        rows.iter().map(|row| &row[field]).filter(|value| !value.is_null()).collect();
    [compare as fn(&Value, &Value) -> Ordering, compare_folded].into_iter().any(|compare| {
        values.windows(2).all(|pair| {
            let order = compare(pair[0], pair[1]);
            let order = if descending { order.reverse() } else { order };
            order != Ordering::Greater
        })
    })
}

pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => match (time(a), time(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        },
        _ => Ordering::Equal,
    }
}

fn compare_folded(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) if time(a).is_none() => folded(a).cmp(&folded(b)),
        _ => compare(a, b),
    }
}

/// Letters and digits only, as the collations of databases compare them first.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(crate) fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::is_sorted;

    #[test]
    fn orders_of_numbers_times_and_strings_are_told() {
        let rows = |values: &[Value]| -> Vec<Value> {
            values.iter().map(|value| json!({ "a": value })).collect()
        };
        let numbers = rows(&[json!(2), json!(10), json!(null), json!(11)]);
        assert!(is_sorted(&numbers, "a", false));
        assert!(!is_sorted(&numbers, "a", true));
        let times = rows(&[json!("2026-01-01T01:00:00+02:00"), json!("2026-01-01T00:00:00Z")]);
        assert!(is_sorted(&times, "a", false));
        assert!(!is_sorted(&times, "a", true));
        for strings in [["B", "a"], ["a", "B"]] {
            assert!(is_sorted(&rows(&strings.map(Value::from)), "a", false), "{strings:?}");
        }
        assert!(!is_sorted(&rows(&[json!("b"), json!("a")]), "a", false));
    }
}

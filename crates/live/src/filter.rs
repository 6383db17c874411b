//! The filters of a list, from the names of its parameters and the rows that it has.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::order::compare;

/// A filter with a value that some row has.
#[derive(Debug)]
pub(crate) struct Filter {
    field: String,
    test: Test,
    /// The value of the parameter.
    pub(crate) value: String,
    /// The value as it may be shown.
    pub(crate) shown: &'static str,
}

#[derive(Debug)]
enum Test {
    Equal(Value),
    Contains(String),
    OneOf(Vec<Value>),
    From(Value),
    Before(Value),
}

impl Filter {
    /// Whether a row matches.
    pub(crate) fn matches(&self, row: &Value) -> bool {
        let value = &row[&self.field];
        match &self.test {
            Test::Equal(wanted) => value == wanted,
            Test::Contains(part) => value
                .as_str()
                .is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase())),
            Test::OneOf(wanted) => wanted.contains(value),
            Test::From(time) => compare(value, time) != Ordering::Less,
            Test::Before(time) => compare(value, time) == Ordering::Less,
        }
    }
}

/// Returns filters for a parameter: a property of the rows, or one with `_search`, `_in`, `_after` or
/// `_before` behind it.
pub(crate) fn of(parameter: &str, rows: &[Value]) -> Vec<Filter> {
    let values = |field: &str| -> Vec<&Value> {
        rows.iter().map(|row| &row[field]).filter(|value| !value.is_null()).collect()
    };
    let filter = |field: &str, test, value: String, shown| Filter {
        field: field.to_owned(),
        test,
        value,
        shown,
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let own = values(parameter);
    if let Some(first) = own.first() {
        if first.is_boolean() {
            return [true, false]
                .map(|flag| {
                    let shown = if flag { "true" } else { "false" };
                    filter(parameter, Test::Equal(json!(flag)), flag.to_string(), shown)
                })
                .into();
        }
        return vec![filter(parameter, Test::Equal((*first).clone()), text(first), "{string}")];
    }
    let mut filters = Vec::new();
    if let Some(field) = parameter.strip_suffix("_search") {
        if let Some(first) = values(field).first() {
            filters.push(filter(field, Test::Contains(text(first)), text(first), "{string}"));
        }
    } else if let Some(field) = parameter.strip_suffix("_in") {
        let some: Vec<Value> = values(field).into_iter().take(2).cloned().collect();
        if !some.is_empty() {
            let list: Vec<_> = some.iter().map(text).collect();
            filters.push(filter(field, Test::OneOf(some), list.join(","), "{ids}"));
        }
    } else if let Some(field) = parameter.strip_suffix("_after") {
        if let Some(time) = middle(&values(field)) {
            filters.push(filter(field, Test::From(time.clone()), text(time), "{time}"));
        }
    } else if let Some(field) = parameter.strip_suffix("_before")
        && let Some(time) = middle(&values(field))
    {
        filters.push(filter(field, Test::Before(time.clone()), text(time), "{time}"));
    }
    filters
}

fn middle<'a>(values: &[&'a Value]) -> Option<&'a Value> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| compare(a, b));
    sorted.get(sorted.len() / 2).copied()
}

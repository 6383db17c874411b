//! Tests of the comparison.

mod edits;
mod golden;
mod keywords;
mod oracle;
mod responses;
mod timing;
mod unions;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use serde_json::Value;

use super::{Change, Terms};
use openapi_lowering::overlay;
use openapi_lowering::parse::parse;

/// The vendored description, overlaid.
fn vendored() -> Value {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |name: &str| std::fs::read(openapi.join(name)).expect("a vendored file");
    let mut document = parse(&read("published.yaml"), "published.yaml").expect("it parses");
    let file = openapi.join("overlay.yaml");
    overlay::apply(&read("overlay.yaml"), &file, &mut document).expect("it applies");
    document
}

/// The day of the tests, unless a test names another.
const TODAY: &str = "2027-06-01";

/// Compares two documents on the day of the tests. No component has another name in Rust.
fn compare(old: &Value, new: &Value) -> Vec<Change> {
    compare_on(TODAY, old, new)
}

fn compare_on(today: &str, old: &Value, new: &Value) -> Vec<Change> {
    let today: NaiveDate = today.parse().expect("a date");
    super::compare(old, new, Terms { today, names: &BTreeMap::new() })
}

/// A change in one line, for messages.
fn line(change: &Change) -> String {
    let Change { rule, pointer, wire, old, new, .. } = change;
    format!("{} {wire:?} {pointer} {old:?} -> {new:?}", rule.id)
}

#[test]
fn vendored_description_equals_itself() {
    let document = vendored();
    assert!(compare(&document, &document.clone()).is_empty());
}

//! Tests of the comparison.

mod edits;
mod golden;
mod keywords;
mod oracle;
mod timing;

use std::path::Path;

use serde_json::Value;

use super::{Change, compare};
use openapi_lowering::overlay;
use openapi_lowering::parse::parse;

/// The vendored description, overlaid.
fn vendored() -> Value {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |name: &str| std::fs::read(openapi.join(name)).expect("it is vendored");
    let mut document = parse(&read("published.yaml"), "published.yaml").expect("it parses");
    let file = openapi.join("overlay.yaml");
    overlay::apply(&read("overlay.yaml"), &file, &mut document).expect("it applies");
    document
}

/// A change in one line, for messages.
fn line(change: &Change) -> String {
    let Change { rule, pointer, wire, old, new, .. } = change;
    format!("{} {wire:?} {pointer} {old:?} -> {new:?}", rule.id)
}

#[test]
fn vendored_description_is_no_different_from_itself() {
    let document = vendored();
    assert!(compare(&document, &document.clone()).is_empty());
}

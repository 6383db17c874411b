//! Tests of the comparison.

use std::path::Path;

use serde_json::Value;

use super::compare;
use crate::overlay;
use crate::parse::parse;

/// The vendored description, overlaid.
fn vendored() -> Value {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |name: &str| std::fs::read(openapi.join(name)).expect("it is vendored");
    let mut document = parse(&read("published.yaml"), "published.yaml").expect("it parses");
    let file = openapi.join("overlay.yaml");
    overlay::apply(&read("overlay.yaml"), &file, &mut document).expect("it applies");
    document
}

#[test]
fn vendored_description_is_no_different_from_itself() {
    let document = vendored();
    assert!(compare(&document, &document.clone()).is_empty());
}

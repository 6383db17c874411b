//! Every overlay is applied to the vendored description, or rejected.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use openapi_lowering::{overlay, parse};
use serde_json::Value;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    parse::parse(include_bytes!("../../openapi/published.yaml"), "published.yaml")
        .expect("the vendored description")
});

fuzz_target!(|data: &[u8]| {
    let mut document = DESCRIPTION.clone();
    let _ = overlay::apply(data, Path::new("overlay.yaml"), &mut document);
});

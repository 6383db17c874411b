//! Generates the client: `openapi/lowered.json` becomes `client.rs` in `OUT_DIR`.
//!
//! Where each step of the pipeline happens:
//!
//! - *published* to *lowered*: `cargo xtask update-spec`. The crate `openapi-lowering` reads the YAML
//!   (serde_yaml), applies the overlay and lowers OpenAPI 3.1 to 3.0.3 (read with openapiv3).
//! - *lowered* to *generated*: here, in the crate `k6-cloud-codegen`. It calls progenitor, reworks the
//!   syntax tree with syn and prints it with prettyplease.
//! - *generated* to the crate that you use: `src/`, by hand, on serde and reqwest.
//!
//! It reads one file, uses no network, and generates the same bytes for every user.

use std::path::Path;

fn main() {
    const LOWERED: &str = "openapi/lowered.json";
    println!("cargo::rerun-if-changed={LOWERED}");
    if let Err(error) = k6_cloud_codegen::generate_file(Path::new(LOWERED)) {
        println!("cargo::error={}", error.replace('\n', " "));
        std::process::exit(1);
    }
}

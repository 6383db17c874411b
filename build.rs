//! Puts the generated client into `OUT_DIR`, as `client.rs`.
//!
//! Where each step of the pipeline happens:
//!
//! - *published* to *lowered*: `cargo xtask update-spec`. The crate `openapi-lowering` reads the YAML
//!   (serde_yaml), applies the overlay and lowers OpenAPI 3.1 to 3.0.3 (read with openapiv3).
//! - *lowered* to *generated*: with the feature `generate`, here, in the crate `k6-cloud-codegen`. It
//!   calls progenitor, reworks the syntax tree with syn and prints it with prettyplease. The tests and
//!   examples of this repository are built so. Without the feature, users take
//!   `openapi/generated.rs`, the same bytes, and do not compile the generator.
//! - *generated* to the crate that you use: `src/`, by hand, on serde and reqwest.
//!
//! It reads one file, uses no network, and generates the same bytes for every user.

use std::path::Path;

#[cfg(feature = "generate")]
use k6_cloud_codegen::generate_file as write_client;

const INPUT: &str = match cfg!(feature = "generate") {
    true => "openapi/lowered.json",
    false => "openapi/generated.rs",
};

fn main() {
    println!("cargo::rerun-if-changed={INPUT}");
    if let Err(error) = write_client(Path::new(INPUT)) {
        println!("cargo::error={}", error.replace('\n', " "));
        std::process::exit(1);
    }
}

/// Copies the client that `cargo xtask update-spec` has generated.
#[cfg(not(feature = "generate"))]
fn write_client(generated: &Path) -> Result<(), String> {
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run by cargo")?;
    std::fs::copy(generated, Path::new(&folder).join("client.rs")).map(|_| ()).map_err(|error| {
        format!("cannot copy {}: {error}: run `cargo xtask update-spec`", generated.display())
    })
}

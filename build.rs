//! Generates the client from `openapi/lowered.json` with progenitor, in the crate `k6-cloud-codegen`, and
//! writes it to `client.rs` in `OUT_DIR`. Without the feature `generate`, `src/prebuilt.rs` stands for it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "generate")]
    {
        let lowered = "openapi/lowered.json";
        println!("cargo::rerun-if-changed={lowered}");
        if let Err(error) = k6_cloud_codegen::generate_file(lowered.as_ref()) {
            println!("cargo::error={error}");
        }
    }
}

//! The generated client, as `build.rs` leaves it in `OUT_DIR`.
//!
//! Everything generated comes in here, and only here are lints relaxed for it: its text comes
//! from the API's description, whose links and markup nobody in this repository can fix.
#![allow(clippy::all, clippy::unwrap_used, missing_docs, unreachable_pub, unused)]
// Users get the deprecation warnings; the generated code itself uses the deprecated items.
#![allow(deprecated)]
#![allow(mismatched_lifetime_syntaxes)]
#![allow(rustdoc::bare_urls, rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]
#![allow(rustdoc::invalid_codeblock_attributes, rustdoc::private_intra_doc_links)]

include!(concat!(env!("OUT_DIR"), "/client.rs"));

#[cfg(all(test, feature = "generate"))]
mod tests {
    /// The client that this build has generated is the one that users get.
    #[test]
    fn copy_is_what_the_build_generates() {
        let generated = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
        let copy = include_str!("../openapi/generated.rs");
        assert!(generated == copy, "openapi/generated.rs is stale: run `cargo xtask update-spec`");
    }
}
